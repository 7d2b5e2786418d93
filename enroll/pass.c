/* A pass for one login, for somebody whose factors are out of reach. */
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "enroll.h"

#define HOURS 24
#define HOURS_MAX 168

struct issue {
	struct pass pass;	/* lasts 0: take it back */
	bool had;
};

static enum mfa_err
put(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct issue *is = ctx;

	(void)rec;
	(void)why;
	is->had = st->pass.lasts > 0;
	st->pass = is->pass;
	return MFA_OK;
}

static int
revoke(const struct tool *t, const struct person *p)
{
	char reason[TOOL_SHOWN_MAX];
	struct issue is = { .had = false };
	struct mfa_why why = { "" };
	enum mfa_err r;

	if ((r = person_edit(p, put, &is, &why)))
		return person_error(p, r, &why);
	if (!is.had)
		return tool_refuse(t, TOOL_NO, "%s has no pass", p->who.user);
	person_log(t, p, "pass_revoked", "reason=%s", tool_reason(t, reason));
	tool_say(t, "Taken back: the pass of %s.", p->who.user);
	return TOOL_OK;
}

/* Shown only when it is on the disk. */
static int
issue(const struct tool *t, const struct person *p, unsigned hours)
{
	char shown[RECOVERY_SHOWN + 1] = "";
	struct issue is = { .pass.lasts = hours * 3600 };
	char reason[TOOL_SHOWN_MAX], time[40];
	struct mfa_why why = { .language = t->language };
	struct mfa_time now;
	enum mfa_err r;

	if ((r = t->clock.now_and_boot(t->clock.ctx, &now)) ||
	    (r = recovery_one_new(t->crypto, &is.pass.code, shown)))
		goto out;
	moment_set(&is.pass.since, &now);
	if ((r = person_edit(p, put, &is, &why)))
		goto out;
	person_log(t, p, "pass", "hours=%u reason=%s", hours,
	    tool_reason(t, reason));
	if (is.had)
		tool_say(t, "The pass before this one is void.");
	tool_say(t, "Pass of %s, for one login within %s:\n\n\t%s\n\nIt is "
	    "typed where a code is asked for. To take it back: mfactl pass %s "
	    "--revoke", p->who.user, text_duration(time, sizeof(time),
	    is.pass.lasts, t->language), shown, p->who.user);
out:
	mfa_wipe(shown, sizeof(shown));
	return person_error(p, r, &why);
}

int
enroll_pass(const struct tool *t, const struct person *p)
{
	uint64_t hours = HOURS;

	if (t->opt.revoke)
		return revoke(t, p);
	if (t->opt.hours != NULL &&
	    text_u64(t->opt.hours, 1, HOURS_MAX, &hours))
		return tool_fail(TOOL_USAGE, "--hours is a number from 1 to "
		    "%d", HOURS_MAX);
	return issue(t, p, (unsigned)hours);
}

int
verb_pass(struct tool *t, int argc, char **argv)
{
	(void)argc;
	return person_with(t, argv[0], PERSON_SEE, enroll_pass);
}
