/* A person's factors, read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base32.h"
#include "ini.h"
#include "language.h"
#include "record.h"
#include "text.h"

/* The keys of a factor; codes are CODE1 .. CODE1 + 9. */
enum field { KIND, LABEL, CREATED, SECRET, ALGORITHM, DIGITS, PERIOD, COUNTER,
    SALT, ITERATIONS, NUMBER, EXTENSION, WAYS, KEY, HASH, SERVICES, EXPIRES,
    CODE1,
    NFIELDS = CODE1 + RECOVERY_CODES };

#define BIT(field) (1UL << (field))
#define ALL_KINDS (BIT(KIND) | BIT(LABEL) | BIT(CREATED))
#define OTP (ALL_KINDS | BIT(SECRET) | BIT(ALGORITHM) | BIT(DIGITS))

static const char *const field_names[CODE1] = { "kind", "label", "created",
    "secret", "algorithm", "digits", "period", "counter", "salt",
    "iterations", "number", "extension", "ways", "key", "hash", "services",
    "expires" };

/* Exactly these keys make up a factor of a kind. */
static const unsigned long fields[FACTOR_KINDS] = {
	[FACTOR_TOTP] = OTP | BIT(PERIOD),
	[FACTOR_HOTP] = OTP | BIT(COUNTER),
	[FACTOR_RECOVERY] = ALL_KINDS | BIT(SALT) | BIT(ITERATIONS) |
	    (BIT(NFIELDS) - BIT(CODE1)),
	[FACTOR_PHONE] = ALL_KINDS | BIT(NUMBER) | BIT(EXTENSION) |
	    BIT(WAYS) | BIT(KEY),
	[FACTOR_APP] = ALL_KINDS | BIT(SALT) | BIT(HASH) | BIT(SERVICES) |
	    BIT(EXPIRES),
};

struct parser {
	struct record *rec;
	struct factor *factor;	/* NULL before the first heading */
	bool version;
	unsigned long seen;	/* bit per field, of this factor */
};

static bool
is_id(const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || len >= RECORD_ID_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!text_is_digit(s[i]) && s[i] != '-' &&
		    (s[i] < 'a' || s[i] > 'z'))
			return false;
	return true;
}

static enum mfa_err
number(const char *s, unsigned min, unsigned max, unsigned *ret)
{
	enum mfa_err r;
	uint64_t v;

	if (!(r = text_u64(s, min, max, &v)))
		*ret = (unsigned)v;
	return r;
}

static enum mfa_err
set_kind(struct factor *f, const char *s)
{
	for (unsigned i = 0; i < FACTOR_KINDS; i++)
		if (!strcmp(s, factor_kind_name((enum factor_kind)i))) {
			f->kind = (enum factor_kind)i;
			return MFA_OK;
		}
	return MFA_ESYNTAX;
}

static enum mfa_err
set_label(struct factor *f, const char *s)
{
	size_t len = strlen(s);

	if (len >= sizeof(f->label))
		return MFA_ERANGE;
	/* The one control byte that the lexer lets through. */
	if (strchr(s, '\t') != NULL)
		return MFA_ESYNTAX;
	memcpy(f->label, s, len + 1);
	return MFA_OK;
}

static enum mfa_err
set_secret(struct otp_key *otp, const char *s)
{
	enum mfa_err r;

	if ((r = base32_decode(s, otp->key, sizeof(otp->key), &otp->len)))
		return r;
	return otp->len < TOTP_KEY_MIN ? MFA_ERANGE : MFA_OK;
}

static enum mfa_err
set_number(struct phone_factor *phone, const char *s)
{
	if (!phone_is_e164(s))
		return MFA_ESYNTAX;
	memcpy(phone->number, s, strlen(s) + 1);
	return MFA_OK;
}

/* One or both, in this order. */
static enum mfa_err
set_ways(struct phone_factor *phone, const char *s)
{
	bool both = !strcmp(s, "sms voice");

	phone->way[SENDING_SMS] = both || !strcmp(s, "sms");
	phone->way[SENDING_VOICE] = both || !strcmp(s, "voice");
	return phone->way[SENDING_SMS] || phone->way[SENDING_VOICE] ?
	    MFA_OK : MFA_ESYNTAX;
}

/* Two kinds have one, and which this is may not be known yet. */
static enum mfa_err
set_salt(struct factor *f, const char *s)
{
	enum mfa_err r;

	_Static_assert(APP_SALT == RECOVERY_SALT, "one length");
	if (!(r = text_unhex(s, f->app.salt, APP_SALT)))
		memcpy(f->recovery.salt, f->app.salt, RECOVERY_SALT);
	return r;
}

/* As they are written, and no other way. */
static enum mfa_err
set_services(struct app_password *app, const char *s)
{
	enum mfa_err r;

	if ((r = app_services(s, app->services)))
		return r;
	return strcmp(s, app->services) ? MFA_ESYNTAX : MFA_OK;
}

