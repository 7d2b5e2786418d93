/* The conversation port over a PAM application. */
#ifndef MFA_CONV_PAM_H
#define MFA_CONV_PAM_H

#include <security/pam_modules.h>

#include "sys/ports.h"

/*
 * PAM_SILENT is not heeded: sudo sets it and shows messages all the same, and
 * what we say is why a login failed or that a recovery code is gone.
 */
struct mfa_conv conv_pam(pam_handle_t *);

#endif
