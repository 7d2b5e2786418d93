/* The conversation port over a PAM application. */
#ifndef MFA_CONV_PAM_H
#define MFA_CONV_PAM_H

#include <security/pam_modules.h>

#include "core/buf.h"
#include "sys/ports.h"

struct conv_pam {
	pam_handle_t *pamh;
	struct buf held;	/* what waits for the next prompt */
};

/*
 * PAM_SILENT is not heeded: sudo sets it and shows messages all the same, and
 * what we say is why a login failed or that a recovery code is gone.
 *
 * cockpit-session (287) logs each message, but no prompt. An enrolment shows
 * keys and recovery codes; so there messages, but for errors, wait for the next
 * prompt and stand before it. What no prompt follows is not shown by cockpit
 * anyway.
 */
struct mfa_conv conv_pam(struct conv_pam *);

/* Wipes what still waits. */
void conv_pam_end(struct conv_pam *);

#endif
