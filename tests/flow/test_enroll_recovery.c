/*
 * mfactl add recovery on fake ports: ten codes, shown once, stored stretched;
 * the old ones stay until the new ones are there.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

static int
setup(void **state)
{
	*state = fake_person_with("", FAKE_TWO, FAKE_TWO_STATE);
	return 0;
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
	struct record rec;
	int index;

	assert_int_equal(fake_person_run(fp, enroll_recovery, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fp->fake.asked, 0);
	assert_int_equal(shown_codes(fp, code), RECOVERY_CODES);
	rec = record_of(fp);
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
		assert_has_not(&fp->fake.factors, code[i]);
		assert_has_not(&fp->fake.factors, plain);
	}
	record_free(&rec);
	assert_string_equal(buf_str(&fp->fake.state), FAKE_TWO_STATE);
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
	assert_has(&fp->fake.transcript,
	    "? The recovery codes you have stop working");
	assert_has(&fp->err, "nothing was changed");
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
	assert_has_not(&fp->fake.factors, first);
	/* Nobody to ask: a script means what it says. */
	fp->tool.tty = false;
	assert_int_equal(fake_person_run(fp, enroll_recovery, NO_ANSWERS),
	    TOOL_OK);
	assert_has_not(&fp->fake.factors, second);
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
	assert_has_not(&fp->fake.transcript, "Recovery codes for");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(recovery_codes),
	    T(recovery_replaced), T(recovery_faults) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
