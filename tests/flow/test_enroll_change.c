/*
 * mfactl add recovery, remove, rename, reset, unlock, and what --self asks
 * before them, on fake ports: whole or not at all. Codes are liboath's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

#define KEY "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define STEP_AFTER "56666667"	/* of second 1700000000, plus 1 */

#define ANSWERS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_ANSWERS ((const char *const[]){ NULL })

static const char RECORD[] = "version = 1\n"
    "[factor totp-aaaa]\nkind = totp\nlabel = Phone\ncreated = 1\n"
    "secret = " KEY "\nalgorithm = SHA1\ndigits = 6\nperiod = 30\n"
    "[factor hotp-bbbb]\nkind = hotp\nlabel = Token\ncreated = 2\n"
    "secret = JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\nalgorithm = SHA1\n"
    "digits = 6\ncounter = 7\n";

static const char STATE[] = "version = 1\nfailures = 3\nfailed_at = 1699999000\n"
    "failed_boottime = 1\nfailed_boot = boot-1\n"
    "[factor totp-aaaa]\nnext = 56666660\nused_at = 1699999800\n"
    "[factor hotp-bbbb]\nnext = 9\n";

static int
setup(void **state)
{
	struct fake_person *fp = fake_person_new("");

	snprintf(fp->key, sizeof(fp->key), KEY);
	fake_set(&fp->fake.factors, RECORD);
	fake_set(&fp->fake.state, STATE);
	*state = fp;
	return 0;
}

static int
teardown(void **state)
{
	fake_person_free(*state);
	return 0;
}

static void
has(const struct buf *b, const char *text)
{
	if (!fake_has(b, text))
		fail_msg("no \"%s\" in: %s", text, buf_str(b));
}

static void
has_not(const struct buf *b, const char *text)
{
	if (fake_has(b, text))
		fail_msg("\"%s\" in: %s", text, buf_str(b));
}

static void
untouched(const struct fake_person *fp)
{
	assert_string_equal(buf_str(&fp->fake.factors), RECORD);
	assert_string_equal(buf_str(&fp->fake.state), STATE);
	assert_int_equal(fp->fake.saves + fp->fake.removes + fp->fake.commits,
	    0);
}

/* The verbs with operands, as functions of a person. */
static int
remove_phone(const struct tool *t, const struct person *p)
{
	return enroll_remove(t, p, "phone");
}

static int
remove_token(const struct tool *t, const struct person *p)
{
	return enroll_remove(t, p, "hotp-bbbb");
}

static int
remove_none(const struct tool *t, const struct person *p)
{
	return enroll_remove(t, p, "Watch");
}

static int
rename_phone(const struct tool *t, const struct person *p)
{
	return enroll_rename(t, p, "totp-aaaa", "Old phone");
}

static int
rename_same(const struct tool *t, const struct person *p)
{
	return enroll_rename(t, p, "totp-aaaa", "PHONE");
}

static int
rename_taken(const struct tool *t, const struct person *p)
{
	return enroll_rename(t, p, "totp-aaaa", "token");
}

static int
rename_to_id(const struct tool *t, const struct person *p)
{
	return enroll_rename(t, p, "totp-aaaa", "hotp-bbbb");
}

static int
rename_empty(const struct tool *t, const struct person *p)
{
	return enroll_rename(t, p, "totp-aaaa", "");
}

static int
rename_none(const struct tool *t, const struct person *p)
{
	return enroll_rename(t, p, "Watch", "Clock");
}

/* The codes as shown, ten lines of "- N  XXXX-XXXX-XXXX-XXXX". */
static unsigned
shown_codes(const struct fake_person *fp, char ret[static RECOVERY_CODES][32])
{
	const char *s = buf_str(&fp->fake.transcript);
	unsigned n = 0, number;

	for (; (s = strchr(s, '\n')) != NULL; s++)
		if (n < RECOVERY_CODES &&
		    sscanf(s + 1, "- %u %31[0-9A-Z-]", &number, ret[n]) == 2 &&
		    number == n + 1)
			n++;
	return n;
}

