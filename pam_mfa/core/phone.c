/* Telephone numbers in E.164: shown, sent, allowed. */
#include <stdio.h>
#include <string.h>

#include "phone.h"
#include "text.h"

#define APART_MIN 4	/* digits of an entry that can name a code of "+1" */

/* Codes of satellites, and of services that no country answers for. */
static const char no_country[] = "870 878 881 882 883 888 979";

/*
 * Codes of "+1" that no territory has, and that cost the caller or whoever
 * is called: personal (5XX), satellite (600), carrier (700), premium (900).
 */
static const char not_a_place[] = "500 521 522 523 524 525 526 527 528 529 533 "
    "544 566 577 588 600 622 633 644 655 677 688 700 900";

bool
phone_is_e164(const char *s)
{
	size_t n;

	if (*s++ != '+' || *s == '0')
		return false;
	for (n = 0; text_is_digit(s[n]); n++)
		if (n == PHONE_MAX - 1)
			return false;
	return s[n] == '\0' && n >= PHONE_DIGITS_MIN;
}

char *
phone_mask(char dst[static PHONE_MASK_MAX + 1], const char *e164)
{
	const struct country *c;
	size_t code, hidden;
	char *p = dst;

	*dst = '\0';
	if (!phone_is_e164(e164))
		return dst;
	code = (c = country_of(e164 + 1)) != NULL ? strlen(c->code) : 0;
	hidden = strlen(e164) - 1 - code - 2;
	memcpy(p, e164, code + 1);
	p += code + 1;
	if (code > 0)
		*p++ = ' ';
	memset(p, '*', hidden);
	memcpy(p + hidden, e164 + strlen(e164) - 2, 3);
	return dst;
}

char *
phone_field(char dst[static PHONE_MASK_MAX + 1], const char *mask)
{
	char *p = dst;

	for (; *mask != '\0' && p < dst + PHONE_MASK_MAX; mask++)
		if (*mask != ' ')
			*p++ = *mask;
	if (p == dst)
		*p++ = '-';
	*p = '\0';
	return dst;
}

enum mfa_err
phone_format(const char *e164, enum phone_format format,
    char ret[static PHONE_FORMAT_MAX + 1])
{
	const char *digits = e164 + 1, *trunk, *before = "";
	const struct country *c;
	size_t len = 0;

	if (!phone_is_e164(e164))
		return MFA_ERANGE;
	switch (format) {
	case PHONE_E164:
		before = "+";
		len = 1;
		break;
	case PHONE_DIGITS:
		break;
	case PHONE_ZERO_ZERO:
		before = "00";
		len = 2;
		break;
	case PHONE_NATIONAL:
		if ((c = country_of(digits)) == NULL)
			return MFA_ERANGE;
		digits += strlen(c->code);
		trunk = c->trunk;
		if ((trunk = text_word(&trunk, &len)) != NULL)
			before = trunk;
		break;
	}
	snprintf(ret, PHONE_FORMAT_MAX + 1, "%.*s%s", (int)len, before, digits);
	return MFA_OK;
}

char *
phone_prefix(char dst[static PHONE_MAX + 1], const char *e164)
{
	*dst = '\0';
	if (phone_is_e164(e164))
		snprintf(dst, PHONE_MAX + 1, "%.*s", (int)strlen(e164) - 4,
		    e164);
	return dst;
}

/* A code of "+1" beyond the United States and Canada? */
static bool
is_apart(const char *digits)
{
	const struct country *c;

	if (*digits != '1' || text_leading_word(digits + 1, not_a_place) > 0)
		return *digits == '1';
	c = country_of(digits);
	return strcmp(c->iso, "US") && strcmp(c->iso, "CA");
}

enum phone_reach
phone_allowed(const char *e164, const char *prefixes)
{
	const char *digits = e164 + 1, *word;
	size_t best = 0, len;
	bool refused = false;

	if (!phone_is_e164(e164))
		return PHONE_UNLISTED;
	if (text_leading_word(digits, no_country) > 0)
		return PHONE_NO_COUNTRY;
	while ((word = text_word(&prefixes, &len)) != NULL) {
		bool minus = *word == '-';
		size_t n = len - minus;

		if (n >= 2 && n >= best && !strncmp(e164, word + minus, n)) {
			refused = minus || (refused && n == best);
			best = n;
		}
	}
	if (best == 0)
		return PHONE_UNLISTED;
	if (refused)
		return PHONE_REFUSED;
	return best - 1 < APART_MIN && is_apart(digits) ? PHONE_APART :
	    PHONE_ALLOWED;
}

const char *
phone_reach_name(enum phone_reach reach)
{
	switch (reach) {
	case PHONE_ALLOWED:
		return "allowed";
	case PHONE_UNLISTED:
		return "not_in_list";
	case PHONE_REFUSED:
		return "refused_by_list";
	case PHONE_APART:
		return "not_named";
	case PHONE_NO_COUNTRY:
		return "no_country";
	}
	return "unknown";
}

/*
 * Some country's code, or the beginning of one ("+42"), or longer than one:
 * "+99" and "+0" reach nobody and are mistakes.
 */
static bool
reaches_somebody(const char *digits)
{
	const struct country *c;

	if (country_of(digits) != NULL)
		return true;
	for (size_t i = 0; (c = country_at(i)) != NULL; i++)
		if (!strncmp(digits, c->code, strlen(digits)))
			return true;
	return false;
}

/* word: without the '-'. */
static enum mfa_err
entry_valid(const char *word, size_t len, struct mfa_why *why)
{
	char entry[PHONE_MAX + 1];

	if (*word != '+' || len < 2 || len > PHONE_MAX ||
	    strspn(word + 1, "0123456789") < len - 1)
		return mfa_fail(why, MFA_ESYNTAX, "\"%.*s\" is no prefix: "
		    "write \"+81\" to allow it, \"-+81\" to refuse it",
		    (int)len, word);
	memcpy(entry, word, len);
	entry[len] = '\0';
	if (text_leading_word(entry + 1, no_country) > 0)
		return mfa_fail(why, MFA_ERANGE, "%s is a satellite or shared "
		    "code: no code ever goes there, take it out", entry);
	if (!reaches_somebody(entry + 1))
		return mfa_fail(why, MFA_ERANGE, "no country's numbers begin "
		    "with %s: write the calling code, as +81 for Japan", entry);
	return MFA_OK;
}

/* Is the entry, '-' aside, among the words before it? */
static bool
seen_before(const char *list, const char *entry, size_t len)
{
	const char *word;
	size_t n;

	while ((word = text_word(&list, &n)) != NULL) {
		bool minus = *word == '-';

		if (word + minus == entry)
			break;
		if (n - minus == len && !strncmp(word + minus, entry, len))
			return true;
	}
	return false;
}

enum mfa_err
phone_prefixes_valid(const char *list, struct mfa_why *why)
{
	const char *p = list, *word;
	size_t allowed = 0, entries = 0, len;
	enum mfa_err r;

	for (; (word = text_word(&p, &len)) != NULL; entries++) {
		bool minus = *word == '-';

		word += minus;
		len -= minus;
		allowed += !minus;
		if ((r = entry_valid(word, len, why)))
			return r;
		if (seen_before(list, word, len))
			return mfa_fail(why, MFA_ERANGE, "%.*s stands there "
			    "twice: leave one", (int)len, word);
	}
	if (entries > 0 && allowed == 0)
		return mfa_fail(why, MFA_ERANGE, "the list only refuses, so "
		    "nothing is allowed: add what is, as \"+81\"");
	return MFA_OK;
}
