/* What is required of a person. */
#include <string.h>

#include "method.h"
#include "policy.h"

#define DAY (24 * 60)		/* minutes */
#define WEEK (7 * DAY)
#define THURSDAY (3 * DAY)	/* 1970-01-01, from Monday on */

static const char *const reasons[] = { [POLICY_ENROLLED] = "enrolled",
    [POLICY_NOT_ENROLLED] = "not_enrolled",
    [POLICY_UNKNOWN_USER] = "unknown_user", [POLICY_SKIPPED] = "skip",
    [POLICY_DENIED] = "deny", [POLICY_NO_METHOD] = "no_method",
    [POLICY_NO_APP_PASSWORD] = "no_app_password",
    [POLICY_CLOSED] = "enrol_closed" };

const char *
policy_reason(enum policy_cause cause)
{
	return reasons[cause];
}

static enum when_met
member(const void *ctx, const char *group)
{
	const struct policy_ctx *c = ctx;
	int i = conf_group_index(c->conf, group);

	return i < 0 ? WHEN_UNKNOWN : (enum when_met)c->who->member[i];
}

struct when_login
policy_login(const struct policy_ctx *c)
{
	const struct mfa_subject *who = c->who;

	return (struct when_login){ .user = who->user,
	    .service = who->service, .rhost = who->rhost, .tty = who->tty,
	    .minute = who->minute < 0 ? -1 :
	    (int)((who->minute + THURSDAY) % WEEK),
	    .member = member, .ctx = c };
}

bool
policy_wants_time(const struct mfa_conf *conf)
{
	bool wants = conf->login.deadline > 0;

	for (size_t i = 0; i < conf->nrules; i++)
		wants |= conf->rule[i].login.deadline > 0;
	for (size_t i = 0; i < conf->npolicies; i++)
		wants |= *conf->when[i].list[WHEN_TIME] != '\0';
	return wants;
}

unsigned
policy_missing(const struct conf_login *login, unsigned methods)
{
	unsigned phone = METHOD_BIT(METHOD_SMS) | METHOD_BIT(METHOD_CALL);
	unsigned have = (methods & METHOD_BIT(METHOD_TOTP) ? CONF_APP : 0) |
	    (methods & phone ? CONF_PHONE : 0);

	return login->require_enrolled & ~have;
}

static enum policy_cause
cause_of(const struct conf_login *login, bool known, unsigned methods)
{
	bool apps = methods & METHOD_BIT(METHOD_APP_PASSWORD);

	methods &= ~METHOD_BIT(METHOD_APP_PASSWORD);
	if (!known)
		return POLICY_UNKNOWN_USER;
	if (login->then == CONF_THEN_DENY)
		return POLICY_DENIED;
	/* At a door for app passwords nothing else was asked: no exemption. */
	if (login->app_passwords)
		return apps ? POLICY_ENROLLED : POLICY_NO_APP_PASSWORD;
	if (login->then == CONF_THEN_SKIP)
		return POLICY_SKIPPED;
	if (methods == 0)
		return POLICY_NOT_ENROLLED;
	return methods & method_set(login->methods) ? POLICY_ENROLLED :
	    POLICY_NO_METHOD;
}

static enum policy_verdict
verdict_of(const struct policy_decision *d)
{
	if (d->cause == POLICY_ENROLLED)
		return POLICY_ASK;
	if (d->cause == POLICY_SKIPPED || (d->cause == POLICY_NOT_ENROLLED &&
	    d->login.not_enrolled == CONF_ALLOW))
		return POLICY_EXEMPT;
	/* A refusal that must look like every other one. */
	return d->guarded ? POLICY_ASK : POLICY_DENY;
}

static unsigned
days_left(unsigned deadline, int64_t minute)
{
	int64_t left = (int64_t)deadline - minute / DAY + 1;

	return deadline == 0 || minute < 0 || left < 0 ? 0 : (unsigned)left;
}

static void
decide_enrol(struct policy_decision *d, int64_t minute)
{
	if (d->guarded)
		return;
	if (d->cause == POLICY_ENROLLED)
		d->enrol = d->missing != 0;
	else if (d->cause == POLICY_NOT_ENROLLED)
		d->enrol = d->login.not_enrolled == CONF_ENROL;
	if (d->enrol)
		d->days_left = days_left(d->login.deadline, minute);
}

void
policy_decide(const struct mfa_conf *conf, const struct mfa_subject *who,
    unsigned methods, struct policy_decision *ret)
{
	const struct policy_ctx ctx = { conf, who };
	const struct when_login login = policy_login(&ctx);
	struct policy_decision d = { 0 };
	const struct conf_rule *rule = conf_login_for(conf, &login, &d.login);

	d.policy = rule != NULL ? rule->name : NULL;
	d.guarded = !who->known || d.login.first_factor != CONF_BEFORE ||
	    d.login.app_passwords;
	d.cause = cause_of(&d.login, who->known, methods);
	d.verdict = verdict_of(&d);
	d.missing = policy_missing(&d.login, methods);
	decide_enrol(&d, who->minute);
	/* In a home the person writes the number: nobody proved it. */
	d.send = !d.guarded && d.cause == POLICY_ENROLLED &&
	    *conf->send.senders != '\0' && conf->store == CONF_STORE_SYSTEM;
	*ret = d;
}

void
policy_after_reset(const struct mfa_conf *conf, const struct reset *reset,
    const struct mfa_time *now, struct policy_decision *d)
{
	unsigned lasts = d->login.enrol_after_reset;

	if (d->cause != POLICY_NOT_ENROLLED || d->verdict != POLICY_DENY ||
	    conf->store != CONF_STORE_SYSTEM || !state_was_reset(reset))
		return;
	d->days_left = 0;
	d->enrol = moment_within(&reset->at, lasts, now);
	if (lasts == 0)
		return;
	d->until = reset->at.real + lasts;
	if (!d->enrol)
		d->cause = POLICY_CLOSED;
}
