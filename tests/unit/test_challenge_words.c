/*
 * Every prompt in every language: whole, in UTF-8, within PAM's 512 bytes
 * however long the names and many the ways; and the Japanese ones in full.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/challenge.h"
#include "../../pam_mfa/core/utf8.h"

#define PAM_LINE 512	/* PAM_MAX_MSG_SIZE, the NUL included */

static const struct conf_limit limit = { 5, 30, 3600, 100 };

struct fixture {
	struct challenge c;
	struct mfa_subject who;
	struct policy_decision policy;
	struct factor factor[9];
	struct record rec;
	struct challenge_action act;
};

/* Whole, and nothing of a format left: a cut prompt has no question. */
static void
good(const struct challenge_action *act)
{
	const char *s = act->text;
	size_t len = strlen(s), n;
	uint32_t c = 0;

	assert_true(len < PAM_LINE);
	for (; *s != '\0'; s += n) {
		assert_true((n = utf8_next(s, &c)) > 0);
		assert_true(c >= ' ' && c != 0x7f);
	}
	assert_null(strchr(act->text, '%'));
	if (act->what == CHALLENGE_PROMPT)
		assert_string_equal(act->text + len - 2, ": ");
}

static void
add_factor(struct fixture *f, enum factor_kind kind, const char *label)
{
	struct factor *new = &f->factor[f->rec.n++];

	new->kind = kind;
	snprintf(new->id, sizeof(new->id), "%s-aaa%zu", factor_kind_name(kind),
	    f->rec.n);
	snprintf(new->label, sizeof(new->label), "%s", label);
	snprintf(new->phone.number, sizeof(new->phone.number),
	    "+81900000%04zu", f->rec.n);
	new->phone.way[SENDING_SMS] = new->phone.way[SENDING_VOICE] = true;
}

/* what: a letter for each factor; T(OTP), R(ecovery), P(hone). */
static void
begin(struct fixture *f, enum language language, const char *user,
    const char *what)
{
	*f = (struct fixture){ .who.known = true, .policy = {
	    .verdict = *what ? POLICY_ASK : POLICY_DENY,
	    .cause = *what ? POLICY_ENROLLED : POLICY_NOT_ENROLLED,
	    .send = strchr(what, 'P') != NULL, .login = { .tries = 10,
	    .methods = METHOD_ALL, .language = language } } };
	snprintf(f->who.user, sizeof(f->who.user), "%s", user);
	f->rec.factor = f->factor;
	for (; *what; what++)
		add_factor(f, *what == 'T' ? FACTOR_TOTP : *what == 'R' ?
		    FACTOR_RECOVERY : FACTOR_PHONE, *what == 'P' ?
		    "四月からの会社の電話です" : "");
	f->act = challenge_start(&f->c, &f->who, &f->policy, &f->rec, &limit);
}

static void
sent(struct fixture *f, enum delivery_outcome outcome,
    enum sending_class class)
{
	const struct delivery d = { .outcome = outcome, .wait = 119,
	    .answer.class = class };

	if (f->act.what != CHALLENGE_SEND)
		return;
	f->act = challenge_sent(&f->c, &d);
	good(&f->act);
}

static void
answer(struct fixture *f, const char *typed)
{
	f->act = challenge_answer(&f->c, typed);
	good(&f->act);
}

static const char *const factors[] = { "", "T", "R", "P", "TR", "TP", "RP",
    "PPPPPPPP", "TRPPPPPPP" };

/* 64 characters of a name are shown; the rest is cut. */
static const char long_name[] = "%s%n-a-very-long-name-of-a-person-that-goes-"
    "on-and-on-and-on-and-on-and-on-and-on";

static void
deliveries(struct fixture *f)
{
	static const char *const ways[] = { "s", "c", "s4", "r" };

	for (size_t i = 0; i < 4; i++)
		for (int o = 0; o <= DELIVERY_NOWHERE; o++)
			for (int c = 0; c <= SENDING_UNKNOWN; c++) {
				f->c.rounds = 20;
				answer(f, ways[i]);
				sent(f, (enum delivery_outcome)o,
				    (enum sending_class)c);
			}
}

