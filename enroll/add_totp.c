/* Enrols an authenticator app. */
#include <string.h>

#include "../pam_mfa/core/base32.h"
#include "../pam_mfa/core/first.h"
#include "../pam_mfa/core/otpauth.h"
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/os.h"
#include "enroll.h"
#include "qr.h"

/* A factor on its way into the record. */
struct enrolment {
	const struct tool *t;
	struct factor factor;
	uint64_t next;	/* 0, or past the first code */
	bool recovery;	/* are there recovery codes? */
	struct factor old;	/* the app that was enrolled last before */
};

/* The options, before anything is asked. */
static int
parameters(const struct tool *t, struct otp_key *ret)
{
	const struct tool_options *opt = &t->opt;
	uint64_t digits = 6, period = 30;

	if (opt->digits && text_u64(opt->digits, 6, TOTP_DIGITS_MAX, &digits))
		return tool_refuse(t, TOOL_USAGE, "--digits is 6, 7 or 8");
	if (opt->period && text_u64(opt->period, 1, TOTP_PERIOD_MAX, &period))
		return tool_refuse(t, TOOL_USAGE, "--period is 1 to %d seconds",
		    TOTP_PERIOD_MAX);
	ret->digits = (unsigned)digits;
	ret->period = (unsigned)period;
	ret->hash = CRYPTO_SHA1;
	if (opt->algorithm && crypto_hash_named(opt->algorithm, &ret->hash))
		return tool_refuse(t, TOOL_USAGE,
		    "--algorithm is SHA1, SHA256 or SHA512");
	if (opt->secret_stdin && !t->root)
		return tool_refuse(t, TOOL_CONFIG, "--secret-stdin is for "
		    "root; without it the key is made here");
	return TOOL_OK;
}

/* --secret-stdin: the key comes from configuration management. */
static int
read_key(const struct tool *t, struct otp_key *ret)
{
	struct mfa_why why = { .language = t->language };
	struct buf line = { 0 };
	enum mfa_err r;
	int status = TOOL_OK;

	if ((r = tool_ask(t, "Key (base 32): ", false, &line)))
		status = tool_error(r, &why);
	else if ((r = base32_decode(buf_str(&line), ret->key, TOTP_KEY_MAX,
	    &ret->len)))
		status = tool_refuse(t, TOOL_NO, r == MFA_ERANGE ? "the key "
		    "has over %d bytes" : "the key is not base 32 (A-Z, 2-7)",
		    TOTP_KEY_MAX);
	else if (ret->len < TOTP_KEY_MIN)
		status = tool_refuse(t, TOOL_NO, "the key has %zu bits; at "
		    "least %d are needed (RFC 4226 4, R6)", ret->len * 8,
		    TOTP_KEY_MIN * 8);
	buf_wipe(&line);
	return status;
}

static enum mfa_err
make_uri(const struct tool *t, const struct person *p,
    const struct otp_key *key, struct buf *ret)
{
	char host[OS_HOST_MAX];

	return otpauth_for(key, t->conf.issuer, p->who.user,
	    os_hostname(host, sizeof(host)), ret);
}

/* The code comes last, so that all of it stands above the prompt. */
static int
show(const struct tool *t, const struct person *p, const struct otp_key *key)
{
	struct mfa_why why = { .language = t->language };
	struct buf uri = { 0 }, typed = { 0 }, qr = { 0 };
	enum mfa_err r;

	if ((r = make_uri(t, p, key, &uri)) ||
	    (r = otpauth_typed_key(key, &typed)) ||
	    (r = qr_render(buf_str(&uri), t->utf8, t->colour, &qr)))
		goto out;
	tool_say(t, "Scan this with the authenticator app, or type the key:\n"
	    "  %s\nor open on the phone:\n  %s", buf_str(&typed),
	    buf_str(&uri));
	/* Past stdio's buffer, which nobody wipes. */
	setvbuf(t->out, NULL, _IONBF, 0);
	fwrite(buf_str(&qr), 1, qr.len, t->out);
out:
	buf_wipe(&uri);
	buf_wipe(&typed);
	buf_wipe(&qr);
	return tool_error(r, &why);
}

