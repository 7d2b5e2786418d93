/* The dialogue: every text a person sees, and how each path ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/challenge.h"

static const struct conf_limit limit = { 5, 30, 3600, 50 };
static struct factor app = { .id = "totp-aaaa", .kind = FACTOR_TOTP };
static struct factor codes = { .id = "recovery-bbbb", .kind = FACTOR_RECOVERY };

static const char WRONG[] = "Wrong code. Check that the phone's clock is right "
    "and the account is this host's. Code (2 tries left): ";

struct fixture {
	struct challenge c;
	struct mfa_subject who;
	struct policy_decision policy;
	struct record rec;
	struct challenge_action act;
};

static void
begin(struct fixture *f, enum conf_first_factor first, bool enrolled)
{
	*f = (struct fixture){ .who = { .user = "alice", .known = true },
	    .policy = { .verdict = enrolled || first != CONF_BEFORE ?
	    POLICY_ASK : POLICY_DENY, .cause = enrolled ? POLICY_ENROLLED :
	    POLICY_NOT_ENROLLED, .guarded = first != CONF_BEFORE, .login = {
	    .first_factor = first, .tries = 3, .methods = METHOD_ALL } },
	    .rec = { .factor = &app, .n = enrolled } };
	f->act = challenge_start(&f->c, &f->who, &f->policy, &f->rec, &limit);
}

static void
answer(struct fixture *f, const char *typed)
{
	assert_int_equal(f->act.what, CHALLENGE_PROMPT);
	f->act = challenge_answer(&f->c, typed);
}

static void
result(struct fixture *f, const char *typed, enum verify_outcome outcome)
{
	struct verify_result res = { .outcome = outcome, .wait = 30,
	    .kind = FACTOR_TOTP };

	answer(f, typed);
	assert_int_equal(f->act.what, CHALLENGE_CHECK);
	f->act = challenge_result(&f->c, typed, &res);
}

static void
shows(const struct fixture *f, const char *text)
{
	assert_int_equal(f->act.what, CHALLENGE_PROMPT);
	assert_string_equal(f->act.text, text);
	assert_true(f->act.echo);
}

static void
ends(const struct fixture *f, enum mfa_verdict verdict, const char *reason)
{
	assert_int_equal(f->act.what, CHALLENGE_DONE);
	assert_int_equal(f->act.verdict, verdict);
	assert_string_equal(f->act.reason, reason);
}

static void
right_code(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, true);
	shows(&f, "Code from your authenticator app: ");
	result(&f, "123 456", VERIFY_RIGHT);
	ends(&f, MFA_GRANTED, "right_code");
	assert_string_equal(f.act.text, "");
}

static void
recovery_code(void **unused)
{
	struct verify_result res = { .outcome = VERIFY_RIGHT,
	    .kind = FACTOR_RECOVERY, .remaining = 1 };
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, true);
	f.rec.factor = &codes;
	f.act = challenge_start(&f.c, &f.who, &f.policy, &f.rec, &limit);
	shows(&f, "Recovery code: ");
	answer(&f, "ABCD-EFGH-JKMN-PQRS");
	f.act = challenge_result(&f.c, "ABCD-EFGH-JKMN-PQRS", &res);
	ends(&f, MFA_GRANTED, "right_code");
	assert_string_equal(f.act.text, "Recovery code accepted. 1 remains. "
	    "When few remain: mfactl add recovery");
}

static void
wrong_then_over(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, true);
	result(&f, "111111", VERIFY_WRONG);
	shows(&f, WRONG);
	result(&f, "222222", VERIFY_USED);
	shows(&f, "This code was already used. Wait for the next one. "
	    "Code (1 try left): ");
	result(&f, "333333", VERIFY_WRONG);
	ends(&f, MFA_DENY_WRONG, "wrong_code");
	assert_string_equal(f.act.text, "Wrong code. Log in again with a new "
	    "code.");
}

/* The same wrong answer again costs a try but is not evaluated again. */
static void
same_answer(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, true);
	result(&f, "111111", VERIFY_WRONG);
	answer(&f, "111111");
	assert_int_equal(f.act.what, CHALLENGE_PROMPT);
	answer(&f, "111111");
	ends(&f, MFA_DENY_WRONG, "wrong_code");
}

/* A used code is not a wrong one: it must be evaluated when typed again. */
static void
same_used_answer(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, true);
	result(&f, "111111", VERIFY_USED);
	answer(&f, "111111");
	assert_int_equal(f.act.what, CHALLENGE_CHECK);
}

