/* First codes. */
#include <string.h>

#include "buf.h"
#include "first.h"

enum mfa_err
first_app(struct crypto *crypto, const struct otp_key *key, const char *typed,
    int64_t now, uint64_t *ret_next)
{
	char code[TOTP_DIGITS_MAX + 1];
	struct totp_match m = { .found = false };
	struct totp_window w;
	enum mfa_err r = MFA_OK;

	totp_window_at(key, now, 0, 1, 1, 0, &w);
	if (totp_canonical(typed, code))
		r = totp_verify(crypto, key, code, &w, &m);
	mfa_wipe(code, sizeof(code));
	if (!r)
		*ret_next = m.found ? m.step + 1 : 0;
	return r;
}

static bool
is_open(const struct first_sent *sent, const char *number, int64_t now_ms)
{
	return *sent->code != '\0' && !strcmp(sent->number, number) &&
	    sent->wrong < OTC_TRIES &&
	    now_ms - sent->at_ms < (int64_t)OTC_TTL * 1000;
}

void
first_sent(struct first_codes *codes, const struct first_sent *sent,
    bool unclear)
{
	if (!unclear)
		codes->before = (struct first_sent){ 0 };
	else if (!is_open(&codes->before, sent->number, sent->at_ms))
		codes->before = codes->newest;
	codes->newest = *sent;
}

bool
first_open(const struct first_codes *codes, const char *number,
    enum sending_kind way, int64_t now_ms)
{
	return (codes->newest.way == way &&
	    is_open(&codes->newest, number, now_ms)) ||
	    (codes->before.way == way &&
	    is_open(&codes->before, number, now_ms));
}

static enum first_code
check(struct first_sent *sent, const char *number, const char *typed,
    int64_t now_ms)
{
	char code[TOTP_DIGITS_MAX + 1];
	bool right;

	if (!is_open(sent, number, now_ms))
		return FIRST_VOID;
	right = totp_canonical(typed, code) && strlen(code) == OTC_DIGITS &&
	    crypto_equal(code, sent->code, OTC_DIGITS);
	mfa_wipe(code, sizeof(code));
	sent->wrong += !right;
	return right ? FIRST_RIGHT : FIRST_WRONG;
}

enum first_code
first_phone(struct first_codes *codes, const char *number, const char *typed,
    int64_t now_ms)
{
	enum first_code newest = check(&codes->newest, number, typed, now_ms);
	enum first_code before = check(&codes->before, number, typed, now_ms);

	if (newest == FIRST_RIGHT || before == FIRST_VOID)
		return newest;
	if (before == FIRST_RIGHT)
		codes->newest = codes->before;
	return before;
}
