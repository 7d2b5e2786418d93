/* PAM stacks: each set-up that is wrong is named, and a right one is not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../enroll/check.h"

#define UNIX "auth requisite pam_unix.so\n"
#define MFA "auth [success=ok ignore=ignore default=die] pam_mfa.so\n"
#define DEBIAN "auth [success=1 default=ignore] pam_unix.so nullok\n" \
    "auth requisite pam_deny.so\nauth required pam_permit.so\n"
#define REDHAT "auth required pam_env.so\nauth sufficient pam_unix.so\n" \
    "auth sufficient pam_sss.so use_first_pass\nauth requisite pam_deny.so\n"

#define OUT true	/* the application had a first factor before PAM */

static const struct row {
	const char *sshd, *part;	/* the stack, and what it includes */
	const char *conf;
	bool outside;
	enum check_level level;		/* CHECK_OK: nothing is found */
	const char *where, *what;	/* of a finding; what: a part of it */
} rows[] = {
	{ UNIX MFA, "", "", 0, CHECK_OK, 0, 0 },
	{ "@include part\n" MFA, DEBIAN, "", 0, CHECK_OK, 0, 0 },
	{ "auth substack part\n" UNIX MFA, "auth required pam_env.so\n"
	    "auth sufficient pam_rootok.so\n", "", 0, CHECK_OK, 0, 0 },
	{ "auth sufficient pam_rootok.so\n@include part\n" MFA, DEBIAN, "", 0,
	    CHECK_OK, 0, 0 },
	{ "@include part\n" MFA, "auth [success=2 default=ignore] "
	    "pam_unix.so\nauth [success=1 default=ignore] pam_sss.so "
	    "use_first_pass\nauth requisite pam_deny.so\n"
	    "auth required pam_permit.so\n", "", 0, CHECK_OK, 0, 0 },
	{ UNIX "auth required pam_wheel.so\n" MFA, "", "", 0, CHECK_OK, 0, 0 },
	{ UNIX "auth required pam_mfa.so conf=/etc/mfa/mfa.conf\n", "", "", 0,
	    CHECK_OK, 0, 0 },
	{ "# a comment \\\n" UNIX "auth [success=ok \\\n default=die] "
	    "/lib/security/pam_mfa.so # ours\n", "", "", 0, CHECK_OK, 0, 0 },
	{ "", "", "", 0, CHECK_OK, 0, 0 },

	/* A refusal that does not refuse. */
	{ UNIX "auth sufficient pam_mfa.so\n", "", "", 0, CHECK_ERROR,
	    "/p/sshd:2", "a wrong code lets in: the control is sufficient" },
	{ UNIX "auth optional pam_mfa.so\n", "", "", 0, CHECK_ERROR,
	    "/p/sshd:2", "a wrong code lets in: the control is optional" },
	{ UNIX "auth [success=ok default=ignore] pam_mfa.so\n", "", "", 0,
	    CHECK_ERROR, "/p/sshd:2", "a wrong code lets in" },
	{ UNIX "auth [success=ok authinfo_unavail=ignore default=die] "
	    "pam_mfa.so\n", "", "", 0, CHECK_ERROR, "/p/sshd:2",
	    "a fault lets in: the control is [success=ok "
	    "authinfo_unavail=ignore default=die] (authinfo_unavail)" },
	{ UNIX "auth [success=ok module_unknown=ignore default=die] "
	    "pam_mfa.so\n", "", "", 0, CHECK_ERROR, "/p/sshd:2",
	    "(module_unknown)" },
	{ UNIX "-" MFA, "", "", 0, CHECK_ERROR, "/p/sshd:2", "\"-auth\"" },

	/* Ways round it. */
	{ "@include part\n" MFA, REDHAT, "", 0, CHECK_ERROR, "/p/part:2",
	    "with sufficient pam_unix.so no code is asked" },
	{ "@include part\n" MFA, REDHAT, "", 0, CHECK_ERROR, "/p/part:3",
	    "with sufficient pam_sss.so no code is asked" },
	{ "auth include part\n" MFA, REDHAT, "", 0, CHECK_ERROR, "/p/part:2",
	    "no code is asked" },
	{ "auth [success=1 default=die] pam_unix.so\n" MFA
	    "auth required pam_permit.so\n", "", "", 0, CHECK_ERROR,
	    "/p/sshd:1", "goes past pam_mfa.so" },
	/* The whole substack is one module to a jump. */
	{ "auth [success=1 default=die] pam_unix.so\nauth substack part\n"
	    "auth required pam_permit.so\n", MFA, "", 0, CHECK_ERROR,
	    "/p/sshd:1", "goes past pam_mfa.so" },
	{ UNIX "auth required pam_faillock.so preauth\n"
	    "auth sufficient pam_faillock.so authsucc\n" MFA, "", "", 0,
	    CHECK_ERROR, "/p/sshd:3", "with sufficient pam_faillock.so" },
	{ "auth [success=2 default=ignore] pam_succeed_if.so user ingroup "
	    "robots\n" UNIX MFA "auth required pam_permit.so\n", "", "", 0,
	    CHECK_NOTE, "/p/sshd:1", "pam_succeed_if.so user ingroup robots" },

	/* The password. */
	{ "auth required pam_unix.so\n" MFA, "", "", 0, CHECK_WARNING,
	    "/p/sshd:1", "after a wrong password the code is asked" },
	/* Even requisite ends only its substack. */
	{ "auth substack part\n" MFA, REDHAT, "", 0, CHECK_WARNING,
	    "/p/part:2", "after a wrong password the code is asked" },
	{ MFA UNIX, "", "", 0, CHECK_WARNING, "/p/sshd:1",
	    "no password is checked before it" },
	{ MFA, "", "", 0, CHECK_ERROR, "/p/sshd:1", "a code alone lets in" },
	{ MFA, "", "", OUT, CHECK_OK, 0, 0 },
	{ "auth sufficient pam_mfa.so\n" UNIX, "", "first_factor=after", 0,
	    CHECK_ERROR, "/p/sshd:1", "a code alone lets in" },
	{ MFA UNIX, "", "first_factor=after", 0, CHECK_OK, 0, 0 },
	{ UNIX MFA, "", "[service sshd]\nfirst_factor=after", 0,
	    CHECK_WARNING, "/p/sshd:2", "but first_factor = after for sshd" },
	{ UNIX MFA, "", "[service sudo]\nfirst_factor=after", 0, CHECK_OK, 0,
	    0 },
	{ MFA "auth required pam_unix.so use_first_pass\n", "",
	    "first_factor=joined", 0, CHECK_OK, 0, 0 },
	{ MFA UNIX, "", "first_factor=joined", 0, CHECK_ERROR, "/p/sshd:2",
	    "pam_unix.so asks for the password again" },
	{ UNIX MFA, "", "first_factor=joined", 0, CHECK_ERROR, "/p/sshd:2",
	    "no module after it checks the password" },

	/* People without a factor. */
	{ UNIX "auth [success=ok default=die] pam_mfa.so\n", "", "", 0,
	    CHECK_OK, 0, 0 },
	{ UNIX "auth [success=ok default=die] pam_mfa.so\n", "",
	    "not_enrolled=allow", 0, CHECK_WARNING, "/p/sshd:2",
	    "not_enrolled = allow lets nobody in" },
	{ UNIX "auth [success=ok default=die] pam_mfa.so\n", "",
	    "[group staff]\nnot_enrolled=allow", 0, CHECK_WARNING,
	    "/p/sshd:2", "not_enrolled = allow lets nobody in" },
	{ UNIX "auth [success=ok default=die] pam_mfa.so\n", "",
	    "[group staff]\nnot_enrolled=allow\n[service sshd]\n"
	    "not_enrolled=deny", 0, CHECK_OK, 0, 0 },
	{ UNIX MFA, "", "not_enrolled=allow", 0, CHECK_OK, 0, 0 },
	{ UNIX "auth [success=1 default=die] pam_mfa.so\n", "", "", 0,
	    CHECK_ERROR, "/p/sshd:2", "a right password and a right code" },

	/* App passwords, in place of everything. */
	{ "auth [success=ok default=die] pam_mfa.so\n", "",
	    "[service sshd]\napp_passwords=yes", 0, CHECK_OK, 0, 0 },
	{ MFA, "", "first_factor=after\nnot_enrolled=allow\n"
	    "[service sshd]\napp_passwords=yes", 0, CHECK_OK, 0, 0 },
	{ UNIX MFA, "", "[service sshd]\napp_passwords=yes", 0, CHECK_ERROR,
	    "/p/sshd:1", "app_passwords = yes for sshd, but pam_unix.so" },
	{ MFA "auth required pam_unix.so use_first_pass\n", "",
	    "[service sshd]\napp_passwords=yes", 0, CHECK_ERROR,
	    "/p/sshd:2", "pam_unix.so wants the password" },
	{ "auth sufficient pam_mfa.so\nauth required pam_permit.so\n", "",
	    "[service sshd]\napp_passwords=yes", 0, CHECK_ERROR,
	    "/p/sshd:1", "a wrong code lets in" },

	/* Lines. */
	{ UNIX "auth required pam_mfa.so debug\n", "", "", 0, CHECK_ERROR,
	    "/p/sshd:2", "unknown argument \"debug\"" },
	{ UNIX "auth required pam_mfa.so conf=mfa.conf\n", "", "", 0,
	    CHECK_ERROR, "/p/sshd:2", "unknown argument" },
	{ UNIX "auth required pam_mfa.so conf=/etc/other.conf\n", "", "", 0,
	    CHECK_NOTE, "/p/sshd:2", "reads another configuration" },
	{ UNIX "auth requird pam_mfa.so\n", "", "", 0, CHECK_ERROR,
	    "/p/sshd:2", "PAM does not understand this line" },
	{ UNIX "auth [success=ok default=die pam_mfa.so\n" MFA, "", "", 0,
	    CHECK_ERROR, "/p/sshd:2", "PAM does not understand this line" },
	{ "@include nothing\n" UNIX MFA, "", "", 0, CHECK_ERROR, "/p/sshd:1",
	    "includes \"nothing\"" },
	{ "@include part\n" UNIX MFA, "auth include part\n", "", 0,
	    CHECK_ERROR, "/p/part:1", "includes \"part\"" },
	{ UNIX "@include part\n" MFA, MFA, "", 0, CHECK_WARNING, "/p/sshd:3",
	    "the code is asked twice: the stack has /p/part:1 too" },
};

