/*
 * Files: everything that may lie in the place of one, every mode, and what is
 * left when a replacement fails. As root, in a tmpfs of its own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fake/badfile.h"
#include "../fake/filetest.h"
#include "../fake/pamhost.h"

static const struct file_rule rule = { .owner = 0, .mode = 0600, .max = 100 };
static const struct file_rule dir_rule = { .owner = 0, .mode = 0755 };

/* The system's, with the nth sync, or the nth of short reads, failing. */
static int syncs, sync_fails, short_reads;

int
fsync(int fd)
{
	if (++syncs != sync_fails)
		return (int)syscall(SYS_fsync, fd);
	errno = EIO;
	return -1;
}

ssize_t
read(int fd, void *p, size_t n)
{
	if (short_reads == 0)
		return syscall(SYS_read, fd, p, n);
	errno = short_reads == 2 ? EINTR : EIO;
	return --short_reads < 2 ? -1 : syscall(SYS_read, fd, p, 3);
}

static enum mfa_err
reads(struct filetest *f, const char *name, const struct file_rule *r)
{
	buf_wipe(&f->text);
	return file_read(&f->dir, name, r, &f->text, &f->why);
}

static void
holds(struct filetest *f, const char *name, const char *text)
{
	if (reads(f, name, &rule))
		fail_msg("%s", f->why.text);
	assert_string_equal(buf_str(&f->text), text);
}

static enum mfa_err
replaces(struct filetest *f, const char *name, const char *text)
{
	const struct file_new new = { name, ".tmp", text, strlen(text) };

	return file_replace(&f->dir, &new, &f->why);
}

static void
at01_at06_at10_bad_kinds(void **state)
{
	struct filetest *f = *state;

	for (size_t i = 0; badfile_name(i) != NULL; i++) {
		badfile_make(i, "dir/x", "secret", 0);
		if (reads(f, "x", &rule) != MFA_EPERM || f->text.len != 0 ||
		    strstr(f->why.text, "dir/x") == NULL)
			fail_msg("%s: %s", badfile_name(i), f->why.text);
		assert_null(strstr(f->why.text, "secret"));
	}
	badfile_good("dir/x", "secret", 0);
	holds(f, "x", "secret");
	assert_int_equal(reads(f, "none", &rule), MFA_ENOENT);
}

/* Every mode there is, against two rules. */
static void
at07_modes(void **state)
{
	static const struct file_rule open_rule = { .mode = 0644,
	    .max = 100 };
	struct filetest *f = *state;

	badfile_good("dir/x", "y", 0);
	for (mode_t mode = 0; mode < 010000; mode++) {
		assert_int_equal(chmod("dir/x", mode), 0);
		assert_int_equal(reads(f, "x", &rule), mode & 07177 ?
		    MFA_EPERM : MFA_OK);
		assert_int_equal(reads(f, "x", &open_rule), mode & 07133 ?
		    MFA_EPERM : MFA_OK);
	}
	assert_non_null(strstr(f->why.text, "mode 7777: chmod 0644 dir/x"));
}

static void
at07_owners(void **state)
{
	static const struct file_rule theirs = { .owner = 4711,
	    .mode = 0600, .max = 100 };
	static const struct file_rule anyone = { .owner = FILE_ANYONE,
	    .mode = 0600, .max = 100 };
	struct filetest *f = *state;

	badfile_good("dir/x", "y", 4711);
	assert_int_equal(reads(f, "x", &rule), MFA_EPERM);
	assert_non_null(strstr(f->why.text, "uid 4711: chown 0 dir/x"));
	assert_int_equal(reads(f, "x", &theirs), MFA_OK);
	assert_int_equal(reads(f, "x", &anyone), MFA_OK);
	badfile_good("dir/x", "y", 0);
	assert_int_equal(reads(f, "x", &theirs), MFA_EPERM);
}

/* A file of all programs may be a link, and have names: but be root's. */
static void
shared(void **state)
{
	static const struct file_rule all = { .mode = 0755, .max = 100,
	    .shared = true };
	struct filetest *f = *state;

	badfile_good("dir/x", "y", 0);
	assert_int_equal(link("dir/x", "dir/second"), 0);
	assert_int_equal(symlink("second", "dir/link"), 0);
	assert_int_equal(symlink("link", "dir/links"), 0);
	assert_int_equal(symlink("none", "dir/dangling"), 0);
	assert_int_equal(symlink("/dev/zero", "dir/device"), 0);
	assert_int_equal(symlink(".", "dir/folder"), 0);
	assert_int_equal(mkfifo("dir/pipe", 0600), 0);
	assert_int_equal(symlink("pipe", "dir/fifo"), 0);
	assert_int_equal(reads(f, "links", &all), MFA_OK);
	assert_int_equal(reads(f, "links", &rule), MFA_EPERM);
	assert_int_equal(reads(f, "second", &rule), MFA_EPERM);
	assert_int_equal(reads(f, "dangling", &all), MFA_ENOENT);
	assert_int_equal(reads(f, "device", &all), MFA_EPERM);
	assert_int_equal(reads(f, "folder", &all), MFA_EPERM);
	assert_int_equal(reads(f, "fifo", &all), MFA_EPERM);
	assert_int_equal(chmod("dir/x", 0775), 0);
	assert_int_equal(reads(f, "links", &all), MFA_EPERM);
	badfile_good("dir/x", "y", 4711);
	assert_int_equal(symlink("x", "dir/other"), 0);
	assert_int_equal(reads(f, "other", &all), MFA_EPERM);
}