/* Is it a code of now? *ret_next is then the step after it. */
static enum mfa_err
verify(const struct tool *t, const struct otp_key *key, const char *typed,
    uint64_t *ret_next)
{
	char hint[HINT_MAX];
	struct mfa_time now;
	enum mfa_err r;

	if ((r = t->clock.now(t->clock.ctx, &now)) || (r = first_app(t->crypto,
	    key, typed, now.real, ret_next)) || *ret_next > 0)
		return r;
	if (hint_offset(t, key, typed, now.real, 0, hint))
		tool_warn(t, "%s", hint);
	else
		tool_warn(t, "Wrong code. Is the phone's clock right? Is it "
		    "the account just added, not an older one? Was the code "
		    "still shown when you pressed Enter?");
	return MFA_OK;
}

/* Nothing exists before the first right code. */
static int
first_code(const struct tool *t, const struct otp_key *key, uint64_t *ret_next)
{
	struct mfa_why why = { .language = t->language };
	struct buf typed = { 0 };
	enum mfa_err r = MFA_OK;

	*ret_next = 0;
	for (int i = 0; i < ENROLL_TRIES && !r && *ret_next == 0; i++) {
		r = tool_ask(t, "Code that the app shows (empty: give up): ",
		    true, &typed);
		if (!r && typed.len == 0)
			break;
		if (!r)
			r = verify(t, key, buf_str(&typed), ret_next);
		buf_wipe(&typed);
	}
	buf_wipe(&typed);
	if (!r && *ret_next == 0)
		return tool_refuse(t, TOOL_ABORTED, "no right code; nothing "
		    "was changed. Delete the account from the app again.");
	return tool_error(r, &why);
}

/* Under the lock: the record may have changed while the person typed. */
static enum mfa_err
put(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct enrolment *e = ctx;
	enum mfa_err r;

	e->recovery = record_recovery(rec) < rec->n;
	for (size_t i = 0; i < rec->n; i++)
		if (rec->factor[i].kind == FACTOR_TOTP)
			e->old = rec->factor[i];
	add_language(e->t, rec);
	if ((r = record_label(rec, e->t->opt.label, say(e->t->language,
	    RECORD_APP), e->factor.label, why)) ||
	    (r = record_new(rec, &e->factor, e->t->crypto, why)))
		return r;
	if (e->next == 0)
		return MFA_OK;
	state_align(st, rec);
	st->factor[rec->n - 1].next = e->next;
	return MFA_OK;
}

static int
make_key(const struct tool *t, const struct person *p, struct enrolment *e)
{
	struct otp_key *key = &e->factor.otp;
	struct mfa_why why = { .language = t->language };
	enum mfa_err r;
	int status;

	key->len = TOTP_KEY_NEW;
	if ((r = crypto_random(t->crypto, key->key, key->len)))
		return tool_error(r, &why);
	if ((status = show(t, p, key)))
		return status;
	return first_code(t, key, &e->next);
}

static int
save(const struct person *p, struct enrolment *e)
{
	struct mfa_why why = { .language = e->t->language };
	struct mfa_time now;
	enum mfa_err r;

	if ((r = e->t->clock.now(e->t->clock.ctx, &now)))
		return tool_error(r, &why);
	e->factor.created = now.real;
	r = person_edit(p, put, e, &why);
	return tool_error(r, &why);
}

int
enroll_totp(const struct tool *t, const struct person *p)
{
	struct enrolment e = { .t = t, .factor.kind = FACTOR_TOTP };
	char shown[TOOL_SHOWN_MAX];
	int status;

	if ((status = parameters(t, &e.factor.otp)) ||
	    (status = person_dry(t, p, put, &e)) ||
	    (status = person_prove(t, p)) ||
	    (status = t->opt.secret_stdin ? read_key(t, &e.factor.otp) :
	    make_key(t, p, &e)) ||
	    (status = save(p, &e)))
		goto out;
	tool_say(t, "Added %s (%s) for %s.", e.factor.id,
	    tool_shown(shown, e.factor.label), p->who.user);
	if (*e.old.id != '\0')
		tool_say(t, "Does it take the place of %s (%s)? Then remove "
		    "that one: mfactl remove %s %s", e.old.id, tool_shown(shown,
		    e.old.label), e.old.id, p->who.user);
	person_log(t, p, "add", "factor=%s", e.factor.id);
	if (!e.recovery)
		tool_say(t, "Should the phone be lost, recovery codes help: "
		    "mfactl add recovery %s", p->who.user);
out:
	mfa_wipe(&e, sizeof(e));
	return status;
}

int
verb_add_totp(struct tool *t, int argc, char **argv)
{
	return person_with(t, argc > 0 ? argv[0] : NULL, PERSON_CHANGE,
	    enroll_totp);
}
