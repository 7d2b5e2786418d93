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

static enum limit_verdict
check(const struct conf_limit *limit, uint32_t failures, uint64_t age,
    uint64_t *ret_wait)
{
	uint64_t must = delay(limit, failures);

	if (failures >= limit->lock_after)
		return LIMIT_LOCKED;
	if (age >= must)
		return LIMIT_GO;
	*ret_wait = must - age;
	return LIMIT_WAIT;
}

enum limit_verdict
limit_check(const struct conf_limit *limit, const struct state *st,
    const struct mfa_time *now, uint64_t *ret_wait)
{
	return check(limit, st->failures, moment_age(&st->failed, now),
	    ret_wait);
}

enum limit_verdict
limit_check_app(const struct conf_limit *limit,
    const struct app_failures *app, const struct mfa_time *now,
    uint64_t *ret_wait)
{
	return check(limit, app->n, moment_age(&app->last, now), ret_wait);
}

static void
charge(uint32_t *failures, struct moment *last, const struct mfa_time *now)
{
	if (*failures < UINT32_MAX)
		++*failures;
	moment_set(last, now);
}

void
limit_charge(struct state *st, const struct mfa_time *now)
{
	charge(&st->failures, &st->failed, now);
}

void
limit_charge_app(struct app_failures *app, const struct mfa_time *now)
{
	charge(&app->n, &app->last, now);
}

void
limit_clear(struct state *st)
{
	st->failures = 0;
	st->failed = (struct moment){ 0 };
}