static void
help_and_nonsense(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, true);
	answer(&f, "");
	shows(&f, "Code from your authenticator app: ");
	answer(&f, "?");
	shows(&f, "Type the digits that the app shows for this host, or a "
	    "recovery code. Lost both? Ask your administrator for: mfactl "
	    "reset alice. Code: ");
	answer(&f, "hello");
	shows(&f, "That is not a code. Type the digits that the app shows, or "
	    "? for help. Code: ");
	result(&f, "111111", VERIFY_WRONG);
	shows(&f, WRONG);	/* nothing of it cost a try */
}

static void
rounds_are_bounded(void **unused)
{
	struct fixture f;
	unsigned n = 0;

	(void)unused;
	begin(&f, CONF_BEFORE, true);
	while (f.act.what == CHALLENGE_PROMPT && n++ < 100)
		answer(&f, "");
	assert_in_range(n, 10, 20);
	ends(&f, MFA_DENY_WRONG, "no_code");
}

static void
waiting(void **unused)
{
	struct fixture f;
	unsigned n = 0;

	(void)unused;
	begin(&f, CONF_BEFORE, true);
	result(&f, "111111", VERIFY_WAIT);
	shows(&f, "Too many wrong codes. Wait 30 seconds before you type the "
	    "next one. Code: ");
	result(&f, "222222", VERIFY_RIGHT);
	ends(&f, MFA_GRANTED, "right_code");

	begin(&f, CONF_BEFORE, true);
	while (f.act.what == CHALLENGE_PROMPT && n++ < 100) {
		answer(&f, "111111");
		if (f.act.what == CHALLENGE_CHECK)
			f.act = challenge_result(&f.c, "111111",
			    &(struct verify_result){ .outcome = VERIFY_WAIT,
			    .wait = 30 });
	}
	ends(&f, MFA_DENY_LIMIT, "too_many_failures");
}

static void
locked(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, true);
	result(&f, "111111", VERIFY_LOCKED);
	shows(&f, "Locked after 50 wrong codes. Ask your administrator for: "
	    "mfactl unlock alice. Press Enter: ");
	answer(&f, "123456");
	ends(&f, MFA_DENY_LIMIT, "locked");
}

static void
not_enrolled(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, false);
	shows(&f, "No second factor is registered for alice. Ask your "
	    "administrator for: mfactl add totp alice. Press Enter: ");
	answer(&f, "123456");
	ends(&f, MFA_DENY_WRONG, "not_enrolled");
}

/* Whatever is the matter, guarded shows the same and ends the same. */
static void
guarded(void **unused)
{
	static const enum verify_outcome all[] = { VERIFY_WRONG, VERIFY_USED,
	    VERIFY_WAIT, VERIFY_LOCKED };
	struct fixture f;

	(void)unused;
	for (size_t i = 0; i < 8; i++) {
		begin(&f, CONF_AFTER, i % 2);
		shows(&f, "Code from your authenticator app: ");
		result(&f, "111111", all[i / 2]);
		shows(&f, "Wrong code. Code: ");
		answer(&f, "?");
		shows(&f, "Wrong code. Code: ");
		result(&f, "222222", all[i / 2]);
		assert_int_equal(f.act.what, CHALLENGE_DONE);
		assert_int_equal(f.act.verdict, MFA_DENY_WRONG);
		assert_string_equal(f.act.text, "");
	}
	begin(&f, CONF_AFTER, true);
	f.rec.factor = &codes;
	f.act = challenge_start(&f.c, &f.who, &f.policy, &f.rec, &limit);
	shows(&f, "Code from your authenticator app: ");
}

/* Even "right" opens nothing for a person whom policy refuses. */
static void
denied_stays_denied(void **unused)
{
	struct verify_result res = { .outcome = VERIFY_RIGHT };
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, false);
	f.act = challenge_result(&f.c, "111111", &res);
	assert_int_not_equal(f.act.verdict, MFA_GRANTED);
}

static void
joined(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, CONF_JOINED, true);
	assert_string_equal(f.act.text, "Password and code: ");
	assert_false(f.act.echo);
	result(&f, "secret123456", VERIFY_WRONG);
	ends(&f, MFA_DENY_WRONG, "wrong_code");
	begin(&f, CONF_JOINED, true);
	answer(&f, "secret");
	ends(&f, MFA_DENY_WRONG, "not_a_code");
	begin(&f, CONF_JOINED, true);
	result(&f, "secret123456", VERIFY_RIGHT);
	ends(&f, MFA_GRANTED, "right_code");
}

