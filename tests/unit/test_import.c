/* Factors of other modules: what is taken over, and what is refused where. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../enroll/import.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* "12345678901234567890", RFC 4226 appendix D, and its first 16 bytes. */
#define KEY20 "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define KEY16 "GEZDGNBVGY3TQOJQGEZDGNBVGY"
#define HEX20 "3132333435363738393031323334353637383930"
#define HEX15 "313233343536373839303132333435"
#define TOTP "\" TOTP_AUTH\n"

static const struct {
	const char *text;
	enum factor_kind kind;
	size_t len;
	unsigned period, scratch;
	uint64_t counter, next;
} google_good[] = {
	/* As the tool writes it: google-authenticator -t -d -r 3 -R 30 -w 3 */
	{ KEY16 "\n\" RATE_LIMIT 3 30\n\" WINDOW_SIZE 17\n\" DISALLOW_REUSE\n"
	    TOTP "12345678\n87654321\n11111111\n22222222\n33333333\n",
	    FACTOR_TOTP, 16, 30, 5, 0, 0 },
	{ KEY20 "\n" TOTP, FACTOR_TOTP, 20, 30, 0, 0, 0 },
	{ KEY20 "\n\" TOTP_AUTH", FACTOR_TOTP, 20, 30, 0, 0, 0 },
	{ KEY20 "\r\n\" TOTP_AUTH\r\n12345678\r\n", FACTOR_TOTP, 20, 30, 1, 0,
	    0 },
	{ KEY20 "\n" TOTP "\" STEP_SIZE 60\n", FACTOR_TOTP, 20, 60, 0, 0, 0 },
	/* The highest of the used steps. */
	{ KEY20 "\n" TOTP "\" DISALLOW_REUSE 56666665 56666667 56666666\n",
	    FACTOR_TOTP, 20, 30, 0, 0, 56666668 },
	{ KEY20 "\n\" HOTP_COUNTER 1\n", FACTOR_HOTP, 20, 0, 0, 1, 0 },
	{ KEY20 "\n\" HOTP_COUNTER 18446744073709551614\n", FACTOR_HOTP, 20,
	    0, 0, UINT64_MAX - 1, 0 },
	/* There a counter wins. */
	{ KEY20 "\n" TOTP "\" HOTP_COUNTER 9\n", FACTOR_HOTP, 20, 0, 0, 9,
	    0 },
	{ KEY20 "\n" TOTP "\" RESETTING_TIME_SKEW 1+1 2+1\n\" TIME_SKEW 4\n"
	    "\" LAST0 1700000000\n\n", FACTOR_TOTP, 20, 30, 0, 0, 0 },
};

static void
google(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(google_good); i++) {
		struct mfa_why why = { "" };
		struct import im;
		unsigned scratch = 99;

		if (import_google(google_good[i].text, &im, &scratch, &why))
			fail_msg("%zu: %s", i, why.text);
		assert_int_equal(im.factor.kind, google_good[i].kind);
		assert_int_equal(im.factor.otp.len, google_good[i].len);
		assert_memory_equal(im.factor.otp.key, "12345678901234567890",
		    google_good[i].len);
		assert_int_equal(im.factor.otp.digits, 6);
		assert_int_equal(im.factor.otp.hash, CRYPTO_SHA1);
		assert_int_equal(im.factor.otp.period, google_good[i].period);
		assert_int_equal(im.factor.otp.counter, google_good[i].counter);
		assert_int_equal(im.next, google_good[i].next);
		assert_int_equal(scratch, google_good[i].scratch);
	}
}

