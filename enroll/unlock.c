/* Forgets a person's wrong codes. */
#include "../pam_mfa/core/limit.h"
#include "enroll.h"

static enum mfa_err
clear(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	uint32_t *failures = ctx;

	(void)rec;
	(void)why;
	*failures = st->failures + st->app.n;
	limit_clear(st);
	st->app = (struct app_failures){ 0 };
	return MFA_OK;
}

int
enroll_unlock(const struct tool *t, const struct person *p)
{
	struct mfa_why why = { .language = t->language };
	uint32_t failures = 0;
	enum mfa_err r;

	if ((r = person_edit(p, clear, &failures, &why)))
		return person_error(p, r, &why);
	if (failures == 0) {
		tool_say(t, "%s had no wrong codes; nothing was changed.",
		    p->who.user);
	} else {
		person_log(t, p, "unlock", "failures=%u", (unsigned)failures);
		tool_say(t, failures == 1 ?
		    "Unlocked: %s had %u wrong code in a row, and has none "
		    "now." : "Unlocked: %s had %u wrong codes in a row, and "
		    "has none now.", p->who.user, (unsigned)failures);
	}
	return TOOL_OK;
}

int
verb_unlock(struct tool *t, int argc, char **argv)
{
	(void)argc;
	return person_with(t, argv[0], PERSON_SEE, enroll_unlock);
}
