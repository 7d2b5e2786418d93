/* The clock and the host's name. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pty.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../pam_mfa/sys/os.h"
#include "../fake/pamhost.h"

static void
clocks(void **unused)
{
	const struct mfa_clock clock = os_clock();
	struct mfa_time t = { 0 }, later = { 0 };
	struct timespec boot;
	char id[MOMENT_BOOT_MAX] = "";
	time_t before = time(NULL);
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	(void)unused;
	pamhost_must(f != NULL && fscanf(f, "%39s", id) == 1, "boot_id");
	fclose(f);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	assert_int_equal(clock.now(clock.ctx, &t), MFA_OK);
	assert_int_equal(clock.now_and_boot(clock.ctx, &later), MFA_OK);
	assert_string_equal(t.boot_id, "");
	assert_int_equal(strlen(id), 36);
	assert_string_equal(later.boot_id, id);
	assert_true(t.real >= before - 1 && later.real <= time(NULL) + 1);
	assert_true(t.boot_ms >= boot.tv_sec * 1000 +
	    boot.tv_nsec / 1000000);
	assert_true(later.boot_ms >= t.boot_ms);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	assert_true(later.boot_ms <= boot.tv_sec * 1000 +
	    boot.tv_nsec / 1000000);
}

static void
hostnames(void **unused)
{
	static const struct {
		const char *name;
		size_t cap;
		const char *shown;
	} table[] = { { "mfa.example.com", 64, "mfa.example.com" },
	    { "mfa", 4, "mfa" }, { "", 64, "localhost" },
	    { "mfa.example.com", 10, "localhost" },
	    { "mfa.example.com", 5, "loca" } };
	char name[65];

	(void)unused;
	pamhost_must(unshare(CLONE_NEWUTS) == 0, "unshare");
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		pamhost_must(sethostname(table[i].name,
		    strlen(table[i].name)) == 0, "sethostname");
		memset(name, 'x', sizeof(name));
		assert_ptr_equal(os_hostname(name, table[i].cap), name);
		assert_string_equal(name, table[i].shown);
		assert_int_equal(name[table[i].cap], 'x');
	}
}

/* What os_session says in a child, which has a terminal or not. */
static void
session_of(bool terminal, char ret[static 128])
{
	int fd[2], master, status;
	ssize_t n;
	pid_t pid;

	pamhost_must(pipe(fd) == 0, "pipe");
	pid = terminal ? forkpty(&master, NULL, NULL, NULL) : fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		char text[128];

		if (!terminal)
			setsid();
		os_session(text, sizeof(text));
		_exit(write(fd[1], text, strlen(text) + 1) < 0);
	}
	close(fd[1]);
	n = read(fd[0], ret, 128);
	pamhost_must(n > 0 && waitpid(pid, &status, 0) == pid && status == 0,
	    "child");
	close(fd[0]);
	if (terminal)
		close(master);
}

static void
sessions(void **unused)
{
	char one[128], two[128], none[128], id[MOMENT_BOOT_MAX];
	unsigned uid, tty, leader;
	unsigned long long start;

	(void)unused;
	session_of(false, none);
	assert_string_equal(none, "");
	session_of(true, one);
	session_of(true, two);
	assert_string_not_equal(one, two);
	assert_int_equal(sscanf(one, "session %u %u %u %llu %39s", &uid, &tty,
	    &leader, &start, id), 5);
	assert_int_equal(uid, getuid());
	assert_true(tty > 0 && leader > 1 && start > 0);
	assert_int_equal(strlen(id), 36);
	/* No room is no session, and not half of one. */
	assert_string_equal(os_session(none, 2), "");
}

/* As date(1) has it without TZ, whatever TZ says here. */
static void
local_minute(void **unused)
{
	int64_t before, after;
	int hour, minute;
	FILE *f;

	(void)unused;
	assert_int_equal(setenv("TZ", "XXX-13:37", 1), 0);
	tzset();
	do {
		before = os_local_minute();
		f = popen("env -u TZ date +%H:%M", "re");
		pamhost_must(f != NULL && fscanf(f, "%d:%d", &hour, &minute)
		    == 2, "date");
		pclose(f);
		after = os_local_minute();
	} while (before != after);
	unsetenv("TZ");
	assert_true(before > (int64_t)50 * 365 * 24 * 60);
	assert_int_equal(before % (24 * 60), hour * 60 + minute);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(clocks),
	    cmocka_unit_test(sessions), cmocka_unit_test(hostnames),
	    cmocka_unit_test(local_minute) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
