/*
 * Logins with codes that are sent, on fake ports: what is sent, kept, counted,
 * told and logged, with a fault at every call. "$" stands for the code that was
 * sent last, "$1" for the first; the app's key is RFC 4226 appendix D's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_ports.h"

#define RIGHT "254676"		/* second 150 */
#define NUMBER "+819000001234"
#define MASKED "+81 ********34"

#define LABELLED "version = 1\n[factor totp-aaaa]\nkind = totp\n" \
    "label = phone-bbbb\ncreated = 1\nsecret = " FAKE_KEY "\n" \
    "algorithm = SHA1\ndigits = 6\nperiod = 30\n"
#define PHONE "[factor phone-bbbb]\nkind = phone\nlabel = Mobile\n" \
    "created = 1\nnumber = " NUMBER "\nextension =\nways = sms voice\n" \
    "key = 000102030405060708090a0b0c0d0e0f" \
    "101112131415161718191a1b1c1d1e1f\n"

static const char both[] = FAKE_RECORD PHONE;
static const char phone_only[] = "version = 1\n" PHONE;

static const char CONF[] = "senders = kannel\nnumbers = +81\n";

#define LOCKED "version = 1\nfailures = 50\nfailed_at = 1\n" \
    "failed_boottime = 1\nfailed_boot = boot-1\n"
#define WAITING "version = 1\nfailures = 5\nfailed_at = 150\n" \
    "failed_boottime = 1000\nfailed_boot = boot-1\n"

struct fixture {
	struct fake_login login;
	char first[9];		/* the first code of a login */
	char seen[1024];	/* the ledger when the sender was asked */
	int64_t takes_ms;	/* the sender */
	const char *left;	/* set: the factors after it was sent */
};

static void
watch(struct fake *fake, const struct sending_request *req)
{
	struct fixture *f = fake->ctx;

	snprintf(f->seen, sizeof(f->seen), "%s", buf_str(&fake->ledger));
	if (*f->first == '\0')
		snprintf(f->first, sizeof(f->first), "%s", req->code);
	fake->now.boot_ms += f->takes_ms;
	if (f->left != NULL)
		fake_set(&fake->factors, f->left);
}

/* What the provider answers from now on. */
static void
answers(struct fake *fake, enum sending_class class)
{
	fake->send_fails = true;
	fake->answer = (struct sending_answer){ .class = class,
	    .provider = "kannel", .reason = "503 busy" };
}

/*
 * "$", "$1"; "+N" lets N seconds pass and types nothing; "?r" types "r", and
 * from then on the provider does not answer.
 */
static enum mfa_err
on_ask(struct fake *fake, const char *prompt, struct buf *ret)
{
	const struct fixture *f = fake->ctx;
	const char *answer = fake->asked < fake->nanswers ?
	    fake->answers[fake->asked] : NULL;

	assert_in_range(strlen(prompt), 6, 511);
	if (answer != NULL && *answer == '?' && answer[1] != '\0') {
		answers(fake, SENDING_UNKNOWN);
		fake->asked++;
		return buf_puts(ret, answer + 1);
	}
	if (answer == NULL || strchr("$+", *answer) == NULL || !*answer)
		return MFA_OK;
	fake->asked++;
	if (*answer == '+') {
		fake->now.boot_ms += atoi(answer) * 1000;
		return buf_puts(ret, " ");
	}
	return buf_puts(ret, answer[1] ? f->first : fake->code);
}

static void
configure(struct fake_login *f, const char *more)
{
	struct mfa_why why = { "" };

	fake_conf(&f->conf, CONF);
	if (conf_parse(&f->conf, "u", more, strlen(more), &why))
		fail_msg("%s", why.text);
}

static int
setup(void **state)
{
	struct fake_login *f = fake_login_new(sizeof(struct fixture), both);

	configure(f, "");
	f->fake.now.boot_ms = 1000000;
	f->fake.on_ask = on_ask;
	f->fake.on_send = watch;
	*state = f;
	return 0;
}

