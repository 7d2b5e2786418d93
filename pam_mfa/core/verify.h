/*
 * The decision about one typed answer: pure, on copies of what was read under
 * the lock. It never says "right" without having moved the state so that the
 * same answer is not right again; the caller makes that state durable before
 * it tells anybody (sys/attempt.c).
 */
#ifndef MFA_VERIFY_H
#define MFA_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "crypto.h"
#include "err.h"
#include "record.h"
#include "state.h"

enum verify_outcome {
	VERIFY_WRONG = 0,
	VERIFY_RIGHT,
	VERIFY_USED,	/* a right code that was accepted before; not counted */
	VERIFY_EXPIRED,	/* sent, or an app password: too late; the same */
	VERIFY_ELSEWHERE,	/* app password of other services; the same */
	VERIFY_NOT_HERE,	/* right, its method is not allowed; the same */
	VERIFY_WAIT,	/* too many failures: whatever it was, not counted */
	VERIFY_LOCKED,	/* the same, until an administrator unlocks */
};

struct verify_rules {
	struct conf_limit limit;
	struct conf_login login;
	bool shut;		/* no answer opens this door to this person */
};

struct verify_input {
	struct crypto *crypto;
	const struct record *record;	/* empty: nobody, or nobody enrolled */
	const struct verify_rules *rules;
	const struct mfa_time *now;
	const struct otc_door *door;	/* that a code sent must fit */
	const char *typed;		/* as typed, in any usual spelling */
	bool joined;			/* a password stands before the code */
};

struct verify_result {
	enum verify_outcome outcome;
	uint64_t wait;			/* WAIT: seconds */
	char factor[RECORD_ID_MAX];	/* which answered; "" = none */
	enum factor_kind kind;		/* of that factor */
	enum sending_kind way;		/* phone: how its code came */
	bool tried_out;			/* WRONG: the code sent is void now */
	unsigned remaining;		/* recovery: codes left after it */
	uint32_t failures;		/* in a row, after this answer */
	bool pass;			/* RIGHT, EXPIRED: it was the pass */
	int64_t reset_at;		/* RIGHT: a reset they do not know of */
	size_t at;			/* joined: bytes of the password */
};

/*
 * Can this be a code at all: 6-8 digits or a recovery code in any usual
 * spelling; joined: does it end in one? What cannot is not a guess.
 */
bool verify_shape(const char *typed, bool joined);

/*
 * Several authenticators may answer; every one is compared every time. With
 * an empty record it is the same work and always WRONG. A code that matches a
 * used step of any factor is USED, whatever else it matches; one of a method
 * that rules->login.methods lacks, and any where the door is shut, is
 * NOT_HERE, and stays good where it is allowed.
 *
 * state is aligned (by an empty record it is not: nothing of it is lost) and
 * changed: charged, cleared, high-water marks moved, drift learned (from a
 * right code only, at most drift_max), the code that was sent cleared by
 * success, or void after OTC_TRIES wrong answers. The pass in the state answers
 * too, also for an empty record; it is gone then.
 *
 * joined: the code is the longest end of typed that can be one (a recovery
 * code, or as many digits as a factor has, else six); every length in use is
 * tried, and it is one guess.
 * With rules->login.app_passwords: see verify_app.h.
 * WAIT and LOCKED cost as much as the others: the answer is compared, and what
 * comes of it dropped, so that the time does not tell who is locked.
 * MFA_ECRYPTO: nothing was decided; state may not be used.
 */
enum mfa_err verify_answer(const struct verify_input *, struct state *state,
    struct verify_result *ret) MFA_MUST_CHECK;

#endif
