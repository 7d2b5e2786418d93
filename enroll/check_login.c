/*
 * What a login would do, and why, without doing it: no lock, no write. Each
 * step is the function that the login itself runs.
 */
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/challenge.h"
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/account.h"
#include "../pam_mfa/sys/conf_load.h"
#include "check.h"
#include "report.h"

#define MODULE "pam_mfa.so"

#define step(s, ...) check_step((s)->t->out, __VA_ARGS__)

struct story {
	const struct tool *t;
	struct person person;
	struct policy_decision policy;
	struct report rep;
};

static int
result(const struct story *s, int status, const char *text)
{
	step(s, "Result", "%s", text);
	return status;
}

static void
tell_factors(const struct story *s)
{
	const struct report *rep = &s->rep;
	int64_t pass = report_pass_until(rep);
	char until[TOOL_TIME_MAX];

	if (rep->rec.n == 0)
		step(s, "Factors", "none");
	for (size_t i = 0; i < rep->rec.n; i++) {
		const struct factor *f = &rep->rec.factor[i];
		char label[TOOL_SHOWN_MAX], left[40] = "";

		if (f->kind == FACTOR_RECOVERY)
			snprintf(left, sizeof(left), ", %u of %d codes left",
			    report_codes_left(rep, i), RECOVERY_CODES);
		step(s, i ? "" : "Factors", "%s (%s)%s", f->id,
		    tool_shown(label, f->label), left);
	}
	if (pass > 0)
		step(s, "Pass", "good for one login until %s",
		    tool_time(until, pass));
}

static void
tell_limit(const struct story *s)
{
	const struct report *rep = &s->rep;
	char wait[64];

	if (s->policy.login.app_passwords)
		step(s, "Limit", "%u wrong app passwords in a row: %s",
		    (unsigned)rep->st.app.n, rep->app_limit == LIMIT_GO ?
		    "one may be typed" : "none is looked at now");
	else if (rep->limit == LIMIT_LOCKED)
		step(s, "Limit", "locked after %u wrong codes in a row",
		    (unsigned)rep->st.failures);
	else if (rep->limit == LIMIT_WAIT)
		step(s, "Limit", "%u wrong codes in a row: no code is looked "
		    "at for another %s", (unsigned)rep->st.failures,
		    text_duration(wait, sizeof(wait), rep->wait,
		    LANGUAGE_EN));
	else
		step(s, "Limit", "%u wrong codes in a row: a code may be typed",
		    (unsigned)rep->st.failures);
}

static void
tell_prompt(const struct story *s)
{
	struct challenge c;
	struct challenge_action act = challenge_start(&c, &s->person.who,
	    &s->policy, &s->rep.rec, &s->t->conf.limit);

	if (act.what == CHALLENGE_SEND)
		step(s, "Prompt", "a code is sent at once, by %s to %s",
		    act.way->kind == SENDING_SMS ? "SMS" : "call",
		    act.way->to);
	else
		step(s, "Prompt", "%s", act.text);
	challenge_end(&c);
}

/* Also of people with factors, if there is a kind that they lack. */
static void
tell_enrol(const struct story *s)
{
	static const char *const kinds[] = { "a factor", "an app", "a phone",
	    "an app and a phone" };
	const struct policy_decision *d = &s->policy;
	char until[TOOL_TIME_MAX];

	if (!d->enrol)
		return;
	if (d->until > 0)
		step(s, "Enrol", "must add a factor until %s, after a reset",
		    tool_time(until, d->until));
	else if (d->days_left > 0)
		step(s, "Enrol", "is asked to add %s, and may go on without "
		    "for %u day%s, today included", kinds[d->missing],
		    d->days_left, d->days_left == 1 ? "" : "s");
	else
		step(s, "Enrol", "must add %s", kinds[d->missing]);
}

