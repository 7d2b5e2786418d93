/*
 * The conversation port over the terminal. Lines come from descriptor 0 one
 * byte at a time, so that nothing secret, and nothing meant for a later
 * question, stays in a buffer; prompts go to descriptor 2, only when 0 is a
 * terminal; what is told goes to 1, errors to 2.
 */
#ifndef MFA_TTY_H
#define MFA_TTY_H

#include "../pam_mfa/sys/ports.h"

#define TTY_LINE_MAX 1024	/* bytes; a longer answer is none */

/* *lost, which must outlive it, is set when something could not be told. */
struct mfa_conv tty_conv(bool *lost);

#endif
