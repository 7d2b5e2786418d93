/* Lists of methods. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../pam_mfa/core/method.h"

static unsigned
list(const char *text)
{
	unsigned v = 0;

	assert_int_equal(method_list(text, &v), MFA_OK);
	return v;
}

static void
in_order(void **unused)
{
	unsigned v = list(" recovery,sms\ttotp ");
	char text[64];

	(void)unused;
	assert_int_equal(method_at(v, 0), METHOD_RECOVERY);
	assert_int_equal(method_at(v, 1), METHOD_SMS);
	assert_int_equal(method_at(v, 2), METHOD_TOTP);
	assert_int_equal(method_at(v, 3), METHOD_KINDS);
	assert_int_equal(method_at(v, 99), METHOD_KINDS);
	assert_int_equal(method_at(0, 0), METHOD_KINDS);
	assert_true(method_in(v, METHOD_SMS));
	assert_false(method_in(v, METHOD_CALL));
	assert_false(method_in(v, METHOD_KINDS));
	assert_int_equal(method_set(v), METHOD_BIT(METHOD_RECOVERY) |
	    METHOD_BIT(METHOD_SMS) | METHOD_BIT(METHOD_TOTP));
	assert_string_equal(method_format(v, text, sizeof(text)),
	    "recovery, sms, totp");
	assert_string_equal(method_format(list("totp sms call recovery"), text,
	    sizeof(text)), "totp, sms, call, recovery");
	assert_string_equal(method_format(v, text, 12), "recovery, s");
	assert_string_equal(method_format(0, text, sizeof(text)), "");
}

static void
both(void **unused)
{
	(void)unused;
	assert_int_equal(method_both(list("call totp sms"),
	    list("sms recovery call")), list("call sms"));
	assert_int_equal(method_both(list("call"), list("sms")), 0);
	assert_int_equal(method_both(0, list("sms")), 0);
}

static void
mistakes(void **unused)
{
	static const char *const texts[] = { "", " ,", "voice", "totp, totp",
	    "tot", "totpx", "TOTP", "totp;sms", "totp sms call recovery x" };
	unsigned v = 7;

	(void)unused;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(method_list(texts[i], &v), MFA_ESYNTAX);
	assert_int_equal(v, 7);
	for (unsigned m = 0; m < METHOD_KINDS; m++)
		assert_int_equal(list(method_name((enum method)m)), m + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(in_order),
	    cmocka_unit_test(both), cmocka_unit_test(mistakes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
