/* Makes a set of recovery codes. */
#include "../pam_mfa/core/text.h"
#include "enroll.h"

struct new_set {
	const struct tool *t;
	struct factor factor;
	bool had;	/* there was a set before */
	char code[RECOVERY_CODES][RECOVERY_SHOWN + 1];
};

/*
 * The old set's entry stays in the state, and goes at the next login: were it
 * dropped here and the factors then not saved, used codes would be good again.
 */
static enum mfa_err
replace(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct new_set *new = ctx;
	size_t old;
	enum mfa_err r;

	(void)st;
	new->had = false;
	add_language(new->t, rec);
	while ((old = record_recovery(rec)) < rec->n) {
		new->had = true;
		record_remove(rec, old);
	}
	if ((r = record_label(rec, NULL, say(new->t->language, RECORD_CODES),
	    new->factor.label, why)))
		return r;
	return record_new(rec, &new->factor, new->t->crypto, why);
}

static int
confirm(const struct tool *t)
{
	struct mfa_why why = { .language = t->language };
	struct buf answer = { 0 };
	enum mfa_err r;
	bool yes;

	if ((r = tool_ask(t, "The recovery codes you have stop "
	    "working. Make new ones? [y/N] ", true, &answer)))
		return tool_error(r, &why);
	yes = text_case_equal(buf_str(&answer), "y") ||
	    text_case_equal(buf_str(&answer), "yes");
	buf_wipe(&answer);
	return yes ? TOOL_OK : tool_refuse(t, TOOL_ABORTED, "nothing was "
	    "changed");
}

static void
show(const struct tool *t, const struct person *p, const struct new_set *new)
{
	tool_say(t, "Recovery codes for %s. Each is good once, in place of a "
	    "code from the app.\nThey are not shown again: print them, or "
	    "write them down, and keep them apart\nfrom the phone.",
	    p->who.user);
	for (int i = 0; i < RECOVERY_CODES; i++)
		tool_say(t, "  %2d  %s", i + 1, new->code[i]);
}

int
enroll_recovery(const struct tool *t, const struct person *p)
{
	struct new_set new = { .t = t, .factor.kind = FACTOR_RECOVERY };
	struct mfa_why why = { .language = t->language };
	struct mfa_time now;
	enum mfa_err r;
	int status;

	if ((status = person_dry(t, p, replace, &new)) ||
	    (new.had && t->tty && (status = confirm(t))) ||
	    (status = person_prove(t, p)))
		return status;
	if ((r = t->clock.now(t->clock.ctx, &now)) ||
	    (r = recovery_new(t->crypto, &new.factor.recovery, new.code)))
		goto out;
	new.factor.created = now.real;
	if (!(r = person_edit(p, replace, &new, &why))) {
		show(t, p, &new);
		person_log(t, p, "add", "factor=%s", new.factor.id);
	}
out:
	mfa_wipe(&new, sizeof(new));
	return tool_error(r, &why);
}

int
verb_add_recovery(struct tool *t, int argc, char **argv)
{
	return person_with(t, argc > 0 ? argv[0] : NULL, PERSON_CHANGE,
	    enroll_recovery);
}