static void
recovery_codes(void **state)
{
	struct fake_person *fp = *state;
	char code[RECOVERY_CODES][32], plain[RECOVERY_CHARS + 1];
	struct record rec = { 0 };
	int index;

	assert_int_equal(fake_person_run(fp, enroll_recovery, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fp->fake.asked, 0);
	assert_int_equal(shown_codes(fp, code), RECOVERY_CODES);
	assert_int_equal(record_parse(buf_str(&fp->fake.factors),
	    fp->fake.factors.len, &rec, NULL), MFA_OK);
	assert_int_equal(rec.n, 3);
	assert_int_equal(rec.factor[2].kind, FACTOR_RECOVERY);
	assert_string_equal(rec.factor[2].label, "Recovery codes");
	assert_int_equal(rec.factor[2].recovery.iterations, 20000);
	for (int i = 0; i < RECOVERY_CODES; i++) {
		assert_int_equal(strlen(code[i]), RECOVERY_SHOWN);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(code[i], code[j]);
		assert_true(recovery_canonical(code[i], plain));
		assert_int_equal(recovery_find(fp->tool.crypto,
		    &rec.factor[2].recovery, plain, &index), MFA_OK);
		assert_int_equal(index, i);
		/* Stretched: not as it was shown, nor without its dashes. */
		has_not(&fp->fake.factors, code[i]);
		has_not(&fp->fake.factors, plain);
	}
	record_free(&rec);
	assert_string_equal(buf_str(&fp->fake.state), STATE);
}

/* The id of the recovery set, "" if there is none. */
static void
recovery_id(const struct fake_person *fp, char ret[static RECORD_ID_MAX])
{
	const char *at = strstr(buf_str(&fp->fake.factors),
	    "[factor recovery-");

	snprintf(ret, RECORD_ID_MAX, "%.13s", at ? at + 8 : "");
}

static void
recovery_replaced(void **state)
{
	struct fake_person *fp = *state;
	char first[RECORD_ID_MAX], second[RECORD_ID_MAX], *before;

	fake_person_run(fp, enroll_recovery, NO_ANSWERS);
	recovery_id(fp, first);
	before = strdup(buf_str(&fp->fake.factors));
	assert_int_equal(fake_person_run(fp, enroll_recovery, ANSWERS("n")),
	    TOOL_ABORTED);
	has(&fp->fake.transcript, "? The recovery codes you have stop working");
	has(&fp->err, "nothing was changed");
	assert_int_equal(fake_person_run(fp, enroll_recovery, ANSWERS("")),
	    TOOL_ABORTED);
	assert_int_equal(fake_person_run(fp, enroll_recovery, NO_ANSWERS),
	    TOOL_ABORTED);
	assert_string_equal(buf_str(&fp->fake.factors), before);
	free(before);
	assert_int_equal(fake_person_run(fp, enroll_recovery, ANSWERS("Y")),
	    TOOL_OK);
	recovery_id(fp, second);
	assert_string_not_equal(first, second);
	has_not(&fp->fake.factors, first);
	/* Nobody to ask: a script means what it says. */
	fp->tool.tty = false;
	assert_int_equal(fake_person_run(fp, enroll_recovery, NO_ANSWERS),
	    TOOL_OK);
	has_not(&fp->fake.factors, second);
}

/* New codes come only when what they replace is gone. */
static void
recovery_faults(void **state)
{
	struct fake_person *fp = *state;

	/* factors now begin factors save */
	assert_int_equal(fake_person_faults(fp, enroll_recovery, NO_ANSWERS,
	    false), 5);
	fake_person_run(fp, enroll_recovery, NO_ANSWERS);
	assert_int_equal(fake_person_faults(fp, enroll_recovery, ANSWERS("y"),
	    false), 6);
	fp->fake.fail_at = 6;
	assert_int_equal(fake_person_run(fp, enroll_recovery, ANSWERS("y")),
	    TOOL_SYSTEM);
	has_not(&fp->fake.transcript, "Recovery codes for");
}

static void
removed(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, remove_none, NO_ANSWERS),
	    TOOL_NO);
	has(&fp->err, "there is no factor \"Watch\"; see: mfactl status");
	untouched(fp);
	assert_int_equal(fake_person_run(fp, remove_phone, NO_ANSWERS),
	    TOOL_OK);
	has(&fp->fake.transcript, "- Removed totp-aaaa (Phone) of alice.");
	has_not(&fp->fake.factors, "totp-aaaa");
	has(&fp->fake.factors, "hotp-bbbb");
	assert_int_equal(fake_person_run(fp, enroll_recovery, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fake_person_run(fp, remove_token, NO_ANSWERS),
	    TOOL_OK);
	has(&fp->fake.transcript, "Only recovery codes are left.");
	assert_int_equal(fp->fake.removes, 0);
}

static void
removed_last(void **state)
{
	struct fake_person *fp = *state;

	fake_person_run(fp, remove_phone, NO_ANSWERS);
	assert_int_equal(fake_person_run(fp, remove_token, NO_ANSWERS),
	    TOOL_OK);
	has(&fp->fake.transcript, "Logins are now refused (not_enrolled = "
	    "deny).");
	/* No file is how "none" is written. */
	assert_int_equal(fp->fake.factors.len, 0);
	assert_int_equal(fp->fake.removes, 1);
	/* Failures are not forgotten with it. */
	has(&fp->fake.state, "failures = 3\n");
}

