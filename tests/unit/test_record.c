/* Factors as text: there and back, and every line that is not right. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/record.h"
#include "../fake/lines.h"
#include "../fake/memory.h"

#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define ZERO16 "00000000000000000000000000000000"
#define HASH(n) "code" n " = " ZERO16 ZERO16 "\n"

static const char GOOD[] =
    "version = 1\n"
    "[factor totp-k3fq]\n"
    "kind = totp\n"			/* 3 */
    "label = Phone of \303\251\n"
    "created = 1790000000\n"		/* 5 */
    "secret = " SECRET "\n"
    "algorithm = SHA256\n"
    "digits = 8\n"			/* 8 */
    "period = 120\n"
    "[factor hotp-a]\n"			/* 10 */
    "kind = hotp\n"
    "label = \n"
    "created = -1\n"
    "secret = " SECRET "\n"
    "algorithm = SHA1\n"
    "digits = 6\n"
    "counter = 18446744073709551615\n"	/* 17 */
    "[factor recovery-2]\n"
    "kind = recovery\n"
    "label = Paper\n"
    "created = 0\n"
    "salt = f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff\n"	/* 22 */
    "iterations = 20000\n"
    HASH("1") HASH("2") HASH("3") HASH("4") HASH("5")	/* 24 */
    HASH("6") HASH("7") HASH("8") HASH("9") HASH("10");	/* 33 */

static const char APP[] =
    "version = 1\n"
    "[factor app-k3fq]\n"
    "kind = app\n"
    "label = Mail on the phone\n"
    "created = 1790000000\n"
    "salt = 000102030405060708090a0b0c0d0e0f\n"	/* 6 */
    "hash = " ZERO16 ZERO16 "\n"
    "services = imap smtp\n"		/* 8 */
    "expires = 1800000000\n";

static enum mfa_err
parse(const char *text, struct record *ret, struct mfa_why *why)
{
	*why = (struct mfa_why){ "" };
	return record_parse(text, strlen(text), ret, why);
}

/* Refused, with the number of that line. */
static void
refuses(const char *text, unsigned line)
{
	struct record rec = { 0 };
	struct mfa_why why = { "" };
	char start[32];

	snprintf(start, sizeof(start), "line %u: ", line);
	if (!parse(text, &rec, &why) || rec.n != 0 || rec.factor != NULL ||
	    strncmp(why.text, start, strlen(start)) != 0)
		fail_msg("expected %s got: %s; for:\n%s", start, why.text,
		    text);
	/* A key is not repeated in a log. */
	assert_null(strstr(why.text, SECRET));
}

static void
round_trip(void **unused)
{
	struct record rec = { 0 };
	struct buf text = { 0 };
	struct mfa_why why = { "" };

	(void)unused;
	assert_int_equal(parse(GOOD, &rec, &why), MFA_OK);
	assert_int_equal(rec.n, 3);
	assert_string_equal(rec.factor[0].label, "Phone of \303\251");
	assert_int_equal(rec.factor[0].otp.hash, CRYPTO_SHA256);
	assert_int_equal(rec.factor[0].otp.len, 20);
	assert_memory_equal(rec.factor[0].otp.key, "12345678901234567890", 20);
	assert_int_equal(rec.factor[0].otp.digits, 8);
	assert_int_equal(rec.factor[0].otp.period, 120);
	assert_int_equal(rec.factor[1].kind, FACTOR_HOTP);
	assert_int_equal(rec.factor[1].created, -1);
	assert_int_equal(rec.factor[1].otp.period, 0);
	assert_true(rec.factor[1].otp.counter == UINT64_MAX);
	assert_int_equal(rec.factor[2].kind, FACTOR_RECOVERY);
	assert_int_equal(rec.factor[2].recovery.iterations, 20000);
	assert_int_equal(record_format(&rec, &text), MFA_OK);
	assert_string_equal(buf_str(&text), GOOD);
	buf_wipe(&text);
	record_free(&rec);
	assert_null(rec.factor);
	record_free(&rec);
}

