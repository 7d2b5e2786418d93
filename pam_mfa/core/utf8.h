/* UTF-8 (RFC 3629), one character at a time. */
#ifndef MFA_UTF8_H
#define MFA_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The character at s, which must not be at its NUL. Returns its bytes, 1-4;
 * 0, and *ret untouched, for what is not UTF-8: a stray or missing
 * continuation, an overlong form, a surrogate, over U+10FFFF. Never reads
 * behind the NUL.
 */
size_t utf8_next(const char *s, uint32_t *ret);

#endif
