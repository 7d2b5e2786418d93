/* What status and list tell about a person. */
#ifndef MFA_REPORT_H
#define MFA_REPORT_H

#include <jansson.h>

#include "../pam_mfa/core/limit.h"
#include "person.h"

struct report {
	struct record rec;	/* empty: nobody enrolled */
	struct state st;	/* aligned with rec; zeros if not known */
	bool state_known;	/* false: store = home, and we are not root */
	enum limit_verdict limit;
	uint64_t wait;		/* LIMIT_WAIT: seconds */
};

/* Free with report_free. Errors as attempt_factors and state_parse. */
enum mfa_err report_read(const struct tool *, const struct person *,
    struct report *ret, struct mfa_why *) MFA_MUST_CHECK;
void report_free(struct report *);

/* Recovery codes of factor i that were not used. */
unsigned report_codes_left(const struct report *, size_t i);

/* Unix time of the last success with any factor; 0 = never. */
int64_t report_last_used(const struct report *);

/* Names and labels are bytes; what is not UTF-8 is shown as '?'. */
json_t *report_string(const char *);

/* One object, the same in status and list. NULL: no memory. */
json_t *report_json(const struct person *, const struct report *);

#endif
