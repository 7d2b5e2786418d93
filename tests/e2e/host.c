/*
 * host [OPTION ...] SERVICE USER [ANSWER ...]: a program that asks PAM, as real
 * ones do that have no terminal. Prints each prompt or message, and each
 * result: its number and name.
 *
 *	-n N	N times, each with a handle of its own; only a line for each
 *		result that there was: "result RESULT xN"
 *	-t	one thread for each of N: gdm, which is many at once
 *	-u	for the nth of N the user is USER and its number
 *	-l	a locker: twice on one handle, with acct_mgmt and setcred
 *	-c	cron: only acct_mgmt, open_session and setcred; no questions
 *	-i ITEM=TEXT	rhost, tty or ruser
 *	-e NAME=TEXT	in PAM's own environment
 *	-d	its descriptors before and after, its threads, its maps
 */
#include <dirent.h>
#include <pthread.h>
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RESULTS 64
#define THREADS 256

struct options {
	const char *service, *user, **answers;
	const char *env, *item[3];	/* rhost, tty, ruser */
	unsigned n;
	bool many, threads, numbered, locker, cron, show_state;
};

struct dialogue {
	const char **next;
	bool quiet;
};

struct run {
	const struct options *o;
	unsigned number;
	int result;
};

static const char *const item_names[] = { "rhost", "tty", "ruser" };
static const int items[] = { PAM_RHOST, PAM_TTY, PAM_RUSER };

/* No more answers: as a program whose user has gone. */
static int
converse(int n, const struct pam_message **msg, struct pam_response **ret,
    void *ctx)
{
	struct dialogue *d = ctx;
	struct pam_response *r = calloc((size_t)n, sizeof(*r));

	for (int i = 0; i < n; i++) {
		if (!d->quiet)
			printf("%s\n", msg[i]->msg);
		if (msg[i]->msg_style != PAM_PROMPT_ECHO_OFF &&
		    msg[i]->msg_style != PAM_PROMPT_ECHO_ON)
			continue;
		if (*d->next == NULL) {
			free(r);
			return PAM_CONV_ERR;
		}
		r[i].resp = strdup(*d->next++);
	}
	*ret = r;
	return PAM_SUCCESS;
}

static void
say(const char *what, int r)
{
	printf("%s %d %s\n", what, r, pam_strerror(NULL, r));
}

static int
locker(pam_handle_t *pamh)
{
	int r = pam_authenticate(pamh, 0);

	say("authenticate", r);
	if (r != PAM_SUCCESS)
		return r;
	say("setcred", pam_setcred(pamh, PAM_REINITIALIZE_CRED));
	say("acct_mgmt", pam_acct_mgmt(pamh, 0));
	r = pam_authenticate(pamh, 0);
	say("authenticate", r);
	return r;
}

static int
cron(pam_handle_t *pamh)
{
	int r;

	if ((r = pam_acct_mgmt(pamh, PAM_SILENT)) == PAM_SUCCESS &&
	    (r = pam_open_session(pamh, PAM_SILENT)) == PAM_SUCCESS)
		r = pam_setcred(pamh, PAM_ESTABLISH_CRED | PAM_SILENT);
	return r;
}

static void *
one(void *ctx)
{
	struct run *run = ctx;
	const struct options *o = run->o;
	struct dialogue d = { o->answers, o->many };
	struct pam_conv conv = { converse, &d };
	pam_handle_t *pamh = NULL;
	char user[8192];
	int r;

	snprintf(user, sizeof(user), o->numbered ? "%s%u" : "%s", o->user,
	    run->number);
	r = pam_start(o->service, user, &conv, &pamh);
	for (int i = 0; r == PAM_SUCCESS && i < 3; i++)
		if (o->item[i] != NULL)
			r = pam_set_item(pamh, items[i], o->item[i]);
	if (r == PAM_SUCCESS && o->env != NULL)
		r = pam_putenv(pamh, o->env);
	if (r == PAM_SUCCESS)
		r = o->cron ? cron(pamh) : o->locker ? locker(pamh) :
		    pam_authenticate(pamh, 0);
	pam_end(pamh, r);
	run->result = r;
	return NULL;
}

static void
all(const struct options *o, struct run *runs)
{
	static pthread_t thread[THREADS];

	for (unsigned i = 0; i < o->n; i++) {
		runs[i] = (struct run){ o, i, -1 };
		if (!o->threads)
			one(&runs[i]);
		else if (pthread_create(&thread[i], NULL, one, &runs[i]))
			exit(99);
	}
	for (unsigned i = 0; o->threads && i < o->n; i++)
		pthread_join(thread[i], NULL);
}

static unsigned
entries(const char *path)
{
	DIR *d = opendir(path);
	unsigned n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void
state(const struct options *o)
{
	char line[4096];
	unsigned maps = 0;
	FILE *f;

	if (!o->show_state || (f = fopen("/proc/self/maps", "re")) == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL)
		maps++;
	fclose(f);
	printf("state: %u descriptors, %u threads, %u maps\n",
	    entries("/proc/self/fd"), entries("/proc/self/task"), maps);
}

static int
tell(const struct options *o, const struct run *runs)
{
	unsigned count[RESULTS] = { 0 };

	for (unsigned i = 0; i < o->n; i++)
		count[runs[i].result % RESULTS]++;
	for (int r = 0; r < RESULTS; r++)
		if (count[r] > 0 && o->many)
			printf("result %d x%u %s\n", r, count[r],
			    pam_strerror(NULL, r));
		else if (count[r] > 0)
			say("result", r);
	return count[PAM_SUCCESS] == o->n ? 0 : 1;
}

static void
set_item(struct options *o, const char *word)
{
	for (int i = 0; i < 3; i++) {
		size_t len = strlen(item_names[i]);

		if (!strncmp(word, item_names[i], len) && word[len] == '=')
			o->item[i] = word + len + 1;
	}
}

static void
read_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "+n:tulci:e:d")) != -1)
		switch (c) {
		case 'n':
			o->n = (unsigned)atoi(optarg);
			o->many = true;
			break;
		case 't':
			o->threads = true;
			break;
		case 'u':
			o->numbered = true;
			break;
		case 'l':
			o->locker = true;
			break;
		case 'c':
			o->cron = true;
			break;
		case 'i':
			set_item(o, optarg);
			break;
		case 'e':
			o->env = optarg;
			break;
		case 'd':
			o->show_state = true;
			break;
		default:
			exit(99);
		}
	if (argc - optind < 2 || o->n < 1 || (o->threads && o->n > THREADS))
		exit(99);
	o->service = argv[optind];
	o->user = argv[optind + 1];
	o->answers = (const char **)argv + optind + 2;
}

int
main(int argc, char **argv)
{
	struct options o = { .n = 1 };
	struct run *runs;

	read_options(argc, argv, &o);
	if ((runs = calloc(o.n, sizeof(*runs))) == NULL)
		return 99;
	/* What is loaded once, and stays, is not what is looked for. */
	if (o.show_state) {
		struct options first = o;

		first.n = 1;
		first.threads = false;
		all(&first, runs);
	}
	state(&o);
	all(&o, runs);
	state(&o);
	return tell(&o, runs);
}
