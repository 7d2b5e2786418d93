/*
 * The only file that sees OpenSSL.
 *
 * A library context of our own begins without the host's openssl.cnf and
 * without what the host process loaded, and leaves both as they were. Where we
 * are the first to use libcrypto, it reads openssl.cnf into the host's context,
 * as it would for anybody: to forbid that would hold for the host as well, who
 * may rely on its protocols or on FIPS. The thread's error queue is the host's
 * too: it is marked and put back.
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "crypto.h"
#include "text.h"

struct crypto {
	OSSL_LIB_CTX *lib;
	EVP_MAC *hmac;	/* these two are fetched when first used */
	EVP_CIPHER *gcm;
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
	EVP_CIPHER_free(c->gcm);
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

/* Ready for data, with the aad taken. The caller frees *ret. */
static bool
gcm_begin(struct crypto *c, const struct crypto_gcm *in, const uint8_t *nonce,
    EVP_CIPHER_CTX **ret)
{
	int sealing = nonce == NULL, n;

	if (c->gcm == NULL)
		c->gcm = EVP_CIPHER_fetch(c->lib, "AES-256-GCM", NULL);
	return c->gcm != NULL && (*ret = EVP_CIPHER_CTX_new()) != NULL &&
	    in->aadlen <= INT_MAX &&
	    EVP_CipherInit_ex2(*ret, c->gcm, in->key, nonce, sealing, NULL) &&
	    EVP_CipherUpdate(*ret, NULL, &n, in->aad, (int)in->aadlen);
}

/* Sealed without a nonce, the library makes one itself. */
static bool
gcm_seal(struct crypto *c, const struct crypto_gcm *in, const uint8_t *plain,
    size_t len, uint8_t *ret)
{
	uint8_t *sealed = ret + CRYPTO_GCM_NONCE;
	EVP_CIPHER_CTX *ctx = NULL;
	int n = 0, last = 0;
	bool ok;

	ok = len <= INT_MAX && gcm_begin(c, in, NULL, &ctx) &&
	    EVP_CipherUpdate(ctx, sealed, &n, plain, (int)len) &&
	    EVP_CipherFinal_ex(ctx, sealed + n, &last) &&
	    (size_t)n + (size_t)last == len &&
	    EVP_CIPHER_CTX_get_original_iv(ctx, ret, CRYPTO_GCM_NONCE) &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, CRYPTO_GCM_TAG,
	    sealed + len);
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

enum mfa_err
crypto_gcm_seal(struct crypto *c, const struct crypto_gcm *in,
    const uint8_t *plain, size_t len, uint8_t *ret)
{
	bool ok;

	ERR_set_mark();
	ok = gcm_seal(c, in, plain, len, ret);
	ERR_pop_to_mark();
	return ok ? MFA_OK : MFA_ECRYPTO;
}

/* len: of the text. The tag is copied: OpenSSL takes it as void *. */
static enum mfa_err
gcm_open(struct crypto *c, const struct crypto_gcm *in, const uint8_t *sealed,
    size_t len, uint8_t *ret)
{
	const uint8_t *text = sealed + CRYPTO_GCM_NONCE;
	uint8_t tag[CRYPTO_GCM_TAG];
	EVP_CIPHER_CTX *ctx = NULL;
	enum mfa_err r = MFA_ECRYPTO;
	int n = 0, last = 0;

	memcpy(tag, text + len, sizeof(tag));
	if (len <= INT_MAX && gcm_begin(c, in, sealed, &ctx) &&
	    EVP_CipherUpdate(ctx, ret, &n, text, (int)len) &&
	    (size_t)n == len &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag))
		r = EVP_CipherFinal_ex(ctx, ret + n, &last) > 0 && last == 0 ?
		    MFA_OK : MFA_ERANGE;
	EVP_CIPHER_CTX_free(ctx);
	if (r)
		mfa_wipe(ret, len);
	return r;
}

enum mfa_err
crypto_gcm_open(struct crypto *c, const struct crypto_gcm *in,
    const uint8_t *sealed, size_t len, uint8_t *ret)
{
	enum mfa_err r;

	if (len < CRYPTO_GCM_MORE)
		return MFA_ERANGE;
	ERR_set_mark();
	r = gcm_open(c, in, sealed, len - CRYPTO_GCM_MORE, ret);
	ERR_pop_to_mark();
	return r;
}

bool
crypto_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}
