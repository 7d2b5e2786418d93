/* Zones: made by hand, broken, and all that this host has. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../../pam_mfa/core/zone.h"

#define ZONES "/usr/share/zoneinfo"
#define HOUR 3600
#define ERANGE_ 99999	/* in the tables: refused so */
#define ESYNTAX_ 99998

/* 2027-03-28T01:00:00Z and 2027-10-31T01:00:00Z: Europe changes. */
#define SPRING 1806195600
#define AUTUMN 1824944400

static const struct {
	const char *rule;
	int64_t t;
	int32_t east;
} rules[] = {
	{ "UTC0", 0, 0 },
	{ "JST-9", 1800000000, 9 * HOUR },
	{ "<+0530>-5:30", 1800000000, 19800 },
	{ "<-03>3", 1800000000, -3 * HOUR },
	{ "XXX+1:02:03", 1800000000, -3723 },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", SPRING - 1, HOUR },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", SPRING, 2 * HOUR },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", AUTUMN - 1, 2 * HOUR },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", AUTUMN, HOUR },
	{ "CET-1CEST-3,M3.5.0,M10.5.0/3", SPRING, 3 * HOUR },
	/* South of the equator: summer over the end of the year. */
	{ "AEST-10AEDT,M10.1.0,M4.1.0/3", 1798761600, 11 * HOUR },
	{ "AEST-10AEDT,M10.1.0,M4.1.0/3", 1814400000, 10 * HOUR },
	/* Winter as the exception (Ireland): "summer" is the lesser. */
	{ "IST-1GMT0,M10.5.0,M3.5.0/1", SPRING - 1, 0 },
	{ "IST-1GMT0,M10.5.0,M3.5.0/1", SPRING, HOUR },
	/* Julian days: J60 is 1 March in any year, 59 is so in common ones. */
	{ "A0 ", 0, ESYNTAX_ },
	{ "AAA0BBB,J60/0,J61/0", 1803859200 - 1, 0 },
	{ "AAA0BBB,J60/0,J61/0", 1803859200, HOUR },	/* 2027-03-01 */
	{ "AAA0BBB,J60/0,J61/0", 1835481600 - 1, 0 },	/* 2028-03-01 */
	{ "AAA0BBB,J60/0,J61/0", 1835481600, HOUR },
	{ "AAA0BBB,59/0,60/0", 1803859200, HOUR },
	{ "AAA0BBB,59/0,60/0", 1835395200, HOUR },	/* 2028-02-29 */
	{ "AAA0BBB,59/0,60/0", 1835395200 - 1, 0 },
	/* All the year round. */
	{ "XXX3EDT4,0/0,J365/23", 1798761600, -4 * HOUR },
	{ "XXX3EDT4,0/0,J365/23", 1798761600 + 4 * HOUR, -4 * HOUR },
	{ "XXX3EDT4,0/0,J365/23", 1810000000, -4 * HOUR },
	/* Nuuk and Gaza: times before the day, and days after it. */
	{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", SPRING - 1, -2 * HOUR },
	{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", SPRING, -HOUR },
	{ "AAA0BBB,M1.1.1/-167,M6.1.1", 1798070400 - 1, 0 },
	{ "AAA0BBB,M1.1.1/-95,M6.1.1", 1798765200, HOUR },
	{ "AAA0BBB,M12.5.4/167,J40", 1799000000, 0 },
	{ "AAA0BBB,M12.5.4/167,J40", 1799000000 + 4 * 86400, HOUR },
	{ "UTC0", -1, ERANGE_ },
	{ "UTC0", INT64_C(253402300799), 0 },
	{ "UTC0", INT64_C(253402300800), ERANGE_ },
	{ "", 0, ESYNTAX_ },
	{ "UTC", 0, ESYNTAX_ },
	{ "UT0", 0, ESYNTAX_ },
	{ "UTC25", 0, ESYNTAX_ },
	{ "UTC0:60", 0, ESYNTAX_ },
	{ "UTC0:00:60", 0, ESYNTAX_ },
	{ "UTC-", 0, ESYNTAX_ },
	{ "<UTC0", 0, ESYNTAX_ },
	{ "<>0", 0, ESYNTAX_ },
	{ "CET-1CEST", 0, ESYNTAX_ },
	{ "CET-1CEST,M3.5.0", 0, ESYNTAX_ },
	{ "CET-1CEST,M3.5.0,", 0, ESYNTAX_ },
	{ "CET-1CEST,M13.5.0,M10.5.0", 0, ESYNTAX_ },
	{ "CET-1CEST,M0.5.0,M10.5.0", 0, ESYNTAX_ },
	{ "CET-1CEST,M3.6.0,M10.5.0", 0, ESYNTAX_ },
	{ "CET-1CEST,M3.0.0,M10.5.0", 0, ESYNTAX_ },
	{ "CET-1CEST,M3.5.7,M10.5.0", 0, ESYNTAX_ },
	{ "CET-1CEST,M3.5,M10.5.0", 0, ESYNTAX_ },
	{ "CET-1CEST,J0,J365", 0, ESYNTAX_ },
	{ "CET-1CEST,0,366", 0, ESYNTAX_ },
	{ "CET-1CEST,M3.5.0/168,M10.5.0", 0, ESYNTAX_ },
	{ "CET-1CEST,M3.5.0,M10.5.0/3x", 0, ESYNTAX_ },
};

static int32_t
as_row(enum mfa_err r, int32_t east)
{
	return r == MFA_OK ? east : r == MFA_ERANGE ? ERANGE_ : ESYNTAX_;
}

static void
by_rule(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		int32_t east = 1, got;
		enum mfa_err r = zone_rule_offset(rules[i].rule, rules[i].t,
		    &east);

		got = as_row(r, east);
		if (got != rules[i].east)
			fail_msg("row %zu: %s at %lld: %d", i, rules[i].rule,
			    (long long)rules[i].t, got);
	}
}

