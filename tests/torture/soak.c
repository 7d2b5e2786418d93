/*
 * soak one|many [LOGINS [SEED]]: AT-73. Logins by the hundred thousand, mixed
 * with resets, re-enrolment, unlocking, steps of the clock and kill -9. Run
 * with clock.so preloaded. What is done is drawn from the seed.
 *
 * one: all in one process that keeps the module loaded; each outcome is known
 * beforehand, and descriptors, threads, mappings and memory at the end are what
 * they were after the first thousands. The clock stands and is turned by hand.
 *
 * many: each in a process of its own, up to eight at once, four in ten of them
 * killed at some microsecond; mfactl as well. After each batch: every file is
 * whole; no code got in twice; whatever was told is on the disk; nothing else
 * moved; no lock is held.
 */
#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../fake/resources.h"
#include "../fake/people.h"
#include "../fake/tap.h"
#include "../preload/clock.h"

#define PEOPLE 16
#define CROWD 8			/* processes at once */
#define KILL_US 8000		/* a login takes some 4000 */
#define BAD_MAX 10		/* then it gives up */

static struct {
	struct one_of_people person[PEOPLE];
	unsigned long logins, granted, wrong, used, limited, resets, steps;
	unsigned long unlocks, killed;
	unsigned bad;
	int64_t home;		/* real - boot, before any step */
} all;

static void bad(const struct one_of_people *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
bad(const struct one_of_people *p, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tap_note("login %lu, %s: %s", all.logins, p->name, text);
	all.bad++;
}

/* --- What a login must come to. */

/* The highest step of the window that has this code; -1: none. */
static int64_t
step_of(const struct one_of_people *p, const char *code)
{
	int64_t now = people_real() / 30, found = -1;
	char is[PAMHOST_CODE];

	for (int64_t i = now > 0 ? now - 1 : 0; i <= now + 1; i++) {
		people_code(p, i, is);
		if (!strcmp(is, code))
			found = i;
	}
	return found;
}

static bool
is_limited(const struct one_of_people *p)
{
	int64_t wait = 0, age = people_boot() - p->failed;

	if (p->failures >= PEOPLE_LOCK)
		return true;
	if (p->failures >= PEOPLE_FREE)
		wait = PEOPLE_DELAY << (p->failures - PEOPLE_FREE);
	return age < (wait < PEOPLE_DELAY_MAX ? wait : PEOPLE_DELAY_MAX);
}

/* The PAM code; and p as it is then. */
static int
expect(struct one_of_people *p, const char *code)
{
	int64_t step;

	if (code == NULL)
		return PAM_CONV_ERR;
	if (p->enrolled && is_limited(p))
		return all.limited++, PAM_MAXTRIES;
	step = p->enrolled ? step_of(p, code) : -1;
	if (step < 0) {
		p->failures++;
		p->failed = people_boot();
		return all.wrong++, PAM_AUTH_ERR;
	}
	if (step < p->next)
		return all.used++, PAM_AUTH_ERR;
	p->next = step + 1;
	p->failures = 0;
	return all.granted++, PAM_SUCCESS;
}

/* --- One long-lived process. */

static void
one_login(struct one_of_people *p, const char *code)
{
	struct talk t = { .answer = { code } };
	int got = pamhost_login("soak", p->name, &t), want = expect(p, code);

	all.logins++;
	if (got != want)
		bad(p, "%s, not %s: %s", pam_strerror(NULL, got),
		    pam_strerror(NULL, want), t.shown);
}

static void
same_on_disk(const struct one_of_people *p)
{
	struct people_disk d;

	people_disk(p, &d);
	if (d.broken || d.enrolled != p->enrolled || d.next != p->next ||
	    d.failures != p->failures)
		bad(p, "on the disk: %s, next %lld, failures %u; not %lld, %u",
		    d.broken ? "broken" : "whole", (long long)d.next,
		    d.failures, (long long)p->next, p->failures);
}

/* A code of now, often a fresh one; one of a step before; a wrong one. */
static const char *
draw_code(const struct one_of_people *p, char buf[static PAMHOST_CODE])
{
	int64_t step = people_real() / 30;
	uint64_t kind = people_random(100);

	if (kind < 65)
		people_code(p, step, buf);
	else if (kind < 75)
		people_code(p, step + (kind < 70), buf);
	else if (kind < 80)
		people_code(p, step > 0 ? step - 1 : 0, buf);
	else if (kind < 97)
		people_wrong(p, buf);
	else
		return NULL;
	return buf;
}

/* A login and, at the same time, the end of its process. */
static void
killed_login(struct one_of_people *p)
{
	struct one_of_people after = *p;
	char code[PAMHOST_CODE];
	struct people_disk d;
	const char *typed = draw_code(p, code);
	pid_t pid = fork();

	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		struct talk t = { .answer = { typed } };

		_exit(pamhost_login("soak", p->name, &t));
	}
	usleep((useconds_t)people_random(KILL_US));
	kill(pid, SIGKILL);
	all.killed += people_wait(pid) == -1;
	all.logins++;
	expect(&after, typed);
	people_disk(p, &d);
	if (d.next == after.next && d.failures == after.failures)
		*p = after;
	same_on_disk(p);
}