/* Any length of it ends a dialogue, or costs as many answers as any other. */
static void
sshd_answers_by_itself(void **unused)
{
	static const char fake[] = CHALLENGE_SSHD_FAKE CHALLENGE_SSHD_FAKE
	    CHALLENGE_SSHD_FAKE;
	char typed[sizeof(fake)];
	struct fixture f;

	(void)unused;
	for (size_t n = 1; n < sizeof(fake); n++) {
		snprintf(typed, sizeof(typed), "%.*s", (int)n, fake);
		begin(&f, CONF_BEFORE, true);
		answer(&f, typed);
		ends(&f, MFA_DENY_WRONG, "refused_by_sshd");
		begin(&f, CONF_AFTER, true);
		answer(&f, typed);
		shows(&f, "Wrong code. Code: ");
		answer(&f, typed);
		shows(&f, "Wrong code. Code: ");
		answer(&f, typed);
		ends(&f, MFA_DENY_WRONG, "refused_by_sshd");
		begin(&f, CONF_JOINED, true);
		answer(&f, typed);
		ends(&f, MFA_DENY_WRONG, "refused_by_sshd");
	}
	begin(&f, CONF_BEFORE, true);
	answer(&f, "\b\n\r\177INCORRECt");
	assert_int_equal(f.act.what, CHALLENGE_PROMPT);
	answer(&f, "INCORRECT");
	assert_int_equal(f.act.what, CHALLENGE_PROMPT);
	answer(&f, "");
	assert_int_equal(f.act.what, CHALLENGE_PROMPT);
}

/* Control bytes and length of a name cannot spoil a prompt. */
static void
names(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, CONF_BEFORE, false);
	memset(f.who.user, '\033', sizeof(f.who.user) - 1);
	f.act = challenge_start(&f.c, &f.who, &f.policy, &f.rec, &limit);
	assert_null(strchr(f.act.text, '\033'));
	assert_non_null(strstr(f.act.text, "Press Enter: "));
}

static struct factor mobile = { .id = "phone-aaaa", .kind = FACTOR_PHONE,
    .label = "Mobile", .phone = { .number = "+819000001234",
    .way = { true, true } } };
static struct factor office = { .id = "phone-bbbb", .kind = FACTOR_PHONE,
    .label = "Office", .phone = { .number = "+12125550100",
    .way = { [SENDING_VOICE] = true } } };

#define APP 1
#define PHONE 2
#define OFFICE 4
#define CODES 8

/* Somebody with these factors. */
static void
with(struct fixture *f, unsigned have, enum record_first first, bool senders)
{
	static struct factor list[4];
	size_t n = 0;

	begin(f, CONF_BEFORE, true);
	if (have & APP)
		list[n++] = app;
	if (have & PHONE)
		list[n++] = mobile;
	if (have & OFFICE)
		list[n++] = office;
	if (have & CODES)
		list[n++] = codes;
	f->rec = (struct record){ .factor = list, .n = n, .first = first };
	f->policy.send = senders;
	f->act = challenge_start(&f->c, &f->who, &f->policy, &f->rec, &limit);
}

/* A code is to be sent this way; this became of it. */
static void
sends(struct fixture *f, const char *factor, enum sending_kind kind,
    enum delivery_outcome outcome)
{
	const struct delivery d = { .outcome = outcome, .wait = 30 };

	assert_int_equal(f->act.what, CHALLENGE_SEND);
	assert_string_equal(f->act.way->factor, factor);
	assert_int_equal(f->act.way->kind, kind);
	f->act = challenge_sent(&f->c, &d);
}

#define SENT "A code was sent by SMS to +81 ********34. "
#define CALLED "+81 ********34 is being called: the voice says a code. "
#define AGAIN "Code (r: send again, ?: other ways): "

