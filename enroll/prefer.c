/* What a person prefers: the way that is asked for first, and the language. */
#include <string.h>

#include "../pam_mfa/core/language.h"
#include "../pam_mfa/core/ways.h"
#include "enroll.h"

/* The new value; "language" or "first" is the verb. */
struct preference {
	const char *verb, *word;
	enum record_first first;
	bool changed;	/* it was another */
};

/* Can a person be asked so? */
static bool
has(const struct record *rec, enum record_first first)
{
	struct ways ways;

	ways_of(rec, METHOD_ALL, &ways);
	switch (first) {
	case RECORD_FIRST_SMS:
		return ways_first(&ways, SENDING_SMS) != WAYS_NONE;
	case RECORD_FIRST_VOICE:
		return ways_first(&ways, SENDING_VOICE) != WAYS_NONE;
	case RECORD_FIRST_TOTP:
	case RECORD_FIRST_NONE:
		break;
	}
	for (size_t i = 0; i < rec->n; i++)
		if (factor_is_otp(rec->factor[i].kind))
			return true;
	return false;
}

static enum mfa_err
set_first(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct preference *pref = ctx;

	(void)st;
	if (!has(rec, pref->first))
		return mfa_fail(why, MFA_ENOENT, "no factor gives codes by %s; "
		    "see: mfactl status", pref->word);
	pref->changed = rec->first != pref->first;
	rec->first = pref->first;
	return MFA_OK;
}

static enum mfa_err
set_language(void *ctx, struct record *rec, struct state *st,
    struct mfa_why *why)
{
	struct preference *pref = ctx;

	(void)st;
	if (rec->n == 0)
		return mfa_fail(why, MFA_ENOENT, "there is no factor yet; "
		    "enrol one: mfactl add totp");
	pref->changed = strcmp(rec->language, pref->word) != 0;
	snprintf(rec->language, sizeof(rec->language), "%s", pref->word);
	return MFA_OK;
}

static int
change(const struct tool *t, const struct person *p, person_edit_fn *fn,
    struct preference *pref)
{
	struct mfa_why why = { .language = t->language };
	enum mfa_err r;
	int status;

	if ((status = person_dry(t, p, fn, pref)) ||
	    (status = person_prove(t, p)))
		return status;
	if ((r = person_edit(p, fn, pref, &why)))
		return tool_error(r, &why);
	tool_say(t, "For %s it is now %s.", p->who.user, pref->word);
	if (pref->changed)
		person_log(t, p, pref->verb, "%s=%s", pref->verb, pref->word);
	return TOOL_OK;
}

int
enroll_first(const struct tool *t, const struct person *p, const char *word)
{
	struct preference pref = { .verb = "first", .word = word };

	if (record_first_named(word, &pref.first))
		return tool_refuse(t, TOOL_USAGE, "first is totp, sms or "
		    "voice");
	return change(t, p, set_first, &pref);
}

int
enroll_language(const struct tool *t, const struct person *p, const char *word)
{
	struct preference pref = { .verb = "language", .word = word };

	if (language_index(word) < 0)
		return tool_refuse(t, TOOL_USAGE, "language is %s",
		    LANGUAGE_CHOICE);
	return change(t, p, set_language, &pref);
}

int
verb_first(struct tool *t, int argc, char **argv)
{
	return person_with_word(t, argc > 1 ? argv[1] : NULL, PERSON_CHANGE,
	    enroll_first, argv[0]);
}

int
verb_language(struct tool *t, int argc, char **argv)
{
	return person_with_word(t, argc > 1 ? argv[1] : NULL, PERSON_CHANGE,
	    enroll_language, argv[0]);
}
