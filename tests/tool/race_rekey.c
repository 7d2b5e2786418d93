/*
 * race_rekey [LOGINS]: people log in and change their factors, each at once
 * with the others, while the host's key is replaced over and over. All of it
 * has to work as if they were alone.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "../fake/pamhost.h"
#include "../fake/tap.h"

#define PEOPLE 6
#define TEXT 2048

/* A child that ends with 0 if all went well. */
static pid_t
begin(void (*work)(unsigned who, unsigned rounds), unsigned who,
    unsigned rounds)
{
	pid_t pid = fork();

	pamhost_must(pid >= 0, "fork");
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	work(who, rounds);
	_exit(0);
}

static void
log_in(unsigned who, unsigned rounds)
{
	char user[16], code[PAMHOST_CODE];

	snprintf(user, sizeof(user), "u%u", who);
	for (unsigned i = 0; i < rounds; i++) {
		struct talk t = { .answer = { code } };
		int r;

		pamhost_hotp(i, code);
		if ((r = pamhost_login("fault", user, &t)) == PAM_SUCCESS)
			continue;
		tap_note("login %u of %s: %d; %s", i, user, r, t.shown);
		_exit(1);
	}
}

/* What a shell makes of it, in which $M is mfactl and $U the person. */
static int
shell(const char *words, unsigned who)
{
	char tool[512], cmd[1024];

	pamhost_build("mfactl", tool, sizeof(tool));
	(void)!snprintf(cmd, sizeof(cmd), "M='%s --conf mfa.conf'; U=u%u; "
	    "{ %s; } >shell.u%u 2>&1", tool, who, words, who);
	return system(cmd);
}

static void
change(unsigned who, unsigned rounds)
{
	for (unsigned i = 0; i < rounds; i += 10)
		if (shell("echo " PAMHOST_TOTP_SECRET " | $M add totp $U "
		    "--secret-stdin --label More && $M status $U && "
		    "$M remove More $U", who) != 0) {
			tap_note("round %u of u%u; see what it said:", i, who);
			_exit(1 + (system("sed 's/^/# /' shell.u* >&2") != 0));
		}
}

/* Have they all ended, and how many of them badly? */
static bool
over(pid_t *pid, unsigned *ret_bad)
{
	bool over = true;

	for (unsigned i = 0; i < PEOPLE; i++) {
		int status;

		if (pid[i] == 0)
			continue;
		if (waitpid(pid[i], &status, WNOHANG) == pid[i]) {
			*ret_bad += status != 0;
			pid[i] = 0;
		} else
			over = false;
	}
	return over;
}

static bool
one_key(void)
{
	char text[TEXT];
	int fd = open("host.key", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	const char *first;

	pamhost_must(n > 0, "host.key");
	close(fd);
	text[n] = '\0';
	first = strstr(text, "[key ");
	return first != NULL && strstr(first + 1, "[key ") == NULL;
}

int
main(int argc, char **argv)
{
	unsigned logins = argc > 1 ? (unsigned)atoi(argv[1]) : 600;
	unsigned bad = 0, keys = 0;
	pid_t pid[PEOPLE];
	char user[16];

	alarm(600);
	pamhost_enter(PEOPLE, 0);
	pamhost_conf("");
	pamhost_write("pam.d/fault", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	for (unsigned i = 0; i < PEOPLE; i++) {
		snprintf(user, sizeof(user), "u%u", i);
		pamhost_enrol(user, PAMHOST_OTP);
	}
	for (unsigned i = 0; i < PEOPLE; i++)
		pid[i] = begin(i % 3 == 2 ? change : log_in, i, logins);
	do {
		pamhost_rekey();
		keys++;
	} while (!over(pid, &bad));
	tap_ok(bad == 0 && keys > 3, "%u logins of each of 4 people, %u "
	    "changes of each of 2, while the key was replaced %u times",
	    logins, (logins + 9) / 10, keys);
	pamhost_rekey();
	tap_ok(one_key(), "one key is left");
	return tap_done();
}
