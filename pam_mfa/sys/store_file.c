/* The store port over files, for one person. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../core/share.h"
#include "../core/text.h"
#include "file.h"
#include "home_proc.h"
#include "root_dir.h"
#include "store_file.h"
#include "vault.h"

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
	struct file_dir factors, state;	/* fd -1: not open yet; not at home */
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

static enum mfa_err
in_home(const struct store_file *s, const char *what, struct buf *ret,
    struct mfa_why *why)
{
	const struct home_job job = { .program = s->conf->home_program,
	    .who = s->who, .what = what, .limit_ms = HOME_PROC_MS };

	return home_proc(&job, ret, why);
}

/* The directory of store = system, once. */
static enum mfa_err
open_factors(struct store_file *s, struct mfa_why *why)
{
	return s->factors.fd >= 0 ? MFA_OK :
	    root_dir_open(s->conf->users, &s->factors, why);
}

/* As they lie there. */
static enum mfa_err
raw_factors(struct store_file *s, struct buf *ret, struct mfa_why *why)
{
	enum mfa_err r;

	if (at_home(s))
		return in_home(s, HOME_PROC_READ, ret, why);
	if (!(r = open_factors(s, why)))
		r = file_read(&s->factors, s->name, &root_file, ret, why);
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

/* No state is no mistake to be told. */
static enum mfa_err
none_is_well(enum mfa_err r, struct mfa_why *why)
{
	if (r == MFA_ENOENT && why != NULL)
		*why->text = '\0';
	return r == MFA_ENOENT ? MFA_OK : r;
}

enum mfa_err
store_file_peek(struct store_file *s, struct buf *ret, struct mfa_why *why)
{
	enum mfa_err r;

	if ((r = open_state(s, why)))
		return r;
	return none_is_well(file_read(&s->state, s->name, s->who != NULL ?
	    &root_file : &ledger_file, ret, why), why);
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

	return text->len > 0 ? replace(&s->state, s->name, text, why) :
	    none_is_well(file_remove(&s->state, s->name, why), why);
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

	if (at_home(s))
		return geteuid() == s->who->uid ? home_write(s->who->home,
		    s->who->uid, text, why) : mfa_fail(why, MFA_EPERM,
		    "%s/" HOME_DIR ": only %s writes there: run it as %s",
		    s->who->home, s->who->user, s->who->user);
	if ((r = open_factors(s, why)))
		return r;
	return *s->conf->host_key == '\0' ?
	    replace(&s->factors, s->name, text, why) :
	    save_sealed(s, text, why);
}

enum mfa_err
store_file_remove(struct store_file *s, struct mfa_why *why)
{
	struct buf nothing = { 0 };
	enum mfa_err r;

	if (at_home(s))
		r = in_home(s, HOME_PROC_REMOVE, &nothing, why);
	else if (!(r = open_factors(s, why)))
		r = file_remove(&s->factors, s->name, why);
	buf_wipe(&nothing);
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
