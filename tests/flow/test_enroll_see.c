/*
 * mfactl status and test on fake ports: what is told, and that nothing is used
 * up by it. Codes are liboath's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

#define HASH "000000000000000000000000000000000000000000000000000000000000000"

static const char RECORD[] = "version = 1\n"
    "[factor totp-aaaa]\nkind = totp\nlabel = Phone\ncreated = 1600000000\n"
    "secret = " FAKE_KEY "\nalgorithm = SHA1\ndigits = 6\nperiod = 30\n"
    "[factor hotp-bbbb]\nkind = hotp\nlabel = T\303\266ken\ncreated = 2\n"
    "secret = " FAKE_TOKEN_KEY "\nalgorithm = SHA1\ndigits = 6\ncounter = 7\n"
    "[factor recovery-cccc]\nkind = recovery\nlabel = Recovery codes\n"
    "created = 1600000000\nsalt = 000102030405060708090a0b0c0d0e0f\n"
    "iterations = 20000\n"
    /* PBKDF2 of 0123456789ABCDEF, by the openssl command. */
    "code1 = 2fd17f37429ad17caa7825210aa35335"
    "6b1bb9ca8b5e84744d6244312133f441\n"
    "code2 = " HASH "2\ncode3 = " HASH "3\ncode4 = " HASH "4\n"
    "code5 = " HASH "5\ncode6 = " HASH "6\ncode7 = " HASH "7\n"
    "code8 = " HASH "8\ncode9 = " HASH "9\ncode10 = " HASH "a\n";

static const char STATE[] = FAKE_TWO_STATE
    "[factor recovery-cccc]\nnext = 0\nused = 6\n";

static int
setup(void **state)
{
	*state = fake_person_with("", RECORD, STATE);
	return 0;
}

static void
see(struct fake_person *fp, int want)
{
	assert_int_equal(fake_person_run(fp, enroll_status, NO_ANSWERS), want);
}

static void
status_text(void **state)
{
	struct fake_person *fp = *state;

	see(fp, TOOL_OK);
	assert_has(&fp->out, "alice has 3 factors:\n");
	assert_has(&fp->out, "  totp-aaaa      Phone, created "
	    "2020-09-13T12:26:40Z, last used 2023-11-14T22:10:00Z\n");
	/* In the C locale, that of this test, no letter but ASCII. */
	assert_has(&fp->out, "  hotp-bbbb      T??ken, created "
	    "1970-01-01T00:00:02Z, last used never\n");
	assert_has(&fp->out, ", 8 of 10 codes left\n");
	assert_has(&fp->out, "  3 wrong codes in a row.\n");
	assert_has(&fp->out, "A login asks for a code");
	assert_has_not(&fp->out, FAKE_KEY);
	assert_has_not(&fp->out, HASH);
	/* The lock is the logins'. */
	assert_int_equal(fp->fake.begins, 0);
	untouched(fp);
}

static void
status_limits(void **state)
{
	struct fake_person *fp = *state;

	fake_set(&fp->fake.state, "version = 1\nfailures = 6\n"
	    "failed_at = 1699999990\nfailed_boottime = 4\n"
	    "failed_boot = boot-1\n");
	fake_person_run(fp, enroll_status, NO_ANSWERS);
	assert_has(&fp->out, "6 wrong codes in a row; the next may be tried in "
	    "59 seconds.");
	fake_set(&fp->fake.state, "version = 1\nfailures = 1\n");
	fake_person_run(fp, enroll_status, NO_ANSWERS);
	assert_has(&fp->out, "  1 wrong code in a row.\n");
	fake_set(&fp->fake.state, "");
	fake_person_run(fp, enroll_status, NO_ANSWERS);
	assert_has_not(&fp->out, "wrong code");
	fake_set(&fp->fake.state, "version = 1\nfailures = 50\n");
	fake_person_run(fp, enroll_status, NO_ANSWERS);
	assert_has(&fp->out,
	    "Locked after 50 wrong codes; an administrator runs: "
	    "mfactl unlock alice\n");
}

