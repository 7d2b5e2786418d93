/* Directories: judged, made and listed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../fake/badfile.h"
#include "../fake/filetest.h"
#include "../fake/pamhost.h"

static const struct file_rule dir_rule = { .owner = 0, .mode = 0755 };

static void
directories(void **state)
{
	struct filetest *f = *state;
	static const struct {
		const char *make, *path;
		enum mfa_err err;
	} table[] = {
		{ "mkdir -m 755 dir/a", "dir/a", MFA_OK },
		{ ":", "dir/none", MFA_ENOENT },
		{ "echo >dir/b", "dir/b", MFA_EPERM },
		{ "ln -s a dir/c", "dir/c", MFA_EPERM },
		{ ":", "dir/c/.", MFA_OK },
		{ "mkfifo dir/d", "dir/d", MFA_EPERM },
		{ "mkdir -m 775 dir/e", "dir/e", MFA_EPERM },
		{ "mkdir -m 1755 dir/f", "dir/f", MFA_EPERM },
		{ "mkdir dir/g && chown 4711 dir/g", "dir/g", MFA_EPERM },
	};
	struct file_dir got = { -1, NULL };

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		pamhost_must(system(table[i].make) == 0, table[i].make);
		if (file_dir(table[i].path, &dir_rule, &got, &f->why) !=
		    table[i].err)
			fail_msg("%s: %s", table[i].path, f->why.text);
		if (table[i].err)
			continue;
		assert_string_equal(got.path, table[i].path);
		assert_int_equal(fcntl(got.fd, F_GETFD), FD_CLOEXEC);
		close(got.fd);
	}
}

/* Whoever may write in one of them decides what stands at the end. */
static void
at03_directories_above(void **state)
{
	static const struct {
		const char *make, *path;
		enum mfa_err err;
	} table[] = {
		{ "mkdir -p dir/a/b", "dir/a/b/c", MFA_OK },
		{ ":", "dir/a/none/c", MFA_ENOENT },
		{ "chmod 775 dir/a", "dir/a/b/c", MFA_EPERM },
		{ "chmod 757 dir/a", "dir/a/b/c", MFA_EPERM },
		{ "chmod 1777 dir/a", "dir/a/b/c", MFA_OK },
		{ "chmod 755 dir/a; chmod 777 dir/a/b", "dir/a/b/c",
		    MFA_EPERM },
		{ ":", "dir/a/b", MFA_OK },
		{ "chmod 755 dir/a/b; chown 4711 dir/a", "dir/a/b/c",
		    MFA_EPERM },
		{ "chmod 1777 dir/a", "dir/a/b/c", MFA_EPERM },
		{ "chown 0 dir/a; chmod 755 dir/a; ln -s a dir/l",
		    "dir/l/b/c", MFA_OK },
		{ "chmod 777 dir/a", "dir/l/b/c", MFA_EPERM },
		/* A link, and what it leads through. */
		{ "mkdir -p dir/p/q/r && ln -s p/q/r dir/m", "dir/m/c",
		    MFA_OK },
		{ "chown 4711 dir/p/q", "dir/m/c", MFA_EPERM },
		{ "chown 0 dir/p/q; ln -s p/q dir/n; rm dir/m; ln -s n/r dir/m",
		    "dir/m/c", MFA_OK },
		{ "ln -sfn $PWD/dir/n/../q/r dir/m", "dir/m/c", MFA_OK },
		{ "chmod 777 dir/p", "dir/m/c", MFA_EPERM },
		{ "chmod 1777 dir/p; ln -s q dir/p/s", "dir/p/s/c", MFA_OK },
		{ "chown -h 4711 dir/p/s", "dir/p/s/c", MFA_EPERM },
		{ "ln -s o dir/o", "dir/o/c", MFA_EPERM },
		{ "ln -s nowhere dir/w", "dir/w/c", MFA_ENOENT },
		{ "ln -s ../..//../../../$PWD//dir/p/./q/ dir/up", "dir/up/c",
		    MFA_OK },
		{ "echo >dir/f", "dir/f/c", MFA_EPERM },
	};
	struct filetest *f = *state;
	char too_long[FILE_PATH_MAX + 1];

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		pamhost_must(system(table[i].make) == 0, table[i].make);
		if (file_above(table[i].path, &f->why) != table[i].err)
			fail_msg("%zu: %s", i, f->why.text);
	}
	assert_int_equal(file_above("/etc/none", &f->why), MFA_OK);
	memset(too_long, '/', sizeof(too_long) - 1);
	too_long[sizeof(too_long) - 1] = '\0';
	assert_int_equal(file_above(too_long, &f->why), MFA_EPERM);
}

static void
making_directories(void **state)
{
	struct filetest *f = *state;
	struct stat st;

	umask(0);
	assert_int_equal(file_mkdir(&f->dir, "d", &f->why), MFA_OK);
	umask(022);
	assert_int_equal(stat("dir/d", &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	assert_int_equal(file_mkdir(&f->dir, "d", &f->why), MFA_OK);
	assert_int_equal(file_mkdir(&f->dir, "none/d", &f->why), MFA_EIO);
}

static enum mfa_err
collect(void *ctx, const char *name)
{
	struct buf *b = ctx;

	if (buf_printf(b, "%s ", name))
		return MFA_ENOMEM;
	return strcmp(name, "stop") ? MFA_OK : MFA_EBUSY;
}

static void
listing(void **state)
{
	static const char *const names[] = { "dir/b", "dir/a", "dir/Z",
	    "dir/10", "dir/9", "dir/.x", "dir/\303\251", "dir/_" };
	struct filetest *f = *state;
	struct buf got = { 0 };

	assert_int_equal(file_each(&f->dir, collect, &got, &f->why), MFA_OK);
	assert_string_equal(buf_str(&got), "");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		badfile_good(names[i], "", 0);
	assert_int_equal(file_each(&f->dir, collect, &got, &f->why), MFA_OK);
	assert_string_equal(buf_str(&got), "10 9 Z _ a b \303\251 ");
	buf_wipe(&got);
	badfile_good("dir/stop", "", 0);
	assert_int_equal(file_each(&f->dir, collect, &got, &f->why),
	    MFA_EBUSY);
	assert_string_equal(buf_str(&got), "10 9 Z _ a b stop ");
	buf_wipe(&got);
	assert_int_equal(file_each(&(struct file_dir){ -1, "none" }, collect,
	    &got, &f->why), MFA_EIO);
}

#define T(f) cmocka_unit_test_setup_teardown(f, \
	filetest_setup, filetest_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(directories),
	    T(at03_directories_above), T(making_directories), T(listing) };

	return cmocka_run_group_tests(tests, filetest_enter, NULL);
}
