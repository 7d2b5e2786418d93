/*
 * How a login may end. Granted and exempt lie many bits from everything else
 * and from each other, so that a flipped bit or a stray 0, 1 or 25 is none of
 * them. pam_mfa.c holds the one switch that turns a verdict into a PAM code.
 */
#ifndef MFA_VERDICT_H
#define MFA_VERDICT_H

enum mfa_verdict {
	MFA_DENY_CONF = 1,	/* configuration or module argument */
	MFA_DENY_WRONG,		/* wrong, used or missing code; not enrolled */
	MFA_DENY_LIMIT,		/* too many failures, or locked */
	MFA_DENY_STORE,		/* store, state, lock, clock, crypto, time */
	MFA_DENY_MEMORY,
	MFA_DENY_CONV,		/* the conversation failed */
	MFA_GRANTED = 0x2d5a96c3,
	MFA_EXEMPT = 0x52a5693c, /* an administrator wrote it down */
};

#endif
