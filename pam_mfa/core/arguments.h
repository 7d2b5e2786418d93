/* What stands behind pam_mfa.so in a file of /etc/pam.d. */
#ifndef MFA_ARGUMENTS_H
#define MFA_ARGUMENTS_H

#include "err.h"

/*
 * conf=/PATH is the only one, and the last counts; *ret_conf: the path, from
 * argv, or usual if there is none. MFA_ESYNTAX: another argument, or no
 * absolute path.
 */
enum mfa_err arguments_read(int argc, const char *const *argv,
    const char *usual, const char **ret_conf, struct mfa_why *)
    MFA_MUST_CHECK;

#endif
