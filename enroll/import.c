/* What both imports share. */
#include <fcntl.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/file.h"
#include "import.h"

#define USUAL_LABEL "Imported"

struct importing {
	const struct tool *t;
	struct import from;
};

int
import_read(const char *path, struct buf *ret)
{
	static const struct file_dir here = { AT_FDCWD, "" };
	static const struct file_rule any = { .owner = FILE_ANYONE,
	    .mode = 0777, .max = BUF_MAX / 2 };
	struct mfa_why why = { "" };
	enum mfa_err r = file_read(&here, path, &any, ret, &why);

	if (!r && memchr(buf_str(ret), '\0', ret->len) != NULL)
		return tool_fail(TOOL_NO, "%s: this is no text", path);
	return tool_error(r, &why);
}

static bool
same_key(const struct otp_key *a, const struct otp_key *b)
{
	return a->len == b->len && memcmp(a->key, b->key, a->len) == 0;
}

/* Twice the same import adds nothing. */
static enum mfa_err
put(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct importing *im = ctx;
	struct factor *f = &im->from.factor;
	enum mfa_err r;

	for (size_t i = 0; i < rec->n; i++)
		if (factor_is_otp(rec->factor[i].kind) &&
		    same_key(&rec->factor[i].otp, &f->otp))
			return mfa_fail(why, MFA_EEXIST, "this key is enrolled "
			    "already, as %s", rec->factor[i].id);
	if ((r = record_label(rec, im->t->opt.label, USUAL_LABEL, f->label,
	    why)) || (r = record_new(rec, f, im->t->crypto, why)))
		return r;
	state_align(st, rec);
	if (st->factor[rec->n - 1].next < im->from.next)
		st->factor[rec->n - 1].next = im->from.next;
	return MFA_OK;
}

int
import_add(const struct tool *t, const struct person *p,
    const struct import *from)
{
	struct importing im = { t, *from };
	struct mfa_why why = { "" };
	char shown[TOOL_SHOWN_MAX];
	struct mfa_time now;
	enum mfa_err r;
	int status;

	if (!(r = t->clock.now(t->clock.ctx, &now))) {
		im.from.factor.created = now.real;
		r = person_edit(p, put, &im, &why);
	}
	status = r == MFA_OK ? TOOL_OK :
	    r == MFA_EEXIST || r == MFA_ERANGE ? TOOL_NO : TOOL_SYSTEM;
	if (r) {
		tool_fail(status, "%s: %s", p->who.user,
		    *why.text ? why.text : mfa_strerror(r));
	} else {
		tool_say(t, "Added %s (%s) for %s.", im.from.factor.id,
		    tool_shown(shown, im.from.factor.label), p->who.user);
		person_log(t, p, "import", "factor=%s", im.from.factor.id);
	}
	mfa_wipe(&im, sizeof(im));
	return status;
}
