/* Text from outside: names that attack, numbers at their bounds, hints. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/text.h"

#define N(table) (sizeof(table) / sizeof(*table))

/* As in the C locale, for every byte. */
static void
bytes(void **unused)
{
	(void)unused;
	for (int c = 0; c < 256; c++) {
		bool digit = c && strchr("0123456789", c) != NULL;
		bool lower = c && strchr("abcdefghijklmnopqrstuvwxyz", c);
		bool upper = c && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ", c);

		assert_int_equal(text_is_digit(c), digit);
		assert_int_equal(text_is_alnum(c), digit || lower || upper);
		assert_int_equal(text_is_space(c), c && strchr(" \t\r\n", c));
		assert_int_equal(text_upper((char)c), lower ? (char)(c ^ 32) :
		    (char)c);
	}
	assert_true(text_case_equal("", "") && text_case_equal("aBz1", "AbZ1"));
	assert_false(text_case_equal("ab", "abc"));
	assert_false(text_case_equal("abc", "ab"));
	assert_false(text_case_equal("@[", "`{"));
}

static void
at65_cleaned(void **unused)
{
	static const struct {
		const char *src;
		size_t cap;
		const char *clean, *field;
	} table[] = {
		{ NULL, 8, "", "-" }, { "", 8, "", "-" },
		{ "abc", 8, "abc", "abc" }, { "abc", 4, "abc", "abc" },
		{ "abcd", 4, "abc", "abc" }, { "abc", 1, "", "" },
		{ "a\nb\tc\033\177\001", 16, "a?b?c???", "a?b?c???" },
		{ "x=\"1\" %n", 16, "x=\"1\" %n", "x??1???n" },
		/* Cut before a character that does not fit whole. */
		{ "\303\251\303\251", 6, "\303\251\303\251",
		    "\303\251\303\251" },
		{ "\303\251\303\251", 4, "\303\251", "\303\251" },
		{ "a\342\202\254", 4, "a", "a" },
		{ "a\342\202\254", 5, "a\342\202\254", "a\342\202\254" },
		/* A name of what is none stays visible. */
		{ "\200\200\200", 3, "??", "??" },
		{ "a\200\303", 4, "a??", "a??" },
		{ "a\233[31m", 16, "a?[31m", "a?[31m" },
		{ "\303(\377\300\200", 16, "?(???", "?(???" },
		/* C1, line ends, directions; and their neighbours. */
		{ "\302\200\302\233\302\237\302\240", 16, "???\302\240",
		    "???\302\240" },
		{ "\342\200\250\342\200\256\342\200\257", 16,
		    "??\342\200\257", "??\342\200\257" },
		{ "\342\201\246\342\201\251\342\201\252", 16,
		    "??\342\201\252", "??\342\201\252" },
		{ "\342\200\216\342\200\217\330\234", 16, "???", "???" },
	};
	char dst[17];

	(void)unused;
	for (size_t i = 0; i < N(table); i++) {
		memset(dst, 'x', sizeof(dst));
		assert_ptr_equal(text_clean(dst, table[i].cap, table[i].src),
		    dst);
		assert_string_equal(dst, table[i].clean);
		assert_int_equal(dst[table[i].cap], 'x');
		assert_ptr_equal(text_field(dst, table[i].cap, table[i].src),
		    dst);
		assert_string_equal(dst, table[i].field);
		assert_int_equal(dst[table[i].cap], 'x');
	}
}

static void
at44_names(void **unused)
{
	static const struct {
		const char *name, *file;
	} table[] = {
		{ "alice", "alice" }, { "A.b-c_D9@x", "A.b-c_D9@x" },
		{ "-schallenge", "%2Dschallenge" }, { "-n", "%2Dn" },
		{ "--help", "%2D-help" }, { "root\n", "root%0A" },
		{ "a;id", "a%3Bid" }, { "$(id)", "%24%28id%29" },
		{ "%n%s", "%25n%25s" }, { ".", "%2E" }, { "..", "%2E." },
		{ "../x", "%2E.%2Fx" }, { "/", "%2F" },
		{ ".lock.alice", "%2Elock.alice" }, { "a/b", "a%2Fb" },
		{ "a%2fb", "a%252fb" }, { "a%2Fb", "a%252Fb" },
		{ "%unknown", "%25unknown" }, { "DOMAIN\\u", "DOMAIN%5Cu" },
		{ "u@d", "u@d" }, { "1000", "1000" }, { " ", "%20" },
		{ "\303\251\377", "%C3%A9%FF" },
	};
	char file[TEXT_NAME_MAX + 1], name[TEXT_NAME_MAX + 1];

	(void)unused;
	for (size_t i = 0; i < N(table); i++) {
		assert_int_equal(text_name_escape(table[i].name, file),
		    MFA_OK);
		assert_string_equal(file, table[i].file);
		assert_int_equal(text_name_unescape(file, name), MFA_OK);
		assert_string_equal(name, table[i].name);
	}
}

