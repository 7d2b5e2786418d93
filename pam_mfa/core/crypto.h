/*
 * The only file that sees OpenSSL. Everything runs in a library context of its
 * own, so that nothing of the host process's OpenSSL is changed or obeyed.
 */
#ifndef MFA_CRYPTO_H
#define MFA_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

enum crypto_hash { CRYPTO_SHA1, CRYPTO_SHA256, CRYPTO_SHA512 };

#define CRYPTO_HASH_MAX 64	/* bytes of the longest digest */

#define CRYPTO_SHA256_LEN 32

struct crypto;			/* a context; not shared between threads */

/*
 * openssl_config: a file to load into the context (a FIPS host needs one that
 * activates its provider), "" for none; the host's own openssl.cnf has no
 * say in it. MFA_ECRYPTO with why; free with crypto_free (NULL is fine).
 */
enum mfa_err crypto_new(const char *openssl_config, struct crypto **ret,
    struct mfa_why *) MFA_MUST_CHECK;
void crypto_free(struct crypto *);

/* Bytes of a digest: 20, 32, 64. */
size_t crypto_hash_len(enum crypto_hash);

/* "SHA1", "SHA256", "SHA512", and the way back from any case. MFA_ESYNTAX. */
const char *crypto_hash_name(enum crypto_hash);
enum mfa_err crypto_hash_named(const char *, enum crypto_hash *ret)
    MFA_MUST_CHECK;

/*
 * HMAC (RFC 2104). ret_mac holds crypto_hash_len bytes. MFA_ECRYPTO.
 */
enum mfa_err crypto_hmac(struct crypto *, enum crypto_hash, const uint8_t *key,
    size_t keylen, const uint8_t *msg, size_t msglen,
    uint8_t ret_mac[static CRYPTO_HASH_MAX]) MFA_MUST_CHECK;

/* SHA-256 of a message. MFA_ECRYPTO. */
enum mfa_err crypto_sha256(struct crypto *, const void *msg, size_t len,
    uint8_t ret[static CRYPTO_SHA256_LEN]) MFA_MUST_CHECK;

/* PBKDF2-HMAC-SHA-256 (RFC 8018 5.2). len bytes into ret. MFA_ECRYPTO. */
enum mfa_err crypto_pbkdf2(struct crypto *, const char *password,
    const uint8_t *salt, size_t saltlen, unsigned iterations,
    uint8_t *ret, size_t len) MFA_MUST_CHECK;

/* len bytes from OpenSSL's RNG for secrets. MFA_ECRYPTO; ret is then wiped. */
enum mfa_err crypto_random(struct crypto *, uint8_t *ret, size_t len)
    MFA_MUST_CHECK;

/*
 * AES-256-GCM (SP 800-38D). What is sealed is the nonce, which the library
 * makes anew each time (FIPS asks for that), the ciphertext and the tag.
 */
#define CRYPTO_GCM_KEY 32
#define CRYPTO_GCM_NONCE 12
#define CRYPTO_GCM_TAG 16
#define CRYPTO_GCM_MORE (CRYPTO_GCM_NONCE + CRYPTO_GCM_TAG)

struct crypto_gcm {
	const uint8_t *key;	/* CRYPTO_GCM_KEY bytes */
	const void *aad;	/* authenticated, and not in what is sealed */
	size_t aadlen;
};

/* len bytes, at most INT_MAX, into len + CRYPTO_GCM_MORE. MFA_ECRYPTO. */
enum mfa_err crypto_gcm_seal(struct crypto *, const struct crypto_gcm *,
    const uint8_t *plain, size_t len, uint8_t *ret) MFA_MUST_CHECK;

/*
 * The way back: len bytes into len - CRYPTO_GCM_MORE. MFA_ERANGE: too short,
 * or it was not sealed with this key and aad, or changed since; ret is then
 * wiped. MFA_ECRYPTO.
 */
enum mfa_err crypto_gcm_open(struct crypto *, const struct crypto_gcm *,
    const uint8_t *sealed, size_t len, uint8_t *ret) MFA_MUST_CHECK;

/* Equal? In a time that depends on len alone. */
bool crypto_equal(const void *, const void *, size_t len);

#endif
