/* A login under way: what pam_mfa/login*.c share. */
#ifndef MFA_LOGIN_TALK_H
#define MFA_LOGIN_TALK_H

#include "core/challenge.h"
#include "login.h"
#include "sys/attempt.h"
#include "sys/courier.h"
#include "sys/os.h"
#include "trust.h"

struct login {
	const struct mfa_ports *ports;
	const struct mfa_conf *conf;
	const struct mfa_subject *who;
	struct policy_decision policy;
	enum language language;
	struct challenge challenge;
	struct attempt attempt;
	struct courier courier;
	struct otc_door door;
	struct trusted trusted;
	bool may_trust;			/* a factor of theirs has answered */
	int64_t reset_at;		/* one to be told of; 0 = none */
	struct attempt_known known;
	/*
	 * Where all refusals must look alike: what went wrong on the way to
	 * one, for the log.
	 */
	enum mfa_err fault;
	char host[OS_HOST_MAX], rhost[65];
	struct login_report *report;
};

void login_deny(struct login_report *, enum mfa_verdict, const char *reason);

/*
 * From this action on to the end: asks, has answers evaluated, sends, and
 * fills verdict and reason. An error ended it, with its cause in the report.
 */
enum mfa_err login_talk(struct login *, struct challenge_action)
    MFA_MUST_CHECK;

#endif