/* There and back: so no two names share a file. */
static void
every_two_bytes(void **unused)
{
	char file[TEXT_NAME_MAX + 1], back[TEXT_NAME_MAX + 1], name[3] = "";

	(void)unused;
	for (int a = 1; a < 256; a++)
		for (int b = 0; b < 256; b++) {
			name[0] = (char)a;
			name[1] = (char)b;
			if (text_name_escape(name, file) ||
			    text_name_unescape(file, back) ||
			    strcmp(back, name) != 0 || strchr(file, '/') ||
			    *file == '.' || *file == '-' || *file == '\0')
				fail_msg("%02x %02x: %s", a, b, file);
		}
}

static void
name_lengths(void **unused)
{
	static const struct {
		char fill;
		size_t len;
		enum mfa_err err;
	} table[] = { { 'x', 0, MFA_ERANGE }, { 'x', 1, MFA_OK },
	    { 'x', 240, MFA_OK }, { 'x', 241, MFA_ERANGE },
	    { 'x', 256, MFA_ERANGE }, { 'x', 4096, MFA_ERANGE },
	    { '/', 80, MFA_OK }, { '/', 81, MFA_ERANGE } };
	static char name[4097];
	char file[TEXT_NAME_MAX + 1] = "", back[TEXT_NAME_MAX + 1];

	(void)unused;
	for (size_t i = 0; i < N(table); i++) {
		memset(name, table[i].fill, sizeof(name));
		name[table[i].len] = '\0';
		strcpy(file, "untouched");
		assert_int_equal(text_name_escape(name, file), table[i].err);
		if (table[i].err) {
			assert_string_equal(file, "untouched");
			continue;
		}
		assert_int_equal(text_name_unescape(file, back), MFA_OK);
		assert_string_equal(back, name);
	}
	memset(name, 'x', 241);
	name[241] = '\0';
	assert_int_equal(text_name_unescape(name, back), MFA_ESYNTAX);
}

/* Only what escaping writes is a person's file. */
static void
foreign_files(void **unused)
{
	static const char *const bad[] = { "", ".", "..", ".x", "-x", "a/b",
	    "a b", "a\n", "%", "a%", "a%4", "%41", "%2d", "a%2D", "a%2E",
	    "a%2f", "%2Fx/", "%00", "a%00", "%GG", "%2G", "\303\251", "a~",
	    "%unknown", "a%%25" };
	char name[TEXT_NAME_MAX + 1] = "untouched";

	(void)unused;
	for (size_t i = 0; i < N(bad); i++)
		if (text_name_unescape(bad[i], name) != MFA_ESYNTAX)
			fail_msg("%s is %s", bad[i], name);
	assert_string_equal(name, "untouched");
}

enum kind { U64, I64, SECONDS };