static enum mfa_err
set(struct factor *f, unsigned field, const char *s)
{
	switch (field) {
	case KIND:
		return set_kind(f, s);
	case LABEL:
		return set_label(f, s);
	case CREATED:
		return text_i64(s, INT64_MIN / 4, INT64_MAX / 4, &f->created);
	case SECRET:
		return set_secret(&f->otp, s);
	case ALGORITHM:
		return crypto_hash_named(s, &f->otp.hash);
	case DIGITS:
		return number(s, 6, TOTP_DIGITS_MAX, &f->otp.digits);
	case PERIOD:
		return number(s, 1, TOTP_PERIOD_MAX, &f->otp.period);
	case COUNTER:
		return text_u64(s, 0, UINT64_MAX, &f->otp.counter);
	case SALT:
		return set_salt(f, s);
	case ITERATIONS:
		return number(s, RECOVERY_ITERATIONS_MIN,
		    RECOVERY_ITERATIONS_MAX, &f->recovery.iterations);
	case NUMBER:
		return set_number(&f->phone, s);
	case EXTENSION:
		return *s ? phone_extension(s, f->phone.extension) :
		    MFA_OK;
	case WAYS:
		return set_ways(&f->phone, s);
	case KEY:
		return text_unhex(s, f->phone.key, OTC_KEY);
	case HASH:
		return text_unhex(s, f->app.hash, APP_HASH);
	case SERVICES:
		return set_services(&f->app, s);
	case EXPIRES:
		return text_i64(s, 0, INT64_MAX / 4, &f->app.expires);
	}
	return text_unhex(s, f->recovery.hash[field - CODE1], RECOVERY_HASH);
}

static unsigned
field_of(const char *name)
{
	uint64_t n;

	for (unsigned i = 0; i < CODE1; i++)
		if (!strcmp(name, field_names[i]))
			return i;
	if (!strncmp(name, "code", 4) && name[4] != '0' &&
	    !text_u64(name + 4, 1, RECOVERY_CODES, &n))
		return CODE1 + (unsigned)n - 1;
	return NFIELDS;
}

static enum mfa_err
set_language(struct record *rec, const char *s)
{
	if (language_index(s) < 0)
		return MFA_ESYNTAX;
	memcpy(rec->language, s, strlen(s) + 1);
	return MFA_OK;
}

/* Before the first heading: what is the person's and no factor's. */
static enum mfa_err
own_key(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	struct record *rec = p->rec;
	enum mfa_err r = MFA_ESYNTAX;

	if (!strcmp(it->name, "language") && *rec->language == '\0')
		r = set_language(rec, it->value);
	else if (!strcmp(it->name, "first") && rec->first == RECORD_FIRST_NONE)
		r = record_first_named(it->value, &rec->first);
	return r ? mfa_fail(why, r, "line %u: \"%s\" is unknown here, or there "
	    "twice, or has no good value", it->line, it->name) : MFA_OK;
}

static enum mfa_err
key(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	unsigned field = field_of(it->name);

	if (!p->version) {
		p->version = !strcmp(it->name, "version") &&
		    !strcmp(it->value, "1");
		return p->version ? MFA_OK : mfa_fail(why, MFA_ESYNTAX,
		    "line %u: expected \"version = 1\"", it->line);
	}
	if (p->factor == NULL)
		return own_key(p, it, why);
	if (field == NFIELDS || p->seen & BIT(field))
		return mfa_fail(why, MFA_ESYNTAX, "line %u: \"%s\" is unknown "
		    "here, or there twice", it->line, it->name);
	p->seen |= BIT(field);
	/* The value may be a key: it is not repeated. */
	if (set(p->factor, field, it->value))
		return mfa_fail(why, MFA_ERANGE, "line %u: no good value for "
		    "%s", it->line, it->name);
	return MFA_OK;
}

/* The factor that ends here has exactly the keys of its kind. */
static enum mfa_err
finish(const struct parser *p, unsigned line, struct mfa_why *why)
{
	if (p->factor == NULL || (p->seen & BIT(KIND) &&
	    p->seen == fields[p->factor->kind]))
		return MFA_OK;
	return mfa_fail(why, MFA_ESYNTAX, "line %u: the factor above (%s) "
	    "lacks a key, or has one of another kind", line, p->factor->id);
}

static enum mfa_err
heading(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	struct factor blank = { 0 };
	enum mfa_err r;

	if ((r = finish(p, it->line, why)))
		return r;
	if (!p->version || strcmp(it->name, "factor") || !is_id(it->value))
		return mfa_fail(why, MFA_ESYNTAX, "line %u: expected "
		    "[factor ID]", it->line);
	memcpy(blank.id, it->value, strlen(it->value) + 1);
	if ((r = record_add(p->rec, &blank)))
		return mfa_fail(why, r, "line %u: factor %s: %s", it->line,
		    blank.id, r == MFA_EEXIST ? "is there twice" :
		    r == MFA_ERANGE ? "one too many" : mfa_strerror(r));
	p->factor = &p->rec->factor[p->rec->n - 1];
	p->seen = 0;
	return MFA_OK;
}

enum mfa_err
record_parse(const char *text, size_t len, struct record *ret,
    struct mfa_why *why)
{
	struct record rec = { 0 };
	struct parser p = { .rec = &rec };
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, text, len);
	while (!(r = ini_next(&ini, &it, why)) && it.kind != INI_END)
		if ((r = it.kind == INI_SECTION ? heading(&p, &it, why) :
		    key(&p, &it, why)))
			break;
	if (!r)
		r = finish(&p, it.line, why);
	if (!r && rec.n == 0)
		r = mfa_fail(why, MFA_ESYNTAX, "line %u: no factor: the file "
		    "is cut short", it.line);
	mfa_wipe(&it, sizeof(it));
	if (r) {
		record_free(&rec);
		return r;
	}
	*ret = rec;
	return MFA_OK;
}
