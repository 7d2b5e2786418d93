/* The decision about one typed answer. */
#include <limits.h>
#include <string.h>

#include "limit.h"
#include "text.h"
#include "verify.h"
#include "verify_app.h"

#define JOINED_DIGITS_MIN 6
#define SPLITS_MAX (2 + TOTP_DIGITS_MAX - JOINED_DIGITS_MIN)

/* What the code was compared with, factor by factor. */
struct matches {
	bool found[RECORD_FACTORS_MAX];
	bool expired[RECORD_FACTORS_MAX];	/* of those found: too late */
	bool fresh[RECORD_FACTORS_MAX];		/* of those found */
	uint64_t step[RECORD_FACTORS_MAX];	/* recovery: which code */
	const struct sent_code *sent;	/* of a phone, if one was found */
	bool pass;
};

static size_t
trailing_digits(const char *s)
{
	size_t len = strlen(s), n = 0;

	while (n < len && text_is_digit(s[len - 1 - n]))
		n++;
	return n;
}

/* Only the shape with its three '-': 16 letters may well be a password. */
static bool
ends_in_recovery(const char *s)
{
	char canonical[RECOVERY_CHARS + 1];
	size_t len = strlen(s);
	const char *code = s + len - RECOVERY_SHOWN;
	bool is;

	if (len < RECOVERY_SHOWN || code[4] != '-' || code[9] != '-' ||
	    code[14] != '-')
		return false;
	is = recovery_canonical(code, canonical);
	mfa_wipe(canonical, sizeof(canonical));
	return is;
}

bool
verify_shape(const char *typed, bool joined)
{
	char otp[TOTP_DIGITS_MAX + 1], recovery[RECOVERY_CHARS + 1];
	bool is;

	if (joined)
		return trailing_digits(typed) >= JOINED_DIGITS_MIN ||
		    ends_in_recovery(typed);
	is = totp_canonical(typed, otp) || recovery_canonical(typed, recovery);
	mfa_wipe(otp, sizeof(otp));
	mfa_wipe(recovery, sizeof(recovery));
	return is;
}

static bool
digits_in_use(const struct record *rec, unsigned digits)
{
	for (size_t i = 0; i < rec->n; i++)
		if (factor_is_otp(rec->factor[i].kind) &&
		    rec->factor[i].otp.digits == digits)
			return true;
	return false;
}

/*
 * Where the code may begin in a joined answer. Returns how many places: none
 * only for what cannot be a code. Digits too few for the factors of this
 * person are compared as well, or the time would tell that they have some.
 */
static size_t
split(const struct record *rec, const char *joined, size_t at[SPLITS_MAX])
{
	size_t len = strlen(joined), trailing = trailing_digits(joined), n = 0;

	if (ends_in_recovery(joined))
		at[n++] = len - RECOVERY_SHOWN;
	for (unsigned d = TOTP_DIGITS_MAX; d >= JOINED_DIGITS_MIN; d--)
		if (trailing >= d && digits_in_use(rec, d))
			at[n++] = len - d;
	if (n == 0 && trailing >= JOINED_DIGITS_MIN)
		at[n++] = len - JOINED_DIGITS_MIN;
	return n;
}

static int
clamp(int64_t v, int max)
{
	return v > max ? max : v < -max ? -max : (int)v;
}

static enum mfa_err
compare_otp(const struct verify_input *in, const struct state *st,
    const char *code, struct matches *m)
{
	/* Nobody's key, so that a person without one costs the same. */
	static const struct otp_key nobody = { .len = TOTP_KEY_NEW,
	    .hash = CRYPTO_SHA1, .digits = 6, .period = 30 };
	const struct conf_login *rules = &in->rules->login;
	struct totp_window w;
	struct totp_match got;
	enum mfa_err r;
	bool any = false;

	for (size_t i = 0; i < in->record->n; i++) {
		const struct factor *f = &in->record->factor[i];
		const struct factor_state *fs = &st->factor[i];

		if (!factor_is_otp(f->kind))
			continue;
		any = true;
		totp_window_at(&f->otp, in->now->real,
		    clamp(fs->drift, (int)rules->drift_max), rules->window_back,
		    f->kind == FACTOR_HOTP ? rules->look_ahead :
		    rules->window_ahead, fs->next, &w);
		if ((r = totp_verify(in->crypto, &f->otp, code, &w, &got)))
			return r;
		m->found[i] = got.found;
		m->fresh[i] = got.fresh;
		m->step[i] = got.step;
	}
	if (any)
		return MFA_OK;
	totp_window_at(&nobody, in->now->real, 0, rules->window_back,
	    rules->window_ahead, 0, &w);
	return totp_verify(in->crypto, &nobody, code, &w, &got);
}

