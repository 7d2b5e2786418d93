/* Vectors of RFC 2202, 4231 and 7914, and a library that refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/crypto.h"
#include "../../pam_mfa/core/text.h"
#include "../fake/no_crypto.h"

/* OpenSSL's, of the host process: the thread's queue of errors. */
extern unsigned long ERR_get_error(void);
extern void ERR_new(void);
extern void ERR_set_error(int lib, int reason, const char *fmt, ...);

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

/* text, or the byte fill n times. */
struct bytes { const char *text; uint8_t fill; size_t n; };

static size_t
expand(const struct bytes *b, uint8_t ret[static 160])
{
	if (b->text == NULL) {
		memset(ret, b->fill, b->n);
		return b->n;
	}
	memcpy(ret, b->text, strlen(b->text));
	return strlen(b->text);
}

#define LARGE "Test Using Larger Than Block-Size Key - Hash Key First"
static const struct {
	struct bytes key, msg;
	enum crypto_hash hash;
	const char *mac;
} macs[] = {
	/* RFC 2202 3 */
	{ { NULL, 0x0b, 20 }, { "Hi There", 0, 0 }, CRYPTO_SHA1,
	    "b617318655057264e28bc0b6fb378c8ef146be00" },
	{ { "Jefe", 0, 0 }, { "what do ya want for nothing?", 0, 0 },
	    CRYPTO_SHA1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	{ { NULL, 0xaa, 20 }, { NULL, 0xdd, 50 }, CRYPTO_SHA1,
	    "125d7342b9ac11cd91a39af48aa17b4f63f175d3" },
	{ { NULL, 0xaa, 80 }, { LARGE, 0, 0 }, CRYPTO_SHA1,
	    "aa4ae5e15272d00e95705637ce8a3b55ed402112" },
	/* RFC 4231 4.2, 4.3, 4.4 and 4.7 */
	{ { NULL, 0x0b, 20 }, { "Hi There", 0, 0 }, CRYPTO_SHA256,
	    "b0344c61d8db38535ca8afceaf0bf12b"
	    "881dc200c9833da726e9376c2e32cff7" },
	{ { NULL, 0x0b, 20 }, { "Hi There", 0, 0 }, CRYPTO_SHA512,
	    "87aa7cdea5ef619d4ff0b4241a1d6cb0"
	    "2379f4e2ce4ec2787ad0b30545e17cde"
	    "daa833b7d6b8a702038b274eaea3f4e4"
	    "be9d914eeb61f1702e696c203a126854" },
	{ { "Jefe", 0, 0 }, { "what do ya want for nothing?", 0, 0 },
	    CRYPTO_SHA256,
	    "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843" },
	{ { "Jefe", 0, 0 }, { "what do ya want for nothing?", 0, 0 },
	    CRYPTO_SHA512,
	    "164b7a7bfcf819e2e395fbe73b56e0a3"
	    "87bd64222e831fd610270cd7ea250554"
	    "9758bf75c05a994a6d034f65f8f0e6fd"
	    "caeab1a34d4a6b4b636e070a38bce737" },
	{ { NULL, 0xaa, 20 }, { NULL, 0xdd, 50 }, CRYPTO_SHA256,
	    "773ea91e36800e46854db8ebd09181a7"
	    "2959098b3ef8c122d9635514ced565fe" },
	{ { NULL, 0xaa, 20 }, { NULL, 0xdd, 50 }, CRYPTO_SHA512,
	    "fa73b0089d56a284efb0f0756c890be9"
	    "b1b5dbdd8ee81a3655f83e33b2279d39"
	    "bf3e848279a722c806b485a47e67c807"
	    "b946a337bee8942674278859e13292fb" },
	{ { NULL, 0xaa, 131 }, { LARGE, 0, 0 }, CRYPTO_SHA256,
	    "60e431591ee0b67f0d8a26aacbf5b77f"
	    "8e0bc6213728c5140546040f0ee37f54" },
	{ { NULL, 0xaa, 131 }, { LARGE, 0, 0 }, CRYPTO_SHA512,
	    "80b24263c7c1a3ebb71493c1dd7be8b4"
	    "9b46d1f41b4aeec1121b013783f8f352"
	    "6b56d037e05f2598bd0fd2215d6a1e52"
	    "95e64f73f63f0aec8b915a985d786598" },
};

static void
hmac_vectors(void **state)
{
	uint8_t key[160], msg[160], mac[CRYPTO_HASH_MAX];
	char hex[2 * CRYPTO_HASH_MAX + 1];

	for (size_t i = 0; i < sizeof(macs) / sizeof(*macs); i++) {
		size_t keylen = expand(&macs[i].key, key);
		size_t msglen = expand(&macs[i].msg, msg);

		assert_int_equal(crypto_hmac(*state, macs[i].hash, key, keylen,
		    msg, msglen, mac), MFA_OK);
		assert_string_equal(text_hex(hex, mac,
		    crypto_hash_len(macs[i].hash)), macs[i].mac);
	}
}

static void
pbkdf2_vectors(void **state)
{
	static const struct {
		const char *password, *salt;
		unsigned iterations;
		const char *key;
	} table[] = {
		/* RFC 7914 11 */
		{ "passwd", "salt", 1,
		    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57"
		    "c20dacbc" },
		{ "Password", "NaCl", 80000,
		    "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff0887"
		    "6b34ab56" },
		/* RFC 6070's inputs, with SHA-256 */
		{ "password", "salt", 1,
		    "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987c"
		    "b70be17b" },
		{ "password", "salt", 2,
		    "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a"
		    "95474c43" },
		{ "password", "salt", 4096,
		    "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873"
		    "aa98134a" },
	};
	uint8_t key[32];
	char hex[65];

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(crypto_pbkdf2(*state, table[i].password,
		    (const uint8_t *)table[i].salt, strlen(table[i].salt),
		    table[i].iterations, key, sizeof(key)), MFA_OK);
		assert_string_equal(text_hex(hex, key, sizeof(key)),
		    table[i].key);
	}
}

