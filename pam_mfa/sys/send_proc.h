/*
 * The sender port over mfa-send: fork, exec, a frame in, a frame out, and the
 * end at a deadline whatever happens. What MUST hold here:
 *  - the host process notices nothing. exec gives every program SIGCHLD as its
 *    exit signal (execve(2)), so that the host's handler would be called, and
 *    a host that ignores SIGCHLD would have nobody to wait for. A keeper stays
 *    between: a fork without an exit signal, which starts mfa-send, waits for
 *    it, and ends it when the host hangs up or dies.
 *  - mfa-send gets the socket as 0 and 1, its own program as 2 (for reading:
 *    nothing can be written there), no other descriptor, and exactly PATH and
 *    LANG; default signals, a new session, the limits of a fresh login.
 *  - no SIGPIPE, no descriptor, no process, no zombie is left.
 *
 * Every failure is an answer: SENDING_CONFIG if mfa-send was never started,
 * SENDING_UNKNOWN if it ended or was ended without a whole answer.
 */
#ifndef MFA_SEND_PROC_H
#define MFA_SEND_PROC_H

#include "ports.h"

/*
 * program: absolute path of mfa-send, a file of root's that nobody else can
 * write; must outlive the port.
 */
struct mfa_sender send_proc(const char *program);

#endif
