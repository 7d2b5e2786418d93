/*
 * The first login on fake ports: what is asked, told, logged and written, with
 * a fault at every call. Codes come from liboath, by the key that was drawn.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <liboath/oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/date.h"
#include "../fake/fake_ports.h"

#define APP "not_enrolled = enrol\n"
#define PHONE "not_enrolled = enrol\nsenders = fake\nnumbers = +81\n"
#define TODAY date_days(2027, 3, 20)
#define CODE "(the code)"	/* in a script: the right one */

static const char OTHER[] = FAKE_RECORD;
#define OTHERS_CODE "254676"	/* RFC 4226 appendix D, second 150 */

struct fixture {
	struct fake_login login;
	char code[9];	/* the last of the app */
	bool phone;	/* codes come by SMS */
	bool newer;	/* of two that were sent */
	struct buf to_save;	/* factors that appear at the last prompt */
};

/* The key that the person sees: in the QR code, or in the prompt. */
static void
key_of(const struct fake *fake, const char *prompt, char ret[static 65])
{
	const char *key = strstr(buf_str(&fake->drawn), "secret=");
	size_t n = 0;

	if (key != NULL)
		key += strlen("secret=");
	else if ((key = strstr(prompt, "app: ")) != NULL)
		key += strlen("app: ");
	assert_non_null(key);
	for (; *key != '&' && *key != '.' && *key != '\0' && n < 64; key++)
		if (*key != ' ')
			ret[n++] = *key;
	ret[n] = '\0';
}

/* What the app shows now. */
static void
app_code(const struct fake *fake, const char *prompt, char ret[static 9])
{
	char base32[65], *key;
	size_t len;

	key_of(fake, prompt, base32);
	assert_int_equal(oath_base32_decode(base32, strlen(base32), &key,
	    &len), OATH_OK);
	assert_int_equal(len, 20);
	assert_int_equal(oath_totp_generate(key, len, fake->now.real, 30, 0, 6,
	    ret), OATH_OK);
	free(key);
}

static enum mfa_err
answer(struct fake *fake, const char *prompt, struct buf *ret)
{
	struct fixture *f = fake->ctx;
	const char *script = fake->asked < fake->nanswers ?
	    fake->answers[fake->asked] : NULL;

	if (f->to_save.len > 0 && fake->asked + 1 == fake->nanswers)
		fake_set(&fake->factors, buf_str(&f->to_save));
	if (script == NULL || strcmp(script, CODE) != 0)
		return MFA_OK;
	fake->asked++;
	if (strstr(prompt, "Press Enter: ") != NULL)
		return MFA_ECONV;	/* it is over */
	if (fake->sends > 0)
		return buf_puts(ret, fake->code);
	if (f->phone)	/* none came */
		return buf_puts(ret, "000000");
	app_code(fake, prompt, f->code);
	return buf_puts(ret, f->code);
}

static int
setup(void **state)
{
	struct fake_login *f;

	if (oath_init() != OATH_OK)
		return -1;
	f = fake_login_new(sizeof(struct fixture), "");
	f->who.minute = TODAY * 24 * 60;
	f->fake.on_ask = answer;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	buf_wipe(&f->to_save);
	oath_done();
	return fake_login_teardown(state);
}

/* One login with these answers, NULL at the end. */
static enum mfa_verdict
login(struct fake_login *f, const char *const *answers)
{
	f->fake.sends = 0;
	buf_wipe(&f->fake.drawn);
	return fake_login_run(f, answers);
}
#define LOGIN(f, ...) login(f, ANSWERS(__VA_ARGS__))

/* Neither factors nor state. */
static void
nothing(const struct fake_login *f)
{
	assert_string_equal(buf_str(&f->fake.factors), "");
	assert_string_equal(buf_str(&f->fake.state), "");
}

/* The last recovery code that was shown. */
static void
recovery_code(const struct fake_login *f, char ret[static 20])
{
	const char *line = strstr(buf_str(&f->fake.transcript), "- " "  10  ");

	assert_non_null(line);
	snprintf(ret, 20, "%s", line + strlen("-   10  "));
}