static void
killed_mfactl(struct one_of_people *p)
{
	struct one_of_people after = *p;
	struct people_disk d;
	pid_t pid = people_mfactl(p, PEOPLE_RESET);

	usleep((useconds_t)people_random(KILL_US));
	kill(pid, SIGKILL);
	all.killed += people_wait(pid) == -1;
	after.enrolled = false;
	after.next = after.failures = 0;
	people_disk(p, &d);
	/* The factors go first: without them, old steps do no harm. */
	if (d.broken || (d.enrolled && (d.next != p->next ||
	    d.failures != p->failures)))
		bad(p, "neither the old nor the reset one");
	people_enrol(p);
	same_on_disk(p);
}

/* Most steps go back home; a far one is not stayed in. */
static void
step_clock(struct clock_shim *c)
{
	static const int64_t far[] = { 0, INT64_C(2147483647),
	    INT64_C(4291747200) };
	uint64_t kind = people_random(10);
	int64_t home = all.home + people_boot();

	all.steps++;
	if (kind == 0)
		atomic_store(&c->real, far[people_random(3)]);
	else if (kind < 5)
		atomic_fetch_add(&c->real,
		    (int64_t)people_random(14400) - 7200);
	else
		atomic_store(&c->real, home);
	if (atomic_load(&c->real) < 0)
		atomic_store(&c->real, 0);
}

static void
pass_time(struct clock_shim *c, uint64_t most)
{
	int64_t s = 1 + (int64_t)people_random(most);

	atomic_fetch_add(&c->real, s);
	atomic_fetch_add(&c->boot, s);
}

static void
one_thing(struct one_of_people *p)
{
	struct clock_shim *c = clock_shim();
	uint64_t kind = people_random(1000);
	char code[PAMHOST_CODE];

	if (kind < 2) {
		/* Somebody who guesses, until it is no use. */
		for (int i = 0; i < PEOPLE_LOCK; i++) {
			people_wrong(p, code);
			one_login(p, code);
			pass_time(c, 40);
		}
	} else if (kind < 5) {
		people_enrol(p);
		all.resets++;
	} else if (kind < 10) {
		killed_mfactl(p);
		all.resets++;
	} else if (kind < 20) {
		killed_login(p);
	} else if (kind < 30 || p->failures >= PEOPLE_LOCK) {
		pamhost_must(people_wait(people_mfactl(p, PEOPLE_UNLOCK)) == 0,
		    "mfactl unlock");
		p->failures = 0;
		all.unlocks++;
	} else if (kind < 50) {
		step_clock(c);
	} else if (p->next > people_real() / 30 + 1 &&
	    people_random(8) == 0) {
		/* A clock was in the future: codes are used up till then. */
		people_enrol(p);
		all.resets++;
	} else {
		pass_time(c, 40);
		one_login(p, draw_code(p, code));
	}
	if (people_random(20) == 0)
		same_on_disk(p);
}

static void
say_totals(const char *what, time_t start)
{
	tap_note("%s: %lu logins: %lu granted, %lu wrong, %lu used, %lu "
	    "limited; %lu resets, %lu unlocks, %lu steps of the clock, %lu "
	    "killed; %ld s", what, all.logins, all.granted, all.wrong,
	    all.used, all.limited, all.resets, all.unlocks, all.steps,
	    all.killed, (long)(time(NULL) - start));
}

