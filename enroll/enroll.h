/*
 * The verbs' work on a person whose factors are at hand: what the flow tests
 * run on fake ports. Each says what it did or what is wrong, and returns the
 * exit status.
 */
#ifndef MFA_ENROLL_H
#define MFA_ENROLL_H

#include "../pam_mfa/core/record_new.h"
#include "person.h"

#define ENROLL_TRIES 5	/* codes typed before an enrolment is given up */

person_verb enroll_totp, enroll_recovery, enroll_status, enroll_test,
    enroll_reset, enroll_unlock, enroll_devices, enroll_pass;
int enroll_forget(const struct tool *, const struct person *,
    const char *device);	/* NULL: all */
int enroll_phone(const struct tool *, const struct person *,
    const char *number);	/* NULL: asked for */
int enroll_app(const struct tool *, const struct person *, const char *name);
int enroll_remove(const struct tool *, const struct person *,
    const char *factor);
int enroll_rename(const struct tool *, const struct person *,
    const char *factor, const char *label);
int enroll_first(const struct tool *, const struct person *, const char *word);
int enroll_language(const struct tool *, const struct person *,
    const char *word);

/*
 * record_find with words for the person. MFA_ENOENT, or MFA_ERANGE: two
 * factors bear this label.
 */
enum mfa_err add_find(const struct record *, const char *factor, size_t *ret_i,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * record_first_language, for the one of --language: that of a terminal may be
 * an administrator's, or chosen by nobody.
 */
void add_language(const struct tool *, struct record *);

/*
 * What a wrong code tells about the phone's clock or the token's counter:
 * "The code fits a clock that is about 2 minutes ahead. ..." into ret, or
 * false: it fits nowhere near.
 */
#define HINT_MAX 320	/* bytes, NUL included */
bool hint_offset(const struct tool *, const struct otp_key *, const char *typed,
    int64_t now, uint64_t next, char ret[static HINT_MAX]);

#endif
