/*
 * One call of mfactl for root in which something goes wrong, over and over from
 * the same files, and the judgement of each. root has a HOTP, which answers in
 * the honest login that comes after.
 */
#ifndef MFA_TOOLCASE_H
#define MFA_TOOLCASE_H

#include "aftermath.h"

enum toolcase_verb { TOOLCASE_ADD, TOOLCASE_RESET };

struct toolcase {
	enum toolcase_verb verb;
	int status;		/* exit status; -1: it did not come to one */
	struct aftermath users_old, users_new, state_old, state_new;
	struct aftermath users, state;	/* of the last run */
};

/*
 * Sets up the host's files, with a service "fault" that is the module alone,
 * and makes a call without faults.
 */
void toolcase_new(struct toolcase *c, enum toolcase_verb);

/* Puts everything back. */
void toolcase_begin(struct toolcase *c);

/* In a child: mfactl, in place of it, with the key on standard input. */
_Noreturn void toolcase_exec(const struct toolcase *c);

/* In a child without faults, to its end: the exit status. */
int toolcase_run(const struct toolcase *c);

/* users/root and state/root as they are now, into c. */
void toolcase_take(struct toolcase *c);

/* In the parent, afterwards: what must not be, or NULL. */
const char *toolcase_judge(struct toolcase *c);

/* "add", "reset". */
const char *toolcase_name(const struct toolcase *c);

#endif