static void
nothing_leaks(const struct fake *fake)
{
	assert_false(fake_has(&fake->log, NUMBER));
	assert_false(fake_has(&fake->transcript, NUMBER));
	if (*fake->code == '\0')
		return;
	assert_false(fake_has(&fake->log, fake->code));
	assert_false(fake_has(&fake->transcript, fake->code));
	assert_false(fake_has(&fake->state, fake->code));
	assert_false(fake_has(&fake->ledger, fake->code));
}

static enum mfa_verdict
login_with(struct fake_login *f, const char *const *answers)
{
	struct fixture *own = f->fake.ctx;

	*own->first = '\0';
	fake_login_run(f, answers);
	nothing_leaks(&f->fake);
	return f->rep.verdict;
}

#define login(f, ...) login_with(f, ANSWERS(__VA_ARGS__))

static const char USED[] = "wrong = 0\nused = 1\n";	/* of [code] */

static void
sms(void **state)
{
	struct fixture *own = *state;
	struct fake_login *f = &own->login;

	assert_int_equal(login(f, "s", "$"), MFA_GRANTED);
	assert_string_equal(buf_str(&f->fake.transcript),
	    "? Code from your authenticator app (s: SMS, c: call, ?: help): \n"
	    "? A code was sent by SMS to " MASKED ". Code (r: send again, "
	    "?: other ways): \n");
	logs(f, "event=send outcome=sent user=alice service=sshd method=sms "
	    "factor=phone-bbbb to=+81********34 provider=fake id=id-1 class=- "
	    "limit=- reason=-\n");
	logs(f, "outcome=granted reason=right_code user=alice service=sshd "
	    "rhost=192.0.2.1 tty=ssh ruser=- method=sms factor=phone-bbbb "
	    "failures=0 ");
	assert_string_equal(f->fake.to, NUMBER);
	assert_true(fake_has(&f->fake.state, USED));
	/* Before it was sent it was counted. */
	assert_non_null(strstr(own->seen, "\nsent = 0 sms " NUMBER " alice\n"));
	/* Once; and it is told from a wrong one. */
	assert_int_equal(login(f, f->fake.code), MFA_DENY_CONV);
	tells(f, "? This code was already used. Ask for a new one. Code "
	    "(2 tries left; s: SMS, c: call, ?: help): ");
	assert_true(fake_has(&f->fake.state, "failures = 0\n"));
}

static void
call(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "c", "$"), MFA_GRANTED);
	tells(f, "? " MASKED " is being called: the voice says a code. ");
	logs(f, "method=voice factor=phone-bbbb failures=0");
	assert_true(fake_has(&f->fake.text, "Goodbye."));
}

static void
wrong_then_right(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "s", "000000", "$"), MFA_GRANTED);
	tells(f, "? Wrong code. Type the one that came last. Code (2 tries "
	    "left; r: send again, ?: other ways): ");
	assert_int_equal(f->fake.commits, 3);	/* kept, wrong, right */
	/* The app's code is as good after an SMS. */
	f->fake.now.boot_ms += 100000;
	assert_int_equal(login(f, "s", RIGHT), MFA_GRANTED);
	logs(f, "method=totp factor=totp-aaaa");
	assert_int_equal(login(f, f->fake.code), MFA_DENY_CONV);
}

static void
at_once(void **state)
{
	struct fake_login *f = *state;

	fake_set(&f->fake.factors, phone_only);
	assert_int_equal(login(f, "$"), MFA_GRANTED);
	assert_string_equal(buf_str(&f->fake.transcript), "? A code was sent "
	    "by SMS to " MASKED ". Code (r: send again, ?: other ways): \n");
	fake_set(&f->fake.factors, "version = 1\nlanguage = ja\nfirst = voice\n"
	    FAKE_TOTP PHONE);
	f->fake.now.boot_ms += 100000;
	assert_int_equal(login(f, "$"), MFA_GRANTED);
	logs(f, "method=voice");
	assert_string_equal(f->fake.language, "ja");
	assert_true(fake_has(&f->fake.text, "ログインの確認コードは"));
}