struct fixture {
	struct mfa_conf conf;
	struct findings f;
	struct pam_stack stack;
	struct pam_dir dir;
};

static int
setup(void **state)
{
	return (*state = calloc(1, sizeof(struct fixture))) == NULL;
}

static int
teardown(void **state)
{
	free(*state);
	return 0;
}

static void
add_file(struct pam_dir *dir, const char *name, const char *text)
{
	struct pam_file *file;

	dir->file = realloc(dir->file, (dir->n + 1) * sizeof(*dir->file));
	assert_non_null(dir->file);
	file = &dir->file[dir->n++];
	*file = (struct pam_file){ .text = { 0 } };
	snprintf(file->name, sizeof(file->name), "%s", name);
	snprintf(file->path, sizeof(file->path), "/p/%s", name);
	assert_int_equal(buf_puts(&file->text, text), MFA_OK);
}

static void
conf(struct fixture *fx, const char *text)
{
	struct mfa_why why = { "" };

	memset(&fx->f, 0, sizeof(fx->f));
	conf_init(&fx->conf);
	if (conf_parse(&fx->conf, "t", text, strlen(text), &why))
		fail_msg("%s", why.text);
}

static const struct finding *
find(const struct findings *f, const char *where, const char *what)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->list[i].where, where) &&
		    strstr(f->list[i].what, what) != NULL)
			return &f->list[i];
	return NULL;
}

