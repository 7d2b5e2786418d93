/*
 * Every system call of a login and of mfactl, one run for each: it fails, or
 * it is the process's last. Whatever happens: no wrong code gets in, no right
 * one twice, no revealed failure is forgotten, no factor is lost or half
 * written, nothing hangs or crashes, and the next honest login works.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fake/pamhost.h"
#include "../fake/supervise.h"
#include "../fake/tap.h"

#define FILE_BYTES 1500

static const int faults[] = { SUPERVISE_KILL, EIO, ENOSPC, EINTR, EMFILE,
    EACCES };
#define FAULTS (sizeof(faults) / sizeof(*faults))

/* Shared with the child. */
struct attempt_case {
	char answer[24];
	struct talk talk;
	int result;			/* a PAM code; -1: not revealed */
	const char *argv[5];		/* of mfactl, after --conf FILE */
	/* What lies on the disk before each run. */
	char users[FILE_BYTES], state[FILE_BYTES];
};

static const char *
slurp(const char *path, char ret[static FILE_BYTES])
{
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(ret, 1, FILE_BYTES - 1, f) : 0;

	if (f)
		fclose(f);
	ret[n] = '\0';
	return ret;
}

static void
before_all(struct attempt_case *c)
{
	char code[PAMHOST_CODE];

	pamhost_enrol("root", PAMHOST_OTP);
	pamhost_hotp(0, code);
	pamhost_must(pamhost_login_apart("fault", "root", code) == PAM_SUCCESS,
	    "a login without faults");
	slurp("users/root", c->users);
	slurp("state/root", c->state);
}

static void
restore(const struct attempt_case *c)
{
	pamhost_write("users/root", 0600, "%s", c->users);
	pamhost_write("state/root", 0600, "%s", c->state);
}

static int
login(struct supervised *s)
{
	struct attempt_case *c = s->ctx;
	pam_handle_t *pamh = pamhost_start("fault", "root", &c->talk);
	int err;

	supervise_begin(s);
	err = pam_authenticate(pamh, 0);
	c->result = err;
	pam_end(pamh, err);
	return 0;
}

/* One run with the code in c->answer, from the same files each time. */
static void
one_login(struct supervised *s, int at, int error)
{
	struct attempt_case *c = s->ctx;

	restore(c);
	memset(&c->talk, 0, sizeof(c->talk));
	c->talk.answer[0] = c->answer;
	c->result = -1;
	s->run = login;
	s->at = at;
	s->error = error;
	supervise(s);
}

static const char *
fault_name(int error)
{
	return error == SUPERVISE_KILL ? "killed" : strerror(error);
}

/* Says what went wrong with the run just made; gives 1, to be counted. */
static int
bad(const struct supervised *s, const char *what)
{
	const struct attempt_case *c = s->ctx;

	tap_note("call %d (nr %d) %s: %s; result %d, status %#x", s->at,
	    s->at <= s->calls ? s->nr[s->at - 1] : -1, fault_name(s->error),
	    what, c->result, s->status);
	return 1;
}

/* Ended as it should, whatever the result. */
static int
ended_badly(const struct supervised *s)
{
	const struct attempt_case *c = s->ctx;

	if (s->hung)
		return bad(s, "hung");
	if (s->error == SUPERVISE_KILL)
		return 0;
	if (!WIFEXITED(s->status))
		return bad(s, "crashed");
	if (c->result == PAM_IGNORE || c->result == PAM_PERM_DENIED)
		return bad(s, "PAM_IGNORE");
	return 0;
}

/* The calls that make an outcome durable: if one fails, nobody is let in. */
static int
is_commit(int nr, uint64_t arg)
{
	return nr == SYS_write || nr == SYS_fsync || nr == SYS_fdatasync ||
#ifdef SYS_rename
	    nr == SYS_rename ||
#endif
#ifdef SYS_renameat
	    nr == SYS_renameat ||
#endif
	    nr == SYS_renameat2 || (nr == SYS_fcntl && (arg == F_OFD_SETLK ||
	    arg == F_OFD_SETLKW));
}

