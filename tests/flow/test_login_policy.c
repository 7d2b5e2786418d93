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
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/login.h"
#include "../fake/fake_ports.h"

#define RIGHT "254676"		/* second 150 */
#define PASSWORD "pass word"

static const char RECORD[] = "version = 1\n[factor totp-aaaa]\nkind = totp\n"
    "label = Phone\ncreated = 1\nsecret = GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n"
    "algorithm = SHA1\ndigits = 6\nperiod = 30\n";

struct fixture {
	struct fake fake;
	struct mfa_conf conf;
	struct mfa_subject who;
	struct login_report rep;
	const char *answers[2];
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	f->who = (struct mfa_subject){ .user = "alice", .service = "sshd",
	    .rhost = "192.0.2.1", .tty = "ssh", .known = true };
	f->fake.now = (struct mfa_time){ .real = 150, .boot_ms = 5000,
	    .boot_id = "boot-1" };
	fake_set(&f->fake.factors, RECORD);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	fake_free(&f->fake);
	buf_wipe(&f->rep.password);
	free(f);
	return 0;
}

/* One login under this configuration, with this answer to its first prompt. */
static enum mfa_verdict
login(struct fixture *f, const char *conf, const char *answer)
{
	struct mfa_ports ports = fake_ports(&f->fake);

	conf_init(&f->conf);
	assert_int_equal(conf_parse(&f->conf, "t", conf, strlen(conf), NULL),
	    MFA_OK);
	f->answers[0] = answer;
	f->fake.answers = f->answers;
	f->fake.nanswers = answer != NULL;
	f->fake.asked = 0;
	buf_wipe(&f->fake.transcript);
	buf_wipe(&f->fake.log);
	buf_wipe(&f->rep.password);
	login_run(&ports, &f->conf, &f->who, &f->rep);
	login_audit(&ports.log, &f->who, &f->rep);
	assert_int_equal(f->fake.begins, f->fake.ends);
	return f->rep.verdict;
}

static void
logs(const struct fixture *f, const char *field)
{
	if (!fake_has(&f->fake.log, field))
		fail_msg("no \"%s\" in: %s", field, buf_str(&f->fake.log));
}

static void
skipped(void **state)
{
	struct fixture *f = *state;

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
	struct fixture *f = *state;

	assert_int_equal(login(f, "then=deny", RIGHT), MFA_DENY_WRONG);
	logs(f, "outcome=refused reason=deny");
	assert_true(fake_has(&f->fake.transcript, "does not let alice in"));
	assert_int_equal(login(f, "methods=sms", RIGHT), MFA_DENY_WRONG);
	logs(f, "outcome=refused reason=no_method");
	assert_true(fake_has(&f->fake.transcript, "sshd takes codes by SMS"));
	/* Nothing was compared or written; whether they have a pass was seen. */
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
	struct fixture *f = *state;
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
	struct fixture *f = *state;
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

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(skipped), T(denied),
	    T(locked_guarded), T(denied_guarded) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
