/* Recovery codes. */
#include <string.h>

#include "buf.h"
#include "crockford.h"
#include "recovery.h"

#define BYTES CROCKFORD_BYTES(RECOVERY_CHARS)	/* of a code: 80 bits */

bool
recovery_canonical(const char *typed, char ret[static RECOVERY_CHARS + 1])
{
	return crockford_canonical(typed, ret, RECOVERY_CHARS);
}

static enum mfa_err
hash(struct crypto *c, const struct recovery_set *set, const char *canonical,
    uint8_t ret[static RECOVERY_HASH])
{
	return crypto_pbkdf2(c, canonical, set->salt, sizeof(set->salt),
	    set->iterations, ret, RECOVERY_HASH);
}

enum mfa_err
recovery_new(struct crypto *c, struct recovery_set *ret,
    char ret_shown[static RECOVERY_CODES][RECOVERY_SHOWN + 1])
{
	uint8_t bits[RECOVERY_CODES][BYTES];
	char canonical[RECOVERY_CHARS + 1] = "";
	struct recovery_set set = { .iterations = RECOVERY_ITERATIONS };
	enum mfa_err r;

	if (!(r = crypto_random(c, set.salt, sizeof(set.salt))))
		r = crypto_random(c, bits[0], sizeof(bits));
	for (unsigned i = 0; i < RECOVERY_CODES && !r; i++) {
		crockford_spell(bits[i], RECOVERY_CHARS, canonical,
		    ret_shown[i]);
		r = hash(c, &set, canonical, set.hash[i]);
	}
	if (!r)
		*ret = set;
	else
		mfa_wipe(ret_shown, RECOVERY_CODES * (RECOVERY_SHOWN + 1));
	mfa_wipe(bits, sizeof(bits));
	mfa_wipe(canonical, sizeof(canonical));
	return r;
}

enum mfa_err
recovery_find(struct crypto *c, const struct recovery_set *set,
    const char *canonical, int *ret_index)
{
	uint8_t typed[RECOVERY_HASH];
	enum mfa_err r;

	if ((r = hash(c, set, canonical, typed)))
		return r;
	*ret_index = -1;
	for (int i = 0; i < RECOVERY_CODES; i++)
		if (crypto_equal(typed, set->hash[i], sizeof(typed)))
			*ret_index = i;
	mfa_wipe(typed, sizeof(typed));
	return MFA_OK;
}

enum mfa_err
recovery_dummy(struct crypto *c, const char *canonical)
{
	static const struct recovery_set nobody = {
	    .iterations = RECOVERY_ITERATIONS };
	int index;

	return recovery_find(c, &nobody, canonical, &index);
}

enum mfa_err
recovery_one_new(struct crypto *c, struct recovery_one *ret,
    char ret_shown[static RECOVERY_SHOWN + 1])
{
	struct recovery_one one = { .iterations = RECOVERY_ITERATIONS };
	char canonical[RECOVERY_CHARS + 1] = "", shown[RECOVERY_SHOWN + 1];
	uint8_t bits[BYTES];
	enum mfa_err r;

	if ((r = crypto_random(c, one.salt, sizeof(one.salt))) ||
	    (r = crypto_random(c, bits, sizeof(bits))))
		return r;
	crockford_spell(bits, RECOVERY_CHARS, canonical, shown);
	if (!(r = crypto_pbkdf2(c, canonical, one.salt, sizeof(one.salt),
	    one.iterations, one.hash, sizeof(one.hash)))) {
		*ret = one;
		memcpy(ret_shown, shown, sizeof(shown));
	}
	mfa_wipe(bits, sizeof(bits));
	mfa_wipe(canonical, sizeof(canonical));
	mfa_wipe(shown, sizeof(shown));
	return r;
}

enum mfa_err
recovery_one_is(struct crypto *c, const struct recovery_one *one,
    const char *canonical, bool *ret)
{
	uint8_t typed[RECOVERY_HASH];
	enum mfa_err r;

	if ((r = crypto_pbkdf2(c, canonical, one->salt, sizeof(one->salt),
	    one->iterations, typed, sizeof(typed))))
		return r;
	*ret = crypto_equal(typed, one->hash, sizeof(typed));
	mfa_wipe(typed, sizeof(typed));
	return MFA_OK;
}

unsigned
recovery_left(uint32_t used)
{
	unsigned left = RECOVERY_CODES;

	for (unsigned i = 0; i < RECOVERY_CODES; i++)
		left -= used >> i & 1;
	return left;
}