static void
app(void **state)
{
	struct fixture *own = *state;
	struct fake_login *f = &own->login;
	char recovery[20];

	fake_conf(&f->conf, APP "issuer = Example\n");
	assert_int_equal(LOGIN(f, "", CODE, ""), MFA_GRANTED);
	tells(f, "? More information is required to protect your account. Have "
	    "the authenticator app on your phone ready and press Enter");
	tells(f, "- [blocks]\n- [code]\n? Code that the app shows");
	tells(f, "? Your authenticator app is registered. Write down");
	assert_true(fake_has(&f->fake.drawn, "otpauth://totp/Example:alice@"));
	logs(f, "event=enrol outcome=registered user=alice service=sshd "
	    "rhost=192.0.2.1 method=totp factor=totp-");
	logs(f, "outcome=granted reason=enrolled_now user=alice");
	assert_false(fake_has(&f->fake.log, own->code));
	recovery_code(f, recovery);
	assert_true(fake_has(&f->fake.factors, "[factor recovery-"));

	/* The first code is used up; the next, and a recovery code, work. */
	assert_int_equal(LOGIN(f, own->code), MFA_DENY_CONV);
	tells(f, "This code was already used.");
	assert_int_equal(LOGIN(f, recovery), MFA_GRANTED);
	logs(f, "reason=right_code");
}

static void
phone(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, PHONE "methods = sms, call\n");
	assert_int_equal(LOGIN(f, "s", "japan", "090-0000-1234", CODE),
	    MFA_GRANTED);
	assert_string_equal(f->fake.to, "+819000001234");
	tells(f, "A code was sent by SMS to +81 ********34. Code (");
	logs(f, "event=send outcome=sent user=alice");
	logs(f, "event=enrol outcome=registered user=alice service=sshd "
	    "rhost=192.0.2.1 method=sms factor=phone-");
	logs(f, "to=+81********34 recovery=-");
	assert_false(fake_has(&f->fake.log, "1234"));
	assert_false(fake_has(&f->fake.factors, "recovery"));
	assert_true(fake_has(&f->fake.ledger, "\nproof = 0 sms "
	    "+819000001234 "));
	assert_false(fake_has(&f->fake.ledger, "\nsent ="));
	/* At the next login the code comes by itself. */
	f->fake.now.boot_ms += 60000;
	f->fake.now.real += 60;
	assert_int_equal(LOGIN(f, CODE), MFA_GRANTED);
	logs(f, "reason=right_code");
	assert_true(fake_has(&f->fake.ledger, "\nsent = 0 sms +819000001234 "));
}

/* What was sent to one number proves nothing about another. */
static void
another_number(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, PHONE "methods = sms\nuser_hourly = 1\n");
	assert_int_equal(LOGIN(f, "", "japan", "090-0000-1234", "n", "japan",
	    "090-0000-5678", CODE, "x"), MFA_DENY_WRONG);
	tells(f, "? This code no longer counts.");
	nothing(f);
}

static void
leaving(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, APP);
	assert_int_equal(LOGIN(f, "", "x"), MFA_DENY_WRONG);
	tells(f,
	    "? Nothing was saved. To start again, log in again. Press Enter: ");
	logs(f, "event=enrol outcome=enrol_left");
	logs(f, "outcome=refused reason=enrol_left");
	nothing(f);
	assert_int_equal(LOGIN(f, "", "000000", "000000", "000000", "000000",
	    "000000", CODE), MFA_DENY_WRONG);
	logs(f, "reason=enrol_wrong_code");
	nothing(f);
	assert_int_equal(LOGIN(f, ""), MFA_DENY_CONV);
	nothing(f);
	assert_int_equal(LOGIN(f, "\b\n\r\177INCORRECT"), MFA_DENY_WRONG);
	logs(f, "reason=refused_by_sshd");
	assert_string_equal(buf_str(&f->fake.drawn), "");
	nothing(f);
}

