/* Moments. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "moment.h"
#include "text.h"

void
moment_set(struct moment *m, const struct mfa_time *now)
{
	m->real = now->real;
	m->boottime = now->boot_ms / 1000;
	memcpy(m->boot, now->boot_id, sizeof(m->boot));
}

bool
moment_this_boot(const struct moment *m, const struct mfa_time *now)
{
	return !strcmp(m->boot, now->boot_id);
}

uint64_t
moment_age(const struct moment *m, const struct mfa_time *now)
{
	int64_t boottime = now->boot_ms / 1000, t;

	if (moment_this_boot(m, now))
		t = boottime - m->boottime;
	else if (now->real - m->real > boottime)
		t = now->real - m->real;
	else
		t = boottime;
	return t > 0 ? (uint64_t)t : 0;
}

bool
moment_within(const struct moment *m, uint64_t seconds,
    const struct mfa_time *now)
{
	return now->real >= m->real &&
	    (uint64_t)(now->real - m->real) < seconds &&
	    moment_age(m, now) < seconds;
}

static bool
leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

char *
moment_date(char dst[static MOMENT_DATE_MAX], int64_t unix_time)
{
	static const unsigned char len[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30,
	    31, 30, 31 };
	int64_t day = unix_time > 0 ? unix_time / 86400 : 0, year = 1970;
	unsigned month = 0;

	for (; year < 9999 && day >= 365 + leap(year); year++)
		day -= 365 + leap(year);
	for (; month < 11 && day >= len[month] + (month == 1 && leap(year));
	    month++)
		day -= len[month] + (month == 1 && leap(year));
	if (day > 30)
		day = 30;	/* after the year 9999 */
	snprintf(dst, MOMENT_DATE_MAX, "%04u-%02u-%02u",
	    (unsigned)year % 10000, (month + 1) % 100,
	    (unsigned)(day + 1) % 100);
	return dst;
}

enum mfa_err
moment_put(const struct moment *m, const char *name, struct buf *ret)
{
	return buf_printf(ret, "%s_at = %" PRId64 "\n%s_boottime = %" PRId64
	    "\n%s_boot = %s\n", name, m->real, name, m->boottime, name,
	    m->boot);
}

static enum mfa_err
set_boot(struct moment *m, const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || len >= sizeof(m->boot))
		return MFA_ERANGE;
	for (size_t i = 0; i < len; i++)
		if (!text_is_alnum(s[i]) && s[i] != '-')
			return MFA_ESYNTAX;
	memcpy(m->boot, s, len + 1);
	return MFA_OK;
}

enum mfa_err
moment_key(struct moment *m, const char *name, const char *key,
    const char *value)
{
	size_t len = strlen(name);

	if (strncmp(key, name, len))
		return MFA_ENOENT;
	if (!strcmp(key + len, "_at"))
		return text_i64(value, INT64_MIN / 4, INT64_MAX / 4, &m->real);
	if (!strcmp(key + len, "_boottime"))
		return text_i64(value, 0, INT64_MAX / 4, &m->boottime);
	return strcmp(key + len, "_boot") ? MFA_ENOENT : set_boot(m, value);
}
