/* Dates of the Gregorian calendar. */
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "say.h"
#include "text.h"

bool
date_is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

unsigned
date_month_days(int year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31,
	    30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && date_is_leap(year) ? 1U : 0U);
}

int64_t
date_days(int year, unsigned month, unsigned day)
{
	int64_t before = year - 1;
	int64_t days = before * 365 + before / 4 - before / 100 + before / 400;

	for (unsigned m = 1; m < month; m++)
		days += date_month_days(year, m);
	return days + day - 1 - 719162;	/* 0001-01-01 to 1970-01-01 */
}

enum mfa_err
date_parse(const char *s, unsigned *ret)
{
	unsigned part[3] = { 0 }, n = 0;

	if (strlen(s) != DATE_MAX - 1)
		return MFA_ESYNTAX;
	for (unsigned i = 0; i < DATE_MAX - 1; i++)
		if (i == 4 || i == 7) {
			if (s[i] != '-')
				return MFA_ESYNTAX;
			n++;
		} else if (!text_is_digit(s[i]))
			return MFA_ESYNTAX;
		else
			part[n] = part[n] * 10 + (unsigned)(s[i] - '0');
	if (part[0] < 1970 || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
	    part[2] > date_month_days((int)part[0], part[1]))
		return MFA_ESYNTAX;
	*ret = (unsigned)date_days((int)part[0], part[1], part[2]);
	return MFA_OK;
}

unsigned
date_year(unsigned days)
{
	unsigned year = 1970 + days / 366;

	while (year < 9999 && date_days((int)year + 1, 1, 1) <= days)
		year++;
	return year < 9999 ? year : 9999;
}

/* The remainders say to the compiler how long each can be printed. */
static void
split(unsigned days, unsigned *ret_year, unsigned *ret_month, unsigned *ret_day)
{
	unsigned year = date_year(days), month = 1;

	days -= (unsigned)date_days((int)year, 1, 1);
	for (; month < 12 && days >= date_month_days((int)year, month); month++)
		days -= date_month_days((int)year, month);
	*ret_year = year % 10000;
	*ret_month = month;
	*ret_day = (days + 1) % 100;
}

char *
date_format(unsigned days, char dst[static DATE_MAX])
{
	unsigned year, month, day;

	split(days, &year, &month, &day);
	snprintf(dst, DATE_MAX, "%04u-%02u-%02u", year, month, day);
	return dst;
}

char *
date_say(enum language language, unsigned days, char dst[static DATE_SAID_MAX])
{
	unsigned year, month, day;

	split(days, &year, &month, &day);
	snprintf(dst, DATE_SAID_MAX, say(language, "%04u-%02u-%02u"), year,
	    month, day);
	return dst;
}
