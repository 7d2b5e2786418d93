/* May this person guess now? */
#include <string.h>

#include "limit.h"

static uint64_t
delay(const struct conf_limit *limit, uint32_t failures)
{
	uint64_t d = limit->delay_first;

	if (failures < limit->free_failures)
		return 0;
	for (uint32_t n = limit->free_failures; n < failures; n++) {
		if (d >= limit->delay_max)
			break;
		d *= 2;
	}
	return d < limit->delay_max ? d : limit->delay_max;
}

/* Seconds since the last failure that nobody can have made up. */
static uint64_t
elapsed(const struct state *st, const struct mfa_time *now)
{
	int64_t boottime = now->boot_ms / 1000, t;

	if (!strcmp(st->failed_boot, now->boot_id))
		t = boottime - st->failed_boottime;
	else if (now->real - st->failed_at > boottime)
		t = now->real - st->failed_at;
	else
		t = boottime;
	return t > 0 ? (uint64_t)t : 0;
}

enum limit_verdict
limit_check(const struct conf_limit *limit, const struct state *st,
    const struct mfa_time *now, uint64_t *ret_wait)
{
	uint64_t must, done;

	if (st->failures >= limit->lock_after)
		return LIMIT_LOCKED;
	must = delay(limit, st->failures);
	if (must == 0 || (done = elapsed(st, now)) >= must)
		return LIMIT_GO;
	*ret_wait = must - done;
	return LIMIT_WAIT;
}

void
limit_charge(struct state *st, const struct mfa_time *now)
{
	if (st->failures < UINT32_MAX)
		st->failures++;
	st->failed_at = now->real;
	st->failed_boottime = now->boot_ms / 1000;
	memcpy(st->failed_boot, now->boot_id, sizeof(st->failed_boot));
}

void
limit_clear(struct state *st)
{
	st->failures = 0;
	st->failed_at = st->failed_boottime = 0;
	memset(st->failed_boot, 0, sizeof(st->failed_boot));
}
