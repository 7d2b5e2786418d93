/* One answer, evaluated under the lock and made durable. */
#include <string.h>

#include "../core/limit.h"
#include "../core/method.h"
#include "../core/text.h"
#include "attempt.h"

enum mfa_err
attempt_factors(const struct mfa_store *store, struct record *ret,
    struct mfa_why *why)
{
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = store->factors(store->ctx, &text, why)))
		r = record_parse(buf_str(&text), text.len, ret, why);
	buf_wipe(&text);
	return r;
}

enum mfa_err
attempt_commit(const struct mfa_store *store, const struct state *st,
    struct mfa_why *why)
{
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = state_format(st, &text)))
		r = store->commit(store->ctx, &text, why);
	buf_wipe(&text);
	return r;
}

/* The state is locked and read; what is in res is on the disk on MFA_OK. */
static enum mfa_err
evaluate(const struct attempt *a, const struct verify_input *in,
    const struct buf *text, struct verify_result *res, struct mfa_why *why)
{
	struct state st;
	enum mfa_err r;

	if ((r = state_parse(buf_str(text), text->len, &st, why)))
		return r;
	if ((r = verify_answer(in, &st, res)))
		return mfa_fail(why, r, "the code could not be compared: %s",
		    mfa_strerror(r));
	/* In vain something is written as well: it takes its time. */
	if (a->vain && text->len > 0)
		return a->store->commit(a->store->ctx, text, why);
	if (a->vain)
		st = (struct state){ 0 };
	return attempt_commit(a->store, &st, why);
}

/* Reads what is there, for nothing but the time that takes. */
static void
in_vain(const struct attempt *a)
{
	struct record rec = { 0 };

	if (!attempt_factors(a->store, &rec, NULL))
		record_free(&rec);
}

static enum mfa_err
locked(const struct attempt *a, struct verify_input *in,
    const struct buf *text, struct verify_result *res, struct mfa_why *why)
{
	struct record rec = { 0 };
	enum mfa_err r = MFA_OK;

	in->record = &rec;
	if (a->enrolled)
		r = attempt_factors(a->store, &rec, why);
	else if (a->alike)
		in_vain(a);
	if (!r)
		r = evaluate(a, in, text, res, why);
	in->record = NULL;
	record_free(&rec);
	return r;
}

int
attempt_lock_wait(int64_t deadline_ms, const struct mfa_time *now)
{
	int64_t left = deadline_ms - now->boot_ms;

	return left > ATTEMPT_LOCK_MS ? ATTEMPT_LOCK_MS : left > 0 ?
	    (int)left : 0;
}

enum mfa_err
attempt_begin(const struct attempt *a, struct mfa_time *ret_now,
    struct buf *ret, struct mfa_why *why)
{
	enum mfa_err r;

	if ((r = a->clock->now_and_boot(a->clock->ctx, ret_now)))
		return mfa_fail(why, r, "the clock cannot be read");
	if (ret_now->boot_ms >= a->deadline_ms)
		return mfa_fail(why, MFA_ETIME, "the time for this login is "
		    "over");
	return a->store->begin(a->store->ctx,
	    attempt_lock_wait(a->deadline_ms, ret_now), ret, why);
}

enum mfa_err
attempt_answer(const struct attempt *a, const char *typed,
    struct verify_result *ret, struct mfa_why *why)
{
	struct verify_input in = { .crypto = a->crypto, .rules = &a->rules,
	    .door = a->door, .typed = typed, .joined = a->joined };
	struct verify_result res = { .outcome = VERIFY_WRONG };
	struct mfa_time now;
	struct buf text = { 0 };
	enum mfa_err r;

	in.now = &now;
	if (!(r = attempt_begin(a, &now, &text, why))) {
		r = locked(a, &in, &text, &res, why);
		a->store->end(a->store->ctx);
	}
	if (!r)
		*ret = res;
	buf_wipe(&text);
	return r;
}

/* The time and the state, which is not locked any more. */
static enum mfa_err
peek(const struct attempt *a, struct mfa_time *ret_now, struct state *ret,
    struct mfa_why *why)
{
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = attempt_begin(a, ret_now, &text, why))) {
		r = state_parse(buf_str(&text), text.len, ret, why);
		a->store->end(a->store->ctx);
	}
	buf_wipe(&text);
	return r;
}

