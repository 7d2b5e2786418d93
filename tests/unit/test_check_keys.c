/* Keys that do nothing where they stand: each has its line and a remedy. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../enroll/check.h"

#define ASKS "auth requisite pam_unix.so\nauth required pam_mfa.so\n"
#define KEY_CODE "publickey,keyboard-interactive:pam"
#define SSHD "usepam yes\nauthenticationmethods "
#define ENROL "not_enrolled = enrol\n"

static const struct row {
	const char *conf, *sshd, *defs;
	enum check_level level;		/* CHECK_OK: nothing is found */
	const char *where, *what, *remedy;
} rows[] = {
	{ "", SSHD KEY_CODE "\n", "", CHECK_OK, 0, 0, 0 },
	{ "remember = 14d\n", SSHD KEY_CODE "\n", "", CHECK_OK, 0, 0, 0 },
	{ "[service sshd]\nremember = 14d\n[service sshd-2]\nremember=1d\n"
	    "[service sudo]\ngrace = 5m\n[service su-l]\ngrace = 5m\n",
	    SSHD "hostbased " KEY_CODE "\n", "", CHECK_OK, 0, 0, 0 },

	/* remember */
	{ "[service sudo]\n\nremember = 14d\n", SSHD KEY_CODE "\n", "",
	    CHECK_WARNING, "/m:3", "remember does nothing in [service sudo]",
	    "there is grace" },
	{ "[service sshdx]\nremember = 14d\n", SSHD KEY_CODE "\n", "",
	    CHECK_WARNING, "/m:2", "[service sshdx]", "remove it" },
	{ "[service sudo]\nremember = 0\n", SSHD KEY_CODE "\n", "", CHECK_OK,
	    0, 0, 0 },
	{ "[policy p]\nservice = sudo, su\nremember = 14d\n", SSHD KEY_CODE
	    "\n", "", CHECK_WARNING, "/m:3", "remember does nothing in "
	    "[policy p]", "remove it" },
	{ "[policy p]\nservice = sudo, sshd\nremember = 14d\n", SSHD KEY_CODE
	    "\n", "", CHECK_OK, 0, 0, 0 },
	{ "[policy p]\ngroup = staff\nremember = 14d\n", SSHD KEY_CODE "\n",
	    "", CHECK_OK, 0, 0, 0 },
	{ "tries = 2\nremember = 14d\n", SSHD "any\n", "", CHECK_WARNING,
	    "/m:2", "nothing can be remembered: sshd verifies no key before "
	    "the code (AuthenticationMethods any)", KEY_CODE },
	{ "[service sshd]\nremember = 14d\n", "usepam yes\n", "",
	    CHECK_WARNING, "/m:2", "nothing can be remembered", KEY_CODE },
	{ "[policy p]\nfrom = 192.0.2.0/24\nremember = 14d\n",
	    SSHD "keyboard-interactive:pam,publickey\n", "", CHECK_WARNING,
	    "/m:3", "nothing can be remembered", KEY_CODE },
	{ "remember = 14d\n", SSHD "hostbased,keyboard-interactive:pam "
	    "publickey,password\n", "", CHECK_WARNING, "/m:1",
	    "nothing can be remembered", KEY_CODE },

	/* grace */
	{ "[service sshd]\ngrace = 5m\n", SSHD KEY_CODE "\n", "",
	    CHECK_WARNING, "/m:2", "grace does nothing in [service sshd]",
	    "[service sudo]" },
	{ "[service cockpit]\ngrace = 5m\n", SSHD KEY_CODE "\n", "",
	    CHECK_NOTE, "/m:2", "is cockpit called so?", "" },

	/* app_passwords */
	{ "[service imap]\napp_passwords = yes\n", SSHD KEY_CODE "\n", "",
	    CHECK_OK, 0, 0, 0 },
	{ "[service pop3]\napp_passwords = yes\n", SSHD KEY_CODE "\n", "",
	    CHECK_WARNING, "/m:2", "no app password is ever asked for by "
	    "pop3", "/etc/pam.d/pop3" },
	{ "[service none]\napp_passwords = yes\n", SSHD KEY_CODE "\n", "",
	    CHECK_WARNING, "/m:2", "no app password is ever asked for by "
	    "none", "correct the name" },
	{ "[service sudo]\napp_passwords = yes\n", SSHD KEY_CODE "\n", "",
	    CHECK_WARNING, "/m:2", "nothing but an app password is asked by "
	    "sudo", "remove it" },

	/* Who ends a login first */
	{ ENROL, SSHD KEY_CODE "\nlogingracetime 600\n", "LOGIN_TIMEOUT 600\n",
	    CHECK_OK, 0, 0, 0 },
	{ ENROL, SSHD KEY_CODE "\nlogingracetime 0\n", "LOGIN_TIMEOUT\t0\n",
	    CHECK_OK, 0, 0, 0 },
	{ ENROL, SSHD KEY_CODE "\nlogingracetime 599\n",
	    "LOGIN_TIMEOUT 600\n", CHECK_WARNING, "/m:1", "sshd ends a login "
	    "after", "LoginGraceTime 600" },
	{ ENROL, SSHD KEY_CODE "\n", "LOGIN_TIMEOUT 600\n", CHECK_WARNING,
	    "/m:1", "sshd ends a login after 2 minutes (LoginGraceTime), "
	    "though enrol_time gives it 10 minutes", "LoginGraceTime 600" },
	{ "\n[policy p]\nservice = sshd\nthen = enrol\n", SSHD KEY_CODE "\n",
	    "LOGIN_TIMEOUT 120\n", CHECK_WARNING, "/m:4", "sshd ends a login",
	    "LoginGraceTime 600" },
	{ "[group staff]\nnot_enrolled = enrol\n[service sshd]\n"
	    "enrol_time = 2m\n", SSHD KEY_CODE "\n", "LOGIN_TIMEOUT 600\n",
	    CHECK_OK, 0, 0, 0 },
	{ ENROL, SSHD KEY_CODE "\nlogingracetime 600\n", "# LOGIN_TIMEOUT "
	    "600\nLOGIN_RETRIES 3\n", CHECK_WARNING, "/m:1",
	    "login ends a login after 60 seconds (LOGIN_TIMEOUT), though "
	    "enrol_time gives it 10 minutes", "LOGIN_TIMEOUT 600" },
	{ "", SSHD KEY_CODE "\n", "  LOGIN_TIMEOUT  60\n", CHECK_NOTE,
	    CONF_FILE, "though time_limit gives it 2 minutes",
	    "LOGIN_TIMEOUT 120" },
	{ "time_limit = 3m\n", SSHD KEY_CODE "\n", "LOGIN_TIMEOUT 600\n",
	    CHECK_NOTE, "/m:1", "sshd ends a login after 2 minutes",
	    "LoginGraceTime 180" },

	/* mail_program */
	{ "mail_program = /bin/true\n", SSHD KEY_CODE "\n", "", CHECK_OK, 0, 0,
	    0 },
	{ "mail_program = /nonexistent\n", SSHD KEY_CODE "\n", "",
	    CHECK_WARNING, "/m:1", "there is no program /nonexistent",
	    "correct the path" },
	{ "mail_program = /etc/passwd\n", SSHD KEY_CODE "\n", "",
	    CHECK_WARNING, "/m:1", "there is no program /etc/passwd",
	    "correct the path" },
	{ "mail_program = /bin\n", SSHD KEY_CODE "\n", "", CHECK_WARNING,
	    "/m:1", "there is no program /bin", "correct the path" },

	/* home_program */
	{ "store = home\nhome_program = /bin/true\n", SSHD KEY_CODE "\n", "",
	    CHECK_OK, 0, 0, 0 },
	{ "home_program = /nonexistent\n", SSHD KEY_CODE "\n", "", CHECK_OK,
	    0, 0, 0 },
	{ "store = home\nhome_program = /nonexistent\n", SSHD KEY_CODE "\n",
	    "", CHECK_ERROR, "/m:2", "nobody can log in: there is no program "
	    "/nonexistent", "correct the path" },
};

