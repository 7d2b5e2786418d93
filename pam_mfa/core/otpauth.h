/*
 * The otpauth URI by which authenticator apps learn a key (Key Uri Format):
 * otpauth://totp/Issuer:account?secret=...&issuer=...&algorithm=...&digits=...
 * &period=... (or &counter= for hotp).
 */
#ifndef MFA_OTPAUTH_H
#define MFA_OTPAUTH_H

#include "buf.h"
#include "err.h"
#include "totp.h"

/*
 * Appends the URI; issuer and account percent-encoded, all parameters present
 * but those at their defaults (algorithm SHA1, digits 6, period 30), which are
 * left out so that the QR code stays small.
 */
enum mfa_err otpauth_format(const struct otp_key *, const char *issuer,
    const char *account, struct buf *ret) MFA_MUST_CHECK;

/*
 * The same for a person of this host: the account is user@host; issuer "" is
 * the host.
 */
enum mfa_err otpauth_for(const struct otp_key *, const char *issuer,
    const char *user, const char *host, struct buf *ret) MFA_MUST_CHECK;

/* "abcd efgh ..." : the base 32 key in groups of four, upper case. */
enum mfa_err otpauth_typed_key(const struct otp_key *, struct buf *ret)
    MFA_MUST_CHECK;

#endif
