/*
 * One answer, evaluated: lock, read factors and state, decide (core/verify),
 * make the outcome durable, unlock. Used by the login and by mfactl.
 *
 * What MUST hold: everything is read after the person has typed, under the
 * lock; no outcome leaves this function before it is on the disk; if it
 * cannot be made so, right and wrong look the same (an error). One write,
 * whether the answer was right, wrong, used or not to be looked at.
 */
#ifndef MFA_ATTEMPT_H
#define MFA_ATTEMPT_H

#include "../core/verify.h"
#include "../core/ways.h"
#include "ports.h"

#define ATTEMPT_LOCK_MS 2000	/* the longest wait for another login's lock */

struct attempt {
	const struct mfa_store *store;
	const struct mfa_clock *clock;
	struct crypto *crypto;
	struct verify_rules rules;
	const struct otc_door *door;	/* where codes that are sent are good */
	int64_t deadline_ms;	/* on mfa_time.boot_ms; for the lock, too */
	bool enrolled;		/* false: always WRONG */
	bool alike;		/* it shall take as long, enrolled or not */
	bool vain;		/* nothing that is typed changes the state */
	bool joined;
};

/*
 * MFA_OK with ret filled; MFA_ENOENT: the factors are gone since the caller
 * looked (a reset in flight); else an error with its cause in why.
 */
enum mfa_err attempt_answer(const struct attempt *, const char *typed,
    struct verify_result *ret, struct mfa_why *) MFA_MUST_CHECK;

/*
 * Would an answer be looked at now? VERIFY_WAIT or VERIFY_LOCKED, with wait
 * and failures: no, so no code is to be sent; VERIFY_WRONG: yes. Errors as of
 * attempt_answer: what could not be kept is not to be sent either.
 */
enum mfa_err attempt_standing(const struct attempt *,
    struct verify_result *ret, struct mfa_why *) MFA_MUST_CHECK;

/*
 * Keeps, in place of an older one, a code that was sent to this phone; beside
 * it, if it is unclear whether the new one comes.
 * MFA_ENOENT: it is no factor any more; else an error with its cause in why.
 */
enum mfa_err attempt_keep_code(const struct attempt *, const struct way *,
    const char *code, bool unclear, struct mfa_why *) MFA_MUST_CHECK;

/*
 * Is a code that went this way, for this door's service, still good? false
 * also when that cannot be told.
 */
bool attempt_code_open(const struct attempt *, const struct way *);

/*
 * The time and the state, locked: the caller ends. MFA_ETIME: not after the
 * deadline; else errors as of the store's begin.
 */
enum mfa_err attempt_begin(const struct attempt *, struct mfa_time *ret_now,
    struct buf *ret, struct mfa_why *) MFA_MUST_CHECK;

/* Puts this state in place, under the lock: errors as the store's commit. */
enum mfa_err attempt_commit(const struct mfa_store *, const struct state *,
    struct mfa_why *) MFA_MUST_CHECK;

/* What policy has to know of a person. */
struct attempt_known {
	/* By which they can answer; by a pass alone as by a recovery code. */
	unsigned methods;
	/* For somebody without a factor: the last reset, and the time. */
	struct reset reset;
	struct mfa_time now;
};

/*
 * The state is only read for somebody without a factor of the methods in
 * rules.login, who may have a pass, or if all shall be alike. Errors as of
 * attempt_begin and state_parse.
 */
enum mfa_err attempt_know(const struct attempt *, const struct record *,
    struct attempt_known *ret, struct mfa_why *) MFA_MUST_CHECK;

/* Milliseconds to wait for a lock: 0 to ATTEMPT_LOCK_MS, by the deadline. */
int attempt_lock_wait(int64_t deadline_ms, const struct mfa_time *now);

/* Reads and parses the factors. Errors as the store's and record_parse's. */
enum mfa_err attempt_factors(const struct mfa_store *, struct record *ret,
    struct mfa_why *) MFA_MUST_CHECK;

#endif
