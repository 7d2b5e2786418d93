/* The module's arguments: conf=/PATH, the last counts, no other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/arguments.h"

static const struct {
	const char *argv[3];
	const char *path;	/* NULL: refused */
} table[] = {
	{ { NULL }, "/usual" },
	{ { "conf=/a" }, "/a" },
	{ { "conf=/" }, "/" },
	{ { "conf=/a", "conf=/b b" }, "/b b" },
	{ { "conf=a" }, NULL },
	{ { "conf=" }, NULL },
	{ { "conf" }, NULL },
	{ { "" }, NULL },
	{ { "CONF=/a" }, NULL },
	{ { " conf=/a" }, NULL },
	{ { "conf=/a", "debug" }, NULL },
	{ { "nullok", "conf=/a" }, NULL },
};

static void
rows(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const char *path = "untouched", *want = table[i].path;
		struct mfa_why why = { "" };
		enum mfa_err r;
		int n = 0;

		while (table[i].argv[n] != NULL)
			n++;
		r = arguments_read(n, table[i].argv, "/usual", &path, &why);
		if (r != (want ? MFA_OK : MFA_ESYNTAX) ||
		    strcmp(path, want ? want : "untouched"))
			fail_msg("row %zu: %d, %s", i, (int)r, path);
		assert_true((*why.text != '\0') == (want == NULL));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
