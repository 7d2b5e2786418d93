/* What status and list tell about a person. */
#ifndef MFA_REPORT_H
#define MFA_REPORT_H

#include <jansson.h>

#include "../pam_mfa/core/limit.h"
#include "../pam_mfa/core/quota.h"
#include "person.h"

struct report {
	struct record rec;	/* empty: nobody enrolled */
	struct state st;	/* aligned with rec; zeros if not known */
	bool state_known;	/* false: store = home, and we are not root */
	struct mfa_time now;	/* when it was read */
	enum limit_verdict limit;
	uint64_t wait;		/* LIMIT_WAIT: seconds */
	enum limit_verdict app_limit;	/* the same for app passwords */
	uint64_t app_wait;
	size_t factors, apps;	/* of rec: factors, and app passwords */
};

/* Free with report_free. Errors as attempt_factors and state_parse. */
enum mfa_err report_read(const struct tool *, const struct person *,
    struct report *ret, struct mfa_why *) MFA_MUST_CHECK;
void report_free(struct report *);

/* Unix time until which a pass is good; 0: there is none. */
int64_t report_pass_until(const struct report *);

/* What policy makes of a login of theirs, also after a reset or by a pass. */
void report_policy(const struct tool *, const struct person *,
    const struct report *, struct policy_decision *ret);

/* Recovery codes of factor i that were not used. */
unsigned report_codes_left(const struct report *, size_t i);

/* Unix time of the last success with any factor; 0 = never. */
int64_t report_last_used(const struct report *);

/* What was sent within a day. Free with quota_free. Errors as quota_parse. */
enum mfa_err report_ledger(const struct tool *, const struct person *,
    struct quota *ret, struct mfa_why *) MFA_MUST_CHECK;

/* How much of it to this user; NULL: to all. */
void report_sent(const struct quota *, const char *user,
    unsigned ret[static SENDING_KINDS]);

/* "3 SMS, 1 call". Returns dst. */
#define REPORT_SENT_MAX 48	/* bytes, NUL included */
char *report_sent_words(const unsigned sent[static SENDING_KINDS],
    enum language, char dst[static REPORT_SENT_MAX]);

/* "+81 ********34 by SMS and call" of a phone. Returns dst. */
#define REPORT_PHONE_MAX 80	/* bytes, NUL included */
char *report_phone(const struct phone_factor *, enum language,
    char dst[static REPORT_PHONE_MAX]);

bool report_has_phone(const struct report *);

/* Names and labels are bytes; what is not UTF-8 is shown as '?'. */
json_t *report_string(const char *);

/* One object, the same in status and list. NULL: no memory. */
json_t *report_json(const struct person *, const struct report *,
    const struct quota *);

#endif
