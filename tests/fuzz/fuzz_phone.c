/* Lines: home country, a number, an extension, a list of prefixes. */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/phone.h"
#include "../../pam_mfa/core/text.h"
#include "fuzz.h"

/* Nothing but the calling code and the last two digits. */
static void
masked(const char *e164)
{
	char mask[PHONE_MASK_MAX + 1];
	const struct country *c = country_of(e164 + 1);
	size_t len, shown = 0;

	len = strlen(phone_mask(mask, e164));
	fuzz_must(len <= PHONE_MASK_MAX);
	for (size_t i = 0; i < len; i++)
		shown += text_is_digit(mask[i]);
	fuzz_must(shown == 2 + (c != NULL ? strlen(c->code) : 0));
	fuzz_must(!strcmp(mask + len - 2, e164 + strlen(e164) - 2));
}

/* Each way to write it at home is read back as the same number, or asks. */
static void
formats(const char *e164, const struct country *home)
{
	char text[PHONE_FORMAT_MAX + 1], back[PHONE_MAX + 1];
	char prefix[PHONE_MAX + 1];
	struct mfa_why why = { "" };

	fuzz_must(!phone_parse(e164, home, back, &why));
	fuzz_must(!strcmp(back, e164));
	fuzz_must(!strncmp(phone_prefix(prefix, e164), e164,
	    strlen(e164) - 4));
	fuzz_must(!phone_format(e164, PHONE_E164, text) && !strcmp(text, e164));
	fuzz_must(!phone_format(e164, PHONE_DIGITS, text) &&
	    !strcmp(text, e164 + 1));
	fuzz_must(!phone_format(e164, PHONE_ZERO_ZERO, text) &&
	    !strcmp(text + 2, e164 + 1));
	if (phone_format(e164, PHONE_NATIONAL, text))
		return;
	if (!phone_parse(text, country_of(e164 + 1), back, &why))
		fuzz_must(!strcmp(back, e164));
	fuzz_why(&why);
}

static void
number(const char *typed, const struct country *home, const char *prefixes)
{
	char e164[PHONE_MAX + 1], country[COUNTRY_TITLE_MAX + 1];
	struct mfa_why why = { "" };

	if (phone_parse(typed, home, e164, &why)) {
		fuzz_must(*why.text != '\0');
		fuzz_why(&why);
		return;
	}
	fuzz_must(phone_is_e164(e164));
	masked(e164);
	formats(e164, home);
	if (country_of(e164 + 1) != NULL)
		country_title(country, country_of(e164 + 1), LANGUAGE_EN);
	if (!phone_prefixes_valid(prefixes, &why)) {
		enum phone_reach reach = phone_allowed(e164, prefixes);

		fuzz_must(phone_reach_name(reach) != NULL);
		fuzz_must(reach != PHONE_ALLOWED || *prefixes != '\0');
	}
	fuzz_why(&why);
}

static void
extension(const char *typed)
{
	char ext[PHONE_EXT_MAX + 1], again[PHONE_EXT_MAX + 1];

	if (phone_extension(typed, ext))
		return;
	fuzz_must(strspn(ext, "0123456789,") == strlen(ext));
	fuzz_must(!phone_extension(ext, again) && !strcmp(ext, again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *home = fuzz_line(&in), *typed = fuzz_line(&in);
	char *ext = fuzz_line(&in), *prefixes = fuzz_line(&in);
	const struct country *c = country_find(home);
	struct mfa_why why = { "" };

	(void)country_nearest(home);
	if (c != NULL)
		fuzz_must(country_find(c->iso) == c);
	number(typed, c, prefixes);
	extension(ext);
	if (phone_prefixes_valid(prefixes, &why))
		fuzz_must(*why.text != '\0');
	fuzz_why(&why);
	free(home);
	free(typed);
	free(ext);
	free(prefixes);
	return 0;
}
