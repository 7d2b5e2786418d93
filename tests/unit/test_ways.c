/* The ways a code can be sent: their order, their names, their menu. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/ways.h"

static struct factor
phone(const char *id, const char *number, bool sms, bool voice)
{
	struct factor f = { .kind = FACTOR_PHONE, .label = "Mobile",
	    .phone.way = { [SENDING_SMS] = sms, [SENDING_VOICE] = voice } };

	snprintf(f.id, sizeof(f.id), "%s", id);
	snprintf(f.phone.number, sizeof(f.phone.number), "%s", number);
	return f;
}

static void
listed(void **unused)
{
	struct factor list[] = {
		phone("phone-aaaa", "+819000001234", true, true),
		{ .id = "totp-aaaa", .kind = FACTOR_TOTP, .phone.way = { true,
		    true } },
		phone("phone-bbbb", "+12125550100", false, true),
		phone("phone-cccc", "+447700900123", true, false),
	};
	const struct record rec = { .factor = list, .n = 4 };
	char menu[WAYS_MENU_MAX];
	struct ways ways;

	(void)unused;
	ways_of(&rec, METHOD_ALL, &ways);
	assert_int_equal(ways.n, 4);
	assert_string_equal(ways_menu(&ways, LANGUAGE_EN, menu),
	    "s: SMS to +81 ********34 (Mobile), "
	    "s2: SMS to +44 ********23 (Mobile), "
	    "c: call +81 ********34 (Mobile), "
	    "c2: call +1 ********00 (Mobile)");
	assert_string_equal(ways.way[1].factor, "phone-cccc");
	assert_string_equal(ways.way[3].factor, "phone-bbbb");
	assert_int_equal(ways_first(&ways, SENDING_SMS), 0);
	assert_int_equal(ways_first(&ways, SENDING_VOICE), 2);
	ways_of(&(struct record){ .factor = &list[1], .n = 1 }, METHOD_ALL,
	    &ways);
	assert_int_equal(ways.n, 0);
	assert_string_equal(ways_menu(&ways, LANGUAGE_EN, menu), "");
	assert_int_equal(ways_first(&ways, SENDING_SMS), WAYS_NONE);
	/* Of the second way only, where the first is not allowed. */
	ways_of(&rec, METHOD_CALL + 1, &ways);
	assert_string_equal(ways_menu(&ways, LANGUAGE_EN, menu), "c: call "
	    "+81 ********34 (Mobile), c2: call +1 ********00 (Mobile)");
	ways_of(&rec, METHOD_TOTP + 1, &ways);
	assert_int_equal(ways.n, 0);
}

static void
typed(void **unused)
{
	static const struct {
		const char *typed;
		size_t way;
	} rows[] = {
		{ "s", 0 }, { "S", 0 }, { " s\t", 0 }, { "s1", 0 }, { "s2", 1 },
		{ "S2 ", 1 }, { "c", 2 }, { "c1", 2 }, { "C2", 3 },
		{ "", WAYS_NONE }, { " ", WAYS_NONE }, { "s0", WAYS_NONE },
		{ "s3", WAYS_NONE }, { "c3", WAYS_NONE }, { "s22", WAYS_NONE },
		{ "s 2", WAYS_NONE }, { "sms", WAYS_NONE }, { "2", WAYS_NONE },
		{ "x", WAYS_NONE }, { "r", WAYS_NONE }, { "?", WAYS_NONE },
		{ "1", WAYS_NONE }, { "s-1", WAYS_NONE },
	};
	struct factor list[] = {
		phone("phone-aaaa", "+819000001234", true, true),
		phone("phone-bbbb", "+12125550100", true, true),
	};
	struct ways ways;

	(void)unused;
	ways_of(&(struct record){ .factor = list, .n = 2 }, METHOD_ALL,
	    &ways);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (ways_typed(&ways, rows[i].typed) != rows[i].way)
			fail_msg("\"%s\"", rows[i].typed);
	ways.n = 0;
	assert_int_equal(ways_typed(&ways, "s"), WAYS_NONE);
}

/* The longest of everything: whole items, whole characters, and they fit. */
static void
longest(void **unused)
{
	static struct factor list[RECORD_FACTORS_MAX];
	char menu[WAYS_MENU_MAX], id[RECORD_ID_MAX];
	const char *end;
	struct ways ways;
	size_t n = 0;

	(void)unused;
	for (size_t i = 0; i < RECORD_FACTORS_MAX; i++) {
		snprintf(id, sizeof(id), "phone-%zu", i);
		list[i] = phone(id, "+888000000000012", true, true);
		for (size_t at = 0; at + 3 < sizeof(list[i].label); at += 3)
			strcpy(list[i].label + at, "電");
	}
	ways_of(&(struct record){ .factor = list, .n = RECORD_FACTORS_MAX },
	    METHOD_ALL, &ways);
	assert_int_equal(ways.n, WAYS_MAX);
	ways_menu(&ways, LANGUAGE_EN, menu);
	for (const char *p = menu; (p = strstr(p, "SMS to ")); p++)
		n++;
	assert_int_equal(n, WAYS_SHOWN);
	end = menu + strlen(menu) - strlen("電)");
	assert_string_equal(end, "電)");
	assert_int_equal(ways_typed(&ways, "s8"), 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listed),
		cmocka_unit_test(typed),
		cmocka_unit_test(longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