static void
outcomes(struct fixture *f)
{
	for (int i = VERIFY_RIGHT; i <= VERIFY_EXPIRED; i++)
		for (unsigned left = 0; left < 3; left++) {
			struct challenge before = f->c;
			const struct verify_result res = {
			    .outcome = (enum verify_outcome)i, .wait = 86399,
			    .kind = FACTOR_RECOVERY, .remaining = left,
			    .tried_out = left == 2 };

			f->c.tries = left + 1;
			f->act = challenge_result(&f->c, "111111", &res);
			good(&f->act);
			f->c = before;
		}
}

static void
all_fit(void **unused)
{
	static const char *const typed[] = { "?", "", "hello", "s", "c9", "r" };
	static struct fixture f;

	(void)unused;
	for (int l = 0; l < LANGUAGES; l++)
		for (size_t i = 0; i < sizeof(factors) / sizeof(*factors);
		    i++) {
			begin(&f, (enum language)l, "a", factors[i]);
			memset(f.who.user, 'x', sizeof(f.who.user) - 1);
			f.act = challenge_start(&f.c, &f.who, &f.policy,
			    &f.rec, &limit);
			good(&f.act);
			sent(&f, DELIVERY_SENT, SENDING_UNKNOWN);
			for (size_t j = 0; j < 6; j++) {
				f.c.rounds = 20;
				answer(&f, typed[j]);
				sent(&f, DELIVERY_FAULT, SENDING_UNKNOWN);
			}
			deliveries(&f);
			answer(&f, "?");
			outcomes(&f);
		}
}

/* What looks like a format in a name is a name. */
static void
formats_in_names(void **unused)
{
	static struct fixture f;

	(void)unused;
	begin(&f, LANGUAGE_JA, long_name, "");
	assert_non_null(strstr(f.act.text, "%s%n-a-very-long-name"));
}

static void
shows(struct fixture *f, const char *text)
{
	assert_int_equal(f->act.what, CHALLENGE_PROMPT);
	assert_string_equal(f->act.text, text);
}

static void
result(struct fixture *f, enum verify_outcome outcome, uint64_t wait)
{
	const struct verify_result res = { .outcome = outcome, .wait = wait };

	f->act = challenge_answer(&f->c, "111111");
	assert_int_equal(f->act.what, CHALLENGE_CHECK);
	f->act = challenge_result(&f->c, "111111", &res);
}

static void
japanese_app(void **unused)
{
	static struct fixture f;

	(void)unused;
	begin(&f, LANGUAGE_JA, "hanako", "TR");
	shows(&f, "認証アプリの確認コード: ");
	answer(&f, "?");
	shows(&f, "認証アプリに表示されたこのサーバー用の数字か、回復コードを"
	    "入力してください。どちらも使えないときは、管理者に連絡して"
	    "再登録 (mfactl reset hanako) を依頼してください。確認コード: ");
	result(&f, VERIFY_USED, 0);
	shows(&f, "このコードは使用済みです。次のコードが表示されるまで"
	    "お待ちください。確認コード (あと9回): ");
	result(&f, VERIFY_WRONG, 0);
	shows(&f, "確認コードが違います。スマートフォンの時刻と、このサーバー"
	    "のアカウントのコードかどうかをご確認ください。"
	    "確認コード (あと8回): ");
	answer(&f, "hello");
	shows(&f, "確認コードではありません。認証アプリに表示された数字を入力"
	    "してください (?: ヘルプ)。確認コード: ");
}

