#include "pamhost.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATH_BYTES 512
#define PLACE "/srv"	/* root's, as are all directories above it */

void
pamhost_must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "not ok - test host: %s: %s\n", what, strerror(errno));
	exit(99);
}

char *
pamhost_build(const char *name, char *ret, size_t cap)
{
	char exe[PATH_BYTES];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	pamhost_must(n > 0, "/proc/self/exe");
	exe[n] = '\0';
	/* BUILD/tests/KIND/PROGRAM */
	for (int up = 0; up < 3; up++)
		*strrchr(exe, '/') = '\0';
	snprintf(ret, cap, "%s/%s", exe, name);
	return ret;
}

const char *
pamhost_mfa(void)
{
	static char line[2 * PATH_BYTES + 16];
	char so[PATH_BYTES], here[PATH_BYTES];

	pamhost_must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	snprintf(line, sizeof(line), "%s conf=%s/mfa.conf",
	    pamhost_build("pam_mfa.so", so, sizeof(so)), here);
	return line;
}

void
pamhost_write(const char *path, mode_t mode, const char *fmt, ...)
{
	va_list ap;
	FILE *f;

	unlink(path);
	f = fopen(path, "wxe");
	pamhost_must(f != NULL, path);
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	pamhost_must(fchmod(fileno(f), mode) == 0, path);
	pamhost_must(fclose(f) == 0, path);
}

void
pamhost_conf(const char *lines)
{
	char here[PATH_BYTES];

	pamhost_must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	pamhost_write("mfa.conf", 0644,
	    "users = %s/users\nstate = %s/state\nhost_key = %s/host.key\n%s",
	    here, here, here, lines);
}

static void
private_passwd(unsigned people)
{
	FILE *f = fopen("passwd", "we");

	pamhost_must(f != NULL, "passwd");
	fputs("root:x:0:0::/root:/bin/sh\n", f);
	for (unsigned i = 0; i < people; i++)
		fprintf(f, "u%u:x:%u:65534::/nonexistent:/bin/sh\n", i,
		    20000 + i);
	pamhost_must(fclose(f) == 0, "passwd");
	pamhost_must(mount("passwd", "/etc/passwd", NULL, MS_BIND, NULL) == 0,
	    "bind /etc/passwd");
	/* Whatever else the machine asks is not what is tested. */
	pamhost_write("nsswitch.conf", 0644, "passwd: files\ngroup: files\n");
	pamhost_must(mount("nsswitch.conf", "/etc/nsswitch.conf", NULL,
	    MS_BIND, NULL) == 0, "bind /etc/nsswitch.conf");
}

void
pamhost_enter(unsigned people, int disk)
{
	char dir[PATH_BYTES], cmd[PATH_BYTES + 16];

	pamhost_build("host", dir, sizeof(dir));
	if (disk) {
		snprintf(cmd, sizeof(cmd), "rm -rf '%s'", dir);
		pamhost_must(system(cmd) == 0, cmd);
	}
	pamhost_must(unshare(CLONE_NEWNS) == 0, "unshare");
	pamhost_must(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0,
	    "private mounts");
	if (disk)
		pamhost_must((mkdir(dir, 0755) == 0 || errno == EEXIST) &&
		    mount(dir, PLACE, NULL, MS_BIND, NULL) == 0, dir);
	else
		pamhost_must(mount("host", PLACE, "tmpfs", 0,
		    "mode=755,size=75%,nr_inodes=0") == 0, "mount tmpfs");
	pamhost_must(chdir(PLACE) == 0, PLACE);
	pamhost_must(mkdir("pam.d", 0755) == 0, "pam.d");
	pamhost_must(mkdir("users", 0700) == 0, "users");
	pamhost_must(mkdir("state", 0700) == 0, "state");
	pamhost_write("pam.d/other", 0644, "auth required pam_deny.so\n");
	private_passwd(people);
}

static void
one_factor(FILE *f, const char *kind, const char *secret, const char *moving)
{
	fprintf(f, "[factor %s-test]\nkind = %s\nlabel = Test\n"
	    "created = 1700000000\nsecret = %s\nalgorithm = SHA1\n"
	    "digits = 6\n%s\n", kind, kind, secret, moving);
}

/*
 * The first hash by "openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt
 * pass:0123456789ABCDEF -kdfopt hexsalt:0001..0f -kdfopt iter:20000 PBKDF2".
 */
static void
recovery_factor(FILE *f)
{
	fputs("[factor recovery-test]\nkind = recovery\nlabel = Recovery\n"
	    "created = 1700000000\nsalt = 000102030405060708090a0b0c0d0e0f\n"
	    "iterations = 20000\n"
	    "code1 = 2fd17f37429ad17caa7825210aa35335"
	    "6b1bb9ca8b5e84744d6244312133f441\n", f);
	for (int i = 2; i <= 10; i++)
		fprintf(f, "code%d = %064x\n", i, i);
}