static void
status_none(void **state)
{
	struct fake_person *fp = *state;

	buf_wipe(&fp->fake.factors);
	see(fp, TOOL_NO);
	assert_has(&fp->out, "alice has no second factor.\n");
	assert_has(&fp->out, "is refused (not_enrolled = deny)");
	fp->tool.conf.login.not_enrolled = CONF_ALLOW;
	see(fp, TOOL_NO);
	assert_has(&fp->out, "needs no code (not_enrolled = allow)");
}

/* Made for two hours; the name of its boot is left out. */
#define PASS "version = 1\nfailures = 0\n[pass once]\n" \
    "salt = 000102030405060708090a0b0c0d0e0f\niterations = 20000\n" \
    "hash = " HASH "1\nlasts = 7200\nsince_at = 1699996400\n" \
    "since_boottime = 5\nsince_boot = "
#define PASS_LINE "  Has a pass, good for one login until " \
    "2023-11-14T23:13:20Z; to take it back: mfactl pass alice --revoke\n"

/* A pass is told while it is good, and asked for who has nothing else. */
static void
status_pass(void **state)
{
	struct fake_person *fp = *state;

	fake_set(&fp->fake.state, PASS "boot-0\n");
	fp->fake.now.real = 1699996400 + 7199;
	see(fp, TOOL_OK);
	assert_has(&fp->out, PASS_LINE);
	assert_has_not(&fp->out, HASH);
	buf_wipe(&fp->fake.factors);
	see(fp, TOOL_NO);
	assert_has(&fp->out, PASS_LINE);
	assert_has(&fp->out, "  A login asks for a code, where ");
	fp->fake.now.real++;
	see(fp, TOOL_NO);
	assert_has_not(&fp->out, "pass,");
	assert_has(&fp->out, "is refused (not_enrolled = deny)");
}

/* Who has factors, but none that is accepted, is asked for a pass, too. */
static void
status_pass_beside_factors(void **state)
{
	struct fake_person *fp = *state;

	fake_conf(&fp->tool.conf, "methods = sms, recovery\n");
	fake_set(&fp->fake.factors, FAKE_RECORD);
	fake_set(&fp->fake.state, "version = 1\nfailures = 0\n");
	see(fp, TOOL_OK);
	assert_has(&fp->out, "is refused");
	fake_set(&fp->fake.state, PASS "boot-0\n");
	fp->fake.now.real = 1699996400;
	see(fp, TOOL_OK);
	assert_has(&fp->out, PASS_LINE);
	assert_has(&fp->out, "  A login asks for a code, where ");
}

/* store = home, as the person: the state is root's. */
static void
status_stateless(void **state)
{
	struct fake_person *fp = *state;

	fp->person.stateless = true;
	see(fp, TOOL_OK);
	assert_has(&fp->out, "known to root only");
	assert_has_not(&fp->out, "last used");
	assert_has_not(&fp->out, "codes left");
}

static json_t *
json_of(struct fake_person *fp)
{
	json_error_t error;
	json_t *j = json_loads(buf_str(&fp->out), JSON_REJECT_DUPLICATES,
	    &error);

	if (j == NULL)
		fail_msg("%s in: %s", error.text, buf_str(&fp->out));
	return j;
}

static void
status_json(void **state)
{
	struct fake_person *fp = *state;
	json_t *j, *want;

	fp->tool.opt.json = true;
	see(fp, TOOL_OK);
	j = json_of(fp);
	want = json_pack("{s:s, s:[{s:s, s:s, s:s, s:s, s:s},"
	    "{s:s, s:s, s:s, s:s, s:n}, {s:s, s:s, s:s, s:s, s:n, s:i}],"
	    "s:n, s:n, s:s, s:i, s:i, s:b, s:i, s:b, s:n, s:{s:i, s:i}, s:n,"
	    "s:s}",
	    "user",
	    "alice", "factors", "id", "totp-aaaa", "kind", "totp", "label",
	    "Phone", "created", "2020-09-13T12:26:40Z", "last_used",
	    "2023-11-14T22:10:00Z",
	    "id", "hotp-bbbb", "kind", "hotp", "label", "T\303\266ken",
	    "created", "1970-01-01T00:00:02Z", "last_used",
	    "id", "recovery-cccc", "kind", "recovery", "label",
	    "Recovery codes", "created", "2020-09-13T12:26:40Z", "last_used",
	    "codes_left", 8, "first", "language", "last_used",
	    "2023-11-14T22:10:00Z", "failures", 3, "wait_seconds", 0,
	    "locked", 0, "app_failures", 0, "app_locked", 0, "pass_until",
	    "sent", "sms", 0, "voice", 0, "enrol_until", "policy", "ask");
	assert_non_null(want);
	if (!json_equal(j, want))
		fail_msg("not as wanted: %s", buf_str(&fp->out));
	json_decref(want);
	json_decref(j);
	untouched(fp);
}

