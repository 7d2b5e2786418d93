/*
 * Logins without a code on fake ports: remembered keys, the grace of a
 * session, passes; with a fault at every call. The key is RFC 4226 appendix
 * D's; see test_verify.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/trust.h"
#include "../fake/fake_ports.h"

#define RIGHT "254676"		/* second 150 */
#define FOURTEEN_DAYS (14 * 86400)

static const char REMEMBER[] = "? Remember this key for 14 days? y/N \n";
static const char KEY[] = "publickey ssh-ed25519 AAAA\n";
static const char OTHER_KEY[] = "publickey ssh-ed25519 AAAB\n";

static int
setup(void **state)
{
	struct fake_login *f = fake_login_new(sizeof(*f), FAKE_RECORD);

	fake_conf(&f->conf, "[service sshd]\nremember = 14d\n"
	    "[service sudo]\ngrace = 5m\n");
	f->who.uid = 1000;
	f->who.auth_info = KEY;
	strcpy(f->who.session, "session 1");
	*state = f;
	return 0;
}

static enum mfa_verdict
login(struct fake_login *f, const char *first, const char *second)
{
	return fake_login_run(f, ANSWERS(first, second));
}

/* Neither asked for a code nor for anything else. */
static void
enters(struct fake_login *f, const char *reason)
{
	assert_int_equal(login(f, NULL, NULL), MFA_GRANTED);
	assert_int_equal(f->fake.transcript.len, 0);
	assert_string_equal(f->rep.reason, reason);
}

static void
is_asked(struct fake_login *f)
{
	assert_int_not_equal(login(f, NULL, NULL), MFA_GRANTED);
	assert_true(fake_has(&f->fake.transcript, "? "));
	assert_false(fake_has(&f->fake.transcript, "Remember"));
}

static void
remembered(struct fake_login *f)
{
	fake_set(&f->fake.state, "");
	f->fake.now.real = 150;
	f->fake.now.boot_ms = 5000;
	assert_int_equal(login(f, RIGHT, "y"), MFA_GRANTED);
	assert_string_equal(f->rep.reason, "right_code");
	assert_true(fake_has(&f->fake.transcript, REMEMBER));
	assert_true(fake_has(&f->fake.state, "[trust "));
}

static void
key(void **state)
{
	struct fake_login *f = *state;
	unsigned commits;

	remembered(f);
	assert_int_equal(f->fake.hostkey.len, TRUST_KEY);
	commits = f->fake.commits;
	f->fake.now.real += 1000;
	enters(f, "remembered");
	assert_int_equal(f->fake.commits, commits + 1);
	assert_true(fake_has(&f->fake.state, "used_at = 1150\n"));
	logs(f, "outcome=granted reason=remembered user=alice service=sshd "
	    "rhost=192.0.2.1 tty=ssh ruser=- method=key factor=- failures=0 "
	    "ms=0 key=SHA256:");
	/* Another address is no other key. */
	strcpy(f->who.rhost, "198.51.100.1");
	enters(f, "remembered");
	f->fake.now.real += FOURTEEN_DAYS - 1001;
	enters(f, "remembered");
	f->fake.now.real += 1;
	is_asked(f);
	f->fake.now.real -= FOURTEEN_DAYS;
	enters(f, "remembered");
	f->fake.now.real -= 1;
	is_asked(f);
}

/* What is typed at the question. */
static void
answers(void **state)
{
	static const struct {
		const char *typed;
		bool yes;
	} table[] = { { "y", true }, { "Y", true }, { "yes", true },
	    { "YES", true }, { "", false }, { "n", false }, { "ye", false },
	    { "y ", false }, { RIGHT, false }, { NULL, false } };
	struct fake_login *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		fake_set(&f->fake.state, "");
		assert_int_equal(login(f, RIGHT, table[i].typed),
		    MFA_GRANTED);
		assert_true(fake_has(&f->fake.transcript, REMEMBER));
		if (fake_has(&f->fake.state, "[trust ") != table[i].yes)
			fail_msg("row %zu", i);
	}
}

