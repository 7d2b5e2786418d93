/* A person's factors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "text.h"

static const char *const kinds[FACTOR_KINDS] = { [FACTOR_TOTP] = "totp",
    [FACTOR_HOTP] = "hotp", [FACTOR_RECOVERY] = "recovery",
    [FACTOR_PHONE] = "phone", [FACTOR_APP] = "app" };

static const char *const firsts[] = { [RECORD_FIRST_NONE] = "",
    [RECORD_FIRST_TOTP] = "totp", [RECORD_FIRST_SMS] = "sms",
    [RECORD_FIRST_VOICE] = "voice" };

const char *
factor_kind_name(enum factor_kind kind)
{
	return kinds[kind];
}

bool
factor_is_otp(enum factor_kind kind)
{
	return kind == FACTOR_TOTP || kind == FACTOR_HOTP;
}

enum method
factor_method(enum factor_kind kind, enum sending_kind way)
{
	switch (kind) {
	case FACTOR_TOTP:
	case FACTOR_HOTP:
		return METHOD_TOTP;
	case FACTOR_RECOVERY:
		return METHOD_RECOVERY;
	case FACTOR_APP:
		return METHOD_APP_PASSWORD;
	case FACTOR_PHONE:
		break;
	}
	return way == SENDING_SMS ? METHOD_SMS : METHOD_CALL;
}

unsigned
record_methods(const struct record *rec)
{
	unsigned set = 0;

	for (size_t i = 0; i < rec->n; i++) {
		const struct factor *f = &rec->factor[i];

		for (unsigned way = 0; way < SENDING_KINDS; way++)
			if (f->kind != FACTOR_PHONE || f->phone.way[way])
				set |= METHOD_BIT(factor_method(f->kind,
				    (enum sending_kind)way));
	}
	return set;
}

bool
record_opens(const struct record *rec, bool app_passwords)
{
	for (size_t i = 0; i < rec->n; i++)
		if ((rec->factor[i].kind == FACTOR_APP) == app_passwords)
			return true;
	return false;
}

const char *
record_first_name(enum record_first first)
{
	return firsts[first];
}

enum mfa_err
record_first_named(const char *s, enum record_first *ret)
{
	for (unsigned i = RECORD_FIRST_TOTP; i <= RECORD_FIRST_VOICE; i++)
		if (!strcmp(s, firsts[i])) {
			*ret = (enum record_first)i;
			return MFA_OK;
		}
	return MFA_ESYNTAX;
}

void
record_free(struct record *rec)
{
	if (rec->factor != NULL)
		mfa_wipe(rec->factor, rec->n * sizeof(*rec->factor));
	free(rec->factor);
	*rec = (struct record){ 0 };
}

void
record_forget(struct record *rec)
{
	for (size_t i = 0; i < rec->n; i++) {
		struct factor *f = &rec->factor[i];

		mfa_wipe(f->otp.key, sizeof(f->otp.key));
		mfa_wipe(f->recovery.hash, sizeof(f->recovery.hash));
		mfa_wipe(f->phone.key, sizeof(f->phone.key));
		mfa_wipe(f->app.hash, sizeof(f->app.hash));
	}
}

const struct factor *
record_by_id(const struct record *rec, const char *id)
{
	for (size_t i = 0; i < rec->n; i++)
		if (!strcmp(rec->factor[i].id, id))
			return &rec->factor[i];
	return NULL;
}

enum mfa_err
record_add(struct record *rec, const struct factor *f)
{
	struct factor *more;

	if (rec->n == RECORD_FACTORS_MAX)
		return MFA_ERANGE;
	if (record_by_id(rec, f->id) != NULL)
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
	const struct factor *named = record_by_id(rec, id_or_label);
	size_t found = rec->n;

	if (named != NULL) {
		*ret_i = (size_t)(named - rec->factor);
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

	snprintf(ret_id, RECORD_ID_MAX, "%s-%c%c%c%c", kinds[kind],
	    letters[bits & 31], letters[bits >> 5 & 31],
	    letters[bits >> 10 & 31], letters[bits >> 15 & 31]);
}
