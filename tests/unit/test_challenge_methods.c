/* The dialogue where not every method is allowed, or none of a person's is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/challenge.h"
#include "../../pam_mfa/core/denial.h"

static const struct conf_limit limit = { 5, 30, 3600, 50 };
static struct factor everything[] = {
	{ .id = "totp-a", .kind = FACTOR_TOTP },
	{ .id = "phone-a", .kind = FACTOR_PHONE, .label = "Mobile", .phone = {
	    .number = "+819000001234", .way = { true, true } } },
	{ .id = "recovery-a", .kind = FACTOR_RECOVERY },
};

struct fixture {
	struct challenge c;
	struct mfa_subject who;
	struct policy_decision policy;
	struct record rec;
	struct challenge_action act;
};

static void
begin(struct fixture *f, const char *methods, enum record_first first)
{
	*f = (struct fixture){ .who = { .user = "alice", .known = true,
	    .service = "sudo" }, .policy = { .verdict = POLICY_ASK,
	    .cause = POLICY_ENROLLED, .send = true, .login.tries = 3 },
	    .rec = { .factor = everything, .n = 3, .first = first } };
	assert_int_equal(method_list(methods, &f->policy.login.methods),
	    MFA_OK);
	f->act = challenge_start(&f->c, &f->who, &f->policy, &f->rec, &limit);
}

#define APP RECORD_FIRST_TOTP
#define SMS RECORD_FIRST_SMS
#define CALL RECORD_FIRST_VOICE
#define ANY RECORD_FIRST_NONE
#define ASKS_APP "Code from your authenticator app"
#define SENDS_SMS "sms"
#define SENDS_CALL "call"

/* What comes first: the person's own choice, if allowed, else the order's. */
static void
first(void **unused)
{
	static const struct {
		const char *methods;
		enum record_first first;
		const char *want;	/* prompt, or the way a code goes */
	} rows[] = {
		{ "totp, sms, call, recovery", ANY,
		    ASKS_APP " (s: SMS, c: call, ?: help): " },
		{ "totp, sms, call, recovery", SMS, SENDS_SMS },
		{ "totp, sms, call, recovery", CALL, SENDS_CALL },
		{ "sms, totp", ANY, SENDS_SMS },
		{ "sms, totp", APP, ASKS_APP " (s: SMS, ?: help): " },
		{ "call, sms, totp", ANY, SENDS_CALL },
		{ "call, sms, totp", SMS, SENDS_SMS },
		{ "call, totp", SMS, SENDS_CALL },
		{ "totp", ANY, ASKS_APP ": " },
		{ "totp", SMS, ASKS_APP ": " },
		{ "totp, call", SMS, ASKS_APP " (c: call, ?: help): " },
		{ "recovery", ANY, "Recovery code: " },
		{ "recovery, sms", ANY, "Code (s: SMS, ?: help): " },
		{ "sms", APP, SENDS_SMS },
	};
	struct fixture f;

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *got;

		begin(&f, rows[i].methods, rows[i].first);
		got = f.act.what == CHALLENGE_SEND ?
		    f.act.way->kind == SENDING_SMS ? SENDS_SMS : SENDS_CALL :
		    f.act.text;
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("row %zu: %s", i, got);
	}
}

/* What is not offered cannot be had by its letter either. */
static void
letters(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, "totp, sms", ANY);
	f.act = challenge_answer(&f.c, "c");
	assert_int_equal(f.act.what, CHALLENGE_PROMPT);
	assert_memory_equal(f.act.text, "That is not a code.", 19);
	f.act = challenge_answer(&f.c, "?");
	assert_string_equal(f.act.text, "s: SMS to +81 ********34 (Mobile). Or "
	    "type a code from the app. Phone or number gone? Ask your "
	    "administrator for: mfactl reset alice. Code (s: SMS, ?: help): ");
	f.act = challenge_answer(&f.c, "s");
	assert_int_equal(f.act.what, CHALLENGE_SEND);
	begin(&f, "totp", ANY);
	f.act = challenge_answer(&f.c, "?");
	assert_string_equal(f.act.text, "Type the digits that the app shows "
	    "for this host. Recovery codes are not accepted here. App or phone "
	    "gone? Ask your administrator for: mfactl reset alice. Code: ");
}

static void
result(struct fixture *f, const char *typed, enum factor_kind kind,
    enum sending_kind way)
{
	const struct verify_result res = { .outcome = VERIFY_NOT_HERE,
	    .kind = kind, .way = way };

	f->act = challenge_answer(&f->c, typed);
	assert_int_equal(f->act.what, CHALLENGE_CHECK);
	f->act = challenge_result(&f->c, typed, &res);
}

