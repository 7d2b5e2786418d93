/*
 * store = home, for root: "mfactl at-home" does there what home.h says, as a
 * process that has become the person. So the program that loads us never takes
 * anybody's rights, and a disk or a server that does not answer holds up that
 * process and not the login.
 */
#ifndef MFA_HOME_PROC_H
#define MFA_HOME_PROC_H

#include "../core/policy.h"
#include "home.h"

#define HOME_PROC_READ "read"
#define HOME_PROC_REMOVE "remove"
#define HOME_PROC_MS 5000

struct home_job {
	const char *program;	/* mfactl */
	const struct mfa_subject *who;
	const char *what;	/* HOME_PROC_READ or HOME_PROC_REMOVE */
	uint32_t limit_ms;	/* HOME_PROC_MS, but for tests */
};

/*
 * Has it done; or does it, where the process is the person, or not root. ret
 * gets what is read. Errors as of home.h; MFA_EIO as well if there is no answer
 * in time, or the program cannot be run. Of a name that nobody has as much is
 * asked, for nothing: MFA_ENOENT.
 */
enum mfa_err home_proc(const struct home_job *, struct buf *ret,
    struct mfa_why *) MFA_MUST_CHECK;

/* What that process says: the factors, or else what is wrong. MFA_ENOMEM. */
enum mfa_err home_proc_answer(enum mfa_err, const struct buf *factors,
    const struct mfa_why *, struct buf *ret) MFA_MUST_CHECK;

#endif
