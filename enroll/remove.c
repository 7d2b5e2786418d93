/* Removes one factor. */
#include "enroll.h"

struct removal {
	const char *factor;
	struct factor removed;
	size_t left, codes;	/* factors that are left; recovery among them */
	struct reset reset;	/* whose time to enrol may still run */
	struct mfa_time now;
};

static enum mfa_err
take_out(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct removal *rm = ctx;
	enum mfa_err r;
	size_t i;

	rm->reset = st->reset;	/* the factor's entry goes at the next login */
	if ((r = add_find(rec, rm->factor, &i, why)))
		return r;
	rm->removed = rec->factor[i];
	record_remove(rec, i);
	rm->left = rm->codes = 0;
	for (i = 0; i < rec->n; i++) {
		rm->left += rec->factor[i].kind != FACTOR_APP;
		rm->codes += rec->factor[i].kind == FACTOR_RECOVERY;
	}
	return MFA_OK;
}

/* What a login comes to without any. */
static void
without(const struct tool *t, const struct person *p,
    const struct removal *rm)
{
	struct policy_decision d;

	policy_decide(&t->conf, &p->who, 0, &d);
	policy_after_reset(&t->conf, &rm->reset, &rm->now, &d);
	tool_say(t, d.enrol && d.until > 0 ?
	    "%s has no second factor any more. The next login leads to an "
	    "enrolment, after a reset. To enrol now: mfactl add totp %s" :
	    d.enrol ?
	    "%s has no second factor any more. The next login leads to an "
	    "enrolment (not_enrolled = enrol). To enrol now: mfactl add totp "
	    "%s" :
	    d.verdict == POLICY_EXEMPT ?
	    "%s has no second factor any more. Logins now need none "
	    "(not_enrolled = allow)." : d.cause == POLICY_CLOSED ?
	    "%s has no second factor any more. Logins are now refused, for "
	    "the time to enrol after a reset is over. Enrol one: mfactl add "
	    "totp %s" :
	    "%s has no second factor any more. Logins are now refused "
	    "(not_enrolled = deny). Enrol one: mfactl add totp %s",
	    p->who.user, p->who.user);
}

static void
consequence(const struct tool *t, const struct person *p,
    const struct removal *rm)
{
	if (rm->removed.kind == FACTOR_APP) {
		tool_say(t, "Where a program still has it, it is refused from "
		    "now on.");
		return;
	}
	if (rm->left > 0 && rm->left == rm->codes)
		tool_say(t, "Only recovery codes are left. Enrol an app: "
		    "mfactl add totp %s", p->who.user);
	if (rm->left == 0)
		without(t, p, rm);
}

int
enroll_remove(const struct tool *t, const struct person *p, const char *factor)
{
	struct removal rm = { .factor = factor };
	struct mfa_why why = { .language = t->language };
	char shown[TOOL_SHOWN_MAX];
	enum mfa_err r;
	int status;

	if ((status = person_dry(t, p, take_out, &rm)) ||
	    (status = person_prove(t, p)))
		goto out;
	if (!(r = t->clock.now_and_boot(t->clock.ctx, &rm.now)))
		r = person_edit(p, take_out, &rm, &why);
	status = tool_error(r, &why);
	if (!r) {
		tool_say(t, "Removed %s (%s) of %s.", rm.removed.id,
		    tool_shown(shown, rm.removed.label), p->who.user);
		consequence(t, p, &rm);
		person_log(t, p, "remove", "factor=%s", rm.removed.id);
	}
out:
	mfa_wipe(&rm, sizeof(rm));
	return status;
}

int
verb_remove(struct tool *t, int argc, char **argv)
{
	return person_with_word(t, argc > 1 ? argv[1] : NULL, PERSON_CHANGE,
	    enroll_remove, argv[0]);
}
