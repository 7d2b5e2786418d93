/*
 * race [ROUNDS]: many logins let loose at the same instant, each in a process
 * of its own, the module loaded and unloaded for each. What one code buys, and
 * what many guesses buy, must not depend on who comes first.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../fake/pamhost.h"
#include "../fake/tap.h"

#define CREW_MAX 40

struct runner {
	char user[16];
	char answer[24];
	int result;		/* a PAM code */
	int evaluated;		/* the answer was compared, and was wrong */
};

struct crew {
	pthread_barrier_t gate;
	unsigned n;
	int over;
	pid_t pid[CREW_MAX];
	struct runner runner[CREW_MAX];
};

static void
gate(struct crew *c)
{
	int r = pthread_barrier_wait(&c->gate);

	pamhost_must(r == 0 || r == PTHREAD_BARRIER_SERIAL_THREAD, "barrier");
}

static void
run(struct crew *c, struct runner *r)
{
	struct talk t = { .answer = { r->answer } };

	for (;;) {
		gate(c);
		if (c->over)
			_exit(0);
		r->result = pamhost_login("race", r->user, &t);
		r->evaluated = strstr(t.shown, "Wrong code") != NULL;
		gate(c);
	}
}

static struct crew *
crew_start(unsigned n)
{
	struct crew *c = mmap(NULL, sizeof(*c), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_barrierattr_t attr;

	pamhost_must(c != MAP_FAILED, "mmap");
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&c->gate, &attr, n + 1);
	c->n = n;
	for (unsigned i = 0; i < n; i++) {
		c->pid[i] = fork();
		pamhost_must(c->pid[i] >= 0, "fork");
		if (c->pid[i] == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			run(c, &c->runner[i]);
		}
	}
	return c;
}

static void
crew_end(struct crew *c)
{
	c->over = 1;
	gate(c);
	for (unsigned i = 0; i < c->n; i++)
		waitpid(c->pid[i], NULL, 0);
	munmap(c, sizeof(*c));
}

/* All at once, with one answer to one name; how many got in. */
static unsigned
one_round(struct crew *c, const char *user, const char *answer)
{
	unsigned in = 0;

	for (unsigned i = 0; i < c->n; i++) {
		snprintf(c->runner[i].user, sizeof(c->runner[i].user), "%s",
		    user);
		snprintf(c->runner[i].answer, sizeof(c->runner[i].answer), "%s",
		    answer);
	}
	gate(c);
	gate(c);
	for (unsigned i = 0; i < c->n; i++)
		in += c->runner[i].result == PAM_SUCCESS;
	return in;
}

/* The code of a round; what was used up before is forgotten when it must be. */
typedef void round_code(unsigned round, char ret[static 24]);

/* Three codes that a fresh state takes, in their order; then a fresh state. */
static void
totp_round(unsigned round, char ret[static 24])
{
	if (round % 3 == 0)
		pamhost_enrol("root", PAMHOST_OTP);
	pamhost_totp((int)(round % 3) - 1, ret);
}

/*
 * A used one is a wrong one, and 31 of those are over the limit: a fresh state
 * each time, and a counter from anywhere in the look-ahead.
 */
static void
hotp_round(unsigned round, char ret[static 24])
{
	pamhost_enrol("root", PAMHOST_OTP);
	pamhost_hotp(round % 10, ret);
}

static void
recovery_round(unsigned round, char ret[static 24])
{
	(void)round;
	pamhost_enrol("root", PAMHOST_RECOVERY);
	snprintf(ret, 24, "%s", PAMHOST_RECOVERY_CODE);
}

