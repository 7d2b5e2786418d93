/*
 * The sender port over mfa-send (sys/child.h): a frame in, a frame out.
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
