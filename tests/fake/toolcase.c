#include "toolcase.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pamhost.h"

#define FINISHED 1	/* mfactl's exit status: there is none to reset */

static const char *const users[] = { "users/root", NULL };
static const char *const state[] = { "state/root", NULL };

static const char *const verbs[][5] = {
	[TOOLCASE_ADD] = { "add", "totp", "--secret-stdin", "root" },
	[TOOLCASE_RESET] = { "reset", "root" },
};

const char *
toolcase_name(const struct toolcase *c)
{
	return verbs[c->verb][0];
}

_Noreturn void
toolcase_exec(const struct toolcase *c)
{
	const char *const *v = verbs[c->verb];
	int in = open("secret", O_RDONLY), out = open("/dev/null", O_WRONLY);
	char tool[512];

	pamhost_build("mfactl", tool, sizeof(tool));
	if (dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(out, 2) == 2)
		execl(tool, "mfactl", "--conf", "mfa.conf", v[0], v[1], v[2],
		    v[3], NULL);
	_exit(127);
}

int
toolcase_run(const struct toolcase *c)
{
	int status;
	pid_t pid = fork();

	pamhost_must(pid >= 0, "fork");
	if (pid == 0)
		toolcase_exec(c);
	pamhost_must(waitpid(pid, &status, 0) == pid && WIFEXITED(status),
	    "mfactl");
	return WEXITSTATUS(status);
}

static void
take(struct aftermath *ret_users, struct aftermath *ret_state)
{
	aftermath_take(users, ret_users);
	aftermath_take(state, ret_state);
}

void
toolcase_take(struct toolcase *c)
{
	take(&c->users, &c->state);
}

/* The TOTP is what mfactl adds. */
static void
only_hotp(void)
{
	char text[AFTERMATH_MAX] = "", *totp, *hotp;
	FILE *f = fopen("users/root", "re");

	pamhost_must(f != NULL && fread(text, 1, sizeof(text) - 1, f) > 0,
	    "users/root");
	fclose(f);
	totp = strstr(text, "[factor totp");
	hotp = strstr(text, "[factor hotp");
	memmove(totp, hotp, strlen(hotp) + 1);
	pamhost_write("users/root", 0600, "%s", text);
}

void
toolcase_new(struct toolcase *c, enum toolcase_verb verb)
{
	char code[PAMHOST_CODE];

	c->verb = verb;
	pamhost_conf("tries = 1\n");
	pamhost_write("pam.d/fault", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	pamhost_write("secret", 0600, "%s\n", PAMHOST_TOTP_SECRET);
	pamhost_enrol("root", PAMHOST_OTP);
	only_hotp();
	pamhost_rekey();
	pamhost_hotp(0, code);
	pamhost_must(pamhost_login_apart("fault", "root", code) ==
	    PAM_SUCCESS, "a first login");
	aftermath_save();
	take(&c->users_old, &c->state_old);
	pamhost_must(toolcase_run(c) == 0, "mfactl without faults");
	take(&c->users_new, &c->state_new);
	pamhost_must(!aftermath_same(&c->users_old, &c->users_new),
	    "mfactl changed nothing");
}

void
toolcase_begin(struct toolcase *c)
{
	aftermath_restore();
	c->status = -1;
}

/* What is tried from here, by processes of their own. */
static const char *
follow_up(const struct toolcase *c, bool done)
{
	char code[PAMHOST_CODE];
	int status;

	if (!done || c->verb == TOOLCASE_ADD) {
		pamhost_hotp(1, code);
		if (pamhost_login_apart("fault", "root", code) != PAM_SUCCESS)
			return "the next honest login failed";
	}
	pamhost_totp(0, code);
	if (done && c->verb == TOOLCASE_ADD &&
	    pamhost_login_apart("fault", "root", code) != PAM_SUCCESS)
		return "the factor that was added does not work";
	status = toolcase_run(c);
	if (status != 0 && (c->verb != TOOLCASE_RESET || !done ||
	    status != FINISHED))
		return "mfactl fails when it is called again";
	return NULL;
}

const char *
toolcase_judge(struct toolcase *c)
{
	bool done, moved;

	toolcase_take(c);
	done = aftermath_same(&c->users, &c->users_new);
	moved = aftermath_same(&c->state, &c->state_new);
	if (!done && !aftermath_same(&c->users, &c->users_old))
		return "neither the old factors nor the new";
	if (!moved && !aftermath_same(&c->state, &c->state_old))
		return "neither the old state nor the new";
	/* No factor is ever without its used steps. */
	if (c->verb == TOOLCASE_RESET && moved && !done)
		return "the state was reset before the factors";
	if (c->status == 0 && (!done || !moved))
		return "said to be done, and is not";
	return aftermath_is_new(&c->users, c->status * 4 + moved * 2 +
	    (int)c->verb) ?
	    follow_up(c, done) : NULL;
}
