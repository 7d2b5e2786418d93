/* A person's factors. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base32.h"
#include "ini.h"
#include "record.h"
#include "text.h"

/* The keys of a factor; codes are CODE1 .. CODE1 + 9. */
enum field { KIND, LABEL, CREATED, SECRET, ALGORITHM, DIGITS, PERIOD, COUNTER,
    SALT, ITERATIONS, CODE1, NFIELDS = CODE1 + RECOVERY_CODES };

#define BIT(field) (1UL << (field))
#define ALL_KINDS (BIT(KIND) | BIT(LABEL) | BIT(CREATED))
#define OTP (ALL_KINDS | BIT(SECRET) | BIT(ALGORITHM) | BIT(DIGITS))

static const char *const field_names[CODE1] = { "kind", "label", "created",
    "secret", "algorithm", "digits", "period", "counter", "salt",
    "iterations" };

/* Exactly these keys make up a factor of a kind. */
static const struct {
	const char *name;
	unsigned long fields;
} kinds[] = {
	[FACTOR_TOTP] = { "totp", OTP | BIT(PERIOD) },
	[FACTOR_HOTP] = { "hotp", OTP | BIT(COUNTER) },
	[FACTOR_RECOVERY] = { "recovery", ALL_KINDS | BIT(SALT) |
	    BIT(ITERATIONS) | (BIT(NFIELDS) - BIT(CODE1)) },
};

struct parser {
	struct record *rec;
	struct factor *factor;	/* NULL before the first heading */
	bool version;
	unsigned long seen;	/* bit per field, of this factor */
};

const char *
factor_kind_name(enum factor_kind kind)
{
	return kinds[kind].name;
}

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
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(s, kinds[i].name)) {
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
		return text_unhex(s, f->recovery.salt, RECOVERY_SALT);
	case ITERATIONS:
		return number(s, RECOVERY_ITERATIONS_MIN,
		    RECOVERY_ITERATIONS_MAX, &f->recovery.iterations);
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
key(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	unsigned field = field_of(it->name);

	if (!p->version) {
		p->version = !strcmp(it->name, "version") &&
		    !strcmp(it->value, "1");
		return p->version ? MFA_OK : mfa_fail(why, MFA_ESYNTAX,
		    "line %u: expected \"version = 1\"", it->line);
	}
	if (p->factor == NULL || field == NFIELDS || p->seen & BIT(field))
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
	    p->seen == kinds[p->factor->kind].fields))
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

void
record_free(struct record *rec)
{
	if (rec->factor != NULL)
		mfa_wipe(rec->factor, rec->n * sizeof(*rec->factor));
	free(rec->factor);
	*rec = (struct record){ 0 };
}

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

enum mfa_err
record_format(const struct record *rec, struct buf *ret)
{
	enum mfa_err r;

	if ((r = buf_puts(ret, "version = 1\n")))
		return r;
	for (size_t i = 0; i < rec->n; i++) {
		const struct factor *f = &rec->factor[i];

		if ((r = buf_printf(ret, "[factor %s]\nkind = %s\nlabel = %s\n"
		    "created = %" PRId64 "\n", f->id, kinds[f->kind].name,
		    f->label, f->created)))
			return r;
		r = f->kind == FACTOR_RECOVERY ?
		    format_recovery(&f->recovery, ret) : format_otp(f, ret);
		if (r)
			return r;
	}
	return MFA_OK;
}

enum mfa_err
record_add(struct record *rec, const struct factor *f)
{
	struct factor *more;

	if (rec->n == RECORD_FACTORS_MAX)
		return MFA_ERANGE;
	for (size_t i = 0; i < rec->n; i++)
		if (!strcmp(rec->factor[i].id, f->id))
			return MFA_EEXIST;
	if ((more = calloc(rec->n + 1, sizeof(*more))) == NULL)
		return MFA_ENOMEM;
	if (rec->n)
		memcpy(more, rec->factor, rec->n * sizeof(*more));
	more[rec->n] = *f;
	if (rec->factor != NULL)
		mfa_wipe(rec->factor, rec->n * sizeof(*more));
	free(rec->factor);
	rec->factor = more;
	rec->n++;
	return MFA_OK;
}

void
record_remove(struct record *rec, size_t i)
{
	memmove(&rec->factor[i], &rec->factor[i + 1],
	    (rec->n - i - 1) * sizeof(*rec->factor));
	rec->n--;
	mfa_wipe(&rec->factor[rec->n], sizeof(*rec->factor));
}

enum mfa_err
record_find(const struct record *rec, const char *id_or_label, size_t *ret_i)
{
	size_t found = rec->n;

	for (size_t i = 0; i < rec->n; i++)
		if (!strcmp(rec->factor[i].id, id_or_label)) {
			*ret_i = i;
			return MFA_OK;
		}
	for (size_t i = 0; i < rec->n; i++) {
		if (!text_case_equal(rec->factor[i].label, id_or_label))
			continue;
		if (found != rec->n)
			return MFA_ERANGE;
		found = i;
	}
	if (found == rec->n)
		return MFA_ENOENT;
	*ret_i = found;
	return MFA_OK;
}

void
record_new_id(enum factor_kind kind, const uint8_t random[static 3],
    char ret_id[static RECORD_ID_MAX])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned bits = (unsigned)random[0] << 16 | (unsigned)random[1] << 8 |
	    random[2];

	snprintf(ret_id, RECORD_ID_MAX, "%s-%c%c%c%c", kinds[kind].name,
	    letters[bits & 31], letters[bits >> 5 & 31],
	    letters[bits >> 10 & 31], letters[bits >> 15 & 31]);
}