static const struct {
	const char *text;
	enum mfa_err err;
	const char *says;
} google_bad[] = {
	{ "", MFA_ERANGE, "line 1: the key has 0 bits" },
	{ "GEZDGNBVGY3TQOJQ\n" TOTP, MFA_ERANGE,
	    "line 1: the key has 80 bits" },
	{ "GEZDGNBVGY3TQOJQGEZDGNBV\n" TOTP, MFA_ERANGE,
	    "line 1: the key has 120 bits" },
	{ KEY20 KEY20 KEY20 KEY20 "\n" TOTP, MFA_ERANGE,
	    "line 1: the key has over 64 bytes" },
	{ "0189\n" TOTP, MFA_ESYNTAX, "line 1: the key is not base 32" },
	{ "\n" KEY20 "\n" TOTP, MFA_ERANGE, "line 1" },
	{ KEY20 "\n" TOTP "\" STEP_SIZE x\n", MFA_ESYNTAX, "line 3: " },
	{ KEY20 "\n" TOTP "\" STEP_SIZE 0\n", MFA_ERANGE, "line 3: " },
	{ KEY20 "\n" TOTP "\" STEP_SIZE 121\n", MFA_ERANGE, "line 3: " },
	{ KEY20 "\n" TOTP "\" STEP_SIZE\n", MFA_ERANGE, "line 3: " },
	{ KEY20 "\n\" HOTP_COUNTER -1\n", MFA_ESYNTAX, "line 2: " },
	{ KEY20 "\n\" HOTP_COUNTER 18446744073709551616\n", MFA_ESYNTAX,
	    "line 2: " },
	{ KEY20 "\n" TOTP "\" DISALLOW_REUSE 5 6x\n", MFA_ESYNTAX,
	    "line 3: " },
	{ KEY20 "\n" TOTP "12345678\nhello\n", MFA_ESYNTAX,
	    "line 4: neither an option nor a scratch code" },
	{ KEY20 "\n" TOTP "1234567x\n", MFA_ESYNTAX, "line 3: neither" },
	{ KEY20 "\n" TOTP "\"TOTP_AUTH\n", MFA_ESYNTAX, "line 3: neither" },
	{ KEY20 "\n", MFA_ESYNTAX, "neither TOTP_AUTH nor a HOTP_COUNTER" },
	{ KEY20 "\n\" HOTP_COUNTER 0\n", MFA_ESYNTAX, "neither TOTP_AUTH" },
	{ KEY20 "\n\" TOTP_AUTHX\n", MFA_ESYNTAX, "neither TOTP_AUTH" },
};

static void
google_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(google_bad); i++) {
		struct import im = { .next = 77 };
		struct mfa_why why = { "" };
		unsigned scratch = 77;

		assert_int_equal(import_google(google_bad[i].text, &im,
		    &scratch, &why), google_bad[i].err);
		if (strstr(why.text, google_bad[i].says) == NULL)
			fail_msg("%zu: %s", i, why.text);
		/* Never the key. */
		assert_null(strstr(why.text, "GEZD"));
		assert_int_equal(im.next, 77);
		assert_int_equal(scratch, 77);
	}
}

static void
google_long_line(void **state)
{
	static char text[4000] = KEY20 "\n" TOTP "\" DISALLOW_REUSE";
	struct mfa_why why = { "" };
	struct import im;
	unsigned scratch;

	(void)state;
	for (int i = 0; i < 200; i++)
		strcat(text, " 56666666");
	assert_int_equal(import_google(text, &im, &scratch, &why), MFA_OK);
	for (int i = 0; i < 50; i++)
		strcat(text, " 56666666");
	assert_int_equal(import_google(text, &im, &scratch, &why),
	    MFA_ESYNTAX);
	assert_string_equal(why.text, "line 3 is too long");
}

static const struct {
	const char *line, *user;
	enum factor_kind kind;
	unsigned digits, period;
	uint64_t counter;
	const char *last_otp;
} oath_good[] = {
	{ "HOTP alice - " HEX20, "alice", FACTOR_HOTP, 6, 0, 0, NULL },
	{ "HOTP\talice\t-\t" HEX20 "\t5", "alice", FACTOR_HOTP, 6, 0, 5,
	    NULL },
	{ "HOTP/E bob - " HEX20 " 3", "bob", FACTOR_HOTP, 6, 0, 3, NULL },
	{ "HOTP/E/8 bob - " HEX20 " 3", "bob", FACTOR_HOTP, 8, 0, 3, NULL },
	{ "HOTP/T30 eve secret " HEX20, "eve", FACTOR_TOTP, 6, 30, 0, NULL },
	{ "HOTP/T30/6 eve - " HEX20, "eve", FACTOR_TOTP, 6, 30, 0, NULL },
	{ "HOTP/T30/7 eve - " HEX20, "eve", FACTOR_TOTP, 7, 30, 0, NULL },
	{ "HOTP/T60/8 eve + " HEX20, "eve", FACTOR_TOTP, 8, 60, 0, NULL },
	{ "  HOTP/T60 eve - " HEX20 " \r", "eve", FACTOR_TOTP, 6, 60, 0,
	    NULL },
	/* As liboath leaves it after a login. */
	{ "HOTP alice - " HEX20 " 4 338314 2009-12-07T23:24:49L", "alice",
	    FACTOR_HOTP, 6, 0, 4, "338314" },
	{ "HOTP/T30 alice - " HEX20 " 0 338314 2009-12-07T23:24:49L", "alice",
	    FACTOR_TOTP, 6, 30, 0, "338314" },
};

