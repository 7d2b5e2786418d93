/*
 * What sudo mfactl --self asks before a change, on fake ports: a code, charged
 * and spent as at a login. Codes are liboath's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

#define STEP_AFTER "56666667"	/* of second 1700000000, plus 1 */

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
VERB(rename_taken, enroll_rename(t, p, "totp-aaaa", "token"))

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
	assert_has(&fp->fake.transcript, "? A code you have now");
	assert_has(&fp->fake.state, "next = " STEP_AFTER "\n");
	assert_has_not(&fp->fake.state, "failures = 3");
	/* The code is spent as at a login. */
	assert_int_equal(fake_person_run(fp, rename_phone, ANSWERS("@0")),
	    TOOL_ABORTED);
	assert_has(&fp->fake.transcript, "! This code was already used.");
	assert_int_equal(fake_person_run(fp, rename_phone, ANSWERS("@1")),
	    TOOL_OK);
}

/* What happens while the tool waits for the new app's first code. */
static const char *meanwhile;

static enum mfa_err
changes_meanwhile(struct fake *f, const char *prompt, struct buf *ret)
{
	char key[128], code[FAKE_CODE_MAX];
	const struct fake_person *fp = f->ctx;

	if (strncmp(prompt, "Code that the app shows", 23) != 0) {
		fake_person_code(FAKE_KEY, 6, f->now.real / 30, code);
		return buf_puts(ret, code);
	}
	fake_set(&f->factors, meanwhile);
	fake_person_shown_key(fp, key, sizeof(key));
	fake_person_code(key, 6, f->now.real / 30, code);
	return buf_puts(ret, code);
}

/*
 * What was proved, or did not have to be, was about the factors of then: who
 * waited there while somebody enrolled, or was reset, adds nothing to that.
 */
static void
self_overtaken(void **state)
{
	static const char *const before[] = { "", FAKE_TWO },
	    *const then[] = { FAKE_TWO, "" };
	struct fake_person *fp = *state;

	prove(fp);
	fp->fake.on_ask = changes_meanwhile;
	for (int i = 0; i < 2; i++) {
		fake_set(&fp->fake.factors, before[i]);
		fake_set(&fp->fake.state, "");
		meanwhile = then[i];
		assert_int_equal(fake_person_run(fp, enroll_totp, NO_ANSWERS),
		    TOOL_NO);
		assert_has(&fp->err, "changed meanwhile");
		assert_string_equal(buf_str(&fp->fake.factors), then[i]);
		assert_int_equal(fp->fake.saves, 0);
		meanwhile = before[i];
		fake_set(&fp->fake.factors, before[i]);
		fake_set(&fp->fake.state, "");
		assert_int_equal(fake_person_run(fp, enroll_totp, NO_ANSWERS),
		    TOOL_OK);
		fp->fake.saves = 0;
	}
}

static void
self_is_charged(void **state)
{
	struct fake_person *fp = *state;

	prove(fp);
	assert_int_equal(fake_person_run(fp, remove_phone, ANSWERS("~",
	    "not a code", "~", "@0")), TOOL_ABORTED);
	assert_has(&fp->fake.transcript, "! Wrong code.");
	assert_has(&fp->err, "wrong codes; nothing was changed");
	assert_string_equal(buf_str(&fp->fake.factors), FAKE_TWO);
	/* What cannot be a code is not a guess. */
	assert_has(&fp->fake.state, "failures = 5\n");
	assert_int_equal(fake_person_run(fp, remove_phone, ANSWERS("@0")),
	    TOOL_ABORTED);
	assert_has(&fp->err, "too many wrong codes; wait 30 seconds");
	assert_string_equal(buf_str(&fp->fake.factors), FAKE_TWO);
	fake_set(&fp->fake.state, "version = 1\nfailures = 50\nfailed_at = 1\n"
	    "failed_boottime = 1\nfailed_boot = boot-1\n");
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_ABORTED);
	assert_has(&fp->err,
	    "locked after 50 wrong codes; ask your administrator "
	    "for: mfactl unlock alice");
	assert_has_not(&fp->fake.transcript, "otpauth");
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
	/*
	 * factors, factors factors now ask now begin factors commit, and the
	 * change; before a removal there is one more now
	 */
	assert_int_equal(fake_person_faults(fp, remove_phone, ANSWERS("@0"),
	    true), 9 + 5);
	assert_int_equal(fake_person_faults(fp, rename_phone, ANSWERS("@0"),
	    true), 9 + 4);
	assert_int_equal(fake_person_faults(fp, enroll_recovery,
	    ANSWERS("@0"), true), 9 + 5);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(self_proves),
	    T(self_overtaken), T(self_is_charged), T(self_is_told_first),
	    T(self_first_factor), T(self_faults) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