/* A later, honest login with the other authenticator. */
static int
next_login_fails(const struct supervised *s)
{
	char code[PAMHOST_CODE];

	pamhost_hotp(1, code);
	return pamhost_login_apart("fault", "root", code) == PAM_SUCCESS ? 0 :
	    bad(s, "the next honest login failed");
}

static int
check_right(struct supervised *s, const char *code)
{
	struct attempt_case *c = s->ctx;
	int in = c->result == PAM_SUCCESS, n = ended_badly(s), i = s->at - 1;
	char now[FILE_BYTES];

	if (in && s->error != EINTR && s->error != SUPERVISE_KILL &&
	    i < s->calls && is_commit(s->nr[i], s->arg[i]))
		n += bad(s, "success without a durable commit");
	in += pamhost_login_apart("fault", "root", code) == PAM_SUCCESS;
	in += pamhost_login_apart("fault", "root", code) == PAM_SUCCESS;
	if (in > 1)
		n += bad(s, "one code got in twice");
	if (strcmp(slurp("users/root", now), c->users))
		n += bad(s, "the factors changed");
	return n + next_login_fails(s);
}

static int
check_wrong(struct supervised *s)
{
	struct attempt_case *c = s->ctx;
	int n = ended_badly(s);
	long failures = pamhost_failures("root");

	if (c->result == PAM_SUCCESS)
		n += bad(s, "a wrong code got in");
	if (failures != 1 && (failures != 0 || c->result == PAM_AUTH_ERR ||
	    strstr(c->talk.shown, "Wrong")))
		n += bad(s, "a revealed failure was not counted");
	return n + next_login_fails(s);
}

/* The same fault on a right and on a wrong code: what one sees of it. */
static int
one_fault(struct supervised *s, int at, int error)
{
	struct attempt_case *c = s->ctx;
	char code[PAMHOST_CODE], shown[sizeof(c->talk.shown)];
	int n, right;

	pamhost_totp(0, code);
	snprintf(c->answer, sizeof(c->answer), "%s", code);
	one_login(s, at, error);
	right = c->result;
	memcpy(shown, c->talk.shown, sizeof(shown));
	n = check_right(s, code);

	pamhost_code("no such key", 1, c->answer);
	one_login(s, at, error);
	n += check_wrong(s);
	if (right != PAM_SUCCESS && (right != c->result ||
	    strcmp(shown, c->talk.shown)))
		n += bad(s, "right and wrong were told apart");
	return n;
}

/* write, sync, rename, sync, in this order, before the result is known. */
static int
is_durable(const struct supervised *s)
{
	int synced = 0, renamed = 0;

	for (int i = 0; i < s->calls && i < SUPERVISE_CALLS; i++)
		if (s->nr[i] == SYS_write) {
			synced = renamed = 0;
		} else if (s->nr[i] == SYS_fsync || s->nr[i] == SYS_fdatasync) {
			synced += synced == renamed;
		} else if (is_commit(s->nr[i], 0)) {
			renamed += synced == 1;
		}
	return synced == 2 && renamed == 1;
}

static void
every_call_of_a_login(struct supervised *s)
{
	struct attempt_case *c = s->ctx;
	int calls, n = 0;

	before_all(c);
	pamhost_totp(0, c->answer);
	one_login(s, 0, 0);
	calls = s->calls;
	tap_ok(c->result == PAM_SUCCESS && is_durable(s), "a right code is "
	    "written, synced, renamed and synced");
	for (int at = 1; at <= calls; at++)
		for (size_t i = 0; i < FAULTS; i++)
			n += one_fault(s, at, faults[i]);
	tap_ok(!n, "%d system calls of a login, each failing %zu ways and "
	    "killed", calls, FAULTS - 1);
}

