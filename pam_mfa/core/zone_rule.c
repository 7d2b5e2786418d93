/* Summer time by rule: the TZ of POSIX, as files of zones end with. */
#include <stdbool.h>
#include <string.h>

#include "date.h"
#include "text.h"
#include "zone.h"

#define HOUR 3600
#define DAY (24 * HOUR)
#define YEAR_10000 INT64_C(253402300800)

/* When something begins, in a year. */
struct change {
	char form;		/* 'M', 'J' (no 29 February), 'D' (from 0) */
	unsigned month, week, day;
	int32_t time;		/* seconds from midnight */
};

struct rule {
	int32_t std, dst;	/* seconds east of UTC */
	bool has_dst;
	struct change start, end;
};

/* Digits, up to three. */
static bool
parse_number(const char **s, unsigned max, unsigned *ret)
{
	unsigned v = 0, n = 0;

	for (; n < 3 && text_is_digit(**s); n++)
		v = v * 10 + (unsigned)(*(*s)++ - '0');
	*ret = v;
	return n > 0 && v <= max;
}

/* "CET", "<+0330>" */
static bool
skip_name(const char **s)
{
	const char *p = *s;
	size_t n = 0;

	if (*p == '<') {
		n = strcspn(p, ">");
		*s = p + n + (p[n] == '>');
		return p[n] == '>' && n > 1;
	}
	while (text_is_alnum(p[n]) && !text_is_digit(p[n]))
		n++;
	*s = p + n;
	return n >= 3;
}

/* "2", "-1", "2:30", "24:00:00" */
static bool
parse_time(const char **s, unsigned max, int32_t *ret)
{
	int32_t sign = **s == '-' ? -1 : 1;
	unsigned hours, minutes = 0, seconds = 0;

	*s += **s == '-' || **s == '+';
	if (!parse_number(s, max, &hours))
		return false;
	if (**s == ':' && (++*s, !parse_number(s, 59, &minutes)))
		return false;
	if (**s == ':' && (++*s, !parse_number(s, 59, &seconds)))
		return false;
	*ret = sign * (int32_t)(hours * HOUR + minutes * 60 + seconds);
	return true;
}

static bool
parse_month(const char **s, struct change *c)
{
	return parse_number(s, 12, &c->month) && c->month > 0 &&
	    *(*s)++ == '.' && parse_number(s, 5, &c->week) && c->week > 0 &&
	    *(*s)++ == '.' && parse_number(s, 6, &c->day);
}

/* ",M3.5.0/2", ",J60", ",0/0" */
static bool
parse_change(const char **s, struct change *c)
{
	bool good;

	if (*(*s)++ != ',')
		return false;
	c->form = **s == 'M' || **s == 'J' ? *(*s)++ : 'D';
	if (c->form == 'M')
		good = parse_month(s, c);
	else
		good = parse_number(s, 365, &c->day) &&
		    (c->form == 'D' || c->day > 0);
	c->time = 2 * HOUR;
	if (good && **s == '/')
		good = (++*s, parse_time(s, 167, &c->time));
	return good;
}

/* Offsets are written as what to add to come to UTC. */
static bool
parse_rule(const char *s, struct rule *r)
{
	if (!skip_name(&s) || !parse_time(&s, 24, &r->std))
		return false;
	r->std = -r->std;
	r->dst = r->std + HOUR;
	if (*s == '\0')
		return true;
	r->has_dst = true;
	if (!skip_name(&s))
		return false;
	if (*s != ',') {
		if (!parse_time(&s, 24, &r->dst))
			return false;
		r->dst = -r->dst;
	}
	return parse_change(&s, &r->start) && parse_change(&s, &r->end) &&
	    *s == '\0';
}

/* Days since 1970 of the week-th such day; 5 is the last one. */
static int64_t
month_day(int year, const struct change *c)
{
	int64_t first = date_days(year, c->month, 1);
	unsigned weekday = (unsigned)((first + 4 + 7 * 200000) % 7);
	unsigned at = (c->day + 7 - weekday) % 7 + 7 * (c->week - 1);

	while (at >= date_month_days(year, c->month))
		at -= 7;
	return first + at;
}

/* Seconds since 1970, on the clock that stands at offset until then. */
static int64_t
change_at(int year, const struct change *c, int32_t offset)
{
	int64_t day;

	if (c->form == 'M')
		day = month_day(year, c);
	else
		day = date_days(year, 1, 1) + c->day - (c->form == 'J' &&
		    !(date_is_leap(year) && c->day >= 60));
	return day * DAY + c->time - offset;
}

/*
 * What came last. A change may lie a week outside its year. Summer time all
 * the year round is written as an end at the moment of the next start.
 */
static bool
is_dst(const struct rule *r, int64_t t)
{
	int year = (int)date_year((unsigned)(t / DAY));
	int64_t last = INT64_MIN;
	bool dst = false;

	for (int y = year - 1; y <= year + 1; y++) {
		int64_t start = change_at(y, &r->start, r->std);
		int64_t end = change_at(y, &r->end, r->dst);

		if (start <= t && start >= last) {
			last = start;
			dst = true;
		}
		if (end <= t && end >= last) {
			last = end;
			dst = false;
		}
	}
	return dst;
}

enum mfa_err
zone_rule_offset(const char *rule, int64_t t, int32_t *ret)
{
	struct rule r = { .has_dst = false };

	if (t < 0 || t >= YEAR_10000)
		return MFA_ERANGE;
	if (!parse_rule(rule, &r))
		return MFA_ESYNTAX;
	*ret = r.has_dst && is_dst(&r, t) ? r.dst : r.std;
	return MFA_OK;
}
