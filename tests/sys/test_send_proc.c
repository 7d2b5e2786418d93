/*
 * The sender port, over shell scripts in the place of mfa-send: what they are
 * given, how each end of theirs is understood, and that the host process is
 * afterwards as it was before.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../pam_mfa/sys/send_proc.h"
#include "../fake/pamhost.h"

#define LONG_MS 30000	/* a limit that no good run comes near */
#define SHORT_MS 300

static char here[256], program[300];
static volatile sig_atomic_t signals;

static const struct sending_request request = { .dir = "/d", .state = "/s",
    .senders = "one", .run_as = "_mfa", .to = "+15550100", .extension = "",
    .code = "123456", .text = "Your code: 123456", .language = "en",
    .user = "alice", .service = "su", .rhost = "", .host = "h",
    .nonce = "00112233445566778899aabbccddeeff", .limit_ms = LONG_MS };

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The program becomes this script; "answer" is a file with a good answer. */
static void
script(const char *lines)
{
	pamhost_write(program, 0755, "#!/bin/sh\ncd %s\n%s\n", here, lines);
}

static struct sending_answer
call(uint32_t limit_ms)
{
	struct sending_request q = request;
	struct mfa_sender port = send_proc(program);
	struct sending_answer a;

	memset(&a, 0x5a, sizeof(a));
	q.limit_ms = limit_ms;
	port.send(port.ctx, &q, &a);
	assert_int_equal(a.show.len, 0);
	buf_wipe(&a.show);
	return a;
}

static void
ends(const char *lines, uint32_t limit_ms, enum sending_class class,
    const char *reason)
{
	struct sending_answer a;

	script(lines);
	a = call(limit_ms);
	assert_false(a.handed_over);
	assert_int_equal(a.class, class);
	assert_non_null(strstr(a.reason, reason));
	assert_string_equal(a.id, "");
}

static void
succeeds(const char *lines)
{
	struct sending_answer a;

	script(lines);
	a = call(LONG_MS);
	if (!a.handed_over)
		fail_msg("%s", a.reason);
	assert_string_equal(a.id, "m-1");
}

/* The file's text, in memory that the next call reuses. */
static const char *
text(const char *name)
{
	static char bytes[70000];
	FILE *f = fopen(name, "re");
	size_t n;

	assert_non_null(f);
	n = fread(bytes, 1, sizeof(bytes) - 1, f);
	bytes[n] = '\0';
	fclose(f);
	for (size_t i = 0; i < n; i++)
		if (bytes[i] == '\0')
			bytes[i] = '|';
	return bytes;
}

static int
descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

/* A child of anybody's, dead or alive, is there? */
static bool
has_children(void)
{
	return waitid(P_ALL, 0, &(siginfo_t){ 0 }, WEXITED | WNOHANG |
	    WNOWAIT | __WALL) == 0;
}

