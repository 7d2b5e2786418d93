/* What a wrong code tells about a clock or a counter. */
#include <stdlib.h>

#include "../pam_mfa/core/text.h"
#include "enroll.h"

#define CLOCK_SEARCH 600	/* seconds either way */
#define COUNTER_SEARCH 100

static void
about_clock(const struct otp_key *key, uint64_t step, int64_t now,
    enum language language, char ret[static HINT_MAX])
{
	int64_t off = ((int64_t)step - now / key->period) * key->period;
	char by[64];

	snprintf(ret, HINT_MAX, say(language, off > 0 ?
	    "The code fits a clock that is about %s ahead. Set the phone's "
	    "clock to automatic." : "The code fits a clock that is about %s "
	    "behind. Set the phone's clock to automatic."),
	    text_duration(by, sizeof(by), (uint64_t)llabs(off), language));
}

static void
about_counter(uint64_t ahead, enum language language,
    char ret[static HINT_MAX])
{
	snprintf(ret, HINT_MAX, say(language, "The code is %llu ahead of what "
	    "this host has seen of the token. Enrol the token anew."),
	    (unsigned long long)ahead);
}

bool
hint_offset(const struct tool *t, const struct otp_key *key,
    const char *typed, int64_t now, uint64_t next, char ret[static HINT_MAX])
{
	unsigned steps = key->period ? CLOCK_SEARCH / key->period : 0;
	char code[TOTP_DIGITS_MAX + 1];
	struct totp_window w;
	struct totp_match m = { .found = false };

	if (totp_canonical(typed, code)) {
		totp_window_at(key, now, 0, steps,
		    steps ? steps : COUNTER_SEARCH, next, &w);
		if (totp_verify(t->crypto, key, code, &w, &m))
			m.found = false;
	}
	mfa_wipe(code, sizeof(code));
	/* A used counter, or a code of now: refused for another reason. */
	if (!m.found || (key->period ? now >= 0 &&
	    m.step == (uint64_t)now / key->period : !m.fresh))
		return false;
	if (key->period)
		about_clock(key, m.step, now, t->language, ret);
	else
		about_counter(m.step - next, t->language, ret);
	return true;
}
