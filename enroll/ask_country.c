/* The country of a number that is typed. */
#include "../pam_mfa/core/country.h"
#include "phone.h"

static void
no_country(const struct tool *t, const char *typed)
{
	const struct country *near = country_nearest(typed);

	if (near != NULL)
		tool_warn(t, "There is no such country; did you mean %s?",
		    near->name);
	else
		tool_warn(t, "There is no such country: type its English name "
		    "or its calling code.");
}

enum mfa_err
phone_country(const struct tool *t, const struct country **ret)
{
	const struct country *home = country_find(t->conf.send.country);
	char title[COUNTRY_TITLE_MAX + 1], prompt[COUNTRY_TITLE_MAX + 64];
	struct buf typed = { 0 };
	enum mfa_err r = MFA_OK;

	*ret = NULL;
	if (home != NULL)
		snprintf(prompt, sizeof(prompt), say(t->language, "Country of "
		    "the number (empty: %s): "), country_title(title, home,
		    t->language));
	else
		snprintf(prompt, sizeof(prompt), "%s", say(t->language,
		    "Country of the number, such as Japan or +81: "));
	for (int i = 0; i < PHONE_ASKED_MAX && !r && *ret == NULL; i++) {
		buf_wipe(&typed);
		r = tool_ask(t, prompt, true, &typed);
		if (!r)
			*ret = typed.len == 0 ? home :
			    country_find(buf_str(&typed));
		if (!r && *ret == NULL)
			no_country(t, buf_str(&typed));
	}
	buf_wipe(&typed);
	return r;
}
