/*
 * Logins that policy turns away, exempts or binds to a method, on fake ports.
 * The key is RFC 4226 appendix D's; see test_verify.c.
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
#define PASSWORD "pass word"

static int
setup(void **state)
{
	*state = fake_login_new(sizeof(struct fake_login),
	    FAKE_RECORD);
	return 0;
}

/* One login under this configuration, with this answer to its first prompt. */
static enum mfa_verdict
login(struct fake_login *f, const char *conf, const char *answer)
{
	fake_conf(&f->conf, conf);
	return fake_login_run(f, ANSWERS(answer));
}

static void
skipped(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "[policy p]\nthen=skip", NULL), MFA_EXEMPT);
	logs(f, "outcome=exempt reason=skip");
	assert_int_equal(f->fake.begins, 0);
	f->who.known = false;
	assert_int_equal(login(f, "[policy p]\nthen=skip", RIGHT),
	    MFA_DENY_CONV);
}

static void
denied(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "then=deny", RIGHT), MFA_DENY_WRONG);
	logs(f, "outcome=refused reason=deny");
	assert_true(fake_has(&f->fake.transcript, "does not let alice in"));
	assert_int_equal(login(f, "methods=sms", RIGHT), MFA_DENY_WRONG);
	logs(f, "outcome=refused reason=no_method");
	assert_true(fake_has(&f->fake.transcript, "sshd takes codes by SMS"));
	/* Nothing was compared or written; it was looked for a pass. */
	assert_int_equal(f->fake.begins, 1);
	assert_int_equal(f->fake.commits, 0);
}

/*
 * Where refusals look alike, one that is locked or has to wait takes as long
 * as any: the answer is compared and the disk is written.
 */
static void
locked_guarded(void **state)
{
	static const char *const states[] = { "failures = 50\n",
	    "failures = 5\nfailed_at = 150\nfailed_boottime = 5\n"
	    "failed_boot = boot-1\n" };
	static const char *const reasons[] = { "locked", "too_many_failures" };
	static const char *const doors[] = { "after", "joined" };
	struct fake_login *f = *state;
	char text[128], conf[64];

	for (size_t i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "version = 1\n%s", states[i / 2]);
		fake_set(&f->fake.state, text);
		snprintf(conf, sizeof(conf), "first_factor=%s\ntries=1\n",
		    doors[i % 2]);
		f->fake.commits = 0;
		assert_int_equal(login(f, conf, i % 2 ? PASSWORD RIGHT :
		    RIGHT), MFA_DENY_WRONG);
		snprintf(text, sizeof(text), "reason=%s ", reasons[i / 2]);
		logs(f, text);
		assert_int_equal(f->fake.commits, 1);
		/* Nothing came of it. */
		assert_true(fake_has(&f->fake.state, states[i / 2]));
		assert_true(fake_has(&f->fake.state, "next = 0\n"));
	}
}

/*
 * Where the password comes later, a person whom policy turns away is asked all
 * the same, and no code is right. What is known of their codes stays known: a
 * refusal here must not make a used code good elsewhere.
 */
static void
denied_guarded(void **state)
{
	static const char *const confs[] = { "then=deny\n", "methods=sms\n" };
	struct fake_login *f = *state;
	char conf[64];

	for (size_t i = 0; i < sizeof(confs) / sizeof(*confs); i++) {
		fake_set(&f->fake.state, "");
		snprintf(conf, sizeof(conf), "first_factor=after\n%s",
		    confs[i]);
		assert_int_equal(login(f, conf, RIGHT), MFA_DENY_CONV);
		assert_true(fake_has(&f->fake.transcript,
		    "Code from your authenticator app: "));
		assert_false(fake_has(&f->fake.state, "next = 6"));
		snprintf(conf, sizeof(conf), "first_factor=joined\n%s",
		    confs[i]);
		assert_int_equal(login(f, conf, PASSWORD RIGHT),
		    MFA_DENY_WRONG);
		logs(f, i == 0 ? "reason=deny" : "reason=no_method");
		assert_string_equal(buf_str(&f->rep.password), PASSWORD);
		assert_int_equal(login(f, "", RIGHT), MFA_GRANTED);
		assert_true(fake_has(&f->fake.state, "next = 6"));
		assert_int_equal(login(f, conf, PASSWORD "000000"),
		    MFA_DENY_WRONG);
		assert_int_equal(login(f, conf, PASSWORD RIGHT),
		    MFA_DENY_WRONG);
		assert_true(fake_has(&f->fake.state, "next = 6"));
		assert_int_equal(login(f, "", RIGHT), MFA_DENY_CONV);
		assert_true(fake_has(&f->fake.transcript, "already used"));
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_login_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(skipped), T(denied),
	    T(locked_guarded), T(denied_guarded) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
