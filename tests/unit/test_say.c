/* The catalogues: sorted, found, and English where there is none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/err.h"
#include "../../pam_mfa/core/say.h"
#include "../../pam_mfa/core/utf8.h"

static void
every_text_is_found(void **unused)
{
	(void)unused;
	for (int i = 1; i < LANGUAGES; i++) {
		const struct say_catalogue *in = say_catalogue(
		    (enum language)i);

		assert_true(in->n > 100);
		for (size_t j = 0; j < in->n; j++) {
			const struct say_pair *p = &in->pair[j];

			if (j > 0)
				assert_true(strcmp(p[-1].english,
				    p->english) < 0);
			assert_string_equal(say((enum language)i, p->english),
			    p->translated);
		}
	}
}

static void
is_utf8(void **unused)
{
	(void)unused;
	for (int i = 1; i < LANGUAGES; i++) {
		const struct say_catalogue *in = say_catalogue(
		    (enum language)i);

		for (size_t j = 0; j < in->n; j++) {
			const char *s = in->pair[j].translated;
			uint32_t c;
			size_t n;

			for (; *s != '\0'; s += n)
				assert_true((n = utf8_next(s, &c)) > 0);
		}
	}
}

static void
english_is_the_fallback(void **unused)
{
	static const char *const texts[] = { "Code", "", "nobody says this",
	    "zzz", "%s" };

	(void)unused;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_ptr_equal(say(LANGUAGE_EN, texts[i]), texts[i]);
	for (size_t i = 1; i < sizeof(texts) / sizeof(*texts); i++)
		assert_ptr_equal(say(LANGUAGE_JA, texts[i]), texts[i]);
	assert_ptr_equal(say((enum language)99, texts[0]), texts[0]);
	assert_string_equal(say(LANGUAGE_JA, "Code"), "確認コード");
}

/* A sentence for a person; the log's stays English. */
static void
reasons(void **unused)
{
	struct mfa_why log = { "" };
	struct mfa_why person = { .language = LANGUAGE_JA };

	(void)unused;
	assert_int_equal(mfa_fail(&log, MFA_ERANGE, "there is no factor "
	    "\"%s\"; see: mfactl status", "x"), MFA_ERANGE);
	assert_string_equal(log.text, "there is no factor \"x\"; see: mfactl "
	    "status");
	assert_int_equal(mfa_fail(&person, MFA_ERANGE, "there is no factor "
	    "\"%s\"; see: mfactl status", "x"), MFA_ERANGE);
	assert_string_equal(person.text, "「x」という認証方法はありません。"
	    "mfactl status で確認してください");
}

static void
names(void **unused)
{
	(void)unused;
	assert_int_equal(language_or("ja", LANGUAGE_EN), LANGUAGE_JA);
	assert_int_equal(language_or("en", LANGUAGE_JA), LANGUAGE_EN);
	assert_int_equal(language_or("", LANGUAGE_JA), LANGUAGE_JA);
	assert_int_equal(language_or("jp", LANGUAGE_EN), LANGUAGE_EN);
	assert_int_equal(language_or("JA", LANGUAGE_EN), LANGUAGE_EN);
	assert_string_equal(LANGUAGE_WORDS, "en ja");
	assert_string_equal(LANGUAGE_CHOICE, "en|ja");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_is_found),
		cmocka_unit_test(is_utf8),
		cmocka_unit_test(english_is_the_fallback),
		cmocka_unit_test(reasons),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
