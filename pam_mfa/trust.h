/*
 * Logins without a code: a public key that sshd verified and that the person
 * chose to have remembered, or a session that has typed a code just now.
 */
#ifndef MFA_LOGIN_TRUST_H
#define MFA_LOGIN_TRUST_H

#include "core/policy.h"
#include "core/trust.h"
#include "login.h"
#include "sys/attempt.h"
#include "sys/ports.h"

/* What of this login may be trusted. of is "" for nothing. */
struct trusted {
	struct trust_claim claim;
	bool key;		/* of sshd, and not a session */
	enum language language;	/* to ask in */
};

/*
 * For sshd: the key, if there is one, by remember. Never root's, nor anybody's
 * who may not have passed the first factor. Else the session, by grace.
 */
void trusted_claim(const struct mfa_subject *, const struct policy_decision *,
    struct crypto *, struct trusted *ret);

/*
 * Is it trusted already? The use is on the disk then. false for whatever else:
 * then a code is asked for. An error goes to the log.
 */
bool trusted_enter(const struct trusted *, const struct attempt *,
    const struct mfa_ports *);

/*
 * After a right code of this factor: the session is kept, and the key if the
 * person says so. They are in, whatever comes of it.
 */
void trusted_keep(const struct trusted *, const struct attempt *,
    const struct mfa_ports *, const char *factor);

/* What the report says of it. */
void trusted_report(const struct trusted *, struct login_report *);

#endif
