/*
 * threads [ROUNDS]: AT-24. A host with sixteen threads that log people in at
 * once, the module loaded once and, in another run, with each login. Built and
 * run under ThreadSanitizer, module and all; libpam and libcrypto are not
 * instrumented. Whatever two threads of the module share, and do not guard,
 * ends this program with status 66. With "race" for ROUNDS it makes such a
 * mistake itself, to show that it would be seen.
 *
 * Each round: everybody their own right code: all get in. One right code by
 * all: one gets in. Wrong guesses by all for one: as many are counted as the
 * limit has.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../fake/pamhost.h"
#include "../fake/tap.h"

#define THREADS 16
#define FREE 5

struct guest {
	pthread_t thread;
	char user[16], answer[24];
	int result;
	bool evaluated;
};

static struct {
	pthread_barrier_t gate;
	struct guest guest[THREADS];
	bool over;		/* written while all wait */
} all;

static void
wait_for_all(void)
{
	int r = pthread_barrier_wait(&all.gate);

	pamhost_must(r == 0 || r == PTHREAD_BARRIER_SERIAL_THREAD, "barrier");
}

static void *
log_in(void *ctx)
{
	struct guest *g = ctx;

	for (;;) {
		struct talk t = { .answer = { g->answer } };

		wait_for_all();
		if (all.over)
			return NULL;
		g->result = pamhost_login("threads", g->user, &t);
		g->evaluated = strstr(t.shown, "Wrong code") != NULL;
		wait_for_all();
	}
}

static void
at_once(unsigned *ret_in, unsigned *ret_evaluated)
{
	*ret_in = *ret_evaluated = 0;
	wait_for_all();
	wait_for_all();
	for (int i = 0; i < THREADS; i++) {
		*ret_in += all.guest[i].result == PAM_SUCCESS;
		*ret_evaluated += all.guest[i].evaluated;
	}
}

static void
set(struct guest *g, int user, const char *answer)
{
	snprintf(g->user, sizeof(g->user), "u%d", user);
	snprintf(g->answer, sizeof(g->answer), "%s", answer);
}

/* A token's codes: no step of the clock comes between. */
static unsigned
own_codes(void)
{
	char code[PAMHOST_CODE];
	unsigned in, evaluated;

	pamhost_hotp(3, code);
	for (int i = 0; i < THREADS; i++) {
		set(&all.guest[i], i, code);
		pamhost_enrol(all.guest[i].user, PAMHOST_OTP);
	}
	at_once(&in, &evaluated);
	return in;
}

static unsigned
one_code(void)
{
	char code[PAMHOST_CODE];
	unsigned in, evaluated;

	pamhost_enrol("u0", PAMHOST_OTP);
	pamhost_hotp(0, code);
	for (int i = 0; i < THREADS; i++)
		set(&all.guest[i], 0, code);
	at_once(&in, &evaluated);
	return in;
}

static bool
guesses(void)
{
	char code[PAMHOST_CODE];
	unsigned in, evaluated;

	pamhost_enrol("u0", PAMHOST_OTP);
	for (int i = 0; i < THREADS; i++) {
		pamhost_code("no such key", (uint64_t)i, code);
		set(&all.guest[i], 0, code);
	}
	at_once(&in, &evaluated);
	return in == 0 && evaluated == FREE && pamhost_failures("u0") == FREE;
}

static void
rounds(unsigned n, const char *how)
{
	unsigned all_in = 0, once = 0, counted = 0;
	time_t start = time(NULL);

	for (unsigned i = 0; i < n; i++) {
		all_in += own_codes() == THREADS;
		once += one_code() == 1;
		counted += guesses();
	}
	tap_ok(all_in == n, "AT-24 %d threads, each with a code of their own, "
	    "%s: all get in, %u of %u rounds", THREADS, how, all_in, n);
	tap_ok(once == n, "AT-35 %d threads with one code, %s: one gets in, "
	    "%u of %u rounds", THREADS, how, once, n);
	tap_ok(counted == n, "AT-35 %d threads guessing, %s: %d are counted, "
	    "%u of %u rounds", THREADS, how, FREE, counted, n);
	tap_note("%ld s", (long)(time(NULL) - start));
}

static int mistake;

static void *
make_a_mistake(void *ctx)
{
	(void)ctx;
	mistake++;
	return NULL;
}

static int
race(void)
{
	pthread_t a, b;

	pamhost_must(!pthread_create(&a, NULL, make_a_mistake, NULL) &&
	    !pthread_create(&b, NULL, make_a_mistake, NULL), "thread");
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}

int
main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)atoi(argv[1]) : 5;
	char so[512];
	void *module;

	if (argc > 1 && strcmp(argv[1], "race") == 0)
		return race();
	alarm(120 + 10 * n);
	pamhost_enter(THREADS, 0);
	pamhost_conf("tries = 1\ndrift_max = 0\nfree_failures = 5\n");
	pamhost_write("pam.d/threads", 0644, "auth required %s\n",
	    pamhost_mfa());
	pthread_barrier_init(&all.gate, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		pamhost_must(!pthread_create(&all.guest[i].thread, NULL,
		    log_in, &all.guest[i]), "thread");
	rounds(n, "loaded by each");
	module = dlopen(pamhost_build("pam_mfa.so", so, sizeof(so)), RTLD_NOW);
	pamhost_must(module != NULL, so);
	rounds(n, "loaded once");
	all.over = true;
	wait_for_all();
	for (int i = 0; i < THREADS; i++)
		pthread_join(all.guest[i].thread, NULL);
	dlclose(module);
	return tap_done();
}
