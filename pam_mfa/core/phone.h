/*
 * Telephone numbers: as people type them, as we keep them (E.164: '+', the
 * calling code, at most 15 digits in all), as they are shown and sent, and
 * where codes may go.
 */
#ifndef MFA_PHONE_H
#define MFA_PHONE_H

#include <stdbool.h>

#include "country.h"
#include "err.h"

/* Characters without the NUL. */
#define PHONE_MAX 16		/* E.164, the '+' included */
#define PHONE_DIGITS_MIN 7	/* the shortest whole number, code included */
#define PHONE_MASK_MAX (PHONE_MAX + 1)
#define PHONE_FORMAT_MAX (PHONE_MAX + 1)
#define PHONE_EXT_MAX 10

/* '+', then 7 to 15 digits, the first not 0? All else here relies on it. */
bool phone_is_e164(const char *);

/*
 * Any usual spelling to E.164: "090-0000-1234" at home in Japan, "+81 (0)90
 * 0000 1234", "0081...", "010 81 ..." (what is dialled for abroad at home),
 * "tel:+81...", digits and hyphens of any width. home may be NULL: only '+'
 * is then understood. With home, the trunk prefix may be missing where what is
 * left cannot be a number without its area code, and the '+' before home's own
 * code. A spelling with two readings is refused, and so is "+81 090": why says
 * what to type, and does not repeat the number.
 * MFA_ESYNTAX: not the spelling of a number. MFA_ERANGE: no such number, by
 * its calling code or its length there. MFA_ENOENT: home would be needed.
 */
enum mfa_err phone_parse(const char *typed, const struct country *home,
    char ret[static PHONE_MAX + 1], struct mfa_why *) MFA_MUST_CHECK;

/*
 * What to dial after the call is answered: digits, and ',' for a pause, also
 * spelled 'w' or 'p'; blanks and hyphens are skipped. MFA_ESYNTAX: any other
 * character, or no digit. MFA_ERANGE: over PHONE_EXT_MAX.
 */
enum mfa_err phone_extension(const char *typed,
    char ret[static PHONE_EXT_MAX + 1]) MFA_MUST_CHECK;

/*
 * "+81 ********34": the calling code, a star for each hidden digit, the last
 * two. "+**********34" if no country has the code; "" for what is no E.164.
 * Returns dst.
 */
char *phone_mask(char dst[static PHONE_MASK_MAX + 1], const char *e164);

/* A masked number as one value of a log line: "+81********34"; "-" of "". */
char *phone_field(char dst[static PHONE_MASK_MAX + 1], const char *mask);

enum phone_format {
	PHONE_E164,		/* +819000001234 */
	PHONE_DIGITS,		/* 819000001234 */
	PHONE_ZERO_ZERO,	/* 00819000001234 */
	PHONE_NATIONAL,		/* 09000001234 */
};

/* MFA_ERANGE: no E.164, or no country (for PHONE_NATIONAL). */
enum mfa_err phone_format(const char *e164, enum phone_format,
    char ret[static PHONE_FORMAT_MAX + 1]) MFA_MUST_CHECK;

/*
 * By what numbers of one range are counted together: E.164 but its last four
 * digits. "" for what is no E.164. Returns dst.
 */
char *phone_prefix(char dst[static PHONE_MAX + 1], const char *e164);

/* May a code go there? Only PHONE_ALLOWED says yes. */
enum phone_reach {
	PHONE_ALLOWED,
	PHONE_UNLISTED,		/* no entry of the list matches */
	PHONE_REFUSED,		/* the longest that matches has a '-' */
	PHONE_APART,		/* "+1" does not reach it: the Caribbean,
				 * premium and personal numbers; name it
				 * ("+1242") */
	PHONE_NO_COUNTRY,	/* satellite and shared codes: never */
};

/*
 * By a list such as "+81 +44 -+4470": the longest entry that the number
 * begins with decides. "" allows nothing. The list is one that
 * phone_prefixes_valid() takes; what is no E.164 is PHONE_UNLISTED.
 */
enum phone_reach phone_allowed(const char *e164, const char *prefixes);

/* One word for a log: "allowed", "not_in_list" ... Never NULL. */
const char *phone_reach_name(enum phone_reach);

/*
 * Is it a list of "+DIGITS" and "-+DIGITS", each one once, each within some
 * country's calling code, one at least without '-'? Also "". MFA_ESYNTAX,
 * MFA_ERANGE; why names the entry.
 */
enum mfa_err phone_prefixes_valid(const char *list, struct mfa_why *)
    MFA_MUST_CHECK;

#endif
