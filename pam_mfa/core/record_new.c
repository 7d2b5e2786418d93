/* New factors: their labels and ids. */
#include <stdio.h>
#include <string.h>

#include "record_new.h"
#include "text.h"

#define ID_TRIES 100	/* 2^20 ids, at most 16 of them taken */

static bool
well_formed(const char *label)
{
	size_t len = strlen(label);
	char clean[RECORD_LABEL_MAX];

	return len > 0 && len < RECORD_LABEL_MAX &&
	    !text_is_space(label[0]) && !text_is_space(label[len - 1]) &&
	    strcmp(text_clean(clean, sizeof(clean), label), label) == 0;
}

static bool
taken(const struct record *rec, const char *label)
{
	size_t i;

	return record_find(rec, label, &i) != MFA_ENOENT;
}

enum mfa_err
record_label(const struct record *rec, const char *wanted, const char *usual,
    char ret[static RECORD_LABEL_MAX], struct mfa_why *why)
{
	if (wanted != NULL && !well_formed(wanted))
		return mfa_fail(why, MFA_ERANGE, "a label has 1 to %d bytes, "
		    "no control characters, and no blank at its ends",
		    RECORD_LABEL_MAX - 1);
	if (wanted != NULL && taken(rec, wanted))
		return mfa_fail(why, MFA_EEXIST, "there is a factor \"%s\" "
		    "already; choose another label", wanted);
	snprintf(ret, RECORD_LABEL_MAX, "%s", wanted ? wanted : usual);
	for (int n = 2; wanted == NULL && taken(rec, ret); n++)
		snprintf(ret, RECORD_LABEL_MAX, "%s %d", usual, n);
	return MFA_OK;
}

void
record_first_language(struct record *rec, enum language theirs,
    enum language hosts)
{
	if (rec->n == 0 && theirs != hosts)
		snprintf(rec->language, sizeof(rec->language), "%s",
		    language_name(theirs));
}

size_t
record_recovery(const struct record *rec)
{
	size_t i = 0;

	while (i < rec->n && rec->factor[i].kind != FACTOR_RECOVERY)
		i++;
	return i;
}

enum mfa_err
record_new(struct record *rec, struct factor *f, struct crypto *crypto,
    struct mfa_why *why)
{
	enum mfa_err r = MFA_EEXIST;
	uint8_t random[3];

	if (rec->n >= RECORD_FACTORS_MAX)
		return mfa_fail(why, MFA_ERANGE, "there are %d factors "
		    "already, and no more may be; remove one: mfactl "
		    "remove FACTOR", RECORD_FACTORS_MAX);
	for (int i = 0; r == MFA_EEXIST && i < ID_TRIES; i++) {
		if ((r = crypto_random(crypto, random, sizeof(random))))
			return r;
		record_new_id(f->kind, random, f->id);
		r = record_add(rec, f);
	}
	return r;
}