static void
two_of_a_name(void **state)
{
	struct fake_person *fp = *state;
	char *twice = strdup(RECORD), *label = strstr(twice, "Token");

	memcpy(label, "Phone", 5);
	fake_set(&fp->fake.factors, twice);
	assert_int_equal(fake_person_run(fp, remove_phone, NO_ANSWERS),
	    TOOL_NO);
	has(&fp->err, "more than one factor is called \"phone\"; use the id");
	assert_string_equal(buf_str(&fp->fake.factors), twice);
	assert_int_equal(fake_person_run(fp, remove_token, NO_ANSWERS),
	    TOOL_OK);
	free(twice);
}

static void
renamed(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, rename_phone, NO_ANSWERS),
	    TOOL_OK);
	has(&fp->fake.transcript, "totp-aaaa of alice is now called Old phone");
	has(&fp->fake.factors, "[factor totp-aaaa]\nkind = totp\n"
	    "label = Old phone\ncreated = 1\nsecret = " KEY "\n");
	assert_string_equal(buf_str(&fp->fake.state), STATE);
	/* Its own label is not in its way. */
	fake_set(&fp->fake.factors, RECORD);
	assert_int_equal(fake_person_run(fp, rename_same, NO_ANSWERS),
	    TOOL_OK);
	has(&fp->fake.factors, "label = PHONE\n");
}

static void
not_renamed(void **state)
{
	static const struct { person_verb *verb; const char *says; } table[] = {
		{ rename_taken, "there is a factor \"token\" already" },
		{ rename_to_id, "there is a factor \"hotp-bbbb\" already" },
		{ rename_empty, "a label has 1 to 64 bytes" },
		{ rename_none, "there is no factor \"Watch\"" },
	};
	struct fake_person *fp = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(fake_person_run(fp, table[i].verb,
		    NO_ANSWERS), TOOL_NO);
		has(&fp->err, table[i].says);
		untouched(fp);
	}
}

static void
faults(void **state)
{
	struct fake_person *fp = *state;

	/* factors begin factors save */
	assert_int_equal(fake_person_faults(fp, remove_phone, NO_ANSWERS,
	    false), 4);
	assert_int_equal(fake_person_faults(fp, rename_phone, NO_ANSWERS,
	    false), 4);
	/* begin factors commit */
	assert_int_equal(fake_person_faults(fp, enroll_unlock, NO_ANSWERS,
	    false), 3);
	fake_person_run(fp, remove_phone, NO_ANSWERS);
	assert_int_equal(fake_person_faults(fp, remove_token, NO_ANSWERS,
	    false), 4);
}

static void
unlocked(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_unlock, NO_ANSWERS),
	    TOOL_OK);
	has(&fp->fake.transcript, "alice had 3 wrong codes in a row");
	has_not(&fp->fake.state, "failures = 3");
	has_not(&fp->fake.state, "failed_boot = ");
	/* What was used stays used. */
	has(&fp->fake.state, "next = 56666660\n");
	has(&fp->fake.state, "next = 9\n");
	assert_string_equal(buf_str(&fp->fake.factors), RECORD);
	assert_int_equal(fake_person_run(fp, enroll_unlock, NO_ANSWERS),
	    TOOL_OK);
	has(&fp->fake.transcript, "alice had no wrong codes");
	assert_int_equal(fp->fake.commits, 1);
}

static void
was_reset(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	has(&fp->fake.transcript, "Reset: alice has no second factor");
	assert_int_equal(fp->fake.factors.len, 0);
	has_not(&fp->fake.state, "failures = 3");
	has_not(&fp->fake.state, "factor");
	/* Nothing is left; nothing was ever there. */
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_NO);
	has(&fp->err, "alice has no factors");
	fake_set(&fp->fake.state, "");
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_NO);
	has(&fp->err, "alice has no factors");
	assert_string_equal(buf_str(&fp->fake.state), "");
	/* The way out of broken files. */
	fake_set(&fp->fake.factors, "garbage");
	fake_set(&fp->fake.state, "more garbage");
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fp->fake.factors.len, 0);
	has_not(&fp->fake.state, "garbage");
}

/*
 * The factors go first: a fault leaves all, or no factor and all that is known
 * of its codes; the next reset does the rest.
 */
