/* Dates, by days since 1970. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>

#include "../../pam_mfa/core/date.h"

#define NONE 4000000	/* refused */

static const struct {
	const char *text;
	unsigned days;
} rows[] = {
	{ "1970-01-01", 0 }, { "1970-12-31", 364 }, { "1971-01-01", 365 },
	{ "1972-02-29", 789 }, { "1999-12-31", 10956 },
	{ "2000-02-29", 11016 }, { "2000-03-01", 11017 },
	{ "2027-03-31", 20908 }, { "2100-02-28", 47540 },
	{ "2100-03-01", 47541 }, { "9999-12-31", 2932896 },
	{ "2100-02-29", NONE }, { "2027-02-29", NONE },
	{ "2027-00-10", NONE }, { "2027-13-10", NONE },
	{ "2027-04-31", NONE }, { "2027-04-00", NONE },
	{ "1969-12-31", NONE }, { "", NONE }, { "2027-3-31", NONE },
	{ "2027/03/31", NONE }, { "2027-03-31 ", NONE },
	{ "02027-03-3", NONE }, { "2027-03-3x", NONE }, { "31-03-2027", NONE },
};

static void
there_and_back(void **unused)
{
	char text[DATE_MAX];

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		unsigned days = NONE;
		enum mfa_err r = date_parse(rows[i].text, &days);

		if (days != rows[i].days)
			fail_msg("%s: %u", rows[i].text, days);
		assert_int_equal(r, days == NONE ? MFA_ESYNTAX : MFA_OK);
		if (days != NONE)
			assert_string_equal(date_format(days, text),
			    rows[i].text);
	}
}

/* Every day of five hundred years, as libc has it. */
static void
as_libc(void **unused)
{
	char text[DATE_MAX], want[DATE_MAX];

	(void)unused;
	for (unsigned days = 0; days < 182621; days++) {
		time_t t = (time_t)days * 86400;
		unsigned back = 0;
		struct tm tm;

		assert_non_null(gmtime_r(&t, &tm));
		assert_int_not_equal(strftime(want, sizeof(want), "%Y-%m-%d",
		    &tm), 0);
		assert_string_equal(date_format(days, text), want);
		assert_int_equal(date_parse(text, &back), MFA_OK);
		assert_int_equal(back, days);
		assert_int_equal(date_year(days), tm.tm_year + 1900);
	}
}

/* As a person reads them. */
static void
said(void **unused)
{
	char text[DATE_SAID_MAX];

	(void)unused;
	assert_string_equal(date_say(LANGUAGE_EN, 20908, text), "2027-03-31");
	assert_string_equal(date_say(LANGUAGE_JA, 20908, text),
	    "2027年03月31日");
	assert_string_equal(date_say(LANGUAGE_JA, UINT32_MAX, text),
	    date_say(LANGUAGE_JA, UINT32_MAX - 1, text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(there_and_back),
	    cmocka_unit_test(as_libc), cmocka_unit_test(said) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
