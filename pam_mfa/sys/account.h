/* Who is this name? */
#ifndef MFA_ACCOUNT_H
#define MFA_ACCOUNT_H

#include <sys/types.h>

#include "../core/err.h"
#include "../core/policy.h"

/*
 * The account of this name: who's user (as the account database spells it),
 * home, uid, gid and known; the rest of who is left alone. MFA_ENOENT: there
 * is none. MFA_ERANGE: its name or home is too long for one here. MFA_EIO: that
 * cannot be told, as a database does not answer; such a person is not to be
 * taken for unknown. (Of several databases in nsswitch.conf the C library
 * answers for the last.) MFA_ENOMEM. All with why, who untouched.
 */
enum mfa_err account_find(const char *name, struct mfa_subject *who,
    struct mfa_why *) MFA_MUST_CHECK;

/* The same for a user ID. */
enum mfa_err account_of(uid_t, struct mfa_subject *who, struct mfa_why *)
    MFA_MUST_CHECK;

#endif