static void
soak_one(unsigned long logins)
{
	struct clock_shim *c = clock_shim();
	struct resources before = { 0 }, after;
	char so[512], why[256] = "";
	time_t start = time(NULL);
	void *module = dlopen(pamhost_build("pam_mfa.so", so, sizeof(so)),
	    RTLD_NOW);
	unsigned long warm = logins / 2 < 5000 ? logins / 2 : 5000;

	pamhost_must(module != NULL, "pam_mfa.so");
	atomic_store(&c->real, start);
	atomic_store(&c->boot, 1000000);
	atomic_store(&c->stands, 1);
	all.home = start - 1000000;
	pamhost_rekey();
	for (int i = 0; i < PEOPLE; i++)
		people_enrol(&all.person[i]);
	while (all.logins < logins && all.bad < BAD_MAX) {
		one_thing(&all.person[people_random(PEOPLE)]);
		if (before.fds == 0 && all.logins >= warm)
			resources_take(&before);
	}
	resources_take(&after);
	for (int i = 0; i < PEOPLE; i++)
		same_on_disk(&all.person[i]);
	say_totals("one process", start);
	tap_ok(all.bad == 0 && people_locks() == 0, "AT-73 %lu logins in one "
	    "process: each as foreseen, no lock left", all.logins);
	tap_ok(resources_same(&before, &after, why, sizeof(why)), "AT-21 "
	    "descriptors, threads, mappings and memory are constant");
	tap_note("%s", why);
	dlclose(module);
}

/* --- Many processes. */

enum kind { GOOD, WRONG, RESET, ADD, KINDS };

/* One of a batch, in shared memory. */
struct job {
	struct one_of_people *p;
	pid_t pid;
	int64_t dies;			/* us after the start; -1: it may end */
	bool killed;
	char code[PAMHOST_CODE];
	atomic_int result;		/* a PAM code, -1: not known */
	struct talk talk;
	int status;			/* of mfactl */
};

struct batch {
	struct job job[CROWD];
	unsigned n;
};

/* Those of a batch who are the same person's. */
struct group {
	struct one_of_people *p;
	enum kind kind;
	struct job *job;
	unsigned n;
	int64_t step;
	struct people_disk old;
};

