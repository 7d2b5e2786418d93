/* First codes: RFC 4226 appendix D's key and values, and one that was sent. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/first.h"

#define NUMBER "+819000001234"

static void
app(void **state)
{
	struct otp_key key = { .len = 20, .digits = 6, .period = 30 };
	static const struct { const char *typed; uint64_t next; } table[] = {
		{ "254676", 6 },	/* step 5: now */
		{ "254 676", 6 },
		{ "338314", 5 },	/* step 4 */
		{ "287922", 7 },	/* step 6 */
		{ "969429", 0 },	/* step 3 */
		{ "162583", 0 },	/* step 7 */
		{ "25467", 0 }, { "", 0 }, { "2546760", 0 }, { "r", 0 },
	};
	struct crypto *crypto;

	(void)state;
	memcpy(key.key, "12345678901234567890", 20);
	assert_int_equal(crypto_new("", &crypto, NULL), MFA_OK);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		uint64_t next = 99;

		assert_int_equal(first_app(crypto, &key, table[i].typed, 150,
		    &next), MFA_OK);
		assert_int_equal(next, table[i].next);
	}
	crypto_free(crypto);
}

static void
sends(struct first_codes *codes, const char *code, int64_t at_ms, bool unclear)
{
	struct first_sent sent = { .number = NUMBER, .at_ms = at_ms,
	    .way = unclear ? SENDING_VOICE : SENDING_SMS };

	memcpy(sent.code, code, sizeof(sent.code));
	first_sent(codes, &sent, unclear);
}

static void
phone(void **state)
{
	struct first_codes sent = { .newest.code = "" };

	(void)state;
	assert_int_equal(first_phone(&sent, NUMBER, "", 0), FIRST_VOID);
	assert_false(first_open(&sent, "", SENDING_SMS, 0));
	sends(&sent, "012345", 1000, false);
	assert_int_equal(first_phone(&sent, NUMBER, "01-23 45", 1000),
	    FIRST_RIGHT);
	/* Five minutes, to the millisecond. */
	assert_int_equal(first_phone(&sent, NUMBER, "012345", 300999),
	    FIRST_RIGHT);
	assert_int_equal(first_phone(&sent, NUMBER, "012345", 301000),
	    FIRST_VOID);
	/* It proves the number that it went to, and no other. */
	assert_int_equal(first_phone(&sent, "+819000005678", "012345", 1000),
	    FIRST_VOID);
	/* Three wrong answers, of any shape. */
	assert_int_equal(first_phone(&sent, NUMBER, "012346", 1000),
	    FIRST_WRONG);
	assert_int_equal(first_phone(&sent, NUMBER, "0123456", 1000),
	    FIRST_WRONG);
	assert_true(first_open(&sent, NUMBER, SENDING_SMS, 1000));
	assert_false(first_open(&sent, NUMBER, SENDING_VOICE, 1000));
	assert_int_equal(first_phone(&sent, NUMBER, "", 1000), FIRST_WRONG);
	assert_false(first_open(&sent, NUMBER, SENDING_SMS, 1000));
	assert_int_equal(first_phone(&sent, NUMBER, "012345", 1000),
	    FIRST_VOID);
	sends(&sent, "999999", 2000, false);
	assert_int_equal(first_phone(&sent, NUMBER, "012345", 2000),
	    FIRST_WRONG);
	assert_int_equal(first_phone(&sent, NUMBER, "999999", 2000),
	    FIRST_RIGHT);
}

/* Beside one that may not come the one before stays good, and no third. */
static void
unclear(void **state)
{
	struct first_codes sent = { .newest.code = "" };

	(void)state;
	sends(&sent, "111111", 1000, false);
	sends(&sent, "222222", 2000, true);
	sends(&sent, "333333", 3000, true);
	assert_true(first_open(&sent, NUMBER, SENDING_SMS, 3000));
	assert_true(first_open(&sent, NUMBER, SENDING_VOICE, 3000));
	assert_int_equal(first_phone(&sent, NUMBER, "222222", 3000),
	    FIRST_WRONG);
	assert_int_equal(first_phone(&sent, NUMBER, "333333", 3000),
	    FIRST_RIGHT);
	assert_int_equal(sent.newest.way, SENDING_VOICE);
	assert_int_equal(first_phone(&sent, NUMBER, "111111", 3000),
	    FIRST_RIGHT);
	assert_int_equal(sent.newest.way, SENDING_SMS);
	/* A guess is one against both. */
	sends(&sent, "444444", 4000, true);
	assert_int_equal(first_phone(&sent, NUMBER, "000000", 4000),
	    FIRST_WRONG);
	assert_int_equal(first_phone(&sent, NUMBER, "000000", 4000),
	    FIRST_WRONG);
	assert_int_equal(first_phone(&sent, NUMBER, "000000", 4000),
	    FIRST_WRONG);
	assert_int_equal(first_phone(&sent, NUMBER, "111111", 4000),
	    FIRST_VOID);
	assert_int_equal(first_phone(&sent, NUMBER, "444444", 4000),
	    FIRST_VOID);
	/* One that certainly comes is alone. */
	sends(&sent, "555555", 5000, false);
	sends(&sent, "666666", 6000, false);
	assert_int_equal(first_phone(&sent, NUMBER, "555555", 6000),
	    FIRST_WRONG);
	/* A code to another number does not count here. */
	strcpy(sent.newest.number, "+819000005678");
	sends(&sent, "777777", 7000, true);
	assert_int_equal(first_phone(&sent, NUMBER, "666666", 7000),
	    FIRST_WRONG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(app),
		cmocka_unit_test(phone),
		cmocka_unit_test(unclear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
