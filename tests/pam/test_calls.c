/*
 * The module as a guest: what a login returns, and that the program it runs
 * in is afterwards as it was, however badly that program was set up.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fake/pamhost.h"

extern char **environ;

/* Appends to a snapshot. */
static void note(char *snap, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
#define SNAP 8192

static void
note(char *snap, const char *fmt, ...)
{
	size_t len = strlen(snap);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(snap + len, SNAP - len, fmt, ap);
	va_end(ap);
}

static void
note_fds(char *snap)
{
	char path[64], to[128];

	for (int fd = 0; fd < 64; fd++) {
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		n = readlink(path, to, sizeof(to) - 1);
		if (n < 0)
			continue;
		to[n] = '\0';
		note(snap, "fd %d %s %d\n", fd, to, fcntl(fd, F_GETFD));
	}
}

static void
note_signals(char *snap)
{
	struct sigaction sa;
	struct itimerval timer;
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	for (int sig = 1; sig < NSIG; sig++)
		if (sigaction(sig, NULL, &sa) == 0)
			note(snap, "%d %p %d,", sig, *(void **)&sa.sa_handler,
			    sigismember(&mask, sig));
	getitimer(ITIMER_REAL, &timer);
	note(snap, "\ntimer %ld\n", (long)timer.it_interval.tv_sec);
}

/* All that a program may care about. */
static char *
snapshot(void)
{
	char *snap = calloc(1, SNAP), cwd[512];
	mode_t mask = umask(0);

	umask(mask);
	assert_non_null(snap);
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	note(snap, "cwd %s umask %o locale %s\n", cwd, mask,
	    setlocale(LC_ALL, NULL));
	note(snap, "uid %u %u fs %d %d groups %d\n", getuid(), geteuid(),
	    setfsuid((uid_t)-1), setfsgid((gid_t)-1), getgroups(0, NULL));
	for (char **e = environ; *e; e++)
		note(snap, "%s\n", *e);
	note_fds(snap);
	note_signals(snap);
	return snap;
}

static void
enrolled(const char *conf)
{
	char cmd[] = "rm -rf state && mkdir -m 700 state && mkdir -p -m 700 "
	    "users";

	pamhost_must(system(cmd) == 0, cmd);
	pamhost_conf(conf);
	pamhost_enrol("root", PAMHOST_OTP);
}

static int
login(const char *user, const char *answer)
{
	struct talk t = { .answer = { answer } };

	return pamhost_login("calls", user, &t);
}

static int
login_right(const char *user)
{
	char code[PAMHOST_CODE];

	pamhost_totp(0, code);
	return login(user, code);
}

static int
login_wrong(const char *user)
{
	char code[PAMHOST_CODE];

	pamhost_code("no such key", 1, code);
	return login(user, code);
}

static void
right_wrong_and_used(void **state)
{
	(void)state;
	enrolled("tries = 1\n");
	assert_int_equal(login_right("root"), PAM_SUCCESS);
	assert_int_equal(login_right("root"), PAM_AUTH_ERR);
	assert_int_equal(login_wrong("root"), PAM_AUTH_ERR);
	assert_int_equal(pamhost_failures("root"), 1);
}

static void
limits(void **state)
{
	(void)state;
	enrolled("tries = 1\nfree_failures = 2\nlock_after = 3\n");
	assert_int_equal(login_wrong("root"), PAM_AUTH_ERR);
	assert_int_equal(login_wrong("root"), PAM_AUTH_ERR);
	assert_int_equal(login_right("root"), PAM_MAXTRIES);
	assert_int_equal(pamhost_failures("root"), 2);
	pamhost_write("state/root", 0600, "version = 1\nfailures = 3\n");
	assert_int_equal(login_right("root"), PAM_MAXTRIES);
	assert_int_equal(pamhost_failures("root"), 3);
}

static void
recovery_codes(void **state)
{
	(void)state;
	enrolled("tries = 1\n");
	pamhost_enrol("root", PAMHOST_RECOVERY);
	assert_int_equal(login("root", "0l23 4567 89ab-CDEF"), PAM_SUCCESS);
	assert_int_equal(login("root", PAMHOST_RECOVERY_CODE), PAM_AUTH_ERR);
	assert_int_equal(login("root", "0123-4567-89AB-CDEG"), PAM_AUTH_ERR);
}

static void
at47_not_enrolled_and_unknown(void **state)
{
	(void)state;
	enrolled("tries = 1\n");
	unlink("users/root");
	assert_int_equal(login_right("root"), PAM_AUTH_ERR);
	assert_int_equal(login_right("nobody-of-this-name"), PAM_AUTH_ERR);
	pamhost_conf("tries = 1\nnot_enrolled = allow\n");
	assert_int_equal(login_right("nobody-of-this-name"), PAM_AUTH_ERR);
	/* Alone and ignored, libpam refuses by itself. */
	assert_int_equal(login_right("root"), PAM_PERM_DENIED);
}

static void
sshd_fake_answer(void **state)
{
	(void)state;
	enrolled("tries = 1\n");
	assert_int_equal(login("root", "\b\n\r\177INCORRECT"), PAM_AUTH_ERR);
	assert_int_equal(pamhost_failures("root"), 0);
}

static void
unreachable_store(void **state)
{
	(void)state;
	enrolled("");
	pamhost_must(rename("users", "elsewhere") == 0, "users");
	assert_int_equal(login_right("root"), PAM_AUTHINFO_UNAVAIL);
	pamhost_must(rename("elsewhere", "users") == 0, "users");
	pamhost_must(rename("state", "elsewhere") == 0, "state");
	assert_int_equal(login_right("root"), PAM_AUTHINFO_UNAVAIL);
	pamhost_must(rename("elsewhere", "state") == 0, "state");
	assert_int_equal(login_right("root"), PAM_SUCCESS);
}

static void
at12_lock_held_by_another(void **state)
{
	struct flock all = { .l_type = F_WRLCK };
	int fd;

	(void)state;
	enrolled("");
	assert_int_equal(login_right("root"), PAM_SUCCESS);
	fd = open("state/.lock.root", O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &all), 0);
	assert_int_equal(login_right("root"), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(login_wrong("root"), PAM_AUTHINFO_UNAVAIL);
	close(fd);
	assert_int_equal(pamhost_failures("root"), 0);
}

static void
configuration(void **state)
{
	(void)state;
	enrolled("tires = 3\n");
	assert_int_equal(login_right("root"), PAM_SERVICE_ERR);
	pamhost_conf("tries = 99\n");
	assert_int_equal(login_right("root"), PAM_SERVICE_ERR);
	unlink("mfa.conf");
	assert_int_equal(login_right("root"), PAM_SERVICE_ERR);
	pamhost_conf("");
	assert_int_equal(login_right("root"), PAM_SUCCESS);
}

/* For each way a login may end. */
static void
at24_at33_leaves_the_program_as_it_was(void **state)
{
	static const char *const conf[] = { "tries = 1\n", "tires = 1\n",
	    "tries = 1\nstore = home\n", "not_enrolled = allow\n"
	    "[group daemon]\nnot_enrolled = deny\n" };
	char *before, *after;

	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	umask(0027);
	/* What libc and libcrypto do once is not ours. */
	enrolled("");
	login_right("root");
	before = snapshot();
	for (size_t i = 0; i < sizeof(conf) / sizeof(*conf); i++) {
		umask(0022);
		enrolled(conf[i]);
		umask(0027);
		login_right("root");
		login_wrong("root");
		login("root", NULL);
		login_right("u0");
		after = snapshot();
		assert_string_equal(after, before);
		free(after);
	}
	free(before);
	umask(0022);
}

/*
 * A child set up by setup: does a right code get in, and say nothing? And then,
 * is after (may be NULL) true of the child?
 */
static int
login_and(void (*setup)(void), bool (*after)(void))
{
	int status;
	pid_t pid;

	enrolled("tries = 1\n");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		char code[PAMHOST_CODE];
		struct talk t = { .answer = { code } };
		pam_handle_t *pamh;
		int r;

		pamhost_totp(0, code);
		pamh = pamhost_start("calls", "root", &t);
		alarm(30);
		setup();
		r = pam_authenticate(pamh, 0);
		_exit(after == NULL || after() ? r : 99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
login_in_a(void (*setup)(void))
{
	return login_and(setup, NULL);
}

/* What openssl.cnf says is seen by an object identifier of its own. */
static void
own_openssl_cnf(void)
{
	pamhost_write("openssl.cnf", 0644, "openssl_conf = init\n[init]\n"
	    "oid_section = oids\nproviders = sect\n[oids]\n"
	    "ofThisHost = 1.2.3.4\n[sect]\nnull = on\n[on]\nactivate = 1\n");
	setenv("OPENSSL_CONF", "openssl.cnf", 1);
}

static bool
openssl_cnf_was_read(void)
{
	void *lib = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_NOLOAD);
	int (*txt2nid)(const char *) = NULL;

	if (lib != NULL)
		*(void **)&txt2nid = dlsym(lib, "OBJ_txt2nid");
	return txt2nid != NULL && txt2nid("ofThisHost") != 0;
}

/*
 * The first to use libcrypto decides how it begins for the whole process. Run
 * before any other login here.
 */
static void
at33_openssl_begins_as_without_us(void **state)
{
	(void)state;
	assert_int_equal(login_and(own_openssl_cnf, openssl_cnf_was_read),
	    PAM_SUCCESS);
}

static void
closed_stdio(void)
{
	for (int fd = 0; fd < 3; fd++)
		close(fd);
}

static void
ignored_children(void)
{
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
}

static void
hostile_environment(void)
{
	static const char *const name[] = { "OPENSSL_CONF", "OPENSSL_MODULES",
	    "OPENSSL_ENGINES", "HOME", "TZ", "LANG", "LC_ALL", "TMPDIR",
	    "MFA_CONF", "LOCALDOMAIN", "HOSTALIASES", "SSLKEYLOGFILE", "USER",
	    "LOGNAME", "SUDO_USER", "SUDO_UID" };

	for (size_t i = 0; i < sizeof(name) / sizeof(*name); i++)
		setenv(name[i], "/nonexistent/evil", 1);
}

static void
no_environment(void)
{
	clearenv();
}

static void
no_core_no_processes(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_NPROC, &none);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_MEMLOCK, &none);
}

