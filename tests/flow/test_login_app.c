/*
 * A login at a door for app passwords, on fake ports: one hidden question, one
 * answer, and nothing that tells a refusal from another; a fault at every
 * call. The hash is by "openssl dgst -sha256 -mac HMAC".
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../fake/fake_ports.h"

#define RIGHT "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
#define WRONG "0000-0000-0000-0000-0000-0000-0000"
#define CODE "254676"		/* second 150 */
#define APP(services, expires) "[factor app-aaaa]\nkind = app\n" \
    "label = Mail on the phone\ncreated = 1\n" \
    "salt = 000102030405060708090a0b0c0d0e0f\nhash = " \
    "d5f0331a977ef7763253c30ff03b989e05e963a663986c43de3a46d7e19f6ac3\n" \
    "services = " services "\nexpires = " expires "\n"

static const char RECORD[] = FAKE_RECORD APP("imap", "1000");
static const char ASKED[] = "? App password: \n";
static const char CONF[] = "tries = 5\n[service imap]\napp_passwords = yes\n";

static int
setup(void **state)
{
	struct fake_login *f = fake_login_new(sizeof(*f), RECORD);

	fake_conf(&f->conf, CONF);
	strcpy(f->who.service, "imap");
	strcpy(f->who.tty, "dovecot");
	*state = f;
	return 0;
}

/* A program: it gives the one answer that it has to whatever it is asked. */
static enum mfa_verdict
login(struct fake_login *f, const char *answer)
{
	fake_login_run(f, ANSWERS(answer, answer, answer, answer));
	assert_null(f->rep.password.data);
	assert_has_not(&f->fake.log, "0123-4567");
	return f->rep.verdict;
}

/* Refused after one question, with nothing said, for this reason. */
static void
refused(struct fake_login *f, const char *answer, const char *reason)
{
	char field[64];

	snprintf(field, sizeof(field), "outcome=refused reason=%s ", reason);
	assert_int_equal(login(f, answer), MFA_DENY_WRONG);
	assert_string_equal(buf_str(&f->fake.transcript), ASKED);
	logs(f, field);
}

static void
right(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, RIGHT), MFA_GRANTED);
	assert_string_equal(buf_str(&f->fake.transcript), ASKED);
	assert_int_equal(f->fake.commits, 1);
	assert_true(fake_has(&f->fake.state, "[factor app-aaaa]\nnext = 0\n"
	    "used_at = 150\n"));
	logs(f, "outcome=granted reason=right_code user=alice service=imap "
	    "rhost=192.0.2.1 tty=dovecot ruser=- method=app factor=app-aaaa "
	    "failures=0 ms=");
	f->fake.now.real = 152;
	assert_int_equal(login(f, "0123456789abcdefghjkmnpqrstv"),
	    MFA_GRANTED);
	assert_true(fake_has(&f->fake.state, "used_at = 152\n"));
}

static void
refusals_look_alike(void **state)
{
	struct fake_login *f = *state;

	refused(f, WRONG, "wrong_code");
	logs(f, "method=- factor=- failures=1 ");
	refused(f, CODE, "not_a_code");
	refused(f, "correct-horse-7", "not_a_code");
	refused(f, "", "not_a_code");
	refused(f, "?", "not_a_code");
	f->fake.now.real = 1000;
	refused(f, RIGHT, "expired_code");
	logs(f, "method=app factor=app-aaaa failures=1 ");
	f->fake.now.real = 150;
	fake_set(&f->fake.factors, "version = 1\n" APP("smtp", "0"));
	refused(f, RIGHT, "other_service");
	logs(f, "method=app factor=app-aaaa failures=1 ");
	fake_set(&f->fake.factors, FAKE_RECORD);
	refused(f, RIGHT, "no_app_password");
	refused(f, WRONG, "no_app_password");
	buf_wipe(&f->fake.factors);
	refused(f, RIGHT, "no_app_password");
	f->who.known = false;
	refused(f, RIGHT, "unknown_user");
}

/* Each has its write, so that the disk does not tell either. */
static void
refusals_write_alike(void **state)
{
	struct fake_login *f = *state;

	refused(f, WRONG, "wrong_code");
	assert_int_equal(f->fake.commits, 1);
	refused(f, WRONG, "wrong_code");
	assert_int_equal(f->fake.commits, 2);
	f->fake.now.real = 1000;
	refused(f, RIGHT, "expired_code");
	assert_int_equal(f->fake.commits, 3);
	buf_wipe(&f->fake.factors);
	refused(f, WRONG, "no_app_password");
	assert_int_equal(f->fake.commits, 4);
	f->who.known = false;
	refused(f, WRONG, "unknown_user");
	assert_int_equal(f->fake.commits, 5);
}

/* No exemption: nothing was asked before us. */
static void
nobody_is_exempt(void **state)
{
	static const char conf[] = "not_enrolled = allow\n[service imap]\n"
	    "app_passwords = yes\nnot_enrolled = allow\n";
	struct fake_login *f = *state;

	fake_conf(&f->conf, conf);
	fake_set(&f->fake.factors, FAKE_RECORD);
	refused(f, RIGHT, "no_app_password");
	buf_wipe(&f->fake.factors);
	refused(f, RIGHT, "no_app_password");
}

