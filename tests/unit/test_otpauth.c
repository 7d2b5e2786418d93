/* The URI that an app scans, and the key for typing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/otpauth.h"

#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define KEY "12345678901234567890"

static const struct {
	struct otp_key key;
	const char *issuer, *account, *uri;
} table[] = {
	{ { .len = 20, .digits = 6, .period = 30 }, "example.com", "alice",
	    "otpauth://totp/example.com:alice?secret=" SECRET
	    "&issuer=example.com" },
	{ { .len = 20, .digits = 8, .period = 60, .hash = CRYPTO_SHA256 },
	    "", "alice@example.com", "otpauth://totp/alice@example.com?secret="
	    SECRET "&algorithm=SHA256&digits=8&period=60" },
	{ { .len = 20, .digits = 7, .period = 1, .hash = CRYPTO_SHA512 },
	    "a-b._~", "x", "otpauth://totp/a-b._~:x?secret=" SECRET
	    "&issuer=a-b._~&algorithm=SHA512&digits=7&period=1" },
	/* A counter is always there: it is what makes it HOTP. */
	{ { .len = 20, .digits = 6 }, "h", "u", "otpauth://hotp/h:u?secret="
	    SECRET "&issuer=h&counter=0" },
	{ { .len = 20, .digits = 6, .counter = UINT64_MAX }, "", "u",
	    "otpauth://hotp/u?secret=" SECRET
	    "&counter=18446744073709551615" },
	/* What would end or split a part of the URI. */
	{ { .len = 20, .digits = 6, .period = 30 }, "A & B: \"Ltd\"/?#=+%",
	    "DOM\\\303\251", "otpauth://totp/A%20%26%20B%3A%20%22Ltd%22%2F%3F"
	    "%23%3D%2B%25:DOM%5C%C3%A9?secret=" SECRET "&issuer=A%20%26%20B%3A"
	    "%20%22Ltd%22%2F%3F%23%3D%2B%25" },
	{ { .len = 16, .digits = 6, .period = 30 }, "", "u",
	    "otpauth://totp/u?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY" },
};

static void
uris(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct otp_key key = table[i].key;
		struct buf uri = { 0 };

		memcpy(key.key, KEY, key.len);
		assert_int_equal(buf_puts(&uri, "> "), MFA_OK);
		assert_int_equal(otpauth_format(&key, table[i].issuer,
		    table[i].account, &uri), MFA_OK);
		assert_string_equal(buf_str(&uri) + 2, table[i].uri);
		buf_wipe(&uri);
	}
}

static void
typed_keys(void **unused)
{
	struct otp_key key = { .len = 20 };
	struct buf text = { 0 };

	(void)unused;
	memcpy(key.key, KEY, 20);
	assert_int_equal(otpauth_typed_key(&key, &text), MFA_OK);
	assert_string_equal(buf_str(&text),
	    "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
	buf_wipe(&text);
	key.len = 16;
	assert_int_equal(otpauth_typed_key(&key, &text), MFA_OK);
	assert_string_equal(buf_str(&text), "GEZD GNBV GY3T QOJQ GEZD GNBV GY");
	buf_wipe(&text);
	key.len = TOTP_KEY_MAX;
	assert_int_equal(otpauth_typed_key(&key, &text), MFA_OK);
	assert_int_equal(text.len, 103 + 25);
	buf_wipe(&text);
}

/* Wherever the room ends, that is said. */
static void
no_room(void **unused)
{
	struct otp_key key = { .len = 20, .digits = 8, .hash = CRYPTO_SHA256,
	    .period = 60 };
	static char most[BUF_MAX];
	struct buf b = { 0 };
	size_t need;

	(void)unused;
	assert_int_equal(otpauth_format(&key, "i s", "a", &b), MFA_OK);
	need = b.len;
	for (size_t left = 0; left <= need; left++) {
		buf_wipe(&b);
		assert_int_equal(buf_put(&b, most, BUF_MAX - left), MFA_OK);
		assert_int_equal(otpauth_format(&key, "i s", "a", &b),
		    left < need ? MFA_ERANGE : MFA_OK);
	}
	buf_wipe(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(uris),
	    cmocka_unit_test(typed_keys), cmocka_unit_test(no_room) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