/* It is told why, the other ways stay, and it cost nothing. */
static void
refused(void **state)
{
	struct fake_login *f = *state;

	answers(&f->fake, SENDING_TRANSIENT);
	assert_int_equal(login(f, "s", RIGHT), MFA_GRANTED);
	tells(f, "? No SMS to " MASKED ": the provider cannot be reached now; "
	    "try again in a minute. "
	    "Code (r: send again, ?: other ways): ");
	logs(f, "event=send outcome=refused user=alice service=sshd method=sms "
	    "factor=phone-bbbb to=+81********34 provider=kannel id=- "
	    "class=transient limit=- reason=503?busy\n");
	assert_false(fake_has(&f->fake.ledger, "sent ="));
	assert_true(fake_has(&f->fake.ledger, "\nrefused = 0 sms "));
	assert_int_equal(f->fake.commits, 1);	/* it was not kept */
	/* What was not accepted opens nothing, should it come after all. */
	f->fake.now.boot_ms += 30000;
	assert_int_equal(login(f, "s", "$"), MFA_DENY_CONV);
	tells(f, "Wrong code.");
	f->fake.send_fails = false;
	/* The same again has to wait; another way has not. */
	assert_int_equal(login(f, "s", "c", "$"), MFA_GRANTED);
	tells(f, "? No SMS now: the next can be sent in 60 seconds. ");
}

static void
unclear(void **state)
{
	struct fake_login *f = *state;

	answers(&f->fake, SENDING_UNKNOWN);
	assert_int_equal(login(f, "s", "$"), MFA_GRANTED);
	tells(f, "may or may not come");
	logs(f, "outcome=unclear");
	logs(f, "class=unknown");
	assert_true(fake_has(&f->fake.ledger, "sent = 0 sms"));
	f->fake.send_fails = false;
	assert_int_equal(login(f, "s", RIGHT), MFA_GRANTED);
	tells(f, "? No SMS now: the next can be sent in 30 seconds. ");
	logs(f, "outcome=wait");
	logs(f, "limit=resend_after");
	assert_int_equal(f->fake.sends, 1);
}

/* One that was sent stays good beside one that may not come. */
static void
unclear_after_sent(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "s", "+30", "?r", "$1"), MFA_GRANTED);
	tells(f, "may or may not come");
	assert_int_equal(f->fake.sends, 2);
	f->fake.send_fails = false;
	f->fake.now.boot_ms += 4000000;
	assert_int_equal(login(f, "s", "+30", "?r", "$"), MFA_GRANTED);
	/* Once: with either the other is void. */
	assert_int_equal(f->fake.sends, 4);
	assert_true(fake_has(&f->fake.state, USED));
	assert_null(strstr(strstr(buf_str(&f->fake.state), "[code ") + 1,
	    "[code "));
}

static void
again(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "s", "r", "$"), MFA_GRANTED);
	assert_int_equal(f->fake.sends, 1);
	tells(f, "? The code sent by SMS to " MASKED " a moment ago is still "
	    "good; a new one can be sent in 30 seconds. ");
	logs(f, "outcome=earlier");
	/* In another session too. */
	f->fake.now.boot_ms += 100000;
	assert_int_equal(login(f, "s"), MFA_DENY_CONV);
	assert_int_equal(login(f, "s", "$"), MFA_GRANTED);
	tells(f, "a moment ago is still good");
	assert_int_equal(f->fake.sends, 2);
}

static void
newer_replaces(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "s", "+30", "r", "$1", "$"), MFA_GRANTED);
	tells(f, "Wrong code. Type the one that came last.");
	assert_int_equal(f->fake.sends, 2);
}

static void
too_late(void **state)
{
	struct fake_login *f = *state;

	configure(f, "time_limit = 10m\n");
	assert_int_equal(login(f, "s", "+300", "$"), MFA_DENY_CONV);
	tells(f, "This code came too late: it was good for five minutes.");
	/* Nor in another boot, at another service, for another person. */
	assert_int_equal(login(f, "s"), MFA_DENY_CONV);
	strcpy(f->fake.now.boot_id, "boot-2");
	assert_int_equal(login(f, f->fake.code), MFA_DENY_CONV);
	tells(f, "too late");
}