static void
letters(void **unused)
{
	struct fixture f;

	(void)unused;
	with(&f, APP | PHONE | OFFICE, RECORD_FIRST_NONE, true);
	shows(&f, "Code from your authenticator app (s: SMS, c: call, ?: help)"
	    ": ");
	answer(&f, "r");	/* nothing to send again yet */
	shows(&f, "That is not a code. Type the digits that the app shows, or "
	    "? for help. Code (s: SMS, c: call, ?: help): ");
	answer(&f, "s");
	sends(&f, "phone-aaaa", SENDING_SMS, DELIVERY_SENT);
	shows(&f, SENT AGAIN);
	answer(&f, "r");
	sends(&f, "phone-aaaa", SENDING_SMS, DELIVERY_EARLIER);
	shows(&f, "The code sent by SMS to +81 ********34 a moment ago is "
	    "still good; a new one can be sent in 30 seconds. " AGAIN);
	answer(&f, "C");
	sends(&f, "phone-aaaa", SENDING_VOICE, DELIVERY_SENT);
	shows(&f, CALLED AGAIN);
	answer(&f, "c2");
	sends(&f, "phone-bbbb", SENDING_VOICE, DELIVERY_WAIT);
	shows(&f, "No call now: the next can be sent in 30 seconds. " AGAIN);
	answer(&f, " R\t");	/* as with the ways' letters */
	sends(&f, "phone-bbbb", SENDING_VOICE, DELIVERY_HOST);
	answer(&f, "r r");
	assert_int_equal(f.act.what, CHALLENGE_PROMPT);
	answer(&f, "s2");
	shows(&f, "That is not a code. Type the digits that the app shows, or "
	    "? for help. " AGAIN);
	answer(&f, "");		/* an SMS has come: not the app alone */
	shows(&f, AGAIN);
	result(&f, "123456", VERIFY_RIGHT);	/* no letter cost a try */
	ends(&f, MFA_GRANTED, "right_code");
}

#define GONE "Phone or number gone? Ask your administrator for: mfactl " \
	"reset alice. "

static void
help_names_ways(void **unused)
{
	struct fixture f;

	(void)unused;
	with(&f, APP | PHONE | OFFICE | CODES, RECORD_FIRST_NONE, true);
	answer(&f, "?");
	shows(&f, "s: SMS to +81 ********34 (Mobile), c: call +81 ********34 "
	    "(Mobile), c2: call +1 ********00 (Office). Or type a code from "
	    "the app, or a recovery code. " GONE
	    "Code (s: SMS, c: call, ?: help): ");
	with(&f, PHONE | CODES, RECORD_FIRST_NONE, true);
	sends(&f, "phone-aaaa", SENDING_SMS, DELIVERY_SENT);
	answer(&f, " ?\r");
	shows(&f, "s: SMS to +81 ********34 (Mobile), c: call +81 ********34 "
	    "(Mobile). Or type a code, or a recovery code. None came? Check "
	    "the phone's signal and blocked senders. " GONE AGAIN);
	with(&f, APP | OFFICE, RECORD_FIRST_NONE, true);
	shows(&f, "Code from your authenticator app (c: call, ?: help): ");
	answer(&f, "?");
	shows(&f, "c: call +1 ********00 (Office). Or type a code from the app."
	    " " GONE "Code (c: call, ?: help): ");
}

/* Whoever has no app, or wants it so, gets a code at once. */
static void
sent_at_once(void **unused)
{
	static const struct {
		unsigned have;
		enum record_first first;
		const char *factor;	/* NULL: a prompt */
		enum sending_kind kind;
	} rows[] = {
		{ PHONE, RECORD_FIRST_NONE, "phone-aaaa", SENDING_SMS },
		{ PHONE, RECORD_FIRST_TOTP, "phone-aaaa", SENDING_SMS },
		{ PHONE, RECORD_FIRST_VOICE, "phone-aaaa", SENDING_VOICE },
		{ PHONE | CODES, RECORD_FIRST_NONE, "phone-aaaa", SENDING_SMS },
		{ OFFICE, RECORD_FIRST_NONE, "phone-bbbb", SENDING_VOICE },
		{ OFFICE, RECORD_FIRST_SMS, "phone-bbbb", SENDING_VOICE },
		{ APP | PHONE, RECORD_FIRST_SMS, "phone-aaaa", SENDING_SMS },
		{ APP | OFFICE, RECORD_FIRST_VOICE, "phone-bbbb",
		    SENDING_VOICE },
		{ APP | OFFICE, RECORD_FIRST_SMS, NULL, 0 },
		{ APP | PHONE, RECORD_FIRST_NONE, NULL, 0 },
		{ APP | PHONE, RECORD_FIRST_TOTP, NULL, 0 },
		{ CODES, RECORD_FIRST_SMS, NULL, 0 },
	};
	struct fixture f;

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		with(&f, rows[i].have, rows[i].first, true);
		if (rows[i].factor != NULL)
			sends(&f, rows[i].factor, rows[i].kind, DELIVERY_SENT);
		assert_int_equal(f.act.what, CHALLENGE_PROMPT);
	}
}

