/*
 * The driver on fake ports: what is asked, told, logged and written, with a
 * fault at every call. The key is RFC 4226 appendix D's; see test_verify.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../fake/fake_ports.h"

#define RIGHT "254676"		/* second 150 */
#define NEXT "287922"		/* second 180: one step ahead */

static const char USED_UP[] = "next = 6\n";

static int
setup(void **state)
{
	*state = fake_login_new(sizeof(struct fake_login), FAKE_RECORD);
	return 0;
}

/* One login with these answers; after a NULL they hang up. */
static enum mfa_verdict
login(struct fake_login *f, const char *first, const char *second)
{
	fake_login_run(f, ANSWERS(first, second));
	/* Nothing secret in the log, whatever happened. */
	assert_has_not(&f->fake.log, RIGHT);
	assert_has_not(&f->fake.log, "GEZDGNBV");
	return f->rep.verdict;
}

static void
right(void **state)
{
	struct fake_login *f = *state;

	f->fake.ms_per_call = 10;
	assert_int_equal(login(f, RIGHT, NULL), MFA_GRANTED);
	assert_int_equal(f->fake.commits, 1);
	assert_true(fake_has(&f->fake.state, USED_UP));
	logs(f, "outcome=granted reason=right_code user=alice service=sshd "
	    "rhost=192.0.2.1 tty=ssh ruser=- method=totp factor=totp-aaaa "
	    "failures=0 ms=");
	assert_true(f->rep.ms > 0);
}

static void
wrong_then_right(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "000000", RIGHT), MFA_GRANTED);
	assert_int_equal(f->fake.commits, 2);
	tells(f, "? Wrong code.");
	tells(f, "(2 tries left): ");
}

/* While the first prompt waits: somebody enrols, with a first code. */
static enum mfa_err
enrols_meanwhile(struct fake *fake, const char *prompt, struct buf *ret)
{
	(void)prompt;
	(void)ret;
	fake_set(&fake->factors, FAKE_RECORD);
	fake_set(&fake->state, "version = 1\nfailures = 0\n"
	    "[factor totp-aaaa]\nnext = 6\n");
	fake->on_ask = NULL;
	return MFA_OK;
}

/*
 * A login that began before there were factors knows nothing of them, and
 * must not make what was used good again.
 */
static void
enrolled_meanwhile(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, "first_factor = after");
	buf_wipe(&f->fake.factors);
	f->fake.on_ask = enrols_meanwhile;
	assert_int_equal(login(f, "000000", NULL), MFA_DENY_CONV);
	assert_true(fake_has(&f->fake.state, "failures = 1\n"));
	assert_true(fake_has(&f->fake.state, USED_UP));
	assert_int_equal(login(f, RIGHT, NULL), MFA_DENY_CONV);
	logs(f, "reason=conversation");
	assert_int_equal(login(f, NEXT, NULL), MFA_GRANTED);
}

static void
used_then_next(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, RIGHT, NULL), MFA_GRANTED);
	assert_int_equal(login(f, RIGHT, NEXT), MFA_GRANTED);
	tells(f, "? This code was already used.");
	assert_int_equal(login(f, RIGHT, NULL), MFA_DENY_CONV);
	logs(f, "outcome=refused reason=conversation");
}

static void
limits_hold_across_logins(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "000001", "000002"), MFA_DENY_CONV);
	assert_int_equal(login(f, "000003", "000004"), MFA_DENY_CONV);
	/* Who was told to wait and hangs up has been refused for that. */
	assert_int_equal(login(f, "000005", RIGHT), MFA_DENY_LIMIT);
	tells(f, "? Too many wrong codes. Wait 30 seconds");
	logs(f, "outcome=refused reason=too_many_failures");
	logs(f, "failures=5");
	f->fake.now.boot_ms += 30000;
	assert_int_equal(login(f, RIGHT, NULL), MFA_GRANTED);
}

static void
locked(void **state)
{
	struct fake_login *f = *state;

	fake_set(&f->fake.state, "version = 1\nfailures = 50\nfailed_at = 1\n"
	    "failed_boottime = 1\nfailed_boot = boot-1\n");
	assert_int_equal(login(f, RIGHT, ""), MFA_DENY_LIMIT);
	tells(f, "mfactl unlock alice");
	logs(f, "reason=locked");
	assert_false(fake_has(&f->fake.state, USED_UP));
	assert_true(fake_has(&f->fake.state, "failures = 50\n"));
}

static void
not_enrolled(void **state)
{
	struct fake_login *f = *state;

	buf_wipe(&f->fake.factors);
	assert_int_equal(login(f, "", NULL), MFA_DENY_WRONG);
	tells(f, "No second factor is registered for alice.");
	logs(f, "outcome=refused reason=not_enrolled");
	fake_conf(&f->conf, "not_enrolled = allow\n");
	assert_int_equal(login(f, NULL, NULL), MFA_EXEMPT);
	assert_string_equal(buf_str(&f->fake.transcript), "");
	logs(f, "outcome=exempt reason=not_enrolled");
}

