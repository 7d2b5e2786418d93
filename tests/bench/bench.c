/*
 * bench tmpfs|disk: what a login costs, through the real libpam, the module
 * loaded and unloaded each time; ours beside Debian's google-authenticator and
 * pam_oath. In a new process, which pays for libcrypto and for libc's first
 * look-up of a name as well; and in one where a login was before, as in a
 * mail server's worker. Prints Markdown. Figures are medians; the modules take
 * turns.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../fake/pamhost.h"
#include "../fake/supervise.h"

#define CROWD 32
#define ROUNDS 101
#define TOTP_HEX "3132333435363738393031323334353637383930"

static unsigned people = 1;	/* in pam_oath's one file */

struct module {
	const char *name;	/* also of the service */
	/* A person with PAMHOST_TOTP_KEY, no code used yet. */
	void (*enrol)(const char *user);
};

static void
enrol_nobody(const char *user)
{
	(void)user;
}

/* With what google-authenticator(1) offers: no reuse, a rate limit. */
static void
enrol_google(const char *user)
{
	char path[64];

	snprintf(path, sizeof(path), "google/%s", user);
	pamhost_write(path, 0600, "%s\n\" RATE_LIMIT 3 30\n"
	    "\" WINDOW_SIZE 3\n\" DISALLOW_REUSE\n\" TOTP_AUTH\n",
	    PAMHOST_TOTP_SECRET);
}

/* Everybody is in one file; root in the middle. */
static void
enrol_oath(const char *user)
{
	FILE *f = fopen("oath.users", "we");

	(void)user;
	pamhost_must(f != NULL && fchmod(fileno(f), 0600) == 0, "oath.users");
	for (unsigned i = 0; i < people; i++) {
		if (i == people / 2)
			fputs("HOTP/T30/6 root - " TOTP_HEX "\n", f);
		fprintf(f, "HOTP/T30/6 u%u - " TOTP_HEX "\n", i);
	}
	pamhost_must(fclose(f) == 0, "oath.users");
}

/* Someone who has logged in before. */
static void
enrol_mfa(const char *user)
{
	char path[64];

	pamhost_enrol(user, PAMHOST_OTP);
	snprintf(path, sizeof(path), "state/%s", user);
	pamhost_write(path, 0600, "version = 1\nfailures = 0\n"
	    "[factor totp-test]\nnext = 1\ndrift = 0\nused_at = 1700000000\n");
}

/* The same with a key of the host. */
static void
enrol_sealed(const char *user)
{
	enrol_mfa(user);
	pamhost_rekey();
}

static const struct module permit = { "pam_permit", enrol_nobody },
    google = { "google-authenticator", enrol_google },
    oath = { "pam_oath", enrol_oath }, mfa = { "pam_mfa", enrol_mfa },
    sealed = { "pam_mfa-sealed", enrol_sealed };

/* One line of a table in the making. */
struct row {
	char name[48];
	const struct module *module;
	bool right;
	bool warm;		/* not the first login of its process */
	unsigned people;	/* in oath.users */
	int calls;
	double wall[ROUNDS], cpu[ROUNDS];	/* microseconds */
};

/* Shared with the child that logs in. */
struct job {
	const char *service, *user;
	char code[PAMHOST_CODE];
	bool warm;
	int result;
	double wall, cpu;
};

static double
now(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double
median(double *v)
{
	for (int i = 1; i < ROUNDS; i++)
		for (int k = i; k > 0 && v[k - 1] > v[k]; k--) {
			double t = v[k];

			v[k] = v[k - 1];
			v[k - 1] = t;
		}
	return v[ROUNDS / 2];
}

static void
login(struct job *j, struct supervised *counted)
{
	struct talk t = { .answer = { j->code } };
	double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);

	if (counted)
		supervise_begin(counted);
	j->result = pamhost_login(j->service, j->user, &t);
	j->cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	j->wall = now(CLOCK_MONOTONIC) - wall;
}

/* The process's first login is another person's, with a wrong code. */
static void
warm_up(const struct job *j)
{
	struct job first = { .service = j->service, .user = "u1" };

	pamhost_code("no such key", 2, first.code);
	if (j->warm)
		login(&first, NULL);
}

