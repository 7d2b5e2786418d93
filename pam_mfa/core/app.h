/*
 * App passwords, for programs that cannot ask a second question: one in place
 * of password and code, at the services it names and nowhere else. They are
 * generated, never chosen: 140 random bits, the first whole number of groups
 * of four characters of Crockford's base 32 that holds 128.
 *
 * Stored as HMAC-SHA-256 with a salt each. Nothing is stretched: that slows
 * down who tries what people think up, and nobody tries 2^128 (SP 800-63B-4
 * 3.1.2.2 takes a plain salted hash from 112 bits on); and a mail program
 * logs in every minute.
 */
#ifndef MFA_APP_H
#define MFA_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crockford.h"
#include "crypto.h"
#include "err.h"

#define APP_CHARS 28		/* of a canonical one */
#define APP_SHOWN CROCKFORD_SHOWN(APP_CHARS)
#define APP_SALT 16		/* bytes */
#define APP_HASH 32		/* bytes */
#define APP_SERVICES_MAX 80	/* bytes of the list, NUL included */

struct app_password {
	uint8_t salt[APP_SALT];
	uint8_t hash[APP_HASH];
	char services[APP_SERVICES_MAX];	/* a blank between */
	int64_t expires;			/* Unix time; 0 = never */
};

/* True if it can be one in any usual spelling, plain in ret; else ret "". */
bool app_canonical(const char *typed, char ret[static APP_CHARS + 1]);

/* Only that question. */
bool app_shape(const char *typed);

/*
 * A new one: salt and hash into ret, whose other fields stay, and the password
 * as shown, which the caller wipes. MFA_ECRYPTO.
 */
enum mfa_err app_new(struct crypto *, struct app_password *ret,
    char ret_shown[static APP_SHOWN + 1]) MFA_MUST_CHECK;

/* Is it this one? The same work whether or not. MFA_ECRYPTO. */
enum mfa_err app_matches(struct crypto *, const struct app_password *,
    const char *canonical, bool *ret) MFA_MUST_CHECK;

/*
 * What is kept of the last wrong one, to know it again: not enough to find it
 * by, as it has the bits of an app password. MFA_ECRYPTO.
 */
enum mfa_err app_trace(struct crypto *, const char *canonical,
    uint8_t ret[static APP_HASH]) MFA_MUST_CHECK;

/*
 * A list of services as written by people ("imap, SMTP"), as kept ("imap
 * smtp"): PAM itself lowers the case. MFA_ESYNTAX: none, one twice, or a
 * character that no service has; MFA_ERANGE: too long.
 */
enum mfa_err app_services(const char *list,
    char ret[static APP_SERVICES_MAX]) MFA_MUST_CHECK;

/* Is it good at this PAM service? */
bool app_serves(const struct app_password *, const char *service);

bool app_expired(const struct app_password *, int64_t now);

#endif
