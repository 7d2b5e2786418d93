/* A program that is run for its answer. */
#ifndef MFA_SEND_PROGRAM_H
#define MFA_SEND_PROGRAM_H

#include <stdint.h>

#include "../pam_mfa/core/buf.h"
#include "../pam_mfa/core/err.h"

#define PROGRAM_ANSWER_MAX (64 * 1024)	/* bytes of standard output */

struct program_call {
	const char *path;
	const struct buf *in;	/* for its standard input */
	int64_t until;		/* clock_ms */
};

struct program_end {
	struct buf out;		/* what it said; wipe it */
	int status;		/* of waitpid */
};

/*
 * Runs it as [path, "v1"] with a fixed environment, in a session of its own,
 * and in the end kills it and its process group. Expects SIGPIPE to be
 * ignored. MFA_ENOENT: it cannot be started, with why. MFA_ETIME: it did not
 * end in time; MFA_ERANGE: it says too much; MFA_ENOMEM.
 */
enum mfa_err program_run(const struct program_call *, struct program_end *ret,
    struct mfa_why *) MFA_MUST_CHECK;

#endif
