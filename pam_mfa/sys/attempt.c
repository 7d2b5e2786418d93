/* One answer, evaluated under the lock and made durable. */
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

/* The state is locked and read; what is in res is on the disk on MFA_OK. */
static enum mfa_err
evaluate(const struct attempt *a, const struct verify_input *in,
    struct buf *text, struct verify_result *res, struct mfa_why *why)
{
	struct state st;
	enum mfa_err r;

	if ((r = state_parse(buf_str(text), text->len, &st, why)))
		return r;
	if ((r = verify_answer(in, &st, res)))
		return mfa_fail(why, r, "the code could not be compared: %s",
		    mfa_strerror(r));
	if (res->outcome == VERIFY_WAIT || res->outcome == VERIFY_LOCKED)
		return MFA_OK;
	buf_wipe(text);
	if ((r = state_format(&st, text)))
		return r;
	return a->store->commit(a->store->ctx, text, why);
}

static enum mfa_err
locked(const struct attempt *a, struct verify_input *in, struct buf *text,
    struct verify_result *res, struct mfa_why *why)
{
	struct record rec = { 0 };
	enum mfa_err r = MFA_OK;

	in->record = &rec;
	if (a->enrolled)
		r = attempt_factors(a->store, &rec, why);
	if (!r)
		r = evaluate(a, in, text, res, why);
	in->record = NULL;
	record_free(&rec);
	return r;
}

static int
lock_wait(const struct attempt *a, const struct mfa_time *now)
{
	int64_t left = a->deadline_ms - now->boot_ms;

	return left < ATTEMPT_LOCK_MS ? (int)left : ATTEMPT_LOCK_MS;
}

enum mfa_err
attempt_answer(const struct attempt *a, const char *typed,
    struct verify_result *ret, struct mfa_why *why)
{
	struct verify_input in = { .crypto = a->crypto, .rules = &a->rules,
	    .typed = typed, .joined = a->joined };
	struct verify_result res;
	struct mfa_time now;
	struct buf text = { 0 };
	enum mfa_err r;

	if ((r = a->clock->now_and_boot(a->clock->ctx, &now)))
		return mfa_fail(why, r, "the clock cannot be read");
	if (now.boot_ms >= a->deadline_ms)
		return mfa_fail(why, MFA_ETIME, "the time for this login is "
		    "over");
	in.now = &now;
	if ((r = a->store->begin(a->store->ctx, lock_wait(a, &now), &text,
	    why)))
		goto out;
	r = locked(a, &in, &text, &res, why);
	a->store->end(a->store->ctx);
	if (!r)
		*ret = res;
out:
	buf_wipe(&text);
	return r;
}
