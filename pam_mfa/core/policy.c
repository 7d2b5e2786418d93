/* What is required of a person. */
#include <string.h>

#include "policy.h"

static enum policy_verdict
unenrolled(const struct policy_decision *d, bool known)
{
	/* At a door for app passwords nothing else was asked. */
	if (known && d->login.not_enrolled == CONF_ALLOW &&
	    !d->login.app_passwords)
		return POLICY_EXEMPT;
	return d->guarded ? POLICY_ASK : POLICY_DENY;
}

void
policy_decide(const struct mfa_conf *conf, const struct mfa_subject *who,
    bool enrolled, struct policy_decision *ret)
{
	struct policy_decision d = { .verdict = POLICY_ASK,
	    .reason = "enrolled", .enrolled = who->known && enrolled };

	conf_login_for(conf, who->service, who->ingroup, &d.login);
	d.guarded = !who->known || d.login.first_factor != CONF_BEFORE ||
	    d.login.app_passwords;
	if (!d.enrolled) {
		d.reason = !who->known ? "unknown_user" :
		    d.login.app_passwords ? "no_app_password" : "not_enrolled";
		d.verdict = unenrolled(&d, who->known);
	}
	/* In a home the person writes the number: nobody proved it. */
	d.send = !d.guarded && enrolled && *conf->send.senders != '\0' &&
	    conf->store == CONF_STORE_SYSTEM;
	*ret = d;
}