/* A right code lets in, and nothing is offered. */
static void
not_offered(struct fake_login *f)
{
	fake_set(&f->fake.state, "");
	assert_int_equal(login(f, RIGHT, "y"), MFA_GRANTED);
	assert_false(fake_has(&f->fake.transcript, "Remember"));
	assert_false(fake_has(&f->fake.state, "[trust "));
}

/* Whatever is changed on the way to a remembered key: it is asked. */
static void
key_refused(void **state)
{
	struct fake_login *f = *state;
	struct mfa_subject was = f->who;

	remembered(f);
	/* With a prefix only in the network of then. */
	fake_conf(&f->conf, "remember = 14d\nremember_prefix = 24 56\n");
	enters(f, "remembered");
	strcpy(f->who.rhost, "192.0.2.200");
	enters(f, "remembered");
	strcpy(f->who.rhost, "192.0.3.1");
	is_asked(f);
	strcpy(f->who.rhost, "host.example.com");
	is_asked(f);
	strcpy(f->who.rhost, "");
	is_asked(f);
	f->who = was;
	fake_conf(&f->conf, "[service sshd]\nremember = 14d\n");
	enters(f, "remembered");
#define ASKED(change) do { change; is_asked(f); f->who = was; } while (0)
	ASKED(f->who.auth_info = OTHER_KEY);
	ASKED(f->who.auth_info = NULL);
	ASKED(f->who.auth_info = "password\n");
	ASKED(f->who.auth_info = "publickey x\n");
	ASKED(f->who.uid = 0);
	ASKED(strcpy(f->who.service, "su"));
	ASKED(strcpy(f->who.service, "sudo"));
	ASKED(strcpy(f->who.user, "bob"));
	fake_conf(&f->conf, "");
	is_asked(f);
	fake_conf(&f->conf, "remember = 1d\nremember_sk = yes\n");
	is_asked(f);
	fake_conf(&f->conf, "remember = 1d\nfirst_factor = after\n");
	is_asked(f);
	fake_conf(&f->conf, "remember = 1d\n");
	enters(f, "remembered");
	/* The state alone, on another host. */
	buf_wipe(&f->fake.hostkey);
	is_asked(f);
	fake_set(&f->fake.hostkey, "garbage");
	is_asked(f);
	logs(f, "a code is asked for: %key in the directory of the state is "
	    "no key");
}

static void
nothing_to_offer(void **state)
{
	struct fake_login *f = *state;
	struct mfa_subject was = f->who;

#define NOT(change) do { change; not_offered(f); f->who = was; } while (0)
	NOT(f->who.auth_info = NULL);
	NOT(f->who.auth_info = "keyboard-interactive/pam\n");
	NOT(f->who.uid = 0);
	NOT(strcpy(f->who.service, "su"));
	NOT(strcpy(f->who.service, "sshdx"));
	fake_conf(&f->conf, "remember = 14d\n");
	NOT(strcpy(f->who.service, "sudo"));
	NOT(strcpy(f->who.service, "polkit-1"));
	fake_conf(&f->conf, "remember = 14d\nremember_prefix = 24 56\n");
	NOT(strcpy(f->who.rhost, "host.example.com"));
	NOT(strcpy(f->who.rhost, "192.0.2.0/24"));
	fake_conf(&f->conf, "remember = 14d\nremember_sk = yes\n");
	not_offered(f);
	fake_conf(&f->conf, "");
	not_offered(f);
}

/* Who may not type a code is not let in without one. */
static void
limits_hold(void **state)
{
	struct fake_login *f = *state;
	struct buf good = { 0 };

	remembered(f);
	assert_int_equal(buf_printf(&good, "version = 1\nfailures = 50\n%s",
	    strstr(buf_str(&f->fake.state), "[factor ")), MFA_OK);
	fake_set(&f->fake.state, buf_str(&good));
	is_asked(f);
	buf_wipe(&good);
}

/*
 * Who has to enrol more is not let in without; who may go on without is, and
 * for whom it is too late is asked again.
 */