static void
app_passwords(void **unused)
{
	static const struct { unsigned n; const char *line; } bad[] = {
	    { 6, "salt = 0001" }, { 7, "hash = " ZERO16 },
	    { 7, "code1 = " ZERO16 ZERO16 }, { 8, "services = " },
	    { 8, "services = imap,smtp" }, { 8, "services = IMAP" },
	    { 8, "services = imap imap" }, { 8, "services = imap  smtp" },
	    { 8, "services = ../x" }, { 9, "expires = -1" },
	    { 9, "expires = never" } };
	struct record rec = { 0 };
	struct buf text = { 0 };
	struct mfa_why why;
	char *changed;

	(void)unused;
	assert_int_equal(parse(APP, &rec, &why), MFA_OK);
	assert_int_equal(rec.factor[0].kind, FACTOR_APP);
	assert_int_equal(rec.factor[0].app.salt[15], 15);
	assert_string_equal(rec.factor[0].app.services, "imap smtp");
	assert_int_equal(rec.factor[0].app.expires, 1800000000);
	assert_int_equal(record_format(&rec, &text), MFA_OK);
	assert_string_equal(buf_str(&text), APP);
	buf_wipe(&text);
	record_free(&rec);
	for (unsigned n = 3; n <= 9; n++) {
		changed = lines_with(APP, n, NULL);
		refuses(changed, 8);
		free(changed);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		changed = lines_with(APP, bad[i].n, bad[i].line);
		refuses(changed, i == 2 ? 9 : bad[i].n);
		free(changed);
	}
}

/* What a door takes; an app password is no second factor. */
static void
opens(void **unused)
{
	static const struct {
		enum factor_kind kind[2];
		size_t n;
		bool others, apps;
	} table[] = { { { FACTOR_APP }, 0, false, false },
	    { { FACTOR_APP }, 1, false, true },
	    { { FACTOR_TOTP }, 1, true, false },
	    { { FACTOR_RECOVERY }, 1, true, false },
	    { { FACTOR_APP, FACTOR_APP }, 2, false, true },
	    { { FACTOR_APP, FACTOR_PHONE }, 2, true, true },
	    { { FACTOR_HOTP, FACTOR_APP }, 2, true, true } };

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct factor f[2] = { { .kind = table[i].kind[0] },
		    { .kind = table[i].kind[1] } };
		const struct record rec = { .factor = f, .n = table[i].n };

		assert_int_equal(record_opens(&rec, false), table[i].others);
		assert_int_equal(record_opens(&rec, true), table[i].apps);
	}
}

/* Each line left out, each line twice. */
static void
exactly_these_lines(void **unused)
{
	/* Where the factor ends that lacks the line that was left out. */
	static const unsigned ends[] = { 10 - 1, 18 - 1, 33 - 1 };

	(void)unused;
	assert_int_equal(lines_count(GOOD), 33);
	for (unsigned n = 1; n <= 33; n++) {
		char *line = lines_get(GOOD, n);
		char *without = lines_with(GOOD, n, NULL);
		char twice[256], *with;

		if (*line == '[')	/* the keys come to another factor */
			refuses(without, n == 2 ? 2 : n);
		else
			refuses(without, n == 1 ? 1 :
			    ends[n < 10 ? 0 : n < 18 ? 1 : 2]);
		snprintf(twice, sizeof(twice), "%s\n%s", line, line);
		with = lines_with(GOOD, n, twice);
		refuses(with, n + 1);
		free(line);
		free(without);
		free(with);
	}
}