/* A file in the making. */
struct file {
	uint8_t byte[512];
	size_t n;
};

static void
put(struct file *f, uint64_t v, unsigned bytes)
{
	for (unsigned i = bytes; i-- > 0;)
		f->byte[f->n++] = (uint8_t)(v >> 8 * i);
}

static void
put_text(struct file *f, const char *s)
{
	memcpy(f->byte + f->n, s, strlen(s));
	f->n += strlen(s);
}

/*
 * Types 0: +1000 s, 1: -2000 s, 2: +3000 s. Transitions at -100 to type 1, at
 * 1000 to type 2, at 2000 to type 0; in a block of version 2 an hour later.
 */
static void
put_block(struct file *f, char version, unsigned wide, int64_t later)
{
	static const int32_t types[] = { 1000, -2000, 3000 };

	put_text(f, "TZif");
	put(f, (uint64_t)version, 1);
	for (int i = 0; i < 15; i++)
		put(f, 0, 1);
	put(f, 1, 4);	/* isut */
	put(f, 2, 4);	/* isstd */
	put(f, 1, 4);	/* leap */
	put(f, 3, 4);	/* time */
	put(f, 3, 4);	/* type */
	put(f, 5, 4);	/* char */
	put(f, (uint64_t)(-100 + later), wide);
	put(f, (uint64_t)(1000 + later), wide);
	put(f, (uint64_t)(2000 + later), wide);
	put(f, 0x010200, 3);
	for (int i = 0; i < 3; i++) {
		put(f, (uint64_t)types[i], 4);
		put(f, 0, 2);
	}
	put_text(f, "ABCD");
	put(f, 0, 1);
	put(f, 1, wide);
	put(f, 1, 4);
	put(f, 0, 3);
}

static int32_t
ask(const struct file *f, int64_t t)
{
	/* At its exact size, so that a byte too far is seen. */
	uint8_t *copy = malloc(f->n ? f->n : 1);
	int32_t east = 1;
	enum mfa_err r;

	assert_non_null(copy);
	memcpy(copy, f->byte, f->n);
	r = zone_offset(copy, f->n, t, &east);
	free(copy);
	return as_row(r, east);
}

