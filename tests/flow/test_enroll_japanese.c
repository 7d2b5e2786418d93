/*
 * mfactl in Japanese on fake ports: what a person is asked and told, wide
 * characters in answers; a login's prompts and SMS in the language of the
 * record; and a first login, whose language is kept.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "../fake/fake_person.h"

static const char PHONE[] = "version = 1\nlanguage = ja\n"
    "[factor phone-aaaa]\nkind = phone\nlabel = 携帯電話\ncreated = 1\n"
    "number = +819000001234\nextension =\nways = sms\n"
    "key = 000102030405060708090a0b0c0d0e0f"
    "101112131415161718191a1b1c1d1e1f\n";

/* "#" is the code that was sent, in wide digits. */
static enum mfa_err
sent_code(struct fake *f, const char *prompt, struct buf *ret)
{
	const char *answer = f->asked < f->nanswers ? f->answers[f->asked] :
	    NULL;
	enum mfa_err r = MFA_OK;

	(void)prompt;
	if (answer == NULL || strcmp(answer, "#") != 0)
		return MFA_OK;
	f->asked++;
	for (const char *c = f->code; *c && !r; c++)
		r = buf_printf(ret, "\xef\xbc%c", 0x90 + *c - '0');
	return r;
}

static int
setup(void **state)
{
	struct fake_person *fp = fake_person_new("senders = demo\n"
	    "numbers = +81\ncountry = JP\nlanguage = ja\n");

	fp->tool.language = LANGUAGE_JA;
	*state = fp;
	return 0;
}

static void
told(const struct fake_person *fp, const char *text)
{
	if (!fake_has(&fp->fake.transcript, text) &&
	    !fake_has(&fp->out, text) && !fake_has(&fp->err, text))
		fail_msg("no \"%s\" in: %s%s%s", text,
		    buf_str(&fp->fake.transcript), buf_str(&fp->out),
		    buf_str(&fp->err));
}

static void
an_app(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("~", "@4",
	    "@0")), TOOL_OK);
	told(fp, "認証アプリでこの QR コードを読み取るか、次のキーを入力して");
	told(fp, "? 認証アプリに表示された確認コード (空欄: 中止): ");
	told(fp, "! 確認コードが違います。スマートフォンの時刻は");
	told(fp, "スマートフォンの時計が約2分進んでいるようです。");
	told(fp, "alice に totp-");
	told(fp, "(スマートフォン) を登録しました。");
	assert_true(fake_has(&fp->fake.factors, "label = スマートフォン\n"));
}

VERB(add_phone, enroll_phone(t, p, NULL))

static void
a_phone(void **state)
{
	struct fake_person *fp = *state;

	fp->fake.on_ask = sent_code;
	assert_int_equal(fake_person_run(fp, add_phone, ANSWERS("",
	    "０９０－００００", "０９０－００００－１２３４", "１１１１１１",
	    "ｒ", "#")), TOOL_OK);
	told(fp, "? 電話番号の国 (空欄: 日本");
	told(fp, "! 日本 (+81) の番号には桁が足りません。");
	told(fp, "電話番号は +819000001234 (日本) です。");
	told(fp, "- +81 ********34 に確認コードを SMS で送りました。");
	told(fp, "! 確認コードが違います。最後に届いたコードを入力");
	told(fp, "今はSMSを利用できません。30秒後にもう一度お試しください。");
	told(fp, "(携帯電話) を登録しました。");
	assert_string_equal(fp->fake.language, "ja");
}

static enum mfa_verdict
log_in(struct fake_person *fp, const struct mfa_subject *who,
    const char *const *answers)
{
	struct mfa_ports ports = fake_ports(&fp->fake);
	struct login_report rep;

	fake_begin(&fp->fake, answers);
	login_run(&ports, &fp->tool.conf, who, &rep);
	login_audit(&ports.log, who, &rep);
	return rep.verdict;
}

static const struct mfa_subject alice = { .user = "alice",
    .service = "sshd", .known = true };