static void
japanese_waits(void **unused)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} table[] = { { 30, "30秒" }, { 120, "2分" }, { 5400, "2時間" },
	    { 3600, "60分" }, { 172800, "2日" } };
	static struct fixture f;
	char text[512];

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		begin(&f, LANGUAGE_JA, "hanako", "T");
		result(&f, VERIFY_WAIT, table[i].seconds);
		snprintf(text, sizeof(text), "確認コードの間違いが続きました。"
		    "%s待ってから次のコードを入力してください。確認コード: ",
		    table[i].text);
		shows(&f, text);
	}
	begin(&f, LANGUAGE_JA, "hanako", "T");
	result(&f, VERIFY_LOCKED, 0);
	shows(&f, "確認コードを100回間違えたためロックされています。管理者に"
	    "連絡して解除 (mfactl unlock hanako) を依頼してください。"
	    "Enter キーを押してください: ");
}

static void
japanese_phone(void **unused)
{
	static struct fixture f;

	(void)unused;
	begin(&f, LANGUAGE_JA, "hanako", "P");
	assert_int_equal(f.act.what, CHALLENGE_SEND);
	sent(&f, DELIVERY_SENT, SENDING_UNKNOWN);
	shows(&f, "+81 ********01 に確認コードを SMS で送りました。"
	    "確認コード (r: 再送, ?: ほかの方法): ");
	answer(&f, "?");
	shows(&f, "s: SMS +81 ********01 (四月からの会社の), "
	    "c: 音声通話 +81 ********01 (四月からの会社の)。届いた確認コードを"
	    "入力してください。届かないときは、電波の状態と受信拒否の設定を"
	    "ご確認ください。機種変更や番号変更のときは、管理者に連絡して"
	    "再登録 (mfactl reset hanako) を依頼してください。"
	    "確認コード (r: 再送, ?: ほかの方法): ");
	answer(&f, "r");
	sent(&f, DELIVERY_EARLIER, SENDING_UNKNOWN);
	shows(&f, "先ほどSMSで +81 ********01 にお知らせしたコードがまだ"
	    "使えます。次のコードは2分後に送れます。"
	    "確認コード (r: 再送, ?: ほかの方法): ");
}

/* No code can be sent to the phone they have: that is said. */
static void
no_codes_are_sent(void **unused)
{
	static struct fixture f;

	(void)unused;
	begin(&f, LANGUAGE_EN, "alice", "TP");
	f.policy.send = false;
	f.act = challenge_start(&f.c, &f.who, &f.policy, &f.rec, &limit);
	answer(&f, "s");
	shows(&f, "No codes are sent here. Type one from the app, or a "
	    "recovery code. Code: ");
}

/* Whose language it is. A guarded dialogue is in the host's, whoever asks. */
static void
whose_language(void **unused)
{
	static const struct {
		const char *person;
		enum language host;
		bool guarded, ascii;
		enum language is;
	} table[] = {
		{ "", LANGUAGE_EN, false, false, LANGUAGE_EN },
		{ "", LANGUAGE_JA, false, false, LANGUAGE_JA },
		{ "ja", LANGUAGE_EN, false, false, LANGUAGE_JA },
		{ "en", LANGUAGE_JA, false, false, LANGUAGE_EN },
		{ "ja", LANGUAGE_EN, true, false, LANGUAGE_EN },
		{ "en", LANGUAGE_JA, true, false, LANGUAGE_JA },
		{ "ja", LANGUAGE_JA, false, true, LANGUAGE_EN },
		{ "ja", LANGUAGE_JA, true, true, LANGUAGE_EN },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct policy_decision policy = {
		    .guarded = table[i].guarded, .login = {
		    .language = table[i].host, .ascii = table[i].ascii } };
		struct record rec = { 0 };

		strcpy(rec.language, table[i].person);
		assert_int_equal(challenge_language(&policy, &rec),
		    table[i].is);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fit),
		cmocka_unit_test(formats_in_names),
		cmocka_unit_test(japanese_app),
		cmocka_unit_test(japanese_waits),
		cmocka_unit_test(japanese_phone),
		cmocka_unit_test(no_codes_are_sent),
		cmocka_unit_test(whose_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
