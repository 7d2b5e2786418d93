/* The lock: bounded, judged, and worth nothing once its file is gone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fake/badfile.h"
#include "../fake/filetest.h"

static const struct file_rule rule = { .owner = 0, .mode = 0600, .max = 100 };

static enum mfa_err
locks(struct filetest *f, int wait_ms, int *ret_fd)
{
	return file_lock(&f->dir, "lock", &rule, wait_ms, ret_fd, &f->why);
}

static void
at12_locking(void **state)
{
	struct filetest *f = *state;
	int fd = -1, again = -1;
	struct stat st;

	umask(0);
	assert_int_equal(locks(f, 0, &fd), MFA_OK);
	umask(022);
	assert_int_equal(stat("dir/lock", &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	/* Bounded, also within one process and for one that is late. */
	assert_int_equal(locks(f, 0, &again), MFA_EBUSY);
	assert_int_equal(locks(f, -1, &again), MFA_EBUSY);
	assert_int_equal(locks(f, 30, &again), MFA_EBUSY);
	assert_non_null(strstr(f->why.text, "dir/lock: locked by"));
	assert_int_equal(again, -1);
	close(fd);
	assert_int_equal(locks(f, 0, &again), MFA_OK);
	close(again);
	assert_int_equal(stat("dir/lock", &st), 0);
}

static void
at02_lock_files_are_judged(void **state)
{
	struct filetest *f = *state;
	int fd = -1;

	for (size_t i = 0; badfile_name(i) != NULL; i++) {
		bool dir = !strcmp(badfile_name(i), "a directory");

		badfile_make(i, "dir/lock", "x", 0);
		if (locks(f, 20, &fd) != (dir ? MFA_EIO : MFA_EPERM))
			fail_msg("%s: %s", badfile_name(i), f->why.text);
		assert_int_equal(fd, -1);
	}
	assert_int_equal(access("dir/nothing", F_OK), -1);
}

/*
 * A child takes the lock and gives it back after we have begun to wait; if
 * unlinks, it removes the file first, and what it kept locked locks nobody.
 */
static void
wait_for_child(struct filetest *f, bool unlinks)
{
	int ready[2], fd = -1, status;
	struct stat st;
	char c;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (locks(f, 0, &fd) || write(ready[1], "x", 1) != 1)
			_exit(1);
		poll(NULL, 0, 50);
		_exit(unlinks && unlink("dir/lock") ? 2 : 0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(locks(f, 10000, &fd), MFA_OK);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(fd);
	close(ready[0]);
	close(ready[1]);
}

static void
waiting(void **state)
{
	wait_for_child(*state, false);
	wait_for_child(*state, true);
}

#define T(f) cmocka_unit_test_setup_teardown(f, \
	filetest_setup, filetest_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(at12_locking),
	    T(at02_lock_files_are_judged), T(waiting) };

	return cmocka_run_group_tests(tests, filetest_enter, NULL);
}
