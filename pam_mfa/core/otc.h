/*
 * One-time codes that travel by SMS or call (SP 800-63B-4 3.1.3): six digits,
 * good for five minutes, three answers, once, and at one door only. What is
 * kept of one is a keyed hash.
 */
#ifndef MFA_OTC_H
#define MFA_OTC_H

#include <stdint.h>

#include "crypto.h"
#include "err.h"

#define OTC_DIGITS 6
#define OTC_TTL 300	/* seconds; SP 800-63B-4 3.1.3.2 allows 600 */
#define OTC_TRIES 3	/* wrong answers, then it is void */
#define OTC_KEY 32	/* bytes of a phone's key */
#define OTC_MAC 32	/* bytes */

/* Where a code is good: the person, the PAM service, the host. */
struct otc_door {
	const char *user, *service, *host;
};

/* A new code, every value as likely as any other. MFA_ECRYPTO. */
enum mfa_err otc_new(struct crypto *, char ret[static OTC_DIGITS + 1])
    MFA_MUST_CHECK;

/* HMAC-SHA-256 of the door and the code. MFA_ECRYPTO, MFA_ENOMEM. */
enum mfa_err otc_mac(struct crypto *, const uint8_t key[static OTC_KEY],
    const struct otc_door *, const char *code, uint8_t ret[static OTC_MAC])
    MFA_MUST_CHECK;

#endif