static int
counted_login(struct supervised *s)
{
	warm_up(s->ctx);
	login(s->ctx, s);
	return 0;
}

static void
apart(struct job *j)
{
	int status;
	pid_t pid = fork();

	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		warm_up(j);
		login(j, NULL);
		_exit(0);
	}
	pamhost_must(waitpid(pid, &status, 0) == pid && status == 0, "login");
}

static void
one_login(struct supervised *s, const struct row *r, bool counted)
{
	struct job *j = s->ctx;
	bool expected = r->right || r->module == &permit;

	people = r->people;
	if (r->warm)
		r->module->enrol("u1");
	r->module->enrol("root");
	if (r->right)
		pamhost_totp(0, j->code);
	else
		pamhost_code("no such key", 1, j->code);
	j->service = r->module->name;
	j->user = "root";
	j->warm = r->warm;
	s->run = counted_login;
	if (counted)
		supervise(s);
	else
		apart(j);
	if ((j->result == PAM_SUCCESS) != expected)
		fprintf(stderr, "%s: %s\n", r->name, pam_strerror(NULL,
		    j->result));
}

/* All rows take turns, so that what disturbs one disturbs all. */
static void
measure(struct supervised *s, struct row *row, size_t n)
{
	const struct job *j = s->ctx;

	for (int i = 0; i < ROUNDS; i++)
		for (size_t k = 0; k < n; k++) {
			one_login(s, &row[k], false);
			row[k].wall[i] = j->wall;
			row[k].cpu[i] = j->cpu;
		}
	for (size_t k = 0; k < n; k++) {
		one_login(s, &row[k], true);
		row[k].calls = s->calls;
	}
}

static void
row_set(struct row *ret, const struct module *m, bool right, unsigned n,
    const char *name)
{
	*ret = (struct row){ .module = m, .right = right };
	ret->people = n;
	snprintf(ret->name, sizeof(ret->name), "%s", name);
}

/* System calls are told over those of permit, which is row 0. */
static void
print_rows(const char *title, struct row *row, size_t n)
{
	printf("\n| %s | wall, us | CPU, us | system calls |\n"
	    "|---|---:|---:|---:|\n", title);
	for (size_t k = 0; k < n; k++) {
		printf("| %s | %.0f | %.0f | ", row[k].name,
		    median(row[k].wall), median(row[k].cpu));
		printf(k ? "+%d |\n" : "%d |\n", row[k].calls -
		    (k ? row[0].calls : 0));
	}
	fflush(stdout);
}

static void
one_person(struct supervised *s, struct row *row, const char *where, bool warm)
{
	char title[80];

	row_set(&row[0], &permit, true, 1, "pam_permit");
	row_set(&row[1], &google, true, 1, "google-authenticator, right code");
	row_set(&row[2], &google, false, 1, "google-authenticator, wrong code");
	row_set(&row[3], &oath, true, 1, "pam_oath, right code");
	row_set(&row[4], &oath, false, 1, "pam_oath, wrong code");
	row_set(&row[5], &mfa, true, 1, "**pam_mfa, right code**");
	row_set(&row[6], &mfa, false, 1, "**pam_mfa, wrong code**");
	row_set(&row[7], &sealed, true, 1, "**pam_mfa, sealed, right code**");
	for (int i = 0; i < 8; i++)
		row[i].warm = warm;
	measure(s, row, 8);
	snprintf(title, sizeof(title), "one login, %s, %s", warm ?
	    "not the first of its process" : "in a new process", where);
	print_rows(title, row, 8);
}

/* Names in users/ and state/, each a file of its own. */
static void
populate(unsigned from, unsigned to)
{
	char path[64];

	for (unsigned i = from; i < to; i++) {
		snprintf(path, sizeof(path), "users/person%07u", i);
		pamhost_must(mknod(path, S_IFREG | 0600, 0) == 0, path);
		snprintf(path, sizeof(path), "state/person%07u", i);
		pamhost_must(mknod(path, S_IFREG | 0600, 0) == 0, path);
	}
}

static bool
has_memory_for_a_million(void)
{
	unsigned long kb = 0;
	char line[128];
	FILE *f = fopen("/proc/meminfo", "re");

	pamhost_must(f != NULL, "meminfo");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %lu", &kb) == 1)
			break;
	fclose(f);
	return kb > 6000000;
}