static void
due(void **state)
{
	struct fake_login *f = *state;

	remembered(f);
	fake_conf(&f->conf, "remember = 14d\nrequire_enrolled = app+phone\n");
	assert_int_equal(login(f, NULL, NULL), MFA_DENY_CONV);
	assert_true(fake_has(&f->fake.transcript, "? Code from your "));
	f->fake.now.real = 180;
	assert_int_equal(login(f, "287922", ""), MFA_DENY_WRONG);
	assert_true(fake_has(&f->fake.transcript, "A phone is required"));
	assert_false(fake_has(&f->fake.transcript, "Remember"));
	fake_conf(&f->conf, "remember = 14d\nrequire_enrolled = app+phone\n"
	    "deadline = 1970-01-02\n");
	enters(f, "remembered");
	f->who.minute = 2 * 24 * 60;
	is_asked(f);
	/* So it is with sudo. */
	f->who.minute = 0;
	fake_set(&f->fake.state, "");
	fake_conf(&f->conf, "grace = 5m\n");
	strcpy(f->who.service, "sudo");
	assert_int_equal(login(f, "287922", NULL), MFA_GRANTED);
	enters(f, "grace");
	fake_conf(&f->conf, "grace = 5m\nrequire_enrolled = app+phone\n");
	is_asked(f);
}

/* The factors are reset while the question is open. */
static enum mfa_err
reset_at_question(struct fake *fake, const char *prompt, struct buf *ret)
{
	(void)ret;
	if (strstr(prompt, "Remember") != NULL)
		buf_wipe(&fake->factors);
	return MFA_OK;
}

static enum mfa_err
replaced_at_question(struct fake *fake, const char *prompt, struct buf *ret)
{
	char *id;

	(void)ret;
	if (strstr(prompt, "Remember") != NULL) {
		id = strstr((char *)fake->factors.data, "totp-aaaa");
		memcpy(id, "totp-bbbb", 9);
	}
	return MFA_OK;
}

static void
reset_in_flight(void **state)
{
	struct fake_login *f = *state;

	f->fake.on_ask = reset_at_question;
	assert_int_equal(login(f, RIGHT, "y"), MFA_GRANTED);
	assert_false(fake_has(&f->fake.state, "[trust "));
	assert_true(fake_has(&f->fake.transcript, "could not be remembered"));
	fake_set(&f->fake.factors, FAKE_RECORD);
	fake_set(&f->fake.state, "");
	f->fake.on_ask = replaced_at_question;
	assert_int_equal(login(f, RIGHT, "y"), MFA_GRANTED);
	assert_false(fake_has(&f->fake.state, "[trust "));
}

static void
grace(void **state)
{
	struct fake_login *f = *state;

	strcpy(f->who.service, "sudo");
	assert_int_equal(login(f, RIGHT, NULL), MFA_GRANTED);
	assert_false(fake_has(&f->fake.transcript, "Remember"));
	enters(f, "grace");
	logs(f, "outcome=granted reason=grace user=alice service=sudo ");
	logs(f, "method=- factor=- failures=0");
	assert_false(fake_has(&f->fake.log, "key="));
	/* Uses do not make it longer. */
	f->fake.now.real += 299;
	f->fake.now.boot_ms += 299000;
	enters(f, "grace");
	f->fake.now.boot_ms += 1000;
	is_asked(f);
	f->fake.now.boot_ms -= 1000;
	enters(f, "grace");
	strcpy(f->who.session, "session 2");
	is_asked(f);
	strcpy(f->who.session, "");
	is_asked(f);
	strcpy(f->who.session, "session 1");
	strcpy(f->who.service, "su");
	is_asked(f);
	fake_conf(&f->conf, "grace = 5m\n");
	is_asked(f);
	strcpy(f->who.service, "sudo");
	enters(f, "grace");
	fake_conf(&f->conf, "");
	is_asked(f);
}

/*
 * Every call fails in turn: a remembered key then asks for a code, and never
 * enters by a use that is not on the disk.
 */