static void
other_door(void **state)
{
	struct fake_login *f = *state;

	assert_int_equal(login(f, "s"), MFA_DENY_CONV);
	strcpy(f->who.service, "sudo");
	assert_int_equal(login(f, f->fake.code), MFA_DENY_CONV);
	tells(f, "Wrong code.");
	/* It is not "still good" here. */
	assert_int_equal(login(f, "s"), MFA_DENY_CONV);
	tells(f, "? No SMS now: the next can be sent in 30 seconds. ");
	strcpy(f->who.service, "sshd");
	configure(f, "first_factor = after\n");
	assert_int_equal(login(f, f->fake.code), MFA_DENY_CONV);
	configure(f, "");
	assert_int_equal(login(f, f->fake.code), MFA_GRANTED);
}

/* Nobody before the first factor, and nobody who cannot use it. */
static void
nothing_sent(void **state)
{
	struct fake_login *f = *state;
	struct buf first = { 0 };

	assert_int_equal(login(f, "\b\n\r\177INCORRECT"), MFA_DENY_WRONG);
	configure(f, "first_factor = after\n");
	fake_set(&f->fake.factors, "version = 1\nfirst = sms\n" PHONE);
	assert_int_equal(login(f, "s", "c"), MFA_DENY_CONV);
	fake_set(&first, buf_str(&f->fake.transcript));
	f->who.known = false;
	assert_int_equal(login(f, "s", "c"), MFA_DENY_CONV);
	assert_string_equal(buf_str(&f->fake.transcript), buf_str(&first));
	configure(f, "");
	assert_int_equal(login(f, "s", "c"), MFA_DENY_CONV);
	assert_string_equal(buf_str(&f->fake.transcript), buf_str(&first));
	f->who.known = true;
	configure(f, "first_factor = joined\n");
	assert_int_equal(login(f, "s"), MFA_DENY_WRONG);
	configure(f, "senders =\n");
	assert_int_equal(login(f, "s"), MFA_DENY_WRONG);
	logs(f, "reason=no_sender");
	/* A number that its owner alone has written down. */
	configure(f, "store = home\n");
	assert_int_equal(login(f, "s"), MFA_DENY_WRONG);
	logs(f, "reason=no_sender");
	assert_int_equal(f->fake.sends, 0);
	assert_string_equal(buf_str(&f->fake.ledger), "");
	buf_wipe(&first);
}

static void
held_back(void **state)
{
	struct fake_login *f = *state;

	fake_set(&f->fake.factors, phone_only);
	fake_set(&f->fake.state, LOCKED);
	assert_int_equal(login(f, ""), MFA_DENY_LIMIT);
	tells(f, "? Locked after 50 wrong codes.");
	logs(f, "reason=locked");
	logs(f, "failures=50");
	fake_set(&f->fake.state, WAITING);
	assert_int_equal(login(f, "r"), MFA_DENY_LIMIT);
	tells(f, "? Too many wrong codes. Wait 30 seconds");
	assert_int_equal(f->fake.sends, 0);
	fake_set(&f->fake.state, "version = 1\nfailures = many\n");
	assert_int_equal(login(f, "$"), MFA_DENY_STORE);
	assert_int_equal(f->fake.sends, 0);
	fake_set(&f->fake.state, WAITING);
	f->fake.now.boot_ms += 30000;
	assert_int_equal(login(f, "$"), MFA_GRANTED);
}

static void
not_allowed(void **state)
{
	struct fake_login *f = *state;

	configure(f, "numbers = +1\n");
	assert_int_equal(login(f, "s", RIGHT), MFA_GRANTED);
	tells(f, "? No SMS: this host sends no codes to numbers like " MASKED);
	logs(f, "outcome=not_allowed");
	assert_int_equal(f->fake.sends, 0);
}

/* A ledger at fault: nothing is sent, the login goes on. */
static void
not_counted(void **state)
{
	struct fake_login *f = *state;

	fake_set(&f->fake.ledger, "version = 1\nsent = x\n");
	assert_int_equal(login(f, "s", RIGHT), MFA_GRANTED);
	tells(f, "? No SMS: a fault of this host, not yours. Use another way, "
	    "or ask your administrator for: mfactl check. ");
	logs(f, "outcome=fault");
	logs(f, "reason=line?2:?no?good?sent");
	assert_int_equal(f->fake.sends, 0);
}

