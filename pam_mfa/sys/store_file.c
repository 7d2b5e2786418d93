/* The store port over files, for one person. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include "../core/share.h"
#include "../core/text.h"
#include "file.h"
#include "root_dir.h"
#include "store_file.h"
#include "vault.h"

#define HOME_DIR ".mfa"
#define HOME_FILE "factors"
#define LOOKS 3		/* at a record that does not open */

/*
 * No state of unknown people is to be kept. They share a few: with one, who
 * floods it would see by their wait for the lock which names are unknown; with
 * one each, anybody could fill the disk.
 */
#define NOBODY "%unknown"	/* text_name_escape never writes this */
#define LEDGER "%sent"		/* nor this */
#define HOSTKEY "%key"

struct store_file {
	const struct mfa_conf *conf;
	const struct mfa_subject *who;		/* NULL: the host's own */
	char name[TEXT_NAME_MAX + 1];		/* escaped */
	char path[sizeof(((struct mfa_subject *)0)->home) + 8];
	struct file_dir factors, state;		/* fd -1: not open yet */
	int lock;				/* -1: not locked */
	struct vault vault;			/* of store = system */
	bool even;				/* store_file_even */
};

static const struct file_rule root_file = { .owner = 0, .mode = 0600,
    .max = STORE_FILE_MAX };
static const struct file_rule ledger_file = { .owner = 0, .mode = 0600,
    .max = BUF_MAX };

static bool
at_home(const struct store_file *s)
{
	return s->conf->store == CONF_STORE_HOME;
}

static void
become_oneself(const struct store_file *s)
{
	if (!at_home(s) || geteuid() != 0)
		return;
	setfsuid(geteuid());
	setfsgid(getegid());
}

/*
 * In a home only what its owner may do is done. setfsuid tells no error: -1 is
 * never a uid, and so asks which one it is.
 */
static enum mfa_err
become(const struct store_file *s, struct mfa_why *why)
{
	if (!at_home(s) || geteuid() != 0)
		return MFA_OK;
	setfsgid(s->who->gid);
	setfsuid(s->who->uid);
	if ((gid_t)setfsgid((gid_t)-1) == s->who->gid &&
	    (uid_t)setfsuid((uid_t)-1) == s->who->uid)
		return MFA_OK;
	become_oneself(s);
	return mfa_fail(why, MFA_EIO, "%s: cannot be read with the rights of "
	    "uid %u", s->who->home, s->who->uid);
}

static struct file_rule
factor_rule(const struct store_file *s)
{
	struct file_rule rule = root_file;

	if (at_home(s))
		rule.owner = s->who->uid;
	return rule;
}

static const char *
factor_name(const struct store_file *s)
{
	return at_home(s) ? HOME_FILE : s->name;
}

/*
 * The home must be there and the person's: an empty mount point is not
 * somebody without factors. "/." because a home may be a symbolic link.
 */
static enum mfa_err
open_home(struct store_file *s, bool make, struct mfa_why *why)
{
	const struct file_rule home_rule = { .owner = s->who->uid,
	    .mode = 02755 };
	const struct file_rule dir_rule = { .owner = s->who->uid,
	    .mode = 0700 };
	struct file_dir home;
	enum mfa_err r;

	snprintf(s->path, sizeof(s->path), "%s/.", s->who->home);
	if ((r = file_dir(s->path, &home_rule, &home, why)))
		return r == MFA_ENOENT ? MFA_EIO : r;
	if (make)
		r = file_mkdir(&home, HOME_DIR, why);
	close(home.fd);
	if (r)
		return r;
	snprintf(s->path, sizeof(s->path), "%s/" HOME_DIR, s->who->home);
	return file_dir(s->path, &dir_rule, &s->factors, why);
}

/* The directory of the factors, once. As become(). MFA_ENOENT: no ~/.mfa. */
static enum mfa_err
open_factors(struct store_file *s, bool make, struct mfa_why *why)
{
	if (s->factors.fd >= 0)
		return MFA_OK;
	if (at_home(s))
		return open_home(s, make, why);
	return root_dir_open(s->conf->users, &s->factors, why);
}

