/* The dialogue: every text a person sees, and how each path ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/challenge.h"

static const struct conf_limit limit = { 5, 30, 3600, 50 };
static struct factor app = { .id = "totp-aaaa", .kind = FACTOR_TOTP };
static struct factor codes = { .id = "recovery-bbbb", .kind = FACTOR_RECOVERY };

static const char WRONG[] = "Wrong code. Check that the phone's clock is right "
    "and the account is this one. Code (2 tries left): ";

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
	    POLICY_ASK : POLICY_DENY, .reason = enrolled ? "enrolled" :
	    "not_enrolled", .guarded = first != CONF_BEFORE, .login = {
	    .first_factor = first, .tries = 3 } },
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
	shows(&f, "No second factor is enrolled for alice. Ask your "
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

static void
sshd_answers_by_itself(void **unused)
{
	struct fixture f;

	(void)unused;
	for (int i = 0; i < 3; i++) {
		begin(&f, (enum conf_first_factor)i, true);
		answer(&f, CHALLENGE_SSHD_FAKE);
		ends(&f, MFA_DENY_WRONG, "refused_by_sshd");
	}
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