#define NO_SENDER "This host is not set up to send codes. Ask your " \
	"administrator for: mfactl add totp alice. One-time pass: "

static void
no_senders(void **unused)
{
	static const char *const no_codes[] = { "s", "?", "" };
	struct verify_result pass = { .outcome = VERIFY_RIGHT, .pass = true };
	struct fixture f;

	(void)unused;
	with(&f, PHONE, RECORD_FIRST_SMS, false);
	for (size_t i = 0; i < 3; i++) {
		shows(&f, NO_SENDER);
		answer(&f, no_codes[i]);
	}
	f.act = challenge_hung_up(&f.c);
	ends(&f, MFA_DENY_WRONG, "no_sender");
	with(&f, PHONE, RECORD_FIRST_SMS, false);
	answer(&f, "0000-0000-0000-0000");
	assert_int_equal(f.act.what, CHALLENGE_CHECK);
	f.act = challenge_result(&f.c, "0000-0000-0000-0000", &pass);
	ends(&f, MFA_GRANTED, "right_code");
	with(&f, PHONE | CODES, RECORD_FIRST_SMS, false);
	shows(&f, "Recovery code: ");
	with(&f, APP | PHONE, RECORD_FIRST_SMS, false);
	shows(&f, "Code from your authenticator app: ");
	answer(&f, "s");
	shows(&f, "No codes are sent here. Type one from the app, or a "
	    "recovery code. Code: ");
}

/* Before the first factor nothing is sent and no way is named. */
static void
guarded_sends_nothing(void **unused)
{
	struct fixture f;

	(void)unused;
	for (int first = CONF_AFTER; first <= CONF_JOINED; first++) {
		begin(&f, (enum conf_first_factor)first, true);
		f.rec = (struct record){ .factor = &mobile, .n = 1,
		    .first = RECORD_FIRST_SMS };
		f.act = challenge_start(&f.c, &f.who, &f.policy, &f.rec,
		    &limit);
		assert_string_equal(f.act.text, first == CONF_JOINED ?
		    "Password and code: " : "Code from your authenticator app"
		    ": ");
		answer(&f, "s");
		assert_int_not_equal(f.act.what, CHALLENGE_SEND);
		assert_null(strstr(f.act.text, "SMS"));
	}
}

static void
wrong_after_sending(void **unused)
{
	struct verify_result void_now = { .outcome = VERIFY_WRONG,
	    .tried_out = true };
	struct fixture f;

	(void)unused;
	with(&f, APP | PHONE, RECORD_FIRST_SMS, true);
	sends(&f, "phone-aaaa", SENDING_SMS, DELIVERY_SENT);
	result(&f, "111111", VERIFY_WRONG);
	shows(&f, "Wrong code. Type the one that came last. Code (2 tries left;"
	    " r: send again, ?: other ways): ");
	answer(&f, "222222");
	f.act = challenge_result(&f.c, "222222", &void_now);
	shows(&f, "Wrong code, for the third time: the one that was sent no "
	    "longer counts. Ask for a new one. Code (1 try left; r: send "
	    "again, ?: other ways): ");
	with(&f, PHONE, RECORD_FIRST_NONE, true);
	sends(&f, "phone-aaaa", SENDING_SMS, DELIVERY_SENT);
	result(&f, "111111", VERIFY_EXPIRED);
	shows(&f, "This code came too late: it was good for five minutes. Ask "
	    "for a new one. Code "
	    "(2 tries left; r: send again, ?: other ways): ");
	/* None came: it is not asked for. */
	with(&f, APP | PHONE, RECORD_FIRST_SMS, true);
	sends(&f, "phone-aaaa", SENDING_SMS, DELIVERY_REFUSED);
	result(&f, "111111", VERIFY_WRONG);
	shows(&f, "Wrong code. Check that the phone's clock is right and the "
	    "account is this host's. Code (2 tries left; r: send again, ?: "
	    "other ways): ");
	with(&f, CODES, RECORD_FIRST_NONE, true);
	result(&f, "ABCD-EFGH-JKMN-PQRS", VERIFY_WRONG);
	shows(&f, "Wrong code. Recovery code (2 tries left): ");
}

