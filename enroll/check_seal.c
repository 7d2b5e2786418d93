/* How the secrets of factors lie on the disk. */
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/sys/vault.h"
#include "check.h"

#define YEAR (365 * (int64_t)86400)

struct seals {
	const struct tool *t;
	const struct keyring *ring;	/* NULL: none */
	size_t plain, current, other;	/* people; one may be in each */
};

/* A record that cannot be read is told of elsewhere. */
static enum mfa_err
each(void *ctx, const char *user)
{
	struct mfa_subject who = { .known = true };
	struct seal_count n = { 0 };
	struct store_file *file;
	struct seals *s = ctx;

	snprintf(who.user, sizeof(who.user), "%s", user);
	if (store_file_open(&s->t->conf, &who, &file, NULL))
		return MFA_OK;
	if (!store_file_seals(file, s->ring, &n, NULL)) {
		s->plain += n.plain > 0;
		s->current += n.current > 0;
		s->other += n.other > 0;
	}
	store_file_close(file);
	return MFA_OK;
}

static const char *
are(size_t n)
{
	return n == 1 ? "person are" : "people are";
}

static void
tell(const struct seals *s, const struct host_key *key, int64_t now,
    struct findings *f)
{
	const char *where = s->t->conf.host_key;
	char made[TOOL_TIME_MAX];

	if (key != NULL)
		check_find(f, CHECK_OK, where, "", "key %s of %s; the secrets "
		    "of %zu %s sealed with it", key->id, tool_time(made,
		    key->created), s->current, are(s->current));
	if (s->plain > 0)
		check_find(f, CHECK_NOTE, s->t->conf.users, "mfactl rekey",
		    "the secrets of %zu %s not sealed: who has a copy of these "
		    "files can compute codes", s->plain, are(s->plain));
	if (key != NULL && s->other > 0)
		check_find(f, CHECK_NOTE, where, "mfactl rekey", "the secrets "
		    "of %zu %s sealed with an older key, or with one that is "
		    "lost", s->other, are(s->other));
	if (key != NULL && now - key->created > YEAR)
		check_find(f, CHECK_NOTE, where, "mfactl rekey", "the key is "
		    "older than a year");
}

void
check_seal(const struct tool *t, struct findings *f)
{
	const struct mfa_conf *conf = &t->conf;
	struct seals s = { .t = t };
	struct mfa_why why = { "" };
	struct mfa_time now = { 0 };
	struct keyring ring;
	enum mfa_err r;

	if (conf->store == CONF_STORE_HOME)
		return;
	r = vault_keys(conf, &ring, &why);
	if (r && r != MFA_ENOENT)
		check_find(f, CHECK_ERROR, conf->host_key, "", "no sealed "
		    "factor can be read, and none written: %s", why.text);
	if (!r)
		s.ring = &ring;
	if ((!r || r == MFA_ENOENT) &&
	    !store_file_each(conf, each, &s, NULL)) {
		(void)!t->clock.now(t->clock.ctx, &now);
		tell(&s, r ? NULL : keyring_current(&ring), now.real, f);
	}
	if (!r)
		mfa_wipe(&ring, sizeof(ring));
}