static int
mfactl(struct supervised *s)
{
	struct attempt_case *c = s->ctx;
	int in = open("secret", O_RDONLY), out = open("/dev/null", O_WRONLY);
	char tool[512];

	clearenv();
	pamhost_build("mfactl", tool, sizeof(tool));
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	supervise_begin(s);
	execl(tool, "mfactl", "--conf", "mfa.conf", c->argv[0], c->argv[1],
	    c->argv[2], c->argv[3], NULL);
	return 127;
}

static void
one_mfactl(struct supervised *s, int at, int error)
{
	struct attempt_case *c = s->ctx;

	restore(c);
	c->result = -1;
	s->run = mfactl;
	s->at = at;
	s->error = error;
	supervise(s);
	if (WIFEXITED(s->status))
		c->result = WEXITSTATUS(s->status);
}

static int
check_add(const struct supervised *s)
{
	const struct attempt_case *c = s->ctx;
	char now[FILE_BYTES], code[PAMHOST_CODE];
	int n = s->hung ? bad(s, "hung") : 0;
	int added = strcmp(slurp("users/root", now), c->users) != 0;

	if (c->result == 0 && !added)
		n += bad(s, "said to be added, but is not");
	if (added) {
		pamhost_totp(0, code);
		if (pamhost_login_apart("fault", "root", code) != PAM_SUCCESS)
			n += bad(s, "half a factor");
	}
	return n + next_login_fails(s);
}

static int
check_reset(const struct supervised *s)
{
	const struct attempt_case *c = s->ctx;
	char now[FILE_BYTES];
	int n = s->hung ? bad(s, "hung") : 0;
	int gone = access("users/root", F_OK) != 0;

	if (c->result == 0 && !gone)
		n += bad(s, "said to be reset, but is not");
	if (!gone && strcmp(slurp("users/root", now), c->users))
		n += bad(s, "half a reset");
	return gone ? n : n + next_login_fails(s);
}

static void
every_call_of_mfactl(struct supervised *s,
    int (*check)(const struct supervised *))
{
	struct attempt_case *c = s->ctx;
	int calls, n = 0;

	one_mfactl(s, 0, 0);
	calls = s->calls;
	tap_ok(c->result == 0 && !check(s), "mfactl %s without faults",
	    c->argv[0]);
	for (int at = 1; at <= calls; at++)
		for (size_t i = 0; i < 3; i++) {
			one_mfactl(s, at, faults[i]);
			n += check(s);
		}
	tap_ok(!n, "%d system calls of mfactl %s, each failing 2 ways and "
	    "killed", calls, c->argv[0]);
}

/* root with the HOTP alone; the TOTP is what mfactl adds. */
static void
before_add(struct attempt_case *c)
{
	char *totp, *hotp;

	before_all(c);
	totp = strstr(c->users, "[factor totp");
	hotp = strstr(c->users, "[factor hotp");
	memmove(totp, hotp, strlen(hotp) + 1);
}

static void
every_call_of_verbs(struct supervised *s)
{
	struct attempt_case *c = s->ctx;

	pamhost_write("secret", 0600, "%s\n", PAMHOST_TOTP_SECRET);
	before_add(c);
	c->argv[0] = "add";
	c->argv[1] = "totp";
	c->argv[2] = "--secret-stdin";
	c->argv[3] = "root";
	every_call_of_mfactl(s, check_add);
	before_all(c);
	c->argv[0] = "reset";
	c->argv[1] = "root";
	c->argv[2] = NULL;
	every_call_of_mfactl(s, check_reset);
}

int
main(void)
{
	struct supervised *s = supervise_new(sizeof(struct attempt_case));

	alarm(300);
	pamhost_enter(0, 0);
	pamhost_conf("tries = 1\n");
	/* PAM_IGNORE becomes PAM_PERM_DENIED; anything else stays itself. */
	pamhost_write("pam.d/fault", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	every_call_of_a_login(s);
	every_call_of_verbs(s);
	return tap_done();
}
