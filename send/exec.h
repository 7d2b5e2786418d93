/*
 * A sender that is a program of the administrator's: one JSON object on its
 * standard input, one on its standard output (mfa-sender(5)).
 */
#ifndef MFA_SEND_EXEC_H
#define MFA_SEND_EXEC_H

#include "profile.h"

/*
 * May it be run? A regular file of root's, no link, not set-uid; it and every
 * directory above it writable for root alone. MFA_ENOENT, MFA_EPERM, with why.
 * As only root could change that afterwards, its path can be executed.
 */
enum mfa_err exec_check(const char *path, struct mfa_why *) MFA_MUST_CHECK;

/* What the program would be given. MFA_ENOMEM, MFA_ERANGE: it is no UTF-8. */
enum mfa_err exec_json(const struct sending_request *, struct buf *ret)
    MFA_MUST_CHECK;

/*
 * Runs the profile's program (program.h) for limit_ms at most. Handed over is
 * what it says was sent, with exit status 0; exit status 75 is
 * SENDING_TRANSIENT; a program that cannot be started SENDING_CONFIG;
 * everything unclear SENDING_UNKNOWN. What it says is hidden (profile_hide).
 */
void exec_send(const struct profile *, const struct sending_request *,
    unsigned limit_ms, struct sending_answer *ret);

#endif
