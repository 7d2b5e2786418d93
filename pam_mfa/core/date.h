/* Dates of the Gregorian calendar, as days since 1970-01-01. */
#ifndef MFA_DATE_H
#define MFA_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "language.h"

#define DATE_MAX 11	/* bytes of "2027-03-31", NUL included */
#define DATE_SAID_MAX 32	/* bytes, NUL included, in any language */

bool date_is_leap(int year);
unsigned date_month_days(int year, unsigned month);	/* month 1-12 */

/* From year 1, month 1-12, day 1-31; nothing is checked. */
int64_t date_days(int year, unsigned month, unsigned day);

/* The year of a day; 9999 for all after. */
unsigned date_year(unsigned days);

/* "2027-03-31", from 1970 to 9999 and in the calendar. MFA_ESYNTAX. */
enum mfa_err date_parse(const char *, unsigned *ret_days) MFA_MUST_CHECK;

/* The way back, into dst. Returns dst. */
char *date_format(unsigned days, char dst[static DATE_MAX]);

/* The same for a person to read: "2027年03月31日". Returns dst. */
char *date_say(enum language, unsigned days, char dst[static DATE_SAID_MAX]);

#endif