/* A login of theirs: prompt, SMS and log. */
static void
a_login(void **state)
{
	struct fake_person *fp = *state;

	fake_set(&fp->fake.factors, PHONE);
	fp->tool.conf.login.language = LANGUAGE_EN;
	fp->fake.on_ask = sent_code;
	assert_int_equal(log_in(fp, &alice, ANSWERS("１２", "#")), MFA_GRANTED);
	told(fp, "? +81 ********34 に確認コードを SMS で送りました。"
	    "確認コード (r: 再送, ?: ほかの方法): ");
	told(fp, "? 確認コードではありません。");
	assert_string_equal(fp->fake.language, "ja");
	assert_true(fake_has(&fp->fake.text, "確認コード"));
	assert_true(fake_has(&fp->fake.log, "outcome=granted reason="));
}

/* The host's language, until they have passed the first factor. */
static void
a_guarded_login(void **state)
{
	struct fake_person *fp = *state;

	fake_set(&fp->fake.factors, PHONE);
	fp->tool.conf.login.first_factor = CONF_AFTER;
	fp->tool.conf.login.language = LANGUAGE_EN;
	log_in(fp, &alice, ANSWERS("111111"));
	assert_string_equal(buf_str(&fp->fake.transcript), "? Code from your "
	    "authenticator app: \n? Wrong code. Code: \n");
}

#define ENROL "senders = demo\nnumbers = +81\nnot_enrolled = enrol\n"

/* By wide answers; what was spoken is theirs, if the host speaks another. */
static void
a_first_login(void **state)
{
	struct fake_person *fp = *state;

	fp->fake.on_ask = sent_code;
	fake_conf(&fp->tool.conf, ENROL "[service sshd]\nlanguage = ja\n");
	assert_int_equal(log_in(fp, &alice, ANSWERS("ｓ", "＋８１",
	    "０９０－００００－１２３４", "#", "")), MFA_GRANTED);
	told(fp, "? アカウントを保護するため、追加の情報が必要です。");
	told(fp, "? 日本 (+81) の電話番号 (n: 国を変更, x: 中止): ");
	told(fp, "- \n回復コード:\n");
	told(fp, "? 電話番号 +81 ********34 を登録しました。上の回復コードを");
	assert_string_equal(fp->fake.language, "ja");
	assert_has(&fp->fake.factors, "\nlanguage = ja\n");
	assert_has(&fp->fake.factors, "label = 携帯電話\n");
	assert_has(&fp->fake.factors, "label = 回復コード\n");
	assert_has(&fp->fake.log, "event=enrol outcome=registered user=alice");
}

static void
a_first_login_in_the_hosts(void **state)
{
	struct fake_person *fp = *state;

	fp->fake.on_ask = sent_code;
	fake_conf(&fp->tool.conf, ENROL "methods = sms\nlanguage = ja\n");
	assert_int_equal(log_in(fp, &alice, ANSWERS("", "日本",
	    "090-0000-1234", "#", "")), MFA_GRANTED);
	told(fp, "? アカウントを保護するため、");
	assert_has_not(&fp->fake.factors, "language =");
}

/* What the program cannot show is nobody's choice; messages need no ASCII. */
static void
a_first_login_in_ascii(void **state)
{
	struct fake_person *fp = *state;
	const char *c;

	fp->fake.on_ask = sent_code;
	fake_conf(&fp->tool.conf, ENROL "language = ja\n"
	    "[service sshd]\nascii = yes\n");
	assert_int_equal(log_in(fp, &alice, ANSWERS("a", "x", "")),
	    MFA_DENY_WRONG);
	told(fp, "\nOpen this on the phone, or type the key below:\n");
	told(fp, "- otpauth://totp/");
	assert_has_not(&fp->fake.transcript, "[blocks]");
	assert_has_not(&fp->fake.transcript, "[hashes]");
	assert_int_equal(log_in(fp, &alice, ANSWERS("s", "+81",
	    "090-0000-1234", "#", "")), MFA_GRANTED);
	told(fp, "? Your phone +81 ********34 is registered. ");
	for (c = buf_str(&fp->fake.transcript); *c != '\0'; c++)
		assert_true((unsigned char)*c < 0x7f);
	assert_string_equal(fp->fake.language, "ja");
	assert_has_not(&fp->fake.factors, "language =");
	assert_has(&fp->fake.factors, "label = Mobile\n");
}

