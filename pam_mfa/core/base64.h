/*
 * Base 64 (RFC 4648 4): with padding, and without, as OpenSSH writes hashes.
 */
#ifndef MFA_BASE64_H
#define MFA_BASE64_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

#define BASE64_LEN(n) (((n) * 4 + 2) / 3) /* characters for n bytes */

/* No padding; dst has BASE64_LEN(len) + 1 bytes. Returns dst. */
char *base64_encode(char *dst, const uint8_t *bytes, size_t len);

/* Appends len bytes with the padding. Errors as of buf_put. */
enum mfa_err base64_put(struct buf *ret, const void *bytes, size_t len)
    MFA_MUST_CHECK;

/*
 * Appends what len characters say; '=' at the end may be left out. MFA_ESYNTAX
 * for any other character or left-over bits that are not zero; errors as of
 * buf_put.
 */
enum mfa_err base64_decode(const char *text, size_t len, struct buf *ret)
    MFA_MUST_CHECK;

#endif
