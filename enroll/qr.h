/*
 * A QR code (ISO/IEC 18004) for a terminal, error correction L. Light is ink,
 * as terminals are mostly dark; where colours may be used the text brings its
 * own, and is right on any background.
 */
#ifndef MFA_QR_H
#define MFA_QR_H

#include <stdbool.h>

#include "../pam_mfa/core/buf.h"

/*
 * Appends lines. utf8: half blocks, two modules in one character; else '##'
 * and two blanks. The quiet zone is the standard's 4 modules where that fits
 * 80 columns and 24 lines, else 2; in ASCII as much as fits 80 columns, at
 * least 1. MFA_ERANGE (too long), MFA_ENOMEM.
 */
enum mfa_err qr_render(const char *text, bool utf8, bool colour,
    struct buf *ret) MFA_MUST_CHECK;

#endif
