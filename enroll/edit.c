/* A change to a person's factors, whole or not at all. */
#include <string.h>

#include "person.h"

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
write_record(const struct person *p, const struct texts *old,
    const struct texts *new, struct mfa_why *why)
{
	if (same(&old->record, &new->record))
		return MFA_OK;
	if (new->factors == 0)
		return p->remove(p->ctx, why);
	return p->save(p->ctx, &new->record, why);
}

/*
 * The state goes first: a factor that exists before its first code is marked
 * as used could be entered with that code.
 */
static enum mfa_err
write_both(const struct person *p, const struct buf *raw_state,
    const struct texts *old, const struct texts *new, struct mfa_why *why)
{
	bool moved = !p->stateless && !same(&old->state, &new->state);
	enum mfa_err r;

	if (moved && (r = p->store.commit(p->store.ctx, &new->state, why)))
		return r;
	if (!(r = write_record(p, old, new, why)) || !moved)
		return r;
	if (p->store.commit(p->store.ctx, raw_state, NULL))
		mfa_fail(why, r, "the factors were not written, and the state "
		    "could not be put back; check the disk");
	return r;
}

static enum mfa_err
edit(const struct person *p, const struct buf *state, person_edit_fn *fn,
    void *ctx, struct mfa_why *why)
{
	struct texts old = { 0 }, new = { 0 };
	struct record rec = { 0 };
	struct state st;
	enum mfa_err r;

	if ((r = person_record(p, &rec, why)))
		return r;
	if ((r = state_parse(buf_str(state), state->len, &st, why)) ||
	    (r = format(&rec, &st, &old)) ||
	    (r = fn(ctx, &rec, &st, why)) ||
	    (r = format(&rec, &st, &new)))
		goto out;
	r = write_both(p, state, &old, &new, why);
out:
	record_free(&rec);
	texts_wipe(&old);
	texts_wipe(&new);
	return r;
}

enum mfa_err
person_edit(const struct person *p, person_edit_fn *fn, void *ctx,
    struct mfa_why *why)
{
	struct buf state = { 0 };
	enum mfa_err r;

	if (p->stateless)
		return edit(p, &state, fn, ctx, why);
	if (!(r = p->store.begin(p->store.ctx, PERSON_LOCK_MS, &state, why))) {
		r = edit(p, &state, fn, ctx, why);
		p->store.end(p->store.ctx);
	}
	buf_wipe(&state);
	return r;
}

int
person_dry(const struct person *p, person_edit_fn *fn, void *ctx)
{
	struct mfa_why why = { "" };
	struct record rec = { 0 };
	struct state st = { 0 };
	enum mfa_err r;
	int status;

	if ((r = person_record(p, &rec, &why)))
		return tool_error(r, &why);
	r = fn(ctx, &rec, &st, &why);
	if (r == MFA_ENOENT || r == MFA_EEXIST || r == MFA_ERANGE)
		status = tool_fail(TOOL_NO, "%s", why.text);
	else
		status = tool_error(r, &why);
	record_free(&rec);
	return status;
}
