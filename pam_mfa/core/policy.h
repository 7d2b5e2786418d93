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
	const char *auth_info;		/* SSH_AUTH_INFO_0; NULL = none */
	char session[96];		/* os_session; "" = none */
	bool ingroup[CONF_RULES_MAX];	/* member of rule i's group? */
};

enum policy_verdict { POLICY_DENY, POLICY_ASK, POLICY_EXEMPT };

struct policy_decision {
	enum policy_verdict verdict;
	const char *reason;		/* a stable word for the log: "enrolled", "not_enrolled", "unknown_user" */
	bool enrolled;			/* else reason is why any answer is wrong */
	bool guarded;			/* all refusals must look alike */
	bool send;			/* codes may be sent to them */
	struct conf_login login;	/* the values that hold for this login */
};

/*
 * enrolled: the store has a record, or there is a pass (an error of the store is not a question
 * for policy: the caller has refused already). Unknown people are never
 * exempt. With first_factor after or joined, and for unknown people, guarded
 * is set, and a refusal becomes ASK: the answer will be WRONG. The reason is
 * "enrolled", "not_enrolled" or "unknown_user".
 */
void policy_decide(const struct mfa_conf *, const struct mfa_subject *,
    bool enrolled, struct policy_decision *ret);

#endif
