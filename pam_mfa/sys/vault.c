/* The host's keys, and what is sealed with them. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../core/seal.h"
#include "file.h"
#include "root_dir.h"
#include "vault.h"

#define LOCK ".lock.%keys"	/* no name is escaped to that */
#define TMP ".tmp.%keys"
#define FILE_MAX (16 * 1024)	/* bytes of the keys */

static const struct file_rule key_rule = { .owner = 0, .mode = 0600,
    .max = FILE_MAX };

void
vault_free(struct vault *v)
{
	crypto_free(v->crypto);
	v->crypto = NULL;
}

enum mfa_err
vault_lock(const struct mfa_conf *conf, int *ret_fd, struct mfa_why *why)
{
	const struct file_rule rule = { .owner = 0, .mode = 0600 };
	struct file_dir dir;
	enum mfa_err r;

	if ((r = root_dir_open(conf->state, &dir, why)))
		return r;
	r = file_lock(&dir, LOCK, &rule, VAULT_LOCK_MS, ret_fd, why);
	close(dir.fd);
	return r;
}

enum mfa_err
vault_keys(const struct mfa_conf *conf, struct keyring *ret,
    struct mfa_why *why)
{
	const struct file_dir root = { AT_FDCWD, "" };
	struct mfa_why mine = { "" };
	struct buf text = { 0 };
	enum mfa_err r;

	if (*conf->host_key == '\0')
		return mfa_fail(why, MFA_ENOENT, "host_key is empty");
	if ((r = file_above(conf->host_key, why)))
		return r;
	if (!(r = file_read(&root, conf->host_key, &key_rule, &text, why)) &&
	    (r = keyring_parse(buf_str(&text), text.len, ret, &mine)))
		mfa_fail(why, r, "%s: %s", conf->host_key, mine.text);
	buf_wipe(&text);
	return r;
}

/* Its directory is the administrator's, as that of the configuration. */
static enum mfa_err
open_dir(const char *path, char dir[static CONF_PATH_MAX],
    struct file_dir *ret, struct mfa_why *why)
{
	const struct file_rule rule = { .owner = 0, .mode = 0755 };
	const char *slash = strrchr(path, '/');
	enum mfa_err r;

	if (slash == NULL)
		return mfa_fail(why, MFA_ERANGE, "host_key is empty");
	snprintf(dir, CONF_PATH_MAX, "%.*s", slash == path ? 1 :
	    (int)(slash - path), path);
	if (!(r = file_above(path, why)))
		r = file_dir(dir, &rule, ret, why);
	return r == MFA_ENOENT ? MFA_EIO : r;
}

enum mfa_err
vault_replace(const struct mfa_conf *conf, const struct keyring *ring,
    struct mfa_why *why)
{
	struct file_new new = { .tmp = TMP };
	struct buf text = { 0 };
	char path[CONF_PATH_MAX];
	struct file_dir dir = { -1, "" };
	enum mfa_err r;

	if ((r = open_dir(conf->host_key, path, &dir, why)))
		return r;
	if (!(r = keyring_format(ring, &text))) {
		new.name = strrchr(conf->host_key, '/') + 1;
		new.bytes = text.data;
		new.len = text.len;
		r = file_replace(&dir, &new, why);
	}
	close(dir.fd);
	buf_wipe(&text);
	return r;
}

/* A context of OpenSSL's, for as long as the vault is there. */
static enum mfa_err
need_crypto(struct vault *v, struct mfa_why *why)
{
	return v->crypto != NULL ? MFA_OK :
	    crypto_new(v->conf->openssl_config, &v->crypto, why);
}

typedef enum mfa_err change_fn(const struct seal_scope *, const struct buf *,
    struct buf *, struct mfa_why *);

static enum mfa_err
change(struct vault *v, struct seal_scope *in, change_fn *fn, struct buf *text,
    struct mfa_why *why)
{
	struct buf changed = { 0 };
	enum mfa_err r;

	if ((r = need_crypto(v, why)))
		return r;
	in->crypto = v->crypto;
	in->file = v->conf->host_key;
	if ((r = fn(in, text, &changed, why))) {
		buf_wipe(&changed);
		return r;
	}
	buf_wipe(text);
	*text = changed;
	return MFA_OK;
}

enum mfa_err
vault_open(struct vault *v, const char *user, struct buf *text,
    struct mfa_why *why)
{
	struct seal_scope in = { .user = user };
	struct keyring ring;
	enum mfa_err r;

	if (!seal_any(text))
		return MFA_OK;
	v->opened = true;
	r = vault_keys(v->conf, &ring, why);
	if (r && r != MFA_ENOENT)
		return r;
	in.ring = r ? NULL : &ring;
	r = change(v, &in, seal_open_record, text, why);
	if (in.ring != NULL)
		mfa_wipe(&ring, sizeof(ring));
	return r;
}

/* As long as the envelope of an app's key. */
#define ENVELOPE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

void
vault_even(struct vault *v)
{
	struct seal_scope in = { .user = "" };
	struct buf text = { 0 };
	struct keyring ring;

	if (vault_keys(v->conf, &ring, NULL))
		return;
	in.ring = &ring;
	if (!buf_printf(&text, "[factor a]\nsecret = sealed:%s:" ENVELOPE "\n",
	    ring.current))
		(void)!change(v, &in, seal_open_record, &text, NULL);
	mfa_wipe(&ring, sizeof(ring));
	buf_wipe(&text);
}

enum mfa_err
vault_seal(struct vault *v, const char *user, struct buf *text,
    struct mfa_why *why)
{
	struct seal_scope in = { .user = user };
	struct keyring ring;
	enum mfa_err r;

	if ((r = vault_keys(v->conf, &ring, why))) {
		if (r == MFA_ENOENT && why != NULL)
			*why->text = '\0';	/* no mistake */
		return r == MFA_ENOENT ? MFA_OK : r;
	}
	in.ring = &ring;
	r = change(v, &in, seal_record, text, why);
	mfa_wipe(&ring, sizeof(ring));
	return r;
}
