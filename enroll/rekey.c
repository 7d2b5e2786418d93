/*
 * A new key for the host, and every record sealed with it. What MUST hold: at
 * any moment each record on the disk opens with the keys on the disk. So the
 * new key is there, beside the old, before a record is sealed with it; and the
 * old ones go last, if no record was left behind.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/vault.h"
#include "person.h"

struct rekey {
	const struct tool *t;
	struct keyring ring, old;	/* now, and before */
	size_t sealed, left;		/* people */
};

/* Adds a key to what is there; *ret_new: false, if only a first is wanted. */
static enum mfa_err
add_locked(struct rekey *k, int64_t now, bool *ret_new, struct mfa_why *why)
{
	const struct mfa_conf *conf = &k->t->conf;
	enum mfa_err r = vault_keys(conf, &k->old, why);

	if (r && r != MFA_ENOENT)
		return r;
	*ret_new = r == MFA_ENOENT || !k->t->opt.first;
	k->ring = k->old;
	if (!*ret_new)
		return MFA_OK;
	if ((r = keyring_add(&k->ring, k->t->crypto, now)))
		return r == MFA_ERANGE ? mfa_fail(why, r, "%s: %d keys, and "
		    "no room for another: a record that does not open keeps "
		    "them; see: mfactl check", conf->host_key, KEYRING_MAX) :
		    r;
	return vault_replace(conf, &k->ring, why);
}

static enum mfa_err
drop_locked(struct rekey *k, struct mfa_why *why)
{
	enum mfa_err r;

	/* Another rekey may have added one meanwhile. */
	if ((r = vault_keys(&k->t->conf, &k->ring, why)))
		return r;
	keyring_drop(&k->ring, &k->old);
	return vault_replace(&k->t->conf, &k->ring, why);
}

static enum mfa_err
add(struct rekey *k, bool *ret_new, struct mfa_why *why)
{
	struct mfa_time now;
	enum mfa_err r;
	int lock;

	if ((r = k->t->clock.now(k->t->clock.ctx, &now)) ||
	    (r = vault_lock(&k->t->conf, &lock, why)))
		return r;
	r = add_locked(k, now.real, ret_new, why);
	close(lock);
	return r;
}

static enum mfa_err
drop(struct rekey *k, struct mfa_why *why)
{
	enum mfa_err r;
	int lock;

	if ((r = vault_lock(&k->t->conf, &lock, why)))
		return r;
	r = drop_locked(k, why);
	close(lock);
	return r;
}

/* The person is locked. What is no record is not touched. */
static enum mfa_err
seal_locked(struct rekey *k, const struct person *p, struct mfa_why *why)
{
	struct seal_count have;
	struct record rec = { 0 };
	struct buf text = { 0 };
	enum mfa_err r;

	if ((r = store_file_seals(p->file, &k->ring, &have, why)) ||
	    (r = person_text(p, &text, why)) ||
	    (r = record_parse(buf_str(&text), text.len, &rec, why)))
		goto out;
	if (have.plain + have.other > 0 &&
	    !(r = p->save(p->ctx, &text, why)))
		k->sealed++;
out:
	record_free(&rec);
	buf_wipe(&text);
	return r;
}

static enum mfa_err
seal_person(struct rekey *k, struct person *p, struct mfa_why *why)
{
	struct buf state = { 0 };
	enum mfa_err r;

	if ((r = person_attach(k->t, p, why)))
		return r;
	r = p->store.begin(p->store.ctx, PERSON_LOCK_MS, &state, why);
	buf_wipe(&state);
	if (!r) {
		r = seal_locked(k, p, why);
		p->store.end(p->store.ctx);
	}
	person_close(p);
	return r;
}

/* Whose record cannot be sealed is told of, and the rest goes on. */
static enum mfa_err
each(void *ctx, const char *user)
{
	struct person p = { .who.known = true };
	struct mfa_why why = { "" };
	struct rekey *k = ctx;
	enum mfa_err r;

	snprintf(p.who.user, sizeof(p.who.user), "%s", user);
	r = seal_person(k, &p, &why);
	if (r && r != MFA_ENOENT) {	/* none any more: a reset was quicker */
		(void)!tool_fail(TOOL_OK, "%s is left as it was: %s", user,
		    *why.text ? why.text : mfa_strerror(r));
		k->left++;
	}
	return MFA_OK;
}

static int
finish(struct rekey *k)
{
	const struct tool *t = k->t;
	struct mfa_why why = { "" };
	enum mfa_err r;

	tool_log(t, "event=rekey key=%s sealed=%zu left=%zu", k->ring.current,
	    k->sealed, k->left);
	fprintf(t->out, "%s: key %s; the secrets of %zu %s sealed with it.\n",
	    t->conf.host_key, k->ring.current, k->sealed,
	    k->sealed == 1 ? "person are" : "people are");
	if (k->left > 0)
		return tool_fail(TOOL_NO, "%zu left as they were, so no older "
		    "key is dropped; mend these, and run: mfactl rekey",
		    k->left);
	if (k->old.n > 0 && (r = drop(k, &why)))
		return tool_error(r, &why);
	fputs("Keep a copy of that file, apart from the copies of the factors: "
	    "one is of no use\nwithout the other.\n", t->out);
	return TOOL_OK;
}

static int
rekey(struct rekey *k)
{
	const struct mfa_conf *conf = &k->t->conf;
	struct mfa_why why = { "" };
	bool new = false;
	enum mfa_err r;

	if (conf->store == CONF_STORE_HOME)
		return tool_fail(TOOL_CONFIG, "store = home: people's own "
		    "files are not sealed, for they could not open them");
	if ((r = add(k, &new, &why)))
		return tool_error(r, &why);
	if (!new) {
		fprintf(k->t->out, "%s is there already.\n", conf->host_key);
		return TOOL_OK;
	}
	if ((r = store_file_each(conf, each, k, &why)))
		return tool_error(r, &why);
	return finish(k);
}

int
verb_rekey(struct tool *t, int argc, char **argv)
{
	struct rekey *k = calloc(1, sizeof(*k));
	int status;

	(void)argc;
	(void)argv;
	if (k == NULL)
		return tool_fail(TOOL_SYSTEM, "no memory");
	k->t = t;
	status = rekey(k);
	mfa_wipe(k, sizeof(*k));
	free(k);
	return status;
}
