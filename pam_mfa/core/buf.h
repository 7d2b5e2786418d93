/*
 * A growing buffer of bytes that may be secret: growing wipes the old copy,
 * freeing wipes the content. {0} is an empty buffer.
 */
#ifndef MFA_BUF_H
#define MFA_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define BUF_MAX (1024 * 1024)	/* bytes; more is a mistake, not a need */

struct buf {
	uint8_t *data;	/* always followed by one NUL that len does not count */
	size_t len;	/* bytes in use */
	size_t cap;	/* bytes allocated, the NUL included */
};

/* Makes room for len bytes in all. MFA_ENOMEM, MFA_ERANGE over BUF_MAX. */
enum mfa_err buf_reserve(struct buf *, size_t len) MFA_MUST_CHECK;

/* Append bytes, a string, a formatted text. Errors as buf_reserve. */
enum mfa_err buf_put(struct buf *, const void *, size_t) MFA_MUST_CHECK;
enum mfa_err buf_puts(struct buf *, const char *) MFA_MUST_CHECK;
enum mfa_err buf_printf(struct buf *, const char *fmt, ...) MFA_MUST_CHECK
    __attribute__((format(printf, 2, 3)));

/* The content as a string: never NULL, "" where nothing was put. */
const char *buf_str(const struct buf *);

/* Wipes, frees, and leaves an empty buffer. */
void buf_wipe(struct buf *);

/* Wipes len bytes in a way the compiler may not drop. p may be NULL if !len. */
void mfa_wipe(void *p, size_t len);

#endif
