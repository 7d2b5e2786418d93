/*
 * The work of mfa-send: a request in, one message out, an answer back. What
 * MUST hold:
 *  - first everything that needs root, then the sandbox, then the network;
 *  - the next sender is asked only when those before definitely did not take
 *    the message;
 *  - the answer is there before the one who asked gives up.
 */
#ifndef MFA_SEND_SERVE_H
#define MFA_SEND_SERVE_H

#include <stdint.h>
#include <sys/types.h>

#include "../pam_mfa/core/sending.h"

/* Appends one frame, and maybe more bytes. MFA_EIO, MFA_ESYNTAX, MFA_ENOMEM. */
enum mfa_err serve_read(int fd, struct buf *ret) MFA_MUST_CHECK;

/* The whole answer, or as much as can be written. */
void serve_write(int fd, const struct sending_answer *);

/*
 * Does what is asked, within limit_ms after start (clock_ms), and dies with
 * parent; there is no way back to root. Fills ret.
 */
void serve(const struct sending_request *, pid_t parent, int64_t start,
    struct sending_answer *ret);

#endif