struct fixture {
	struct mfa_conf conf;
	struct findings f;
	struct sshd_settings sshd;
};

static void
add_file(struct pam_dir *dir, const char *name, const char *text)
{
	struct pam_file *file = &dir->file[dir->n++];

	*file = (struct pam_file){ .text = { 0 } };
	snprintf(file->name, sizeof(file->name), "%s", name);
	snprintf(file->path, sizeof(file->path), "/p/%s", name);
	assert_int_equal(buf_puts(&file->text, text), MFA_OK);
}

static void
check_row(struct fixture *fx, const struct row *row, const struct pam_dir *dir)
{
	const struct keys_host host = { &fx->conf, CONF_FILE, dir, &fx->sshd,
	    *row->defs ? row->defs : "LOGIN_TIMEOUT 120\n" };
	struct mfa_why why = { "" };

	memset(&fx->f, 0, sizeof(fx->f));
	conf_init(&fx->conf);
	if (conf_parse(&fx->conf, "/m", row->conf, strlen(row->conf), &why))
		fail_msg("%s", why.text);
	sshd_parse(row->sshd, &fx->sshd);
	keys_judge(&host, &fx->f);
	check_print(&fx->f, stdout);
	if (fx->f.n != (row->level != CHECK_OK))
		fail_msg("row %zu: %zu findings", (size_t)(row - rows),
		    fx->f.n);
	if (fx->f.n == 0)
		return;
	assert_int_equal(fx->f.list[0].level, row->level);
	assert_string_equal(fx->f.list[0].where, row->where);
	assert_non_null(strstr(fx->f.list[0].what, row->what));
	assert_non_null(strstr(fx->f.list[0].remedy, row->remedy));
}

