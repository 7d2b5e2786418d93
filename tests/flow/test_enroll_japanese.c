/*
 * mfactl in Japanese on fake ports: what a person is asked and told, wide
 * characters in answers; and a login's prompts and SMS in the language of the
 * record.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "../../pam_mfa/login.h"
#include "../fake/fake_person.h"

#define KEY "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

#define ANSWERS(...) ((const char *const[]){ __VA_ARGS__, NULL })

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
	struct mfa_ports ports = fake_ports(&fp->fake);

	fp->tool.sender = ports.sender;
	fp->tool.log = ports.log;
	fp->person.ledger = ports.ledger;
	fp->tool.language = LANGUAGE_JA;
	*state = fp;
	return 0;
}

static int
teardown(void **state)
{
	fake_person_free(*state);
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

static int
add_phone(const struct tool *t, const struct person *p)
{
	return enroll_phone(t, p, NULL);
}

static void
a_phone(void **state)
{
	struct fake_person *fp = *state;

	fp->fake.on_ask = sent_code;
	assert_int_equal(fake_person_run(fp, add_phone, ANSWERS("",
	    "０９０－００００", "０９０－００００－１２３４", "１１１１１１",
	    "ｒ", "#")), TOOL_OK);
	told(fp, "? 電話番号の国 (空欄: Japan");
	told(fp, "! Japan (+81) の番号には桁が足りません。");
	told(fp, "電話番号は +819000001234 (Japan) です。");
	told(fp, "- +81 ********34 に確認コードを SMS で送りました。");
	told(fp, "! 確認コードが違います。最後に届いたコードを入力");
	told(fp, "今はSMSを利用できません。30秒後にもう一度お試しください。");
	told(fp, "(携帯電話) を登録しました。");
	assert_string_equal(fp->fake.language, "ja");
}

/* A login of theirs: prompt, SMS and log. */
static void
a_login(void **state)
{
	struct fake_person *fp = *state;
	struct mfa_ports ports = fake_ports(&fp->fake);
	const struct mfa_subject who = { .user = "alice", .service = "sshd",
	    .known = true };
	struct login_report rep;

	fake_set(&fp->fake.factors, PHONE);
	fp->tool.conf.login.language = LANGUAGE_EN;
	fp->fake.on_ask = sent_code;
	fp->fake.answers = ANSWERS("１２", "#");
	fp->fake.nanswers = 2;
	login_run(&ports, &fp->tool.conf, &who, &rep);
	login_audit(&ports.log, &who, &rep);
	assert_int_equal(rep.verdict, MFA_GRANTED);
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
	struct mfa_ports ports = fake_ports(&fp->fake);
	const struct mfa_subject who = { .user = "alice", .service = "sshd",
	    .known = true };
	struct login_report rep;

	fake_set(&fp->fake.factors, PHONE);
	fp->tool.conf.login.first_factor = CONF_AFTER;
	fp->tool.conf.login.language = LANGUAGE_EN;
	fp->fake.answers = ANSWERS("111111");
	fp->fake.nanswers = 1;
	login_run(&ports, &fp->tool.conf, &who, &rep);
	assert_string_equal(buf_str(&fp->fake.transcript), "? Code from your "
	    "authenticator app: \n? Wrong code. Code: \n");
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
	told(fp, "? 今の復旧コードは使えなくなります。新しく作りますか? ");
	told(fp, "mfactl: 何も変更していません\n");
	assert_int_equal(fake_person_run(fp, enroll_recovery, ANSWERS("ｙ")),
	    TOOL_OK);
	told(fp, "alice の復旧コードです。");
	assert_true(fake_has(&fp->fake.factors, "label = 復旧コード\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_app, setup, teardown),
		cmocka_unit_test_setup_teardown(a_phone, setup, teardown),
		cmocka_unit_test_setup_teardown(a_wide_yes, setup, teardown),
		cmocka_unit_test_setup_teardown(a_login, setup, teardown),
		cmocka_unit_test_setup_teardown(a_guarded_login, setup,
		    teardown),
	};

	/* As mfactl's main does it: labels are shown through it. */
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