static void
time_is_over(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, APP "enrol_time = 60\ntime_limit = 10\n");
	/* Five calls until the code is checked: longer than time_limit. */
	f->fake.ms_per_call = 4000;
	assert_int_equal(LOGIN(f, "", CODE), MFA_GRANTED);
	buf_wipe(&f->fake.factors);
	fake_set(&f->fake.state, "");
	f->fake.ms_per_call = 20000;
	assert_int_equal(LOGIN(f, "", CODE, ""), MFA_DENY_STORE);
	tells(f, "? Timed out, nothing was saved. Log in again. Press Enter: ");
	logs(f, "outcome=refused reason=time_over");
	nothing(f);
}

/* Before the deadline, on its day, and after. */
static void
deadline(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, APP "deadline = 2027-03-31\n");
	assert_int_equal(LOGIN(f, ""), MFA_EXEMPT);
	tells(f, "You may go on without it for 12 days.");
	logs(f, "outcome=exempt reason=before_deadline");
	assert_int_equal(LOGIN(f, "a", CODE, ""), MFA_GRANTED);
	buf_wipe(&f->fake.factors);
	fake_set(&f->fake.state, "");
	f->who.minute += 11 * 24 * 60 + 1439;
	assert_int_equal(LOGIN(f, ""), MFA_EXEMPT);
	tells(f, "Today is the last day");
	f->who.minute++;
	assert_int_equal(LOGIN(f, "", "x"), MFA_DENY_WRONG);
	nothing(f);
	assert_int_equal(LOGIN(f, "", CODE, ""), MFA_GRANTED);
}

static void
two_kinds(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, PHONE "require_enrolled = app+phone\n"
	    "country = JP\n");
	fake_set(&f->fake.factors, OTHER);
	assert_int_equal(LOGIN(f, OTHERS_CODE, "x"), MFA_DENY_WRONG);
	tells(f, "? A phone is required as well. Register one of these: s: ");
	logs(f, "outcome=refused reason=enrol_left");
	assert_string_equal(buf_str(&f->fake.factors), OTHER);
	/* Who did not type a right code is not led anywhere. */
	assert_int_equal(LOGIN(f, "000000", "000000", "000000"),
	    MFA_DENY_WRONG);
	assert_false(fake_has(&f->fake.transcript, "A phone is required"));
	fake_set(&f->fake.state, "");
	assert_int_equal(LOGIN(f, OTHERS_CODE, "", "", "090-0000-1234",
	    CODE), MFA_GRANTED);
	logs(f, "outcome=granted reason=enrolled_now user=alice service=sshd "
	    "rhost=192.0.2.1 tty=ssh ruser=- method=totp factor=totp-aaaa");
	logs(f, "method=sms factor=phone-");
	assert_true(fake_has(&f->fake.factors, "[factor totp-aaaa]"));
	assert_true(fake_has(&f->fake.factors, "number = +819000001234"));
	/* Nothing is missing any more. */
	fake_set(&f->fake.state, "");
	assert_int_equal(LOGIN(f, OTHERS_CODE), MFA_GRANTED);
	logs(f, "reason=right_code");
}

/* A reset was so many seconds ago; they do not know of it. */
static void
reset(struct fake_login *f, int64_t ago)
{
	static struct state st;

	f->fake.now = (struct mfa_time){ .real = 1700000000,
	    .boot_ms = 500000000, .boot_id = "boot-1" };
	st = (struct state){ .reset.at = { .real = f->fake.now.real - ago,
	    .boottime = 500000 - ago, .boot = "boot-1" } };
	buf_wipe(&f->fake.factors);
	buf_wipe(&f->fake.state);
	assert_int_equal(state_format(&st, &f->fake.state), MFA_OK);
}

#define NOTICE "Your second factors were reset by an administrator on " \
    "2023-11-14: register anew, or tell them if you did not ask for that. "

