/* Removes one factor. */
#include "enroll.h"

struct removal {
	const char *factor;
	struct factor removed;
	size_t left, codes;	/* factors that are left; recovery among them */
};

static enum mfa_err
take_out(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct removal *rm = ctx;
	enum mfa_err r;
	size_t i;

	(void)st;	/* the entry goes at the next login */
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

static void
consequence(const struct tool *t, const struct person *p,
    const struct removal *rm)
{
	struct policy_decision d;

	if (rm->removed.kind == FACTOR_APP) {
		tool_say(t, "Where a program still has it, it is refused from "
		    "now on.");
		return;
	}
	if (rm->left > 0 && rm->left == rm->codes)
		tool_say(t, "Only recovery codes are left. Enrol an app: "
		    "mfactl add totp %s", p->who.user);
	if (rm->left > 0)
		return;
	policy_decide(&t->conf, &p->who, 0, &d);
	tool_say(t, d.enrol ?
	    "%s has no second factor any more. The next login leads to an "
	    "enrolment (not_enrolled = enrol). To enrol now: mfactl add totp "
	    "%s" :
	    d.verdict == POLICY_EXEMPT ?
	    "%s has no second factor any more. Logins now need none "
	    "(not_enrolled = allow)." :
	    "%s has no second factor any more. Logins are now refused "
	    "(not_enrolled = deny). Enrol one: mfactl add totp %s",
	    p->who.user, p->who.user);
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
	r = person_edit(p, take_out, &rm, &why);
	status = tool_error(r, &why);
	if (!r) {
		tool_say(t, "Removed %s (%s) of %s.", rm.removed.id,
		    tool_shown(shown, rm.removed.label), p->who.user);
		consequence(t, p, &rm);
		tool_log(t, "event=remove user=%s factor=%s", p->who.user,
		    rm.removed.id);
	}
out:
	mfa_wipe(&rm, sizeof(rm));
	return status;
}

int
verb_remove(struct tool *t, int argc, char **argv)
{
	struct person p;
	int status;

	if ((status = person_open(t, argc > 1 ? argv[1] : NULL, PERSON_CHANGE,
	    &p)))
		return status;
	status = enroll_remove(t, &p, argv[0]);
	person_close(&p);
	return status;
}
