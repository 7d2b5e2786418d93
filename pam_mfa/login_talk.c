/* The dialogue of a login: asking, evaluating, sending. */
#include <string.h>

#include "core/text.h"
#include "login_talk.h"

void
login_deny(struct login_report *rep, enum mfa_verdict verdict,
    const char *reason)
{
	rep->verdict = verdict;
	rep->reason = reason;
}

static enum mfa_err
evaluate(struct login *l, const char *typed, struct challenge_action *ret)
{
	struct login_report *rep = l->report;
	struct verify_result res;
	enum mfa_err r;

	r = attempt_answer(&l->attempt, typed, &res, &rep->why);
	if (r && r != MFA_ETIME && l->policy.guarded) {
		l->fault = r;
		res = (struct verify_result){ .outcome = VERIFY_WRONG };
	} else if (r)
		return r;
	rep->failures = res.failures;
	memcpy(rep->factor, res.factor, sizeof(rep->factor));
	l->reset_at = res.reset_at;
	/* Who has lost a factor is not to be remembered. */
	l->may_trust = !res.pass && res.kind != FACTOR_RECOVERY;
	rep->method = res.pass ? "pass" : !*res.factor ? "-" :
	    res.kind == FACTOR_PHONE ?
	    sending_kind_name(res.way) : factor_kind_name(res.kind);
	if (l->attempt.joined && (r = buf_put(&rep->password, typed, res.at)))
		return r;
	*ret = challenge_result(&l->challenge, typed, &res);
	return MFA_OK;
}

static enum mfa_err
ask(struct login *l, const struct challenge_action *prompt,
    struct challenge_action *ret)
{
	const struct mfa_conv *conv = &l->ports->conv;
	struct buf typed = { 0 };
	enum mfa_err r;

	r = conv->ask(conv->ctx, prompt->text, prompt->echo, &typed);
	if (r == MFA_ECONV) {
		*ret = challenge_hung_up(&l->challenge);
		r = MFA_OK;
	} else if (!r) {
		/* A password in front of the code stays as it is. */
		if (!l->attempt.joined && typed.len > 0)
			typed.len = text_fold((char *)typed.data);
		*ret = challenge_answer(&l->challenge, buf_str(&typed));
		if (ret->what == CHALLENGE_CHECK)
			r = evaluate(l, buf_str(&typed), ret);
	}
	buf_wipe(&typed);
	return r;
}

/* A code by this way: made, sent and kept, or a better word than "wait". */
static enum mfa_err
deliver(struct login *l, const struct factor *phone, const struct way *way,
    struct delivery *ret)
{
	struct mfa_why *why = &l->report->why;
	char code[OTC_DIGITS + 1];
	enum mfa_err r;

	if ((r = otc_new(l->attempt.crypto, code)))
		return r;
	r = courier_try(&l->courier, &phone->phone, way->kind, code, ret);
	if (!r && ret->outcome == DELIVERY_WAIT &&
	    attempt_code_open(&l->attempt, way))
		ret->outcome = DELIVERY_EARLIER;
	if (!r)
		courier_log(&l->courier, &l->ports->log, way, ret);
	if (!r && delivery_may_come(ret->outcome))
		r = attempt_keep_code(&l->attempt, way, code,
		    ret->outcome == DELIVERY_UNCLEAR, why);
	mfa_wipe(code, sizeof(code));
	return r;
}

/*
 * Nothing is sent to somebody whose answer would not be looked at. The factors
 * are read anew: a reset in between must hold.
 */
static enum mfa_err
send(struct login *l, const struct challenge_action *act,
    struct challenge_action *ret)
{
	struct login_report *rep = l->report;
	struct verify_result standing;
	const struct factor *phone;
	struct record rec = { 0 };
	struct delivery d;
	enum mfa_err r;

	if ((r = attempt_standing(&l->attempt, &standing, &rep->why)))
		return r;
	rep->failures = standing.failures;
	if (standing.outcome != VERIFY_WRONG) {
		*ret = challenge_result(&l->challenge, "", &standing);
		return MFA_OK;
	}
	if ((r = attempt_factors(&l->ports->store, &rec, &rep->why)))
		return r;
	phone = record_by_id(&rec, act->way->factor);
	r = phone == NULL ? MFA_ENOENT : deliver(l, phone, act->way, &d);
	if (!r)
		*ret = challenge_sent(&l->challenge, &d);
	record_free(&rec);
	return r;
}

static enum mfa_err
step(struct login *l, const struct challenge_action *act,
    struct challenge_action *ret)
{
	return act->what == CHALLENGE_SEND ? send(l, act, ret) :
	    ask(l, act, ret);
}

/* The loop; the challenge bounds the number of prompts. */
enum mfa_err
login_talk(struct login *l, struct challenge_action act)
{
	const struct mfa_conv *conv = &l->ports->conv;
	enum mfa_err r;

	while (act.what != CHALLENGE_DONE)
		if ((r = step(l, &act, &act)))
			return r;
	if (*act.text)
		conv->say(conv->ctx, act.text, act.verdict != MFA_GRANTED);
	/* What nobody could have typed right is not "wrong" in the log. */
	login_deny(l->report, act.verdict, act.verdict != MFA_DENY_WRONG ||
	    l->policy.cause == POLICY_ENROLLED ? act.reason :
	    policy_reason(l->policy.cause));
	return MFA_OK;
}
