/* An enrolment at login under way: what pam_mfa/enrol*.c share. */
#ifndef MFA_ENROL_DIALOGUE_H
#define MFA_ENROL_DIALOGUE_H

#include "core/enrol.h"
#include "enrol.h"

struct dialogue {
	const struct enrolment *job;
	const struct mfa_conv *conv;
	struct login_report *report;
	struct courier courier;
	struct enrol enrol;
	struct buf seen;		/* the factors as they were */
	struct buf typed;		/* the last answer */
	struct otp_key key;		/* of the app; len 0: not made yet */
	uint64_t next;			/* the step behind the first code */
	struct first_codes sent;	/* to the phone */
	struct factor factor, codes;	/* as they are saved */
	char code[RECOVERY_CODES][RECOVERY_SHOWN + 1];
	bool with_codes;
};

void dialogue_tell(const struct dialogue *, const char *text);

/* An event=enrol line; saved: with what was registered. */
void dialogue_audit(const struct dialogue *, const char *outcome, bool saved);

enum mfa_err dialogue_now(const struct dialogue *, struct mfa_time *ret)
    MFA_MUST_CHECK;

/* The factors as a text to compare by, in place of what ret held. */
enum mfa_err dialogue_factors(const struct record *, struct buf *ret)
    MFA_MUST_CHECK;

/*
 * Keeps what was proved, whole or not at all, and shows the recovery codes
 * that come with it. An error: nothing was written.
 */
enum mfa_err dialogue_save(struct dialogue *, struct enrol_action *ret)
    MFA_MUST_CHECK;

#endif