static void
at11_sizes(void **state)
{
	static const struct file_rule root_proc = { .owner = FILE_ANYONE,
	    .mode = 0666, .max = 64 };
	struct filetest *f = *state;
	char text[102];

	memset(text, 'x', sizeof(text));
	text[100] = '\0';
	badfile_good("dir/x", text, 0);
	holds(f, "x", text);
	/* What was in the buffer before stays before it. */
	assert_int_equal(file_read(&f->dir, "x", &rule, &f->text, &f->why),
	    MFA_OK);
	assert_int_equal(f->text.len, 200);
	text[100] = 'x';
	text[101] = '\0';
	badfile_good("dir/x", text, 0);
	assert_int_equal(reads(f, "x", &rule), MFA_EPERM);
	badfile_good("dir/x", "", 0);
	holds(f, "x", "");
	/* Of size 0 and yet not empty; of size 0 and not to be read. */
	assert_int_equal(reads(f, "/proc/self/comm", &root_proc), MFA_OK);
	assert_string_equal(buf_str(&f->text), "test_file\n");
	assert_int_equal(buf_puts(&f->text, "before"), MFA_OK);
	assert_int_equal(file_read(&f->dir, "/proc/self/mem", &root_proc,
	    &f->text, &f->why), MFA_EIO);
	assert_string_equal(buf_str(&f->text), "test_file\nbefore");
}

/* Not half a file, nor anything of it. */
static void
read_errors(void **state)
{
	struct filetest *f = *state;

	badfile_good("dir/x", "0123456789", 0);
	assert_int_equal(buf_puts(&f->text, "before"), MFA_OK);
	short_reads = 4;
	assert_int_equal(file_read(&f->dir, "x", &rule, &f->text, &f->why),
	    MFA_EIO);
	assert_int_equal(short_reads, 0);
	assert_int_equal(f->text.len, 6);
	assert_memory_equal(f->text.data, "before\0\0\0", 9);
	short_reads = 10;
	assert_int_equal(reads(f, "x", &rule), MFA_OK);
	assert_string_equal(buf_str(&f->text), "0123456789");
	short_reads = 0;
}

/* Both or it is no success: the bytes, and the name. */
static void
synced(void **state)
{
	struct filetest *f = *state;

	assert_int_equal(replaces(f, "x", "old"), MFA_OK);
	for (sync_fails = 1; sync_fails <= 2; sync_fails++) {
		syncs = 0;
		assert_int_equal(replaces(f, "x", "new"), MFA_EIO);
		assert_int_equal(syncs, sync_fails);
		assert_non_null(strstr(f->why.text, "dir/x: cannot sync"));
		assert_int_equal(access("dir/.tmp", F_OK), -1);
		holds(f, "x", sync_fails == 1 ? "old" : "new");
	}
	syncs = 0;
	sync_fails = 1;
	assert_int_equal(file_remove(&f->dir, "x", &f->why), MFA_EIO);
	assert_int_equal(syncs, 1);
	sync_fails = syncs = 0;
	assert_int_equal(file_mkdir(&f->dir, "d", &f->why), MFA_OK);
	assert_int_equal(syncs, 1);
}

