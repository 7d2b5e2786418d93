/*
 * The first code of a factor that is none yet: it proves that the app has the
 * key, or that the phone is theirs. mfactl and the login ask for it.
 */
#ifndef MFA_FIRST_H
#define MFA_FIRST_H

#include <stdbool.h>
#include <stdint.h>

#include "otc.h"
#include "phone.h"
#include "sending.h"
#include "totp.h"

enum first_code {
	FIRST_RIGHT,
	FIRST_WRONG,
	FIRST_VOID,	/* none sent to this number; too old, or tried out */
};

/*
 * Is it a code of now, or of the step before or after? *ret_next is then the
 * step behind it, for the state: it is used up; else 0. now: Unix time.
 * MFA_ECRYPTO.
 */
enum mfa_err first_app(struct crypto *, const struct otp_key *,
    const char *typed, int64_t now, uint64_t *ret_next) MFA_MUST_CHECK;

/* A code that was sent. All zero: none was. */
struct first_sent {
	char code[OTC_DIGITS + 1];
	char number[PHONE_MAX + 1];	/* what it proves */
	enum sending_kind way;		/* and how that is reached */
	int64_t at_ms;			/* on mfa_time.boot_ms */
	unsigned wrong;
};

/* As struct state has them, of a phone that no state knows yet. */
struct first_codes {
	struct first_sent newest;
	struct first_sent before;	/* still good: does the newest come? */
};

/*
 * This code is on its way, in place of those before; but if it may not come
 * (unclear), one of them stays good beside it.
 */
void first_sent(struct first_codes *, const struct first_sent *, bool unclear);

/* Is a code that went to this number, by this way, still good? */
bool first_open(const struct first_codes *, const char *number,
    enum sending_kind, int64_t now_ms);

/*
 * Is it a code that was sent to this number, in time? Counts wrong ones.
 * FIRST_RIGHT: newest is that code.
 */
enum first_code first_phone(struct first_codes *, const char *number,
    const char *typed, int64_t now_ms);

#endif
