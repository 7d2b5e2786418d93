/* What is required of a person. */
#include <string.h>

#include "policy.h"

static int
member(const void *ctx, const char *group)
{
	const struct policy_ctx *c = ctx;
	int i = conf_group_index(c->conf, group);

	return i < 0 ? WHEN_UNKNOWN : (int)c->who->member[i];
}

struct when_login
policy_login(const struct policy_ctx *c)
{
	return (struct when_login){ .user = c->who->user,
	    .service = c->who->service, .rhost = c->who->rhost,
	    .tty = c->who->tty, .minute = c->who->minute, .member = member,
	    .ctx = c };
}

bool
policy_wants_time(const struct mfa_conf *conf)
{
	for (size_t i = 0; i < conf->npolicies; i++)
		if (*conf->when[i].list[WHEN_TIME] != '\0')
			return true;
	return false;
}

/* A refusal that must look like every other one. */
static void
deny(struct policy_decision *d, const char *reason)
{
	d->reason = reason;
	d->enrolled = false;
	d->verdict = d->guarded ? POLICY_ASK : POLICY_DENY;
}

static void
decide_unenrolled(struct policy_decision *d, bool known)
{
	deny(d, known ? "not_enrolled" : "unknown_user");
	if (!known)
		return;
	if (d->login.not_enrolled == CONF_ALLOW)
		d->verdict = POLICY_EXEMPT;
	d->enrol = d->login.not_enrolled == CONF_ENROL && !d->guarded;
}

void
policy_decide(const struct mfa_conf *conf, const struct mfa_subject *who,
    bool enrolled, struct policy_decision *ret)
{
	const struct policy_ctx ctx = { conf, who };
	const struct when_login login = policy_login(&ctx);
	struct policy_decision d = { .verdict = POLICY_ASK,
	    .reason = "enrolled", .enrolled = who->known && enrolled };
	const struct conf_rule *rule = conf_login_for(conf, &login, &d.login);

	d.policy = rule != NULL ? rule->name : NULL;
	d.guarded = !who->known || d.login.first_factor != CONF_BEFORE;
	if (d.login.then == CONF_THEN_ENROL)
		d.login.not_enrolled = CONF_ENROL;
	if (who->known && d.login.then == CONF_THEN_SKIP) {
		d.verdict = POLICY_EXEMPT;
		d.reason = "skip";
	} else if (d.login.then == CONF_THEN_DENY) {
		deny(&d, "deny");
	} else if (!d.enrolled) {
		decide_unenrolled(&d, who->known);
	}
	d.send = !d.guarded && d.enrolled && *conf->send.senders != '\0';
	*ret = d;
}
