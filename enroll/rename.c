/* Gives a factor another label. */
#include <string.h>

#include "enroll.h"

struct renaming {
	const char *factor, *label;
	char id[RECORD_ID_MAX];
	bool changed;	/* it was called otherwise */
};

static enum mfa_err
rename_it(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct renaming *rn = ctx;
	struct factor *f;
	enum mfa_err r;
	size_t i;

	(void)st;
	if ((r = add_find(rec, rn->factor, &i, why)))
		return r;
	f = &rec->factor[i];
	memcpy(rn->id, f->id, sizeof(rn->id));
	rn->changed = strcmp(f->label, rn->label) != 0;
	f->label[0] = '\0';	/* Its own label is not in its way. */
	return record_label(rec, rn->label, "", f->label, why);
}

int
enroll_rename(const struct tool *t, const struct person *p, const char *factor,
    const char *label)
{
	struct renaming rn = { .factor = factor, .label = label };
	struct mfa_why why = { .language = t->language };
	char shown[TOOL_SHOWN_MAX];
	enum mfa_err r;
	int status;

	if ((status = person_dry(t, p, rename_it, &rn)) ||
	    (status = person_prove(t, p)))
		return status;
	if ((r = person_edit(p, rename_it, &rn, &why)))
		return tool_error(r, &why);
	tool_say(t, "%s of %s is now called %s.", rn.id, p->who.user,
	    tool_shown(shown, label));
	if (rn.changed)	/* the label is theirs, and may be a number */
		person_log(t, p, "rename", "factor=%s", rn.id);
	return TOOL_OK;
}

int
verb_rename(struct tool *t, int argc, char **argv)
{
	struct person p;
	int status;

	if ((status = person_open(t, argc > 2 ? argv[2] : NULL, PERSON_CHANGE,
	    &p)))
		return status;
	status = enroll_rename(t, &p, argv[0], argv[1]);
	person_close(&p);
	return status;
}
