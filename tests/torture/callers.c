/*
 * Callers that are hard on a module:
 *
 * callers reload N: AT-21. Under valgrind: N logins, the module loaded and
 * unloaded by each. What is not freed does not grow, nothing of its text is
 * left.
 *
 * callers many: a host with 5,000 descriptors open, and one with 256 MiB of
 * address space: a right code, a wrong one, and one that is sent by the real
 * mfa-send. The program that sends has no descriptor of the host's.
 *
 * callers forks N: AT-20. While one thread logs in all the time, others start
 * N programs, which look at what they have been left: nothing. So that the
 * test can fail, a descriptor that is made as the module's are not is looked
 * for as well, and seen.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

#include "../fake/pamhost.h"
#include "../fake/resources.h"
#include "../fake/tap.h"

#define OPEN 5000			/* descriptors */
#define SPACE (256UL << 20)		/* bytes */

/* --- Loaded and unloaded. */

static bool
is_mapped(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	char line[512];
	bool found = false;

	pamhost_must(f != NULL, "maps");
	while (fgets(line, sizeof(line), f) != NULL)
		found |= strstr(line, "pam_mfa.so") != NULL;
	fclose(f);
	return found;
}

static int
login(const char *user, const char *answer)
{
	struct talk t = { .answer = { answer } };

	return pamhost_login("callers", user, &t);
}

/* A right code and a wrong one, from files as they were. */
static unsigned
two_logins(void)
{
	char code[PAMHOST_CODE], wrong[PAMHOST_CODE];
	unsigned n;

	pamhost_enrol("u0", PAMHOST_OTP);
	pamhost_hotp(2, code);
	pamhost_code("no such key", 1, wrong);
	n = login("u0", code) == PAM_SUCCESS;
	return n + (login("u0", wrong) == PAM_AUTH_ERR);
}

static unsigned long
not_freed(void)
{
	unsigned long leaked = 0, dubious = 0, reachable = 0, suppressed = 0;

	VALGRIND_DO_QUICK_LEAK_CHECK;
	VALGRIND_COUNT_LEAKS(leaked, dubious, reachable, suppressed);
	return leaked + dubious + reachable + suppressed;
}

static void
reload(unsigned n)
{
	unsigned well = 0, warm = n > 20 ? 10 : 2;
	unsigned long mapped = 0, before = 0, after;
	struct resources a = { 0 }, b;

	for (unsigned i = 0; i < n; i += 2) {
		well += two_logins();
		mapped += is_mapped();
		if (i == warm) {
			before = not_freed();
			resources_take(&a);
		}
	}
	resources_take(&b);
	after = not_freed();
	tap_ok(well == n, "AT-21 %u logins, the module loaded by each: %u as "
	    "they should be", n, well);
	tap_ok(!mapped, "... nothing of it is left in memory");
	tap_ok(RUNNING_ON_VALGRIND && before == after && a.fds == b.fds,
	    "... %lu bytes not freed after the first %u, %lu at last; "
	    "descriptors %u, %u", before, warm + 2, after, a.fds, b.fds);
	tap_ok(VALGRIND_COUNT_ERRORS == 0, "... and no error of memory");
}

/* --- Many descriptors, little memory. */

/* Filled by the provider. */
static char *sent;

static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
    "Connection: close\r\n\r\n{}";

static void
serve_one(int c)
{
	char in[2048] = "", *code = NULL;
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && (code == NULL || strlen(code) < 4 + 6)) {
		n = recv(c, in + len, sizeof(in) - 1 - len, 0);
		len += n > 0 ? (size_t)n : 0;
		code = strstr(in, "\r\n\r\n");
	}
	if (code != NULL)
		memcpy(sent, code + 4, 6);
	(void)!send(c, reply, sizeof(reply) - 1, MSG_NOSIGNAL);
	close(c);
}

