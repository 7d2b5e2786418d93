/* HOTP and TOTP: the vectors of RFC 4226 D and RFC 6238 B, and the windows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/totp.h"
#include "../fake/no_crypto.h"

static int
setup(void **state)
{
	struct crypto *c = NULL;

	if (crypto_new("", &c, NULL))
		return -1;
	*state = c;
	return 0;
}

static int
teardown(void **state)
{
	crypto_free(*state);
	return 0;
}

/* The RFCs' keys: as many of 1234567890 as the digest is long. */
static struct otp_key
rfc_key(enum crypto_hash hash, unsigned digits, unsigned period)
{
	struct otp_key key = { .len = crypto_hash_len(hash), .hash = hash,
	    .digits = digits, .period = period };

	for (size_t i = 0; i < key.len; i++)
		key.key[i] = (uint8_t)('0' + (i + 1) % 10);
	return key;
}

static void
has_value(struct crypto *c, const struct otp_key *key, uint64_t counter,
    const char *code)
{
	char value[TOTP_DIGITS_MAX + 1] = "";

	assert_int_equal(totp_value(c, key, counter, value), MFA_OK);
	assert_string_equal(value, code);
}

static void
rfc4226(void **state)
{
	static const char *const eight[] = { "84755224", "94287082",
	    "37359152", "26969429", "40338314", "68254676", "18287922",
	    "82162583", "73399871", "45520489" };

	for (unsigned digits = 6; digits <= 8; digits++) {
		const struct otp_key key = rfc_key(CRYPTO_SHA1, digits, 0);

		for (uint64_t i = 0; i < 10; i++)
			has_value(*state, &key, i, eight[i] + 8 - digits);
	}
}

static void
rfc6238(void **state)
{
	static const struct {
		int64_t at;
		const char *code[3];	/* SHA-1, SHA-256, SHA-512 */
	} table[] = {
		{ 59, { "94287082", "46119246", "90693936" } },
		{ 1111111109, { "07081804", "68084774", "25091201" } },
		{ 1111111111, { "14050471", "67062674", "99943326" } },
		{ 1234567890, { "89005924", "91819424", "93441116" } },
		{ 2000000000, { "69279037", "90698825", "38618901" } },
		{ INT64_C(20000000000), { "65353130", "77737706",
		    "47863826" } },
	};
	struct totp_window w;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		for (int hash = CRYPTO_SHA1; hash <= CRYPTO_SHA512; hash++) {
			const struct otp_key key =
			    rfc_key((enum crypto_hash)hash, 8, 30);

			totp_window_at(&key, table[i].at, 0, 0, 0, 0, &w);
			assert_int_equal(w.first, w.last);
			has_value(*state, &key, w.first, table[i].code[hash]);
		}
}

static void
windows(void **unused)
{
	static const struct {
		unsigned period;
		int64_t now;
		int drift;
		unsigned back, ahead;
		uint64_t next, first, last;
	} table[] = {
		{ 30, 0, 0, 0, 0, 0, 0, 0 },
		{ 30, 29, 0, 1, 1, 0, 0, 1 },
		{ 30, 30, 0, 1, 1, 0, 0, 2 },
		{ 30, 59, 0, 1, 1, 0, 0, 2 },
		{ 30, 60, 0, 1, 1, 0, 1, 3 },
		{ 30, 3000, 0, 0, 0, 7, 100, 100 },
		/* Drift adds to the window and takes nothing away. */
		{ 30, 3000, 2, 10, 10, 0, 90, 112 },
		{ 30, 3000, -2, 1, 1, 0, 97, 101 },
		{ 30, 3000, 2, 1, 1, 0, 99, 103 },
		{ 30, 3000, 4, 0, 0, 0, 100, 104 },
		{ 30, 3000, -4, 0, 0, 0, 96, 100 },
		/* Cut at 0, whatever the drift. */
		{ 30, 0, -4, 1, 1, 0, 0, 1 },
		{ 30, 0, -4, 0, 10, 0, 0, 10 },
		{ 30, 90, -4, 1, 1, 0, 0, 4 },
		{ 30, -1, 0, 1, 1, 0, 0, 1 },
		{ 30, INT64_MIN, 4, 0, 0, 0, 0, 4 },
		/* 2038, 2106, and as far as time goes. */
		{ 30, INT64_C(2147483647), 0, 0, 0, 0, 71582788, 71582788 },
		{ 30, INT64_C(2147483648) + 22, 0, 0, 0, 0, 71582789,
		    71582789 },
		{ 30, INT64_C(4294967296), 0, 1, 1, 0, 143165575, 143165577 },
		{ 1, INT64_C(4294967296), 0, 1, 1, 0, UINT64_C(4294967295),
		    UINT64_C(4294967297) },
		{ 120, INT64_MAX, 0, 1, 1, 0, UINT64_C(76861433640456464),
		    UINT64_C(76861433640456466) },
		/* HOTP: time, drift and back are nothing to it. */
		{ 0, 3000, 4, 5, 0, 7, 6, 7 },
		{ 0, 3000, 4, 5, 20, 7, 6, 27 },
		{ 0, 3000, 4, 5, 20, 1, 0, 21 },
		{ 0, 3000, 4, 5, 20, 0, 0, 20 },
		{ 0, 0, 0, 0, 10, UINT64_MAX - 5, UINT64_MAX - 6,
		    UINT64_MAX - 1 },
		{ 0, 0, 0, 0, 10, UINT64_MAX - 11, UINT64_MAX - 12,
		    UINT64_MAX - 1 },
		{ 0, 0, 0, 0, 10, UINT64_MAX, UINT64_MAX - 1,
		    UINT64_MAX - 1 },
	};
	struct totp_window w;

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const struct otp_key key = rfc_key(CRYPTO_SHA1, 6,
		    table[i].period);

		totp_window_at(&key, table[i].now, table[i].drift,
		    table[i].back, table[i].ahead, table[i].next, &w);
		if (w.first != table[i].first || w.last != table[i].last ||
		    w.next != table[i].next)
			fail_msg("row %zu: %llu to %llu", i,
			    (unsigned long long)w.first,
			    (unsigned long long)w.last);
	}
}

