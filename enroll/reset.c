/* Removes all of a person's factors and what is known of them. */
#include <string.h>

#include "../pam_mfa/core/date.h"
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/os.h"
#include "enroll.h"
#include "mail.h"

static enum mfa_err
put_fresh(struct state *st, int64_t reset_at, struct buf *ret)
{
	memset(st, 0, sizeof(*st));
	st->reset_at = reset_at;
	return state_format(st, ret);
}

/* Nothing but, perhaps, a reset that is to be told? */
static bool
is_blank(const struct buf *state, struct state *st)
{
	struct buf text = { 0 }, blank = { 0 };
	bool is;

	if (state_parse(buf_str(state), state->len, st, NULL))
		return false;
	st->reset_at = 0;
	is = !state_format(st, &text) && !put_fresh(st, 0, &blank) &&
	    !strcmp(buf_str(&text), buf_str(&blank));
	buf_wipe(&text);
	buf_wipe(&blank);
	return is;
}

/*
 * Nothing needs to be parsed: this is also the way out of a broken file. The
 * factors go first, so that no factor is ever without its used steps.
 */
static enum mfa_err
clear(const struct person *p, int64_t now, const struct buf *state,
    bool *ret_any, struct mfa_why *why)
{
	struct buf text = { 0 };
	struct state st;
	bool any = !is_blank(state, &st);
	enum mfa_err r;

	r = p->remove(p->ctx, why);
	if (r && r != MFA_ENOENT)
		return r;
	any |= !r;
	r = MFA_OK;
	if (any && !(r = put_fresh(&st, now, &text)))
		r = p->store.commit(p->store.ctx, &text, why);
	if (!r)
		*ret_any = any;
	buf_wipe(&text);
	return r;
}

/* To the person. They are reset, whether it goes or not. */
static void
tell(const struct tool *t, const struct person *p, enum language in,
    int64_t now)
{
	char host[OS_HOST_MAX], user[65], date[DATE_MAX];
	struct buf body = { 0 };

	if (!buf_printf(&body, say(in, "An administrator of %s removed all "
	    "second factors of %s on %s.\nIf you have not asked for that, tell "
	    "your administrator now.\n"), os_hostname(host, sizeof(host)),
	    text_clean(user, sizeof(user), p->who.user),
	    date_format((unsigned)(now / 86400), date)))
		mail_tell(t, p, say(in, "Your second factors were reset"),
		    buf_str(&body));
	buf_wipe(&body);
}

int
enroll_reset(const struct tool *t, const struct person *p)
{
	struct mfa_why why = { .language = t->language };
	enum language theirs = mail_language(t, p);
	struct buf state = { 0 };
	char user[65], reason[TOOL_SHOWN_MAX];
	struct mfa_time now;
	bool any = false;
	enum mfa_err r;

	if ((r = t->clock.now(t->clock.ctx, &now)) ||
	    (r = p->store.begin(p->store.ctx, PERSON_LOCK_MS, &state, &why)))
		return tool_error(r, &why);
	r = clear(p, now.real, &state, &any, &why);
	p->store.end(p->store.ctx);
	buf_wipe(&state);
	if (r)
		return tool_error(r, &why);
	if (!any)
		return tool_refuse(t, TOOL_NO, "%s has no factors",
		    p->who.user);
	tool_log(t, "event=reset user=%s reason=%s", text_field(user,
	    sizeof(user), p->who.user), tool_reason(t, reason));
	tool_say(t, "Reset: %s has no second factor and no failures any more.",
	    p->who.user);
	tell(t, p, theirs, now.real);
	return TOOL_OK;
}

int
verb_reset(struct tool *t, int argc, char **argv)
{
	(void)argc;
	return person_with(t, argv[0], PERSON_RESET, enroll_reset);
}