/* pid from a file that the script made; gone for good, soon? */
static void
is_gone(const char *file)
{
	pid_t pid = atoi(text(file));

	assert_true(pid > 1);
	for (int i = 0; i < 1000 && kill(pid, 0) == 0; i++)
		poll(NULL, 0, 10);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

static void
answer_comes(void **unused)
{
	(void)unused;
	succeeds("cat answer");
	/* In pieces, and with the end of the program long after. */
	succeeds("head -c 5 answer; tail -c +6 answer; exec sleep 60");
}

static void
request_comes(void **unused)
{
	struct buf b = { 0 };
	char lines[64];

	(void)unused;
	assert_int_equal(sending_put_request(&request, &b), MFA_OK);
	snprintf(lines, sizeof(lines), "head -c %zu >got; cat answer", b.len);
	succeeds(lines);
	assert_string_equal(text("got"), buf_str(&b));
	buf_wipe(&b);
}

static void
at31_surroundings(void **unused)
{
	int fd = open("/dev/zero", O_RDONLY);
	struct rlimit old, low = { 1 << 20, 1 << 20 };
	sigset_t set;

	(void)unused;
	assert_true(fd >= 0 && dup2(fd, 77) == 77);
	setenv("LD_PRELOAD_NOT", "x", 1);
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	signal(SIGINT, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	getrlimit(RLIMIT_FSIZE, &old);
	low.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &low);
	succeeds("cat /proc/$$/environ >env\n"
	    "cat /proc/self/status /proc/self/stat >status\n"
	    "(cd /proc/$$/fd; echo *) >fds; echo no >&2 && touch wrote\n"
	    "cat /proc/self/limits >limits; umask >umask\n"
	    "tr '\\0' ' ' </proc/$$/cmdline >cmdline\n"
	    "cat answer");
	assert_string_equal(text("env"),
	    "PATH=/usr/sbin:/usr/bin:/sbin:/bin|LANG=C.UTF-8|");
	/* 10 is the shell's, for the script. */
	assert_string_equal(text("fds"), "0 1 10 2\n");
	assert_int_equal(access("wrote", F_OK), -1);
	assert_non_null(strstr(text("status"), "SigBlk:\t0000000000000000"));
	assert_non_null(strstr(text("status"), "SigIgn:\t0000000000000000"));
	assert_non_null(strstr(text("limits"),
	    "Max file size             unlimited            unlimited"));
	assert_non_null(strstr(text("limits"),
	    "Max core file size        0                    0"));
	assert_string_equal(text("umask"), "0077\n");
	assert_non_null(strstr(text("cmdline"), "/dev/fd/2"));
	setrlimit(RLIMIT_FSIZE, &old);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGINT, SIG_DFL);
	unsetenv("http_proxy");
	close(fd);
	close(77);
}

static void
at56_deadline(void **unused)
{
	int64_t start = now_ms();

	(void)unused;
	ends("echo $$ >pid; exec sleep 60", SHORT_MS, SENDING_UNKNOWN,
	    "no answer in time");
	assert_true(now_ms() - start >= SHORT_MS);
	is_gone("pid");
	ends("echo $$ >pid; head -c 10 answer; exec sleep 60", SHORT_MS,
	    SENDING_UNKNOWN, "no answer in time");
	is_gone("pid");
	ends("echo $$ >pid; kill -STOP $$", SHORT_MS, SENDING_UNKNOWN,
	    "no answer in time");
	is_gone("pid");
}

static void
no_answer(void **unused)
{
	(void)unused;
	ends("exit 0", LONG_MS, SENDING_UNKNOWN, "without answer");
	ends("exit 3", LONG_MS, SENDING_UNKNOWN, "without answer");
	ends("kill -SEGV $$", LONG_MS, SENDING_UNKNOWN, "without answer");
	ends("head -c 10 answer", LONG_MS, SENDING_UNKNOWN,
	    "without answer");
	ends("exit 127", LONG_MS, SENDING_CONFIG, "cannot be run");
}

static void
at42_bad_answer(void **unused)
{
	(void)unused;
	ends("echo hello", LONG_MS, SENDING_UNKNOWN, "no valid answer");
	ends("echo 99999:", LONG_MS, SENDING_UNKNOWN, "no valid answer");
	ends("echo 3:abc,", LONG_MS, SENDING_UNKNOWN, "no valid answer");
	ends("(cat answer; echo more) | dd bs=64k iflag=fullblock 2>&-",
	    LONG_MS, SENDING_UNKNOWN, "no valid answer");
	ends("echo $$ >pid; printf 65000:; exec yes", LONG_MS,
	    SENDING_UNKNOWN, "no valid answer");
	is_gone("pid");
}

