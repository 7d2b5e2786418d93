/*
 * store = home: only its owner writes there, and a home that cannot be read
 * is never a person without factors.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fake/badfile.h"
#include "../fake/filetest.h"
#include "../fake/storetest.h"

#define MINE ONE_HOME "/.mfa/factors"

/* In a child that is the person; what it returns. */
static enum mfa_err
as_person(enum mfa_err (*what)(struct one *))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct one *o = one_open("alice", CONF_STORE_HOME);

		if (setgid(ONE_UID) || setuid(ONE_UID))
			_exit(99);
		_exit((int)what(o));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return (enum mfa_err)WEXITSTATUS(status);
}

static enum mfa_err
save_mine(struct one *o)
{
	return one_save(o, "mine");
}

static void
home_belongs_to_its_owner(void **unused)
{
	struct one *o = one_open("alice", CONF_STORE_HOME);
	struct stat st;

	(void)unused;
	/* Root never writes there; it may take away. */
	assert_int_equal(one_save(o, "root's"), MFA_EPERM);
	assert_int_equal(one_remove(o), MFA_ENOENT);
	assert_int_equal(access(ONE_HOME "/.mfa", F_OK), -1);
	assert_int_equal(as_person(one_remove), MFA_ENOENT);
	assert_int_equal(as_person(save_mine), MFA_OK);
	assert_int_equal(stat(ONE_HOME "/.mfa", &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	assert_int_equal(stat(MINE, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(st.st_uid, ONE_UID);
	assert_int_equal(one_factors(o), MFA_OK);
	assert_string_equal(buf_str(&o->text), "mine");
	assert_int_equal(one_remove(o), MFA_OK);
	assert_int_equal(one_factors(o), MFA_ENOENT);
	assert_int_equal(as_person(save_mine), MFA_OK);
	assert_int_equal(as_person(one_remove), MFA_OK);
	/* What moves lies with root all the same. */
	assert_int_equal(one_begin(o), MFA_OK);
	assert_int_equal(one_commit(o, "state"), MFA_OK);
	assert_int_equal(stat("dir/state/alice", &st), 0);
	assert_int_equal(st.st_uid, 0);
	one_close(o);
}

/* What makes a home no place to read from: never "none enrolled". */
static void
at03_at09_at13_home_factors(void **unused)
{
	static const struct {
		const char *change;
		enum mfa_err err;
	} table[] = {	/* in /mnt */
		{ ":", MFA_OK },
		{ "chmod 2755 home", MFA_OK },
		{ "mv home h && ln -s h home", MFA_OK },
		{ "rm home/.mfa/factors", MFA_ENOENT },
		{ "rm -r home/.mfa", MFA_ENOENT },
		{ "rm -r home", MFA_EIO },
		{ "rm -r home && touch home", MFA_EPERM },
		{ "chmod 0100 home", MFA_EIO },
		{ "chmod 0775 home", MFA_EPERM },
		{ "chmod 1755 home", MFA_EPERM },
		{ "chown 4711 home", MFA_EPERM },
		{ "chmod 0700 /mnt", MFA_EIO },
		{ "chmod 0750 home/.mfa", MFA_EPERM },
		{ "chown 4711 home/.mfa", MFA_EIO },
		{ "chmod 0755 home/.mfa && chown 4711 home/.mfa", MFA_EPERM },
		{ "mv home/.mfa home/x && ln -s x home/.mfa", MFA_EPERM },
		{ "chmod 0640 home/.mfa/factors", MFA_EPERM },
		{ "chmod 0 home/.mfa/factors", MFA_EIO },
		{ "chown 0 home/.mfa/factors", MFA_EIO },
	};
	char cmd[128];

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		storetest_run("cd /mnt && chmod 755 . && rm -rf * && "
		    "mkdir -p home/.mfa && chmod 700 home/.mfa && "
		    "chown -R 23456:23456 home");
		badfile_good(MINE, "mine", ONE_UID);
		snprintf(cmd, sizeof(cmd), "cd /mnt && %s", table[i].change);
		storetest_run(cmd);
		one_factors_are("alice", CONF_STORE_HOME, table[i].err,
		    table[i].err ? "" : "mine");
	}
}

static void
at01_at10_at11_bad_files_at_home(void **unused)
{
	(void)unused;
	storetest_run("cd /mnt/home && mkdir -m 700 .mfa && chown 23456 .mfa");
	for (size_t i = 0; badfile_name(i) != NULL; i++) {
		struct one *o = one_open("alice", CONF_STORE_HOME);
		enum mfa_err r;

		badfile_make(i, MINE, "mine", ONE_UID);
		r = one_factors(o);
		/* What the person may not open is not even looked at. */
		if (r != MFA_EPERM && r != MFA_EIO)
			fail_msg("%s: %d", badfile_name(i), r);
		assert_string_equal(buf_str(&o->text), "");
		one_close(o);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, \
	storetest_setup, filetest_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(home_belongs_to_its_owner),
	    T(at03_at09_at13_home_factors),
	    T(at01_at10_at11_bad_files_at_home) };

	return cmocka_run_group_tests(tests, storetest_enter, NULL);
}