/* Before the first factor all dialogues are one, whoever is asked. */
static void
a_guarded_first_login(void **state)
{
	static const char *const conf[] = {
	    ENROL "first_factor = after\n",
	    ENROL "language = ja\nfirst_factor = after\n" };
	const char *const *answers = ANSWERS("123456", "s", "x", "1", "2");
	const struct mfa_subject nobody = { .user = "alice",
	    .service = "sshd" };
	struct fake_person *fp = *state;
	struct buf first = { 0 };

	for (size_t i = 0; i < 2; i++) {
		fake_conf(&fp->tool.conf, conf[i]);
		buf_wipe(&fp->fake.factors);
		assert_int_equal(log_in(fp, &alice, answers), MFA_DENY_WRONG);
		fake_set(&first, buf_str(&fp->fake.transcript));
		assert_int_equal(fake_has(&first, "確認コード"), i == 1);
		log_in(fp, &nobody, answers);
		assert_string_equal(buf_str(&fp->fake.transcript),
		    buf_str(&first));
		fake_set(&fp->fake.factors, PHONE);
		log_in(fp, &alice, answers);
		assert_string_equal(buf_str(&fp->fake.transcript),
		    buf_str(&first));
		fake_set(&fp->fake.state, "");
	}
	buf_wipe(&first);
}

/* --language is theirs; a terminal's may be the administrator's. */
static void
a_first_factor_by_mfactl(void **state)
{
	static const struct {
		const char *option, *conf, *kept;
	} rows[] = {
		{ "ja", "language = en\n", "\nlanguage = ja\n" },
		{ "en", "language = ja\n", "\nlanguage = en\n" },
		{ "ja", "language = ja\n", NULL },
		{ NULL, "language = en\n", NULL },
	};
	struct fake_person *fp = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		fake_conf(&fp->tool.conf, rows[i].conf);
		buf_wipe(&fp->fake.factors);
		fp->tool.opt.language = rows[i].option;
		assert_int_equal(fake_person_run(fp, enroll_totp,
		    ANSWERS("@0")), TOOL_OK);
		if (rows[i].kept != NULL)
			assert_has(&fp->fake.factors, rows[i].kept);
		else
			assert_has_not(&fp->fake.factors, "language =");
		/* The second changes nothing of it. */
		fp->tool.opt.language = strstr(rows[i].conf, "ja") != NULL ?
		    "en" : "ja";
		assert_int_equal(fake_person_run(fp, enroll_recovery,
		    ANSWERS("")), TOOL_OK);
		if (rows[i].kept != NULL)
			assert_has(&fp->fake.factors, rows[i].kept);
		else
			assert_has_not(&fp->fake.factors, "language =");
	}
	fp->tool.opt.label = "スマートフォン";
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("")),
	    TOOL_NO);
	told(fp, "「スマートフォン」はすでにあります。別の名前を");
}

static void
a_wide_yes(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_recovery, ANSWERS("")),
	    TOOL_OK);
	fp->tool.tty = true;
	assert_int_equal(fake_person_run(fp, enroll_recovery, ANSWERS("ｎ")),
	    TOOL_ABORTED);
	told(fp, "? 今の回復コードは使えなくなります。新しい回復コードを"
	    "作りますか? ");
	told(fp, "mfactl: 何も変更していません\n");
	assert_int_equal(fake_person_run(fp, enroll_recovery, ANSWERS("ｙ")),
	    TOOL_OK);
	told(fp, "alice の回復コードです。");
	assert_true(fake_has(&fp->fake.factors, "label = 回復コード\n"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(an_app), T(a_phone),
	    T(a_wide_yes), T(a_login), T(a_guarded_login), T(a_first_login),
	    T(a_first_login_in_the_hosts), T(a_first_login_in_ascii),
	    T(a_guarded_first_login), T(a_first_factor_by_mfactl) };

	/* As mfactl's main does it: labels are shown through it. */
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
