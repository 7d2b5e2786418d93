/* Base 32 (RFC 4648 6), as authenticator apps write and people type seeds. */
#ifndef MFA_BASE32_H
#define MFA_BASE32_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define BASE32_LEN(n) (((n) * 8 + 4) / 5) /* characters for n bytes */

/* Upper case, no padding; dst has BASE32_LEN(len) + 1 bytes. Returns dst. */
char *base32_encode(char *dst, const uint8_t *bytes, size_t len);

/*
 * Either case; blanks, '-' and trailing '=' are skipped. MFA_ESYNTAX for any
 * other character or left-over bits that are not zero; MFA_ERANGE over cap.
 */
enum mfa_err base32_decode(const char *text, uint8_t *ret, size_t cap,
    size_t *ret_len) MFA_MUST_CHECK;

#endif