static void
each(void **unused)
{
	static const char *const asking[] = { "sshd", "login", "sudo", "imap" };
	struct fixture *fx = malloc(sizeof(*fx));
	struct pam_file files[5];
	struct pam_dir dir = { .file = files };

	(void)unused;
	assert_non_null(fx);
	for (size_t i = 0; i < sizeof(asking) / sizeof(*asking); i++)
		add_file(&dir, asking[i], ASKS);
	add_file(&dir, "pop3", "auth requisite pam_unix.so\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(fx, &rows[i], &dir);
	for (size_t i = 0; i < dir.n; i++)
		buf_wipe(&files[i].text);
	free(fx);
}

/* Of several files each key has its own; what came last holds. */
static void
places(void **unused)
{
	static const char one[] = "tries = 2\n[service su]\ngrace = 1m\n";
	static const char two[] = "\ntries = 3\n[service su]\ntries = 1\n";
	struct mfa_conf *conf = malloc(sizeof(*conf));
	char at[CONF_WHERE_MAX], name[16];
	struct mfa_why why = { "" };

	(void)unused;
	assert_non_null(conf);
	conf_init(conf);
	assert_int_equal(conf_parse(conf, "/1", one, strlen(one), &why), 0);
	assert_string_equal(conf_where(conf, NULL, "tries", at), "/1:1");
	assert_int_equal(conf_parse(conf, "/2", two, strlen(two), &why), 0);
	assert_string_equal(conf_where(conf, NULL, "tries", at), "/2:2");
	assert_string_equal(conf_where(conf, NULL, "grace", at), "");
	assert_string_equal(conf_where(conf, &conf->rule[0], "grace", at),
	    "/1:3");
	assert_string_equal(conf_where(conf, &conf->rule[0], "tries", at),
	    "/2:4");
	assert_string_equal(conf_where(conf, NULL, "nonsense", at), "");
	/* More files than names are kept of: no line is better than a wrong. */
	for (unsigned i = 3; i <= CONF_FILES_MAX + 1; i++) {
		snprintf(name, sizeof(name), "/%u", i);
		assert_int_equal(conf_parse(conf, name, one, strlen(one), &why),
		    0);
		conf_where(conf, NULL, "tries", at);
		assert_int_equal(*at == '\0', i > CONF_FILES_MAX);
	}
	free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each),
	    cmocka_unit_test(places) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
