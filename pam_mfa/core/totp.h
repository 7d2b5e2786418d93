/* HOTP (RFC 4226) and TOTP (RFC 6238) values and their windows. */
#ifndef MFA_TOTP_H
#define MFA_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"
#include "err.h"

#define TOTP_KEY_MIN 16		/* bytes: 128 bits, RFC 4226 4 R6 */
#define TOTP_KEY_NEW 20		/* bytes: 160 bits, what we make */
#define TOTP_KEY_MAX 64		/* bytes */
#define TOTP_DIGITS_MAX 8
#define TOTP_PERIOD_MAX 120	/* seconds, SP 800-63B-4 3.1.4.1 */

struct otp_key {
	uint8_t key[TOTP_KEY_MAX];
	size_t len;			/* bytes, TOTP_KEY_MIN..TOTP_KEY_MAX */
	enum crypto_hash hash;
	unsigned digits;		/* 6-8 */
	unsigned period;		/* seconds, 1-120; 0 = HOTP */
	uint64_t counter;		/* HOTP: the first of a new token */
};

/* What a person typed, compared against a range of moving factors. */
struct totp_window {
	uint64_t first, last;	/* steps or counters, both included */
	uint64_t next;		/* the lowest that was never accepted */
};

struct totp_match {
	bool found;		/* some value of the window is the code */
	bool fresh;		/* and its step is >= next: not used yet */
	uint64_t step;		/* the highest that matched */
};

/*
 * Takes the blanks and '-' out of what a person typed. True if 6-8 ASCII
 * digits are left (in ret); else false and ret is "".
 */
bool totp_canonical(const char *typed, char ret[static TOTP_DIGITS_MAX + 1]);

/* The value for one counter, digits characters and NUL. MFA_ECRYPTO. */
enum mfa_err totp_value(struct crypto *, const struct otp_key *,
    uint64_t counter, char ret[static TOTP_DIGITS_MAX + 1]) MFA_MUST_CHECK;

/*
 * The window at a time: TOTP from back before the step of now or, if that is
 * earlier, of now + drift, to ahead after the later of the two, cut at 0: what
 * was learned of a clock never shuts out one that was set right since. HOTP
 * next - 1, which is never fresh, .. next + look_ahead. now is Unix time in
 * seconds, 64 bits; before 1970 it counts as 0.
 */
void totp_window_at(const struct otp_key *, int64_t now, int drift,
    unsigned back, unsigned ahead, uint64_t next, struct totp_window *ret);

/*
 * Compares the code with every value of the window: always all of them, each
 * in constant time, so that right and wrong cost the same. A code of another
 * length than the key's digits does not match, at the same cost. MFA_ECRYPTO.
 */
enum mfa_err totp_verify(struct crypto *, const struct otp_key *,
    const char *code, const struct totp_window *, struct totp_match *ret)
    MFA_MUST_CHECK;

#endif
