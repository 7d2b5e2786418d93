/*
 * Secrets of factors at rest. In the text of a record (core/record.h) the
 * value of "secret" (totp, hotp) and of "key" (phone) may be an envelope:
 *
 *	secret = sealed:KEYID:BASE64
 *
 * BASE64 is what AES-256-GCM makes of the value (nonce, ciphertext, tag) with
 * the key KEYID of the host (core/keyring.h). The person's name, the factor's
 * id, the field and the key's id are authenticated with it: copied to another
 * person or factor, an envelope does not open. What is a hash already (recovery
 * codes, app passwords) is not sealed.
 */
#ifndef MFA_SEAL_H
#define MFA_SEAL_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "crypto.h"
#include "err.h"
#include "keyring.h"

struct seal_scope {
	struct crypto *crypto;
	const struct keyring *ring;	/* NULL: the host has no keys */
	const char *file;		/* theirs; it is named in why */
	const char *user;		/* whose record it is */
};

/* Is there an envelope in it, as far as it can be read? */
bool seal_any(const struct buf *text);

/*
 * Appends the record to ret, its secrets in envelopes of the current key, or
 * with every envelope opened. Lines keep their numbers; comments go. Errors of
 * the lexer with the line in why; MFA_ECRYPTO: an envelope that does not open,
 * with user, factor, key and remedy in why; MFA_ERANGE, MFA_ENOMEM. What was
 * appended until an error is to be wiped.
 */
enum mfa_err seal_record(const struct seal_scope *, const struct buf *text,
    struct buf *ret, struct mfa_why *) MFA_MUST_CHECK;
enum mfa_err seal_open_record(const struct seal_scope *,
    const struct buf *text, struct buf *ret, struct mfa_why *) MFA_MUST_CHECK;

/* How the secrets of a record lie: in how many fields. */
struct seal_count {
	size_t plain;
	size_t current;		/* under the current key */
	size_t other;		/* under another */
};

/* ring may be NULL. Errors of the lexer. Nothing is opened. */
enum mfa_err seal_look(const struct buf *text, const struct keyring *ring,
    struct seal_count *ret, struct mfa_why *) MFA_MUST_CHECK;

#endif
