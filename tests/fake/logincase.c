#include "logincase.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const names[] = { "users/root", "state/root", NULL };

/* A login without faults, apart; what it leaves. */
static void
undisturbed(struct logincase *c, bool right, struct aftermath *ret)
{
	int status;
	pid_t pid;

	logincase_begin(c, right);
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		logincase_run(c);
		_exit(0);
	}
	pamhost_must(waitpid(pid, &status, 0) == pid && status == 0 &&
	    c->result == (right ? PAM_SUCCESS : PAM_AUTH_ERR),
	    "a login without faults");
	aftermath_take(names, ret);
	pamhost_must(!aftermath_same(ret, &c->old), "no change of the state");
}

void
logincase_new(struct logincase *c)
{
	pamhost_conf("tries = 1\n");
	pamhost_write("pam.d/fault", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	pamhost_enrol("root", PAMHOST_OTP);
	pamhost_rekey();
	pamhost_hotp(0, c->code);
	pamhost_must(pamhost_login_apart("fault", "root", c->code) ==
	    PAM_SUCCESS, "a first login");
	aftermath_save();
	aftermath_take(names, &c->old);
	pamhost_hotp(1, c->code);
	pamhost_code("no such key", 1, c->wrong);
	c->pamh = pamhost_start("fault", "root", &c->talk);
	undisturbed(c, true, &c->after_right);
	undisturbed(c, false, &c->after_wrong);
}

void
logincase_begin(struct logincase *c, bool right)
{
	aftermath_restore();
	c->right = right;
	c->result = -1;
	c->talk = (struct talk){ .answer = { right ? c->code : c->wrong } };
}

void
logincase_run(struct logincase *c)
{
	c->result = pam_authenticate(c->pamh, 0);
}

/* Everything that may be tried from here, by processes of their own. */
static const char *
follow_up(const struct logincase *c)
{
	int in = c->right && c->result == PAM_SUCCESS;
	char code[PAMHOST_CODE];

	in += pamhost_login_apart("fault", "root", c->code) == PAM_SUCCESS;
	in += pamhost_login_apart("fault", "root", c->code) == PAM_SUCCESS;
	if (in > 1)
		return "one code got in twice";
	pamhost_totp(0, code);
	if (pamhost_login_apart("fault", "root", code) != PAM_SUCCESS)
		return "the next honest login failed";
	return NULL;
}

const char *
logincase_judge(struct logincase *c)
{
	bool told_wrong = c->result == PAM_AUTH_ERR ||
	    strstr(c->talk.shown, "Wrong") != NULL;
	bool done;

	aftermath_take(names, &c->now);
	done = aftermath_same(&c->now, c->right ? &c->after_right :
	    &c->after_wrong);
	if (c->result == PAM_IGNORE || c->result == PAM_PERM_DENIED)
		return "PAM_IGNORE";
	if (c->result == PAM_SUCCESS && !c->right)
		return "a wrong code got in";
	if (c->result == PAM_SUCCESS && !done)
		return "success without its commit";
	if (told_wrong && c->right)
		return "a right code was called wrong";
	if (told_wrong && !done)
		return "a failure was told and not counted";
	if (!done && !aftermath_same(&c->now, &c->old))
		return "neither the old state nor the new";
	return aftermath_is_new(&c->now, c->result * 2 + c->right) ?
	    follow_up(c) : NULL;
}

void
logincase_seen(const struct logincase *c, struct loginseen *ret)
{
	ret->result = c->result;
	memcpy(ret->shown, c->talk.shown, sizeof(ret->shown));
	ret->settled = !aftermath_same(&c->now, &c->old);
}

bool
loginseen_differ(const struct loginseen *right, const struct loginseen *wrong)
{
	if (right->result == PAM_SUCCESS || (right->settled && wrong->settled))
		return false;
	return right->result != wrong->result ||
	    strcmp(right->shown, wrong->shown) != 0;
}