/* A person who must wait, or is locked, is told so in place of a message. */
static void
held_back(void **unused)
{
	struct verify_result res = { .outcome = VERIFY_WAIT, .wait = 30 };
	struct fixture f;

	(void)unused;
	with(&f, PHONE, RECORD_FIRST_NONE, true);
	assert_int_equal(f.act.what, CHALLENGE_SEND);
	f.act = challenge_result(&f.c, "", &res);
	shows(&f, "Too many wrong codes. Wait 30 seconds before you type the "
	    "next one. " AGAIN);
	answer(&f, "r");
	assert_int_equal(f.act.what, CHALLENGE_SEND);
	res.outcome = VERIFY_LOCKED;
	f.act = challenge_result(&f.c, "", &res);
	shows(&f, "Locked after 50 wrong codes. Ask your administrator for: "
	    "mfactl unlock alice. Press Enter: ");
	answer(&f, "s");
	ends(&f, MFA_DENY_LIMIT, "locked");
}

static void
sending_is_bounded(void **unused)
{
	struct fixture f;
	unsigned n = 0;

	(void)unused;
	with(&f, PHONE, RECORD_FIRST_NONE, true);
	while (f.act.what == CHALLENGE_SEND && n++ < 100) {
		sends(&f, "phone-aaaa", SENDING_SMS, DELIVERY_REFUSED);
		answer(&f, "s");
	}
	assert_in_range(n, 10, 20);
	ends(&f, MFA_DENY_WRONG, "no_code");
}

/* Eight phones with the longest labels: every prompt within PAM's 512 bytes. */
static void
longest_prompts(void **unused)
{
	static struct factor list[RECORD_FACTORS_MAX];
	static struct delivery d = { .outcome = DELIVERY_SENT,
	    .wait = UINT64_MAX,
	    .answer.class = SENDING_CONFIG };
	struct fixture f;
	size_t len;

	(void)unused;
	for (size_t i = 0; i < RECORD_FACTORS_MAX; i++) {
		list[i] = mobile;
		strcpy(list[i].phone.number, "+888000000000012");
		memset(list[i].label, 'x', sizeof(list[i].label) - 1);
	}
	list[RECORD_FACTORS_MAX - 1] = codes;
	list[RECORD_FACTORS_MAX - 2] = app;
	with(&f, APP, RECORD_FIRST_SMS, true);
	f.rec = (struct record){ .factor = list, .n = RECORD_FACTORS_MAX,
	    .first = RECORD_FIRST_SMS };
	memset(f.who.user, 'u', sizeof(f.who.user) - 1);
	f.act = challenge_start(&f.c, &f.who, &f.policy, &f.rec, &limit);
	f.act = challenge_sent(&f.c, &d);
	answer(&f, "?");
	len = strlen(f.act.text);
	assert_in_range(len, 400, 511);
	assert_string_equal(f.act.text + len - strlen(AGAIN), AGAIN);
	for (int o = DELIVERY_SENT; o <= DELIVERY_NOWHERE; o++) {
		answer(&f, "s");
		d.outcome = (enum delivery_outcome)o;
		f.act = challenge_sent(&f.c, &d);
		len = strlen(f.act.text);
		assert_in_range(len, 60, 511);
		assert_string_equal(f.act.text + len - strlen(AGAIN), AGAIN);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right_code),
		cmocka_unit_test(recovery_code),
		cmocka_unit_test(wrong_then_over),
		cmocka_unit_test(same_answer),
		cmocka_unit_test(same_used_answer),
		cmocka_unit_test(help_and_nonsense),
		cmocka_unit_test(rounds_are_bounded),
		cmocka_unit_test(waiting),
		cmocka_unit_test(locked),
		cmocka_unit_test(not_enrolled),
		cmocka_unit_test(guarded),
		cmocka_unit_test(denied_stays_denied),
		cmocka_unit_test(joined),
		cmocka_unit_test(sshd_answers_by_itself),
		cmocka_unit_test(names),
		cmocka_unit_test(letters),
		cmocka_unit_test(help_names_ways),
		cmocka_unit_test(sent_at_once),
		cmocka_unit_test(no_senders),
		cmocka_unit_test(guarded_sends_nothing),
		cmocka_unit_test(wrong_after_sending),
		cmocka_unit_test(held_back),
		cmocka_unit_test(sending_is_bounded),
		cmocka_unit_test(longest_prompts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
