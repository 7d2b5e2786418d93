/* sshd's settings and the clock: what is wrong is named, what is right not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../enroll/check.h"

#define PAM "usepam yes\n"
#define KBD PAM "kbdinteractiveauthentication yes\n"
#define NOPW "passwordauthentication no\n"
#define NOKEY "pubkeyauthentication no\n"
#define METHODS KBD NOPW "authenticationmethods "
#define KEY_CODE "publickey,keyboard-interactive:pam"

static const struct row {
	const char *text;
	enum conf_first_factor first;
	bool outside;			/* what sshd_first_factor is to say */
	enum check_level level;		/* CHECK_OK: nothing is found */
	const char *what, *remedy;	/* parts of one finding */
} rows[] = {
	{ KBD NOPW NOKEY, CONF_BEFORE, false, CHECK_OK, 0, 0 },
	{ METHODS KEY_CODE "\n", CONF_BEFORE, true, CHECK_OK, 0, 0 },
	{ METHODS KEY_CODE " hostbased,keyboard-interactive\n", CONF_BEFORE,
	    true, CHECK_OK, 0, 0 },
	{ METHODS KEY_CODE " keyboard-interactive:pam\n", CONF_BEFORE, false,
	    CHECK_OK, 0, 0 },
	{ METHODS "keyboard-interactive,publickey\n", CONF_BEFORE, false,
	    CHECK_OK, 0, 0 },
	{ "UsePAM yes\nKbdInteractiveAuthentication YES\n"
	    "PasswordAuthentication no\nPubkeyAuthentication no\n",
	    CONF_BEFORE, false, CHECK_OK, 0, 0 },
	{ "usepam no\n" "kbdinteractiveauthentication yes\n" NOPW NOKEY,
	    CONF_BEFORE, false, CHECK_ERROR, "UsePAM is no", "UsePAM yes" },
	{ "", CONF_BEFORE, false, CHECK_ERROR, "UsePAM is no", "UsePAM yes" },
	{ KBD NOPW, CONF_BEFORE, false, CHECK_WARNING, "by public key:",
	    "AuthenticationMethods " KEY_CODE },
	{ KBD NOPW NOKEY "gssapiauthentication yes\n", CONF_BEFORE, false,
	    CHECK_WARNING, "Kerberos ticket", "AuthenticationMethods" },
	{ METHODS "publickey " KEY_CODE "\n", CONF_BEFORE, true,
	    CHECK_WARNING, "AuthenticationMethods publickey: no code",
	    "AuthenticationMethods publickey,keyboard-interactive:pam" },
	{ PAM "kbdinteractiveauthentication no\n" NOPW, CONF_BEFORE, false,
	    CHECK_ERROR, "no code is ever asked",
	    "KbdInteractiveAuthentication yes" },
	{ PAM "kbdinteractiveauthentication no\n" NOPW "authenticationmethods "
	    KEY_CODE "\n", CONF_BEFORE, true, CHECK_ERROR, "nobody gets in",
	    "KbdInteractiveAuthentication yes" },
	{ KBD NOKEY "passwordauthentication yes\n", CONF_BEFORE, false,
	    CHECK_NOTE, "password method cannot ask",
	    "PasswordAuthentication no" },
	{ PAM "kbdinteractiveauthentication no\npasswordauthentication yes\n"
	    NOKEY, CONF_BEFORE, false, CHECK_ERROR,
	    "and KbdInteractiveAuthentication is no",
	    "KbdInteractiveAuthentication yes; or" },
	{ PAM "kbdinteractiveauthentication no\npasswordauthentication yes\n"
	    NOKEY, CONF_JOINED, false, CHECK_OK, 0, 0 },
};

static void
judges_sshd(void **unused)
{
	struct findings *f = malloc(sizeof(*f));
	struct sshd_settings s;

	(void)unused;
	assert_non_null(f);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];

		memset(f, 0, sizeof(*f));
		sshd_parse(row->text, &s);
		sshd_judge(&s, row->first, f);
		check_print(f, stdout);
		if (sshd_first_factor(&s) != row->outside ||
		    f->n != (row->level != CHECK_OK))
			fail_msg("row %zu: %zu findings", i, f->n);
		if (f->n == 0)
			continue;
		assert_int_equal(f->list[0].level, row->level);
		assert_non_null(strstr(f->list[0].what, row->what));
		assert_non_null(strstr(f->list[0].remedy, row->remedy));
	}
	free(f);
}

static void
judges_clock(void **unused)
{
	static const struct {
		bool synced;
		int64_t now;
		enum check_level level;
		const char *what;
	} clocks[] = {
		{ true, 1790000000, CHECK_OK, "synchronised" },
		{ false, 1790000000, CHECK_WARNING, "nothing keeps it right" },
		{ true, 0, CHECK_ERROR, "it says never" },
		{ true, 946684800, CHECK_ERROR, "2000-01-01T00:00:00Z" },
		{ true, INT64_C(32503680000), CHECK_ERROR, "it says 3000" },
	};
	struct findings *f = malloc(sizeof(*f));

	(void)unused;
	assert_non_null(f);
	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		memset(f, 0, sizeof(*f));
		clock_judge(clocks[i].synced, clocks[i].now, f);
		assert_int_equal(f->n, 1);
		assert_int_equal(f->list[0].level, clocks[i].level);
		assert_non_null(strstr(f->list[0].what, clocks[i].what));
	}
	free(f);
}

static void
list_of_findings(void **unused)
{
	struct findings *f = calloc(1, sizeof(*f));

	(void)unused;
	assert_non_null(f);
	assert_int_equal(check_status(f), TOOL_OK);
	check_find(f, CHECK_OK, "a", "", "fine");
	check_find(f, CHECK_NOTE, "a", "", "known\nwith a line end");
	assert_int_equal(check_status(f), TOOL_OK);
	assert_string_equal(f->list[1].what, "known?with a line end");
	check_find(f, CHECK_WARNING, "b", "do", "bad");
	check_find(f, CHECK_WARNING, "b", "do", "bad");
	assert_int_equal(f->n, 3);
	assert_int_equal(check_status(f), TOOL_NO);
	for (unsigned i = 0; i < 2 * CHECK_MAX; i++)
		check_find(f, CHECK_ERROR, "c", "", "%u", i);
	assert_int_equal(f->n, CHECK_MAX);
	assert_int_equal(f->count[CHECK_ERROR], 2 * CHECK_MAX);
	free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_sshd), cmocka_unit_test(judges_clock),
		cmocka_unit_test(list_of_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
