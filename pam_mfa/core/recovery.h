/*
 * Recovery codes (SP 800-63B-4 3.1.2): ten, 80 random bits each, written as
 * four groups of four characters of Crockford's base 32, which has no I, L, O
 * or U. Stored salted and stretched by PBKDF2; one salt a set, so that one
 * hash finds which of the ten was typed.
 */
#ifndef MFA_RECOVERY_H
#define MFA_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"
#include "err.h"

#define RECOVERY_CODES 10
#define RECOVERY_CHARS 16		/* of a canonical code */
#define RECOVERY_SHOWN 19		/* with its three '-' */
#define RECOVERY_SALT 16		/* bytes */
#define RECOVERY_HASH 32		/* bytes */
#define RECOVERY_ITERATIONS 20000	/* for new sets */
#define RECOVERY_ITERATIONS_MIN 1000	/* accepted in a record */
#define RECOVERY_ITERATIONS_MAX 200000

struct recovery_set {
	uint8_t salt[RECOVERY_SALT];
	unsigned iterations;
	uint8_t hash[RECOVERY_CODES][RECOVERY_HASH];
};

/* A single code of that shape, as a pass is. */
struct recovery_one {
	uint8_t salt[RECOVERY_SALT];
	unsigned iterations;
	uint8_t hash[RECOVERY_HASH];
};

/* True if 16 characters are left (in ret); see crockford_canonical. */
bool recovery_canonical(const char *typed,
    char ret[static RECOVERY_CHARS + 1]);

/* A new set; the codes as shown (XXXX-XXXX-XXXX-XXXX): the caller wipes. */
enum mfa_err recovery_new(struct crypto *, struct recovery_set *ret,
    char ret_shown[static RECOVERY_CODES][RECOVERY_SHOWN + 1]) MFA_MUST_CHECK;

/*
 * Which code of the set is it? One PBKDF2, then all ten compared in constant
 * time. *ret_index 0..9, or -1. MFA_ECRYPTO.
 */
enum mfa_err recovery_find(struct crypto *, const struct recovery_set *,
    const char *canonical, int *ret_index) MFA_MUST_CHECK;

/* The same work for a person without a set, so that it takes the same time. */
enum mfa_err recovery_dummy(struct crypto *, const char *canonical)
    MFA_MUST_CHECK;

/* A new single code, and whether it is this one (one PBKDF2). MFA_ECRYPTO. */
enum mfa_err recovery_one_new(struct crypto *, struct recovery_one *ret,
    char ret_shown[static RECOVERY_SHOWN + 1]) MFA_MUST_CHECK;
enum mfa_err recovery_one_is(struct crypto *, const struct recovery_one *,
    const char *canonical, bool *ret) MFA_MUST_CHECK;

/* How many remain of which these were used: bit i is code i + 1. */
unsigned recovery_left(uint32_t used);

#endif