enum mfa_err
attempt_standing(const struct attempt *a, struct verify_result *ret,
    struct mfa_why *why)
{
	struct verify_result res = { .outcome = VERIFY_WRONG };
	enum limit_verdict limit;
	struct mfa_time now;
	struct state st;
	enum mfa_err r;

	if ((r = peek(a, &now, &st, why)))
		return r;
	limit = limit_check(&a->rules.limit, &st, &now, &res.wait);
	if (limit != LIMIT_GO)
		res.outcome = limit == LIMIT_WAIT ? VERIFY_WAIT : VERIFY_LOCKED;
	res.failures = st.failures;
	*ret = res;
	return MFA_OK;
}

/* What is to be kept of a code that was sent. */
struct keeping {
	const struct attempt *a;
	const struct way *way;
	const char *code;
	bool unclear;
	struct mfa_time now;
};

static void
service_of(const struct attempt *a, char dst[static STATE_SERVICE_MAX])
{
	text_field(dst, STATE_SERVICE_MAX, a->door->service);
}

static enum mfa_err
put_code(const struct keeping *k, const struct record *rec, struct state *st,
    struct mfa_why *why)
{
	struct sent_code sent = { .way = k->way->kind };
	const struct factor *f = record_by_id(rec, k->way->factor);
	enum mfa_err r;

	if (f == NULL || f->kind != FACTOR_PHONE)
		return mfa_fail(why, MFA_ENOENT, "the phone is no factor any "
		    "more");
	if ((r = otc_mac(k->a->crypto, f->phone.key, k->a->door, k->code,
	    sent.mac)))
		return r;
	memcpy(sent.factor, k->way->factor, sizeof(sent.factor));
	service_of(k->a, sent.service);
	moment_set(&sent.sent, &k->now);
	state_align(st, rec);
	state_put_code(st, &sent, k->unclear, &k->now);
	return MFA_OK;
}

static enum mfa_err
keep(const struct keeping *k, const struct buf *text, struct mfa_why *why)
{
	const struct mfa_store *store = k->a->store;
	struct record rec = { 0 };
	struct state st;
	enum mfa_err r;

	if ((r = attempt_factors(store, &rec, why)))
		return r;
	if (!(r = state_parse(buf_str(text), text->len, &st, why)) &&
	    !(r = put_code(k, &rec, &st, why)))
		r = attempt_commit(store, &st, why);
	record_free(&rec);
	return r;
}

enum mfa_err
attempt_keep_code(const struct attempt *a, const struct way *way,
    const char *code, bool unclear, struct mfa_why *why)
{
	struct keeping k = { .a = a, .way = way, .code = code,
	    .unclear = unclear };
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = attempt_begin(a, &k.now, &text, why))) {
		r = keep(&k, &text, why);
		a->store->end(a->store->ctx);
	}
	buf_wipe(&text);
	return r;
}

/* Is it good still, and went this way to this door? */
static bool
went(const struct attempt *a, const struct sent_code *code,
    const struct way *way, const struct mfa_time *now)
{
	char service[STATE_SERVICE_MAX];

	service_of(a, service);
	return state_code_open(code, now) &&
	    !strcmp(code->factor, way->factor) && code->way == way->kind &&
	    !strcmp(code->service, service);
}

bool
attempt_code_open(const struct attempt *a, const struct way *way)
{
	struct mfa_time now;
	struct state st;

	return !peek(a, &now, &st, NULL) && (went(a, &st.code, way, &now) ||
	    went(a, &st.before, way, &now));
}

enum mfa_err
attempt_know(const struct attempt *a, const struct record *rec,
    struct attempt_known *ret, struct mfa_why *why)
{
	unsigned accepted = method_set(a->rules.login.methods);
	bool useful = record_methods(rec) & accepted;
	struct attempt_known k = { .methods = 0 };
	struct state st = { 0 };
	enum mfa_err r;

	if ((!useful || a->alike) && (r = peek(a, &k.now, &st, why)))
		return r;
	if (!record_opens(rec, false))
		k.reset = st.reset;
	k.methods = state_methods(&st, rec, accepted, &k.now);
	*ret = k;
	return MFA_OK;
}