static void
not_here(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, "totp", ANY);
	result(&f, "ABCD-EFGH-JKMN-PQRS", FACTOR_RECOVERY, SENDING_SMS);
	assert_string_equal(f.act.text, "Recovery codes are not accepted here. "
	    "Code (3 tries left): ");
	result(&f, "123456", FACTOR_PHONE, SENDING_SMS);
	assert_memory_equal(f.act.text, "Codes by SMS are not", 20);
	result(&f, "123456", FACTOR_PHONE, SENDING_VOICE);
	assert_memory_equal(f.act.text, "Codes by call are not", 21);
	result(&f, "123456", FACTOR_HOTP, SENDING_VOICE);
	assert_memory_equal(f.act.text, "Codes from an app are not", 25);
	f.act = challenge_hung_up(&f.c);
	assert_int_equal(f.act.verdict, MFA_DENY_WRONG);
	assert_string_equal(f.act.reason, "wrong_method");
	/* It costs no try, but there is an end to it. */
	begin(&f, "totp", ANY);
	for (int i = 0; i < 13; i++)
		result(&f, "123456", FACTOR_PHONE, SENDING_SMS);
	f.act = challenge_answer(&f.c, "123456");
	assert_int_equal(f.act.what, CHALLENGE_DONE);
	assert_int_equal(f.act.verdict, MFA_DENY_WRONG);
}

/* Who may not have passed the first factor hears nothing of it. */
static void
guarded(void **unused)
{
	struct fixture f;

	(void)unused;
	begin(&f, "totp", ANY);
	f.policy.guarded = true;
	f.policy.send = false;
	f.act = challenge_start(&f.c, &f.who, &f.policy, &f.rec, &limit);
	result(&f, "123456", FACTOR_PHONE, SENDING_SMS);
	assert_string_equal(f.act.text, "Wrong code. Code: ");
	result(&f, "123456", FACTOR_PHONE, SENDING_SMS);
	result(&f, "123456", FACTOR_PHONE, SENDING_SMS);
	assert_int_equal(f.act.what, CHALLENGE_DONE);
	assert_string_equal(f.act.text, "");
	assert_string_equal(f.act.reason, "wrong_method");
}

/* One prompt that says what is missing and what to do, and then the end. */
static void
denied(void **unused)
{
	static const struct {
		enum policy_cause cause;
		const char *methods, *reason, *text;
	} rows[] = {
		{ POLICY_NOT_ENROLLED, "totp", "not_enrolled", "No second "
		    "factor is registered for alice. Ask your administrator "
		    "for: "
		    "mfactl add totp alice. Press Enter: " },
		{ POLICY_NO_METHOD, "totp", "no_method", "None of your second "
		    "factors is accepted here: sudo takes codes from an app. "
		    "Ask your "
		    "administrator for: mfactl add totp alice. Press Enter: " },
		{ POLICY_NO_METHOD, "call, recovery", "no_method", "None of "
		    "your second factors is accepted here: sudo takes codes by "
		    "call, "
		    "recovery codes. Ask your administrator for: mfactl add "
		    "phone alice. Press Enter: " },
		{ POLICY_NO_METHOD, "recovery", "no_method", "None of your "
		    "second factors is accepted here: sudo takes recovery "
		    "codes. Ask "
		    "your administrator for: mfactl add recovery alice. Press "
		    "Enter: " },
		{ POLICY_DENIED, "totp", "deny", "The policy of this host does "
		    "not let alice in here. Ask your administrator for: mfactl "
		    "check --user alice --service sudo. Press Enter: " },
	};
	struct fixture f;

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		begin(&f, rows[i].methods, ANY);
		f.policy.verdict = POLICY_DENY;
		f.policy.cause = rows[i].cause;
		f.act = challenge_start(&f.c, &f.who, &f.policy, &f.rec,
		    &limit);
		assert_int_equal(f.act.what, CHALLENGE_PROMPT);
		assert_string_equal(f.act.text, rows[i].text);
		f.act = challenge_answer(&f.c, "123456");
		assert_int_equal(f.act.what, CHALLENGE_DONE);
		assert_int_equal(f.act.verdict, MFA_DENY_WRONG);
		assert_string_equal(f.act.reason, rows[i].reason);
	}
}

/* The longest of all fit; names are cleaned. No list is no way in. */
static void
longest(void **unused)
{
	static struct fixture f;
	char words[DENIAL_WORDS_MAX];

	(void)unused;
	begin(&f, "recovery, call, sms, totp", ANY);
	f.policy.cause = POLICY_NO_METHOD;
	memset(f.who.user, 'u', sizeof(f.who.user) - 1);
	memset(f.who.service, '\a', sizeof(f.who.service) - 1);
	denial_words(&f.policy, &f.who, LANGUAGE_EN, words);
	assert_null(strchr(words, '\a'));
	assert_string_equal(words + strlen(words) - 4, "uu. ");
	f.policy.login.methods = 0;
	denial_words(&f.policy, &f.who, LANGUAGE_EN, words);
	assert_memory_equal(words, "The policy of this host", 23);
	assert_string_equal(words + strlen(words) - 4, "??. ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(first),
	    cmocka_unit_test(letters), cmocka_unit_test(not_here),
	    cmocka_unit_test(guarded), cmocka_unit_test(denied),
	    cmocka_unit_test(longest) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
