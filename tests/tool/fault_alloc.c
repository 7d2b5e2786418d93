/*
 * AT-45: every allocation and reading of a clock of a login, of one with a
 * code that is sent, of an enrolment at a login and of mfactl, one run for each
 * that fails; judged as where system calls fail (fault_login, fault_sms,
 * fault_enrol, fault_tool). Run with alloc_fail.so preloaded. FAULT_EVERY=N in
 * the environment: only each Nth fails.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fake/faultcase.h"
#include "../fake/logincase.h"
#include "../fake/tap.h"
#include "../fake/toolcase.h"
#include "../preload/alloc_fail.h"

static struct {
	void (*at)(long);
	int (*failed)(void);
	void (*warm_up)(void);
} fail;

static void
find_shim(void)
{
	*(void **)&fail.at = dlsym(RTLD_DEFAULT, "alloc_fail_at");
	*(void **)&fail.failed = dlsym(RTLD_DEFAULT, "alloc_failed");
	*(void **)&fail.warm_up = dlsym(RTLD_DEFAULT, "alloc_fail_warm_up");
	pamhost_must(fail.at && fail.failed && fail.warm_up,
	    "alloc_fail is not preloaded");
	pamhost_must(setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }) == 0,
	    "setrlimit");
}

static int
bad(const char *what, long n, int result)
{
	tap_note("allocation %ld: %s; result %d", n, what, result);
	return 1;
}

/* Exit status 1: the Nth came; 0: there are not so many. */
static int
one_login(struct logincase *c, bool right, long n)
{
	int status;
	pid_t pid;

	logincase_begin(c, right);
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		alarm(ALLOC_HANGS);
		fail.at(n);
		logincase_run(c);
		status = fail.failed();
		fail.at(0);
		_exit(status);
	}
	pamhost_must(waitpid(pid, &status, 0) == pid, "waitpid");
	return status;
}

static int
judge_login(struct logincase *c, int status, long n, struct loginseen *ret)
{
	const char *what = !WIFEXITED(status) ? "crashed or hung" :
	    logincase_judge(c);

	logincase_seen(c, ret);
	return what != NULL ? bad(what, n, c->result) : 0;
}

static const char *
how(void)
{
	return faultcase_every() == 1 ? "each" : "of many, each";
}

static void
every_allocation_of_a_login(struct logincase *c)
{
	static struct loginseen right, wrong;
	int status, count = 0;
	long n = 0;

	do {
		n += faultcase_every();
		status = one_login(c, true, n);
		count += judge_login(c, status, n, &right);
		if (status == 0)
			break;
		count += judge_login(c, one_login(c, false, n), n, &wrong);
		if (loginseen_differ(&right, &wrong))
			count += bad("right and wrong were told apart", n,
			    right.result);
	} while (count < 100);
	tap_ok(!count && n > 100, "AT-45: %ld allocations and clocks of a "
	    "login, %s failing with a right and with a wrong code",
	    (n - 1) / faultcase_every(), how());
}

/* Of a case in which this process is the one that allocates. */
static void
every_allocation_of(enum faultcase which)
{
	int status, count = 0;
	const char *what;
	long n = 0;
	pid_t pid;

	faultcase_new(which);
	do {
		faultcase_begin();
		n += faultcase_every();
		pid = fork();
		pamhost_must(pid >= 0, "fork");
		if (pid == 0) {
			alarm(ALLOC_HANGS);
			fail.at(n);
			faultcase_run();
			status = fail.failed();
			fail.at(0);
			_exit(status);
		}
		pamhost_must(waitpid(pid, &status, 0) == pid, "waitpid");
		what = WIFEXITED(status) ? faultcase_judge(status) :
		    "crashed or hung";
		if (what != NULL)
			count += bad(what, n, status);
	} while (status != 0 && count < 100);
	tap_ok(!count && n > 100, "AT-45 %ld allocations and clocks of %s, "
	    "%s failing", (n - 1) / faultcase_every(), faultcase_name(which),
	    how());
}

/* mfactl, ready to begin: numbers go in, outcomes come out. */
struct server {
	pid_t pid;
	int in, out;
};

static void
start(struct server *s, const struct toolcase *c)
{
	int in[2], out[2];

	pamhost_must(pipe2(in, 0) == 0 && pipe2(out, 0) == 0, "pipe");
	s->pid = fork();
	pamhost_must(s->pid >= 0, "fork");
	if (s->pid == 0) {
		pamhost_must(setenv("ALLOC_FAIL_SERVER", "1", 1) == 0 &&
		    dup2(in[0], 8) == 8 && dup2(out[1], 9) == 9 &&
		    close_range(10, ~0U, 0) == 0, "mfactl");
		close(in[1]);
		close(out[0]);
		toolcase_exec(c);
	}
	close(in[0]);
	close(out[1]);
	s->in = in[1];
	s->out = out[0];
}

static void
stop(const struct server *s)
{
	int status;

	close(s->in);
	close(s->out);
	pamhost_must(waitpid(s->pid, &status, 0) == s->pid, "waitpid");
}

/* *ret_more: there was an Nth. */
static int
one_call(const struct server *s, struct toolcase *c, long n, bool *ret_more)
{
	struct alloc_outcome out;
	const char *what;

	toolcase_begin(c);
	pamhost_must(write(s->in, &n, sizeof(n)) == sizeof(n) &&
	    read(s->out, &out, sizeof(out)) == sizeof(out), "mfactl");
	*ret_more = out.failed;
	if (!WIFEXITED(out.status))
		return bad("crashed or hung", n, out.status);
	c->status = WEXITSTATUS(out.status);
	what = toolcase_judge(c);
	return what != NULL ? bad(what, n, c->status) : 0;
}

static void
every_allocation_of_mfactl(struct toolcase *c, enum toolcase_verb verb)
{
	struct server s;
	bool more = true;
	int count = 0;
	long n;

	toolcase_new(c, verb);
	start(&s, c);
	for (n = 0; more && count < 100;) {
		n += faultcase_every();
		count += one_call(&s, c, n, &more);
	}
	stop(&s);
	tap_ok(!count && n > 50, "%ld allocations and clocks of mfactl %s, "
	    "%s failing", (n - 1) / faultcase_every(), toolcase_name(c),
	    how());
}

int
main(int argc, char **argv)
{
	struct logincase *c = mmap(NULL, sizeof(*c), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	static struct toolcase tool;

	faultcase_main(argc, argv);
	pamhost_must(c != MAP_FAILED, "mmap");
	find_shim();
	pamhost_enter(0, 0);
	fail.warm_up();
	logincase_new(c);
	every_allocation_of_a_login(c);
	every_allocation_of(FAULTCASE_SMS);
	every_allocation_of(FAULTCASE_ENROL);
	every_allocation_of_mfactl(&tool, TOOLCASE_ADD);
	every_allocation_of_mfactl(&tool, TOOLCASE_RESET);
	return tap_done();
}
