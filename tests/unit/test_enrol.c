/*
 * The enrolment at login as a state machine: tables of dialogues, each from
 * the first question to its end.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/challenge.h"
#include "../../pam_mfa/core/enrol.h"
#include "../fake/memory.h"

#define APP METHOD_BIT(METHOD_TOTP)
#define SMS METHOD_BIT(METHOD_SMS)
#define CALL METHOD_BIT(METHOD_CALL)
#define STEPS 15
#define KEY "ABCD EFGH"

/*
 * What happens: ">x" x is typed; else the result of the action before it.
 * What is then to be done, and words that the text or prompt holds.
 */
struct step {
	const char *event;
	enum enrol_do want;
	const char *says;
};

struct dialogue {
	const char *name;
	struct enrol_terms terms;
	const char *opening;
	struct step step[STEPS];
	enum mfa_verdict verdict;
	const char *reason;
};

static struct enrol_action
happen(struct enrol *e, const char *event)
{
	struct delivery sent = { .outcome = DELIVERY_SENT };

	if (*event == '>')
		return enrol_answer(e, event + 1);
	if (!strcmp(event, "shown"))
		return enrol_shown(e, NULL);
	if (!strcmp(event, "text"))
		return enrol_shown(e, KEY);
	if (!strcmp(event, "sent"))
		return enrol_sent(e, &sent);
	if (!strcmp(event, "not sent")) {
		sent = (struct delivery){ .outcome = DELIVERY_WAIT,
		    .wait = 30 };
		return enrol_sent(e, &sent);
	}
	if (!strcmp(event, "right"))
		return enrol_checked(e, FIRST_RIGHT);
	if (!strcmp(event, "wrong"))
		return enrol_checked(e, FIRST_WRONG);
	if (!strcmp(event, "void"))
		return enrol_checked(e, FIRST_VOID);
	if (!strcmp(event, "saved"))
		return enrol_saved(e, false);
	if (!strcmp(event, "saved, codes"))
		return enrol_saved(e, true);
	if (!strcmp(event, "changed"))
		return enrol_failed(e, MFA_EEXIST);
	if (!strcmp(event, "not saved"))
		return enrol_failed(e, MFA_EIO);
	if (!strcmp(event, "hung up"))
		return enrol_hung_up(e);
	if (!strcmp(event, "end"))
		return enrol_failed(e, MFA_ETIME);
	assert_string_equal(event, "late");
	return enrol_failed(e, MFA_ETIME);
}

static void
holds(const char *name, const char *event, const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		fail_msg("%s: after \"%s\": no \"%s\" in: %s", name, event,
		    words, text);
	assert_true(strlen(text) < 512);
}

static void
play(const struct dialogue *d)
{
	struct enrol_terms terms = d->terms;
	struct enrol_action a;
	struct enrol e;

	terms.user = "alice";
	terms.numbers = "+81 +44";
	a = enrol_start(&e, &terms);
	assert_int_equal(a.what, ENROL_PROMPT);
	holds(d->name, "start", a.text, d->opening);
	for (size_t i = 0; i < STEPS && d->step[i].event != NULL; i++) {
		const struct step *s = &d->step[i];

		a = happen(&e, s->event);
		if (a.what != s->want)
			fail_msg("%s: after \"%s\": %d, not %d: %s", d->name,
			    s->event, a.what, s->want, a.text);
		holds(d->name, s->event, a.text, s->says);
		assert_false(a.what != ENROL_DONE && a.verdict);
	}
	assert_int_equal(a.what, ENROL_DONE);
	if (a.verdict != d->verdict || strcmp(a.reason, d->reason) != 0)
		fail_msg("%s: ends with %s", d->name, a.reason);
}