static void
by_hand(void **unused)
{
	struct file one = { .n = 0 }, two = { .n = 0 }, plain;

	(void)unused;
	put_block(&one, 0, 4, 0);
	assert_int_equal(ask(&one, 0), -2000);
	assert_int_equal(ask(&one, 999), -2000);
	assert_int_equal(ask(&one, 1000), 3000);
	assert_int_equal(ask(&one, 1999), 3000);
	assert_int_equal(ask(&one, 2000), 1000);
	assert_int_equal(ask(&one, INT64_C(1) << 33), 1000);
	assert_int_equal(ask(&one, -1), ERANGE_);

	put_block(&two, '2', 4, 0);
	put_block(&two, '2', 8, 3600);
	plain = two;
	put_text(&two, "\nJST-9\n");
	assert_int_equal(ask(&two, 3499), 1000);
	assert_int_equal(ask(&two, 3500), -2000);
	assert_int_equal(ask(&two, 4600), 3000);
	assert_int_equal(ask(&two, 5599), 3000);
	assert_int_equal(ask(&two, 5600), 9 * HOUR);
	put_text(&plain, "\n\n");
	assert_int_equal(ask(&plain, 5600), 1000);
}

static void
broken(void **unused)
{
	struct file good = { .n = 0 }, f;

	(void)unused;
	put_block(&good, '3', 4, 0);
	put_block(&good, '3', 8, 0);
	put_text(&good, "\nJST-9\n");
	assert_int_equal(ask(&good, 5000), 9 * HOUR);
	for (f = good; f.n-- > 0;)
		assert_int_equal(ask(&f, 5000), ESYNTAX_);
	f = good;
	f.byte[0] = 't';
	assert_int_equal(ask(&f, 5000), ESYNTAX_);
	f = good;
	f.byte[4] = '5';
	assert_int_equal(ask(&f, 5000), ESYNTAX_);
	/* Counts that would overrun, or wrap round. */
	for (unsigned i = 20; i < 44; i += 4) {
		f = good;
		memset(f.byte + i, 0xff, 4);
		assert_int_equal(ask(&f, 5000), ESYNTAX_);
	}
	/* A type that is not there, and one beyond a day. */
	f = (struct file){ .n = 0 };
	put_block(&f, 0, 4, 0);
	f.byte[44 + 12 + 2] = 3;
	assert_int_equal(ask(&f, 5000), ESYNTAX_);
	f.byte[44 + 12 + 2] = 2;
	assert_int_equal(ask(&f, 5000), 3000);
	memset(f.byte + 44 + 15 + 12, 0x7f, 4);
	assert_int_equal(ask(&f, 5000), ESYNTAX_);
}

static uint64_t
random_bits(void)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

static unsigned compared;

/* What libc, which date(1) asks too, makes of the same file. */
static int
compare(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	static uint8_t byte[ZONE_FILE_MAX];
	FILE *f;
	size_t n;

	(void)st;
	(void)ftw;
	if (kind != FTW_F || strstr(path, "/right/") != NULL)
		return 0;
	f = fopen(path, "re");
	assert_non_null(f);
	n = fread(byte, 1, sizeof(byte), f);
	fclose(f);
	if (n < 4 || memcmp(byte, "TZif", 4) != 0)
		return 0;
	assert_int_equal(setenv("TZ", path, 1), 0);
	tzset();
	for (int i = 0; i < 200; i++) {
		/* Up to 2400, and every other one near a change of the hour. */
		int64_t t = (int64_t)(random_bits() % 13569465600u);
		time_t clock;
		struct tm tm;
		int32_t east;

		if (i % 2)
			t -= t % HOUR + (int64_t)(random_bits() % 2);
		clock = t = t < 0 ? 0 : t;
		assert_non_null(localtime_r(&clock, &tm));
		assert_int_equal(zone_offset(byte, n, t, &east), MFA_OK);
		if (east != tm.tm_gmtoff)
			fail_msg("%s at %lld: %d, not %ld", path,
			    (long long)t, east, tm.tm_gmtoff);
		compared++;
	}
	return 0;
}

static void
as_libc(void **unused)
{
	(void)unused;
	if (nftw(ZONES, compare, 16, FTW_PHYS) < 0)
		skip();
	assert_true(compared > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(by_rule),
	    cmocka_unit_test(by_hand), cmocka_unit_test(broken),
	    cmocka_unit_test(as_libc) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
