/* What verbs that name a factor share. */
#include "enroll.h"

enum mfa_err
add_find(const struct record *rec, const char *factor, size_t *ret_i,
    struct mfa_why *why)
{
	enum mfa_err r = record_find(rec, factor, ret_i);

	if (r == MFA_ENOENT)
		return mfa_fail(why, r, "there is no factor \"%s\"; see: "
		    "mfactl status", factor);
	if (r)
		return mfa_fail(why, r, "more than one factor is called "
		    "\"%s\"; use the id: mfactl status", factor);
	return MFA_OK;
}

void
add_language(const struct tool *t, struct record *rec)
{
	enum language hosts = t->conf.login.language;

	if (t->opt.language != NULL)
		record_first_language(rec, language_or(t->opt.language, hosts),
		    hosts);
}
