/*
 * What mfa-send gives up before it talks to anybody: root, and everything that
 * a program that reads a stranger's answers has no use for.
 */
#ifndef MFA_SEND_SANDBOX_H
#define MFA_SEND_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

#include "../pam_mfa/core/err.h"

struct sandbox {
	uid_t uid;
	gid_t gid;
	bool may_exec;		/* a sender is a program */
	unsigned seconds;	/* of processor time */
	pid_t parent;		/* to die with */
};

/* The account's numbers; MFA_ENOENT, MFA_EPERM: it is root's. */
enum mfa_err sandbox_account(const char *name, struct sandbox *ret,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Becomes uid and gid without any other group, for good; no new privileges, no
 * core, not to be traced, small limits, dies with its parent. Unless may_exec
 * no process can be started any more. MFA_EPERM: go no further. Nothing may
 * run yet beside the calling thread.
 */
enum mfa_err sandbox_enter(const struct sandbox *, struct mfa_why *)
    MFA_MUST_CHECK;

#endif