/* It lets them enrol for a day, wherever a login can. */
static void
after_reset(void **state)
{
	static const char *const confs[] = { "", APP,
	    APP "deadline = 2027-03-31\n" };
	struct fake_login *f = *state;
	char was[256];

	for (size_t i = 0; i < sizeof(confs) / sizeof(*confs); i++) {
		fake_conf(&f->conf, confs[i]);
		reset(f, 3600);
		assert_int_equal(LOGIN(f, "", CODE, ""), MFA_GRANTED);
		tells(f, "? " NOTICE "Have the authenticator app on your phone "
		    "ready and press Enter (x: leave): \n");
		logs(f, "event=enrol outcome=registered user=alice ");
		logs(f, " opened=reset\n");
		logs(f, "outcome=granted reason=enrolled_now user=alice");
		/* That was that: nothing more to tell, nothing to run out. */
		assert_false(fake_has(&f->fake.state, "reset"));
		/* Leaving leaves it open, and untold. */
		reset(f, 3600);
		snprintf(was, sizeof(was), "%s", buf_str(&f->fake.state));
		assert_int_equal(LOGIN(f, "", "x"), MFA_DENY_WRONG);
		assert_string_equal(buf_str(&f->fake.state), was);
		assert_int_equal(f->fake.factors.len, 0);
		/* In the last second, and after it. */
		reset(f, 86399);
		assert_int_equal(LOGIN(f, "", CODE, ""), MFA_GRANTED);
		reset(f, 86400);
		assert_int_equal(LOGIN(f, ""), MFA_DENY_WRONG);
		assert_string_equal(buf_str(&f->fake.transcript), "? The time "
		    "to register a second factor after the reset is over. Ask "
		    "your administrator to open it again: mfactl reset alice. "
		    "Press Enter: \n");
		logs(f, "outcome=refused reason=enrol_closed user=alice");
		assert_int_equal(f->fake.factors.len, 0);
	}
	/* Who was never reset is led there by policy alone. */
	fake_conf(&f->conf, APP);
	fake_set(&f->fake.state, "");
	assert_int_equal(LOGIN(f, "", CODE, ""), MFA_GRANTED);
	tells(f, "? More information is required");
	logs(f, " opened=policy\n");
	/* Where everybody gets in without, so do they. */
	fake_conf(&f->conf, "not_enrolled = allow\n");
	reset(f, 86400);
	assert_int_equal(LOGIN(f, ""), MFA_EXEMPT);
	fake_conf(&f->conf, "first_factor = after\n");
	reset(f, 3600);
	assert_int_equal(LOGIN(f, "", "", ""), MFA_DENY_WRONG);
	assert_false(fake_has(&f->fake.transcript, "reset"));
}

static enum mfa_err
reset_anew(struct fake *fake, const char *prompt, struct buf *ret)
{
	char *at;

	if (strstr(prompt, "Code that the app") != NULL &&
	    (at = strstr((char *)fake->state.data, "reset_at = ")) != NULL)
		at[strlen("reset_at = 170000000")]++;
	return answer(fake, prompt, ret);
}

/* A reset ends what was under way before it. */
static void
reset_meanwhile(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, "");
	f->fake.on_ask = reset_anew;
	reset(f, 0);
	assert_int_equal(LOGIN(f, "", CODE), MFA_DENY_WRONG);
	tells(f, "? Your second factors were changed meanwhile");
	assert_int_equal(f->fake.factors.len, 0);
}

/* "r" or "c": its provider does not answer; CODE is one of the two. */
static enum mfa_err
unclear_answer(struct fake *fake, const char *prompt, struct buf *ret)
{
	struct fixture *f = fake->ctx;
	const char *script = fake->answers[fake->asked];

	(void)prompt;
	if (!strcmp(script, "r") || !strcmp(script, "c")) {
		memcpy(f->code, fake->code, sizeof(f->code));
		fake->send_fails = true;
		fake->answer = (struct sending_answer){
		    .class = SENDING_UNKNOWN };
	}
	if (strcmp(script, CODE) != 0)
		return MFA_OK;
	fake->asked++;
	return buf_puts(ret, f->newer ? fake->code : f->code);
}