/* Nobody is asked for a code whom policy has turned away. */
static int
tell_denied(const struct story *s)
{
	const struct policy_decision *d = &s->policy;
	const char *user = s->person.who.user;
	char text[512], methods[64], until[TOOL_TIME_MAX];

	if (d->cause == POLICY_UNKNOWN_USER)
		return result(s, TOOL_NO, "refused, whatever is typed");
	if (d->cause == POLICY_DENIED)
		return result(s, TOOL_NO, "refused, whatever is typed (then = "
		    "deny)");
	if (d->cause == POLICY_NO_METHOD) {
		snprintf(text, sizeof(text), "refused: no factor of %s is for "
		    "methods = %s", user, method_format(d->login.methods,
		    methods, sizeof(methods)));
		return result(s, TOOL_NO, text);
	}
	if (d->enrol)
		return result(s, TOOL_OK, "enrols at this login");
	if (d->cause == POLICY_CLOSED) {
		snprintf(text, sizeof(text), "refused: the time to enrol after "
		    "the reset ended at %s -> mfactl reset %s",
		    tool_time(until, d->until), user);
		return result(s, TOOL_NO, text);
	}
	snprintf(text, sizeof(text), "refused: nothing is enrolled -> mfactl "
	    "add totp %s", user);
	return result(s, TOOL_NO, text);
}

static int
tell_result(const struct story *s)
{
	char text[512];
	const char *user = s->person.who.user;
	bool apps = s->policy.login.app_passwords;
	enum limit_verdict limit = apps ? s->rep.app_limit : s->rep.limit;

	if (s->policy.verdict == POLICY_EXEMPT)
		return result(s, TOOL_OK, s->policy.cause == POLICY_SKIPPED ?
		    "no code is asked (then = skip), and that is logged" :
		    "no code is asked (not_enrolled = allow), and that is "
		    "logged");
	if (s->policy.cause != POLICY_ENROLLED)
		return tell_denied(s);
	if (limit == LIMIT_GO)
		return result(s, TOOL_OK, apps ? "a right app password for "
		    "this service is accepted" : "a right code is accepted");
	snprintf(text, sizeof(text), "refused %s -> mfactl unlock %s",
	    limit == LIMIT_WAIT ? "for now" : "until it is unlocked", user);
	return result(s, TOOL_NO, text);
}

/* An error of the store is a refusal before policy is asked. */
static int
tell_rest(struct story *s)
{
	struct mfa_why why = { "" };
	const struct policy_ctx ctx = { &s->t->conf, &s->person.who };
	enum mfa_err r = MFA_OK;
	char text[512];
	int status;

	if (s->person.who.known &&
	    !(r = person_attach(s->t, &s->person, &why))) {
		r = report_read(s->t, &s->person, &s->rep, &why);
		person_close(&s->person);
	}
	if (r) {
		snprintf(text, sizeof(text), "refused: %s", *why.text ?
		    why.text : mfa_strerror(r));
		return result(s, TOOL_NO, text);
	}
	report_policy(s->t, &s->person, &s->rep, &s->policy);
	tell_factors(s);
	check_policy(&ctx, &s->policy, s->t->out);
	if (s->policy.verdict != POLICY_EXEMPT) {
		if (s->person.who.known)
			tell_limit(s);
		if (s->policy.cause == POLICY_ENROLLED || !s->policy.enrol)
			tell_prompt(s);
		tell_enrol(s);
	}
	status = tell_result(s);
	report_free(&s->rep);
	return status;
}

/* What is wrong with the way to the module, here and for this person. */
static void
judge_door(const struct story *s, const struct pam_stack *stack,
    struct findings *f)
{
	const struct mfa_subject *who = &s->person.who;
	struct stack_place place = { &s->t->conf, s->t->conf_path,
	    who->service, false };
	struct sshd_settings sshd;