static void
good_and_bad_lines(void **unused)
{
	static const struct {
		unsigned at;
		const char *line;
		unsigned refused;	/* 0: taken */
	} table[] = {
		{ 1, "version = 2", 1 }, { 1, "version = 01", 1 },
		{ 1, "# c\nversion = 1", 0 }, { 1, "failures = 1", 1 },
		{ 2, "[factor]", 2 }, { 2, "[factors a]", 2 },
		{ 2, "[factor a b]", 2 }, { 2, "[factor A]", 2 },
		{ 2, "[factor a_b]", 2 }, { 2, "[factor ../x]", 2 },
		{ 2, "[factor abcdefghijklmnopqrstuv2]", 0 },
		{ 2, "[factor abcdefghijklmnopqrstuv23]", 2 },
		{ 2, "[factor hotp-a]", 10 },
		{ 3, "kind = TOTP", 3 }, { 3, "kind = sms", 3 },
		{ 3, "kind = hotp", 10 }, { 3, "kind = recovery", 10 },
		{ 3, "kind =", 3 }, { 3, "kind = totp\nfoo = bar", 4 },
		{ 4, "label =", 0 }, { 4, "label = a\tb", 4 },
		{ 5, "created = 2305843009213693951", 0 },
		{ 5, "created = 2305843009213693952", 5 },
		{ 5, "created = -2305843009213693951", 0 },
		{ 5, "created = -2305843009213693953", 5 },
		{ 5, "created = now", 5 }, { 5, "created =", 5 },
		{ 6, "secret = gezd gnbv-gy3t qojq gezd gnbv gy", 0 },
		{ 6, "secret = GEZDGNBVGY3TQOJQGEZDGNB", 6 },	/* under 16 */
		{ 6, "secret =", 6 }, { 6, "secret = 0" SECRET, 6 },
		{ 6, "secret = " SECRET SECRET SECRET "GEZDGNA", 0 },	/* 64 */
		{ 6, "secret = " SECRET SECRET SECRET "GEZDGNBV", 6 },
		{ 7, "algorithm = sha512", 0 }, { 7, "algorithm = MD5", 7 },
		{ 8, "digits = 6", 0 }, { 8, "digits = 5", 8 },
		{ 8, "digits = 9", 8 }, { 8, "digits = 6 ", 0 },
		{ 8, "digits = +6", 8 },
		{ 9, "period = 1", 0 }, { 9, "period = 0", 9 },
		{ 9, "period = 121", 9 }, { 9, "period = 4294967326", 9 },
		{ 9, "counter = 1", 10 }, { 9, "salt = " ZERO16, 10 },
		{ 17, "counter = 0", 0 }, { 17, "counter = -1", 17 },
		{ 17, "counter = 18446744073709551616", 17 },
		{ 17, "period = 30", 18 },
		{ 22, "salt = " ZERO16 "00", 22 },
		{ 22, "salt = 0000000000000000000000000000000g", 22 },
		{ 22, "salt = ABCDEFabcdef00000000000000000000", 0 },
		{ 23, "iterations = 1000", 0 }, { 23, "iterations = 999", 23 },
		{ 23, "iterations = 200000", 0 },
		{ 23, "iterations = 200001", 23 },
		{ 24, "code1 = 00", 24 }, { 24, "code01 = " ZERO16 ZERO16, 24 },
		{ 24, "code = " ZERO16 ZERO16, 24 },
		{ 33, "code11 = " ZERO16 ZERO16, 33 },
		{ 33, "code0 = " ZERO16 ZERO16, 33 },
		{ 33, "code2 = " ZERO16 ZERO16, 33 },
		{ 33, "no key", 33 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		char *text = lines_with(GOOD, table[i].at, table[i].line);
		struct record rec;
		struct mfa_why why = { "" };

		if (table[i].refused)
			refuses(text, table[i].refused);
		else if (parse(text, &rec, &why))
			fail_msg("%s: %s", table[i].line, why.text);
		else
			record_free(&rec);
		free(text);
	}
	refuses("", 0);
	refuses("version = 1\n", 1);
	refuses("# nothing\n", 1);
	refuses("x", 1);
}

static void
labels_at_their_bound(void **unused)
{
	char label[RECORD_LABEL_MAX + 8], *text;
	struct record rec;
	struct mfa_why why = { "" };

	(void)unused;
	snprintf(label, sizeof(label), "label = %0*d", RECORD_LABEL_MAX - 1, 7);
	text = lines_with(GOOD, 4, label);
	assert_int_equal(parse(text, &rec, &why), MFA_OK);
	assert_int_equal(strlen(rec.factor[0].label), RECORD_LABEL_MAX - 1);
	record_free(&rec);
	free(text);
	snprintf(label, sizeof(label), "label =%0*d", RECORD_LABEL_MAX, 7);
	text = lines_with(GOOD, 4, label);
	refuses(text, 4);
	free(text);
}

static void
adding_and_removing(void **unused)
{
	struct factor f = { .kind = FACTOR_HOTP };
	struct record rec = { 0 };

	(void)unused;
	for (unsigned i = 0; i < RECORD_FACTORS_MAX; i++) {
		snprintf(f.id, sizeof(f.id), "hotp-%u", i);
		f.created = i;
		assert_int_equal(record_add(&rec, &f), MFA_OK);
		assert_int_equal(rec.n, i + 1);
		if (rec.n < RECORD_FACTORS_MAX)
			assert_int_equal(record_add(&rec, &f), MFA_EEXIST);
	}
	strcpy(f.id, "more");
	assert_int_equal(record_add(&rec, &f), MFA_ERANGE);
	record_remove(&rec, 3);
	record_remove(&rec, RECORD_FACTORS_MAX - 2);
	record_remove(&rec, 0);
	assert_int_equal(rec.n, RECORD_FACTORS_MAX - 3);
	assert_int_equal(rec.factor[0].created, 1);
	assert_int_equal(rec.factor[1].created, 2);
	assert_int_equal(rec.factor[2].created, 4);
	assert_int_equal(rec.factor[rec.n - 1].created,
	    RECORD_FACTORS_MAX - 2);
	record_free(&rec);
}

/* A record of one more factor than there may be. */
static void
too_many(void **unused)
{
	struct buf text = { 0 };

	(void)unused;
	assert_int_equal(buf_puts(&text, "version = 1\n"), MFA_OK);
	for (int i = 0; i <= RECORD_FACTORS_MAX; i++)
		assert_int_equal(buf_printf(&text, "[factor h%d]\nkind = hotp\n"
		    "label =\ncreated = 1\nsecret = " SECRET "\nalgorithm = "
		    "SHA1\ndigits = 6\ncounter = 0\n", i), MFA_OK);
	refuses(buf_str(&text), 2 + 8 * RECORD_FACTORS_MAX);
	buf_wipe(&text);
}

static void
finding(void **unused)
{
	static const struct {
		const char *wanted;
		enum mfa_err err;
		size_t at;
	} table[] = { { "a", MFA_OK, 0 }, { "b", MFA_OK, 1 },
	    { "phone", MFA_OK, 2 }, { "PHONE", MFA_OK, 2 },
	    { "Key", MFA_ERANGE, 0 }, { "A", MFA_ENOENT, 0 },
	    { "phon", MFA_ENOENT, 0 }, { "", MFA_ENOENT, 0 } };
	/* The label of the first is the id of the second: the id wins. */
	struct factor f[] = { { .id = "a", .label = "b" },
	    { .id = "b", .label = "key" }, { .id = "c", .label = "Phone" },
	    { .id = "d", .label = "KEY" } };
	const struct record rec = { .factor = f, .n = 4 };

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		size_t at = 99;

		assert_int_equal(record_find(&rec, table[i].wanted, &at),
		    table[i].err);
		assert_int_equal(at, table[i].err ? 99 : table[i].at);
	}
	/* A label is no id. */
	assert_ptr_equal(record_by_id(&rec, "b"), &f[1]);
	assert_null(record_by_id(&rec, "Phone"));
	assert_null(record_by_id(&rec, "B"));
	assert_null(record_by_id(&rec, ""));
}

