/*
 * Records of trust, used and made under the lock. What MUST hold: whoever is
 * let in by one could have typed a code now (no wait, no lock), has factors,
 * and the use is on the disk before anybody hears of it.
 */
#ifndef MFA_REMEMBER_H
#define MFA_REMEMBER_H

#include "../core/trust.h"
#include "attempt.h"

/*
 * The key of the host, which seals records: 32 random bytes, made at the first
 * use. Errors as the store's; MFA_ERANGE: there is something else in its
 * place; MFA_ECRYPTO.
 */
enum mfa_err remember_key(const struct mfa_store *hostkey, struct crypto *,
    uint8_t ret[static TRUST_KEY], struct mfa_why *) MFA_MUST_CHECK;

/*
 * MFA_OK: there is a record of this claim, and its use is on the disk.
 * MFA_ENOENT: there is none that counts, or no answer would be looked at now.
 * Else an error with its cause in why.
 */
enum mfa_err remember_use(const struct attempt *,
    const struct mfa_store *hostkey, const struct trust_claim *,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Keeps a record of the claim. factor: which has answered; MFA_ENOENT: it is
 * none of the person's any more. Else an error with its cause in why.
 */
enum mfa_err remember_keep(const struct attempt *,
    const struct mfa_store *hostkey, const struct trust_claim *,
    const char *factor, struct mfa_why *) MFA_MUST_CHECK;

#endif
