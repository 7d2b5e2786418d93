/* May this person guess now? */
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

enum limit_verdict
limit_check(const struct conf_limit *limit, const struct state *st,
    const struct mfa_time *now, uint64_t *ret_wait)
{
	uint64_t must, done;

	if (st->failures >= limit->lock_after)
		return LIMIT_LOCKED;
	must = delay(limit, st->failures);
	if (must == 0 || (done = moment_age(&st->failed, now)) >= must)
		return LIMIT_GO;
	*ret_wait = must - done;
	return LIMIT_WAIT;
}

void
limit_charge(struct state *st, const struct mfa_time *now)
{
	if (st->failures < UINT32_MAX)
		st->failures++;
	moment_set(&st->failed, now);
}

void
limit_clear(struct state *st)
{
	st->failures = 0;
	st->failed = (struct moment){ 0 };
}
