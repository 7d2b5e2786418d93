/* A person's factors, written. */
#include <inttypes.h>

#include "base32.h"
#include "record.h"
#include "text.h"

static enum mfa_err
format_otp(const struct factor *f, struct buf *ret)
{
	char secret[BASE32_LEN(TOTP_KEY_MAX) + 1];
	enum mfa_err r;

	base32_encode(secret, f->otp.key, f->otp.len);
	r = buf_printf(ret, "secret = %s\nalgorithm = %s\ndigits = %u\n",
	    secret, crypto_hash_name(f->otp.hash), f->otp.digits);
	mfa_wipe(secret, sizeof(secret));
	if (r)
		return r;
	return f->kind == FACTOR_TOTP ?
	    buf_printf(ret, "period = %u\n", f->otp.period) :
	    buf_printf(ret, "counter = %" PRIu64 "\n", f->otp.counter);
}

static enum mfa_err
format_recovery(const struct recovery_set *set, struct buf *ret)
{
	char hex[2 * RECOVERY_HASH + 1];
	enum mfa_err r;

	r = buf_printf(ret, "salt = %s\niterations = %u\n",
	    text_hex(hex, set->salt, RECOVERY_SALT), set->iterations);
	for (unsigned i = 0; i < RECOVERY_CODES && !r; i++)
		r = buf_printf(ret, "code%u = %s\n", i + 1,
		    text_hex(hex, set->hash[i], RECOVERY_HASH));
	return r;
}

static enum mfa_err
format_phone(const struct phone_factor *phone, struct buf *ret)
{
	bool both = phone->way[SENDING_SMS] && phone->way[SENDING_VOICE];
	char hex[2 * OTC_KEY + 1];
	enum mfa_err r;

	r = buf_printf(ret, "number = %s\nextension = %s\nways = %s\n"
	    "key = %s\n", phone->number, phone->extension,
	    both ? "sms voice" : phone->way[SENDING_SMS] ? "sms" : "voice",
	    text_hex(hex, phone->key, OTC_KEY));
	mfa_wipe(hex, sizeof(hex));
	return r;
}

static enum mfa_err
format_app(const struct app_password *app, struct buf *ret)
{
	char salt[2 * APP_SALT + 1], hash[2 * APP_HASH + 1];

	return buf_printf(ret, "salt = %s\nhash = %s\nservices = %s\n"
	    "expires = %" PRId64 "\n", text_hex(salt, app->salt, APP_SALT),
	    text_hex(hash, app->hash, APP_HASH), app->services, app->expires);
}

static enum mfa_err
format_kind(const struct factor *f, struct buf *ret)
{
	switch (f->kind) {
	case FACTOR_RECOVERY:
		return format_recovery(&f->recovery, ret);
	case FACTOR_PHONE:
		return format_phone(&f->phone, ret);
	case FACTOR_APP:
		return format_app(&f->app, ret);
	case FACTOR_TOTP:
	case FACTOR_HOTP:
		break;
	}
	return format_otp(f, ret);
}

static enum mfa_err
format_own(const struct record *rec, struct buf *ret)
{
	enum mfa_err r;

	if ((r = buf_puts(ret, "version = 1\n")))
		return r;
	if (*rec->language &&
	    (r = buf_printf(ret, "language = %s\n", rec->language)))
		return r;
	return rec->first == RECORD_FIRST_NONE ? MFA_OK :
	    buf_printf(ret, "first = %s\n",
	    record_first_name(rec->first));
}

enum mfa_err
record_format(const struct record *rec, struct buf *ret)
{
	enum mfa_err r;

	if ((r = format_own(rec, ret)))
		return r;
	for (size_t i = 0; i < rec->n; i++) {
		const struct factor *f = &rec->factor[i];

		if ((r = buf_printf(ret, "[factor %s]\nkind = %s\nlabel = %s\n"
		    "created = %" PRId64 "\n", f->id, factor_kind_name(f->kind),
		    f->label, f->created)) || (r = format_kind(f, ret)))
			return r;
	}
	return MFA_OK;
}