static void
new_ids(void **unused)
{
	static const struct {
		uint8_t random[3];
		enum factor_kind kind;
		const char *id;
	} table[] = { { { 0, 0, 0 }, FACTOR_TOTP, "totp-aaaa" },
	    { { 0xff, 0xff, 0xff }, FACTOR_RECOVERY, "recovery-7777" },
	    { { 0xf0, 0, 0 }, FACTOR_HOTP, "hotp-aaaa" },
	    { { 0x00, 0x88, 0x61 }, FACTOR_HOTP, "hotp-bdcb" } };
	char id[RECORD_ID_MAX];

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		record_new_id(table[i].kind, table[i].random, id);
		assert_string_equal(id, table[i].id);
	}
}

/* Adding, removing and freeing leave no key behind. */
static void
leaves_nothing(void **unused)
{
	struct factor f = { .id = "a", .otp.len = TOTP_KEY_MAX };
	struct record rec = { 0 };
	struct buf text = { 0 };

	(void)unused;
	for (size_t i = 0; i < MEMORY_MARK; i++)
		f.otp.key[i] = memory_mark(i);
	for (unsigned i = 0; i < 3; i++) {
		f.id[0] = (char)('a' + i);
		assert_int_equal(record_add(&rec, &f), MFA_OK);
		assert_int_equal(memory_marks(), 2 + i);
	}
	record_remove(&rec, 1);
	assert_int_equal(memory_marks(), 3);
	record_free(&rec);
	assert_int_equal(memory_marks(), 1);
	/* Nor does reading what is refused in its last line. */
	assert_int_equal(record_add(&rec, &f), MFA_OK);
	rec.factor[0].otp.digits = rec.factor[0].otp.period = 6;
	assert_int_equal(record_format(&rec, &text), MFA_OK);
	assert_int_equal(buf_puts(&text, "x"), MFA_OK);
	record_free(&rec);
	refuses(buf_str(&text), lines_count(buf_str(&text)) + 1);
	assert_int_equal(memory_marks(), 1);
	buf_wipe(&text);
	mfa_wipe(&f, sizeof(f));
	assert_int_equal(memory_marks(), 0);
}

/* Wherever the room ends, that is said. */
static void
no_room(void **unused)
{
	static char most[BUF_MAX];
	struct record rec;
	struct buf b = { 0 };
	struct mfa_why why = { "" };

	(void)unused;
	assert_int_equal(parse(GOOD, &rec, &why), MFA_OK);
	for (size_t left = 0; left < sizeof(GOOD); left += 9) {
		assert_int_equal(buf_put(&b, most, BUF_MAX - left), MFA_OK);
		assert_int_equal(record_format(&rec, &b), left <
		    sizeof(GOOD) - 1 ? MFA_ERANGE : MFA_OK);
		buf_wipe(&b);
	}
	record_free(&rec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(round_trip),
	    cmocka_unit_test(app_passwords), cmocka_unit_test(opens),
	    cmocka_unit_test(exactly_these_lines),
	    cmocka_unit_test(good_and_bad_lines),
	    cmocka_unit_test(labels_at_their_bound),
	    cmocka_unit_test(adding_and_removing),
	    cmocka_unit_test(too_many), cmocka_unit_test(finding),
	    cmocka_unit_test(new_ids), cmocka_unit_test(leaves_nothing),
	    cmocka_unit_test(no_room) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
