/*
 * times [SAMPLES]: AT-62. The code is asked for before the password: do an
 * unknown name, one that is not enrolled, an enrolled and a locked one see the
 * same, after the same time? Through libpam, each login with the module loaded
 * anew, the four in turn. Without SAMPLES only the texts are compared.
 *
 * The time is that of the processor and of the disk, as somebody outside would
 * measure it: of all of pam_authenticate(). What is compared is the median; a
 * mean follows the few in which the machine was busy with something else. They
 * are less than a millisecond apart, or no more than chance would have it by
 * Welch's test (p > 0.01), where the machine is too busy to say.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../fake/pamhost.h"
#include "../fake/tap.h"

#define SAMPLES_MAX 100000
#define BOUND_MS 1.0	/* between two medians: AT-62 */
#define BOUND_T 2.58	/* p = 0.01, of a normal distribution */

enum { UNKNOWN, NOT_ENROLLED, ENROLLED, LOCKED, KINDS };

static const struct { const char *name, *user; } kinds[KINDS] = {
	{ "unknown", "mallory" }, { "not enrolled", "u0" },
	{ "enrolled", "u1" }, { "locked", "u2" },
};

/* What is typed: of any shape, and what sshd types for those it refuses. */
static const struct { const char *name, *typed; } answers[] = {
	{ "a wrong code", "000000" },
	{ "a wrong recovery code", "0000-0000-0000-0001" },
	{ "no code at all", "hello" },
	{ "nothing", "" },
	{ "a letter for another way", "s" },
	{ "what sshd types itself", "\b\n\r\177INCORRECT" },
	{ "a hung-up line", NULL },
};
#define ANSWERS (sizeof(answers) / sizeof(*answers))

/* Each as before: nobody has failed, or one so often that it is locked. */
static void
set_back(void)
{
	remove("state/%unknown");
	remove("state/u0");
	pamhost_enrol("u1", PAMHOST_OTP);
	pamhost_enrol("u2", PAMHOST_OTP);
	pamhost_write("state/u2", 0600, "version = 1\nfailures = 60\n");
}

static void
the_texts(void)
{
	static struct talk seen[KINDS];
	int result[KINDS];

	for (size_t a = 0; a < ANSWERS; a++) {
		const char *typed = answers[a].typed;
		bool same = true;

		set_back();
		for (int k = 0; k < KINDS; k++) {
			seen[k] = (struct talk){ .answer = { typed, typed,
			    typed, typed } };
			result[k] = pamhost_login("times", kinds[k].user,
			    &seen[k]);
		}
		for (int k = 0; k < KINDS; k++) {
			if (result[k] == result[ENROLLED] &&
			    seen[k].asked == seen[ENROLLED].asked &&
			    !strcmp(seen[k].shown, seen[ENROLLED].shown))
				continue;
			same = false;
			tap_note("%s: %s\n# %s", kinds[k].name,
			    pam_strerror(NULL, result[k]), seen[k].shown);
		}
		tap_ok(same && *seen[ENROLLED].shown, "AT-62 %s: an unknown, "
		    "not enrolled, enrolled and locked name see the same",
		    answers[a].name);
	}
}

static double
ms_of(const char *user, const char *typed)
{
	struct talk t = { .answer = { typed } };
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	pamhost_login("times", user, &t);
	clock_gettime(CLOCK_MONOTONIC, &to);
	return (double)(to.tv_sec - from.tv_sec) * 1e3 +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct figures { double median, mean, var; };

static struct figures
figures(double *v, size_t n)
{
	struct figures f = { 0 };

	qsort(v, n, sizeof(*v), by_size);
	f.median = v[n / 2];
	for (size_t i = 0; i < n; i++)
		f.mean += v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		f.var += (v[i] - f.mean) * (v[i] - f.mean) / (double)(n - 1);
	return f;
}

/* The four in turn, so that what the machine does meets all alike. */
static void
the_times(size_t a, size_t n)
{
	static double ms[KINDS][SAMPLES_MAX];
	struct figures f[KINDS];
	double most = 0;
	bool same = true;

	set_back();
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < KINDS; k++) {
			if (i % 4 == 0 && k == 0)
				set_back();
			ms[k][i] = ms_of(kinds[k].user, answers[a].typed);
		}
	for (int k = 0; k < KINDS; k++)
		f[k] = figures(ms[k], n);
	for (int k = 0; k < KINDS; k++) {
		double apart = fabs(f[k].median - f[ENROLLED].median);
		double t = (f[k].mean - f[ENROLLED].mean) /
		    sqrt((f[k].var + f[ENROLLED].var) / (double)n);

		most = apart > most ? apart : most;
		same &= apart < BOUND_MS || fabs(t) < BOUND_T;
		tap_note("%-13s median %.3f ms, mean %.3f, s %.3f%s%.2f",
		    kinds[k].name, f[k].median, f[k].mean, sqrt(f[k].var),
		    k == ENROLLED ? "; t = " : "; against enrolled t = ",
		    k == ENROLLED ? 0 : t);
	}
	tap_ok(same, "AT-62 %s, %zu samples each: medians at most %.3f ms "
	    "apart", answers[a].name, n, most);
}

int
main(int argc, char **argv)
{
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;

	pamhost_must(n <= SAMPLES_MAX, "too many samples");
	alarm((unsigned)(60 + n));
	pamhost_enter(3, 0);
	pamhost_conf("tries = 1\nfirst_factor = after\n");
	pamhost_write("pam.d/times", 0644,
	    "auth requisite %s\nauth required pam_permit.so\n", pamhost_mfa());
	the_texts();
	for (size_t a = 0; a < 3 && n > 0; a++)
		the_times(a, n);
	return tap_done();
}
