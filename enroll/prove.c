/* Who changes their own factors shows one of them first. */
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/attempt.h"
#include "person.h"

/* How a code fared; TOOL_OK unless there is no point in asking again. */
static int
tell(const struct tool *t, const struct verify_result *res)
{
	const struct mfa_conv *conv = &t->conv;
	char wait[64];

	switch (res->outcome) {
	case VERIFY_RIGHT:
		break;
	case VERIFY_WRONG:
		conv->say(conv->ctx, "Wrong code. Check that the phone's clock "
		    "is right and the account is this one.", true);
		break;
	case VERIFY_USED:
		conv->say(conv->ctx, "This code was already used. Wait for the "
		    "next one.", true);
		break;
	case VERIFY_WAIT:
		return tool_fail(TOOL_ABORTED, "too many wrong codes; wait %s",
		    text_duration(wait, sizeof(wait), res->wait));
	case VERIFY_LOCKED:
		return tool_fail(TOOL_ABORTED, "locked after %u wrong codes; "
		    "ask your administrator for: mfactl unlock %s",
		    (unsigned)res->failures, t->self);
	}
	return TOOL_OK;
}

/* One code, charged as at a login. */
static int
one(const struct tool *t, const struct attempt *a, bool *ret_right)
{
	struct verify_result res = { .outcome = VERIFY_WRONG };
	struct mfa_why why = { "" };
	struct buf typed = { 0 };
	enum mfa_err r;

	/* What cannot be a code is not a guess. */
	if (!(r = t->conv.ask(t->conv.ctx, "A code you have now (app or "
	    "recovery): ", true, &typed)) &&
	    verify_shape(buf_str(&typed), false))
		r = attempt_answer(a, buf_str(&typed), &res, &why);
	buf_wipe(&typed);
	if (r)
		return tool_error(r, &why);
	*ret_right = res.outcome == VERIFY_RIGHT;
	return tell(t, &res);
}

static int
ask(const struct tool *t, const struct person *p)
{
	struct attempt a = { .store = &p->store, .clock = &t->clock,
	    .crypto = t->crypto, .enrolled = true,
	    .rules = { .limit = t->conf.limit, .login = t->conf.login } };
	struct mfa_why why = { "" };
	struct mfa_time now;
	bool right = false;
	enum mfa_err r;
	int status;

	if ((r = t->clock.now(t->clock.ctx, &now)))
		return tool_error(r, &why);
	a.deadline_ms = now.boot_ms + (int64_t)t->conf.login.time_limit * 1000;
	for (unsigned i = 0; i < t->conf.login.tries; i++)
		if ((status = one(t, &a, &right)) || right)
			return status;
	return tool_fail(TOOL_ABORTED, "wrong codes; nothing was changed");
}

int
person_prove(const struct tool *t, const struct person *p)
{
	struct record rec = { 0 };
	struct mfa_why why = { "" };
	enum mfa_err r;
	size_t n;

	if (!t->prove)
		return TOOL_OK;
	if ((r = person_record(p, &rec, &why)))
		return tool_error(r, &why);
	n = rec.n;
	record_free(&rec);
	return n > 0 ? ask(t, p) : TOOL_OK;
}