static void
json_pass(struct fake_person *fp, const char *want, const char *policy)
{
	json_t *j;

	see(fp, TOOL_NO);
	j = json_of(fp);
	if (want == NULL)
		assert_true(json_is_null(json_object_get(j, "pass_until")));
	else
		assert_string_equal(json_string_value(json_object_get(j,
		    "pass_until")), want);
	assert_string_equal(json_string_value(json_object_get(j, "policy")),
	    policy);
	json_decref(j);
}

static void
status_json_pass(void **state)
{
	struct fake_person *fp = *state;

	fp->tool.opt.json = true;
	buf_wipe(&fp->fake.factors);
	fake_set(&fp->fake.state, PASS "boot-0\n");
	fp->fake.now.real = 1699996400;
	json_pass(fp, "2023-11-14T23:13:20Z", "ask");
	fp->fake.now.real += 7200;
	json_pass(fp, NULL, "refuse");
}

static void
status_json_none(void **state)
{
	struct fake_person *fp = *state;
	json_t *j;

	fp->tool.opt.json = true;
	buf_wipe(&fp->fake.factors);
	see(fp, TOOL_NO);
	j = json_of(fp);
	assert_int_equal(json_array_size(json_object_get(j, "factors")), 0);
	assert_string_equal(json_string_value(json_object_get(j, "policy")),
	    "refuse");
	json_decref(j);
}

/* A label that is no UTF-8 does not break the output. */
static void
status_json_bytes(void **state)
{
	struct fake_person *fp = *state;
	char *text = strdup(RECORD);
	json_t *j;

	*strchr(text, '\303') = 'x';
	fake_set(&fp->fake.factors, text);
	free(text);
	fp->tool.opt.json = true;
	see(fp, TOOL_OK);
	j = json_of(fp);
	assert_has(&fp->out, "\"Tx?ken\"");
	json_decref(j);
}

static void
tested_right(void **state)
{
	struct fake_person *fp = *state;
	char code[FAKE_CODE_MAX];

	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_OK);
	assert_has(&fp->fake.transcript,
	    "- Right: a code of totp-aaaa (Phone). It "
	    "was not used up.");
	/* As it was not used up, once more. */
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_OK);
	fake_person_code(FAKE_TOKEN_KEY, 6, 9, code);
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS(code)),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "hotp-bbbb (T??ken)");
	assert_int_equal(fake_person_run(fp, enroll_test,
	    ANSWERS("0123-4567-89ab-cdef")), TOOL_OK);
	assert_has(&fp->fake.transcript, "recovery-cccc");
	untouched(fp);
}

static void
tested_used(void **state)
{
	struct fake_person *fp = *state;

	fake_set(&fp->fake.state, "version = 1\n[factor totp-aaaa]\n"
	    "next = 56666667\n");
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_NO);
	assert_has(&fp->fake.transcript,
	    "Already used: a code of totp-aaaa (Phone)");
	assert_int_equal(fp->fake.commits, 0);
}