/* A provider, in a process of its own: its port. */
static in_port_t
provider(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	sent = mmap(NULL, 64, PROT_READ | PROT_WRITE, MAP_SHARED |
	    MAP_ANONYMOUS, -1, 0);
	pamhost_must(sent != MAP_FAILED && fd >= 0 &&
	    !bind(fd, (struct sockaddr *)&a, len) && !listen(fd, 8) &&
	    !getsockname(fd, (struct sockaddr *)&a, &len), "listen");
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			serve_one(accept(fd, NULL, NULL));
	}
	close(fd);
	return ntohs(a.sin_port);
}

static void
configure(in_port_t port)
{
	char here[256], tool[512], conf[1024];
	FILE *f;

	pamhost_must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	(void)!snprintf(conf, sizeof(conf), "tries = 1\nsenders = fake\n"
	    "numbers = +81\nsenders_dir = %s\nsender_program = %s\n"
	    "sender_user = u1\n", here, pamhost_build("mfa-send", tool,
	    sizeof(tool)));
	pamhost_conf(conf);
	pamhost_write("fake.conf", 0644, "[sms]\nurl = http://127.0.0.1:%u/\n"
	    "text = {code}\nok_status = 200\n", port);
	pamhost_enrol("u0", PAMHOST_OTP);
	f = fopen("users/u0", "ae");
	pamhost_must(f != NULL, "users/u0");
	fprintf(f, "[factor phone-test]\nkind = phone\nlabel = Mobile\n"
	    "created = 1700000000\nnumber = +819000001234\nextension =\n"
	    "ways = sms\nkey = %064d\n", 7);
	pamhost_must(fclose(f) == 0, "users/u0");
	remove("state/%sent");
}

typedef void setup_fn(void);

/* In a child that is set up so: a PAM code. */
static int
login_in_a(setup_fn *setup, const char *first, const char *second)
{
	struct talk t = { .answer = { first, second } };
	struct resources a, b;
	char why[256];
	int status;
	pid_t pid = fork();

	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		pam_handle_t *pamh;

		setup();
		pamh = pamhost_start("callers", "u0", &t);
		resources_take(&a);
		status = pam_authenticate(pamh, 0);
		resources_take(&b);
		if (status != PAM_SUCCESS && strstr(t.shown, "Wrong") == NULL)
			tap_note("%s", t.shown);
		if (a.fds == b.fds && a.threads == b.threads)
			_exit(status);
		resources_same(&a, &b, why, sizeof(why));
		tap_note("%s", why);
		_exit(99);
	}
	pamhost_must(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
open_many(void)
{
	const struct rlimit many = { OPEN + 100, OPEN + 100 };

	pamhost_must(setrlimit(RLIMIT_NOFILE, &many) == 0, "setrlimit");
	for (int i = 0; i < OPEN; i++)
		pamhost_must(open("/dev/null", O_RDONLY) >= 0, "/dev/null");
}

static void
have_little(void)
{
	const struct rlimit little = { SPACE, SPACE };

	pamhost_must(setrlimit(RLIMIT_AS, &little) == 0, "setrlimit");
}

static void
both(void)
{
	open_many();
	have_little();
}

static void
hard_on(const char *name, setup_fn *setup, in_port_t port)
{
	char code[PAMHOST_CODE], wrong[PAMHOST_CODE];

	configure(port);
	pamhost_hotp(1, code);
	pamhost_code("no such key", 1, wrong);
	tap_ok(login_in_a(setup, code, NULL) == PAM_SUCCESS,
	    "a host with %s: a right code gets in", name);
	tap_ok(login_in_a(setup, wrong, NULL) == PAM_AUTH_ERR,
	    "... a wrong one does not");
	memset(sent, 0, 64);
	tap_ok(login_in_a(setup, "s", sent) == PAM_SUCCESS && *sent,
	    "... and one that was sent does");
}

/* --- Programs that others start meanwhile. */

static char self[512];

/* As "callers": how many descriptors but the first three, by their kinds. */
static int
look(void)
{
	DIR *d = opendir("/proc/self/fd");
	struct dirent *e;
	int n = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		int fd = atoi(e->d_name), protocol = -1, domain = -1;
		socklen_t len = sizeof(domain);
		char path[64], to[256] = "";

		if (fd < 3 || fd == dirfd(d))
			continue;
		/* libaudit's, which libpam tells of the result. */
		if (!getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) &&
		    !getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) &&
		    domain == AF_NETLINK && protocol == 9)
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		(void)!readlink(path, to, sizeof(to) - 1);
		/* libpam's, which opens its own files so. */
		if (strstr(to, "/pam.d/") != NULL)
			continue;
		if (n++ == 0)
			tap_note("left: %d, %s", fd, to);
	}
	return d == NULL ? 99 : n > 90 ? 90 : n;
}

