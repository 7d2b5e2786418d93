/* Errors and their sentences. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/err.h"

static void
names(void **unused)
{
	(void)unused;
	for (int i = MFA_OK; i <= MFA_ECRYPTO; i++) {
		assert_string_not_equal(mfa_strerror((enum mfa_err)i),
		    "unknown error");
		for (int j = MFA_OK; j < i; j++)
			assert_string_not_equal(mfa_strerror((enum mfa_err)i),
			    mfa_strerror((enum mfa_err)j));
	}
	assert_string_equal(mfa_strerror((enum mfa_err)(MFA_ECRYPTO + 1)),
	    "unknown error");
}

static void
sentences(void **unused)
{
	struct { struct mfa_why why; char after; } w = { { "old" }, 'x' };
	char longer[2 * sizeof(w.why.text)];

	(void)unused;
	assert_int_equal(mfa_fail(&w.why, MFA_EIO, "%s:%d", "a\nb\033\177", 7),
	    MFA_EIO);
	assert_string_equal(w.why.text, "a?b??:7");
	/* Cut to fit, and not inside a character of two bytes. */
	for (size_t i = 0; i < sizeof(longer) - 2; i += 2)
		memcpy(longer + i, "\303\251", 3);
	mfa_fail(&w.why, MFA_EIO, "%s", longer);
	assert_int_equal(strlen(w.why.text), sizeof(w.why.text) - 2);
	assert_int_equal(w.after, 'x');
	assert_int_equal(mfa_fail(NULL, MFA_ERANGE, "%s", "x"), MFA_ERANGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names),
	    cmocka_unit_test(sentences) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