static void
bad_program(void **unused)
{
	struct sending_answer a;

	(void)unused;
	unlink(program);
	a = call(LONG_MS);
	assert_int_equal(a.class, SENDING_CONFIG);
	assert_non_null(strstr(a.reason, program));
	script("cat answer");
	assert_int_equal(chmod(program, 0775), 0);
	assert_non_null(strstr(call(LONG_MS).reason, "chmod 0755"));
	assert_int_equal(chmod(program, 04755), 0);
	assert_non_null(strstr(call(LONG_MS).reason, "chmod 0755"));
	assert_int_equal(chmod(program, 0644), 0);
	assert_int_equal(call(LONG_MS).class, SENDING_CONFIG);
	assert_int_equal(chmod(program, 0755) || chown(program, 1, 1), 0);
	assert_non_null(strstr(call(LONG_MS).reason, "belongs to uid 1"));
	unlink(program);
	assert_int_equal(symlink("/bin/true", program), 0);
	assert_int_equal(call(LONG_MS).class, SENDING_CONFIG);
	unlink(program);
	pamhost_write(program, 0755, "#!/nonexistent\n");
	assert_non_null(strstr(call(LONG_MS).reason, "cannot be run"));
	unlink(program);
}

static void
count(int sig)
{
	(void)sig;
	signals++;
}

static void
at33_host_notices_nothing(void **unused)
{
	const struct sigaction counting = { .sa_handler = count };
	struct sigaction chld, pipe_;
	sigset_t before = { 0 }, after = { 0 };
	int fds = descriptors(), status;
	pid_t own;

	(void)unused;
	sigaction(SIGCHLD, &counting, NULL);
	sigaction(SIGPIPE, &counting, NULL);
	sigprocmask(SIG_SETMASK, NULL, &before);
	signals = 0;
	/* Not to be taken for ours, and not to be waited for by us. */
	if ((own = fork()) == 0)
		_exit(42);
	for (int i = 0; i < 10000 && signals == 0; i++)
		poll(NULL, 0, 1);
	signals = 0;
	succeeds("cat answer");
	ends("exec <&- >&-; exec sleep 60", SHORT_MS, SENDING_UNKNOWN, "");
	assert_int_equal(signals, 0);
	sigaction(SIGCHLD, NULL, &chld);
	sigaction(SIGPIPE, NULL, &pipe_);
	sigprocmask(SIG_SETMASK, NULL, &after);
	assert_true(chld.sa_handler == count && pipe_.sa_handler == count);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(descriptors(), fds);
	assert_int_equal(waitpid(own, &status, 0), own);
	assert_int_equal(WEXITSTATUS(status), 42);
	assert_false(has_children());
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
}

static void
at33_host_ignores_sigchld(void **unused)
{
	(void)unused;
	signal(SIGCHLD, SIG_IGN);
	succeeds("cat answer");
	ends("exit 127", LONG_MS, SENDING_CONFIG, "cannot be run");
	signal(SIGCHLD, SIG_DFL);
	assert_false(has_children());
}

/* Signals all the time interrupt every wait. */
static void
host_is_interrupted(void **unused)
{
	const struct sigaction counting = { .sa_handler = count };
	const struct itimerval often = { { 0, 1000 }, { 0, 1000 } };

	(void)unused;
	sigaction(SIGALRM, &counting, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	succeeds("sleep 0.1; cat answer");
	ends("exec sleep 60", SHORT_MS, SENDING_UNKNOWN, "in time");
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	signal(SIGALRM, SIG_DFL);
	assert_false(has_children());
}

/* Runs in a child, whose exit status is 0 if the message was handed over. */
static int
apart(void (*prepare)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		prepare();
		_exit(call(LONG_MS).handed_over ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
no_stdio(void)
{
	close(0);
	close(1);
	close(2);
}

static void
few_descriptors(void)
{
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 3, 3 });
}

static void
tiny_limits(void)
{
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 0, 0 });
	setrlimit(RLIMIT_NPROC, &(struct rlimit){ 1, 1 });
	setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ 0, 0 });
	setrlimit(RLIMIT_STACK, &(struct rlimit){ 256 << 10, 256 << 10 });
}