static struct totp_match
verify(struct crypto *c, const struct otp_key *key, const char *code,
    const struct totp_window *w)
{
	struct totp_match m = { 0 };

	assert_int_equal(totp_verify(c, key, code, w, &m), MFA_OK);
	return m;
}

static void
verifies(void **state)
{
	const struct otp_key key = rfc_key(CRYPTO_SHA1, 6, 0);
	struct totp_match m;

	/* Counters 4, 5, 6 of RFC 4226 D, and their neighbours. */
	static const struct {
		const char *code;
		bool found;
		uint64_t step;
	} table[] = { { "969429", false, 0 }, { "338314", true, 4 },
	    { "254676", true, 5 }, { "287922", true, 6 },
	    { "162583", false, 0 }, { "", false, 0 }, { "33831", false, 0 },
	    { "3383140", false, 0 }, { "40338314", false, 0 },
	    { "000000", false, 0 } };

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		for (uint64_t next = 3; next <= 8; next++) {
			const struct totp_window w = { 4, 6, next };

			m = verify(*state, &key, table[i].code, &w);
			assert_int_equal(m.found, table[i].found);
			assert_int_equal(m.step, table[i].step);
			assert_int_equal(m.fresh, m.found &&
			    table[i].step >= next);
		}
	/* The end of all counters: nothing to compare, and an end to it. */
	m = verify(*state, &key, "254676", &(struct totp_window){ UINT64_MAX,
	    UINT64_MAX - 1, UINT64_MAX });
	assert_false(m.found);
}

/* Two steps with one code: the later is the one that is spent. */
static void
highest(void **state)
{
	const struct otp_key key = rfc_key(CRYPTO_SHA1, 6, 30);
	static char code[6000][TOTP_DIGITS_MAX + 1];
	struct totp_window w = { 0, 0, 0 };
	struct totp_match m;

	for (w.last = 0; w.last < 6000; w.last++) {
		assert_int_equal(totp_value(*state, &key, w.last,
		    code[w.last]), MFA_OK);
		for (w.first = 0; w.first < w.last; w.first++)
			if (!strcmp(code[w.first], code[w.last]))
				goto found;
	}
	fail_msg("no two of %zu steps alike", sizeof(code) / sizeof(*code));
found:
	w.next = w.first + 1;
	m = verify(*state, &key, code[w.last], &w);
	assert_true(m.fresh);
	assert_int_equal(m.step, w.last);
	w.last--;
	m = verify(*state, &key, code[w.first], &w);
	assert_int_equal(m.step, w.first);
	assert_false(m.fresh);
}

static void
spellings(void **unused)
{
	static const struct {
		const char *typed, *code;
	} table[] = {
		{ "123456", "123456" }, { "123 456", "123456" },
		{ "123-456", "123456" }, { " 1 2-3\t456\r\n", "123456" },
		{ "1234567", "1234567" }, { "1234 5678", "12345678" },
		{ "", NULL }, { " - ", NULL }, { "12345", NULL },
		{ "123456789", NULL }, { "12345a", NULL }, { "123456a", NULL },
		{ "+123456", NULL }, { "123.456", NULL }, { "0x1234", NULL },
		{ "123456\xc2\xa0", NULL }, { "\xd9\xa1" "23456", NULL },
		{ "12345678 ", "12345678" }, { "000000", "000000" },
	};
	char code[TOTP_DIGITS_MAX + 1];

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(totp_canonical(table[i].typed, code),
		    table[i].code != NULL);
		assert_string_equal(code, table[i].code != NULL ?
		    table[i].code : "");
	}
}

static void
no_crypto_no_match(void **unused)
{
	const struct otp_key key = rfc_key(CRYPTO_SHA1, 6, 30);
	const struct totp_window w = { 4, 6, 0 };
	struct totp_match m = { .step = 99 };
	struct crypto *c = no_crypto();
	char value[TOTP_DIGITS_MAX + 1] = "old";

	(void)unused;
	assert_int_equal(totp_value(c, &key, 5, value), MFA_ECRYPTO);
	assert_string_equal(value, "old");
	assert_int_equal(totp_verify(c, &key, "254676", &w, &m), MFA_ECRYPTO);
	assert_int_equal(m.step, 99);
	assert_false(m.found);
	crypto_free(c);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(rfc4226), T(rfc6238),
	    cmocka_unit_test(windows), T(verifies), T(highest),
	    cmocka_unit_test(spellings),
	    cmocka_unit_test(no_crypto_no_match) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
