/* Removes all of a person's factors and what is known of them. */
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/date.h"
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/os.h"
#include "enroll.h"
#include "mail.h"

/* A reset: when, of what, and what comes after it. */
struct reset_job {
	struct mfa_time now;
	struct state st;		/* as it is, and then as it shall be */
	struct policy_decision after;	/* of a login, by the new state */
	bool factors, rest;		/* were there any? anything else? */
	bool again;			/* of a reset before */
	bool told;	/* nobody need be told of a reset that took nothing */
};

/* Of a login whose service has no section of its own. */
static void
decide(const struct tool *t, const struct person *p, struct reset_job *job)
{
	struct reset reset = { .told = true };

	moment_set(&reset.at, &job->now);
	policy_decide(&t->conf, &p->who, 0, &job->after);
	policy_after_reset(&t->conf, &reset, &job->now, &job->after);
}

/* Does it open an enrolment, which would not be open to anybody anyway? */
static bool
opens(const struct reset_job *job)
{
	return job->after.enrol && job->after.until > 0;
}

/* And if not there, may it where some section holds? */
static bool
may_open(const struct mfa_conf *conf, const struct reset_job *job)
{
	bool may = job->again && conf->login.enrol_after_reset > 0;

	for (size_t i = 0; i < conf->nrules; i++)
		may |= conf->rule[i].login.enrol_after_reset > 0;
	return opens(job) || (may && conf->store == CONF_STORE_SYSTEM);
}

static enum mfa_err
put_fresh(struct reset_job *job, struct buf *ret)
{
	job->st = (struct state){ .reset.told = job->told };
	moment_set(&job->st.reset.at, &job->now);
	return state_format(&job->st, ret);
}

/* What there is besides an earlier reset. */
static void
look(const struct buf *state, struct reset_job *job)
{
	struct buf text = { 0 }, blank = { 0 };
	struct state *st = &job->st;
	enum mfa_err r;

	job->rest = true;
	if (state_parse(buf_str(state), state->len, st, NULL))
		return;
	job->again = state_was_reset(&st->reset);
	job->told = !job->again || st->reset.told;
	st->reset = (struct reset){ 0 };
	if (!(r = state_format(st, &text))) {
		*st = (struct state){ 0 };
		r = state_format(st, &blank);
	}
	job->rest = r || strcmp(buf_str(&text), buf_str(&blank)) != 0;
	buf_wipe(&text);
	buf_wipe(&blank);
}

/*
 * Nothing needs to be parsed: this is also the way out of a broken file. The
 * factors go first, so that no factor is ever without its used steps.
 */
static enum mfa_err
clear(const struct person *p, const struct buf *state, struct reset_job *job,
    struct mfa_why *why)
{
	struct buf text = { 0 };
	enum mfa_err r;

	look(state, job);
	r = p->remove(p->ctx, why);
	if (r && r != MFA_ENOENT)
		return r;
	job->factors = !r;
	job->told &= !job->factors;
	if (!job->factors && !job->rest && !may_open(p->conf, job))
		return MFA_OK;
	if (!(r = put_fresh(job, &text)))
		r = p->store.commit(p->store.ctx, &text, why);
	buf_wipe(&text);
	return r;
}

/* To the person. They are reset, whether it goes or not. */
static void
tell(const struct tool *t, const struct person *p, enum language in,
    int64_t now)
{
	char host[OS_HOST_MAX], user[65], date[DATE_SAID_MAX];
	struct buf body = { 0 };

	if (!buf_printf(&body, say(in, "An administrator of %s removed all "
	    "second factors of %s on %s.\nIf you have not asked for that, tell "
	    "your administrator now.\n"), os_hostname(host, sizeof(host)),
	    text_clean(user, sizeof(user), p->who.user),
	    date_say(in, (unsigned)(now / 86400), date)))
		mail_tell(t, p, say(in, "Your second factors were reset"),
		    buf_str(&body));
	buf_wipe(&body);
}

static void
say_all(const struct tool *t, const struct person *p,
    const struct reset_job *job)
{
	char until[TOOL_TIME_MAX];
	const char *user = p->who.user;

	if (job->factors || job->rest)
		tool_say(t, "Reset: %s has no second factor and no failures "
		    "any more.", user);
	if (opens(job))
		tool_say(t, "Until %s %s can register a new one at a login, "
		    "with the password alone. To do it here instead: mfactl "
		    "add totp %s", tool_time(until, job->after.until), user,
		    user);
	else if (may_open(&t->conf, job))
		tool_say(t, "Where a section of mfa.conf opens it, %s can "
		    "register a new one at a login. See: mfactl check --user "
		    "%s --service NAME", user, user);
}

static int
done(const struct tool *t, const struct person *p, enum language theirs,
    const struct reset_job *job)
{
	char reason[TOOL_SHOWN_MAX];

	if (!job->factors && !job->rest && !may_open(&t->conf, job))
		return tool_refuse(t, TOOL_NO, "%s has no factors",
		    p->who.user);
	person_log(t, p, "reset", "reason=%s enrol_seconds=%u",
	    tool_reason(t, reason),
	    opens(job) ? job->after.login.enrol_after_reset : 0);
	say_all(t, p, job);
	if (job->factors)
		tell(t, p, theirs, job->now.real);
	return TOOL_OK;
}

static int
run(const struct tool *t, const struct person *p, struct reset_job *job)
{
	struct mfa_why why = { .language = t->language };
	enum language theirs = mail_language(t, p);
	struct buf state = { 0 };
	enum mfa_err r;

	if ((r = t->clock.now_and_boot(t->clock.ctx, &job->now)))
		return tool_error(r, &why);
	decide(t, p, job);
	if ((r = p->store.begin(p->store.ctx, PERSON_LOCK_MS, &state, &why)))
		return tool_error(r, &why);
	r = clear(p, &state, job, &why);
	p->store.end(p->store.ctx);
	buf_wipe(&state);
	return r ? tool_error(r, &why) : done(t, p, theirs, job);
}

int
enroll_reset(const struct tool *t, const struct person *p)
{
	struct reset_job *job = calloc(1, sizeof(*job));
	int status;

	if (job == NULL)
		return tool_fail(TOOL_SYSTEM, "no memory");
	status = run(t, p, job);
	mfa_wipe(job, sizeof(*job));
	free(job);
	return status;
}

int
verb_reset(struct tool *t, int argc, char **argv)
{
	(void)argc;
	return person_with(t, argv[0], PERSON_RESET, enroll_reset);
}
