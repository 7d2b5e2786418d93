/* A change to a person's factors, whole or not at all. */
#include <string.h>

#include "attempt.h"
#include "edit.h"

/* A record and a state as texts: what is, or what shall be. */
struct texts {
	struct buf record, state;
	size_t factors;
};

static void
texts_wipe(struct texts *x)
{
	buf_wipe(&x->record);
	buf_wipe(&x->state);
}

static enum mfa_err
format(const struct record *rec, const struct state *st, struct texts *ret)
{
	enum mfa_err r;

	ret->factors = rec->n;
	if (rec->n > 0 && (r = record_format(rec, &ret->record)))
		return r;
	return state_format(st, &ret->state);
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static enum mfa_err
write_record(const struct edit *e, const struct texts *old,
    const struct texts *new, struct mfa_why *why)
{
	if (same(&old->record, &new->record))
		return MFA_OK;
	if (new->factors == 0)
		return e->writer->remove(e->writer->ctx, why);
	return e->writer->save(e->writer->ctx, &new->record, why);
}

/* Does the disk still hold the old factors? false also if it cannot be read. */
static bool
untouched(const struct edit *e, const struct texts *old)
{
	struct record rec = { 0 };
	struct buf text = { 0 };
	enum mfa_err r;
	bool is;

	r = attempt_factors(e->store, &rec, NULL);
	if (r == MFA_ENOENT)
		is = old->factors == 0;
	else
		is = !r && !record_format(&rec, &text) &&
		    same(&text, &old->record);
	record_free(&rec);
	buf_wipe(&text);
	return is;
}

/*
 * The state goes first: a factor that exists before its first code is marked
 * as used could be entered with that code. Should writing the factors fail,
 * they may be in place all the same, and only not be sure to stay: then the
 * old ones are written, and unless that is sure the state stays the new one,
 * which is right for either.
 */
static enum mfa_err
write_both(const struct edit *e, const struct buf *raw_state,
    const struct texts *old, const struct texts *new, struct mfa_why *why)
{
	bool moved = !e->stateless && !same(&old->state, &new->state);
	enum mfa_err r;

	if (moved && (r = e->store->commit(e->store->ctx, &new->state, why)))
		return r;
	if (!(r = write_record(e, old, new, why)))
		return r;
	if (!untouched(e, old) && write_record(e, new, old, NULL))
		mfa_fail(why, r, "the factors may have been written, and could "
		    "not be put back; check the disk");
	else if (moved && e->store->commit(e->store->ctx, raw_state, NULL))
		mfa_fail(why, r, "the factors were not written, and the state "
		    "could not be put back; check the disk");
	return r;
}

static enum mfa_err
locked(const struct edit *e, const struct buf *state, edit_fn *fn,
    void *ctx, struct mfa_why *why)
{
	struct texts old = { 0 }, new = { 0 };
	struct record rec = { 0 };
	struct state st;
	enum mfa_err r;

	if ((r = attempt_factors(e->store, &rec, why)) && r != MFA_ENOENT)
		return r;
	if (why != NULL)	/* None yet is no mistake to be told. */
		*why->text = '\0';
	if ((r = state_parse(buf_str(state), state->len, &st, why)) ||
	    (r = format(&rec, &st, &old)) ||
	    (r = fn(ctx, &rec, &st, why)) ||
	    (r = format(&rec, &st, &new)))
		goto out;
	r = write_both(e, state, &old, &new, why);
out:
	record_free(&rec);
	texts_wipe(&old);
	texts_wipe(&new);
	return r;
}

enum mfa_err
edit_run(const struct edit *e, int wait_ms, edit_fn *fn, void *ctx,
    struct mfa_why *why)
{
	struct buf state = { 0 };
	enum mfa_err r;

	if (e->stateless)
		return locked(e, &state, fn, ctx, why);
	if (!(r = e->store->begin(e->store->ctx, wait_ms, &state, why))) {
		r = locked(e, &state, fn, ctx, why);
		e->store->end(e->store->ctx);
	}
	buf_wipe(&state);
	return r;
}
