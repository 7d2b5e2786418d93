/* RFC 4648 10, and what is no base 64. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/base64.h"

static const struct {
	const char *bytes, *text, *padded;
} vectors[] = {
	{ "", "", "" }, { "f", "Zg", "Zg==" }, { "fo", "Zm8", "Zm8=" },
	{ "foo", "Zm9v", "Zm9v" }, { "foob", "Zm9vYg", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
	{ "\xfb\xff\xbf", "+/+/", "+/+/" },
};

static void
reads(const char *text, const char *bytes)
{
	struct buf b = { 0 };

	assert_int_equal(base64_decode(text, strlen(text), &b), MFA_OK);
	assert_int_equal(b.len, strlen(bytes));
	assert_string_equal(buf_str(&b), bytes);
	buf_wipe(&b);
}

static void
there_and_back(void **unused)
{
	char text[16];

	(void)unused;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		size_t len = strlen(vectors[i].bytes);
		struct buf b = { 0 };

		assert_int_equal(buf_puts(&b, "of "), MFA_OK);
		assert_int_equal(base64_put(&b, vectors[i].bytes, len), MFA_OK);
		assert_string_equal(buf_str(&b) + 3, vectors[i].padded);
		assert_int_equal(b.len, 3 + strlen(vectors[i].padded));
		buf_wipe(&b);
		assert_string_equal(base64_encode(text,
		    (const uint8_t *)vectors[i].bytes, len), vectors[i].text);
		assert_int_equal(strlen(text), BASE64_LEN(len));
		reads(vectors[i].text, vectors[i].bytes);
		reads(vectors[i].padded, vectors[i].bytes);
	}
}

static void
refused(void **unused)
{
	static const char *const table[] = { "Z", "Zm9vZ", "Zh", "Zm9=v", "===",
	    "Z===", "Zm9v\n", " Zm9v", "Zm-_", "Zm8=====" };
	struct buf b = { 0 };

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (base64_decode(table[i], strlen(table[i]), &b) !=
		    MFA_ESYNTAX)
			fail_msg("\"%s\"", table[i]);
	assert_int_equal(base64_decode("Zm9v\0", 5, &b), MFA_ESYNTAX);
	buf_wipe(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(there_and_back),
	    cmocka_unit_test(refused) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
