/*
 * Imported factors on their way into a record, on fake ports: once, with what
 * was used there, whole or not at all. Codes are liboath's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../enroll/import.h"
#include "../fake/fake_person.h"

static int
setup(void **state)
{
	*state = fake_person_with("", "", "");
	return 0;
}

static int
import(const struct tool *t, const struct person *p, const char *text)
{
	struct mfa_why why = { "" };
	struct import from;
	unsigned scratch;

	assert_int_equal(import_google(text, &from, &scratch, &why), MFA_OK);
	return import_add(t, p, &from);
}

VERB(phone, import(t, p, FAKE_KEY "\n\" TOTP_AUTH\n"
    "\" DISALLOW_REUSE 56666665 56666666\n"))
VERB(token, import(t, p, FAKE_TOKEN_KEY "\n"
    "\" HOTP_COUNTER 12\n"))

/* A token with the phone's key: the same secret all the same. */
VERB(twin, import(t, p, FAKE_KEY "\n\" HOTP_COUNTER 1\n"))

static void
taken_over(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, phone, NO_ANSWERS), TOOL_OK);
	assert_has(&fp->fake.transcript, "(Imported) for alice.");
	assert_has(&fp->fake.factors, "secret = " FAKE_KEY "\n");
	assert_has(&fp->fake.factors, "created = 1700000000\n");
	assert_has(&fp->fake.state, "next = 56666667\n");
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_NO);
	assert_has(&fp->fake.transcript, "Already used");
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@1")),
	    TOOL_OK);
	fp->tool.opt.label = "Token";
	assert_int_equal(fake_person_run(fp, token, NO_ANSWERS), TOOL_OK);
	assert_has(&fp->fake.factors, "label = Token\n");
	assert_has(&fp->fake.factors, "counter = 12\n");
	assert_has(&fp->fake.state, "next = 12\n");
}

static void
only_once(void **state)
{
	struct fake_person *fp = *state;
	char *before;

	fake_person_run(fp, phone, NO_ANSWERS);
	before = strdup(buf_str(&fp->fake.factors));
	assert_int_equal(fake_person_run(fp, phone, NO_ANSWERS), TOOL_NO);
	assert_has(&fp->err, "alice: this key is enrolled already, as totp-");
	assert_int_equal(fake_person_run(fp, twin, NO_ANSWERS), TOOL_NO);
	assert_string_equal(buf_str(&fp->fake.factors), before);
	assert_int_equal(fp->fake.saves, 1);
	free(before);
}

static void
refused(void **state)
{
	struct fake_person *fp = *state;

	fp->tool.opt.label = " x";
	assert_int_equal(fake_person_run(fp, phone, NO_ANSWERS), TOOL_NO);
	assert_has(&fp->err, "alice: a label has");
	fp->tool.opt.label = NULL;
	*fp->key = '\0';
	for (int i = 0; i < RECORD_FACTORS_MAX; i++)
		assert_int_equal(fake_person_run(fp, enroll_totp,
		    ANSWERS("@0")), TOOL_OK);
	assert_int_equal(fake_person_run(fp, phone, NO_ANSWERS), TOOL_NO);
	assert_has(&fp->err, "alice: there are 16 factors already");
}

static void
fault_everywhere(void **state)
{
	struct fake_person *fp = *state;

	/* now begin factors commit save */
	assert_int_equal(fake_person_faults(fp, phone, NO_ANSWERS, false), 5);
	fake_person_run(fp, phone, NO_ANSWERS);
	assert_int_equal(fake_person_faults(fp, token, NO_ANSWERS, false), 5);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(taken_over), T(only_once),
	    T(refused), T(fault_everywhere) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