/* "then = deny" closes this door, too, and to the right password. */
static void
denied_is_denied(void **state)
{
	static const char conf[] = "[service imap]\napp_passwords = yes\n"
	    "[policy leavers]\nuser = alice\nthen = deny\n";
	struct fake_login *f = *state;

	fake_conf(&f->conf, conf);
	refused(f, RIGHT, "deny");
	refused(f, WRONG, "deny");
	assert_int_equal(f->fake.commits, 2);
}

static void
only_an_app_password_is_not_enrolled(void **state)
{
	struct fake_login *f = *state;

	fake_set(&f->fake.factors, "version = 1\n" APP("imap sshd", "0"));
	snprintf(f->who.service, sizeof(f->who.service), "sshd");
	assert_int_equal(login(f, RIGHT), MFA_DENY_WRONG);
	assert_true(fake_has(&f->fake.transcript,
	    "? No second factor is registered for alice."));
	logs(f, "outcome=refused reason=not_enrolled");
	assert_int_equal(f->fake.commits, 0);
}

/* Not in place of a code, even if it names the service. */
static void
no_code_elsewhere(void **state)
{
	struct fake_login *f = *state;

	fake_set(&f->fake.factors, FAKE_RECORD
	    APP("imap sshd", "0"));
	snprintf(f->who.service, sizeof(f->who.service), "sshd");
	assert_int_not_equal(login(f, RIGHT), MFA_GRANTED);
	assert_true(fake_has(&f->fake.transcript, "? That is not a code."));
	assert_int_equal(f->fake.commits, 0);
	assert_int_equal(login(f, CODE), MFA_GRANTED);
}

/* The old phone's programs do not lock anybody out of anything. */
static void
removed_and_still_tried(void **state)
{
	struct fake_login *f = *state;

	fake_set(&f->fake.factors, FAKE_RECORD);
	for (int i = 0; i < 200; i++)
		refused(f, RIGHT, "no_app_password");
	assert_true(fake_has(&f->fake.state, "app_failures = 1\n"));
	snprintf(f->who.service, sizeof(f->who.service), "sshd");
	assert_int_equal(login(f, CODE), MFA_GRANTED);
}

static void
limits_hold(void **state)
{
	struct fake_login *f = *state;
	char wrong[64];

	for (char c = '1'; c <= '5'; c++) {
		snprintf(wrong, sizeof(wrong), "%.*s%c", 33, WRONG, c);
		refused(f, wrong, "wrong_code");
	}
	refused(f, RIGHT, "too_many_failures");
	f->fake.now.boot_ms += 30000;
	assert_int_equal(login(f, RIGHT), MFA_GRANTED);
	fake_set(&f->fake.state, "version = 1\nfailures = 0\n"
	    "app_failures = 50\napp_failed_at = 1\n"
	    "app_failed_boottime = 1\napp_failed_boot = boot-1\n");
	refused(f, RIGHT, "locked");
}

/*
 * Every call fails in turn, with every error: never in, never exempt, nothing
 * said; the state is as before, or, if there are no factors, holds an attempt
 * that was wrong; and the next honest login works.
 */
static void
fault_everywhere(void **state)
{
	static const enum mfa_err errors[] = { MFA_OK, MFA_ENOMEM, MFA_EPERM,
	    MFA_EIO, MFA_EBUSY, MFA_ESYNTAX, MFA_ECRYPTO, MFA_ENOENT };
	struct fake_login *f = *state;
	unsigned faults = 0;

	for (size_t e = 0; e < sizeof(errors) / sizeof(*errors); e++) {
		for (unsigned n = 1; ; n++) {
			f->fake.calls = 0;
			f->fake.fail_at = n;
			f->fake.fail_with = errors[e];
			fake_set(&f->fake.state, "");
			if (login(f, RIGHT) == MFA_GRANTED) {
				/* Only reading the end's time may fail. */
				assert_true(n > 9);
				assert_true(fake_has(&f->fake.state,
				    "used_at = 150"));
				if (f->fake.calls < n)
					break;
				continue;
			}
			faults++;
			assert_int_not_equal(f->rep.verdict, MFA_EXEMPT);
			if (strcmp(f->rep.reason, "no_app_password") != 0)
				assert_string_equal(buf_str(&f->fake.state),
				    "");
			assert_false(fake_has(&f->fake.transcript, "! "));
			f->fake.fail_at = 0;
			assert_int_equal(login(f, RIGHT), MFA_GRANTED);
		}
	}
	/* clock factors clock begin ask clock begin factors commit */
	assert_int_equal(faults, 9 * 8);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_login_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(right), T(refusals_look_alike),
	    T(refusals_write_alike), T(nobody_is_exempt),
	    T(denied_is_denied), T(only_an_app_password_is_not_enrolled),
	    T(no_code_elsewhere),
	    T(removed_and_still_tried), T(limits_hold), T(fault_everywhere) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
