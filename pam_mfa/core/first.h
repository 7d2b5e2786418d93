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

/* The code that was sent last. All zero: none was. */
struct first_sent {
	char code[OTC_DIGITS + 1];
	char number[PHONE_MAX + 1];	/* what it proves */
	enum sending_kind way;		/* and how that is reached */
	int64_t at_ms;			/* on mfa_time.boot_ms */
	unsigned wrong;
};

/* This code is on its way, in place of any before. */
void first_sent(struct first_sent *, const char code[static OTC_DIGITS + 1],
    const char *number, enum sending_kind, int64_t now_ms);

/* Is the code that was sent to this number still good? */
bool first_open(const struct first_sent *, const char *number, int64_t now_ms);

/* Is it the code that was sent to this number, in time? Counts wrong ones. */
enum first_code first_phone(struct first_sent *, const char *number,
    const char *typed, int64_t now_ms);

#endif