static const struct dialogue table[] = {
	{ "only the app", { .methods = APP, .first = true },
	    "Have the authenticator app on your phone ready and press Enter", {
		{ ">", ENROL_SHOW, "" },
		{ "shown", ENROL_PROMPT, "Code that the app shows" },
		{ ">123 456", ENROL_CHECK, "" },
		{ "right", ENROL_SAVE, "" },
		{ "saved, codes", ENROL_PROMPT, "Your authenticator app is "
		    "registered. Write down the recovery codes" },
		{ ">", ENROL_DONE, "" } },
	    MFA_GRANTED, "enrolled_now" },
	{ "no recovery codes", { .methods = APP, .first = true },
	    "More information is required to protect your account.", {
		{ ">a", ENROL_SHOW, "" },
		{ "shown", ENROL_PROMPT, "" },
		{ ">123456", ENROL_CHECK, "" },
		{ "right", ENROL_SAVE, "" },
		{ "saved", ENROL_DONE, "Your authenticator app is" } },
	    MFA_GRANTED, "enrolled_now" },
	{ "a choice", { .methods = APP | SMS | CALL, .first = true },
	    "Register one of these: a: authenticator app (or Enter), s: codes "
	    "by SMS, c: codes by call; x: leave: ", {
		{ ">z", ENROL_PROMPT, "That is not one of the letters. " },
		{ ">A", ENROL_SHOW, "" },
		{ "shown", ENROL_PROMPT, "" },
		{ ">b", ENROL_PROMPT, "Register one of these" },
		{ ">x", ENROL_PROMPT, "Nothing was saved. To start again" },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "enrol_left" },
	{ "what is not offered is none", { .methods = SMS, .first = true },
	    "Have your phone ready and press Enter", {
		{ ">a", ENROL_PROMPT, "not one of the letters" },
		{ ">c", ENROL_PROMPT, "not one of the letters" },
		{ "hung up", ENROL_DONE, "" } },
	    MFA_DENY_CONV, "conversation" },
	{ "the key as text, and the other QR code",
	    { .methods = APP, .first = true }, "", {
		{ ">", ENROL_SHOW, "" },
		{ "text", ENROL_PROMPT, "app: " KEY ". Code that the app" },
		{ ">k", ENROL_SHOW, "" },
		{ "text", ENROL_PROMPT, KEY },
		{ ">q", ENROL_SHOW, "" },
		{ "shown", ENROL_PROMPT, "" },
		{ ">", ENROL_PROMPT, "" },
		{ ">hello", ENROL_PROMPT, "That is not a code." },
		{ ">12345", ENROL_PROMPT, "That is not a code." },
		{ "late", ENROL_PROMPT, "Timed out, nothing was saved. Log in "
		    "again." },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_STORE, "time_over" },
	{ "a phone", { .methods = SMS | CALL, .first = true }, "", {
		{ ">s", ENROL_PROMPT, "Country of your phone number, such as" },
		{ ">Atlantis", ENROL_PROMPT, "There is no such country" },
		{ ">Japam", ENROL_PROMPT, "There is no such country; did you "
		    "mean Japan? Country of your phone number" },
		{ ">japan", ENROL_PROMPT, "Phone number in Japan (+81)" },
		{ ">hello", ENROL_PROMPT, "Phone number in" },
		{ ">090-0000-1234", ENROL_SEND, "" },
		{ "sent", ENROL_PROMPT, "sent by SMS to +81 ********34. Code "
		    "(r: send again, s: SMS, c: call, n: other number" },
		{ ">000000", ENROL_CHECK, "" },
		{ "wrong", ENROL_PROMPT, "Type the one that came last" },
		{ ">c", ENROL_SEND, "" },
		{ "sent", ENROL_PROMPT, "+81 ********34 is being called" },
		{ ">000001", ENROL_CHECK, "" },
		{ "right", ENROL_SAVE, "" },
		{ "saved, codes", ENROL_PROMPT, "Your phone +81 ********34 is "
		    "registered." },
		{ "hung up", ENROL_DONE, "" } },
	    MFA_GRANTED, "enrolled_now" },
	{ "a whole number at once", { .methods = SMS, .first = true }, "", {
		{ ">", ENROL_PROMPT, "Country" },
		{ ">+44 7700 900123", ENROL_SEND, "" },
		{ "not sent", ENROL_PROMPT, "the next can be sent in 30" },
		{ ">123456", ENROL_CHECK, "" },
		{ "void", ENROL_PROMPT, "Type r for a new one" },
		{ ">r", ENROL_SEND, "" },
		{ "sent", ENROL_PROMPT, "" },
		{ ">n", ENROL_PROMPT, "Country" },
		{ ">+1", ENROL_PROMPT, "Phone number in United States" },
		{ ">555 0100 200", ENROL_PROMPT, "Phone number in" },
		{ ">n", ENROL_PROMPT, "Country" },
		{ ">x", ENROL_PROMPT, "" },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "enrol_left" },
	{ "a number that nothing is sent to", { .methods = SMS,
	    .first = true }, "", {
		{ ">", ENROL_PROMPT, "" },
		{ ">+33 6 12 34 56 78", ENROL_PROMPT, "sends no codes to that "
		    "number" },
		{ ">x", ENROL_PROMPT, "" },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "enrol_left" },
	{ "five wrong codes", { .methods = APP, .first = true }, "", {
		{ ">", ENROL_SHOW, "" }, { "shown", ENROL_PROMPT, "" },
		{ "wrong", ENROL_PROMPT, "Wrong code. Check that the" },
		{ "wrong", ENROL_PROMPT, "" }, { "wrong", ENROL_PROMPT, "" },
		{ "wrong", ENROL_PROMPT, "" },
		{ "wrong", ENROL_PROMPT, "Nothing was saved." },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "enrol_wrong_code" },
	{ "somebody was quicker", { .methods = APP, .first = true }, "", {
		{ ">", ENROL_SHOW, "" }, { "shown", ENROL_PROMPT, "" },
		{ ">123456", ENROL_CHECK, "" }, { "right", ENROL_SAVE, "" },
		{ "changed", ENROL_PROMPT, "Nothing was saved. Log in again." },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "factors_changed" },
	{ "a broken disk", { .methods = APP, .first = true }, "", {
		{ ">", ENROL_SHOW, "" }, { "shown", ENROL_PROMPT, "" },
		{ ">123456", ENROL_CHECK, "" }, { "right", ENROL_SAVE, "" },
		{ "not saved", ENROL_PROMPT, "Nothing was changed." },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_STORE, "store" },
	{ "what sshd answers itself", { .methods = APP, .first = true,
	    .days_left = 9 }, "", {
		{ ">" CHALLENGE_SSHD_FAKE, ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "refused_by_sshd" },
	{ "... cut", { .methods = APP, .first = true }, "", {
		{ ">\b\n\r\177INC", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "refused_by_sshd" },
	{ "... repeated", { .methods = APP, .first = true }, "", {
		{ ">", ENROL_SHOW, "" },
		{ "shown", ENROL_PROMPT, "" },
		{ ">" CHALLENGE_SSHD_FAKE "\b\n\r\177I", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "refused_by_sshd" },

	/* Before the deadline. */
	{ "not now", { .methods = APP, .first = true, .days_left = 12 },
	    "You may go on without it for 12 days. Register now? a: "
	    "authenticator app; Enter: not now: ",
	    { { ">", ENROL_DONE, "" } }, MFA_EXEMPT, "before_deadline" },
	{ "the last day", { .methods = APP, .first = true, .days_left = 1 },
	    "Today is the last day", { { "hung up", ENROL_DONE, "" } },
	    MFA_EXEMPT, "before_deadline" },
	{ "begun and left", { .methods = APP, .first = true, .days_left = 2 },
	    "for 2 days", {
		{ ">a", ENROL_SHOW, "" }, { "shown", ENROL_PROMPT, "" },
		{ ">x", ENROL_DONE, "" } }, MFA_EXEMPT, "before_deadline" },
	{ "wrong codes end it before the deadline too", { .methods = APP,
	    .first = true, .days_left = 2 }, "", {
		{ ">a", ENROL_SHOW, "" }, { "shown", ENROL_PROMPT, "" },
		{ "wrong", ENROL_PROMPT, "" }, { "wrong", ENROL_PROMPT, "" },
		{ "wrong", ENROL_PROMPT, "" }, { "wrong", ENROL_PROMPT, "" },
		{ "wrong", ENROL_PROMPT, "" },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "enrol_wrong_code" },

	/* What is required besides. */
	{ "both, one after the other", { .methods = APP | SMS, .first = true,
	    .missing = CONF_APP | CONF_PHONE }, "Register one of these", {
		{ ">a", ENROL_SHOW, "" }, { "shown", ENROL_PROMPT, "" },
		{ ">123456", ENROL_CHECK, "" }, { "right", ENROL_SAVE, "" },
		{ "saved, codes", ENROL_PROMPT, "recovery codes" },
		{ ">", ENROL_PROMPT, "A phone is required as well. Have your "
		    "phone ready" },
		{ ">a", ENROL_PROMPT, "not one of the letters" },
		{ ">", ENROL_PROMPT, "Country" },
		{ ">+81 90 0000 1234", ENROL_SEND, "" },
		{ "sent", ENROL_PROMPT, "" },
		{ ">123456", ENROL_CHECK, "" }, { "right", ENROL_SAVE, "" },
		{ "saved", ENROL_DONE, "Your phone +81 ********34 is" } },
	    MFA_GRANTED, "enrolled_now" },
	{ "the second left out", { .methods = APP | SMS, .first = true,
	    .missing = CONF_APP | CONF_PHONE }, "", {
		{ ">a", ENROL_SHOW, "" }, { "shown", ENROL_PROMPT, "" },
		{ ">123456", ENROL_CHECK, "" }, { "right", ENROL_SAVE, "" },
		{ "saved", ENROL_PROMPT, "Your authenticator app is "
		    "registered. A phone is required as well. " },
		{ ">x", ENROL_PROMPT, "What was registered stays." },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "enrol_left" },
	{ "the second left out, before the deadline", { .methods = APP | SMS,
	    .first = true, .missing = CONF_APP | CONF_PHONE, .days_left = 3 },
	    "", {
		{ ">a", ENROL_SHOW, "" }, { "shown", ENROL_PROMPT, "" },
		{ ">123456", ENROL_CHECK, "" }, { "right", ENROL_SAVE, "" },
		{ "saved", ENROL_PROMPT, "go on without it for 3 days" },
		{ ">", ENROL_DONE, "" } }, MFA_GRANTED, "enrolled_now" },
	{ "an app as well", { .methods = APP | SMS, .missing = CONF_APP },
	    "An authenticator app is required as well. Have the", {
		{ ">", ENROL_SHOW, "" }, { "shown", ENROL_PROMPT, "" },
		{ ">123456", ENROL_CHECK, "" }, { "right", ENROL_SAVE, "" },
		{ "saved", ENROL_DONE, "" } }, MFA_GRANTED, "enrolled_now" },
	{ "a phone as well, not now", { .methods = APP | SMS,
	    .missing = CONF_PHONE, .days_left = 30 },
	    "A phone is required as well. You may go on without it for 30 "
	    "days.", { { ">", ENROL_DONE, "" } }, MFA_GRANTED, "right_code" },
	{ "a phone as well, or not in", { .methods = APP | SMS,
	    .missing = CONF_PHONE }, "A phone is required as well.", {
		{ ">x", ENROL_PROMPT, "Nothing was saved." },
		{ "end", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "enrol_left" },

	/* Dead ends. */
	{ "factors at home", { .methods = APP, .first = true, .home = true },
	    "run: mfactl add totp. Press Enter: ",
	    { { ">", ENROL_DONE, "" } }, MFA_DENY_WRONG, "enrol_at_home" },
	{ "factors at home, before the deadline", { .methods = APP,
	    .first = true, .home = true, .days_left = 1 },
	    "run: mfactl add totp", { { ">", ENROL_DONE, "" } },
	    MFA_EXEMPT, "before_deadline" },
	{ "no way", { .methods = 0, .first = true },
	    "administrator for: mfactl add totp alice. Press Enter: ",
	    { { "hung up", ENROL_DONE, "" } }, MFA_DENY_WRONG,
	    "enrol_no_way" },
	{ "a phone, and no sender", { .methods = APP, .missing = CONF_PHONE },
	    "cannot register it", { { ">", ENROL_DONE, "" } },
	    MFA_DENY_WRONG, "enrol_no_way" },
};

static void
dialogues(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		play(&table[i]);
}

/* A program with one box gives the same answer for ever. */
static void
answers_are_bounded(void **state)
{
	struct enrol_terms terms = { .user = "alice", .methods = APP,
	    .first = true, .numbers = "" };
	struct enrol_action a;
	struct enrol e;
	int n = 0;

	(void)state;
	for (a = enrol_start(&e, &terms); a.what == ENROL_PROMPT; n++)
		a = enrol_answer(&e, "correct horse");
	assert_int_equal(n, ENROL_ROUNDS + 2);
	assert_int_equal(a.what, ENROL_DONE);
	assert_int_equal(a.verdict, MFA_DENY_WRONG);
}

/* A home country, and the charsets of the picture. */
static void
settings(void **state)
{
	struct enrol_terms terms = { .user = "al\033ice", .methods = APP | SMS,
	    .first = true, .numbers = "+81", .country = country_find("JP"),
	    .qr = CONF_QR_ASCII };
	struct enrol e;

	(void)state;
	enrol_start(&e, &terms);
	assert_int_equal(enrol_answer(&e, "a").qr, CONF_QR_ASCII);
	enrol_shown(&e, NULL);
	assert_int_equal(enrol_answer(&e, "q").qr, CONF_QR_UTF8);
	assert_int_equal(enrol_answer(&e, "Q").qr, CONF_QR_ASCII);
	assert_int_equal(enrol_answer(&e, "k").qr, CONF_QR_NONE);
	enrol_answer(&e, "b");
	assert_non_null(strstr(enrol_answer(&e, "s").text,
	    "(Enter: Japan (+81), x: leave)"));
	enrol_answer(&e, "");
	assert_int_equal(enrol_answer(&e, "090 0000 1234").what, ENROL_SEND);
	assert_string_equal(e.phone.number, "+819000001234");
	assert_int_equal(e.way.kind, SENDING_SMS);
}

/* Blocks are never shown where only ASCII is; and '#' if they are wanted. */
static void
ascii_only(void **state)
{
	static const enum conf_qr rows[][2] = { { CONF_QR_UTF8, CONF_QR_NONE },
	    { CONF_QR_ASCII, CONF_QR_ASCII }, { CONF_QR_NONE, CONF_QR_NONE } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct enrol_terms terms = { .user = "alice", .methods = APP,
		    .first = true, .ascii = true, .qr = rows[i][0] };
		struct enrol e;

		enrol_start(&e, &terms);
		assert_int_equal(enrol_answer(&e, "").qr, rows[i][1]);
		enrol_shown(&e, NULL);
		assert_int_equal(enrol_answer(&e, "q").qr, CONF_QR_ASCII);
		assert_int_equal(enrol_answer(&e, "q").qr, CONF_QR_ASCII);
	}
}

/* A key that is shown as text is in the prompt, and nowhere else. */
static void
leaves_no_key(void **unused)
{
	static struct enrol e;
	static char key[MEMORY_MARK + 1];
	const struct enrol_terms terms = { .methods = APP, .first = true };

	(void)unused;
	enrol_start(&e, &terms);
	assert_int_equal(enrol_answer(&e, "").what, ENROL_SHOW);
	for (size_t i = 0; i < MEMORY_MARK; i++)
		key[i] = (char)memory_mark(i);
	assert_int_equal(enrol_shown(&e, key).what, ENROL_PROMPT);
	mfa_wipe(key, sizeof(key));
	assert_int_equal(memory_marks(), 1);
	mfa_wipe(&e, sizeof(e));
	assert_int_equal(memory_marks(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialogues),
		cmocka_unit_test(answers_are_bounded),
		cmocka_unit_test(settings),
		cmocka_unit_test(ascii_only),
		cmocka_unit_test(leaves_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
