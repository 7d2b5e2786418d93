/*
 * The only file that sees OpenSSL.
 *
 * A library context of our own begins without the host's openssl.cnf and
 * without what the host process loaded, and leaves both as they were. The
 * thread's error queue is the host's too: it is marked and put back.
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "crypto.h"
#include "text.h"

struct crypto {
	OSSL_LIB_CTX *lib;
	EVP_MAC *hmac;	/* fetched when first used */
};

static const struct {
	const char *name;
	size_t len;
} hashes[] = { [CRYPTO_SHA1] = { "SHA1", 20 },
    [CRYPTO_SHA256] = { "SHA256", 32 }, [CRYPTO_SHA512] = { "SHA512", 64 } };

/* OpenSSL takes a parameter as char * and does not write there. */
static OSSL_PARAM
digest_param(const char *key, enum crypto_hash hash)
{
	union {
		const char *in;
		char *out;
	} name = { .in = hashes[hash].name };

	return OSSL_PARAM_construct_utf8_string(key, name.out, 0);
}

enum mfa_err
crypto_new(const char *openssl_config, struct crypto **ret,
    struct mfa_why *why)
{
	struct crypto *c = calloc(1, sizeof(*c));
	enum mfa_err r = MFA_OK;

	if (c == NULL)
		return MFA_ENOMEM;
	/* Whoever is first decides: without this, openssl.cnf is read. */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	ERR_set_mark();
	c->lib = OSSL_LIB_CTX_new();
	if (c->lib == NULL)
		r = mfa_fail(why, MFA_ECRYPTO, "OpenSSL gives no context");
	else if (*openssl_config != '\0' &&
	    !OSSL_LIB_CTX_load_config(c->lib, openssl_config))
		r = mfa_fail(why, MFA_ECRYPTO, "openssl_config = %s cannot be "
		    "loaded: try: openssl list -providers -config %s",
		    openssl_config, openssl_config);
	ERR_pop_to_mark();
	if (r) {
		crypto_free(c);
		return r;
	}
	*ret = c;
	return MFA_OK;
}

void
crypto_free(struct crypto *c)
{
	if (c == NULL)
		return;
	EVP_MAC_free(c->hmac);
	OSSL_LIB_CTX_free(c->lib);
	free(c);
}

size_t
crypto_hash_len(enum crypto_hash hash)
{
	return hashes[hash].len;
}

const char *
crypto_hash_name(enum crypto_hash hash)
{
	return hashes[hash].name;
}

enum mfa_err
crypto_hash_named(const char *name, enum crypto_hash *ret)
{
	for (size_t i = 0; i < sizeof(hashes) / sizeof(*hashes); i++)
		if (text_case_equal(name, hashes[i].name)) {
			*ret = (enum crypto_hash)i;
			return MFA_OK;
		}
	return MFA_ESYNTAX;
}

static bool
hmac(struct crypto *c, enum crypto_hash hash, const uint8_t *key,
    size_t keylen, const uint8_t *msg, size_t msglen, uint8_t *mac)
{
	const OSSL_PARAM params[] = { digest_param(OSSL_MAC_PARAM_DIGEST, hash),
	    OSSL_PARAM_construct_end() };
	EVP_MAC_CTX *ctx;
	size_t len = 0;
	bool ok;

	if (c->hmac == NULL)
		c->hmac = EVP_MAC_fetch(c->lib, "HMAC", NULL);
	if (c->hmac == NULL || (ctx = EVP_MAC_CTX_new(c->hmac)) == NULL)
		return false;
	ok = EVP_MAC_init(ctx, key, keylen, params) &&
	    EVP_MAC_update(ctx, msg, msglen) &&
	    EVP_MAC_final(ctx, mac, &len, CRYPTO_HASH_MAX) &&
	    len == hashes[hash].len;
	EVP_MAC_CTX_free(ctx);
	return ok;
}

enum mfa_err
crypto_hmac(struct crypto *c, enum crypto_hash hash, const uint8_t *key,
    size_t keylen, const uint8_t *msg, size_t msglen,
    uint8_t ret_mac[static CRYPTO_HASH_MAX])
{
	uint8_t mac[CRYPTO_HASH_MAX] = { 0 };
	bool ok;

	ERR_set_mark();
	ok = hmac(c, hash, key, keylen, msg, msglen, mac);
	ERR_pop_to_mark();
	if (ok)
		for (size_t i = 0; i < sizeof(mac); i++)
			ret_mac[i] = mac[i];
	mfa_wipe(mac, sizeof(mac));
	return ok ? MFA_OK : MFA_ECRYPTO;
}

enum mfa_err
crypto_sha256(struct crypto *c, const void *msg, size_t len,
    uint8_t ret[static CRYPTO_SHA256_LEN])
{
	size_t n = 0;
	bool ok;

	ERR_set_mark();
	ok = EVP_Q_digest(c->lib, "SHA256", NULL, msg, len, ret, &n) == 1 &&
	    n == CRYPTO_SHA256_LEN;
	ERR_pop_to_mark();
	return ok ? MFA_OK : MFA_ECRYPTO;
}

static bool
pbkdf2(struct crypto *c, const OSSL_PARAM *params, uint8_t *ret, size_t len)
{
	EVP_KDF *kdf = EVP_KDF_fetch(c->lib, "PBKDF2", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	bool ok = ctx != NULL && EVP_KDF_derive(ctx, ret, len, params) > 0;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok;
}

enum mfa_err
crypto_pbkdf2(struct crypto *c, const char *password, const uint8_t *salt,
    size_t saltlen, unsigned iterations, uint8_t *ret, size_t len)
{
	/* As digest_param: only read. */
	union {
		const void *in;
		void *out;
	} pass = { .in = password }, nacl = { .in = salt };
	const OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, pass.out,
		strlen(password)),
	    OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, nacl.out,
		saltlen),
	    OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ITER, &iterations),
	    digest_param(OSSL_KDF_PARAM_DIGEST, CRYPTO_SHA256),
	    OSSL_PARAM_construct_end() };
	bool ok;

	ERR_set_mark();
	ok = pbkdf2(c, params, ret, len);
	ERR_pop_to_mark();
	return ok ? MFA_OK : MFA_ECRYPTO;
}

enum mfa_err
crypto_random(struct crypto *c, uint8_t *ret, size_t len)
{
	bool ok;

	ERR_set_mark();
	ok = RAND_priv_bytes_ex(c->lib, ret, len, 0) == 1;
	ERR_pop_to_mark();
	if (ok)
		return MFA_OK;
	mfa_wipe(ret, len);
	return MFA_ECRYPTO;
}

bool
crypto_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}
