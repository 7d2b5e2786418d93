/* Who logs in, from where, through what: PAM items, passwd, groups. */
#ifndef MFA_SUBJECT_H
#define MFA_SUBJECT_H

#include <security/pam_modules.h>

#include "core/err.h"
#include "core/policy.h"

/* The items as they are: service, rhost, tty, ruser, and the name if set. */
void subject_items(pam_handle_t *, struct mfa_subject *ret);

/*
 * All of a subject. An account that passwd does not have, or a name too long
 * for one, is known = false, not an error. The name is the passwd entry's: a
 * host that takes ALICE for alice has one person there. A [group] section
 * whose group cannot be looked up counts as the stricter way round.
 * MFA_ECONV: the application gives no name. MFA_EIO, MFA_ENOMEM with why: who
 * it is cannot be told. In each case ret holds the items.
 */
enum mfa_err subject_get(pam_handle_t *, const struct mfa_conf *,
    struct mfa_subject *ret, struct mfa_why *) MFA_MUST_CHECK;

#endif