/* A kernel, or a policy of the host, that forbids this one. */
static void
forbid(uint32_t nr)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { sizeof(f) / sizeof(*f), f };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	pamhost_must(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog),
	    "seccomp");
}

static void
no_fork(void)
{
	forbid(SYS_clone);
}

static void
no_exec(void)
{
	forbid(SYS_execveat);
}

static void
no_socket(void)
{
	forbid(SYS_socketpair);
}

static void
no_session(void)
{
	forbid(SYS_setsid);
}

static void
at27_forbidden(void **unused)
{
	(void)unused;
	script("cat answer");
	assert_int_equal(apart(no_fork), 1);
	assert_int_equal(apart(no_exec), 1);
	assert_int_equal(apart(no_socket), 1);
	assert_int_equal(apart(no_session), 1);
}

static void
poor_hosts(void **unused)
{
	(void)unused;
	script("cat answer");
	assert_int_equal(apart(no_stdio), 0);
	assert_int_equal(apart(few_descriptors), 1);
	assert_int_equal(apart(tiny_limits), 0);
}

/* With its host's end a message that nobody waits for any more ends. */
static void
at34_host_dies(void **unused)
{
	pid_t host;

	(void)unused;
	unlink("pid");
	script("echo $$ >pid.new; mv pid.new pid; exec sleep 60");
	if ((host = fork()) == 0) {
		call(LONG_MS);
		_exit(0);
	}
	for (int i = 0; i < 1000 && access("pid", F_OK); i++)
		poll(NULL, 0, 10);
	kill(host, SIGKILL);
	assert_int_equal(waitpid(host, NULL, 0), host);
	is_gone("pid");
}

static void
at42_nobody_reads(void **unused)
{
	struct sending_request q = request;
	struct mfa_sender port = send_proc(program);
	struct sending_answer a;
	char *big = calloc(1, SENDING_FRAME_MAX);

	(void)unused;
	memset(big, 'x', SENDING_FRAME_MAX - 1000);
	q.text = big;
	q.limit_ms = SHORT_MS;
	script("exec sleep 60");
	port.send(port.ctx, &q, &a);
	assert_int_equal(a.class, SENDING_UNKNOWN);
	memset(big, 'x', SENDING_FRAME_MAX - 1);
	port.send(port.ctx, &q, &a);
	assert_int_equal(a.class, SENDING_CONFIG);
	assert_non_null(strstr(a.reason, "too long"));
	free(big);
}

static void
many_times(void **unused)
{
	int fds = descriptors();

	(void)unused;
	for (int i = 0; i < 50; i++)
		succeeds("cat answer");
	assert_int_equal(descriptors(), fds);
	assert_false(has_children());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answer_comes),
		cmocka_unit_test(request_comes),
		cmocka_unit_test(at31_surroundings),
		cmocka_unit_test(at56_deadline),
		cmocka_unit_test(no_answer),
		cmocka_unit_test(at42_bad_answer),
		cmocka_unit_test(bad_program),
		cmocka_unit_test(at33_host_notices_nothing),
		cmocka_unit_test(at33_host_ignores_sigchld),
		cmocka_unit_test(host_is_interrupted),
		cmocka_unit_test(at27_forbidden),
		cmocka_unit_test(poor_hosts),
		cmocka_unit_test(at34_host_dies),
		cmocka_unit_test(at42_nobody_reads),
		cmocka_unit_test(many_times),
	};
	const struct sending_answer a = { .handed_over = true, .id = "m-1" };
	struct buf b = { 0 };

	pamhost_enter(0, 0);
	pamhost_must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	snprintf(program, sizeof(program), "%s/program", here);
	pamhost_must(!sending_put_answer(&a, &b), "answer");
	pamhost_write("answer", 0644, "%s", buf_str(&b));
	buf_wipe(&b);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
