/*
 * mfactl remove, rename, reset and unlock on fake ports: whole or not at all.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

/* By the clock of fake_person. */
#define RESET_NOW "version = 1\nfailures = 0\nreset_at = 1700000000\n" \
    "reset_boottime = 5\nreset_boot = boot-1\n"

static int
setup(void **state)
{
	*state = fake_person_with("", FAKE_TWO, FAKE_TWO_STATE);
	return 0;
}

VERB(remove_phone, enroll_remove(t, p, "phone"))
VERB(remove_token, enroll_remove(t, p, "hotp-bbbb"))
VERB(remove_none, enroll_remove(t, p, "Watch"))
VERB(rename_phone, enroll_rename(t, p, "totp-aaaa", "Old phone"))
VERB(rename_same, enroll_rename(t, p, "totp-aaaa", "PHONE"))
VERB(rename_taken, enroll_rename(t, p, "totp-aaaa", "token"))
VERB(rename_to_id, enroll_rename(t, p, "totp-aaaa", "hotp-bbbb"))
VERB(rename_empty, enroll_rename(t, p, "totp-aaaa", ""))
VERB(rename_none, enroll_rename(t, p, "Watch", "Clock"))

static void
removed(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, remove_none, NO_ANSWERS),
	    TOOL_NO);
	assert_has(&fp->err,
	    "there is no factor \"Watch\"; see: mfactl status");
	untouched(fp);
	assert_int_equal(fake_person_run(fp, remove_phone, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.transcript,
	    "- Removed totp-aaaa (Phone) of alice.");
	assert_has_not(&fp->fake.factors, "totp-aaaa");
	assert_has(&fp->fake.factors, "hotp-bbbb");
	assert_int_equal(fake_person_run(fp, enroll_recovery, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fake_person_run(fp, remove_token, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "Only recovery codes are left.");
	assert_int_equal(fp->fake.removes, 0);
}

static void
removed_last(void **state)
{
	struct fake_person *fp = *state;

	fake_person_run(fp, remove_phone, NO_ANSWERS);
	assert_int_equal(fake_person_run(fp, remove_token, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.transcript,
	    "Logins are now refused (not_enrolled = "
	    "deny).");
	/* No file is how "none" is written. */
	assert_int_equal(fp->fake.factors.len, 0);
	assert_int_equal(fp->fake.removes, 1);
	/* Failures are not forgotten with it. */
	assert_has(&fp->fake.state, "failures = 3\n");
	/* A reset that has not been told opens an enrolment. */
	fake_set(&fp->fake.factors, FAKE_TWO);
	fake_set(&fp->fake.state, RESET_NOW);
	fake_person_run(fp, remove_phone, NO_ANSWERS);
	fake_person_run(fp, remove_token, NO_ANSWERS);
	assert_has(&fp->fake.transcript, "The next login leads to an "
	    "enrolment, after a reset. To enrol now: mfactl add totp");
}

/* A name of a directory service may have blanks: it is one field. */
static void
name_in_log(void **state)
{
	struct fake_person *fp = *state;

	strcpy(fp->person.who.user, "al factor=x");
	assert_int_equal(fake_person_run(fp, remove_phone, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.log, "event=remove user=al?factor?x "
	    "factor=totp-aaaa\n");
}

static void
two_of_a_name(void **state)
{
	struct fake_person *fp = *state;
	char *twice = strdup(FAKE_TWO), *label = strstr(twice, "Token");

	memcpy(label, "Phone", 5);
	fake_set(&fp->fake.factors, twice);
	assert_int_equal(fake_person_run(fp, remove_phone, NO_ANSWERS),
	    TOOL_NO);
	assert_has(&fp->err,
	    "more than one factor is called \"phone\"; use the id");
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
	assert_has(&fp->fake.transcript,
	    "totp-aaaa of alice is now called Old phone");
	assert_has(&fp->fake.factors, "[factor totp-aaaa]\nkind = totp\n"
	    "label = Old phone\ncreated = 1\nsecret = " FAKE_KEY "\n");
	assert_string_equal(buf_str(&fp->fake.state), FAKE_TWO_STATE);
	/* Its own label is not in its way. */
	fake_set(&fp->fake.factors, FAKE_TWO);
	assert_int_equal(fake_person_run(fp, rename_same, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.factors, "label = PHONE\n");
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
		assert_has(&fp->err, table[i].says);
		untouched(fp);
	}
}

static void
faults(void **state)
{
	struct fake_person *fp = *state;

	/* factors now begin factors save */
	assert_int_equal(fake_person_faults(fp, remove_phone, NO_ANSWERS,
	    false), 5);
	/* factors begin factors save */
	assert_int_equal(fake_person_faults(fp, rename_phone, NO_ANSWERS,
	    false), 4);
	/* begin factors commit */
	assert_int_equal(fake_person_faults(fp, enroll_unlock, NO_ANSWERS,
	    false), 3);
	fake_person_run(fp, remove_phone, NO_ANSWERS);
	assert_int_equal(fake_person_faults(fp, remove_token, NO_ANSWERS,
	    false), 5);
}

static void
unlocked(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_unlock, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "alice had 3 wrong codes in a row");
	assert_has_not(&fp->fake.state, "failures = 3");
	assert_has_not(&fp->fake.state, "failed_boot = ");
	/* What was used stays used. */
	assert_has(&fp->fake.state, "next = 56666660\n");
	assert_has(&fp->fake.state, "next = 9\n");
	assert_string_equal(buf_str(&fp->fake.factors), FAKE_TWO);
	assert_int_equal(fake_person_run(fp, enroll_unlock, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "alice had no wrong codes");
	assert_int_equal(fp->fake.commits, 1);
}

static void
was_reset(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "Reset: alice has no second factor");
	assert_int_equal(fp->fake.factors.len, 0);
	assert_has_not(&fp->fake.state, "failures = 3");
	assert_has_not(&fp->fake.state, "factor");
	assert_has(&fp->fake.transcript, "- Until 2023-11-15T22:13:20Z alice "
	    "can register a new one at a login, with the password alone. ");
	assert_has(&fp->fake.log, " enrol_seconds=86400");
	assert_string_equal(buf_str(&fp->fake.state), RESET_NOW);
	/* Again: it is opened anew, and there still is something to tell. */
	fp->fake.now.real += 90000;
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_has_not(&fp->fake.transcript, "Reset: ");
	assert_has(&fp->fake.transcript, "Until 2023-11-16T23:13:20Z alice ");
	assert_has_not(&fp->fake.state, "reset_told");
	/* Nothing was ever there: nothing to tell. */
	fp->fake.now.real -= 90000;
	fake_set(&fp->fake.state, "");
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_string_equal(buf_str(&fp->fake.state), RESET_NOW
	    "reset_told = 1\n");
	/* Where a reset opens nothing there is nothing to do. */
	fake_set(&fp->fake.state, "");
	fp->tool.conf.login.enrol_after_reset = 0;
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_NO);
	assert_has(&fp->err, "alice has no factors");
	assert_string_equal(buf_str(&fp->fake.state), "");
	fake_set(&fp->fake.state, "version = 1\nfailures = 2\n");
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_has_not(&fp->fake.transcript, "Until");
	assert_has(&fp->fake.log, " enrol_seconds=0");
	/* The way out of broken files. */
	fake_set(&fp->fake.factors, "garbage");
	fake_set(&fp->fake.state, "more garbage");
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fp->fake.factors.len, 0);
	assert_has_not(&fp->fake.state, "garbage");
}

/* What the host's part does not open, a section may. */
static void
reset_sections(void **state)
{
	struct fake_person *fp = fake_person_new("enrol_after_reset = 0\n"
	    "[service sshd]\nenrol_after_reset = 1h\n");

	(void)state;
	fake_set(&fp->fake.factors, FAKE_TWO);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
		    TOOL_OK);
		assert_has_not(&fp->fake.transcript, "Until");
		assert_has(&fp->fake.transcript, "- Where a section of "
		    "mfa.conf opens it, alice can register a new one at a "
		    "login. See: mfactl check --user alice --service NAME\n");
		if (i == 0)
			assert_string_equal(buf_str(&fp->fake.state),
			    RESET_NOW);
		fp->fake.now.real += 90000;
	}
	assert_has(&fp->fake.state, "reset_at = 1700090000\n");
	fake_person_free(fp);
	/* Nor does it where nobody has to have a factor. */
	fp = fake_person_new("not_enrolled = allow\n");
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_NO);
	fake_set(&fp->fake.state, RESET_NOW);
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	fake_person_free(fp);
}