static enum mfa_err
compare_recovery(const struct verify_input *in, const struct state *st,
    const char *code, struct matches *m)
{
	enum mfa_err r;
	bool any = false;
	int index;

	for (size_t i = 0; i < in->record->n; i++) {
		const struct factor *f = &in->record->factor[i];

		if (f->kind != FACTOR_RECOVERY)
			continue;
		any = true;
		if ((r = recovery_find(in->crypto, &f->recovery, code, &index)))
			return r;
		if (index < 0)
			continue;
		m->found[i] = true;
		m->fresh[i] = !(st->factor[i].used >> index & 1);
		m->step[i] = (uint64_t)index;
	}
	return any ? MFA_OK : recovery_dummy(in->crypto, code);
}

/* Also without a pass, so that it takes the same time. */
static enum mfa_err
compare_pass(const struct verify_input *in, const struct state *st,
    const char *code, struct matches *m)
{
	static const struct recovery_one none = {
	    .iterations = RECOVERY_ITERATIONS };
	bool is_one = st->pass.lasts > 0 && st->pass.code.iterations > 0, right;
	enum mfa_err r;

	if (!(r = recovery_one_is(in->crypto, is_one ? &st->pass.code : &none,
	    code, &right)))
		m->pass = right && is_one;
	return r;
}

/* A code that was sent; nobody's for people without one, at the same cost. */
static enum mfa_err
compare_sent(const struct verify_input *in, const struct sent_code *sent,
    const char *code, struct matches *m)
{
	static const struct factor nobody = { .id = "" };
	const struct factor *f = record_by_id(in->record, sent->factor);
	uint8_t mac[OTC_MAC];
	enum mfa_err r;
	size_t i;

	if (f == NULL || f->kind != FACTOR_PHONE)
		f = &nobody;
	if ((r = otc_mac(in->crypto, f->phone.key, in->door, code, mac)))
		return r;
	if (crypto_equal(mac, sent->mac, sizeof(mac)) && f != &nobody &&
	    sent->wrong < OTC_TRIES) {
		i = (size_t)(f - in->record->factor);
		m->found[i] = true;
		m->expired[i] = !state_code_recent(sent, in->now);
		m->fresh[i] = !m->expired[i] && !sent->used;
		m->sent = sent;
	}
	mfa_wipe(mac, sizeof(mac));
	return MFA_OK;
}

static enum mfa_err
compare(const struct verify_input *in, const struct state *st,
    const char *typed, struct matches *ret)
{
	char otp[TOTP_DIGITS_MAX + 1], recovery[RECOVERY_CHARS + 1];
	enum mfa_err r = MFA_OK;

	memset(ret, 0, sizeof(*ret));
	if (totp_canonical(typed, otp)) {
		if (!(r = compare_otp(in, st, otp, ret)) &&
		    !(r = compare_sent(in, &st->before, otp, ret)))
			r = compare_sent(in, &st->code, otp, ret);
	} else if (recovery_canonical(typed, recovery)) {
		if (!(r = compare_recovery(in, st, recovery, ret)))
			r = compare_pass(in, st, recovery, ret);
	}
	mfa_wipe(otp, sizeof(otp));
	mfa_wipe(recovery, sizeof(recovery));
	return r;
}

/* Moves the high-water mark of a factor that was answered. */
static void
spend(const struct verify_input *in, const struct factor *f, uint64_t step,
    struct factor_state *fs)
{
	fs->used_at = in->now->real;
	if (f->kind == FACTOR_RECOVERY) {
		fs->used |= UINT32_C(1) << step;
		return;
	}
	if (!factor_is_otp(f->kind))
		return;
	fs->next = step + 1;
	if (f->kind == FACTOR_TOTP)
		fs->drift = clamp((int64_t)step -
		    in->now->real / (int64_t)f->otp.period,
		    (int)in->rules->login.drift_max);
}

static enum sending_kind
way_of(const struct matches *m)
{
	return m->sent != NULL ? m->sent->way : SENDING_SMS;
}

/* What the match of one factor comes to. */
static enum verify_outcome
outcome_of(const struct verify_input *in, const struct matches *m, size_t i)
{
	if (!m->found[i])
		return VERIFY_WRONG;
	if (m->expired[i])
		return VERIFY_EXPIRED;
	if (!m->fresh[i])
		return VERIFY_USED;
	return !in->rules->shut && method_in(in->rules->login.methods,
	    factor_method(in->record->factor[i].kind, way_of(m))) ?
	    VERIFY_RIGHT : VERIFY_NOT_HERE;
}