static void
at30_at33_survives_its_host(void **state)
{
	(void)state;
	assert_int_equal(login_in_a(closed_stdio), PAM_SUCCESS);
	assert_int_equal(login_in_a(ignored_children), PAM_SUCCESS);
	assert_int_equal(login_in_a(hostile_environment), PAM_SUCCESS);
	assert_int_equal(login_in_a(no_environment), PAM_SUCCESS);
	assert_int_equal(login_in_a(no_core_no_processes), PAM_SUCCESS);
}

static void
no_descriptors(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_NOFILE, &none);
}

/* Enough for libpam and the configuration, not for a file in a directory. */
static void
one_descriptor(void)
{
	int fd = dup(STDOUT_FILENO);
	const struct rlimit one = { (rlim_t)fd + 1, (rlim_t)fd + 1 };

	close(fd);
	setrlimit(RLIMIT_NOFILE, &one);
}

/* No more from the system, and nothing left of what malloc had in stock. */
static void
no_memory(void)
{
	const struct rlimit none = { 0, 0 };
	void *volatile taken;

	setrlimit(RLIMIT_AS, &none);
	setrlimit(RLIMIT_DATA, &none);
	for (size_t n = 1024 * 1024; n > 0; n = n > 1024 ? n / 2 : n - 16)
		do
			taken = malloc(n);
		while (taken != NULL);
}