static void
one_alert(void **state)
{
	struct fake_login *f = *state;
	unsigned alerts = 0;
	char name[16];

	configure(f, "host_daily = 5\nnumber_burst = 100\n");
	for (unsigned i = 0; i < 5; i++) {
		snprintf(f->who.user, sizeof(f->who.user), "user%u", i);
		snprintf(name, sizeof(name), "user=user%u", i);
		assert_int_equal(login(f, "s"), MFA_DENY_CONV);
		logs(f, name);
		alerts += fake_has(&f->fake.log, "event=alert "
		    "limit=host_daily: four fifths of it are used up\n");
		assert_int_equal(alerts, i >= 3);
	}
	strcpy(f->who.user, "carol");
	assert_int_equal(login(f, "s"), MFA_DENY_CONV);
	tells(f, "? No SMS: this host has sent as many as it may for now.");
	logs(f, "outcome=host_limit");
	logs(f, "limit=host_daily");
	assert_int_equal(f->fake.sends, 5);
}

/* Somebody who knows the password, for a day: five an hour, ten in all. */
static void
money(void **state)
{
	struct fake_login *f = *state;
	unsigned in_hour = 0;

	fake_set(&f->fake.factors, phone_only);
	for (unsigned minute = 0; minute < 24 * 60; minute++) {
		login(f, "s", "c", "r", "s", "c");
		f->fake.now.boot_ms += 60000;
		f->fake.now.real += minute % 7 ? 60 : -86400;
		in_hour = minute == 59 ? f->fake.sends : in_hour;
	}
	assert_int_equal(in_hour, 5);
	assert_int_equal(f->fake.sends, 10);
}

/* The same, guessing: new codes give no new guesses. */
static void
guesses(void **state)
{
	struct fake_login *f = *state;
	unsigned n = 0;

	fake_set(&f->fake.factors, phone_only);
	while (n++ < 2000 && f->rep.failures < 50) {
		login(f, "s", "000000", "000001", "000002", "000003");
		f->fake.now.boot_ms += 600000;
	}
	assert_int_equal(f->rep.failures, 50);
	/* 45 of them each after its wait: 30 s doubling up to an hour. */
	assert_true(f->fake.now.boot_ms > INT64_C(1000) * 3600 * 37);
	n = f->fake.sends;
	assert_int_equal(login(f, ""), MFA_DENY_LIMIT);
	assert_int_equal(f->fake.sends, n);
}

/* All of them, or another is called what the phone was named. */
static enum mfa_err
reset_now(struct fake *fake, const char *prompt, struct buf *ret)
{
	const struct fixture *own = fake->ctx;

	(void)prompt;
	(void)ret;
	fake_set(&fake->factors, own->left);
	return MFA_OK;
}

static void
reset_in_flight(void **state)
{
	static const char *const left[] = { "", LABELLED };
	struct fixture *own = *state;
	struct fake_login *f = &own->login;

	f->fake.on_ask = reset_now;
	configure(f, "not_enrolled = allow\n");
	for (size_t i = 0; i < 2; i++) {
		fake_set(&f->fake.factors, both);
		own->left = left[i];
		assert_int_equal(login(f, "s", "$"), MFA_DENY_WRONG);
		logs(f, "reason=factors_removed");
		assert_int_equal(f->fake.sends, 0);
	}
	f->fake.on_ask = on_ask;
}

/* All factors, or the phone alone, go while it is being sent. */
static void
reset_while_sending(void **state)
{
	static const char *const left[] = { "", FAKE_RECORD };
	struct fixture *own = *state;
	struct fake_login *f = &own->login;

	for (size_t i = 0; i < 2; i++) {
		fake_set(&f->fake.factors, both);
		fake_set(&f->fake.ledger, "");
		own->left = left[i];
		assert_int_equal(login(f, "s", "$"), MFA_DENY_WRONG);
		logs(f, "reason=factors_removed");
		tells(f, "! Your second factors were reset just now.");
		assert_int_equal(f->fake.sends, i + 1);
		assert_string_equal(buf_str(&f->fake.state), "");
	}
}

