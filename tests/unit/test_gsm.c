/* How many segments a text takes: TS 23.038. And the UTF-8 beneath. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/gsm.h"
#include "../../pam_mfa/core/utf8.h"

/* head, then piece so often. */
static void
measures(const char *head, const char *piece, unsigned times,
    struct gsm_size want)
{
	char text[2048];
	size_t n = strlen(head), len = strlen(piece);
	struct gsm_size is;

	assert_true(n + times * len < sizeof(text));
	strcpy(text, head);
	for (unsigned i = 0; i < times; i++, n += len)
		memcpy(text + n, piece, len + 1);
	assert_int_equal(gsm_measure(text, &is), MFA_OK);
	if (is.charset != want.charset || is.units != want.units ||
	    is.segments != want.segments)
		fail_msg("\"%s\" %u x \"%s\": %d %u %u", head, times, piece,
		    is.charset, is.units, is.segments);
}

#define SEPTETS(n, segments) ((struct gsm_size){ GSM_7BIT, n, segments })
#define UTF16(n, segments) ((struct gsm_size){ GSM_UCS2, n, segments })

static void
seven_bits(void **unused)
{
	(void)unused;
	measures("", "", 0, SEPTETS(0, 1));
	measures("Your code is 123456.\r\n", "", 0, SEPTETS(22, 1));
	measures("", "a", 160, SEPTETS(160, 1));
	measures("", "a", 161, SEPTETS(161, 2));
	measures("", "a", 306, SEPTETS(306, 2));
	measures("", "a", 307, SEPTETS(307, 3));
	/* The euro sign and the brackets count two. */
	measures("", "€", 80, SEPTETS(160, 1));
	measures("a", "€", 80, SEPTETS(161, 2));
	measures("", "^{}\\[~]|\f", 1, SEPTETS(18, 1));
	/* 153 is odd: an escape and its character stay together. */
	measures("", "€", 152, SEPTETS(304, 2));
	measures("", "€", 153, SEPTETS(306, 3));
	measures("a", "€", 152, SEPTETS(305, 2));
}

/* The alphabet, all of it, as TS 23.038 6.2.1 lists it. */
static void
the_alphabet(void **unused)
{
	(void)unused;
	measures("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./"
	    "0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
	    "¿abcdefghijklmnopqrstuvwxyzäöñüà", "", 0, SEPTETS(127, 1));
}

static void
ucs2(void **unused)
{
	static const char *const other[] = { "`", "ç", "á", "Α", "—", "\t",
	    "\x7f", "\xc2\xa0", "確" };

	(void)unused;
	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++)
		measures("", other[i], 1, UTF16(1, 1));
	measures("確認コード: 123456 (5分間有効)", "", 0, UTF16(21, 1));
	measures("", "あ", 70, UTF16(70, 1));
	measures("", "あ", 71, UTF16(71, 2));
	measures("", "あ", 134, UTF16(134, 2));
	measures("", "あ", 135, UTF16(135, 3));
	/* One such character, and the whole text is UCS-2: '€' counts one. */
	measures("あ", "€", 69, UTF16(70, 1));
	/* Over U+FFFF: two units, in one segment. */
	measures("", "🔑", 35, UTF16(70, 1));
	measures("", "🔑", 36, UTF16(72, 2));
	measures("", "🔑", 66, UTF16(132, 2));
	measures("", "🔑", 67, UTF16(134, 3));
}

static const char *const broken[] = {
	"\x80", "\xbf", "a\xc3", "\xc3(", "\xc0\xaf", "\xc1\x81",
	"\xe0\x80\xaf",
	"\xe3\x81", "\xed\xa0\x80", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80",
	"\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "\xf0\x9f",
};

static void
not_utf8(void **unused)
{
	struct gsm_size is = SEPTETS(7, 7);

	(void)unused;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		if (gsm_measure(broken[i], &is) != MFA_ESYNTAX)
			fail_msg("row %zu", i);
	assert_int_equal(is.units, 7);
}

static void
utf8_characters(void **unused)
{
	static const struct {
		const char *s;
		size_t len;
		uint32_t c;
	} rows[] = {
		{ "a", 1, 'a' }, { "\x7f", 1, 0x7f }, { "\xc2\x80", 2, 0x80 },
		{ "\xdf\xbf", 2, 0x7ff }, { "\xe0\xa0\x80", 3, 0x800 },
		{ "\xed\x9f\xbf", 3, 0xd7ff }, { "\xee\x80\x80", 3, 0xe000 },
		{ "\xef\xbf\xbf", 3, 0xffff },
		{ "\xf0\x90\x80\x80", 4, 0x10000 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	};
	uint32_t c = 0;

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(utf8_next(rows[i].s, &c), rows[i].len);
		assert_int_equal(c, rows[i].c);
	}
	c = 7;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		if (broken[i][0] != 'a')
			assert_int_equal(utf8_next(broken[i], &c), 0);
	assert_int_equal(c, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seven_bits),
		cmocka_unit_test(the_alphabet),
		cmocka_unit_test(ucs2),
		cmocka_unit_test(not_utf8),
		cmocka_unit_test(utf8_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
