/*
 * The driver of a login: ports, configuration and subject in, a verdict out.
 * It asks what core/challenge wants asked and has each answer evaluated by
 * sys/attempt. It starts from a refusal; a grant is on the disk before it is
 * one.
 */
#ifndef MFA_LOGIN_H
#define MFA_LOGIN_H

#include "core/policy.h"
#include "core/record.h"
#include "core/state.h"
#include "core/verdict.h"
#include "sys/ports.h"

struct login_report {
	enum mfa_verdict verdict;
	const char *reason;		/* a stable word for the log */
	char factor[RECORD_ID_MAX];	/* which answered, "" if none */
	const char *method;		/* its kind, "-" if none */
	char key[TRUST_OF_MAX];		/* remembered: its fingerprint */
	const char *policy;		/* the [policy] that was met, or NULL */
	uint32_t failures;		/* in a row, as far as known */
	int64_t ms;			/* the whole dialogue */
	struct buf password;		/* joined: the part before the code */
	struct mfa_why why;		/* the cause of an error */
};

/*
 * Runs the whole dialogue. ret is filled whatever happens, and points into the
 * configuration; the caller wipes ret->password. Never MFA_GRANTED but for a
 * right code, used up on the disk, or for what trust.h says, whose use is on
 * the disk. Where refusals must look alike (policy.guarded) a fault of the
 * store is one more: what is asked, shown and returned is as for a name that
 * nobody has, and only the reason tells.
 */
void login_run(const struct mfa_ports *, const struct mfa_conf *,
    const struct mfa_subject *, struct login_report *ret);

/*
 * The audit line, and before it the cause if there is one. Fields:
 * outcome reason user service rhost tty ruser method factor failures ms, key
 * if one was remembered, and policy.
 */
void login_audit(const struct mfa_log *, const struct mfa_subject *,
    const struct login_report *);

#endif
