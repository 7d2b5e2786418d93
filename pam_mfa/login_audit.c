/* The audit line of a login. */
#include <inttypes.h>
#include <stdio.h>

#include "core/text.h"
#include "login.h"

static const char *
outcome(enum mfa_verdict verdict)
{
	return verdict == MFA_GRANTED ? "granted" :
	    verdict == MFA_EXEMPT ? "exempt" : "refused";
}

void
login_audit(const struct mfa_log *log, const struct mfa_subject *who,
    const struct login_report *rep)
{
	char user[65], service[33], rhost[65], tty[33], ruser[65], policy[65];
	char line[864];

	if (*rep->why.text)
		log->write(log->ctx, MFA_LOG_ERROR, rep->why.text);
	snprintf(line, sizeof(line), "outcome=%s reason=%s user=%s service=%s "
	    "rhost=%s tty=%s ruser=%s method=%s factor=%s failures=%" PRIu32
	    " ms=%" PRId64 "%s%s policy=%s", outcome(rep->verdict), rep->reason,
	    text_field(user, sizeof(user), who->user),
	    text_field(service, sizeof(service), who->service),
	    text_field(rhost, sizeof(rhost), who->rhost),
	    text_field(tty, sizeof(tty), who->tty),
	    text_field(ruser, sizeof(ruser), who->ruser), rep->method,
	    *rep->factor ? rep->factor : "-", rep->failures, rep->ms,
	    *rep->key ? " key=" : "", rep->key,
	    text_field(policy, sizeof(policy), rep->policy));
	log->write(log->ctx, rep->verdict == MFA_GRANTED ? MFA_LOG_INFO :
	    MFA_LOG_NOTICE, line);
}
