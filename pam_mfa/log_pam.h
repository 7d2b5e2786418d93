/* The log port over pam_syslog: LOG_AUTHPRIV, without touching openlog. */
#ifndef MFA_LOG_PAM_H
#define MFA_LOG_PAM_H

#include <security/pam_modules.h>

#include "sys/ports.h"

struct mfa_log log_pam(pam_handle_t *);

#endif
