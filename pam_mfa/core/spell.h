/* A code as a voice reads it: digit by digit, never as one number. */
#ifndef MFA_SPELL_H
#define MFA_SPELL_H

#include "buf.h"
#include "err.h"

/*
 * Appends the digits of code with separator between: as digits if language is
 * "" ("1, 2, 3"), in words if it is one we know ("en": "one two", "ja":
 * "いち、に"). Of a tag such as "ja-JP" the part before '-' counts, in either
 * case. MFA_ESYNTAX: code is empty or not all digits; MFA_ENOENT: no words for
 * that language; else as buf_puts.
 */
enum mfa_err spell_digits(const char *code, const char *separator,
    const char *language, struct buf *ret) MFA_MUST_CHECK;

#endif