static void
oath(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(oath_good); i++) {
		const char *user, *last_otp;
		struct mfa_why why = { "" };
		char line[256];
		struct import im;

		snprintf(line, sizeof(line), "%s", oath_good[i].line);
		if (import_oath(line, &im, &user, &last_otp, &why))
			fail_msg("%zu: %s", i, why.text);
		assert_string_equal(user, oath_good[i].user);
		assert_int_equal(im.factor.kind, oath_good[i].kind);
		assert_int_equal(im.factor.otp.len, 20);
		assert_memory_equal(im.factor.otp.key, "12345678901234567890",
		    20);
		assert_int_equal(im.factor.otp.hash, CRYPTO_SHA1);
		assert_int_equal(im.factor.otp.digits, oath_good[i].digits);
		assert_int_equal(im.factor.otp.period, oath_good[i].period);
		assert_int_equal(im.factor.otp.counter, oath_good[i].counter);
		assert_int_equal(im.next, 0);
		if (oath_good[i].last_otp == NULL)
			assert_null(last_otp);
		else
			assert_string_equal(last_otp, oath_good[i].last_otp);
	}
}

static const struct {
	const char *line;
	enum mfa_err err;
	const char *says;
} oath_bad[] = {
	{ "", MFA_ENOENT, "" },
	{ " \t\r", MFA_ENOENT, "" },
	{ "# HOTP alice - " HEX20, MFA_ENOENT, "" },
	{ "TOTP alice - " HEX20, MFA_ESYNTAX, "unknown type \"TOTP\"" },
	{ "HOTP/T45 alice - " HEX20, MFA_ESYNTAX, "unknown type" },
	{ "HOTP/T30/9 alice - " HEX20, MFA_ESYNTAX, "unknown type" },
	{ "HOTP/T30/5 alice - " HEX20, MFA_ESYNTAX, "unknown type" },
	{ "HOTP/T30/66 alice - " HEX20, MFA_ESYNTAX, "unknown type" },
	{ "HOTP/6 alice - " HEX20, MFA_ESYNTAX, "unknown type" },
	{ "hotp alice - " HEX20, MFA_ESYNTAX, "unknown type" },
	{ "HOTP", MFA_ESYNTAX, "the key is missing" },
	{ "HOTP alice", MFA_ESYNTAX, "the key is missing" },
	{ "HOTP alice -", MFA_ESYNTAX, "the key is missing" },
	{ "HOTP alice - 31323", MFA_ESYNTAX, "not hexadecimal" },
	{ "HOTP alice - xyzxyz", MFA_ESYNTAX, "not hexadecimal" },
	{ "HOTP alice - " HEX20 "3", MFA_ESYNTAX, "not hexadecimal" },
	{ "HOTP alice - " HEX20 HEX20 HEX20 HEX20, MFA_ESYNTAX,
	    "over 64 bytes" },
	{ "HOTP alice - 00", MFA_ERANGE, "the key has 8 bits" },
	{ "HOTP alice - " HEX15, MFA_ERANGE, "the key has 120 bits" },
	{ "HOTP alice - " HEX20 " x", MFA_ESYNTAX, "the counter is no number" },
	{ "HOTP alice - " HEX20 " -1", MFA_ESYNTAX,
	    "the counter is no number" },
	{ "HOTP alice - " HEX20 " 18446744073709551615", MFA_ESYNTAX,
	    "the counter is no number" },
};

static void
oath_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(oath_bad); i++) {
		const char *user = "u", *last_otp = "o";
		struct mfa_why why = { "" };
		struct import im = { .next = 77 };
		char line[512];

		snprintf(line, sizeof(line), "%s", oath_bad[i].line);
		assert_int_equal(import_oath(line, &im, &user, &last_otp,
		    &why), oath_bad[i].err);
		if (strstr(why.text, oath_bad[i].says) == NULL)
			fail_msg("%zu: %s", i, why.text);
		assert_null(strstr(why.text, "3132"));
		assert_int_equal(im.next, 77);
		assert_string_equal(user, "u");
		assert_string_equal(last_otp, "o");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(google),
	    cmocka_unit_test(google_refused),
	    cmocka_unit_test(google_long_line), cmocka_unit_test(oath),
	    cmocka_unit_test(oath_refused) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
