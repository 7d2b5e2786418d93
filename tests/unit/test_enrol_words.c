/*
 * Every prompt of an enrolment in every language: whole, in UTF-8, within
 * PAM's 512 bytes however long the names; and the Japanese ones in full.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/enrol.h"
#include "../../pam_mfa/core/utf8.h"

#define PAM_LINE 512	/* PAM_MAX_MSG_SIZE, the NUL included */
#define APP METHOD_BIT(METHOD_TOTP)
#define SMS METHOD_BIT(METHOD_SMS)
#define CALL METHOD_BIT(METHOD_CALL)
#define KEY "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567"
#define NUMBER "+81 90-0000-1234"

/* Whole, translated, and nothing of a format left. */
static void
good(const struct enrol *e, const struct enrol_action *act)
{
	const char *s = act->text;
	size_t len = strlen(s), n;
	uint32_t c = 0;
	bool wide = false;

	assert_true(len < PAM_LINE);
	for (; *s != '\0'; s += n) {
		assert_true((n = utf8_next(s, &c)) > 0);
		assert_true(c >= ' ' && c != 0x7f);
		wide |= c > 0x7f;
	}
	assert_null(strchr(act->text, '%'));
	if (len > 0 && e->is.language == LANGUAGE_JA)
		assert_true(wide);
	if (act->what == ENROL_PROMPT)
		assert_string_equal(act->text + len - 2, ": ");
}

static void
deliveries(const struct enrol *e)
{
	for (int o = 0; o <= DELIVERY_NOWHERE; o++)
		for (int c = 0; c <= SENDING_UNKNOWN; c++) {
			const struct delivery d = { .wait = 119,
			    .outcome = (enum delivery_outcome)o,
			    .answer.class = (enum sending_class)c };
			struct enrol copy = *e;
			struct enrol_action act = enrol_sent(&copy, &d);

			good(&copy, &act);
		}
}

static void
codes(const struct enrol *e)
{
	for (int code = FIRST_RIGHT; code <= FIRST_VOID; code++)
		for (unsigned wrong = 0; wrong < ENROL_WRONG_MAX; wrong += 4) {
			struct enrol copy = *e;
			struct enrol_action act;

			copy.wrong = wrong;
			act = enrol_checked(&copy, (enum first_code)code);
			good(&copy, &act);
		}
}

static void
saves(const struct enrol *e)
{
	static const enum mfa_err errors[] = { MFA_ETIME, MFA_EEXIST, MFA_EIO,
	    MFA_ENOMEM };

	for (unsigned i = 0; i < 4; i++) {
		struct enrol copy = *e;
		struct enrol_action act;

		copy.method = i & 1 ? METHOD_TOTP : METHOD_SMS;
		phone_mask(copy.way.to, "+819000001234");
		act = enrol_saved(&copy, i & 2);
		good(&copy, &act);
		copy = *e;
		act = enrol_failed(&copy, errors[i]);
		good(&copy, &act);
		copy = *e;
		copy.saved = true;
		act = enrol_failed(&copy, errors[i]);
		good(&copy, &act);
	}
}

/* All that may happen at this prompt. */
static void
around(const struct enrol *e)
{
	static const char *const typed[] = { "", "a", "s", "c", "z", "b", "x",
	    "q", "k", "n", "r", "hello", "+", "++81", "1", "+33 6 12 34 56 78",
	    "+81 090 0000 1234", "123456", "12345678901234567890",
	    "\xe6\x97\xa5\xe6\x9c\xac", "\xff" };

	for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
		struct enrol copy = *e, then;
		struct enrol_action act = enrol_answer(&copy, typed[i]);

		good(&copy, &act);
		then = copy;
		if (act.what == ENROL_SHOW) {
			act = enrol_shown(&then, NULL);
			good(&then, &act);
			act = enrol_shown(&then, KEY);
			good(&then, &act);
		} else if (act.what == ENROL_SEND)
			deliveries(&copy);
		else if (act.what == ENROL_CHECK)
			codes(&copy);
	}
	saves(e);
}

/* The country whose title is longest. */
static const struct country *
longest(void)
{
	const struct country *c, *found = country_at(0);
	char title[COUNTRY_TITLE_MAX + 1];
	size_t most = 0, len;

	for (size_t i = 0; (c = country_at(i)) != NULL; i++) {
		len = strlen(country_title(title, c, LANGUAGE_EN));
		if (len > most) {
			most = len;
			found = c;
		}
	}
	return found;
}

static void
walk(const struct enrol_terms *terms)
{
	const char *const way[] = { "s", longest()->iso, NUMBER };
	const struct delivery sent = { .outcome = DELIVERY_UNCLEAR };
	struct enrol e;
	struct enrol_action act = enrol_start(&e, terms);

	good(&e, &act);
	around(&e);
	for (size_t i = 0; i < 3 && act.what == ENROL_PROMPT; i++) {
		act = enrol_answer(&e, way[i]);
		good(&e, &act);
		if (act.what == ENROL_PROMPT)
			around(&e);
	}
	if (act.what != ENROL_SEND)
		return;
	enrol_sent(&e, &sent);
	around(&e);
	codes(&e);
}