static void
tested_wrong(void **state)
{
	struct fake_person *fp = *state;
	char code[FAKE_CODE_MAX];

	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("~")),
	    TOOL_NO);
	assert_has(&fp->fake.transcript,
	    "- Wrong: a code of none of the 3 factors of "
	    "alice.");
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@6")),
	    TOOL_NO);
	assert_has(&fp->fake.transcript,
	    "- totp-aaaa: The code fits a clock that is "
	    "about 3 minutes ahead.");
	fake_person_code(FAKE_TOKEN_KEY, 6, 9 + 40, code);
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS(code)),
	    TOOL_NO);
	assert_has(&fp->fake.transcript,
	    "- hotp-bbbb: The code is 40 ahead of");
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("hello")),
	    TOOL_NO);
	assert_has(&fp->err, "that is not a code");
	untouched(fp);
}

/* Root may test somebody who is locked out: it tells nobody else anything. */
static void
tested_locked(void **state)
{
	static const char locked[] = "version = 1\nfailures = 50\n"
	    "failed_at = 1\nfailed_boottime = 1\nfailed_boot = boot-1\n";
	struct fake_person *fp = *state;

	fake_set(&fp->fake.state, locked);
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_OK);
	fp->tool.root = false;
	fp->tool.prove = true;
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_NO);
	assert_has(&fp->err,
	    "locked; ask your administrator for: mfactl unlock "
	    "alice");
	assert_string_equal(buf_str(&fp->fake.state), locked);
}

/* With --self it is no place to guess without limits. */
static void
tested_by_oneself(void **state)
{
	struct fake_person *fp = *state;

	fp->tool.root = false;
	fp->tool.prove = true;
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_OK);
	untouched(fp);
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@6")),
	    TOOL_NO);
	assert_has_not(&fp->fake.transcript, "The code fits");
	assert_has(&fp->fake.state, "failures = 4\n");
	fake_person_run(fp, enroll_test, ANSWERS("~"));
	assert_has(&fp->fake.state, "failures = 5\n");
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_NO);
	assert_has(&fp->err, "too many wrong codes; wait 30 seconds");
	assert_has(&fp->fake.state, "failures = 5\n");
}

static void
tested_none(void **state)
{
	struct fake_person *fp = *state;

	buf_wipe(&fp->fake.factors);
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_NO);
	assert_has(&fp->err,
	    "alice has no factors; enrol one: mfactl add totp alice");
	assert_int_equal(fp->fake.asked, 0);
}

static void
faults(void **state)
{
	struct fake_person *fp = *state;

	/* factors now peek */
	assert_int_equal(fake_person_faults(fp, enroll_status, NO_ANSWERS,
	    false), 3);
	/* factors ask now begin factors */
	assert_int_equal(fake_person_faults(fp, enroll_test, ANSWERS("@0"),
	    false), 5);
	/* A wrong code that cannot be charged is not told to be wrong. */
	fp->tool.prove = true;
	fp->fake.fail_at = 6;
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("~")),
	    TOOL_SYSTEM);
	assert_has_not(&fp->fake.transcript, "Wrong");
	untouched(fp);
}

static void
broken_files(void **state)
{
	struct fake_person *fp = *state;

	fake_set(&fp->fake.state, "version = 1\nfailures = many\n");
	see(fp, TOOL_SYSTEM);
	assert_has(&fp->err, "mfactl: alice: line 2: ");
	assert_has(&fp->err, "; mfactl check tells in which file. Restore it "
	    "from a backup, or: mfactl reset alice\n");
	fake_set(&fp->fake.factors, "version = 1\n[factor totp-aaaa]\n"
	    "kin = x\n");
	see(fp, TOOL_SYSTEM);
	assert_has(&fp->err, "line 3");
	assert_has(&fp->err, ", or: mfactl reset alice\n");
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_SYSTEM);
	assert_has(&fp->err, ", or: mfactl reset alice\n");
	assert_int_equal(fp->fake.asked, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(status_text), T(status_limits),
	    T(status_none), T(status_pass), T(status_json_pass),
	    T(status_pass_beside_factors),
	    T(status_stateless), T(status_json),
	    T(status_json_none), T(status_json_bytes), T(tested_right),
	    T(tested_used), T(tested_wrong), T(tested_locked),
	    T(tested_by_oneself), T(tested_none), T(faults),
	    T(broken_files) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
