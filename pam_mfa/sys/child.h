/*
 * One of our programs: something in, something out, and the end at a deadline
 * whatever happens. What MUST hold here:
 *  - the host process notices nothing. exec gives every program SIGCHLD as its
 *    exit signal (execve(2)), so that the host's handler would be called, and
 *    a host that ignores SIGCHLD would have nobody to wait for. A keeper stays
 *    between: a fork without an exit signal, which starts the program, waits
 *    for it, and ends it when the host hangs up or dies.
 *  - the program gets a socket as 0 and 1, itself as 2 (for reading: nothing
 *    can be written there), no other descriptor, and exactly PATH and LANG;
 *    default signals, a new session, the limits of a fresh login.
 *  - no SIGPIPE, no descriptor, no process, no zombie is left.
 */
#ifndef MFA_CHILD_H
#define MFA_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include "../core/buf.h"
#include "../core/err.h"

struct child {
	const char *path;	/* absolute; only root writes it */
	const char *const *argv;	/* NULL-ended */
	uint32_t limit_ms;	/* for all of it */
	/*
	 * Is the answer whole? MFA_OK: it is ended then; MFA_ENOENT: not yet;
	 * another error: it will never be.
	 */
	enum mfa_err (*whole)(const struct buf *answer);
};

/*
 * Runs it with out at its input; the answer is appended to ret. An error, with
 * why: MFA_ETIME, MFA_EIO (it ended before), as whole and buf_reserve; or,
 * with *ret_started false, it was never started.
 */
enum mfa_err child_run(const struct child *, const struct buf *out,
    struct buf *ret, bool *ret_started, struct mfa_why *) MFA_MUST_CHECK;

#endif
