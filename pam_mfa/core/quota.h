/*
 * What may be sent: messages cost money and wake people. One ledger a host,
 * STATE/%sent, remembers every message of the last day:
 *
 *	version = 1
 *	written_at = 1790000000		when it was last written:
 *	written_boottime = 4711		as failed_at and so on in core/state.h
 *	written_boot = 1b4e28ba-...
 *	sent = 30 sms +819000001234 alice
 *	refused = 9 sms +819000001234 alice
 *	proof = 5 sms +819000001234 bob
 *
 * with the seconds before that, the way, to whom and for whom.
 * A message is counted before it is sent. Only if it was certainly not accepted
 * it becomes a refused one, which no limit counts; but the same way to the same
 * number waits after it as after any: nobody has a provider asked without end.
 * A proof went to a number that is no factor yet, at an enrolment.
 * Where a count cannot be kept, nothing is sent.
 */
#ifndef MFA_QUOTA_H
#define MFA_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "conf.h"
#include "err.h"
#include "moment.h"
#include "phone.h"
#include "sending.h"
#include "text.h"

#define QUOTA_DAY 86400
#define QUOTA_SENT_MAX 10000	/* messages a day that one ledger holds */

struct quota_sent {
	uint64_t age;				/* seconds */
	enum sending_kind way;
	char number[PHONE_MAX + 1];		/* E.164 */
	char user[TEXT_NAME_MAX + 1];		/* escaped: text_name_escape */
	bool refused, proof;	/* not both */
};

struct quota {
	struct quota_sent *sent;	/* owned; the oldest first */
	size_t n, cap;
};

enum quota_verdict {
	QUOTA_GO,
	QUOTA_WAIT,		/* this person or number: in wait seconds */
	QUOTA_HOST,		/* the host's or the number range's is used up,
				 * or the limit is 0 */
};

struct quota_answer {
	enum quota_verdict verdict;
	uint64_t wait;		/* WAIT: seconds, at least 1 */
	const char *key;	/* of mfa.conf that decided; NULL with GO */
};

/*
 * What was sent within a day of now. MFA_ESYNTAX, MFA_ERANGE with the line in
 * why, MFA_ENOMEM. len 0 is an empty ledger. Free with quota_free.
 */
enum mfa_err quota_parse(const char *text, size_t len,
    const struct mfa_time *now, struct quota *ret, struct mfa_why *)
    MFA_MUST_CHECK;
enum mfa_err quota_format(const struct quota *, const struct mfa_time *now,
    struct buf *ret) MFA_MUST_CHECK;
void quota_free(struct quota *);

/* May this message be sent now? Its age is not looked at. */
void quota_check(const struct conf_quota *, const struct quota *,
    const struct quota_sent *, struct quota_answer *ret);

/* Counts it. MFA_ENOMEM, MFA_ERANGE: full. */
enum mfa_err quota_charge(struct quota *, const struct quota_sent *)
    MFA_MUST_CHECK;

/* The newest message like this, if it is there, was refused. */
void quota_refund(struct quota *, const struct quota_sent *);

/*
 * Has this charge brought a count of the host's to four fifths of its limit?
 * The key of mfa.conf, or NULL.
 */
const char *quota_alert(const struct conf_quota *, const struct quota *,
    const struct quota_sent *);

#endif