static void
replacing(void **state)
{
	struct filetest *f = *state;
	struct stat st;

	umask(0);
	assert_int_equal(replaces(f, "x", "one"), MFA_OK);
	umask(022);
	holds(f, "x", "one");
	assert_int_equal(stat("dir/x", &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(replaces(f, "x", ""), MFA_OK);
	holds(f, "x", "");
	/* The name is replaced, never what it leads to. */
	badfile_good("dir/victim", "victim", 0);
	pamhost_must(symlink("victim", "dir/s") == 0 &&
	    link("dir/victim", "dir/h") == 0, "links");
	assert_int_equal(replaces(f, "s", "two"), MFA_OK);
	assert_int_equal(replaces(f, "h", "two"), MFA_OK);
	holds(f, "s", "two");
	holds(f, "h", "two");
	holds(f, "victim", "victim");
	assert_int_equal(access("dir/.tmp", F_OK), -1);
}

/* What a crash, or somebody, left under the temporary name. */
static void
at02_leftovers(void **state)
{
	struct filetest *f = *state;

	for (size_t i = 0; badfile_name(i) != NULL; i++) {
		bool dir = !strcmp(badfile_name(i), "a directory");

		assert_int_equal(replaces(f, "x", "old"), MFA_OK);
		badfile_make(i, "dir/.tmp", "left", 0);
		if (replaces(f, "x", "new") != (dir ? MFA_EIO : MFA_OK))
			fail_msg("%s: %s", badfile_name(i), f->why.text);
		holds(f, "x", dir ? "old" : "new");
		if (access("dir/.tmp.other", F_OK) == 0)
			holds(f, ".tmp.other", "left");
		badfile_clear("dir/.tmp");
	}
	assert_int_equal(access("dir/nothing", F_OK), -1);
}

/* Each step fails: the old bytes, and no new ones lying about. */
static void
at17_failing(void **state)
{
	struct rlimit was, small;
	struct filetest *f = *state;
	struct file_dir nowhere;

	assert_int_equal(replaces(f, "x", "old"), MFA_OK);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 2;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(replaces(f, "x", "new"), MFA_EIO);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_non_null(strstr(f->why.text, "dir/x: cannot write: "));
	holds(f, "x", "old");
	assert_int_equal(access("dir/.tmp", F_OK), -1);
	pamhost_must(mkdir("dir/d", 0700) == 0, "mkdir");
	assert_int_equal(replaces(f, "d", "new"), MFA_EIO);
	assert_non_null(strstr(f->why.text, "dir/d: cannot rename: "));
	assert_int_equal(access("dir/.tmp", F_OK), -1);
	/* A directory that is gone. */
	assert_int_equal(file_dir("dir/d", &dir_rule, &nowhere, &f->why),
	    MFA_OK);
	pamhost_must(rmdir("dir/d") == 0, "rmdir");
	assert_int_equal(file_replace(&nowhere, &(struct file_new){ "x",
	    ".tmp", "y", 1 }, &f->why), MFA_EIO);
	assert_non_null(strstr(f->why.text, "dir/d/x: cannot create: "));
	assert_int_equal(file_mkdir(&nowhere, "x", &f->why), MFA_EIO);
	close(nowhere.fd);
}

/* Somebody reads while it is replaced: one or the other, whole. */
static void
at15_replaced_at_once(void **state)
{
	static const char *const text[2] = { "short", "and a longer one" };
	struct filetest *f = *state;
	unsigned seen[2] = { 0 };
	int status = 0;
	pid_t pid;

	assert_int_equal(replaces(f, "x", text[0]), MFA_OK);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (int i = 1; i < 3000; i++)
			if (replaces(f, "x", text[i % 2]))
				_exit(1);
		_exit(0);
	}
	do {
		assert_int_equal(reads(f, "x", &rule), MFA_OK);
		if (!strcmp(buf_str(&f->text), text[0]))
			seen[0]++;
		else if (!strcmp(buf_str(&f->text), text[1]))
			seen[1]++;
		else
			fail_msg("torn: %s", buf_str(&f->text));
	} while (waitpid(pid, &status, WNOHANG) == 0);
	assert_int_equal(status, 0);
	assert_true(seen[0] + seen[1] > 0);
	holds(f, "x", text[1]);
}

static void
removing(void **state)
{
	struct filetest *f = *state;

	assert_int_equal(file_remove(&f->dir, "x", &f->why), MFA_ENOENT);
	badfile_good("dir/x", "y", 0);
	assert_int_equal(file_remove(&f->dir, "x", &f->why), MFA_OK);
	assert_int_equal(access("dir/x", F_OK), -1);
	pamhost_must(mkdir("dir/d", 0700) == 0, "mkdir");
	assert_int_equal(file_remove(&f->dir, "d", &f->why), MFA_EIO);
	/* The link, not what it leads to. */
	badfile_make(1, "dir/x", "y", 0);
	assert_int_equal(file_remove(&f->dir, "x", &f->why), MFA_OK);
	holds(f, "x.other", "y");
}

#define T(f) cmocka_unit_test_setup_teardown(f, \
	filetest_setup, filetest_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(at01_at06_at10_bad_kinds),
	    T(at07_modes), T(at07_owners), T(shared), T(at11_sizes),
	    T(read_errors), T(synced), T(replacing), T(at02_leftovers),
	    T(at17_failing), T(at15_replaced_at_once), T(removing) };

	return cmocka_run_group_tests(tests, filetest_enter, NULL);
}