	if (!strcmp(who->service, "sshd") &&
	    check_read_sshd(who->user, s->t->opt.rhost, &sshd, f)) {
		step(s, "", "AuthenticationMethods %s", sshd.methods);
		place.outside = sshd_first_factor(&sshd);
		sshd_judge(&sshd, s->policy.login.first_factor, f);
	}
	stack_judge(stack, &place, f);
}

/* False: the module is not reached. */
static bool
tell_door(const struct story *s, struct pam_stack *stack, struct findings *f)
{
	const char *service = s->person.who.service;
	struct pam_dir dir;
	size_t i;

	check_read_pam(&dir, f);
	stack_read(&dir, service, "auth", stack);
	pam_dir_free(&dir);
	if ((i = stack_find(stack, MODULE)) == stack->n) {
		step(s, "Door", "no " MODULE " in the stack of %s", service);
		return false;
	}
	step(s, "Door", "%s, by way of %s", service, stack->rule[i].where);
	judge_door(s, stack, f);
	return true;
}

static void
tell_account(const struct story *s)
{
	const struct mfa_subject *who = &s->person.who;

	if (who->known)
		step(s, "Account", "%s, uid %u", who->user,
		    (unsigned)who->uid);
	else
		step(s, "Account", "there is no %s", who->user);
	if (*who->rhost)
		step(s, "From", "%s", who->rhost);
	if (*who->tty)
		step(s, "Terminal", "%s", who->tty);
}

static int
tell(struct story *s)
{
	struct findings *f = calloc(1, sizeof(*f));
	struct pam_stack *stack = malloc(sizeof(*stack));
	int status = TOOL_SYSTEM;

	if (f == NULL || stack == NULL) {
		tool_fail(TOOL_SYSTEM, "no memory");
	} else {
		tell_account(s);
		policy_decide(&s->t->conf, &s->person.who, 0, &s->policy);
		status = tell_door(s, stack, f) ? tell_rest(s) :
		    result(s, TOOL_OK, "no code is asked");
		if (f->n > 0)
			step(s, "But", "not all is well with this door:");
		check_print(f, s->t->out);
		if (f->count[CHECK_ERROR] > 0 && status == TOOL_OK)
			status = TOOL_NO;
	}
	free(stack);
	free(f);
	return status;
}

static int
find_who(const struct tool *t, struct mfa_subject *who)
{
	const struct tool_options *o = &t->opt;
	struct mfa_why why = { "" };
	enum mfa_err r;
	int status;

	if (strlen(o->user) >= sizeof(who->user))
		return tool_fail(TOOL_USAGE, "--user: the name is too long");
	snprintf(who->user, sizeof(who->user), "%s", o->user);
	r = account_find(o->user, who, &why);
	if (r == MFA_EIO || r == MFA_ENOMEM)
		return tool_error(r, &why);
	if (r != MFA_ENOENT && (status = tool_subject(t, o->user, who)))
		return status;
	snprintf(who->service, sizeof(who->service), "%s",
	    o->service != NULL ? o->service : "sshd");
	snprintf(who->rhost, sizeof(who->rhost), "%s",
	    o->rhost != NULL ? o->rhost : "");
	snprintf(who->tty, sizeof(who->tty), "%s",
	    o->tty != NULL ? o->tty : "");
	return TOOL_OK;
}

static int
story(struct story *s, struct mfa_conf *conf)
{
	struct mfa_why why = { "" };
	char text[512];
	int status;

	if (conf_load(s->t->conf_path, conf, &why)) {
		snprintf(text, sizeof(text), "refused, like everybody: %s",
		    why.text);
		return result(s, TOOL_NO, text);
	}
	if ((status = find_who(s->t, &s->person.who)))
		return status;
	return tell(s);
}

int
check_login(struct tool *t)
{
	struct story *s = calloc(1, sizeof(*s));
	int status;

	if (s == NULL)
		return tool_fail(TOOL_SYSTEM, "no memory");
	s->t = t;
	status = story(s, &t->conf);
	free(s);
	return status;
}
