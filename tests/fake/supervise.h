/*
 * A child whose every system call stops before it happens, so that the Nth
 * can be made to fail or be the child's last. By seccomp's user notification:
 * the same on every machine, and it follows the child through exec.
 */
#ifndef MFA_SUPERVISE_H
#define MFA_SUPERVISE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUPERVISE_KILL (-1)	/* in place of an errno */
#define SUPERVISE_CALLS 4096	/* remembered of one run */

struct supervised {
	/* Runs in the child, which exits with what it returns. */
	int (*run)(struct supervised *);
	void *ctx;

	/* What to do to which call, the first being 1. at = 0: nothing. */
	int at, error;
	bool alone;			/* its children's calls do not count */

	/* After supervise(): */
	int calls;			/* how many there were */
	int nr[SUPERVISE_CALLS];	/* their numbers, SYS_... */
	uint64_t arg[SUPERVISE_CALLS];	/* their second arguments */
	int status;			/* as of waitpid */
	int hung;			/* nothing happened for 10 s: killed */

	atomic_int listener;
};

/* In shared memory, zeroed, with room for size bytes behind it at ctx. */
struct supervised *supervise_new(size_t size);

/* Is this number that of some rename? */
bool supervise_is_rename(int nr);

/* Can this call fail at all? If not, it is let go in spite of error. */
bool supervise_can_fail(int nr);

/*
 * How many calls of the last run came before libpam told the audit daemon of
 * the result: what comes of that is not the module's.
 */
int supervise_before_audit(const struct supervised *);

/* Which calls of the last run go wrong, and how. */
struct supervise_plan {
	int first, last;		/* the first of all is 1 */
	int every;			/* each so many of them */
	const int *error;		/* SUPERVISE_KILL, or an errno */
	size_t errors;
};

/*
 * One run for each call and error, where it can fail so. one makes it, and
 * gives how much was wrong with it. The sum of that, and how many there were.
 */
int supervise_every(struct supervised *, const struct supervise_plan *,
    int (*one)(struct supervised *, int at, int error), int *ret_runs);

/* "hung", "crashed", or NULL if the run came to an end of its own, or was
 * killed on purpose. */
const char *supervise_fate(const struct supervised *);

#define SUPERVISE_WHERE 96	/* bytes, NUL included */

/* "call 7 (nr 1), killed": what was done to the run. Returns dst. */
const char *supervise_where(const struct supervised *,
    char dst[static SUPERVISE_WHERE]);

/*
 * The first call of the last run, of mfactl, that is its own: those before it
 * looks at its descriptors are the dynamic linker's.
 */
int supervise_first_of_mfactl(const struct supervised *);

/* In run: from here on calls are counted. */
void supervise_begin(struct supervised *);

/* Runs it to its end. */
void supervise(struct supervised *);

#endif