static void
check_row(const struct fixture *fx, const struct row *row)
{
	const struct finding *one;

	if (row->level == CHECK_OK) {
		if (fx->f.n > 0)
			fail_msg("row %zu: %s: %s", (size_t)(row - rows),
			    fx->f.list[0].where, fx->f.list[0].what);
		return;
	}
	one = find(&fx->f, row->where, row->what);
	if (one == NULL || one->level != row->level) {
		check_print(&fx->f, stdout);
		fail_msg("row %zu: not found: %s: %s", (size_t)(row - rows),
		    row->where, row->what);
	}
	assert_true(*one->remedy || row->level == CHECK_NOTE);
	assert_int_equal(check_status(&fx->f), row->level == CHECK_NOTE ?
	    TOOL_OK : TOOL_NO);
}

static void
stacks(void **state)
{
	struct fixture *fx = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		const struct stack_place place = { &fx->conf, CONF_FILE,
		    "sshd", row->outside };

		conf(fx, row->conf);
		add_file(&fx->dir, "sshd", row->sshd);
		add_file(&fx->dir, "part", row->part);
		stack_read(&fx->dir, "sshd", "auth", &fx->stack);
		stack_judge(&fx->stack, &place, &fx->f);
		check_row(fx, row);
		pam_dir_free(&fx->dir);
	}
}

