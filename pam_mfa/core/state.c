/* What moves of a person. */
#include <string.h>

#include "state.h"

static struct factor_state
fresh(const struct factor *f)
{
	struct factor_state fs = { .next = f->kind == FACTOR_HOTP ?
	    f->otp.counter : 0 };

	memcpy(fs.id, f->id, sizeof(fs.id));
	return fs;
}

void
state_align(struct state *st, const struct record *rec)
{
	struct factor_state was[RECORD_FACTORS_MAX];
	size_t n = st->n, same = 0;
	bool code = false;

	memcpy(was, st->factor, sizeof(was));
	memset(st->factor, 0, sizeof(st->factor));
	st->n = rec->n;
	for (size_t i = 0; i < rec->n; i++) {
		st->factor[i] = fresh(&rec->factor[i]);
		for (size_t j = 0; j < n; j++)
			if (!strcmp(was[j].id, rec->factor[i].id)) {
				st->factor[i] = was[j];
				same++;
			}
		code |= !strcmp(st->code.factor, rec->factor[i].id);
	}
	if (!code)
		st->code = (struct sent_code){ 0 };
	if (same != n || same != rec->n)
		st->trusts = 0;
}

bool
state_code_open(const struct sent_code *code, const struct mfa_time *now)
{
	return *code->factor && code->wrong < OTC_TRIES && !code->used &&
	    moment_this_boot(&code->sent, now) &&
	    moment_age(&code->sent, now) < OTC_TTL;
}

bool
state_pass_open(const struct pass *pass, const struct mfa_time *now)
{
	return moment_within(&pass->since, pass->lasts, now);
}