static int
start_one(void)
{
	int status;
	pid_t pid = fork();

	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		execl(self, "callers", "look", NULL);
		_exit(98);
	}
	pamhost_must(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 97;
}

static struct {
	atomic_uint started, left, logins, well;
	unsigned n;
} forks;

static void *
start_programs(void *ctx)
{
	(void)ctx;
	while (atomic_fetch_add(&forks.started, 1) < forks.n)
		atomic_fetch_add(&forks.left, start_one() != 0);
	return NULL;
}

/* Codes of a token; and, in turn, one that is sent. */
static void *
log_in(void *ctx)
{
	in_port_t port = *(in_port_t *)ctx;
	char code[PAMHOST_CODE];

	while (atomic_load(&forks.started) < forks.n) {
		struct talk t = { .answer = { code } };

		configure(port);
		pamhost_hotp(1, code);
		if (atomic_load(&forks.logins) % 2) {
			memset(sent, 0, 64);
			t = (struct talk){ .answer = { "s", sent } };
		}
		atomic_fetch_add(&forks.logins, 1);
		atomic_fetch_add(&forks.well, pamhost_login("callers", "u0",
		    &t) == PAM_SUCCESS);
	}
	return NULL;
}

static void
forks_meanwhile(unsigned n, in_port_t port)
{
	pthread_t logs_in, starts[3];
	int fd;

	forks.n = n;
	pamhost_must(!pthread_create(&logs_in, NULL, log_in, &port), "thread");
	for (int i = 0; i < 3; i++)
		pamhost_must(!pthread_create(&starts[i], NULL, start_programs,
		    NULL), "thread");
	for (int i = 0; i < 3; i++)
		pthread_join(starts[i], NULL);
	pthread_join(logs_in, NULL);
	tap_ok(forks.well == forks.logins && forks.logins > 0 && !forks.left,
	    "AT-20 %u programs started by three threads during %u logins, "
	    "half of them with a message: %u were left a descriptor", n,
	    forks.logins, forks.left);
	fd = open("/dev/null", O_RDONLY);
	tap_ok(fd >= 0 && start_one() == 1, "... one that has none of "
	    "O_CLOEXEC is seen");
	close(fd);
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "many";
	unsigned n = argc > 2 ? (unsigned)atoi(argv[2]) : 100;
	in_port_t port;

	if (strcmp(what, "look") == 0)
		return look();
	pamhost_must(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0,
	    "self");
	alarm(1200);
	/* What whoever started this has open is not what is looked for. */
	pamhost_must(close_range(3, ~0U, 0) == 0, "close_range");
	pamhost_enter(2, 0);
	pamhost_conf("tries = 1\n");
	pamhost_write("pam.d/callers", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	if (strcmp(what, "reload") == 0) {
		reload(n);
		return tap_done();
	}
	port = provider();
	if (strcmp(what, "forks") == 0) {
		forks_meanwhile(n, port);
	} else {
		hard_on("5,000 open descriptors", open_many, port);
		hard_on("256 MiB of address space", have_little, port);
		hard_on("both", both, port);
	}
	return tap_done();
}
