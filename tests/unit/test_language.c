/* The languages: each name leads back to its place, and nothing else does. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/language.h"

static void
names(void **unused)
{
	static const char *const none[] = { "", "e", "en ", "EN", "fr", "jap" };

	(void)unused;
	assert_string_equal(language_name(LANGUAGE_EN), "en");
	assert_string_equal(language_name(LANGUAGE_JA), "ja");
	for (int i = 0; i < LANGUAGES; i++)
		assert_int_equal(language_index(language_name(
		    (enum language)i)), i);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_int_equal(language_index(none[i]), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