/*
 * The factors go first: a fault leaves all, or no factor and all that is known
 * of its codes; the next reset does the rest.
 */
static void
reset_faults(void **state)
{
	struct fake_person *fp = *state;

	for (unsigned n = 1; n <= 4; n++) {	/* now begin remove commit */
		fake_set(&fp->fake.factors, FAKE_TWO);
		fake_set(&fp->fake.state, FAKE_TWO_STATE);
		fp->fake.fail_at = n;
		assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
		    TOOL_SYSTEM);
		assert_string_equal(buf_str(&fp->fake.state), FAKE_TWO_STATE);
		assert_string_equal(buf_str(&fp->fake.factors),
		    n < 4 ? FAKE_TWO : "");
		assert_false(fp->fake.locked);
		fp->fake.fail_at = 0;
		assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
		    TOOL_OK);
		assert_has_not(&fp->fake.state, "failures = 3");
	}
	fp->fake.fail_at = 5;
	fake_set(&fp->fake.factors, FAKE_TWO);
	fake_set(&fp->fake.state, FAKE_TWO_STATE);
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fp->fake.calls, 4);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(removed), T(removed_last),
	    T(name_in_log),
	    T(two_of_a_name), T(renamed), T(not_renamed), T(faults),
	    T(unlocked), T(was_reset), T(reset_sections),
	    T(reset_faults) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
