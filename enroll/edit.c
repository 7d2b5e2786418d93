/* A change to a person's factors. */
#include <string.h>

#include "../pam_mfa/sys/edit.h"
#include "person.h"

/* A change by somebody who proved who they are. */
struct proved_edit {
	const struct person *p;
	person_edit_fn *fn;
	void *ctx;
};

/* The proof was about other factors if they changed: whoever did, or reset. */
static enum mfa_err
if_unchanged(void *ctx, struct record *rec, struct state *st,
    struct mfa_why *why)
{
	const struct proved_edit *e = ctx;
	struct buf text = { 0 };
	enum mfa_err r;

	r = person_text(e->p, &text, why);
	if (!r && strcmp(buf_str(&text), buf_str(e->p->proved)) != 0)
		r = mfa_fail(why, MFA_EEXIST, "your factors were changed "
		    "meanwhile; nothing was changed here; start again");
	buf_wipe(&text);
	return r ? r : e->fn(e->ctx, rec, st, why);
}

enum mfa_err
person_edit(const struct person *p, person_edit_fn *fn, void *ctx,
    struct mfa_why *why)
{
	struct proved_edit proved = { p, fn, ctx };
	const struct mfa_writer writer = { .ctx = p->ctx, .save = p->save,
	    .remove = p->remove };
	const struct edit e = { .store = &p->store, .writer = &writer,
	    .stateless = p->stateless };

	if (p->proved != NULL) {
		fn = if_unchanged;
		ctx = &proved;
	}
	return edit_run(&e, PERSON_LOCK_MS, fn, ctx, why);
}

int
person_dry(const struct tool *t, const struct person *p, person_edit_fn *fn,
    void *ctx)
{
	struct mfa_why why = { .language = t->language };
	struct record rec = { 0 };
	struct state st = { 0 };
	enum mfa_err r;
	int status;

	if ((r = person_record(p, &rec, &why)))
		return person_error(p, r, &why);
	r = fn(ctx, &rec, &st, &why);
	if (r == MFA_ENOENT || r == MFA_EEXIST || r == MFA_ERANGE)
		status = tool_fail(TOOL_NO, "%s", why.text);
	else
		status = tool_error(r, &why);
	record_free(&rec);
	return status;
}