static void
many_people(struct supervised *s, struct row *row)
{
	size_t n = 6;

	row_set(&row[0], &permit, true, 1, "pam_permit");
	row_set(&row[1], &oath, true, 1, "pam_oath, 1 user");
	row_set(&row[2], &oath, true, 10000, "pam_oath, 10,000 users");
	row_set(&row[3], &oath, true, 100000, "pam_oath, 100,000 users");
	row_set(&row[4], &mfa, true, 1, "**pam_mfa, 1 user**");
	measure(s, row, 5);
	populate(1, 10000);
	row_set(&row[5], &mfa, true, 1, "**pam_mfa, 10,000 users**");
	measure(s, &row[5], 1);
	if (has_memory_for_a_million()) {
		populate(10000, 1000000);
		row_set(&row[6], &mfa, true, 1, "**pam_mfa, 1,000,000 users**");
		measure(s, &row[6], 1);
		n = 7;
	}
	print_rows("right code, tmpfs, among many users", row, n);
}

/* CROWD people let loose at once; microseconds until the last is done. */
static double
one_crowd(const struct module *m, unsigned *in)
{
	struct job job = { .service = m->name };
	int start[2], status;
	char user[16], byte;
	double t;

	pamhost_totp(0, job.code);
	pamhost_must(pipe2(start, O_CLOEXEC) == 0, "pipe");
	for (unsigned i = 0; i < CROWD; i++) {
		snprintf(user, sizeof(user), "u%u", i);
		m->enrol(user);
		job.user = user;
		if (fork() == 0) {
			close(start[1]);
			pamhost_must(read(start[0], &byte, 1) == 0, "start");
			login(&job, NULL);
			_exit(job.result != PAM_SUCCESS);
		}
	}
	t = now(CLOCK_MONOTONIC);
	close(start[1]);
	for (unsigned i = 0; i < CROWD; i++)
		*in += wait(&status) > 0 && status == 0;
	close(start[0]);
	return now(CLOCK_MONOTONIC) - t;
}

static void
crowd(const char *where)
{
	static const struct module *const m[] = { &google, &oath, &mfa };
	static double wall[3][ROUNDS];
	unsigned in[3] = { 0, 0, 0 };

	people = CROWD;
	for (int i = 0; i < ROUNDS; i++)
		for (int k = 0; k < 3; k++)
			wall[k][i] = one_crowd(m[k], &in[k]);
	printf("\n| %d users at once, %s | all done, us | logged in |\n"
	    "|---|---:|---:|\n", CROWD, where);
	for (int k = 0; k < 3; k++)
		printf("| %s | %.0f | %.1f %% |\n", m[k]->name, median(wall[k]),
		    100.0 * in[k] / (CROWD * ROUNDS));
	fflush(stdout);
}

static void
services(void)
{
	char here[512];

	pamhost_must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	pamhost_must(mkdir("google", 0700) == 0, "google");
	pamhost_conf("");
	pamhost_write("pam.d/pam_permit", 0644,
	    "auth required pam_permit.so\n");
	pamhost_write("pam.d/google-authenticator", 0644, "auth required "
	    "pam_google_authenticator.so user=root secret=%s/google/${USER}\n",
	    here);
	pamhost_write("pam.d/pam_oath", 0644, "auth required pam_oath.so "
	    "usersfile=%s/oath.users window=1\n", here);
	pamhost_write("pam.d/pam_mfa", 0644, "auth required %s\n",
	    pamhost_mfa());
	pamhost_write("pam.d/pam_mfa-sealed", 0644, "auth required %s\n",
	    pamhost_mfa());
}

int
main(int argc, char **argv)
{
	static struct row row[8];
	struct supervised *s = supervise_new(sizeof(struct job));
	const char *where = argc > 1 ? argv[1] : "tmpfs";
	bool disk = !strcmp(where, "disk");

	alarm(600);
	pamhost_enter(CROWD, disk);
	services();
	one_person(s, row, where, false);
	one_person(s, row, where, true);
	crowd(where);
	if (!disk)
		many_people(s, row);
	return 0;
}
