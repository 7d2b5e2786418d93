/* A person's factors: read, written, read: the same. */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/record.h"
#include "../../pam_mfa/core/record_new.h"
#include "../../pam_mfa/core/ways.h"
#include "fuzz.h"

static void
look(const struct record *rec)
{
	char menu[WAYS_MENU_MAX];
	struct ways ways;
	unsigned methods = record_methods(rec);
	size_t at;

	fuzz_must(rec->n >= 1 && rec->n <= RECORD_FACTORS_MAX);
	for (size_t i = 0; i < rec->n; i++)
		fuzz_must(!record_find(rec, rec->factor[i].id, &at) && at == i);
	ways_of(rec, METHOD_ALL, &ways);
	fuzz_must(ways.n <= WAYS_MAX);
	fuzz_must(strlen(ways_menu(&ways, LANGUAGE_EN, menu)) < WAYS_MENU_MAX);
	fuzz_must(strlen(ways_menu(&ways, LANGUAGE_JA, menu)) < WAYS_MENU_MAX);
	fuzz_must((ways.n > 0) == ((methods & (METHOD_BIT(METHOD_SMS) |
	    METHOD_BIT(METHOD_CALL))) != 0));
}

/* What one more would be called: like no other, and as all are. */
static void
labels(const struct record *rec)
{
	const char *other = rec->factor[rec->n / 2].label;
	char label[RECORD_LABEL_MAX];
	struct mfa_why why = { "" };
	size_t at = record_recovery(rec);

	fuzz_must(at == rec->n || rec->factor[at].kind == FACTOR_RECOVERY);
	fuzz_must(record_label(rec, other, "", label, &why) != MFA_OK);
	fuzz_why(&why);
	fuzz_must(!record_label(rec, NULL, "Phone", label, &why));
	fuzz_must(record_find(rec, label, &at) == MFA_ENOENT);
	if (record_find(rec, "new", &at) == MFA_ENOENT)
		fuzz_must(!record_label(rec, "new", "", label, &why) &&
		    !strcmp(label, "new"));
	fuzz_must(record_label(rec, "new ", "", label, &why) == MFA_ERANGE);
}

static void
again(const struct record *rec)
{
	struct buf text = { 0 }, same = { 0 };
	struct mfa_why why = { "" };
	struct record back = { 0 };

	fuzz_must(!record_format(rec, &text));
	fuzz_must(!record_parse(buf_str(&text), text.len, &back, &why));
	fuzz_must(back.n == rec->n && back.first == rec->first);
	fuzz_must(!memcmp(back.factor, rec->factor,
	    rec->n * sizeof(*rec->factor)));
	fuzz_must(!record_format(&back, &same));
	fuzz_must(!strcmp(buf_str(&text), buf_str(&same)));
	while (back.n > 0)
		record_remove(&back, back.n / 2);
	record_free(&back);
	buf_wipe(&text);
	buf_wipe(&same);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = fuzz_bytes(data, len);
	struct mfa_why why = { "" };
	struct record rec = { 0 };
	enum mfa_err r = record_parse(text, len, &rec, &why);

	fuzz_why(&why);
	if (r) {
		fuzz_must(rec.n == 0 && rec.factor == NULL);
	} else {
		look(&rec);
		labels(&rec);
		again(&rec);
	}
	record_free(&rec);
	free(text);
	return 0;
}
