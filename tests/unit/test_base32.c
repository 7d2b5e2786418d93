/* Base 32: the vectors of RFC 4648 10, and what people type. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/base32.h"

static const struct {
	const char *bytes, *text, *padded;
} rfc4648[] = {
	{ "", "", "" },
	{ "f", "MY", "MY======" },
	{ "fo", "MZXQ", "MZXQ====" },
	{ "foo", "MZXW6", "MZXW6===" },
	{ "foob", "MZXW6YQ", "MZXW6YQ=" },
	{ "fooba", "MZXW6YTB", "MZXW6YTB" },
	{ "foobar", "MZXW6YTBOI", "MZXW6YTBOI======" },
};

static void
decodes_to(const char *text, const char *bytes)
{
	uint8_t got[16];
	size_t len = 99;

	if (base32_decode(text, got, sizeof(got), &len) ||
	    len != strlen(bytes) || memcmp(got, bytes, len) != 0)
		fail_msg("\"%s\": %zu bytes", text, len);
}

static void
vectors(void **unused)
{
	char text[BASE32_LEN(6) + 1];

	(void)unused;
	for (size_t i = 0; i < sizeof(rfc4648) / sizeof(*rfc4648); i++) {
		size_t len = strlen(rfc4648[i].bytes);

		assert_ptr_equal(base32_encode(text,
		    (const uint8_t *)rfc4648[i].bytes, len), text);
		assert_string_equal(text, rfc4648[i].text);
		assert_int_equal(strlen(text), BASE32_LEN(len));
		decodes_to(rfc4648[i].text, rfc4648[i].bytes);
		decodes_to(rfc4648[i].padded, rfc4648[i].bytes);
	}
}

static void
as_typed(void **unused)
{
	static const char *const same[] = { "mzxw6ytboi", "MZXW 6YTB OI",
	    "  mzxw-6ytb-oi  ", "MZXW6\tYTB\r\nOI", "MzXw6yTbOi=",
	    "-MZXW6YTBOI", "MZXW6YTBOI = = =\n", "MZXW6YTBOI==========" };

	(void)unused;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		decodes_to(same[i], "foobar");
}

static void
refused(void **unused)
{
	static const char *const bad[] = {
		"M", "MZX", "MZXW6Y",		/* five or more bits left */
		"A", "AAA", "AAAAAA", "MYAAAAAAA",
		"MZ", "MZXR", "MZXW7",		/* bits left that are not 0 */
		"MY=A", "MY==MY", "=MY",	/* something after padding */
		"0Y", "1Y", "8Y", "9Y", "M_", "M+", "M/", "M\300", "M\x01",
	};
	uint8_t bytes[16];
	size_t len = 99;

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (base32_decode(bad[i], bytes, sizeof(bytes), &len) !=
		    MFA_ESYNTAX)
			fail_msg("\"%s\" was taken", bad[i]);
	assert_int_equal(len, 99);
}

/* Every length comes back, and fits exactly. */
static void
round_trip(void **unused)
{
	uint8_t bytes[64] = { 0 }, back[64];
	char text[BASE32_LEN(sizeof(bytes)) + 1];
	size_t len;

	(void)unused;
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)(i * 37 + n * 101);
		base32_encode(text, bytes, n);
		assert_int_equal(base32_decode(text, back, n, &len), MFA_OK);
		assert_int_equal(len, n);
		assert_memory_equal(back, bytes, n);
		if (n == 0)
			continue;
		assert_int_equal(base32_decode(text, back, n - 1, &len),
		    MFA_ERANGE);
		assert_int_equal(len, n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(vectors),
	    cmocka_unit_test(as_typed), cmocka_unit_test(refused),
	    cmocka_unit_test(round_trip) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