/* Again without a factor; the newer code is the one that will come, or not. */
static void
nobody_yet(struct fixture *own, bool newer)
{
	struct fake *fake = &own->login.fake;

	buf_wipe(&fake->factors);
	fake_set(&fake->state, "");
	fake_set(&fake->ledger, "");
	fake->on_ask = unclear_answer;
	fake->ms_per_call = 1000;
	fake->send_fails = false;
	own->newer = newer;
}

/* The first SMS came, of the second nobody knows: either proves the phone. */
static void
unclear(void **state)
{
	struct fixture *own = *state;
	struct fake_login *f = &own->login;

	fake_conf(&f->conf, PHONE "methods = sms\nresend_after = 1\n");
	for (int newer = 0; newer < 2; newer++) {
		nobody_yet(own, newer);
		assert_int_equal(LOGIN(f, "", "japan", "090-0000-1234", "r",
		    CODE), MFA_GRANTED);
		tells(f, "may or may not come");
		assert_int_equal(f->fake.sends, 2);
	}
}

/* The way of the code that was right, in the words of every other line. */
static void
way_that_proved(void **state)
{
	static const char *const way[] = { "sms", "voice" };
	struct fixture *own = *state;
	struct fake_login *f = &own->login;
	char field[64];

	fake_conf(&f->conf, PHONE "methods = sms, call\nresend_after = 1\n");
	for (int newer = 0; newer < 2; newer++) {
		nobody_yet(own, newer);
		assert_int_equal(LOGIN(f, "s", "japan", "090-0000-1234", "c",
		    CODE), MFA_GRANTED);
		snprintf(field, sizeof(field), "rhost=192.0.2.1 method=%s "
		    "factor=phone-", way[newer]);
		logs(f, field);
		snprintf(field, sizeof(field), "ruser=- method=%s ",
		    way[newer]);
		logs(f, field);
		snprintf(field, sizeof(field), "ways = %s\n", way[newer]);
		assert_true(fake_has(&f->fake.factors, field));
	}
}

/* Another login enrolled, or an administrator did. */
static void
at83_meanwhile(void **state)
{
	struct fixture *own = *state;
	struct fake_login *f = &own->login;

	fake_conf(&f->conf, APP);
	fake_set(&own->to_save, OTHER);
	assert_int_equal(LOGIN(f, "", CODE), MFA_DENY_WRONG);
	tells(f, "? Your second factors were changed meanwhile");
	logs(f, "reason=factors_changed");
	assert_string_equal(buf_str(&f->fake.factors), OTHER);
	assert_string_equal(buf_str(&f->fake.state), "");
}

static void
without_picture(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, APP);
	f->fake.fail_at = 8;
	assert_int_equal(LOGIN(f, "", "x"), MFA_DENY_WRONG);
	logs(f, "fault at call 8");
	tells(f, "? Type this key in the authenticator app: ");
	f->fake.fail_at = 0;
	fake_conf(&f->conf, APP "qr = none\n");
	assert_int_equal(LOGIN(f, "", "q", "q", CODE, ""), MFA_GRANTED);
	tells(f, "- otpauth://totp/");
	tells(f, "? Type this key in the authenticator app: ");
	tells(f, "- [hashes]\n");
}

/* A line that a program may cut would be another account or key. */
static void
long_uri(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, APP "qr = none\n"
	    "issuer = 学校法人例大学情報基盤センター本館\n");
	memset(f->who.user, 'a', 150);
	assert_int_equal(LOGIN(f, "", "x"), MFA_DENY_WRONG);
	assert_false(fake_has(&f->fake.transcript, "otpauth://"));
	assert_false(fake_has(&f->fake.transcript, "Open this"));
	tells(f, "? Type this key in the authenticator app: ");
	f->who.user[10] = '\0';
	assert_int_equal(LOGIN(f, "", "x"), MFA_DENY_WRONG);
	tells(f, "- otpauth://totp/");
	tells(f, "Open this");
}

