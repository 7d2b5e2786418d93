/* HOTP and TOTP values and their windows. */
#include <string.h>

#include "buf.h"
#include "text.h"
#include "totp.h"

#define DIGITS_MIN 6

bool
totp_canonical(const char *typed, char ret[static TOTP_DIGITS_MAX + 1])
{
	size_t n = 0;

	for (; *typed != '\0'; typed++) {
		if (text_is_space(*typed) || *typed == '-')
			continue;
		if (!text_is_digit(*typed) || n == TOTP_DIGITS_MAX) {
			n = 0;
			break;
		}
		ret[n++] = *typed;
	}
	ret[n < DIGITS_MIN ? 0 : n] = '\0';
	return n >= DIGITS_MIN;
}

/*
 * RFC 4226 5.3: the last digits of 31 bits at an offset the MAC names. Every
 * offset is read, so that no address depends on the key.
 */
static void
truncate_mac(const uint8_t *mac, size_t len, unsigned digits, char *ret)
{
	unsigned at = mac[len - 1] & 15;
	uint32_t bits = 0;

	for (unsigned i = 0; i < 16; i++) {
		const uint8_t *p = mac + i;
		uint32_t is_here = ((i ^ at) - 1) >> 31;

		bits |= -is_here & ((uint32_t)(p[0] & 127) << 24 |
		    (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
	}
	ret[digits] = '\0';
	for (unsigned i = digits; i > 0; bits /= 10)
		ret[--i] = (char)('0' + bits % 10);
}

enum mfa_err
totp_value(struct crypto *c, const struct otp_key *key, uint64_t counter,
    char ret[static TOTP_DIGITS_MAX + 1])
{
	uint8_t msg[8], mac[CRYPTO_HASH_MAX];
	enum mfa_err r;

	for (unsigned i = 0; i < sizeof(msg); i++)
		msg[i] = (uint8_t)(counter >> (56 - 8 * i));
	if ((r = crypto_hmac(c, key->hash, key->key, key->len, msg,
	    sizeof(msg), mac)))
		return r;
	truncate_mac(mac, crypto_hash_len(key->hash), key->digits, ret);
	mfa_wipe(mac, sizeof(mac));
	return MFA_OK;
}

static uint64_t
add_capped(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - 1 - b ? UINT64_MAX - 1 : a + b;
}

void
totp_window_at(const struct otp_key *key, int64_t now, int drift,
    unsigned back, unsigned ahead, uint64_t next, struct totp_window *ret)
{
	int64_t step, first, last;

	ret->next = next;
	if (key->period == 0) {
		/* The last that was used, too: to be known when typed again. */
		ret->first = next > 0 ? next - 1 : 0;
		ret->last = add_capped(next, ahead);
		return;
	}
	step = (now > 0 ? now : 0) / (int64_t)key->period;
	first = step + (drift < 0 ? drift : 0) - (int64_t)back;
	last = step + (drift > 0 ? drift : 0) + (int64_t)ahead;
	ret->first = first > 0 ? (uint64_t)first : 0;
	ret->last = (uint64_t)last;
}

enum mfa_err
totp_verify(struct crypto *c, const struct otp_key *key, const char *code,
    const struct totp_window *w, struct totp_match *ret)
{
	char value[TOTP_DIGITS_MAX + 1], typed[TOTP_DIGITS_MAX + 1] = "";
	struct totp_match match = { 0 };
	enum mfa_err r = MFA_OK;

	/* A code of another length stays "", which no value is. */
	if (strlen(code) == key->digits)
		memcpy(typed, code, key->digits);
	for (uint64_t step = w->first; step <= w->last; step++) {
		memset(value, 0, sizeof(value));
		if ((r = totp_value(c, key, step, value)))
			break;
		if (crypto_equal(value, typed, sizeof(value))) {
			match.found = true;
			match.step = step;
		}
	}
	match.fresh = match.found && match.step >= w->next;
	mfa_wipe(value, sizeof(value));
	mfa_wipe(typed, sizeof(typed));
	if (!r)
		*ret = match;
	return r;
}
