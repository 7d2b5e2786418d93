/* Logins without a code. */
#include <stdio.h>
#include <string.h>

#include "core/say.h"
#include "core/text.h"
#include "core/when.h"
#include "sys/remember.h"
#include "trust.h"

void
trusted_claim(const struct mfa_subject *who, const struct policy_decision *d,
    struct crypto *c, struct trusted *ret)
{
	struct trusted t = { .key = trust_is_sshd(who->service) };
	enum mfa_err r = MFA_ENOENT;

	*ret = (struct trusted){ 0 };
	if (d->guarded || d->cause != POLICY_ENROLLED ||
	    d->verdict != POLICY_ASK)
		return;
	text_field(t.claim.service, sizeof(t.claim.service), who->service);
	t.claim.lasts = t.key ? d->login.remember : d->login.grace;
	t.claim.prefix = t.key ? d->login.remember_prefix : 0;
	if (t.claim.lasts == 0)
		return;
	if (!t.key && *who->session != '\0')
		r = trust_session(c, who->session, t.claim.of);
	if (t.key && who->uid != 0 && who->auth_info != NULL)
		r = trust_fingerprint(c, who->auth_info, d->login.remember_sk,
		    t.claim.of);
	if (t.key && when_address(who->rhost, t.claim.from))
		*t.claim.from = '\0';
	if (t.key && *t.claim.from == '\0' && t.claim.prefix != 0)
		r = MFA_ENOENT;
	if (!r)
		*ret = t;
}

static void
log_error(const struct mfa_log *log, const char *what, enum mfa_err r,
    const struct mfa_why *why)
{
	char line[sizeof(why->text) + 80];

	snprintf(line, sizeof(line), "%s: %s", what,
	    *why->text ? why->text : mfa_strerror(r));
	log->write(log->ctx, MFA_LOG_ERROR, line);
}

bool
trusted_enter(const struct trusted *t, const struct attempt *a,
    const struct mfa_ports *ports)
{
	struct mfa_why why = { "" };
	enum mfa_err r;

	if (*t->claim.of == '\0')
		return false;
	r = remember_use(a, &ports->hostkey, &t->claim, &why);
	if (r && r != MFA_ENOENT)
		log_error(&ports->log, "a code is asked for", r, &why);
	return !r;
}

/* "Remember this key for 14 days? y/N " */
static bool
wanted(const struct trusted *t, const struct mfa_conv *conv)
{
	char prompt[192], time[40];
	struct buf typed = { 0 };
	bool yes;

	snprintf(prompt, sizeof(prompt), say(t->language, "Remember this key "
	    "for %s? y/N "), text_duration(time, sizeof(time),
	    t->claim.lasts, t->language));
	yes = !conv->ask(conv->ctx, prompt, true, &typed) &&
	    (text_case_equal(buf_str(&typed), "y") ||
	    text_case_equal(buf_str(&typed), "yes"));
	buf_wipe(&typed);
	return yes;
}

void
trusted_keep(const struct trusted *t, const struct attempt *a,
    const struct mfa_ports *ports, const char *factor)
{
	const struct mfa_conv *conv = &ports->conv;
	struct mfa_why why = { "" };
	enum mfa_err r;

	if (*t->claim.of == '\0' || (t->key && !wanted(t, conv)))
		return;
	if (!(r = remember_keep(a, &ports->hostkey, &t->claim, factor, &why)))
		return;
	log_error(&ports->log, "not remembered", r, &why);
	if (t->key)
		conv->say(conv->ctx, say(t->language, "The key could not be "
		    "remembered; the next login will ask again."), true);
}

void
trusted_report(const struct trusted *t, struct login_report *rep)
{
	rep->verdict = MFA_GRANTED;
	rep->reason = t->key ? "remembered" : "grace";
	if (!t->key)
		return;
	rep->method = "key";
	memcpy(rep->key, t->claim.of, sizeof(rep->key));
}
