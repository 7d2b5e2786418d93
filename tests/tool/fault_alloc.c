/*
 * Every allocation and reading of a clock of a login and of mfactl, one run
 * for each that fails: no wrong code gets in, no right one twice, no factor
 * is lost or half written, nothing hangs or crashes, and the next honest
 * login works. Run with tests/preload/alloc_fail.c preloaded.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../fake/pamhost.h"
#include "../fake/tap.h"

static struct {
	void (*at)(long);
	int (*failed)(void);
} fail;

/* Shared with the child. */
struct outcome {
	int result;		/* a PAM code, or mfactl's status; -1: crashed */
	int failed;		/* the Nth came */
};

static void
find_shim(void)
{
	*(void **)&fail.at = dlsym(RTLD_DEFAULT, "alloc_fail_at");
	*(void **)&fail.failed = dlsym(RTLD_DEFAULT, "alloc_failed");
	pamhost_must(fail.at && fail.failed, "alloc_fail is not preloaded");
}

static void
login(const char *code, long n, struct outcome *ret)
{
	struct talk t = { .answer = { code } };
	pam_handle_t *pamh = pamhost_start("fault", "root", &t);

	alarm(20);
	fail.at(n);
	ret->result = pam_authenticate(pamh, 0);
	ret->failed = fail.failed();
	fail.at(0);
	pam_end(pamh, ret->result);
}

/* fork, wait; what the child found out about itself. */
static struct outcome
apart(const char *code, long n)
{
	static struct outcome *shared;
	int status;
	pid_t pid;

	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pamhost_must(shared != MAP_FAILED, "mmap");
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		login(code, n, shared);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status == 0 ? *shared : (struct outcome){ -1, 1 };
}

static int
bad(const char *what, long n, int result)
{
	tap_note("allocation %ld: %s; result %d", n, what, result);
	return 1;
}

static int
next_login_fails(long n)
{
	char code[PAMHOST_CODE];

	pamhost_hotp(0, code);
	return pamhost_login_apart("fault", "root", code) == PAM_SUCCESS ? 0 :
	    bad("the next honest login failed", n, 0);
}

static int
one_login(const char *code, int right, long n, int *ret_failed)
{
	struct outcome o;
	int count = 0, in;

	pamhost_enrol("root", PAMHOST_OTP);
	o = apart(code, n);
	*ret_failed = o.failed;
	in = o.result == PAM_SUCCESS;
	if (o.result < 0 || o.result == PAM_IGNORE ||
	    o.result == PAM_PERM_DENIED)
		count += bad("crashed, hung or ignored", n, o.result);
	if (in && !right)
		count += bad("a wrong code got in", n, o.result);
	if (in && pamhost_login_apart("fault", "root", code) == PAM_SUCCESS)
		count += bad("one code got in twice", n, o.result);
	return count + next_login_fails(n);
}

static void
every_allocation_of_a_login(int right)
{
	char code[PAMHOST_CODE];
	int failed = 1, count = 0;
	long n;

	for (n = 1; failed; n++) {
		if (right)
			pamhost_totp(0, code);
		else
			pamhost_code("no such key", 1, code);
		count += one_login(code, right, n, &failed);
	}
	tap_ok(!count && n > 10, "%ld allocations and clocks of a login with "
	    "a %s code, each failing", n - 2, right ? "right" : "wrong");
}

static int
mfactl(const char *const argv[static 4], long n, int *ret_failed)
{
	char at[32], tool[512], byte;
	int in, status, told[2];
	pid_t pid;

	snprintf(at, sizeof(at), "%ld", n);
	pamhost_build("mfactl", tool, sizeof(tool));
	pamhost_must(pipe2(told, O_CLOEXEC | O_NONBLOCK) == 0, "pipe");
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		in = open("secret", O_RDONLY);
		dup2(in, 0);
		dup2(open("/dev/null", O_WRONLY), 1);
		dup2(1, 2);
		dup2(told[1], 9);
		setenv("ALLOC_FAIL_AT", at, 1);
		alarm(20);
		execl(tool, "mfactl", "--conf", "mfa.conf", argv[0], argv[1],
		    argv[2], argv[3], NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	*ret_failed = read(told[0], &byte, 1) == 1;
	close(told[0]);
	close(told[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* add: done if it says so, else not; the factor there before always works. */
static int
one_add(long n, int *ret_failed)
{
	const char *const add[] = { "add", "totp", "--secret-stdin", "root" };
	char code[PAMHOST_CODE];
	int count = 0, status, in;

	pamhost_enrol("root", PAMHOST_OTP);
	status = mfactl(add, n, ret_failed);
	pamhost_code("ABCDEFGHIJKLMNOPQRST", (uint64_t)time(NULL) / 30, code);
	in = pamhost_login_apart("fault", "root", code) == PAM_SUCCESS;
	if (status < 0 || status == 127)
		count += bad("mfactl add crashed or hung", n, status);
	if (status == 0 && !in)
		count += bad("said to be added, but is not", n, status);
	return count + next_login_fails(n);
}

static int
one_reset(long n, int *ret_failed)
{
	const char *const reset[] = { "reset", "root", NULL, NULL };
	int count = 0, status, gone;

	pamhost_enrol("root", PAMHOST_OTP);
	status = mfactl(reset, n, ret_failed);
	gone = access("users/root", F_OK) != 0;
	if (status < 0 || status == 127)
		count += bad("mfactl reset crashed or hung", n, status);
	if (status == 0 && !gone)
		count += bad("said to be reset, but is not", n, status);
	return gone ? count : count + next_login_fails(n);
}

static void
every_allocation_of_mfactl(const char *name, int (*one)(long, int *))
{
	int failed = 1, count = 0;
	long n;

	for (n = 1; failed; n++)
		count += one(n, &failed);
	tap_ok(!count && n > 10, "%ld allocations and clocks of mfactl %s, "
	    "each failing", n - 2, name);
}

int
main(void)
{
	find_shim();
	alarm(300);
	pamhost_enter(0, 0);
	pamhost_conf("tries = 1\n");
	/* PAM_IGNORE becomes PAM_PERM_DENIED; anything else stays itself. */
	pamhost_write("pam.d/fault", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	/* "ABCDEFGHIJKLMNOPQRST" */
	pamhost_write("secret", 0600, "IFBEGRCFIZDUQSKKJNGE2TSPKBIVEU2U\n");
	every_allocation_of_a_login(1);
	every_allocation_of_a_login(0);
	every_allocation_of_mfactl("add", one_add);
	every_allocation_of_mfactl("reset", one_reset);
	return tap_done();
}
