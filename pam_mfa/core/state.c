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

static void
align_code(struct sent_code *code, const struct record *rec)
{
	if (record_by_id(rec, code->factor) == NULL)
		*code = (struct sent_code){ 0 };
}

void
state_align(struct state *st, const struct record *rec)
{
	struct factor_state was[RECORD_FACTORS_MAX];
	size_t n = st->n, same = 0;

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
	}
	align_code(&st->before, rec);
	align_code(&st->code, rec);
	if (*st->code.factor == '\0') {
		st->code = st->before;
		st->before = (struct sent_code){ 0 };
	}
	if (same != n || same != rec->n)
		st->trusts = 0;
}

bool
state_was_reset(const struct reset *reset)
{
	return reset->at.real != 0 || *reset->at.boot != '\0';
}

int64_t
state_tell_reset(struct state *st, bool enrolled)
{
	int64_t at = st->reset.told ? 0 : st->reset.at.real;

	st->reset.told = state_was_reset(&st->reset);
	if (enrolled)
		st->reset = (struct reset){ 0 };
	return at;
}

bool
state_code_recent(const struct sent_code *code, const struct mfa_time *now)
{
	return moment_this_boot(&code->sent, now) &&
	    moment_age(&code->sent, now) < OTC_TTL;
}

bool
state_code_open(const struct sent_code *code, const struct mfa_time *now)
{
	return *code->factor && code->wrong < OTC_TRIES && !code->used &&
	    state_code_recent(code, now);
}

void
state_put_code(struct state *st, const struct sent_code *code, bool unclear,
    const struct mfa_time *now)
{
	if (!unclear)
		st->before = (struct sent_code){ 0 };
	else if (!state_code_open(&st->before, now))
		st->before = state_code_open(&st->code, now) ? st->code :
		    (struct sent_code){ 0 };
	st->code = *code;
}

void
state_end_codes(struct state *st, const struct sent_code *used)
{
	st->code = used != NULL ? *used : (struct sent_code){ 0 };
	st->code.used = used != NULL;
	st->before = (struct sent_code){ 0 };
}

bool
state_pass_open(const struct pass *pass, const struct mfa_time *now)
{
	return moment_within(&pass->since, pass->lasts, now);
}

unsigned
state_methods(const struct state *st, const struct record *rec,
    unsigned accepted, const struct mfa_time *now)
{
	unsigned methods = record_methods(rec);

	return methods & accepted || !state_pass_open(&st->pass, now) ?
	    methods : methods | METHOD_BIT(METHOD_RECOVERY);
}
