/*
 * AT-51: at each reading of the clock, one run for each, it is stepped: by two
 * hours, to 1970, 2038 and 2106. In a login with a right code, a wrong one and
 * one that is sent, an enrolment, mfactl add and reset; judged as where system
 * calls fail. Run with clock.so preloaded. The phone keeps the right time.
 */
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../fake/faultcase.h"
#include "../fake/pamhost.h"
#include "../fake/tap.h"
#include "../preload/clock.h"

#define HANGS 60	/* seconds; nothing here waits */

/* One run with a step at reading n. *ret: there were as many. */
static int
one_step(long n, int64_t step, bool *ret_more)
{
	struct clock_shim *c = clock_shim();
	const char *what;
	int status;
	pid_t pid;

	faultcase_begin();
	atomic_store(&c->stepped, 0);
	atomic_store(&c->step, step);
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		alarm(HANGS);
		atomic_store(&c->at, n);
		faultcase_run();
		_exit(0);
	}
	pamhost_must(waitpid(pid, &status, 0) == pid, "waitpid");
	atomic_store(&c->at, 0);
	atomic_store(&c->real, 0);
	*ret_more = atomic_load(&c->stepped);
	if (!WIFEXITED(status))
		what = "crashed or hung";
	else
		what = faultcase_judge(status);
	if (what == NULL)
		return 0;
	tap_note("reading %ld, step %lld: %s", n, (long long)step, what);
	return 1;
}

static void
every_reading(enum faultcase which)
{
	const int64_t now = time(NULL);
	const int64_t step[] = { -7200, 7200, 86400 - now, 2147483647 - now,
	    INT64_C(4291747200) - now };
	int bad = 0;
	long n = 0, runs = 0;
	bool more;

	faultcase_new(which);
	for (size_t i = 0; i < sizeof(step) / sizeof(*step); i++) {
		for (n = 0, more = true; more && n < 1000; runs++)
			bad += one_step(++n, step[i], &more);
	}
	tap_ok(!bad && n > 2, "AT-51 %ld readings of the clock in %s, %ld "
	    "steps", n - 1, faultcase_name(which), runs);
}

int
main(int argc, char **argv)
{
	faultcase_main(argc, argv);
	pamhost_must(clock_shim != NULL, "clock.so");
	pamhost_enter(0, 0);
	for (enum faultcase i = 0; i < FAULTCASES; i++)
		every_reading(i);
	return tap_done();
}