void
pamhost_enrol(const char *user, int what)
{
	char path[PATH_BYTES];
	FILE *f;

	snprintf(path, sizeof(path), "state/%s", user);
	unlink(path);
	snprintf(path, sizeof(path), "users/%s", user);
	unlink(path);
	f = fopen(path, "wxe");
	pamhost_must(f != NULL, path);
	pamhost_must(fchmod(fileno(f), 0600) == 0, path);
	fputs("version = 1\n", f);
	one_factor(f, "totp", PAMHOST_TOTP_SECRET, "period = 30");
	one_factor(f, "hotp", PAMHOST_HOTP_SECRET, "counter = 0");
	if (what == PAMHOST_RECOVERY)
		recovery_factor(f);
	pamhost_must(fclose(f) == 0, path);
}

void
pamhost_rekey(void)
{
	char tool[PATH_BYTES];
	int status, null;
	pid_t pid;

	pamhost_build("mfactl", tool, sizeof(tool));
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		if (dup2(null, 1) == 1)
			execl(tool, "mfactl", "--conf", "mfa.conf", "rekey",
			    NULL);
		_exit(127);
	}
	pamhost_must(waitpid(pid, &status, 0) == pid && status == 0,
	    "mfactl rekey");
}

/*
 * Loaded for each code and not linked, so that a login that is measured or
 * watched finds it no nearer than any other program does.
 */
void
pamhost_code(const char *key, uint64_t counter,
    char ret[static PAMHOST_CODE])
{
	int (*generate)(const char *, size_t, uint64_t, unsigned, bool, size_t,
	    char *);
	void *oath = dlopen("liboath.so.0", RTLD_NOW);

	pamhost_must(oath != NULL, "liboath.so.0");
	*(void **)&generate = dlsym(oath, "oath_hotp_generate");
	pamhost_must(generate != NULL && generate(key, strlen(key), counter, 6,
	    false, (size_t)-1, ret) == 0, "oath_hotp_generate");
	dlclose(oath);
}

void
pamhost_totp(int steps, char ret[static PAMHOST_CODE])
{
	pamhost_code(PAMHOST_TOTP_KEY, (uint64_t)(time(NULL) / 30 + steps),
	    ret);
}

void
pamhost_hotp(uint64_t counter, char ret[static PAMHOST_CODE])
{
	pamhost_code(PAMHOST_HOTP_KEY, counter, ret);
}

long
pamhost_failures(const char *user)
{
	char path[PATH_BYTES], line[256];
	long n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "state/%s", user);
	f = fopen(path, "re");
	if (!f)
		return errno == ENOENT ? 0 : -1;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "failures = %ld", &n) == 1)
			break;
	fclose(f);
	return n;
}

static int
answer_one(const struct pam_message *m, struct talk *t, char **ret)
{
	size_t len = strlen(t->shown), asked = t->asked;

	snprintf(t->shown + len, sizeof(t->shown) - len, "%s\n", m->msg);
	if (m->msg_style != PAM_PROMPT_ECHO_ON &&
	    m->msg_style != PAM_PROMPT_ECHO_OFF)
		return PAM_SUCCESS;
	t->asked++;
	if (asked >= sizeof(t->answer) / sizeof(*t->answer) ||
	    !t->answer[asked])
		return PAM_CONV_ERR;
	*ret = strdup(t->answer[asked]);
	return *ret ? PAM_SUCCESS : PAM_BUF_ERR;
}

static int
converse(int n, const struct pam_message **msg, struct pam_response **ret,
    void *ctx)
{
	struct pam_response *r = calloc((size_t)n, sizeof(*r));
	int err = r ? PAM_SUCCESS : PAM_BUF_ERR;

	for (int i = 0; i < n && err == PAM_SUCCESS; i++)
		err = answer_one(msg[i], ctx, &r[i].resp);
	if (err != PAM_SUCCESS) {
		for (int i = 0; r && i < n; i++)
			free(r[i].resp);
		free(r);
		return err;
	}
	*ret = r;
	return PAM_SUCCESS;
}

pam_handle_t *
pamhost_start(const char *service, const char *user, struct talk *t)
{
	struct pam_conv conv = { converse, t };
	pam_handle_t *pamh = NULL;

	t->asked = 0;
	t->shown[0] = '\0';
	pamhost_must(pam_start_confdir(service, user, &conv, "pam.d", &pamh) ==
	    PAM_SUCCESS, "pam_start_confdir");
	return pamh;
}

int
pamhost_login(const char *service, const char *user, struct talk *t)
{
	pam_handle_t *pamh = pamhost_start(service, user, t);
	int err = pam_authenticate(pamh, 0);

	pam_end(pamh, err);
	return err;
}

int
pamhost_login_apart(const char *service, const char *user, const char *answer)
{
	struct talk t = { .answer = { answer } };
	int status;
	pid_t pid = fork();

	pamhost_must(pid >= 0, "fork");
	if (pid == 0)
		_exit(pamhost_login(service, user, &t));
	pamhost_must(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