/* Every byte of it, and no two alike. */
static void
at66_randomness(void **state)
{
	uint8_t r[40], seen[40] = { 0 }, before[40] = { 0 };

	for (int round = 0; round < 32; round++) {
		assert_int_equal(crypto_random(*state, r, sizeof(r)), MFA_OK);
		assert_memory_not_equal(r, before, sizeof(r));
		memcpy(before, r, sizeof(r));
		for (size_t i = 0; i < sizeof(r); i++)
			seen[i] |= r[i];
	}
	for (size_t i = 0; i < sizeof(r); i++)
		assert_int_not_equal(seen[i], 0);
	r[1] = 0x55;
	assert_int_equal(crypto_random(*state, r, 1), MFA_OK);
	assert_int_equal(r[1], 0x55);
}

static void
at63_equality(void **unused)
{
	(void)unused;
	assert_true(crypto_equal("abc", "abc", 3));
	assert_false(crypto_equal("abc", "abd", 3));
	assert_false(crypto_equal("abc", "bbc", 3));
	assert_true(crypto_equal("abc", "abd", 2));
	assert_true(crypto_equal("a", "b", 0));
}

static void
hash_names(void **unused)
{
	static const char *const bad[] = { "", "SHA", "SHA-1", "SHA1 ",
	    "SHA224", "MD5", "SHA5120" };
	enum crypto_hash hash;

	(void)unused;
	for (int i = CRYPTO_SHA1; i <= CRYPTO_SHA512; i++) {
		assert_int_equal(crypto_hash_named(
		    crypto_hash_name((enum crypto_hash)i), &hash), MFA_OK);
		assert_int_equal(hash, i);
	}
	assert_int_equal(crypto_hash_named("sHa256", &hash), MFA_OK);
	assert_int_equal(hash, CRYPTO_SHA256);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(crypto_hash_named(bad[i], &hash),
		    MFA_ESYNTAX);
	assert_int_equal(hash, CRYPTO_SHA256);
}

/* FIPS 180-4's examples, as NIST publishes them. */
static void
sha256_vectors(void **state)
{
	static const struct {
		const char *msg, *hash;
	} table[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad" },
	};
	uint8_t hash[CRYPTO_SHA256_LEN];
	char hex[2 * sizeof(hash) + 1];

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(crypto_sha256(*state, table[i].msg,
		    strlen(table[i].msg), hash), MFA_OK);
		assert_string_equal(text_hex(hex, hash, sizeof(hash)),
		    table[i].hash);
	}
}

/* Nothing is filled in; the host process keeps its errors and gets no more. */
static void
refusals(void **unused)
{
	uint8_t out[CRYPTO_HASH_MAX] = "untouched", zeros[16] = { 0 };
	struct crypto *c = no_crypto(), *none = NULL;
	struct mfa_why why = { "" };

	(void)unused;
	ERR_new();
	ERR_set_error(7, 42, NULL);
	assert_int_equal(crypto_hmac(c, CRYPTO_SHA1, out, 20, out, 8, out),
	    MFA_ECRYPTO);
	assert_string_equal((char *)out, "untouched");
	assert_int_equal(crypto_pbkdf2(c, "p", out, 16, 1000, out, 32),
	    MFA_ECRYPTO);
	assert_string_equal((char *)out, "untouched");
	assert_int_equal(crypto_sha256(c, "abc", 3, out), MFA_ECRYPTO);
	assert_string_equal((char *)out, "untouched");
	assert_int_equal(crypto_random(c, out, 16), MFA_ECRYPTO);
	assert_memory_equal(out, zeros, 16);
	crypto_free(c);
	crypto_free(NULL);
	assert_int_equal(crypto_new("/nonexistent", &none, &why), MFA_ECRYPTO);
	assert_null(none);
	assert_non_null(strstr(why.text, "openssl_config = /nonexistent "));
	assert_int_equal(ERR_get_error(), 7UL << 23 | 42);
	assert_int_equal(ERR_get_error(), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(hmac_vectors), T(pbkdf2_vectors),
	    T(sha256_vectors), T(at66_randomness),
	    cmocka_unit_test(at63_equality), cmocka_unit_test(hash_names),
	    cmocka_unit_test(refusals) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