/* Nobody: the same questions, always wrong, and no one is made to wait. */
static void
unknown(void **state)
{
	struct fake_login *f = *state;

	f->who.known = false;
	fake_conf(&f->conf, "not_enrolled = allow\n");
	for (int i = 0; i < 10; i++)
		assert_int_equal(login(f, RIGHT, NULL), MFA_DENY_CONV);
	logs(f, "reason=conversation");
	assert_int_equal(f->fake.commits, 10);
	tells(f, "? Code from your authenticator app: \n? Wrong code. Code: ");
}

static void
at62_guarded_looks_alike(void **state)
{
	struct fake_login *f = *state;
	struct buf first = { 0 };

	fake_conf(&f->conf, "first_factor = after\n");
	assert_int_equal(login(f, "000000", "111111"), MFA_DENY_CONV);
	fake_set(&first, buf_str(&f->fake.transcript));
	fake_set(&f->fake.state, "version = 1\nfailures = 50\nfailed_at = 1\n"
	    "failed_boottime = 1\nfailed_boot = boot-1\n");
	assert_int_equal(login(f, RIGHT, "111111"), MFA_DENY_CONV);
	assert_string_equal(buf_str(&f->fake.transcript), buf_str(&first));
	fake_set(&f->fake.state, "");
	buf_wipe(&f->fake.factors);
	assert_int_equal(login(f, RIGHT, "111111"), MFA_DENY_CONV);
	assert_string_equal(buf_str(&f->fake.transcript), buf_str(&first));
	f->who.known = false;
	assert_int_equal(login(f, RIGHT, "111111"), MFA_DENY_CONV);
	assert_string_equal(buf_str(&f->fake.transcript), buf_str(&first));
	buf_wipe(&first);
}

/* What a login through such a door shows and returns. */
static void
alike(struct fake_login *f, const struct buf *first)
{
	assert_int_equal(login(f, RIGHT, "111111"), MFA_DENY_WRONG);
	assert_string_equal(buf_str(&f->fake.transcript), buf_str(first));
	logs(f, "outcome=refused reason=store user=alice ");
}

/*
 * Nor does a fault tell that there is such a person; the log has it. What is
 * broken stays as it is, and nothing is counted.
 */
static void
guarded_faults(void **state)
{
	static const char broken[] = "version = 1\nfailures = many\n";
	struct fake_login *f = *state;
	struct buf first = { 0 };

	fake_conf(&f->conf, "first_factor = after\ntries = 2\n"
	    "not_enrolled = allow\n");
	f->who.known = false;
	assert_int_equal(login(f, RIGHT, "111111"), MFA_DENY_WRONG);
	logs(f, "reason=unknown_user");
	fake_set(&first, buf_str(&f->fake.transcript));
	f->who.known = true;
	fake_set(&f->fake.state, broken);
	alike(f, &first);
	logs(f, "line 2: ");
	assert_string_equal(buf_str(&f->fake.state), broken);
	fake_set(&f->fake.state, "");
	fake_set(&f->fake.factors,
	    "version = 1\n[factor totp-aaaa]\nkin = x\n");
	alike(f, &first);
	logs(f, "line 3: ");
	assert_string_equal(buf_str(&f->fake.state), "");
	/* The first thing that is read, or the state at the first answer. */
	fake_set(&f->fake.factors, FAKE_RECORD);
	for (unsigned n = 2; n <= 4; n++) {
		f->fake.calls = 0;
		f->fake.fail_at = n;
		alike(f, &first);
		assert_true(*f->rep.why.text != '\0');
		assert_string_equal(buf_str(&f->fake.state), "");
	}
	/* By the second answer all was well again. */
	f->fake.calls = 0;
	f->fake.fail_at = 6;
	assert_int_equal(login(f, "111111", RIGHT), MFA_GRANTED);
	logs(f, "outcome=granted reason=right_code");
	buf_wipe(&first);
}

/* The policy that was met, for the log. */
static void
policy_is_named(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, "[policy other]\nuser = bob\nthen = deny\n"
	    "[policy at work]\nfrom = 192.0.2.0/24\ntries = 2\n"
	    "[policy all]\nthen = skip\n");
	assert_int_equal(login(f, "000000", "111111"), MFA_DENY_WRONG);
	logs(f, " policy=at?work\n");
	strcpy(f->who.rhost, "198.51.100.1");
	assert_int_equal(login(f, NULL, NULL), MFA_EXEMPT);
	logs(f, "reason=skip ");
	logs(f, " ms=0 policy=all\n");
	fake_conf(&f->conf, "");
	assert_int_equal(login(f, NULL, NULL), MFA_DENY_CONV);
	logs(f, " policy=-\n");
}

static void
joined(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, "first_factor = joined\n");
	assert_int_equal(login(f, "pass word" RIGHT, NULL), MFA_GRANTED);
	assert_string_equal(buf_str(&f->rep.password), "pass word");
	assert_string_equal(buf_str(&f->fake.transcript),
	    "? Password and code: \n");
	/* Also when refused: the next module takes its time over it. */
	assert_int_equal(login(f, "pass word000000", NULL), MFA_DENY_WRONG);
	assert_string_equal(buf_str(&f->rep.password), "pass word");
	assert_int_equal(login(f, RIGHT, NULL), MFA_DENY_WRONG);
	assert_string_equal(buf_str(&f->rep.password), "");
}

