/* Codes that travel: how they are drawn, and what their hash binds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/otc.h"
#include "../../pam_mfa/core/text.h"

#define DRAWS 2000

static struct crypto *crypto;

static int
group_setup(void **unused)
{
	(void)unused;
	return crypto_new("", &crypto, NULL);
}

static int
group_teardown(void **unused)
{
	(void)unused;
	crypto_free(crypto);
	return 0;
}

/*
 * Each digit in each place: a draw of 2000 misses one with a probability under
 * 1e-89; with a modulus or a mask gone wrong it does at once.
 */
static void
at66_drawn(void **unused)
{
	unsigned seen[OTC_DIGITS][10] = { 0 };
	char code[OTC_DIGITS + 1], before[OTC_DIGITS + 1] = "";
	unsigned same = 0;

	(void)unused;
	for (int n = 0; n < DRAWS; n++) {
		assert_int_equal(otc_new(crypto, code), MFA_OK);
		assert_int_equal(strspn(code, "0123456789"), OTC_DIGITS);
		assert_int_equal(strlen(code), OTC_DIGITS);
		for (int i = 0; i < OTC_DIGITS; i++)
			seen[i][code[i] - '0']++;
		same += !strcmp(code, before);
		memcpy(before, code, sizeof(before));
	}
	for (int i = 0; i < OTC_DIGITS; i++)
		for (int d = 0; d < 10; d++)
			assert_in_range(seen[i][d], 1, DRAWS / 4);
	assert_in_range(same, 0, 2);
}

static void
mac_of(const struct otc_door *door, const char *code, uint8_t first,
    char ret[static 2 * OTC_MAC + 1])
{
	uint8_t key[OTC_KEY], mac[OTC_MAC];

	for (unsigned i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	key[0] = first;
	assert_int_equal(otc_mac(crypto, key, door, code, mac), MFA_OK);
	text_hex(ret, mac, sizeof(mac));
}

static const struct otc_door here = { "alice", "sshd", "host" };

/* Python's hmac over "alice NUL sshd NUL host NUL 123456 NUL". */
static void
known(void **unused)
{
	char hex[2 * OTC_MAC + 1];

	(void)unused;
	mac_of(&here, "123456", 0, hex);
	assert_string_equal(hex,
	    "693ea15e7877cf2ce4d6ccad414b2f3ebfe528199684575416e095fb7279897f");
}

static void
bound(void **unused)
{
	static const struct otc_door doors[] = { { "alicf", "sshd", "host" },
	    { "alice", "sudo", "host" }, { "alice", "sshd", "host2" },
	    { "alices", "shd", "host" }, { "alice", "sshdh", "ost" } };
	char right[2 * OTC_MAC + 1], other[2 * OTC_MAC + 1];

	(void)unused;
	mac_of(&here, "123456", 0, right);
	for (size_t i = 0; i < sizeof(doors) / sizeof(*doors); i++) {
		mac_of(&doors[i], "123456", 0, other);
		assert_string_not_equal(other, right);
	}
	mac_of(&here, "123457", 0, other);
	assert_string_not_equal(other, right);
	mac_of(&here, "123456", 1, other);
	assert_string_not_equal(other, right);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at66_drawn),
		cmocka_unit_test(known),
		cmocka_unit_test(bound),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