static const struct {
	enum kind kind;
	const char *text;
	int64_t min;
	uint64_t max;
	enum mfa_err err;
	uint64_t value;
} number_rows[] = {
	{ U64, "0", 0, 9, MFA_OK, 0 }, { U64, "007", 0, 9, MFA_OK, 7 },
	{ U64, "1", 1, 9, MFA_OK, 1 }, { U64, "9", 1, 9, MFA_OK, 9 },
	{ U64, "0", 1, 9, MFA_ERANGE, 0 },
	{ U64, "10", 1, 9, MFA_ERANGE, 0 },
	{ U64, "18446744073709551615", 0, UINT64_MAX, MFA_OK,
	    UINT64_MAX },
	{ U64, "18446744073709551616", 0, UINT64_MAX, MFA_ERANGE, 0 },
	{ U64, "18446744073709551625", 0, UINT64_MAX, MFA_ERANGE, 0 },
	{ U64, "99999999999999999999999", 0, UINT64_MAX, MFA_ERANGE,
	    0 },
	{ U64, "", 0, 9, MFA_ESYNTAX, 0 },
	{ U64, "+1", 0, 9, MFA_ESYNTAX, 0 },
	{ U64, "-1", 0, 9, MFA_ESYNTAX, 0 },
	{ U64, " 1", 0, 9, MFA_ESYNTAX, 0 },
	{ U64, "1 ", 0, 9, MFA_ESYNTAX, 0 },
	{ U64, "0x1", 0, 9, MFA_ESYNTAX, 0 },
	{ U64, "1e1", 0, 99, MFA_ESYNTAX, 0 },
	{ U64, "99999999999999999999999x", 0, 9, MFA_ESYNTAX, 0 },
	{ I64, "-4", -4, 4, MFA_OK, (uint64_t)-4 },
	{ I64, "4", -4, 4, MFA_OK, 4 }, { I64, "-0", -4, 4, MFA_OK, 0 },
	{ I64, "-5", -4, 4, MFA_ERANGE, 0 },
	{ I64, "5", -4, 4, MFA_ERANGE, 0 },
	{ I64, "9223372036854775807", INT64_MIN, INT64_MAX, MFA_OK,
	    INT64_MAX },
	{ I64, "-9223372036854775807", INT64_MIN, INT64_MAX, MFA_OK,
	    (uint64_t)-INT64_MAX },
	{ I64, "9223372036854775808", INT64_MIN, INT64_MAX, MFA_ERANGE,
	    0 },
	{ I64, "-", -4, 4, MFA_ESYNTAX, 0 },
	{ I64, "--1", -4, 4, MFA_ESYNTAX, 0 },
	{ I64, "+1", -4, 4, MFA_ESYNTAX, 0 },
	{ SECONDS, "90", 0, 90, MFA_OK, 90 },
	{ SECONDS, "90s", 90, 90, MFA_OK, 90 },
	{ SECONDS, "2m", 0, 120, MFA_OK, 120 },
	{ SECONDS, "2m", 0, 119, MFA_ERANGE, 0 },
	{ SECONDS, "2m", 121, 200, MFA_ERANGE, 0 },
	{ SECONDS, "1h", 0, 3600, MFA_OK, 3600 },
	{ SECONDS, "14d", 0, 1209600, MFA_OK, 1209600 },
	{ SECONDS, "18446744073709551615", 0, UINT64_MAX, MFA_OK,
	    UINT64_MAX },
	{ SECONDS, "307445734561825861m", 0, UINT64_MAX, MFA_ERANGE,
	    0 },
	{ SECONDS, "", 0, 9, MFA_ESYNTAX, 0 },
	{ SECONDS, "s", 0, 9, MFA_ESYNTAX, 0 },
	{ SECONDS, "1w", 0, 9, MFA_ESYNTAX, 0 },
	{ SECONDS, "1S", 0, 9, MFA_ESYNTAX, 0 },
	{ SECONDS, "1h30m", 0, 9999, MFA_ESYNTAX, 0 },
	{ SECONDS, "1.5h", 0, 9999, MFA_ESYNTAX, 0 },
	{ SECONDS, "-1s", 0, 9, MFA_ESYNTAX, 0 },
	{ SECONDS, "1 h", 0, 9999, MFA_ESYNTAX, 0 },
	{ SECONDS, "000000000000000000000001", 0, 9, MFA_ESYNTAX, 0 },
};

static void
numbers(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < N(number_rows); i++) {
		uint64_t v = 0, min = (uint64_t)number_rows[i].min;
		enum mfa_err r;
		int64_t s = 0;

		if (number_rows[i].kind == I64) {
			r = text_i64(number_rows[i].text, number_rows[i].min,
			    (int64_t)number_rows[i].max, &s);
			v = (uint64_t)s;
		} else {
			r = (number_rows[i].kind == U64 ? text_u64 :
			    text_seconds)(
			    number_rows[i].text, min, number_rows[i].max, &v);
		}
		if (r != number_rows[i].err || v != number_rows[i].value)
			fail_msg("\"%s\": %d, %llu", number_rows[i].text, r,
			    (unsigned long long)v);
	}
}

static void
durations(void **unused)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} table[] = { { 0, "0 seconds" }, { 1, "1 second" },
	    { 30, "30 seconds" }, { 89, "89 seconds" }, { 90, "2 minutes" },
	    { 120, "2 minutes" }, { 121, "3 minutes" },
	    { 5399, "90 minutes" }, { 5400, "2 hours" }, { 7200, "2 hours" },
	    { 7201, "3 hours" }, { 172799, "48 hours" }, { 172800, "2 days" },
	    { UINT64_MAX, "213503982334602 days" } };
	char dst[40];

	(void)unused;
	for (size_t i = 0; i < N(table); i++)
		assert_string_equal(text_duration(dst, sizeof(dst),
		    table[i].seconds, LANGUAGE_EN), table[i].text);
}