static void
sshd_answers_by_itself(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "\b\n\r\177INCORRECT", NULL),
	    MFA_DENY_WRONG);
	assert_int_equal(f->fake.begins, 0);
	logs(f, "reason=refused_by_sshd");
}

static void
time_is_over(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, "time_limit = 10\n");
	f->fake.ms_per_call = 4000;
	assert_int_equal(login(f, RIGHT, NULL), MFA_DENY_STORE);
	tells(f, "! Timed out.");
	logs(f, "reason=time_over");
	assert_int_equal(f->fake.commits, 0);
}

static void
reset_in_flight(void **state)
{
	struct fake_login *f = *state;

	f->fake.on_ask = fake_reset_now;
	fake_conf(&f->conf, "not_enrolled = allow\n");
	assert_int_equal(login(f, RIGHT, NULL), MFA_DENY_WRONG);
	logs(f, "reason=factors_removed");
}

static void
broken_files(void **state)
{
	struct fake_login *f = *state;

	fake_set(&f->fake.state, "version = 1\nfailures = many\n");
	assert_int_equal(login(f, RIGHT, NULL), MFA_DENY_STORE);
	tells(f, "mfactl check");
	logs(f, "line 2");
	fake_set(&f->fake.state, "");
	fake_set(&f->fake.factors,
	    "version = 1\n[factor totp-aaaa]\nkin = x\n");
	fake_conf(&f->conf, "not_enrolled = allow\n");
	assert_int_equal(login(f, RIGHT, NULL), MFA_DENY_STORE);
	logs(f, "line 3");
}

/*
 * Every call fails in turn, with every error: never in, never exempt, and the
 * state is as before or holds this attempt; the next honest login works.
 */
static void
fault_everywhere(void **state)
{
	static const enum mfa_err errors[] = { MFA_OK, MFA_ENOMEM, MFA_EPERM,
	    MFA_EIO, MFA_EBUSY, MFA_ESYNTAX, MFA_ECRYPTO, MFA_ENOENT };
	struct fake_login *f = *state;
	unsigned last = 0;

	for (size_t e = 0; e < sizeof(errors) / sizeof(*errors); e++) {
		for (unsigned n = 1; ; n++) {
			f->fake.calls = 0;
			f->fake.fail_at = n;
			f->fake.fail_with = errors[e];
			fake_set(&f->fake.state, "");
			if (login(f, RIGHT, NULL) == MFA_GRANTED) {
				/* Only reading the end's time may fail. */
				assert_true(n > 5);
				assert_true(fake_has(&f->fake.state, USED_UP));
				if (f->fake.calls < n)
					break;
				continue;
			}
			last = n > last ? n : last;
			assert_int_not_equal(f->rep.verdict, MFA_EXEMPT);
			assert_string_equal(buf_str(&f->fake.state), "");
			f->fake.fail_at = 0;
			assert_int_equal(login(f, RIGHT, NULL), MFA_GRANTED);
		}
	}
	assert_true(last >= 6);
}

/* Right and wrong are the same when the outcome cannot be made durable. */
static void
nothing_revealed(void **state)
{
	struct fake_login *f = *state;
	struct buf right_said = { 0 };

	/* clock factors ask clock begin factors commit */
	f->fake.fail_at = 7;
	assert_int_equal(login(f, RIGHT, NULL), MFA_DENY_STORE);
	assert_int_equal(f->fake.commits, 0);
	assert_int_equal(f->fake.begins, 1);
	fake_set(&right_said, buf_str(&f->fake.transcript));
	f->fake.calls = 0;
	assert_int_equal(login(f, "000000", NULL), MFA_DENY_STORE);
	assert_string_equal(buf_str(&f->fake.transcript), buf_str(&right_said));
	buf_wipe(&right_said);
}

static void
at65_log_is_one_clean_line(void **state)
{
	struct fake_login *f = *state;
	const char *line;

	snprintf(f->who.rhost, sizeof(f->who.rhost),
	    "x\noutcome=granted user=root %%n\033[2J");
	login(f, "000000", NULL);
	line = strstr(buf_str(&f->fake.log), "outcome=");
	assert_non_null(line);
	assert_null(strstr(line + 1, "outcome=granted"));
	assert_null(strchr(line, '\033'));
	assert_string_equal(strchr(line, '\n'), "\n");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_login_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(right), T(wrong_then_right),
	    T(used_then_next), T(enrolled_meanwhile),
	    T(limits_hold_across_logins), T(locked),
	    T(not_enrolled), T(unknown), T(at62_guarded_looks_alike),
	    T(guarded_faults), T(policy_is_named), T(joined),
	    T(sshd_answers_by_itself), T(time_is_over), T(reset_in_flight),
	    T(broken_files), T(fault_everywhere), T(nothing_revealed),
	    T(at65_log_is_one_clean_line) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