static void
good_once(const char *what, round_code *code, unsigned rounds)
{
	struct crew *c = crew_start(32);
	unsigned bad = 0;
	char answer[24];
	time_t start = time(NULL);

	for (unsigned i = 0; i < rounds; i++) {
		unsigned in;

		code(i, answer);
		if ((in = one_round(c, "root", answer)) == 1)
			continue;
		if (bad++ < 5)
			tap_note("round %u: %u successes, first result %s", i,
			    in, pam_strerror(NULL, c->runner[0].result));
	}
	crew_end(c);
	tap_ok(!bad, "AT-35, AT-39: 32 processes with one right %s: exactly "
	    "one success, %u rounds", what, rounds);
	tap_note("%ld s", (long)(time(NULL) - start));
}

static void
each_his_own(unsigned rounds)
{
	struct crew *c = crew_start(32);
	unsigned in = 0;

	for (unsigned k = 0; k < rounds; k++) {
		char code[PAMHOST_CODE];

		pamhost_totp(0, code);
		for (unsigned i = 0; i < c->n; i++) {
			struct runner *r = &c->runner[i];

			snprintf(r->user, sizeof(r->user), "u%u", i);
			snprintf(r->answer, sizeof(r->answer), "%s", code);
			pamhost_enrol(r->user, PAMHOST_OTP);
		}
		gate(c);
		gate(c);
		for (unsigned i = 0; i < c->n; i++)
			in += c->runner[i].result == PAM_SUCCESS;
	}
	crew_end(c);
	tap_ok(in == 32 * rounds, "32 users at once with right codes: "
	    "%u of %u succeed", in, 32 * rounds);
}

static int
is_right(const char *guess)
{
	char code[PAMHOST_CODE];

	for (int i = -4; i <= 4; i++) {
		pamhost_totp(i, code);
		if (!strcmp(code, guess))
			return 1;
	}
	for (unsigned i = 0; i <= 20; i++) {
		pamhost_hotp(i, code);
		if (!strcmp(code, guess))
			return 1;
	}
	return 0;
}

static void
guesses(struct crew *c, unsigned round)
{
	unsigned guess = 1000 * round;

	pamhost_enrol("u0", PAMHOST_OTP);
	for (unsigned i = 0; i < c->n; i++) {
		struct runner *r = &c->runner[i];

		snprintf(r->user, sizeof(r->user), "u0");
		do
			snprintf(r->answer, sizeof(r->answer), "%06u",
			    ++guess);
		while (is_right(r->answer));
	}
	gate(c);
	gate(c);
}

static void
guessing(unsigned rounds)
{
	struct crew *c = crew_start(40);
	unsigned bad = 0;

	for (unsigned k = 0; k < rounds; k++) {
		unsigned in = 0, evaluated = 0;
		long failures;

		guesses(c, k);
		for (unsigned i = 0; i < c->n; i++) {
			in += c->runner[i].result == PAM_SUCCESS;
			evaluated += c->runner[i].evaluated != 0;
		}
		failures = pamhost_failures("u0");
		if (in == 0 && evaluated == 5 && failures == 5)
			continue;
		if (bad++ < 5)
			tap_note("round %u: %u in, %u evaluated, failures = "
			    "%ld", k, in, evaluated, failures);
	}
	crew_end(c);
	tap_ok(!bad, "AT-35: 40 parallel wrong guesses, limit 5: 5 evaluated "
	    "and counted, 40 refused, %u rounds", rounds);
}

int
main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 1000;

	alarm(60 + rounds / 5);
	pamhost_enter(32, 0);
	/*
	 * A code may be a step older by the time the last one types it; that
	 * is not to be taken for a slow clock.
	 */
	pamhost_conf("window_back = 2\ndrift_max = 0\nfree_failures = 5\n"
	    "tries = 1\n");
	pamhost_write("pam.d/race", 0644, "auth required %s\n", pamhost_mfa());
	good_once("TOTP code", totp_round, rounds);
	good_once("HOTP code", hotp_round, (rounds + 3) / 4);
	good_once("recovery code (AT-86)", recovery_round, (rounds + 49) / 50);
	each_his_own((rounds + 19) / 20);
	guessing((rounds + 19) / 20);
	return tap_done();
}