static void
faults_in_use(void **state)
{
	struct fake_login *f = *state;
	struct buf before = { 0 };
	unsigned n, granted = 0;

	remembered(f);
	fake_set(&before, buf_str(&f->fake.state));
	f->fake.now.real += 1000;
	for (n = 1; ; n++) {
		fake_set(&f->fake.state, buf_str(&before));
		f->fake.calls = 0;
		f->fake.fail_at = n;
		if (login(f, NULL, NULL) == MFA_GRANTED) {
			granted++;
			assert_true(fake_has(&f->fake.state,
			    "used_at = 1150\n"));
		} else
			assert_string_equal(buf_str(&f->fake.state),
			    buf_str(&before));
		if (f->fake.calls < n)
			break;
	}
	/* Without a fault, and without the time of the end. */
	assert_int_equal(granted, 2);
	assert_true(n > 7);
	buf_wipe(&before);
}

/* They typed a right code: in, whatever comes of the rest. */
static void
faults_in_keeping(void **state)
{
	struct fake_login *f = *state;
	unsigned kept = 0, n;

	for (n = 1; ; n++) {
		bool in;

		fake_set(&f->fake.state, "");
		buf_wipe(&f->fake.hostkey);
		f->fake.calls = 0;
		f->fake.fail_at = n;
		in = login(f, RIGHT, "y") == MFA_GRANTED;
		/* In only by what is on the disk. */
		assert_int_equal(in, fake_has(&f->fake.state, "next = 6\n"));
		/* A fault while a record is looked for only asks. */
		kept += fake_has(&f->fake.state, "[trust ") &&
		    !fake_has(&f->fake.log, "a code is asked for");
		if (f->fake.calls < n)
			break;
	}
	assert_int_equal(f->rep.verdict, MFA_GRANTED);
	assert_int_equal(kept, 2);
	assert_true(n > 14);
}

static void
give_pass(struct fake_login *f, char shown[static RECOVERY_SHOWN + 1])
{
	static struct state st;
	struct crypto *c = NULL;

	st = (struct state){ .pass.lasts = 3600, .reset.at.real = 86400 };
	moment_set(&st.pass.since, &f->fake.now);
	assert_int_equal(crypto_new("", &c, NULL), MFA_OK);
	assert_int_equal(recovery_one_new(c, &st.pass.code, shown), MFA_OK);
	crypto_free(c);
	buf_wipe(&f->fake.state);
	assert_int_equal(state_format(&st, &f->fake.state), MFA_OK);
}

static void
assert_has_once(const struct buf *b, const char *text)
{
	const char *at = strstr(buf_str(b), text);

	assert_non_null(at);
	assert_null(strstr(at + 1, text));
}

/* Somebody without a factor. */
static void
pass(void **state)
{
	struct fake_login *f = *state;
	char shown[RECOVERY_SHOWN + 1];

	buf_wipe(&f->fake.factors);
	give_pass(f, shown);
	assert_int_equal(login(f, shown, NULL), MFA_GRANTED);
	assert_string_equal(buf_str(&f->fake.transcript),
	    "? One-time pass: \n"
	    "? Your second factors were reset by an administrator on "
	    "1970-01-02. If you did not ask for that, tell them. "
	    "Press Enter: \n"
	    "- Your second factors were reset by an administrator on "
	    "1970-01-02. If you did not ask for that, tell them.\n");
	logs(f, "outcome=granted reason=right_code ");
	logs(f, "method=pass factor=- failures=0");
	assert_false(fake_has(&f->fake.log, shown));
	/* The time to enrol is still counted from it. */
	assert_string_equal(buf_str(&f->fake.state), "version = 1\n"
	    "failures = 0\nreset_at = 86400\nreset_told = 1\n");
	f->fake.now.real = 86400 + 86400;
	assert_int_equal(login(f, shown, NULL), MFA_DENY_WRONG);
	logs(f, "reason=enrol_closed");
	/* Other programs show what they are told, and at once. */
	strcpy(f->who.service, "su");
	give_pass(f, shown);
	assert_int_equal(login(f, shown, NULL), MFA_GRANTED);
	assert_string_equal(buf_str(&f->fake.transcript),
	    "? One-time pass: \n"
	    "- Your second factors were reset by an administrator on "
	    "1970-01-02. If you did not ask for that, tell them.\n");
	/* Once, also if an enrolment follows. */
	f->conf.login.require_enrolled = CONF_APP;
	give_pass(f, shown);
	login(f, shown, NULL);
	assert_has_once(&f->fake.transcript, "were reset by an administrator");
	f->conf.login.require_enrolled = 0;
	strcpy(f->who.service, "sshd");
	/* One that has run out is none. */
	give_pass(f, shown);
	f->fake.now.boot_ms += 3600000;
	assert_int_equal(login(f, shown, NULL), MFA_DENY_WRONG);
	logs(f, "reason=enrol_closed");
	/* Where all must look alike it is good as well. */
	fake_conf(&f->conf, "first_factor = after\n");
	give_pass(f, shown);
	assert_int_equal(login(f, shown, NULL), MFA_GRANTED);
}