static void
elsewhere(void **state)
{
	struct fake_login *f = *state;

	fake_conf(&f->conf, "store = home\n" APP);
	assert_int_equal(LOGIN(f, ""), MFA_DENY_WRONG);
	tells(f, "run: mfactl add totp. Press Enter: ");
	logs(f, "reason=enrol_at_home");
	/* Guarded services refuse as ever. */
	fake_conf(&f->conf, APP "first_factor = after\n");
	assert_int_equal(LOGIN(f, "", "", ""), MFA_DENY_WRONG);
	assert_false(fake_has(&f->fake.transcript, "More information"));
	fake_conf(&f->conf, APP);
	f->who.known = false;
	assert_int_equal(LOGIN(f, "000000", "111111", "222222"),
	    MFA_DENY_WRONG);
	assert_false(fake_has(&f->fake.transcript, "More information"));
	assert_string_equal(buf_str(&f->fake.factors), "");
}

/*
 * Every call fails in turn, with every error: who is not let in leaves every
 * byte as it was, and may start again; who is let in is enrolled whole.
 */
static void
faults(struct fake_login *f, const char *conf, const char *const *script,
    size_t kinds)
{
	static const enum mfa_err errors[] = { MFA_OK, MFA_ENOMEM, MFA_EPERM,
	    MFA_EIO, MFA_EBUSY, MFA_ESYNTAX, MFA_ECRYPTO, MFA_EEXIST,
	    MFA_ETIME, MFA_ENOENT };
	struct fixture *own = f->fake.ctx;
	unsigned refused = 0;

	assert_true(kinds <= sizeof(errors) / sizeof(*errors));
	fake_conf(&f->conf, conf);
	own->phone = *f->conf.send.senders != '\0';
	for (size_t e = 0; e < kinds; e++)
		for (unsigned n = 1; ; n++) {
			buf_wipe(&f->fake.factors);
			fake_set(&f->fake.state, "");
			fake_set(&f->fake.ledger, "");
			f->fake.calls = 0;
			f->fake.fail_at = n;
			f->fake.fail_with = errors[e];
			f->fake.locked = f->fake.ledger_locked = false;
			if (login(f, script) == MFA_GRANTED) {
				assert_true(f->fake.factors.len > 0);
				assert_true(f->fake.saves > 0);
				if (f->fake.calls < n)
					break;
				continue;
			}
			refused++;
			assert_int_not_equal(f->rep.verdict, MFA_EXEMPT);
			assert_string_equal(buf_str(&f->fake.factors), "");
			assert_true(f->fake.state.len == 0 ||
			    !fake_has(&f->fake.state, "[factor"));
			f->fake.fail_at = 0;
			fake_set(&f->fake.ledger, "");
			assert_int_equal(login(f, script), MFA_GRANTED);
		}
	assert_true(refused >= 10 * kinds);
}

static void
fault_everywhere(void **state)
{
	static const char *const app_script[] = { "", CODE, NULL };
	static const char *const phone_script[] = { "", "japan",
	    "090-0000-1234", CODE, NULL };
	static const char *const codes_script[] = { "", CODE, "", NULL };

	faults(*state, APP "methods = totp\n", app_script, 10);
	faults(*state, PHONE "methods = sms\n", phone_script, 10);
	/* Recovery codes take their time to be made. */
	faults(*state, APP, codes_script, 1);
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(app), TEST(phone), TEST(another_number), TEST(leaving),
		TEST(time_is_over), TEST(deadline), TEST(two_kinds),
		TEST(at83_meanwhile), TEST(after_reset), TEST(reset_meanwhile),
		TEST(unclear), TEST(way_that_proved), TEST(without_picture),
		TEST(long_uri),
		TEST(elsewhere),
		TEST(fault_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
