/*
 * Who asks, and what is required of them. Pure: names and groups were
 * resolved by whoever fills the subject.
 */
#ifndef MFA_POLICY_H
#define MFA_POLICY_H

#include <stdbool.h>
#include <sys/types.h>

#include "conf.h"

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
	enum when_met member[CONF_GROUPS_MAX];	/* of conf->group[i]? */
	int minute;			/* as in struct when_login */
};

enum policy_verdict { POLICY_DENY, POLICY_ASK, POLICY_EXEMPT };

struct policy_decision {
	enum policy_verdict verdict;
	const char *reason;		/* for the log, see policy_decide */
	const char *policy;		/* the [policy] that holds; NULL = none */
	bool enrol;			/* DENY: but they may enrol now */
	bool enrolled;			/* else reason is why any answer is wrong */
	bool guarded;			/* all refusals must look alike */
	bool send;			/* codes may be sent to them */
	struct conf_login login;	/* the values that hold for this login */
};

/* What the conditions of policies look at; ctx must outlive it. */
struct policy_ctx {
	const struct mfa_conf *conf;
	const struct mfa_subject *who;
};
struct when_login policy_login(const struct policy_ctx *);

/* Is there a condition on the time, so that who->minute is to be filled? */
bool policy_wants_time(const struct mfa_conf *);

/*
 * enrolled: the store has a record (an error of the store is not a question
 * for policy: the caller has refused already). Unknown people are never
 * exempt. With first_factor after or joined, and for unknown people, guarded
 * is set, and a refusal becomes ASK: the answer will be WRONG. Nothing is sent
 * to people who may not have passed the first factor, and they do not enrol.
 * The reason is "enrolled", "not_enrolled", "unknown_user", "skip" or "deny",
 * the last two by a [policy].
 */
void policy_decide(const struct mfa_conf *, const struct mfa_subject *,
    bool enrolled, struct policy_decision *ret);

#endif
