/* What an SMS says and a call speaks: the words, and one segment always. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/conf.h"
#include "../../pam_mfa/core/gsm.h"
#include "../../pam_mfa/core/message.h"

static const struct otc_door here = { "alice", "sshd", "web1.example.com" };

/* The message; static, until the next. */
static const char *
message(const char *template, const char *webotp, const struct otc_door *door)
{
	const struct message m = { .template = template, .webotp = webotp,
	    .code = "012345", .door = door };
	static char text[1024];
	struct mfa_why why = { "" };
	struct buf b = { 0 };

	if (message_put(&m, &b, &why))
		fail_msg("%s", why.text);
	assert_true(b.len < sizeof(text));
	strcpy(text, buf_str(&b));
	buf_wipe(&b);
	return text;
}

static void
as_shipped(void **unused)
{
	struct mfa_conf *conf = test_malloc(sizeof(*conf));

	(void)unused;
	conf_init(conf);
	assert_string_equal(message(conf->send.template[SENDING_SMS]
	    [LANGUAGE_EN], "", &here), "Login to web1. Never tell anybody this "
	    "code, which is good for 5 minutes: 012345");
	assert_string_equal(message(conf->send.template[SENDING_SMS]
	    [LANGUAGE_JA], "", &here), "web1のログイン確認コード(5分間有効)"
	    "です。誰にも教えないでください: 012345");
	assert_string_equal(message(conf->send.template[SENDING_VOICE]
	    [LANGUAGE_EN], "", &here), "Your login code is 0, 1, 2, 3, 4, 5. "
	    "Again: 0, 1, 2, 3, 4, 5. Goodbye.");
	assert_string_equal(message(conf->send.template[SENDING_VOICE]
	    [LANGUAGE_JA], "", &here), "ログインの確認コードは、0、1、2、3、"
	    "4、5、です。繰り返します。0、1、2、3、4、5、です。");
	for (int kind = 0; kind < SENDING_KINDS; kind++)
		for (int lang = 0; lang < LANGUAGES; lang++)
			assert_int_equal(message_check((enum sending_kind)kind,
			    conf->send.template[kind][lang], "", NULL), MFA_OK);
	test_free(conf);
}

static void
names(void **unused)
{
	static const struct otc_door odd = { "Łukasz\n", "a b{c}",
	    "host-of-a-name-without-an-end" };

	(void)unused;
	assert_string_equal(message("{user}/{service}/{host}: {code}", "",
	    &here), "alice/sshd/web1: 012345");
	assert_string_equal(message("{user}/{service}/{host}: {code}", "",
	    &odd), "?ukasz?/a?b?c?/host-of-a-name-witho: 012345");
}

/* The last line, as WebOTP has it: "@domain #code". */
static void
webotp(void **unused)
{
	(void)unused;
	assert_string_equal(message("Code: {code}", "example.com", &here),
	    "Code: 012345\n@example.com #012345");
}

static void
checked(void **unused)
{
	static const struct {
		enum sending_kind kind;
		const char *template, *webotp, *why;
		enum mfa_err err;
	} rows[] = {
		{ SENDING_SMS, "{code}", "", "", MFA_OK },
		{ SENDING_SMS, "{code|spaced}", "", "", MFA_OK },
		{ SENDING_SMS, "Hello", "", "{code} is missing", MFA_ESYNTAX },
		{ SENDING_SMS, "", "", "{code} is missing", MFA_ESYNTAX },
		{ SENDING_SMS, "{{code}}", "", "{code} is missing",
		    MFA_ESYNTAX },
		{ SENDING_VOICE, "{{code", "", "{code} is missing",
		    MFA_ESYNTAX },
		{ SENDING_SMS, "{coda}", "", NULL, MFA_ESYNTAX },
		{ SENDING_SMS, "{code", "", NULL, MFA_ESYNTAX },
		{ SENDING_SMS, "\xff{code}", "", "the text is not UTF-8",
		    MFA_ESYNTAX },
		/* 70 characters of UCS-2, and one more. */
		{ SENDING_SMS,
		    "電電電電電電電電電電電電電電電電電電電電電電電電"
		    "電電電電電電電電電電電電電電電電電電電電電電電電電電電電"
		    "電電電電電電電電電電電電{code}", "", "", MFA_OK },
		{ SENDING_SMS,
		    "電電電電電電電電電電電電電電電電電電電電電電電電"
		    "電電電電電電電電電電電電電電電電電電電電電電電電電電電電"
		    "電電電電電電電電電電電電.{code}",
		    "", "the text may need 2 "
		    "segments; one has 70 characters: shorten it",
		    MFA_ERANGE },
		/* A host of 20 characters, and the last line, count. */
		{ SENDING_SMS,
		    "電電電電電電電電電電電電電電電電電電電電電電電電"
		    "電電電電電電電電電電電電電電電電電電電電電{host}{code}",
		    "", "the text may need 2 segments; one has 70 characters: "
		    "shorten it", MFA_ERANGE },
		{ SENDING_SMS,
		    "電電電電電電電電電電電電電電電電電電電電電電電電"
		    "電電電電電電電電電電電電電電電電電電電電電{code}",
		    "example.com", "the text may need 2 segments; one has 70 "
		    "characters: shorten it", MFA_ERANGE },
		{ SENDING_VOICE,
		    "電電電電電電電電電電電電電電電電電電電電電電電"
		    "電電電電電電電電電電電電電電電電電電電電電電電電電電電電"
		    "電電電電電電電電電電電電電電電電電電電電{code}", "", "",
		    MFA_OK },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mfa_why why = { "" };

		if (message_check(rows[i].kind, rows[i].template,
		    rows[i].webotp, &why) != rows[i].err)
			fail_msg("%s: %s", rows[i].template, why.text);
		if (rows[i].why != NULL)
			assert_string_equal(why.text, rows[i].why);
	}
}

/* What was accepted fits for every name that there may be. */
static void
always_one_segment(void **unused)
{
	static const char filler[] = "0123456789012345678901234567890123456789"
	    "012345678901234567890123456789012345678901234567890123"
	    "{user}{service}{host}{code}";
	static const char *const bad[] = { "{}[]{}[]{}[]{}[]{}[]{}[]",
	    "ŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁ", "`````````````````````",
	    "\xff\xfe\x80\x80\x80\x80\x80\xff\xff\xff\xff\xff\xff\xff\xff",
	    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwww", "" };
	struct gsm_size size;

	(void)unused;
	assert_int_equal(message_check(SENDING_SMS, filler, "", NULL), MFA_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const struct otc_door door = { bad[i], bad[i], bad[i] };

		assert_int_equal(gsm_measure(message(filler, "", &door), &size),
		    MFA_OK);
		assert_int_equal(size.segments, 1);
		assert_int_equal(size.charset, GSM_7BIT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_shipped),
		cmocka_unit_test(names),
		cmocka_unit_test(webotp),
		cmocka_unit_test(checked),
		cmocka_unit_test(always_one_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
