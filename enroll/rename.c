/* Gives a factor another label. */
#include <string.h>

#include "enroll.h"

struct renaming {
	const char *factor, *label;
	char id[RECORD_ID_MAX];
};

static enum mfa_err
rename_it(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct renaming *rn = ctx;
	enum mfa_err r;
	size_t i;

	(void)st;
	if ((r = add_find(rec, rn->factor, &i, why)))
		return r;
	memcpy(rn->id, rec->factor[i].id, sizeof(rn->id));
	/* Its own label is not in its way. */
	rec->factor[i].label[0] = '\0';
	return record_label(rec, rn->label, "", rec->factor[i].label, why);
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
