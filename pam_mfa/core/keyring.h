/*
 * The keys of a host that seal the secrets of factors (core/seal.h), as they
 * lie in host.key:
 *
 *	version = 1
 *	current = k3fqa7		what is sealed from now on is with it
 *	[key k3fqa7]
 *	created = 1790000000		Unix time
 *	secret = 00..			hex, CRYPTO_GCM_KEY bytes
 *
 * There is more than one while records are sealed anew ("mfactl rekey"), and
 * as long as one under an older key could not be. An id is random, so that a
 * key that was lost is never taken for the one that came after it.
 */
#ifndef MFA_KEYRING_H
#define MFA_KEYRING_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "crypto.h"
#include "err.h"

#define KEYRING_MAX 8		/* keys */
#define KEYRING_ID_MAX 16	/* bytes, NUL included; a-z 0-9 */

struct host_key {
	char id[KEYRING_ID_MAX];
	int64_t created;
	uint8_t key[CRYPTO_GCM_KEY];
};

/* {0} has none. Wipe it (mfa_wipe) when done. */
struct keyring {
	struct host_key key[KEYRING_MAX];
	size_t n;
	char current[KEYRING_ID_MAX];	/* an id of these */
};

/* MFA_ESYNTAX, MFA_ERANGE with the line in why; no secret is repeated. */
enum mfa_err keyring_parse(const char *text, size_t len, struct keyring *ret,
    struct mfa_why *) MFA_MUST_CHECK;

/* Appends the text that keyring_parse reads back as the same. */
enum mfa_err keyring_format(const struct keyring *, struct buf *ret)
    MFA_MUST_CHECK;

/* NULL: no such key. */
const struct host_key *keyring_find(const struct keyring *, const char *id);

/* NULL: {0}. */
const struct host_key *keyring_current(const struct keyring *);

/*
 * Adds a random key, which is the current one then. MFA_ERANGE: KEYRING_MAX
 * are there; MFA_ECRYPTO. The ring is then as it was.
 */
enum mfa_err keyring_add(struct keyring *, struct crypto *, int64_t now)
    MFA_MUST_CHECK;

/* Takes out those that are in old, too, but for the current one. */
void keyring_drop(struct keyring *, const struct keyring *old);

#endif
