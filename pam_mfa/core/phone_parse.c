/* Telephone numbers as people type them. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "phone.h"
#include "text.h"
#include "utf8.h"

#define TYPED_MAX 32	/* digits, of a number and all before it */
#define GLYPH_NONE '?'	/* no part of a number */
#define GLYPH_GAP ' '	/* separates, means nothing */

/* What was typed, without what separates. */
struct spelling {
	char digits[TYPED_MAX + 1];
	size_t n;
	bool plus;		/* '+' before the first digit */
	size_t group, group_len; /* digits in the first (...) behind others */
};

/* The readings of a number without '+'; two different ones are one too many. */
struct readings {
	char number[PHONE_MAX + 1];
	unsigned n;
};

/*
 * The decimal digits that telephones' and computers' keyboards type: ASCII,
 * Arabic-Indic (two sets), and the full-width ones of East Asia.
 */
static char
digit_of(uint32_t c)
{
	static const uint32_t zeros[] = { '0', 0x660, 0x6f0, 0xff10 };

	for (size_t i = 0; i < sizeof(zeros) / sizeof(*zeros); i++)
		if (c >= zeros[i] && c < zeros[i] + 10)
			return (char)('0' + (c - zeros[i]));
	return GLYPH_NONE;
}

static char
glyph_of(uint32_t c)
{
	/* Japanese keyboards give the long vowel, 0x30fc or 0xff70, for '-'. */
	static const uint32_t gaps[] = { ' ', '\t', '-', '.', '/', 0xa0, 0xad,
	    0x2009, 0x202f, 0x3000, 0x2212, 0xff0d, 0xff0e, 0xff0f, 0x30fc,
	    0xff70, 0xfe63 };

	if (c == '+' || c == 0xff0b)
		return '+';
	if (c == '(' || c == 0xff08)
		return '(';
	if (c == ')' || c == 0xff09)
		return ')';
	/* Hyphens and dashes; invisible marks that come with a pasted one. */
	if ((c >= 0x2010 && c <= 0x2015) || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		return GLYPH_GAP;
	for (size_t i = 0; i < sizeof(gaps) / sizeof(*gaps); i++)
		if (c == gaps[i])
			return GLYPH_GAP;
	return digit_of(c);
}

static enum mfa_err
not_a_glyph(const char *p, size_t len, struct mfa_why *why)
{
	if (len == 0)
		return mfa_fail(why, MFA_ESYNTAX, "The number is not UTF-8 "
		    "text. Type it with the digits 0 to 9.");
	if (*p == ';' || *p == ',' || *p == '#' || *p == 'x' || *p == 'e')
		return mfa_fail(why, MFA_ESYNTAX, "\"%.*s\" is not part of a "
		    "phone number. Give an extension apart.", (int)len, p);
	return mfa_fail(why, MFA_ESYNTAX, "\"%.*s\" is not part of a phone "
	    "number. Type digits, and + before a country code.", (int)len, p);
}

/* One glyph more; false if it cannot stand here. */
static bool
add_glyph(struct spelling *sp, char glyph, size_t *open)
{
	if (glyph == '+') {
		if (sp->plus || sp->n > 0)
			return false;
		sp->plus = true;
	} else if (glyph == '(') {
		*open = sp->n;
	} else if (glyph == ')') {
		if (sp->group_len == 0 && *open > 0) {
			sp->group = *open;
			sp->group_len = sp->n - *open;
		}
	} else if (glyph != GLYPH_GAP) {
		sp->digits[sp->n++] = glyph;
	}
	return true;
}

static const char *
behind_scheme(const char *typed)
{
	static const char scheme[] = "TEL:";
	size_t i = 0;

	while (text_is_space(*typed))
		typed++;
	while (scheme[i] != '\0' && text_upper(typed[i]) == scheme[i])
		i++;
	return scheme[i] == '\0' ? typed + i : typed;
}

static enum mfa_err
read_spelling(const char *typed, struct spelling *ret, struct mfa_why *why)
{
	struct spelling sp = { .n = 0 };
	size_t open = 0, len;
	uint32_t c;

	for (const char *p = behind_scheme(typed); *p; p += len) {
		char glyph = GLYPH_NONE;

		if ((len = utf8_next(p, &c)) > 0)
			glyph = glyph_of(c);
		if (glyph == GLYPH_NONE)
			return not_a_glyph(p, len, why);
		if (sp.n == TYPED_MAX)
			return mfa_fail(why, MFA_ERANGE, "The number is too "
			    "long: no phone number has over 15 digits.");
		if (!add_glyph(&sp, glyph, &open))
			return mfa_fail(why, MFA_ESYNTAX, "\"+\" can stand "
			    "only once, before the country code.");
	}
	if (sp.n == 0)
		return mfa_fail(why, MFA_ESYNTAX, "Type a phone number.");
	sp.digits[sp.n] = '\0';
	*ret = sp;
	return MFA_OK;
}

/* In the language in which it is told. */
static const char *
named(const struct country *c, const struct mfa_why *why)
{
	return country_name(c, why != NULL ? why->language : LANGUAGE_EN);
}

static enum mfa_err
check_length(const struct country *c, size_t n, struct mfa_why *why)
{
	bool few = n < c->min;
	char title[COUNTRY_TITLE_MAX + 1];

	if (n >= c->min && n <= c->max)
		return MFA_OK;
	country_title(title, c, why != NULL ? why->language : LANGUAGE_EN);
	if (c->min == c->max)
		return mfa_fail(why, MFA_ERANGE, few ?
		    "The number is too short for %s: %u digits follow +%s, "
		    "here are %zu." :
		    "The number is too long for %s: %u digits follow +%s, "
		    "here are %zu.", title, c->min, c->code, n);
	return mfa_fail(why, MFA_ERANGE, few ?
	    "The number is too short for %s: %u to %u digits follow +%s, here "
	    "are %zu." :
	    "The number is too long for %s: %u to %u digits follow +%s, here "
	    "are %zu.", title, c->min, c->max, c->code, n);
}

/* Are these the digits behind the calling code of a number there? */
static enum mfa_err
check_national(const struct country *c, const char *digits,
    struct mfa_why *why)
{
	size_t n = strlen(digits), trunk = text_leading_word(digits, c->trunk);
	enum mfa_err r;

	if (trunk > 0 && (*digits == '0' || n > c->max))
		return mfa_fail(why, MFA_ERANGE, "Leave out the %.*s behind "
		    "+%s: it is dialled only within %s.", (int)trunk, digits,
		    c->code, named(c, why));
	if (*digits == '0' && (*c->trunk != '\0' || digits[1] == '0'))
		return mfa_fail(why, MFA_ERANGE, "No number of %s has a 0 "
		    "behind +%s. Check the number.", named(c, why),
		    c->code);
	if ((r = check_length(c, n, why)))
		return r;
	/* The one plan whose area codes and exchanges all have a rule. */
	if (!strcmp(c->code, "1") && (digits[0] < '2' || digits[3] < '2'))
		return mfa_fail(why, MFA_ERANGE, "Behind +1, the first and the "
		    "fourth digit are 2 to 9. Check the number.");
	return MFA_OK;
}

/* digits: the calling code and what follows it. */
static enum mfa_err
whole_number(const char *digits, char ret[static PHONE_MAX + 1],
    struct mfa_why *why)
{
	const struct country *c = country_of(digits);
	enum mfa_err r;

	if (c == NULL)
		return mfa_fail(why, MFA_ERANGE, "No country has the calling "
		    "code that +%.3s begins with. Check the number.", digits);
	if ((r = check_national(c, digits + strlen(c->code), why)))
		return r;
	snprintf(ret, PHONE_MAX + 1, "+%.*s", PHONE_MAX - 1, digits);
	return MFA_OK;
}

/* The calling code is at digits[at]; "+81 (0)90" is "+81 90". */
static enum mfa_err
abroad(const struct spelling *sp, size_t at, char ret[static PHONE_MAX + 1],
    struct mfa_why *why)
{
	const struct country *c = country_of(sp->digits + at);
	const char *group = sp->digits + sp->group;
	char digits[TYPED_MAX + 1];
	size_t code;

	if (c != NULL && sp->group_len > 0 &&
	    sp->group == (code = at + strlen(c->code)) &&
	    text_leading_word(group, c->trunk) == sp->group_len)
		snprintf(digits, sizeof(digits), "%.*s%s", (int)(code - at),
		    sp->digits + at, group + sp->group_len);
	else
		snprintf(digits, sizeof(digits), "%s", sp->digits + at);
	return whole_number(digits, ret, why);
}

static void
add_reading(struct readings *found, const char *number)
{
	if (found->n == 0)
		memcpy(found->number, number, PHONE_MAX + 1);
	if (found->n == 0 || strcmp(found->number, number))
		found->n++;
}

/* Dialled within home, without the trunk prefix. */
static void
add_national(struct readings *found, const struct country *home,
    const char *national)
{
	char digits[TYPED_MAX + 4], number[PHONE_MAX + 1];

	snprintf(digits, sizeof(digits), "%s%s", home->code, national);
	if (whole_number(digits, number, NULL) == MFA_OK)
		add_reading(found, number);
}

/*
 * Without its trunk prefix a number may be one without its area code, too,
 * unless it is as long as any there, or all are (nearly) as long.
 */
static bool
is_whole_without_trunk(const struct country *home, size_t n)
{
	return *home->trunk == '\0' || n == home->max ||
	    home->max - home->min <= 1;
}

static void
find_readings(const struct spelling *sp, const struct country *home,
    struct readings *found)
{
	const char *trunk = home->trunk, *abroads[] = { home->abroad, "00" };
	char number[PHONE_MAX + 1];
	const char *word;
	size_t len;

	while ((word = text_word(&trunk, &len)) != NULL)
		if (!strncmp(sp->digits, word, len))
			add_national(found, home, sp->digits + len);
	if (is_whole_without_trunk(home, sp->n))
		add_national(found, home, sp->digits);
	for (size_t i = 0; i < 2; i++)
		while ((word = text_word(&abroads[i], &len)) != NULL)
			if (!strncmp(sp->digits, word, len) &&
			    !abroad(sp, len, number, NULL))
				add_reading(found, number);
	/*
	 * "81 90 ..." without its '+'. Where no trunk prefix marks a number
	 * within the country, what can be such a number is one.
	 */
	if ((found->n == 0 || *home->trunk != '\0') &&
	    text_leading_word(sp->digits, home->code) > 0 &&
	    !abroad(sp, 0, number, NULL))
		add_reading(found, number);
}

/* Why there is no reading. Never MFA_OK. */
static enum mfa_err
explain(const struct spelling *sp, const struct country *home,
    struct mfa_why *why)
{
	char unused[PHONE_MAX + 1];
	enum mfa_err r;
	size_t len;

	if (((len = text_leading_word(sp->digits, home->abroad)) > 0 ||
	    (len = text_leading_word(sp->digits, "00")) > 0) &&
	    (r = abroad(sp, len, unused, why)))
		return r;
	len = text_leading_word(sp->digits, home->trunk);
	if ((r = check_national(home, sp->digits + len, why)))
		return r;
	return mfa_fail(why, MFA_ERANGE, "The area code may be missing. Type "
	    "the number with the %.*s that is dialled first in %s, or from +%s "
	    "on.", (int)strcspn(home->trunk, " "), home->trunk,
	    named(home, why), home->code);
}

enum mfa_err
phone_parse(const char *typed, const struct country *home,
    char ret[static PHONE_MAX + 1], struct mfa_why *why)
{
	struct readings found = { .n = 0 };
	struct spelling sp;
	enum mfa_err r;

	if ((r = read_spelling(typed, &sp, why)))
		return r;
	if (sp.plus)
		return abroad(&sp, 0, ret, why);
	if (home == NULL)
		return mfa_fail(why, MFA_ENOENT, "The country is not known. "
		    "Type the number with + and the country code, as +81 for "
		    "Japan.");
	find_readings(&sp, home, &found);
	if (found.n == 0)
		return explain(&sp, home, why);
	if (found.n > 1)
		return mfa_fail(why, MFA_ERANGE, "The number can be read in "
		    "two ways. Type it with + and the country code.");
	memcpy(ret, found.number, PHONE_MAX + 1);
	return MFA_OK;
}

enum mfa_err
phone_extension(const char *typed, char ret[static PHONE_EXT_MAX + 1])
{
	char ext[PHONE_EXT_MAX + 1];
	bool any = false;
	size_t n = 0, len;
	uint32_t c;

	for (const char *p = typed; *p; p += len) {
		char glyph;

		if ((len = utf8_next(p, &c)) == 0)
			return MFA_ESYNTAX;
		if ((glyph = glyph_of(c)) == GLYPH_GAP)
			continue;
		if (*p == ',' || text_upper(*p) == 'W' || text_upper(*p) == 'P')
			glyph = ',';
		else if (!text_is_digit(glyph))
			return MFA_ESYNTAX;
		if (n == PHONE_EXT_MAX)
			return MFA_ERANGE;
		any |= glyph != ',';
		ext[n++] = glyph;
	}
	if (!any)
		return MFA_ESYNTAX;
	ext[n] = '\0';
	memcpy(ret, ext, n + 1);
	return MFA_OK;
}
