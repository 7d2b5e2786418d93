/* A change to a person's factors. */
#include "../pam_mfa/sys/edit.h"
#include "person.h"

enum mfa_err
person_edit(const struct person *p, person_edit_fn *fn, void *ctx,
    struct mfa_why *why)
{
	const struct mfa_writer writer = { .ctx = p->ctx, .save = p->save,
	    .remove = p->remove };
	const struct edit e = { .store = &p->store, .writer = &writer,
	    .stateless = p->stateless };

	return edit_run(&e, PERSON_LOCK_MS, fn, ctx, why);
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