/* Refusing is right, crashing or granting half a check is not. */
static void
at45_refuses_without_resources(void **state)
{
	int r;

	(void)state;
	assert_int_equal(login_in_a(one_descriptor), PAM_AUTHINFO_UNAVAIL);
	r = login_in_a(no_descriptors);
	assert_true(r > 0 && r != PAM_IGNORE);
	r = login_in_a(no_memory);
	assert_true(r > 0 && r != PAM_IGNORE && r != PAM_PERM_DENIED);
}

static void
to_a_file(void)
{
	int fd = open("said", O_RDWR | O_CREAT | O_TRUNC, 0600);

	dup2(fd, 1);
	dup2(fd, 2);
}

static void
writes_nothing_by_itself(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(login_in_a(to_a_file), PAM_SUCCESS);
	assert_int_equal(stat("said", &st), 0);
	assert_int_equal(st.st_size, 0);
}

static int
enter(void **state)
{
	(void)state;
	pamhost_enter(1, 0);
	pamhost_write("pam.d/calls", 0644, "auth required %s\n",
	    pamhost_mfa());
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at33_openssl_begins_as_without_us),
		cmocka_unit_test(right_wrong_and_used),
		cmocka_unit_test(limits),
		cmocka_unit_test(recovery_codes),
		cmocka_unit_test(at47_not_enrolled_and_unknown),
		cmocka_unit_test(sshd_fake_answer),
		cmocka_unit_test(unreachable_store),
		cmocka_unit_test(at12_lock_held_by_another),
		cmocka_unit_test(configuration),
		cmocka_unit_test(at24_at33_leaves_the_program_as_it_was),
		cmocka_unit_test(at30_at33_survives_its_host),
		cmocka_unit_test(at45_refuses_without_resources),
		cmocka_unit_test(writes_nothing_by_itself),
	};

	return cmocka_run_group_tests(tests, enter, NULL);
}