/*
 * A code that some factor has seen before is refused even if another factor
 * would take it: the same key may be enrolled twice.
 */
static void
judge(const struct verify_input *in, const struct state *st,
    const struct matches *m, struct verify_result *res)
{
	static const unsigned char weight[] = { [VERIFY_WRONG] = 0,
	    [VERIFY_EXPIRED] = 1, [VERIFY_NOT_HERE] = 2, [VERIFY_RIGHT] = 3,
	    [VERIFY_USED] = 4 };

	res->outcome = VERIFY_WRONG;
	for (size_t i = 0; i < in->record->n; i++) {
		const struct factor *f = &in->record->factor[i];
		enum verify_outcome one = outcome_of(in, m, i);

		if (weight[one] <= weight[res->outcome])
			continue;
		res->outcome = one;
		memcpy(res->factor, f->id, sizeof(res->factor));
		res->kind = f->kind;
	}
	if (res->outcome != VERIFY_WRONG || !m->pass)
		return;
	res->pass = true;
	res->kind = FACTOR_RECOVERY;
	res->outcome = !state_pass_open(&st->pass, in->now) ? VERIFY_EXPIRED :
	    !in->rules->shut &&
	    method_in(in->rules->login.methods, METHOD_RECOVERY) ?
	    VERIFY_RIGHT : VERIFY_NOT_HERE;
}

/* A wrong answer is one against the person and against a code under way. */
static void
charge(const struct verify_input *in, struct state *st,
    struct verify_result *res)
{
	limit_charge(st, in->now);
	if (state_code_open(&st->code, in->now))
		res->tried_out = ++st->code.wrong == OTC_TRIES;
	if (state_code_open(&st->before, in->now))
		st->before.wrong++;
}

static void
settle(const struct verify_input *in, const struct matches *m,
    struct state *st, struct verify_result *res)
{
	if (res->outcome == VERIFY_WRONG)
		charge(in, st, res);
	if (res->outcome != VERIFY_RIGHT)
		return;
	limit_clear(st);
	state_end_codes(st, m->sent);
	res->reset_at = state_tell_reset(st, record_opens(in->record, false));
	if (res->pass)
		st->pass = (struct pass){ 0 };
	for (size_t i = 0; i < in->record->n; i++) {
		if (!m->found[i])
			continue;
		spend(in, &in->record->factor[i], m->step[i], &st->factor[i]);
		if (in->record->factor[i].kind == FACTOR_RECOVERY)
			res->remaining = recovery_left(st->factor[i].used);
	}
}

/* Every place is compared, so that the time tells nothing. */
static enum mfa_err
evaluate(const struct verify_input *in, struct state *st,
    struct verify_result *res)
{
	size_t at[SPLITS_MAX] = { 0 }, n = 1;
	struct matches m, best;
	enum mfa_err r;

	memset(&best, 0, sizeof(best));
	if (in->joined)
		n = split(in->record, in->typed, at);
	res->at = n ? at[0] : strlen(in->typed);
	for (size_t i = 0; i < n; i++) {
		struct verify_result one = { .at = at[i] };

		if ((r = compare(in, st, in->typed + at[i], &m)))
			return r;
		judge(in, st, &m, &one);
		if (one.outcome != VERIFY_WRONG &&
		    res->outcome == VERIFY_WRONG) {
			*res = one;
			best = m;
		}
	}
	res->way = way_of(&best);
	settle(in, &best, st, res);
	return MFA_OK;
}

enum mfa_err
verify_answer(const struct verify_input *in, struct state *state,
    struct verify_result *ret)
{
	const struct conf_limit *conf = &in->rules->limit;
	bool app = in->rules->login.app_passwords;
	struct verify_result res = { .outcome = VERIFY_WRONG };
	enum limit_verdict limit;
	struct state tried;
	uint64_t wait = 0;
	enum mfa_err r;

	/* Who had no factors when they came may have some by now. */
	if (in->record->n > 0)
		state_align(state, in->record);
	tried = *state;
	limit = app ? limit_check_app(conf, &state->app, in->now, &wait) :
	    limit_check(conf, state, in->now, &wait);
	if ((r = app ? verify_app(in, &tried, &res) :
	    evaluate(in, &tried, &res)))
		return r;
	if (limit == LIMIT_GO)
		*state = tried;
	else	/* nothing of the comparison remains */
		res = (struct verify_result){ .outcome = limit == LIMIT_WAIT ?
		    VERIFY_WAIT : VERIFY_LOCKED, .wait = wait };
	res.failures = app ? state->app.n : state->failures;
	*ret = res;
	return MFA_OK;
}
