/* Removes all of a person's factors and what is known of them. */
#include <string.h>

#include "enroll.h"

/*
 * Nothing is parsed: this is also the way out of a broken file. The factors
 * go first, so that no factor is ever without its used steps.
 */
static enum mfa_err
clear(const struct person *p, const struct buf *state, bool *ret_any,
    struct mfa_why *why)
{
	const struct state fresh = { 0 };
	struct buf text = { 0 };
	enum mfa_err r;
	bool known;

	r = p->remove(p->ctx, why);
	if (r && r != MFA_ENOENT)
		return r;
	*ret_any = !r;
	if ((r = state_format(&fresh, &text)))
		return r;
	known = state->len > 0 && strcmp(buf_str(state), buf_str(&text)) != 0;
	if (known && !(r = p->store.commit(p->store.ctx, &text, why)))
		*ret_any = true;
	buf_wipe(&text);
	return r;
}

int
enroll_reset(const struct tool *t, const struct person *p)
{
	struct mfa_why why = { .language = t->language };
	struct buf state = { 0 };
	bool any = false;
	enum mfa_err r;

	if ((r = p->store.begin(p->store.ctx, PERSON_LOCK_MS, &state, &why)))
		return tool_error(r, &why);
	r = clear(p, &state, &any, &why);
	p->store.end(p->store.ctx);
	buf_wipe(&state);
	if (r)
		return tool_error(r, &why);
	if (!any)
		return tool_refuse(t, TOOL_NO, "%s has no factors",
		    p->who.user);
	tool_say(t, "Reset: %s has no second factor and no failures any more.",
	    p->who.user);
	return TOOL_OK;
}

int
verb_reset(struct tool *t, int argc, char **argv)
{
	(void)argc;
	return person_with(t, argv[0], PERSON_RESET, enroll_reset);
}