/* Somebody with factors, none of which can be used. */
static void
pass_beside_factors(void **state)
{
	static const char phone[] = "version = 1\n[factor phone-aaaa]\n"
	    "kind = phone\nlabel = Phone\ncreated = 1\n"
	    "number = +819000001234\nextension =\nways = sms\n"
	    "key = 00112233445566778899aabbccddeeff"
	    "00112233445566778899aabbccddeeff\n";
	static const struct {
		const char *factors, *conf, *reason, *asked;
	} table[] = {
		{ phone, "senders =\n", "reason=no_sender ",
		    "mfactl add totp alice. One-time pass: \n" },
		{ phone, "senders = x\nstore = home\n", "reason=no_sender ",
		    "mfactl add totp alice. One-time pass: \n" },
		{ FAKE_RECORD, "methods = call, recovery\n",
		    "reason=no_method ", "? One-time pass: \n" },
		{ FAKE_RECORD, "first_factor = after\n"
		    "methods = call, recovery\n", NULL,
		    "? Code from your authenticator app: \n" },
	};
	struct fake_login *f = *state;
	char shown[RECOVERY_SHOWN + 1];

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		fake_conf(&f->conf, table[i].conf);
		fake_set(&f->fake.factors, table[i].factors);
		give_pass(f, shown);
		if (login(f, shown, "") != MFA_GRANTED)
			fail_msg("%zu: %s", i, buf_str(&f->fake.log));
		assert_true(fake_has(&f->fake.transcript, table[i].asked));
		logs(f, "outcome=granted reason=right_code ");
		logs(f, "method=pass factor=- ");
		assert_false(fake_has(&f->fake.state, "[pass"));
		if (table[i].reason == NULL)
			continue;
		assert_int_equal(login(f, NULL, NULL), MFA_DENY_WRONG);
		logs(f, table[i].reason);
	}
	/* A list without recovery codes has no room for a pass. */
	fake_conf(&f->conf, "methods = call\n");
	give_pass(f, shown);
	assert_int_equal(login(f, shown, NULL), MFA_DENY_WRONG);
	logs(f, "reason=no_method ");
}

static void
pass_faults(void **state)
{
	struct fake_login *f = *state;
	char shown[RECOVERY_SHOWN + 1];
	unsigned n, granted = 0;

	buf_wipe(&f->fake.factors);
	for (n = 1; ; n++) {
		give_pass(f, shown);
		f->fake.calls = 0;
		f->fake.fail_at = n;
		if (login(f, shown, NULL) == MFA_GRANTED) {
			granted += !fake_has(&f->fake.log,
			    "a code is asked for");
			assert_false(fake_has(&f->fake.state, "[pass "));
		} else
			assert_true(fake_has(&f->fake.state, "[pass "));
		if (f->fake.calls < n)
			break;
	}
	/* Neither of these is needed: the last prompt, the time of the end. */
	assert_int_equal(granted, 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_login_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(key), T(answers),
	    T(key_refused), T(nothing_to_offer), T(limits_hold),
	    T(due),
	    T(reset_in_flight), T(grace), T(faults_in_use),
	    T(faults_in_keeping), T(pass),
	    T(pass_beside_factors), T(pass_faults) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
