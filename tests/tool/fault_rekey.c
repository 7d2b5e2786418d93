/*
 * Every system call of mfactl rekey, one run for each: it fails, or it is the
 * process's last; once on a host without a key, and once on one that has one.
 * Whatever happens: everybody can log in with what then lies on the disk; what
 * is said to be done is done; nothing hangs or crashes; and rekey, called
 * again, leaves one key and nothing in plain or half.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fake/aftermath.h"
#include "../fake/faultcase.h"
#include "../fake/pamhost.h"
#include "../fake/supervise.h"
#include "../fake/tap.h"

#define TEXT 2048

static const char *const people[] = { "root", "u0", "u1" };
#define PEOPLE (sizeof(people) / sizeof(*people))

static const int faults[] = { SUPERVISE_KILL, EIO };
#define FAULTS (sizeof(faults) / sizeof(*faults))

/* host.key as it was before; "" if there was none. */
struct before {
	char key[TEXT];
};

static const char *
slurp(const char *path, char ret[static TEXT])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, ret, TEXT - 1);

	pamhost_must(n >= 0 && n < TEXT - 1, path);
	ret[n] = '\0';
	if (fd >= 0)
		close(fd);
	return ret;
}

static int
run(struct supervised *s)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char tool[512];

	pamhost_build("mfactl", tool, sizeof(tool));
	if (dup2(null, 1) != 1 || dup2(null, 2) != 2)
		return 127;
	supervise_begin(s);
	execl(tool, "mfactl", "--conf", "mfa.conf", "rekey", NULL);
	return 127;
}

static void
restore(const struct before *b)
{
	aftermath_restore();
	unlink("host.key");
	unlink(".tmp.%keys");
	if (*b->key != '\0')
		pamhost_write("host.key", 0400, "%s", b->key);
}

/* By a code that was not used: of the app's now, or of the token. */
static bool
all_get_in(bool token)
{
	char code[PAMHOST_CODE];

	for (size_t i = 0; i < PEOPLE; i++) {
		if (token)
			pamhost_hotp(0, code);
		else
			pamhost_totp(0, code);
		if (pamhost_login_apart("fault", people[i], code) !=
		    PAM_SUCCESS)
			return false;
	}
	return true;
}

/* How often is it there? */
static unsigned
count(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* One key; both secrets of everybody with it; and nothing lies about. */
static const char *
not_whole(void)
{
	char text[TEXT], path[64], mark[64] = "sealed:";
	struct stat st;
	glob_t g;
	int left;

	slurp("host.key", text);
	if (count(text, "[key ") != 1 ||
	    sscanf(text, "version = 1\ncurrent = %15[a-z0-9]", mark +
	    strlen(mark)) != 1)
		return "host.key has not one key";
	if (stat("host.key", &st) || (st.st_mode & 07777) != 0600)
		return "the mode of host.key";
	for (size_t i = 0; i < PEOPLE; i++) {
		snprintf(path, sizeof(path), "users/%s", people[i]);
		slurp(path, text);
		if (count(text, mark) != 2 || count(text, "sealed:") != 2 ||
		    strstr(text, PAMHOST_TOTP_SECRET) != NULL)
			return "a record is not sealed with the key";
	}
	left = glob("users/.tmp.*", 0, NULL, &g);
	globfree(&g);
	return left == GLOB_NOMATCH && access(".tmp.%keys", F_OK) != 0 ?
	    NULL : "a temporary file was left";
}

static const char *
judge(const struct supervised *s)
{
	int at = s->at - 1;
	const char *fate;

	if ((fate = supervise_fate(s)) != NULL)
		return fate;
	if (WIFEXITED(s->status) && WEXITSTATUS(s->status) == 0) {
		if (s->error == EIO && at < s->calls &&
		    (s->nr[at] == SYS_fsync || supervise_is_rename(s->nr[at])))
			return "done, in spite of that";
		if (not_whole() != NULL)
			return "said to be done, and is not";
	}
	if (!all_get_in(false))
		return "a login failed";
	pamhost_rekey();
	if (!all_get_in(true))
		return "a login failed after another rekey";
	return not_whole();
}

static int
one_fault(struct supervised *s, int at, int error)
{
	char where[SUPERVISE_WHERE];
	const char *what;

	restore(s->ctx);
	s->at = at;
	s->error = error;
	supervise(s);
	if ((what = judge(s)) == NULL)
		return 0;
	tap_note("%s: %s; status %#x", supervise_where(s, where), what,
	    s->status);
	return 1;
}

static void
every_call(struct supervised *s, const char *name)
{
	struct before *b = s->ctx;
	int first, calls, runs, n;

	slurp("host.key", b->key);
	aftermath_save();
	tap_ok(!one_fault(s, 0, 0) && s->status == 0, "rekey %s", name);
	calls = s->calls;
	first = supervise_first_of_mfactl(s);
	n = supervise_every(s, &(struct supervise_plan){ first, calls,
	    (int)faultcase_every(), faults, FAULTS }, one_fault, &runs);
	tap_ok(!n && runs > 50, "%d system calls of rekey %s, %d faults",
	    calls - first + 1, name, runs);
	restore(b);
}

int
main(void)
{
	struct supervised *s = supervise_new(sizeof(struct before));

	s->run = run;
	pamhost_enter(PEOPLE, 0);
	pamhost_conf("tries = 1\n");
	pamhost_write("pam.d/fault", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	for (size_t i = 0; i < PEOPLE; i++)
		pamhost_enrol(people[i], PAMHOST_OTP);
	every_call(s, "without a key");
	pamhost_rekey();
	every_call(s, "with a key");
	return tap_done();
}
