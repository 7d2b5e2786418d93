/* The table of countries: each row by the rules, and finding one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/country.h"
#include "../../pam_mfa/core/phone.h"
#include "../../pam_mfa/core/text.h"

static void
digits_and_blanks(const struct country *c, const char *s)
{
	for (; *s; s++)
		if (!text_is_digit(*s) && *s != ' ')
			fail_msg("%s: '%c'", c->iso, *s);
}

/* E.164: at most 15 digits; PHONE_DIGITS_MIN is the shortest. */
static void
each_row(void **unused)
{
	const struct country *c;
	char title[COUNTRY_TITLE_MAX + 1];
	size_t i;

	(void)unused;
	for (i = 0; (c = country_at(i)) != NULL; i++) {
		size_t code = strlen(c->code);

		assert_true(i == 0 ||
		    strcmp(country_at(i - 1)->iso, c->iso) < 0);
		assert_int_equal(strlen(c->iso), 2);
		assert_in_range(strlen(c->name), 4, COUNTRY_NAME_MAX);
		assert_in_range(code, 1, 3);
		assert_true(*c->code != '0' && *c->abroad != '\0');
		digits_and_blanks(c, c->code);
		digits_and_blanks(c, c->areas);
		digits_and_blanks(c, c->trunk);
		digits_and_blanks(c, c->abroad);
		assert_true(c->min <= c->max);
		if (code + c->min < PHONE_DIGITS_MIN ||
		    code + c->max > PHONE_MAX - 1)
			fail_msg("%s: %u-%u", c->iso, c->min, c->max);
		assert_in_range(strlen(country_title(title, c, LANGUAGE_EN)), 8,
		    COUNTRY_TITLE_MAX - 1);
	}
	assert_int_equal(i, 245);
	assert_null(country_at(i + 1));
}

/* One calling code is dialled in one way; one row has what the others leave. */
static void
shared_codes(void **unused)
{
	const struct country *c, *other;

	(void)unused;
	for (size_t i = 0; (c = country_at(i)) != NULL; i++) {
		unsigned rest = 0;

		for (size_t j = 0; (other = country_at(j)) != NULL; j++) {
			if (strcmp(c->code, other->code)) {
				/* No code is the beginning of another. */
				assert_int_not_equal(0, strncmp(c->code,
				    other->code, strlen(c->code)));
				continue;
			}
			assert_string_equal(c->trunk, other->trunk);
			rest += *other->areas == '\0';
		}
		if (rest != 1)
			fail_msg("+%s: %u", c->code, rest);
	}
}

static void
each_is_found(void **unused)
{
	char title[COUNTRY_TITLE_MAX + 1], code[24];
	const struct country *c;

	(void)unused;
	for (size_t i = 0; (c = country_at(i)) != NULL; i++) {
		assert_ptr_equal(country_find(c->iso), c);
		assert_ptr_equal(country_find(c->name), c);
		assert_ptr_equal(country_find(country_title(title, c,
		    LANGUAGE_EN)), c);
		assert_ptr_equal(country_nearest(c->name), c);
		snprintf(code, sizeof(code), "+%s%.*s", c->code,
		    (int)strcspn(c->areas, " "), c->areas);
		assert_ptr_equal(country_find(code), c);
		assert_ptr_equal(country_find(code + 1), c);
	}
}

static void
by_what_people_type(void **unused)
{
	static const struct {
		const char *typed, *iso;
	} rows[] = {
		{ "jp", "JP" }, { "JAPAN", "JP" }, { "japan (+81)", "JP" },
		{ "81", "JP" }, { "+81", "JP" }, { "1", "US" }, { "+1", "US" },
		{ "+44", "GB" }, { "+7", "RU" }, { "+39", "IT" },
		{ "+61", "AU" }, { "+262", "RE" }, { "+1 242", "BS" },
		{ "1-242", "BS" }, { "1242", "BS" }, { "+1 876", "JM" },
		{ "bahamas (+1 242)", "BS" }, { "1416", "CA" },
		{ "usa", "US" }, { "uk", "GB" }, { "England", "GB" },
		{ "Turkey", "TR" }, { "Holland", "NL" }, { "korea", "KR" },
		{ "Cote d'Ivoire", "CI" }, { "ivory coast", "CI" },
	};
	static const char *const none[] = { "", "+", "0", "999", "+870", "8190",
	    "+1 24", "+1 212", "Japan (81)", "Atlantis", "J", " JP",
	    "++81", "+81+",
	    "123456789012345678901234567890123456789012345678" };

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct country *c = country_find(rows[i].typed);

		if (c == NULL || strcmp(c->iso, rows[i].iso))
			fail_msg("\"%s\": %s", rows[i].typed, c ? c->iso : "-");
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		if (country_find(none[i]) != NULL)
			fail_msg("\"%s\"", none[i]);
}

static void
by_a_typo(void **unused)
{
	(void)unused;
	assert_string_equal(country_nearest("Japn")->iso, "JP");
	assert_string_equal(country_nearest("untied states")->iso, "US");
	assert_string_equal(country_nearest("Germny")->iso, "DE");
	assert_string_equal(country_nearest("Saint Vincent and the "
	    "Grenadine")->iso, "VC");
	assert_null(country_nearest("Atlantis"));
	assert_null(country_nearest(""));
}

static void
by_a_number(void **unused)
{
	static const struct {
		const char *digits, *iso;
	} rows[] = {
		{ "819000001234", "JP" }, { "12125550123", "US" },
		{ "14165550123", "CA" }, { "12425550123", "BS" },
		{ "447700900123", "GB" }, { "447781000000", "GG" },
		{ "441534000000", "JE" }, { "441624000000", "IM" },
		{ "79000000000", "RU" }, { "77000000000", "KZ" },
		{ "390600000000", "IT" }, { "390669800000", "VA" },
		{ "262269000000", "YT" }, { "262692000000", "RE" },
		{ "5993000000", "BQ" }, { "59990000000", "CW" },
		{ "35818000000", "AX" }, { "358400000000", "FI" },
	};
	static const char *const none[] = { "", "0", "870000000000", "8",
	    "999000000", "210000000", "883000000000" };

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(country_of(rows[i].digits)->iso,
		    rows[i].iso);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_null(country_of(none[i]));
}

static void
titles(void **unused)
{
	char title[COUNTRY_TITLE_MAX + 1];

	(void)unused;
	assert_string_equal(country_title(title, country_find("JP"),
	    LANGUAGE_EN), "Japan (+81)");
	assert_string_equal(country_title(title, country_find("US"),
	    LANGUAGE_EN), "United States (+1)");
	assert_string_equal(country_title(title, country_find("BS"),
	    LANGUAGE_EN), "Bahamas (+1 242)");
	assert_string_equal(country_title(title, country_find("JM"),
	    LANGUAGE_EN), "Jamaica (+1)");
	assert_string_equal(country_title(title, country_find("JP"),
	    LANGUAGE_JA), "日本 (+81)");
	assert_string_equal(country_title(title, country_find("BS"),
	    LANGUAGE_JA), "Bahamas (+1 242)");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
		cmocka_unit_test(shared_codes),
		cmocka_unit_test(each_is_found),
		cmocka_unit_test(by_what_people_type),
		cmocka_unit_test(by_a_typo),
		cmocka_unit_test(by_a_number),
		cmocka_unit_test(titles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
