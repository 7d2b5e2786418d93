#include "enrolcase.h"

#include <liboath/oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PERIOD 30

/* Of that key; "" where memory fails this program, too. */
static void
code_of(const char *base32, int64_t step, char ret[static PAMHOST_CODE])
{
	char *key = NULL;
	size_t len;

	if (oath_base32_decode(base32, strlen(base32), &key, &len) !=
	    OATH_OK || oath_hotp_generate(key, len, (uint64_t)step, 6, false,
	    OATH_HOTP_DYNAMIC_TRUNCATION, ret) != OATH_OK)
		*ret = '\0';
	free(key);
}

/* In groups of four, after these words; the phone keeps the right time. */
static void
read_key(struct enrolcase *c, const char *text)
{
	const char *at = strstr(text, "app: ");
	char key[65] = "";
	size_t n = 0;

	for (at = at != NULL ? at + 5 : ""; n < 64 && (*at == ' ' ||
	    (*at >= 'A' && *at <= 'Z') || (*at >= '2' && *at <= '7')); at++)
		if (*at != ' ')
			key[n++] = *at;
	if (n == 32) {
		memcpy(c->key, key, sizeof(key));
		c->step = time(NULL) / PERIOD;
	}
}

static int
converse(int n, const struct pam_message **msg, struct pam_response **ret,
    void *ctx)
{
	struct pam_response *r = calloc((size_t)n, sizeof(*r));
	struct enrolcase *c = ctx;

	for (int i = 0; r != NULL && i < n; i++) {
		char code[PAMHOST_CODE] = "";
		size_t len = strlen(c->shown);

		snprintf(c->shown + len, sizeof(c->shown) - len, "%s\n",
		    msg[i]->msg);
		read_key(c, msg[i]->msg);
		c->registered |= strstr(msg[i]->msg, "is registered") != NULL;
		if (msg[i]->msg_style != PAM_PROMPT_ECHO_ON &&
		    msg[i]->msg_style != PAM_PROMPT_ECHO_OFF)
			continue;
		if (*c->key && !c->registered)
			code_of(c->key, c->step, code);
		r[i].resp = strdup(code);
	}
	*ret = r;
	return r != NULL ? PAM_SUCCESS : PAM_BUF_ERR;
}

static pam_handle_t *
start(struct enrolcase *c)
{
	struct pam_conv conv = { converse, c };
	pam_handle_t *pamh = NULL;

	pamhost_must(pam_start_confdir("fault", "root", &conv, "pam.d",
	    &pamh) == PAM_SUCCESS, "pam_start_confdir");
	return pamh;
}

void
enrolcase_begin(struct enrolcase *c)
{
	remove("users/root");
	remove("state/root");
	c->result = -1;
	*c->key = *c->shown = '\0';
	c->registered = false;
}

void
enrolcase_run(struct enrolcase *c)
{
	c->result = pam_authenticate(c->pamh, 0);
}

/* Another such login, apart and without faults. */
static bool
enrols_again(struct enrolcase *c)
{
	struct enrolcase was = *c;
	bool ok;
	int status;
	pid_t pid;

	enrolcase_begin(c);
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		enrolcase_run(c);
		_exit(0);
	}
	pamhost_must(waitpid(pid, &status, 0) == pid, "waitpid");
	ok = status == 0 && c->result == PAM_SUCCESS && c->registered;
	*c = was;
	return ok;
}

void
enrolcase_new(struct enrolcase *c)
{
	pamhost_conf("tries = 2\nnot_enrolled = enrol\nmethods = totp\n"
	    "qr = none\ndrift_max = 0\nwindow_back = 2\n");
	pamhost_rekey();
	pamhost_write("pam.d/fault", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	c->pamh = start(c);
	pamhost_must(enrols_again(c), "an enrolment without faults");
}

/*
 * 1: root has one factor, and they were shown a key, which follow_up() tries;
 * 0: none; -1: something else.
 */
static int
has_factor(const struct enrolcase *c)
{
	char text[2048], *first;
	FILE *f = fopen("users/root", "re");
	size_t len;

	if (f == NULL)
		return 0;
	len = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[len] = '\0';
	first = strstr(text, "[factor totp-");
	return *c->key && first != NULL && strstr(first + 1, "[") == NULL &&
	    strstr(first, "\nsecret = ") != NULL ? 1 : -1;
}

/* By processes of their own, with the code that was typed and with the next. */
static const char *
follow_up(const struct enrolcase *c)
{
	int in = c->result == PAM_SUCCESS;
	char code[PAMHOST_CODE];

	code_of(c->key, c->step, code);
	in += pamhost_login_apart("fault", "root", code) == PAM_SUCCESS;
	in += pamhost_login_apart("fault", "root", code) == PAM_SUCCESS;
	if (in > 1)
		return "the first code got in twice";
	code_of(c->key, c->step + 1, code);
	if (pamhost_login_apart("fault", "root", code) != PAM_SUCCESS)
		return "the factor does not work";
	return NULL;
}

const char *
enrolcase_judge(struct enrolcase *c)
{
	int has = has_factor(c);
	struct stat st;

	if (stat("state/root", &st) == 0 && st.st_size == 0)
		return "a state that is empty";
	if (c->result == PAM_IGNORE || c->result == PAM_PERM_DENIED)
		return "PAM_IGNORE";
	if (has < 0)
		return "neither no factor nor the new one";
	if (c->result == PAM_SUCCESS && !has)
		return "success without its commit";
	if (c->registered && !has)
		return "said to be registered, and is not";
	if (has)
		return follow_up(c);
	return enrols_again(c) ? NULL : "the next enrolment failed";
}
