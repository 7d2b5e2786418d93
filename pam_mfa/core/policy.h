/*
 * Who asks, and what is required of them. Pure: names and groups were
 * resolved by whoever fills the subject.
 */
#ifndef MFA_POLICY_H
#define MFA_POLICY_H

#include <stdbool.h>
#include <sys/types.h>

#include "conf.h"
#include "state.h"

#define SUBJECT_NAME_MAX 257	/* bytes, NUL included */

/* Who logs in, from where, through what. Text is as it came: clean it. */
struct mfa_subject {
	char user[SUBJECT_NAME_MAX];	/* the account's canonical name */
	char service[128];		/* PAM service: "sshd" */
	char rhost[SUBJECT_NAME_MAX];	/* "" = none */
	char tty[128];			/* "" = none */
	char ruser[SUBJECT_NAME_MAX];	/* "" = none */
	char home[1024];		/* from the passwd entry */
	uid_t uid;
	gid_t gid;
	bool known;			/* there is such an account */
	const char *auth_info;		/* SSH_AUTH_INFO_0; NULL = none */
	char session[96];		/* os_session; "" = none */
	uint8_t member[CONF_GROUPS_MAX]; /* enum when_met, of conf->group[i] */
	/* Minutes since 1970-01-01 00:00, local time; -1 = cannot be told. */
	int64_t minute;
};

enum policy_verdict { POLICY_DENY, POLICY_ASK, POLICY_EXEMPT };

enum policy_cause {
	POLICY_ENROLLED,	/* a right answer is right */
	POLICY_NOT_ENROLLED,
	POLICY_UNKNOWN_USER,
	POLICY_SKIPPED,		/* by a [policy] */
	POLICY_DENIED,		/* by a [policy] */
	POLICY_NO_METHOD,	/* all they have is not allowed here */
	POLICY_NO_APP_PASSWORD,	/* and nothing else opens this door */
	POLICY_CLOSED,		/* were reset, and did not enrol in time */
};

struct policy_decision {
	enum policy_verdict verdict;
	enum policy_cause cause;	/* ENROLLED: a right answer is right */
	const char *policy;		/* the one that is met; NULL = none */
	bool guarded;			/* all refusals must look alike */
	bool send;			/* codes may be sent to them */
	/*
	 * They are to be led to enrol: with DENY at once, with ASK after a
	 * right answer. missing is what they lack of the kinds required; none,
	 * with DENY: any kind will do. They may go on without (and with DENY
	 * be let in) for so many days more, today being one; 0: they must.
	 */
	bool enrol;
	unsigned days_left;
	unsigned missing;		/* enum conf_kinds, whatever enrol is */
	/* Of somebody who was reset: when their time to enrol ends; else 0. */
	int64_t until;			/* Unix time */
	struct conf_login login;	/* what holds for this login */
};

/* What the conditions of policies look at; ctx must outlive it. */
struct policy_ctx {
	const struct mfa_conf *conf;
	const struct mfa_subject *who;
};
struct when_login policy_login(const struct policy_ctx *);

/* Does anything depend on the time, so that who->minute is to be filled? */
bool policy_wants_time(const struct mfa_conf *);

/* For the log: "enrolled", "not_enrolled", "unknown_user", "skip" ... */
const char *policy_reason(enum policy_cause);

/*
 * The kinds of factors (enum conf_kinds) of those required that somebody with
 * these methods does not have.
 */
unsigned policy_missing(const struct conf_login *, unsigned methods);

/*
 * methods: by which they can answer (record_methods), none if the store has no
 * record; an error of the store is not a question for policy, the caller has
 * refused already. Unknown people are never exempt. With first_factor after or
 * joined, and for unknown people, guarded is set, and a refusal becomes ASK:
 * the answer will be WRONG. So it is with app_passwords, where nobody is
 * exempt. Nothing is sent to people who may not have passed the first factor,
 * and they do not enrol.
 */
void policy_decide(const struct mfa_conf *, const struct mfa_subject *,
    unsigned methods, struct policy_decision *ret);

/*
 * What a reset makes of a decision: who has no factor since then, and would
 * be refused or led to enrol, is led to enrol for enrol_after_reset from then
 * on, and refused after that; no deadline lets them go on without. Where
 * nobody has to have a factor it changes nothing, nor where a login cannot
 * enrol: guarded, or with store = home.
 */
void policy_after_reset(const struct mfa_conf *, const struct reset *,
    const struct mfa_time *now, struct policy_decision *);

#endif
