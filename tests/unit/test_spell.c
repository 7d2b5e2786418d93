/* A code as a voice reads it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../pam_mfa/core/spell.h"

static void
spelled(void **unused)
{
	static const struct {
		const char *code, *separator, *language, *text;
	} rows[] = {
		{ "123", ", ", "", "1, 2, 3" },
		{ "0", ", ", "", "0" },
		{ "908", "", "", "908" },
		{ "0123456789", " ", "en", "zero one two three four five six "
		    "seven eight nine" },
		{ "42", ". ", "en-GB", "four. two" },
		{ "1234567890", "、", "ja", "いち、に、さん、よん、ご、ろく、"
		    "なな、はち、きゅう、ゼロ" },
		{ "77", "、", "JA-jp", "なな、なな" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf b = { 0 };

		assert_int_equal(buf_puts(&b, "> "), MFA_OK);
		assert_int_equal(spell_digits(rows[i].code, rows[i].separator,
		    rows[i].language, &b), MFA_OK);
		assert_string_equal(buf_str(&b) + 2, rows[i].text);
		buf_wipe(&b);
	}
}

static void
refused(void **unused)
{
	struct buf b = { 0 };

	(void)unused;
	assert_int_equal(spell_digits("", " ", "en", &b), MFA_ESYNTAX);
	assert_int_equal(spell_digits("12a", " ", "en", &b), MFA_ESYNTAX);
	assert_int_equal(spell_digits("1 2", " ", "", &b), MFA_ESYNTAX);
	assert_int_equal(spell_digits("12", " ", "fr", &b), MFA_ENOENT);
	assert_int_equal(spell_digits("12", " ", "english", &b), MFA_ENOENT);
	assert_int_equal(spell_digits("12", " ", "e", &b), MFA_ENOENT);
	assert_int_equal(b.len, 0);
	buf_wipe(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spelled),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