static void
all_fit(void **unused)
{
	static const unsigned sets[] = { 0, APP, SMS, CALL, APP | SMS,
	    APP | SMS | CALL };
	static const unsigned days[] = { 0, 1, 36500 };
	struct enrol_terms t = { .numbers = "+81", .country = longest() };
	char user[200];

	(void)unused;
	memset(user, 'x', sizeof(user) - 1);
	user[sizeof(user) - 1] = '\0';
	t.user = user;
	for (unsigned n = 0; n < LANGUAGES * 6 * 3 * 4 * 4; n++) {
		t.language = (enum language)(n % LANGUAGES);
		t.methods = sets[n / LANGUAGES % 6];
		t.days_left = days[n / LANGUAGES / 6 % 3];
		t.missing = n / LANGUAGES / 18 % 4;
		t.first = n / LANGUAGES / 72 % 2;
		t.home = n / LANGUAGES / 144 % 2;
		walk(&t);
	}
}

static void
says(const struct enrol_action *act, const char *text)
{
	assert_int_equal(act->what, ENROL_PROMPT);
	assert_string_equal(act->text, text);
}

static struct enrol_action
begin(struct enrol *e, unsigned methods, unsigned days_left)
{
	const struct enrol_terms terms = { .user = "hanako", .methods = methods,
	    .language = LANGUAGE_JA, .first = true, .days_left = days_left,
	    .numbers = "+81", .country = country_find("JP") };

	return enrol_start(e, &terms);
}

static void
japanese_app(void **unused)
{
	struct enrol e;
	struct enrol_action act = begin(&e, APP, 0);

	(void)unused;
	says(&act, "アカウントを保護するため、追加の情報が必要です。"
	    "スマートフォンの認証アプリを用意して Enter キーを押してください "
	    "(x: 中止): ");
	assert_int_equal(enrol_answer(&e, "").what, ENROL_SHOW);
	act = enrol_shown(&e, "ABCD EFGH");
	says(&act, "認証アプリに次のキーを入力してください: ABCD EFGH。"
	    "認証アプリに表示された確認コード (k: キーを文字で表示, "
	    "q: QR コードの表示を切り替え, x: 中止): ");
	act = enrol_checked(&e, FIRST_WRONG);
	assert_non_null(strstr(act.text, "確認コードが違います。スマート"
	    "フォンの時刻と、今追加したアカウントのコードかどうかを"));
	act = enrol_saved(&e, true);
	says(&act, "認証アプリを登録しました。上の回復コードを書き留めて"
	    "ください。スマートフォンが使えないときに、それぞれ1回だけ"
	    "使えます。この画面でしか表示されません。書き留めたら Enter "
	    "キーを押してください: ");
}

static void
japanese_phone(void **unused)
{
	const struct delivery sent = { .outcome = DELIVERY_SENT };
	struct enrol e;
	struct enrol_action act = begin(&e, APP | SMS | CALL, 12);

	(void)unused;
	says(&act, "アカウントを保護するため、追加の情報が必要です。登録しなく"
	    "ても、あと12日はログインできます。今すぐ登録しますか? a: 認証"
	    "アプリ, s: SMS でコードを受け取る, c: 音声通話でコードを受け取る, "
	    "Enter: 後で: ");
	act = enrol_answer(&e, "s");
	says(&act, "電話番号の国 (Enter: 日本 (+81), x: 中止): ");
	act = enrol_answer(&e, "");
	says(&act, "日本 (+81) の電話番号 (n: 国を変更, x: 中止): ");
	act = enrol_answer(&e, "");
	act = enrol_answer(&e, "090-0000");
	says(&act, "日本 (+81) の番号には桁が足りません。+81 の後は 9～10桁"
	    "ですが、6桁しかありません。"
	    "日本 (+81) の電話番号 (n: 国を変更, x: 中止): ");
	assert_int_equal(enrol_answer(&e, NUMBER).what, ENROL_SEND);
	act = enrol_sent(&e, &sent);
	says(&act, "+81 ********34 に確認コードを SMS で送りました。確認コード "
	    "(r: 再送, s: SMS, c: 音声通話, n: 番号を変更, b: 戻る, "
	    "x: 中止): ");
	act = enrol_failed(&e, MFA_ETIME);
	says(&act, "時間切れです。何も登録されていません。ログインし直して"
	    "ください。Enter キーを押してください: ");
}

/* What is said of a number ends as its language ends a sentence. */
static void
english_number(void **unused)
{
	struct enrol e;
	struct enrol_action act = begin(&e, SMS, 0);

	(void)unused;
	e.is.language = LANGUAGE_EN;
	enrol_answer(&e, "");
	enrol_answer(&e, "");
	act = enrol_answer(&e, "++");
	says(&act, "\"+\" can stand only once, before the country code. "
	    "Phone number in Japan (+81) (n: other country, x: leave): ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fit),
		cmocka_unit_test(japanese_app),
		cmocka_unit_test(japanese_phone),
		cmocka_unit_test(english_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
