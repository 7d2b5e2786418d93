/* The decision about an app password: for verify.c alone. */
#ifndef MFA_VERIFY_APP_H
#define MFA_VERIFY_APP_H

#include "verify.h"

/*
 * The comparison of verify_answer, at a door for app passwords: nothing else of
 * the person is looked at. state is aligned; the limit is the caller's, and so
 * is failures. ret holds VERIFY_WRONG, and is filled if it is another. So many
 * app passwords are compared as a record can have, whoever it is. One that is
 * wrong is counted, but not again while it is the same: a program goes on
 * trying a removed one. One of another service (ELSEWHERE) or past its time
 * (EXPIRED) is not counted.
 */
enum mfa_err verify_app(const struct verify_input *, struct state *state,
    struct verify_result *ret) MFA_MUST_CHECK;

#endif
