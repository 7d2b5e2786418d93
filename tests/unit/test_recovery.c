/* Recovery codes: spelling, finding, and a set that OpenSSL made as well. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/recovery.h"
#include "../../pam_mfa/core/text.h"
#include "../fake/no_crypto.h"

static void
spellings(void **unused)
{
	static const struct {
		const char *typed, *code;
	} table[] = {
		{ "0123456789ABCDEF", "0123456789ABCDEF" },
		{ "0123-4567-89AB-CDEF", "0123456789ABCDEF" },
		{ "  0123 4567\t89ab-cdef\n", "0123456789ABCDEF" },
		{ "ghjk-mnpq-rstv-wxyz", "GHJKMNPQRSTVWXYZ" },
		{ "oOiI-lL00-1100-0000", "0011110011000000" },
		{ "O123456789ABCDE", NULL },		/* 15 */
		{ "0123456789ABCDEF0", NULL },		/* 17 */
		{ "0123456789ABCDEU", NULL },		/* U is none of them */
		{ "U0123456789ABCDEF", NULL }, { "0123456789ABCDE!", NULL },
		{ "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", NULL },
		{ "0123456789ABCDEF!", NULL }, { "", NULL }, { "-- -", NULL },
		{ "0123456789ABCDE\303\251", NULL }, { "123456", NULL },
	};
	struct { char code[RECOVERY_CHARS + 1], after[40]; } r;

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		strcpy(r.after, "untouched");
		assert_int_equal(recovery_canonical(table[i].typed, r.code),
		    table[i].code != NULL);
		assert_string_equal(r.code, table[i].code != NULL ?
		    table[i].code : "");
		assert_string_equal(r.after, "untouched");
	}
}

/* As pamhost.c: by "openssl kdf", PBKDF2, SHA256, 20000 iterations. */
static void
at86_known_set(void **unused)
{
	static const char hash[] = "2fd17f37429ad17caa7825210aa35335"
	    "6b1bb9ca8b5e84744d6244312133f441";
	struct recovery_set set = { .iterations = 20000 };
	struct crypto *c = NULL;
	int index = 99;

	(void)unused;
	assert_int_equal(crypto_new("", &c, NULL), MFA_OK);
	for (unsigned i = 0; i < RECOVERY_SALT; i++)
		set.salt[i] = (uint8_t)i;
	for (int at = 0; at < RECOVERY_CODES; at++) {
		memset(set.hash, 0, sizeof(set.hash));
		assert_int_equal(text_unhex(hash, set.hash[at],
		    RECOVERY_HASH), MFA_OK);
		assert_int_equal(recovery_find(c, &set, "0123456789ABCDEF",
		    &index), MFA_OK);
		assert_int_equal(index, at);
	}
	assert_int_equal(recovery_find(c, &set, "0123456789ABCDEG", &index),
	    MFA_OK);
	assert_int_equal(index, -1);
	set.iterations--;
	assert_int_equal(recovery_find(c, &set, "0123456789ABCDEF", &index),
	    MFA_OK);
	assert_int_equal(index, -1);
	assert_int_equal(recovery_dummy(c, "0123456789ABCDEF"), MFA_OK);
	crypto_free(c);
}

static void
new_sets(void **unused)
{
	static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char shown[RECOVERY_CODES][RECOVERY_SHOWN + 1];
	char code[RECOVERY_CHARS + 1];
	struct recovery_set set, other;
	struct crypto *c = NULL;
	uint32_t used = 0;
	int index;

	(void)unused;
	assert_int_equal(crypto_new("", &c, NULL), MFA_OK);
	assert_int_equal(recovery_new(c, &other, shown), MFA_OK);
	assert_int_equal(recovery_new(c, &set, shown), MFA_OK);
	assert_int_equal(set.iterations, RECOVERY_ITERATIONS);
	assert_memory_not_equal(set.salt, other.salt, RECOVERY_SALT);
	for (int i = 0; i < RECOVERY_CODES; i++) {
		assert_int_equal(strlen(shown[i]), RECOVERY_SHOWN);
		for (size_t at = 0; at < RECOVERY_SHOWN; at++)
			assert_int_equal(shown[i][at] == '-', at % 5 == 4);
		assert_true(recovery_canonical(shown[i], code));
		assert_int_equal(strspn(code, letters), RECOVERY_CHARS);
		for (size_t at = 0; at < RECOVERY_CHARS; at++)
			used |= UINT32_C(1) << (strchr(letters, code[at]) -
			    letters);
		assert_int_equal(recovery_find(c, &set, code, &index), MFA_OK);
		assert_int_equal(index, i);
		assert_int_equal(recovery_find(c, &other, code, &index),
		    MFA_OK);
		assert_int_equal(index, -1);
	}
	/* 160 draws from 32: fewer than 24 of them is no chance. */
	assert_true(__builtin_popcount(used) >= 24);
	crypto_free(c);
}

static void
single(void **unused)
{
	char shown[RECOVERY_SHOWN + 1], code[RECOVERY_CHARS + 1];
	struct recovery_one one, other;
	struct crypto *c = NULL;
	bool is = false;

	(void)unused;
	assert_int_equal(crypto_new("", &c, NULL), MFA_OK);
	assert_int_equal(recovery_one_new(c, &other, shown), MFA_OK);
	assert_int_equal(recovery_one_new(c, &one, shown), MFA_OK);
	assert_memory_not_equal(one.salt, other.salt, RECOVERY_SALT);
	assert_int_equal(one.iterations, RECOVERY_ITERATIONS);
	assert_true(recovery_canonical(shown, code));
	assert_int_equal(recovery_one_is(c, &one, code, &is), MFA_OK);
	assert_true(is);
	assert_int_equal(recovery_one_is(c, &other, code, &is), MFA_OK);
	assert_false(is);
	code[15] = code[15] == '0' ? '1' : '0';
	assert_int_equal(recovery_one_is(c, &one, code, &is), MFA_OK);
	assert_false(is);
	crypto_free(c);
}

static void
no_crypto_no_codes(void **unused)
{
	char shown[RECOVERY_CODES][RECOVERY_SHOWN + 1];
	static const char wiped[sizeof(shown)];
	struct recovery_set set = { .iterations = 4711 };
	struct recovery_one one = { .iterations = 4711 };
	struct crypto *c = no_crypto();
	bool is = true;
	int index = 99;

	(void)unused;
	memset(shown, 'x', sizeof(shown));
	assert_int_equal(recovery_new(c, &set, shown), MFA_ECRYPTO);
	assert_int_equal(set.iterations, 4711);
	assert_memory_equal(shown, wiped, sizeof(shown));
	assert_int_equal(recovery_find(c, &set, "0123456789ABCDEF", &index),
	    MFA_ECRYPTO);
	assert_int_equal(index, 99);
	assert_int_equal(recovery_dummy(c, "0123456789ABCDEF"), MFA_ECRYPTO);
	assert_int_equal(recovery_one_new(c, &one, shown[0]), MFA_ECRYPTO);
	assert_int_equal(one.iterations, 4711);
	assert_int_equal(recovery_one_is(c, &one, "0123456789ABCDEF", &is),
	    MFA_ECRYPTO);
	assert_true(is);
	crypto_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(spellings),
	    cmocka_unit_test(at86_known_set), cmocka_unit_test(new_sets),
	    cmocka_unit_test(single), cmocka_unit_test(no_crypto_no_codes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