/* As they lie there. */
static enum mfa_err
raw_factors(struct store_file *s, struct buf *ret, struct mfa_why *why)
{
	struct file_rule rule = factor_rule(s);
	enum mfa_err r;

	/* Nobody's home is root's. */
	if (at_home(s) && !s->who->known)
		return MFA_ENOENT;
	if ((r = become(s, why)))
		return r;
	if (!(r = open_factors(s, false, why)))
		r = file_read(&s->factors, factor_name(s), &rule, ret, why);
	become_oneself(s);
	return r;
}

static enum mfa_err
open_once(struct store_file *s, struct buf *ret, struct mfa_why *why)
{
	enum mfa_err r;

	if ((r = raw_factors(s, ret, why)))
		return r;
	if (!at_home(s))
		r = vault_open(&s->vault, s->who->user, ret, why);
	else if (seal_any(ret))
		r = mfa_fail(why, MFA_ECRYPTO, "%s/" HOME_DIR "/" HOME_FILE
		    ": sealed, as store = home never is", s->who->home);
	if (r)
		buf_wipe(ret);
	return r;
}

/*
 * Without the lock, what was read may have been sealed anew before the keys
 * were: then they lack the older one, and another look finds what fits.
 */
static enum mfa_err
factors(void *ctx, struct buf *ret, struct mfa_why *why)
{
	struct store_file *s = ctx;
	enum mfa_err r = MFA_ECRYPTO;

	s->vault.opened = false;
	for (int look = 0; look < LOOKS && r == MFA_ECRYPTO; look++) {
		if (look > 0 && why != NULL)	/* of the one before */
			*why->text = '\0';
		r = open_once(s, ret, why);
	}
	if (s->even && !s->vault.opened)
		vault_even(&s->vault);
	return r;
}

static enum mfa_err
open_state(struct store_file *s, struct mfa_why *why)
{
	enum mfa_err r;

	if (s->state.fd >= 0)
		return MFA_OK;
	if ((r = root_dir_open(s->conf->state, &s->state, why)))
		return r;
	if (s->who != NULL && !s->who->known)
		snprintf(s->name, sizeof(s->name), "%s%02x", NOBODY,
		    share_of(s->who->user, s->state.inode));
	return MFA_OK;
}

enum mfa_err
store_file_peek(struct store_file *s, struct buf *ret, struct mfa_why *why)
{
	enum mfa_err r;

	if ((r = open_state(s, why)))
		return r;
	r = file_read(&s->state, s->name, s->who != NULL ? &root_file :
	    &ledger_file, ret, why);
	if (r != MFA_ENOENT)
		return r;
	/* None yet is no mistake to be told. */
	if (why != NULL)
		*why->text = '\0';
	return MFA_OK;
}

static void
end(void *ctx)
{
	struct store_file *s = ctx;

	if (s->lock >= 0)
		close(s->lock);
	s->lock = -1;
}

static enum mfa_err
begin(void *ctx, int wait_ms, struct buf *ret, struct mfa_why *why)
{
	struct store_file *s = ctx;
	char name[sizeof(".lock.") + TEXT_NAME_MAX];
	enum mfa_err r;

	if ((r = open_state(s, why)))
		return r;
	snprintf(name, sizeof(name), ".lock.%s", s->name);
	if ((r = file_lock(&s->state, name, &root_file, wait_ms, &s->lock,
	    why)))
		return r;
	if ((r = store_file_peek(s, ret, why)))
		end(s);
	return r;
}

static enum mfa_err
replace(const struct file_dir *dir, const char *name, const struct buf *text,
    struct mfa_why *why)
{
	char tmp[sizeof(".tmp.") + TEXT_NAME_MAX];
	const struct file_new new = { name, tmp, buf_str(text), text->len };

