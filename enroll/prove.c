/* Who changes their own factors shows one of them first. */
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/attempt.h"
#include "phone.h"

/* How a code fared; TOOL_OK unless there is no point in asking again. */
static int
tell(const struct tool *t, const struct verify_result *res)
{
	char wait[64];

	switch (res->outcome) {
	case VERIFY_RIGHT:
	case VERIFY_NOT_HERE:	/* no method is left out here */
		break;
	case VERIFY_ELSEWHERE:
	case VERIFY_WRONG:
		tool_warn(t, "Wrong code. Check that the phone's clock is "
		    "right and the account is this host's.");
		break;
	case VERIFY_USED:
		tool_warn(t, res->kind == FACTOR_PHONE ?
		    "This code was already used. Ask for a new one." :
		    "This code was already used. Wait for the next one.");
		break;
	case VERIFY_EXPIRED:
		tool_warn(t, "This code came too late: it was good for five "
		    "minutes.");
		break;
	case VERIFY_WAIT:
		return tool_refuse(t, TOOL_ABORTED, "too many wrong codes; "
		    "wait %s", text_duration(wait, sizeof(wait), res->wait,
		    t->language));
	case VERIFY_LOCKED:
		return tool_refuse(t, TOOL_ABORTED, "locked after %u wrong "
		    "codes; ask your administrator for: mfactl unlock %s",
		    (unsigned)res->failures, t->self);
	}
	return TOOL_OK;
}

/* The dialogue of one proof. */
struct proof {
	const struct tool *t;
	const struct person *p;
	struct attempt attempt;
	struct ways ways;
	bool right;
};

/* A code to a phone they have; it is good here only. */
static int
send(struct proof *x, const struct way *way)
{
	char code[OTC_DIGITS + 1];
	struct verify_result standing;
	struct mfa_why why = { .language = x->t->language };
	struct record rec = { 0 };
	enum mfa_err r;
	enum delivery_outcome sent = DELIVERY_FAULT;
	const struct factor *phone = NULL;
	int status;

	if ((r = attempt_standing(&x->attempt, &standing, &why)))
		return tool_error(r, &why);
	if (standing.outcome != VERIFY_WRONG)
		return tell(x->t, &standing);
	if (!(r = person_record(x->p, &rec, &why)) &&
	    (phone = record_by_id(&rec, way->factor)) == NULL)
		r = MFA_ENOENT;
	if (r || (r = otc_new(x->t->crypto, code)))
		status = tool_error(r, &why);
	else
		status = phone_send(x->t, x->p, &(struct phone_code){
		    &phone->phone, way->kind, code, rec.language,
		    false }, &sent);
	if (!status && delivery_may_come(sent))
		status = tool_error(attempt_keep_code(&x->attempt, way, code,
		    sent == DELIVERY_UNCLEAR, &why), &why);
	mfa_wipe(code, sizeof(code));
	record_free(&rec);
	return status;
}

/* What cannot be a code is not a guess. A guess is charged as at a login. */
static int
take(struct proof *x, const char *typed)
{
	struct verify_result res = { .outcome = VERIFY_WRONG };
	size_t way = ways_typed(&x->ways, typed);
	struct mfa_why why = { .language = x->t->language };
	enum mfa_err r;

	if (way != WAYS_NONE)
		return send(x, &x->ways.way[way]);
	if (verify_shape(typed, false) &&
	    (r = attempt_answer(&x->attempt, typed, &res, &why)))
		return tool_error(r, &why);
	x->right = res.outcome == VERIFY_RIGHT;
	return tell(x->t, &res);
}

static int
one(struct proof *x)
{
	const struct tool *t = x->t;
	char menu[WAYS_MENU_MAX], prompt[WAYS_MENU_MAX + 64];
	struct mfa_why why = { .language = t->language };
	struct buf typed = { 0 };
	enum mfa_err r;
	int status;

	snprintf(prompt, sizeof(prompt), say(t->language, "A code you have now "
	    "(app or recovery%s%s): "), x->ways.n > 0 ? "; " : "",
	    ways_menu(&x->ways, t->language, menu));
	r = tool_ask(t, prompt, true, &typed);
	status = r ? tool_error(r, &why) : take(x, buf_str(&typed));
	buf_wipe(&typed);
	return status;
}

static int
ask(const struct tool *t, const struct person *p, const struct record *rec)
{
	char host[OS_HOST_MAX];
	const struct otc_door door = phone_door(p, host);
	struct proof x = { .t = t, .p = p, .attempt = { .store = &p->store,
	    .clock = &t->clock, .crypto = t->crypto, .enrolled = true,
	    .door = &door, .rules = { .limit = t->conf.limit,
	    .login = t->conf.login } } };
	struct mfa_why why = { .language = t->language };
	struct mfa_time now;
	enum mfa_err r;
	int status;

	if ((r = t->clock.now(t->clock.ctx, &now)))
		return tool_error(r, &why);
	x.attempt.rules.login.methods = METHOD_ALL;
	x.attempt.deadline_ms = now.boot_ms +
	    (int64_t)t->conf.login.time_limit * 1000;
	if (*t->conf.send.senders != '\0')
		ways_of(rec, METHOD_ALL, &x.ways);
	for (unsigned i = 0; i < t->conf.login.tries + x.ways.n; i++)
		if ((status = one(&x)) || x.right)
			return status;
	return tool_refuse(t, TOOL_ABORTED, "wrong codes; nothing was changed");
}

int
person_prove(const struct tool *t, const struct person *p)
{
	struct record rec = { 0 };
	struct mfa_why why = { .language = t->language };
	enum mfa_err r;
	int status;

	if (!t->prove)
		return TOOL_OK;
	if ((r = person_text(p, p->proved, &why)) ||
	    (r = person_record(p, &rec, &why)))
		return person_error(p, r, &why);
	status = record_opens(&rec, false) ? ask(t, p, &rec) : TOOL_OK;
	record_free(&rec);
	return status;
}