static void
durations_in_japanese(void **unused)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} table[] = { { 1, "1秒" }, { 30, "30秒" }, { 120, "2分" },
	    { 7200, "2時間" }, { 172800, "2日" } };
	char dst[40];

	(void)unused;
	for (size_t i = 0; i < N(table); i++)
		assert_string_equal(text_duration(dst, sizeof(dst),
		    table[i].seconds, LANGUAGE_JA), table[i].text);
}

/* A Japanese keyboard's ASCII; what only looks like it stays. */
static void
folding(void **unused)
{
	static const struct {
		const char *typed, *folded;
	} table[] = { { "", "" }, { "123 456", "123 456" },
	    { "１２３４５６", "123456" }, { "１２３　４５６", "123 456" },
	    { "ｓ２", "s2" }, { "Ｃ", "C" }, { "？", "?" }, { "！～", "!~" },
	    { "ＡＢＣＤ－ＥＦ１２", "ABCD-EF12" }, { "4５6", "456" },
	    { "確認", "確認" }, { "ｱｲ", "ｱｲ" }, { "｟￥", "｟￥" },
	    { "\xff１", "\xff" "1" }, { "\xef\xbc", "\xef\xbc" },
	    { "\xef\xbc\x80", "\xef\xbc\x80" }, { "²٣", "²٣" } };
	char text[64];

	(void)unused;
	for (size_t i = 0; i < N(table); i++) {
		snprintf(text, sizeof(text), "%s", table[i].typed);
		assert_int_equal(text_fold(text), strlen(table[i].folded));
		assert_string_equal(text, table[i].folded);
	}
}

static void
hints(void **unused)
{
	static const char *const words[] = { "tries", "time_limit", "users",
	    "ab", NULL };
	static const struct {
		const char *wrong, *nearest;
	} table[] = { { "tires", "tries" }, { "TRIES", "tries" },
	    { "trie", "tries" }, { "triess", "tries" }, { "time-limit",
	    "time_limit" }, { "timelimits", "time_limit" }, { "time_lim",
	    "time_limit" }, { "time_li", NULL }, { "user", "users" },
	    { "ib", "ab" }, { "ii", NULL }, { "", NULL }, { "xyzzy", NULL },
	    { "time_limit_that_is_longer_than_32_bytes", NULL } };
	const char *got;

	(void)unused;
	for (size_t i = 0; i < N(table); i++) {
		got = text_nearest(table[i].wrong, words);
		if (table[i].nearest == NULL)
			assert_null(got);
		else
			assert_string_equal(got != NULL ? got : "none",
			    table[i].nearest);
	}
}

static void
hex(void **unused)
{
	static const char *const bad[] = { "", "0", "00", "00000", "000g",
	    "0x00", "00 0", "00\n0" };
	uint8_t bytes[2] = { 1, 2 };
	char text[5];

	(void)unused;
	assert_int_equal(text_unhex("0aFf", bytes, 2), MFA_OK);
	assert_int_equal(bytes[0], 0x0a);
	assert_int_equal(bytes[1], 0xff);
	assert_string_equal(text_hex(text, bytes, 2), "0aff");
	assert_string_equal(text_hex(text, bytes, 0), "");
	assert_int_equal(text_unhex("", bytes, 0), MFA_OK);
	for (size_t i = 0; i < N(bad); i++)
		assert_int_equal(text_unhex(bad[i], bytes, 2), MFA_ESYNTAX);
	assert_int_equal(bytes[0], 0x0a);
}

static void
leading_words(void **unused)
{
	static const struct { const char *s, *list; size_t len; } table[] = {
		{ "0901", "0 1", 1 }, { "1901", "0 1", 1 },
		{ "0901", "090 0", 3 }, { "0901", "0 090", 1 },
		{ "0901", "\t 09011  901 ", 0 }, { "0901", "", 0 },
		{ "", "0 1", 0 }, { "8010", "  8~10  8", 1 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(text_leading_word(table[i].s, table[i].list),
		    table[i].len);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(bytes),
	    cmocka_unit_test(at65_cleaned), cmocka_unit_test(at44_names),
	    cmocka_unit_test(every_two_bytes),
	    cmocka_unit_test(name_lengths), cmocka_unit_test(foreign_files),
	    cmocka_unit_test(numbers), cmocka_unit_test(durations),
	    cmocka_unit_test(durations_in_japanese),
	    cmocka_unit_test(folding),
	    cmocka_unit_test(hints), cmocka_unit_test(hex),
	    cmocka_unit_test(leading_words) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
