/* A code as a voice reads it. */
#include <string.h>

#include "spell.h"
#include "text.h"

static const struct spelling {
	const char *tag;
	const char *word[10];
} languages[] = {
	{ "", { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" } },
	{ "en", { "zero", "one", "two", "three", "four", "five", "six",
	    "seven", "eight", "nine" } },
	/* よん, なな, きゅう: し, しち and く are misheard on a telephone. */
	{ "ja", { "ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな",
	    "はち", "きゅう" } },
};

static const struct spelling *
find(const char *tag)
{
	char primary[4] = "";
	size_t len = strcspn(tag, "-");

	if (len >= sizeof(primary))
		return NULL;
	memcpy(primary, tag, len);
	for (size_t i = 0; i < sizeof(languages) / sizeof(*languages); i++)
		if (text_case_equal(primary, languages[i].tag))
			return &languages[i];
	return NULL;
}

enum mfa_err
spell_digits(const char *code, const char *separator, const char *language,
    struct buf *ret)
{
	const struct spelling *in = find(language);
	enum mfa_err r = MFA_OK;

	if (*code == '\0')
		return MFA_ESYNTAX;
	for (const char *p = code; *p; p++)
		if (!text_is_digit(*p))
			return MFA_ESYNTAX;
	if (in == NULL)
		return MFA_ENOENT;
	for (const char *p = code; *p && !r; p++)
		if (p == code || !(r = buf_puts(ret, separator)))
			r = buf_puts(ret, in->word[*p - '0']);
	return r;
}
