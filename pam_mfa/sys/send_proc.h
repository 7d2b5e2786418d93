/*
 * The sender port over mfa-send: fork, exec, a frame in, a frame out, and
 * the end at a deadline whatever happens. The host process notices nothing:
 * not by SIGCHLD (the child has no exit signal), nor SIGPIPE, nor a descriptor.
 */
#ifndef MFA_SEND_PROC_H
#define MFA_SEND_PROC_H

#include "ports.h"

/* program: absolute path of mfa-send; must outlive the port. */
struct mfa_sender send_proc(const char *program);

#endif