	snprintf(tmp, sizeof(tmp), ".tmp.%s", name);
	return file_replace(dir, &new, why);
}

static enum mfa_err
commit(void *ctx, const struct buf *text, struct mfa_why *why)
{
	struct store_file *s = ctx;

	return replace(&s->state, s->name, text, why);
}

static enum mfa_err
open_own(const struct mfa_conf *conf, const char *name,
    struct store_file **ret)
{
	struct store_file *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return MFA_ENOMEM;
	*s = (struct store_file){ .conf = conf, .factors.fd = -1,
	    .state.fd = -1, .lock = -1, .vault.conf = conf };
	snprintf(s->name, sizeof(s->name), "%s", name);
	*ret = s;
	return MFA_OK;
}

enum mfa_err
store_file_ledger(const struct mfa_conf *conf, struct store_file **ret)
{
	return open_own(conf, LEDGER, ret);
}

enum mfa_err
store_file_hostkey(const struct mfa_conf *conf, struct store_file **ret)
{
	return open_own(conf, HOSTKEY, ret);
}

enum mfa_err
store_file_open(const struct mfa_conf *conf, const struct mfa_subject *who,
    struct store_file **ret, struct mfa_why *why)
{
	struct store_file *s;
	enum mfa_err r;

	if ((r = open_own(conf, NOBODY, &s)))
		return r;
	s->who = who;
	if (who->known && text_name_escape(who->user, s->name)) {
		store_file_close(s);
		return mfa_fail(why, MFA_ERANGE, "the name %s cannot be a "
		    "file's", who->user);
	}
	*ret = s;
	return MFA_OK;
}

void
store_file_close(struct store_file *s)
{
	if (s == NULL)
		return;
	end(s);
	if (s->factors.fd >= 0)
		close(s->factors.fd);
	if (s->state.fd >= 0)
		close(s->state.fd);
	vault_free(&s->vault);
	free(s);
}

void
store_file_even(struct store_file *s)
{
	s->even = !at_home(s);
}

struct mfa_store
store_file_port(struct store_file *s)
{
	return (struct mfa_store){ .ctx = s, .factors = factors,
	    .begin = begin, .commit = commit, .end = end };
}

/* Nobody changes the keys from before they are read until it is written. */
static enum mfa_err
save_sealed(struct store_file *s, const struct buf *text, struct mfa_why *why)
{
	struct buf sealed = { 0 };
	enum mfa_err r;
	int lock;

	if ((r = vault_lock(s->conf, &lock, why)))
		return r;
	if (!(r = buf_put(&sealed, text->data, text->len)) &&
	    !(r = vault_seal(&s->vault, s->who->user, &sealed, why)))
		r = replace(&s->factors, s->name, &sealed, why);
	close(lock);
	buf_wipe(&sealed);
	return r;
}

enum mfa_err
store_file_save(struct store_file *s, const struct buf *text,
    struct mfa_why *why)
{
	enum mfa_err r;

	if (at_home(s) && geteuid() != s->who->uid)
		return mfa_fail(why, MFA_EPERM, "%s/" HOME_DIR ": only %s "
		    "writes there: run it as %s", s->who->home, s->who->user,
		    s->who->user);
	if ((r = open_factors(s, true, why)))
		return r;
	return at_home(s) || *s->conf->host_key == '\0' ?
	    replace(&s->factors, factor_name(s), text, why) :
	    save_sealed(s, text, why);
}

enum mfa_err
store_file_remove(struct store_file *s, struct mfa_why *why)
{
	enum mfa_err r;

	if ((r = become(s, why)))
		return r;
	if (!(r = open_factors(s, false, why)))
		r = file_remove(&s->factors, factor_name(s), why);
	become_oneself(s);
	return r;
}

enum mfa_err
store_file_seals(struct store_file *s, const struct keyring *ring,
    struct seal_count *ret, struct mfa_why *why)
{
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = raw_factors(s, &text, why)))
		r = seal_look(&text, ring, ret, why);
	buf_wipe(&text);
	return r;
}
