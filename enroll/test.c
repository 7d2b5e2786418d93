/* Verifies a code and uses nothing up. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/limit.h"
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/core/verify.h"
#include "enroll.h"
#include "phone.h"

struct test {
	const struct tool *t;
	const struct person *p;
	struct record rec;
	struct state st;	/* a copy: what verify_answer moves is lost */
	struct mfa_time now;
	struct verify_result res;
};

/*
 * Root reads the keys anyway, and so does a person with store = home. With
 * --self this would be a place to guess without limits: a wrong code counts.
 */
static enum mfa_err
charge(const struct test *x, struct mfa_why *why)
{
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = state_format(&x->st, &text)))
		r = x->p->store.commit(x->p->store.ctx, &text, why);
	buf_wipe(&text);
	return r;
}

static enum mfa_err
evaluate(struct test *x, const char *typed, const struct buf *state,
    struct mfa_why *why)
{
	struct verify_rules rules = { .limit = x->t->conf.limit,
	    .login = x->t->conf.login };
	char host[OS_HOST_MAX];
	const struct otc_door door = phone_door(x->p, host);
	const struct verify_input in = { .crypto = x->t->crypto,
	    .record = &x->rec, .rules = &rules, .now = &x->now,
	    .door = &door, .typed = typed };
	enum mfa_err r;

	rules.login.methods = METHOD_ALL;
	if (!x->t->prove)
		rules.limit.free_failures = rules.limit.lock_after = UINT_MAX;
	if ((r = state_parse(buf_str(state), state->len, &x->st, why)) ||
	    (r = person_record(x->p, &x->rec, why)) ||
	    (r = verify_answer(&in, &x->st, &x->res)))
		return r;
	if (x->t->prove && x->res.outcome == VERIFY_WRONG)
		return charge(x, why);
	return MFA_OK;
}

static enum mfa_err
with_lock(struct test *x, const char *typed, struct mfa_why *why)
{
	const struct mfa_store *store = &x->p->store;
	struct buf state = { 0 };
	enum mfa_err r;

	if ((r = x->t->clock.now_and_boot(x->t->clock.ctx, &x->now)))
		return r;
	if (x->p->stateless)
		return evaluate(x, typed, &state, why);
	if (!(r = store->begin(store->ctx, PERSON_LOCK_MS, &state, why))) {
		r = evaluate(x, typed, &state, why);
		store->end(store->ctx);
	}
	buf_wipe(&state);
	return r;
}

static const char *
label_of(const struct test *x, char shown[static TOOL_SHOWN_MAX])
{
	const struct factor *f = record_by_id(&x->rec, x->res.factor);

	return f != NULL ? tool_shown(shown, f->label) : "";
}

/* Why it may be wrong; not with --self, where it would tell a guesser. */
static void
hint(const struct test *x, const char *typed)
{
	char text[HINT_MAX];

	for (size_t i = 0; i < x->rec.n && !x->t->prove; i++)
		if (factor_is_otp(x->rec.factor[i].kind) &&
		    hint_offset(x->t, &x->rec.factor[i].otp, typed,
		    x->now.real, x->st.factor[i].next, text))
			tool_say(x->t, "%s: %s", x->rec.factor[i].id, text);
}

static int
tell(const struct test *x, const char *typed)
{
	char shown[TOOL_SHOWN_MAX], wait[64];

	switch (x->res.outcome) {
	case VERIFY_RIGHT:
		tool_say(x->t, "Right: a code of %s (%s). It was not used up.",
		    x->res.factor, label_of(x, shown));
		return TOOL_OK;
	case VERIFY_USED:
		tool_say(x->t, "Already used: a code of %s (%s). A login would "
		    "refuse it; wait for the next one.", x->res.factor,
		    label_of(x, shown));
		return TOOL_NO;
	case VERIFY_WAIT:
		return tool_refuse(x->t, TOOL_NO, "too many wrong codes; wait "
		    "%s", text_duration(wait, sizeof(wait), x->res.wait,
		    x->t->language));
	case VERIFY_LOCKED:
		return tool_refuse(x->t, TOOL_NO, "locked; ask your "
		    "administrator for: mfactl unlock %s", x->p->who.user);
	case VERIFY_EXPIRED:
		tool_say(x->t, "Too late: this code was good for five "
		    "minutes.");
		return TOOL_NO;
	case VERIFY_ELSEWHERE:
	case VERIFY_WRONG:
	case VERIFY_NOT_HERE:	/* no method is left out here */
		break;
	}
	tool_say(x->t, "Wrong: a code of none of the %zu factors of %s.",
	    x->rec.n, x->p->who.user);
	hint(x, typed);
	return TOOL_NO;
}

/* Somebody without factors is told so before typing. */
static int
enrolled(const struct tool *t, const struct person *p)
{
	struct mfa_why why = { .language = t->language };
	struct record rec = { 0 };
	enum mfa_err r;
	bool any;

	if ((r = person_record(p, &rec, &why)))
		return person_error(p, r, &why);
	any = record_opens(&rec, false);
	record_free(&rec);
	if (!any)
		return tool_refuse(t, TOOL_NO, "%s has no factors; enrol one: "
		    "mfactl add totp %s", p->who.user, p->who.user);
	return TOOL_OK;
}

static int
run(const struct tool *t, const struct person *p, struct test *x)
{
	struct mfa_why why = { .language = t->language };
	struct buf typed = { 0 };
	enum mfa_err r;
	int status;

	if ((status = enrolled(t, p)))
		return status;
	if ((r = tool_ask(t, "Code: ", true, &typed)))
		status = tool_error(r, &why);
	else if (!verify_shape(buf_str(&typed), false))
		status = tool_refuse(t, TOOL_NO, "that is not a code: 6-8 "
		    "digits, or a recovery code");
	else if ((r = with_lock(x, buf_str(&typed), &why)))
		status = tool_error(r, &why);
	else
		status = tell(x, buf_str(&typed));
	record_free(&x->rec);
	buf_wipe(&typed);
	return status;
}

int
enroll_test(const struct tool *t, const struct person *p)
{
	struct test *x = calloc(1, sizeof(*x));
	int status;

	if (x == NULL)
		return tool_fail(TOOL_SYSTEM, "no memory");
	x->t = t;
	x->p = p;
	status = run(t, p, x);
	mfa_wipe(x, sizeof(*x));
	free(x);
	return status;
}

int
verb_test(struct tool *t, int argc, char **argv)
{
	return person_with(t, argc > 0 ? argv[0] : NULL, PERSON_SEE,
	    enroll_test);
}