static int64_t
now_us(void)
{
	struct timespec t;

	/* Not the clock that is turned. */
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
start_login(struct job *j)
{
	pid_t pid;

	atomic_store(&j->result, -1);
	j->talk = (struct talk){ .answer = { j->code } };
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid > 0) {
		j->pid = pid;
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	atomic_store(&j->result, pamhost_login("soak", j->p->name, &j->talk));
	_exit(0);
}

/* Waits for all, and kills each whose time has come. */
static void
run_out(struct batch *b)
{
	struct pollfd fd[CROWD];
	int64_t start = now_us();
	unsigned left = b->n;

	for (unsigned i = 0; i < b->n; i++) {
		fd[i] = (struct pollfd){ (int)syscall(SYS_pidfd_open,
		    b->job[i].pid, 0), POLLIN, 0 };
		pamhost_must(fd[i].fd >= 0, "pidfd_open");
	}
	while (left > 0) {
		int64_t next = 5000000, us = now_us() - start;

		for (unsigned i = 0; i < b->n; i++) {
			struct job *j = &b->job[i];

			if (fd[i].fd < 0 || j->dies < 0)
				continue;
			if (us >= j->dies) {
				kill(j->pid, SIGKILL);
				j->dies = -1;
			} else if (j->dies - us < next)
				next = j->dies - us;
		}
		ppoll(fd, b->n, &(struct timespec){ next / 1000000,
		    next % 1000000 * 1000 }, NULL);
		for (unsigned i = 0; i < b->n; i++)
			if (fd[i].fd >= 0 && fd[i].revents & POLLIN) {
				b->job[i].status = people_wait(b->job[i].pid);
				b->job[i].killed = b->job[i].status == -1;
				all.killed += b->job[i].killed;
				close(fd[i].fd);
				fd[i].fd = -1;
				left--;
			}
	}
}

/* What it is like to draw n of these jobs, for somebody. */
static void
begin_group(struct group *g, struct batch *b, unsigned n)
{
	people_disk(g->p, &g->old);
	g->step = people_real() / 30;
	g->job = &b->job[b->n];
	g->n = n;
	for (unsigned i = 0; i < n; i++) {
		struct job *j = &g->job[i];

		j->p = g->p;
		j->dies = people_random(10) < 4 ?
		    (int64_t)people_random(KILL_US) : -1;
		if (g->kind == WRONG)
			people_wrong(g->p, j->code);
		else
			people_code(g->p, g->step, j->code);
		if (i == 0 && g->kind == ADD)
			j->pid = people_mfactl(g->p, PEOPLE_ADD);
		else if (i == 0 && g->kind == RESET)
			j->pid = people_mfactl(g->p, PEOPLE_RESET);
		else {
			start_login(j);
			all.logins++;
		}
	}
	b->n += n;
}

struct tally { unsigned in, wrong, max, other, killed; };

static void
count(const struct group *g, unsigned from, struct tally *ret)
{
	/* Who was reset is led to enrol, which these do not. */
	bool none_left = g->kind == RESET || g->kind == ADD;

	*ret = (struct tally){ 0 };
	for (unsigned i = from; i < g->n; i++) {
		const struct job *j = &g->job[i];
		int r = atomic_load(&j->result);
		bool told = strstr(j->talk.shown, "Wrong") != NULL;

		ret->in += r == PAM_SUCCESS;
		/* At the last try a used one is told in the same words. */
		ret->wrong += told && g->kind == WRONG;
		ret->max += r == PAM_MAXTRIES;
		ret->killed += j->killed;
		ret->other += (r >= 0 && r != PAM_SUCCESS && r !=
		    PAM_AUTH_ERR && r != PAM_MAXTRIES &&
		    !(r == PAM_CONV_ERR && none_left)) || (r < 0 &&
		    !j->killed) || (r == PAM_AUTH_ERR && g->kind == WRONG &&
		    !told);
	}
	all.granted += ret->in;
	all.wrong += ret->wrong;
	all.limited += ret->max;
}

/* The same right code: once; and for sure where nobody was killed. */
static void
judge_good(struct group *g, const struct people_disk *d)
{
	bool was_used = g->step < g->old.next;
	struct tally t;

	count(g, 0, &t);
	all.used += was_used;
	if (t.in > (was_used ? 0 : 1) || t.other)
		bad(g->p, "%u of one code got in; %u other", t.in, t.other);
	if (d->next != g->old.next && d->next != g->step + 1)
		bad(g->p, "next is %lld", (long long)d->next);
	if (t.in && (d->next != g->step + 1 || d->failures != 0))
		bad(g->p, "success without its commit");
	if (d->failures != 0 && d->failures != g->old.failures)
		bad(g->p, "%u failures by a right code", d->failures);
	if (!t.in && !t.killed && !was_used && !t.max)
		bad(g->p, "nobody got in");
}

static void
judge_wrong(struct group *g, const struct people_disk *d)
{
	unsigned was = g->old.failures, most;
	struct tally t;

	count(g, 0, &t);
	most = was < PEOPLE_FREE ? PEOPLE_FREE - was : 1;
	if (t.in || t.other)
		bad(g->p, "%u wrong codes got in, %u other", t.in, t.other);
	if (d->next != g->old.next)
		bad(g->p, "a wrong code moved next");
	if (d->failures < was + t.wrong || d->failures > was + t.wrong +
	    t.killed || d->failures > was + most)
		bad(g->p, "failures %u, then %u told and %u killed: %u", was,
		    t.wrong, t.killed, d->failures);
}

static void
judge_reset(struct group *g, const struct people_disk *d)
{
	struct tally t;
	bool reset = !d->enrolled;

	count(g, 1, &t);
	all.resets++;
	if (t.in > (g->step < g->old.next ? 0 : 1) || t.other)
		bad(g->p, "%u of one code got in; %u other", t.in, t.other);
	if (g->job->status == 0 && (!reset || d->next != 0))
		bad(g->p, "reset, and is not");
	if (!reset && d->next != g->old.next && d->next != g->step + 1)
		bad(g->p, "next is %lld", (long long)d->next);
	if (!reset && t.in && d->next != g->step + 1)
		bad(g->p, "success without its commit");
	g->p->enrolled = !reset;
}

/* Here nobody can get in before it is there, and perhaps then. */
static void
judge_add(struct group *g, const struct people_disk *d)
{
	struct tally t;

	count(g, 1, &t);
	if (t.in > 1 || (t.in && d->next != g->step + 1))
		bad(g->p, "%u got in", t.in);
	if (g->job->status == 0 && !d->enrolled)
		bad(g->p, "added, and is not");
	if (g->job->status > 0)
		bad(g->p, "mfactl add: %d", g->job->status);
	/* Of a factor before, where a reset was killed: gone with a login. */
	if (d->next != 0 && d->next != g->old.next && d->next != g->step + 1)
		bad(g->p, "next is %lld", (long long)d->next);
	g->p->enrolled = d->enrolled;
}

static void
judge(struct group *g)
{
	static void (*const of[KINDS])(struct group *,
	    const struct people_disk *) = { [GOOD] = judge_good,
	    [WRONG] = judge_wrong, [RESET] = judge_reset, [ADD] = judge_add };
	struct people_disk d;

	people_disk(g->p, &d);
	if (d.broken)
		bad(g->p, "a file is broken");
	if (g->kind != ADD && !g->old.enrolled)
		bad(g->p, "was not enrolled");
	of[g->kind](g, &d);
	if (d.failures < PEOPLE_LOCK - 1 && (d.enrolled || !d.failures))
		return;
	pamhost_must(people_wait(people_mfactl(g->p, PEOPLE_UNLOCK)) == 0,
	    "mfactl unlock");
	all.unlocks++;
}

/* Up to four people of four neighbours, so that none comes twice. */
static void
one_batch(void)
{
	static struct batch *b;
	struct group g[4];
	unsigned groups = 0;
	uint64_t first = people_random(PEOPLE);

	if (b == NULL)
		b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pamhost_must(b != MAP_FAILED, "mmap");
	b->n = 0;
	while (groups < 4 && b->n < CROWD) {
		struct group *one = &g[groups];
		uint64_t kind = people_random(100);

		one->p = &all.person[(first + groups++) % PEOPLE];
		one->kind = kind < 65 ? GOOD : kind < 95 ? WRONG : RESET;
		if (!one->p->enrolled) {
			one->kind = ADD;
			for (int i = 0; i < PEOPLE_KEY; i++)
				one->p->key[i] = (uint8_t)people_random(256);
		}
		begin_group(one, b, 1 + (unsigned)people_random(CROWD - b->n));
	}
	run_out(b);
	for (unsigned i = 0; i < groups; i++)
		judge(&g[i]);
	if (people_locks() > 0)
		bad(g->p, "a lock is held");
}

/* Everybody who was ever in the crowd can still log in. */
static void
all_is_well(void)
{
	unsigned in = 0;

	for (int i = 0; i < PEOPLE; i++) {
		struct one_of_people *p = &all.person[i];
		char code[PAMHOST_CODE];

		people_enrol(p);
		people_code(p, people_real() / 30, code);
		in += pamhost_login_apart("soak", p->name, code) ==
		    PAM_SUCCESS;
	}
	tap_ok(in == PEOPLE, "... and then each of %d people enrols again and "
	    "gets in", PEOPLE);
}

static void
soak_many(unsigned long logins)
{
	struct clock_shim *c = clock_shim();
	time_t start = time(NULL);

	pamhost_rekey();
	for (int i = 0; i < PEOPLE; i++)
		people_enrol(&all.person[i]);
	while (all.logins < logins && all.bad < BAD_MAX) {
		/* No wait of a batch before reaches into this one. */
		atomic_fetch_add(&c->real, PEOPLE_DELAY_MAX);
		atomic_fetch_add(&c->boot, PEOPLE_DELAY_MAX);
		if (people_random(50) == 0) {
			all.steps++;
			atomic_fetch_add(&c->real,
			    (int64_t)people_random(14400) - 7200);
		}
		one_batch();
	}
	say_totals("many processes", start);
	tap_ok(all.bad == 0, "AT-73 AT-18 %lu logins in as many processes, "
	    "%lu killed: old or new, once, counted, unlocked", all.logins,
	    all.killed);
	all_is_well();
}

int
main(int argc, char **argv)
{
	unsigned long logins = argc > 2 ? strtoul(argv[2], NULL, 10) : 2000;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) :
	    (uint64_t)time(NULL);

	pamhost_must(argc > 1 && clock_shim != NULL, "clock.so");
	alarm((unsigned)(120 + logins / 20));
	pamhost_enter(PEOPLE, 0);
	people_conf();
	people_seed(seed);
	tap_note("seed %llu", (unsigned long long)seed);
	for (int i = 0; i < PEOPLE; i++)
		snprintf(all.person[i].name, sizeof(all.person[i].name), "u%d",
		    i);
	if (strcmp(argv[1], "one") == 0)
		soak_one(logins);
	else
		soak_many(logins);
	return tap_done();
}