static void
reset_faults(void **state)
{
	struct fake_person *fp = *state;

	for (unsigned n = 1; n <= 3; n++) {	/* begin remove commit */
		fake_set(&fp->fake.factors, RECORD);
		fake_set(&fp->fake.state, STATE);
		fp->fake.fail_at = n;
		assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
		    TOOL_SYSTEM);
		assert_string_equal(buf_str(&fp->fake.state), STATE);
		assert_string_equal(buf_str(&fp->fake.factors),
		    n < 3 ? RECORD : "");
		assert_false(fp->fake.locked);
		fp->fake.fail_at = 0;
		assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
		    TOOL_OK);
		has_not(&fp->fake.state, "failures = 3");
	}
	fp->fake.fail_at = 4;
	fake_set(&fp->fake.factors, RECORD);
	fake_set(&fp->fake.state, STATE);
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fp->fake.calls, 3);
}

/* sudo mfactl --self */
static void
prove(struct fake_person *fp)
{
	fp->tool.root = false;
	fp->tool.prove = true;
}

static void
self_proves(void **state)
{
	struct fake_person *fp = *state;

	prove(fp);
	assert_int_equal(fake_person_run(fp, remove_token, ANSWERS("@0")),
	    TOOL_OK);
	has(&fp->fake.transcript, "? A code you have now");
	has(&fp->fake.state, "next = " STEP_AFTER "\n");
	has_not(&fp->fake.state, "failures = 3");
	/* The code is spent as at a login. */
	assert_int_equal(fake_person_run(fp, rename_phone, ANSWERS("@0")),
	    TOOL_ABORTED);
	has(&fp->fake.transcript, "! This code was already used.");
	assert_int_equal(fake_person_run(fp, rename_phone, ANSWERS("@1")),
	    TOOL_OK);
}

static void
self_is_charged(void **state)
{
	struct fake_person *fp = *state;

	prove(fp);
	assert_int_equal(fake_person_run(fp, remove_phone, ANSWERS("~",
	    "not a code", "~", "@0")), TOOL_ABORTED);
	has(&fp->fake.transcript, "! Wrong code.");
	has(&fp->err, "wrong codes; nothing was changed");
	assert_string_equal(buf_str(&fp->fake.factors), RECORD);
	/* What cannot be a code is not a guess. */
	has(&fp->fake.state, "failures = 5\n");
	assert_int_equal(fake_person_run(fp, remove_phone, ANSWERS("@0")),
	    TOOL_ABORTED);
	has(&fp->err, "too many wrong codes; wait 30 seconds");
	assert_string_equal(buf_str(&fp->fake.factors), RECORD);
	fake_set(&fp->fake.state, "version = 1\nfailures = 50\nfailed_at = 1\n"
	    "failed_boottime = 1\nfailed_boot = boot-1\n");
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_ABORTED);
	has(&fp->err, "locked after 50 wrong codes; ask your administrator "
	    "for: mfactl unlock alice");
	has_not(&fp->fake.transcript, "otpauth");
}

/* Before a code is asked for, what could not be done is said. */
static void
self_is_told_first(void **state)
{
	struct fake_person *fp = *state;

	prove(fp);
	assert_int_equal(fake_person_run(fp, rename_taken, ANSWERS("@0")),
	    TOOL_NO);
	assert_int_equal(fake_person_run(fp, remove_none, ANSWERS("@0")),
	    TOOL_NO);
	assert_int_equal(fp->fake.asked, 0);
	untouched(fp);
}

static void
self_first_factor(void **state)
{
	struct fake_person *fp = *state;

	prove(fp);
	buf_wipe(&fp->fake.factors);
	*fp->key = '\0';
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_OK);
	assert_int_equal(fp->fake.asked, 1);
}

static void
self_faults(void **state)
{
	struct fake_person *fp = *state;

	prove(fp);
	/* factors factors now ask now begin factors commit, and the change */
	assert_int_equal(fake_person_faults(fp, remove_phone, ANSWERS("@0"),
	    true), 8 + 3);
	assert_int_equal(fake_person_faults(fp, rename_phone, ANSWERS("@0"),
	    true), 8 + 3);
	assert_int_equal(fake_person_faults(fp, enroll_recovery,
	    ANSWERS("@0"), true), 8 + 4);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(recovery_codes),
	    T(recovery_replaced), T(recovery_faults), T(removed),
	    T(removed_last), T(two_of_a_name), T(renamed), T(not_renamed),
	    T(faults), T(unlocked), T(was_reset), T(reset_faults),
	    T(self_proves), T(self_is_charged), T(self_is_told_first),
	    T(self_first_factor), T(self_faults) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
