/* The otpauth URI and the key for typing. */
#include <string.h>

#include "base32.h"
#include "otpauth.h"
#include "text.h"

/* RFC 3986 2.3: all but the unreserved characters as %XX. */
static enum mfa_err
put_escaped(struct buf *b, const char *s)
{
	enum mfa_err r = MFA_OK;

	for (; *s != '\0' && !r; s++) {
		if (text_is_alnum(*s) || strchr("-._~@", *s) != NULL)
			r = buf_put(b, s, 1);
		else
			r = buf_printf(b, "%%%02X", (unsigned char)*s);
	}
	return r;
}

static enum mfa_err
put_label(const struct otp_key *key, const char *issuer, const char *account,
    struct buf *b)
{
	enum mfa_err r;

	if ((r = buf_printf(b, "otpauth://%s/", key->period ? "totp" : "hotp")))
		return r;
	if (*issuer != '\0' && ((r = put_escaped(b, issuer)) ||
	    (r = buf_puts(b, ":"))))
		return r;
	return put_escaped(b, account);
}

static enum mfa_err
put_parameters(const struct otp_key *key, const char *issuer, struct buf *b)
{
	enum mfa_err r;

	if (*issuer != '\0' && ((r = buf_puts(b, "&issuer=")) ||
	    (r = put_escaped(b, issuer))))
		return r;
	if (key->hash != CRYPTO_SHA1 &&
	    (r = buf_printf(b, "&algorithm=%s", crypto_hash_name(key->hash))))
		return r;
	if (key->digits != 6 && (r = buf_printf(b, "&digits=%u", key->digits)))
		return r;
	if (key->period == 0)
		return buf_printf(b, "&counter=%llu",
		    (unsigned long long)key->counter);
	if (key->period != 30)
		return buf_printf(b, "&period=%u", key->period);
	return MFA_OK;
}

enum mfa_err
otpauth_format(const struct otp_key *key, const char *issuer,
    const char *account, struct buf *ret)
{
	char secret[BASE32_LEN(TOTP_KEY_MAX) + 1];
	enum mfa_err r;

	base32_encode(secret, key->key, key->len);
	if (!(r = put_label(key, issuer, account, ret)) &&
	    !(r = buf_puts(ret, "?secret=")) &&
	    !(r = buf_puts(ret, secret)))
		r = put_parameters(key, issuer, ret);
	mfa_wipe(secret, sizeof(secret));
	return r;
}

enum mfa_err
otpauth_for(const struct otp_key *key, const char *issuer, const char *user,
    const char *host, struct buf *ret)
{
	struct buf account = { 0 };
	enum mfa_err r;

	if (!(r = buf_printf(&account, "%s@%s", user, host)))
		r = otpauth_format(key, *issuer ? issuer : host,
		    buf_str(&account), ret);
	buf_wipe(&account);
	return r;
}

enum mfa_err
otpauth_typed_key(const struct otp_key *key, struct buf *ret)
{
	char secret[BASE32_LEN(TOTP_KEY_MAX) + 1];
	enum mfa_err r = MFA_OK;

	base32_encode(secret, key->key, key->len);
	for (size_t i = 0; secret[i] != '\0' && !r; i++)
		if (i == 0 || i % 4 != 0 || !(r = buf_puts(ret, " ")))
			r = buf_put(ret, &secret[i], 1);
	mfa_wipe(secret, sizeof(secret));
	return r;
}