static void
judge_host(struct fixture *fx, const char *const files[][2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_file(&fx->dir, files[i][0], files[i][1]);
	pam_judge(&fx->dir, CONF_FILE, &fx->conf, NULL, &fx->f);
	pam_dir_free(&fx->dir);
}

static void
twins(void **state)
{
	static const char *const one[][2] = { { "sudo", UNIX MFA },
	    { "sudo-i", UNIX }, { "su", UNIX MFA },
	    { "su-l", "auth include su\n" }, { "login", UNIX } };
	struct fixture *fx = *state;

	conf(fx, "");
	judge_host(fx, one, 5);
	assert_non_null(find(&fx->f, "/p/sudo-i", "though sudo does"));
	assert_null(find(&fx->f, "/p/su-l", ""));
	assert_non_null(find(&fx->f, "PAM", "asked by: sudo su su-l"));
	assert_non_null(find(&fx->f, "PAM", "by: sudo-i login"));
	assert_int_equal(fx->f.count[CHECK_WARNING], 1);
	assert_int_equal(fx->f.count[CHECK_ERROR], 0);
}

static void
store_home(void **state)
{
	static const char *const sudo[][2] = { { "sudo", UNIX MFA } };
	static const char *const sshd[][2] = { { "sshd", UNIX MFA } };
	struct fixture *fx = *state;

	conf(fx, "store=home");
	judge_host(fx, sudo, 1);
	assert_non_null(find(&fx->f, CONF_FILE, "does not protect sudo"));
	conf(fx, "store=home");
	judge_host(fx, sshd, 1);
	assert_null(find(&fx->f, CONF_FILE, ""));
	conf(fx, "store=system");
	judge_host(fx, sudo, 1);
	assert_null(find(&fx->f, CONF_FILE, ""));
}

static void
cockpit(void **state)
{
	static const char *const ours[][2] = { { "cockpit", UNIX MFA } };
	static const char *const open[][2] = { { "cockpit", UNIX } };
	/* Debian's file: no die goes further than the substack. */
	static const char *const debian[][2] = { { "cockpit",
	    "auth substack common-auth\n" MFA }, { "common-auth", DEBIAN } };
	struct fixture *fx = *state;

	conf(fx, "");
	judge_host(fx, ours, 1);
	assert_non_null(find(&fx->f, CONF_FILE, "cockpit can show"));
	conf(fx, "[service cockpit]\nascii=yes");
	judge_host(fx, ours, 1);
	assert_int_equal(check_status(&fx->f), TOOL_OK);
	conf(fx, "");
	judge_host(fx, open, 1);
	assert_null(find(&fx->f, CONF_FILE, ""));
	conf(fx, "[service cockpit]\nascii=yes");
	judge_host(fx, debian, 2);
	assert_non_null(find(&fx->f, "/p/common-auth:1",
	    "after a wrong password the code is asked"));
}

static void
other_facilities(void **state)
{
	static const char *const files[][2] = { { "sshd", UNIX MFA
	    "account required pam_mfa.so\n" } };
	struct fixture *fx = *state;

	conf(fx, "");
	judge_host(fx, files, 1);
	assert_non_null(find(&fx->f, "/p/sshd:3", "works in auth only"));
	assert_int_equal(fx->f.count[CHECK_ERROR], 1);
}

/* Common parts are judged where they are included, by that service's rules. */
static void
parts(void **state)
{
	static const char *const files[][2] = { { "common-auth", MFA UNIX },
	    { "imap", "@include common-auth\n" } };
	struct fixture *fx = *state;

	conf(fx, "[service imap]\nfirst_factor=after\n");
	judge_host(fx, files, 2);
	assert_int_equal(check_status(&fx->f), TOOL_OK);
	conf(fx, "");
	judge_host(fx, files, 2);
	assert_non_null(find(&fx->f, "/p/common-auth:1", "for imap"));
}

static void
nobody_asks(void **state)
{
	static const char *const files[][2] = { { "sshd", UNIX } };
	struct fixture *fx = *state;

	conf(fx, "");
	judge_host(fx, files, 1);
	assert_non_null(find(&fx->f, "PAM", "no service asks"));
	assert_int_equal(check_status(&fx->f), TOOL_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stacks, setup, teardown),
		cmocka_unit_test_setup_teardown(twins, setup, teardown),
		cmocka_unit_test_setup_teardown(store_home, setup, teardown),
		cmocka_unit_test_setup_teardown(cockpit, setup, teardown),
		cmocka_unit_test_setup_teardown(other_facilities, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(parts, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_asks, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