/* Right, wrong, late and of another door: one lock and one write for each. */
static void
at62_same_cost(void **state)
{
	struct fake_login *f = *state;
	char code[9];

	assert_int_equal(login(f, "s"), MFA_DENY_CONV);
	snprintf(code, sizeof(code), "%s", f->fake.code);
	for (int i = 0; i < 4; i++) {
		unsigned begins = f->fake.begins, commits = f->fake.commits;

		snprintf(f->who.service, sizeof(f->who.service), "%s",
		    i == 1 ? "sudo" : "sshd");
		f->fake.now.boot_ms += i == 2 ? OTC_TTL * 1000 : 0;
		assert_int_equal(login(f, i ? code : "000000"), MFA_DENY_CONV);
		assert_int_equal(f->fake.begins, begins + 1);
		assert_int_equal(f->fake.commits, commits + 1);
	}
	tells(f, "This code came too late");
}

/* A sender takes all there is: the end comes in time, with nothing open. */
static void
time_is_over(void **state)
{
	struct fixture *own = *state;
	struct fake_login *f = &own->login;

	configure(f, "time_limit = 10s\n");
	own->takes_ms = 10000;
	assert_int_equal(login(f, "s", "$"), MFA_DENY_STORE);
	tells(f, "! Timed out.");
	logs(f, "reason=time_over");
	assert_int_equal(f->fake.asked, 1);
	assert_int_equal(f->fake.commits, 0);
	assert_int_equal(f->rep.ms, 10000);
	/* Too late to begin. */
	own->takes_ms = 0;
	f->fake.now.boot_ms += 100000;
	configure(f, "time_limit = 10s\n");
	assert_int_equal(login(f, "+11", "s", "$"), MFA_DENY_STORE);
	logs(f, "reason=time_over");
	assert_int_equal(f->fake.sends, 1);
}

/*
 * Every call fails in turn: nobody gets in but by a code on the disk, none is
 * kept that was not sent, none is sent that was not counted, and the next
 * honest login works.
 */
static void
fault_everywhere(void **state)
{
	static const enum mfa_err errors[] = { MFA_OK, MFA_ENOMEM, MFA_EBUSY,
	    MFA_ESYNTAX, MFA_ENOENT };
	struct fake_login *f = *state;

	for (size_t e = 0; e < sizeof(errors) / sizeof(*errors); e++) {
		unsigned n = 0;

		do {
			struct fake *fake = &f->fake;

			fake->calls = fake->sends = 0;
			fake->fail_at = ++n;
			fake->fail_with = errors[e];
			*fake->code = '\0';
			fake_set(&fake->state, "");
			fake_set(&fake->ledger, "");
			if (login(f, "s", "$") == MFA_GRANTED) {
				assert_true(fake_has(&fake->state, USED));
				assert_true(fake_has(&fake->state, "used_at"));
			} else {
				assert_int_not_equal(f->rep.verdict,
				    MFA_EXEMPT);
			}
			if (fake->sends == 0)
				assert_false(fake_has(&fake->state, "[code"));
			else
				assert_true(fake_has(&fake->ledger, "sent ="));
			if (fake->calls < n)
				break;
			fake->fail_at = 0;
			assert_int_equal(login(f, RIGHT), MFA_GRANTED);
			assert_true(n < 100);
		} while (true);
		assert_int_equal(f->rep.verdict, MFA_GRANTED);
		assert_true(n > 15);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_login_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(sms), T(call),
	    T(wrong_then_right), T(at_once), T(refused), T(unclear),
	    T(unclear_after_sent), T(again), T(newer_replaces), T(too_late),
	    T(other_door), T(nothing_sent), T(held_back), T(not_allowed),
	    T(not_counted), T(one_alert), T(money), T(guesses),
	    T(reset_in_flight), T(reset_while_sending), T(at62_same_cost),
	    T(time_is_over), T(fault_everywhere) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
