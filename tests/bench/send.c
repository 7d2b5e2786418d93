/*
 * send PROGRAM: what a message costs beside the provider's time: the whole call
 * of the sender port, with a provider on loopback, without TLS, that answers
 * at once; and what of it is but to load PROGRAM and its libraries, by giving
 * it nothing to read. As root under tests/ns.sh: writes into /etc/mfa.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../pam_mfa/sys/send_proc.h"

#define ROUNDS 300

static const char profile[] = "[sms]\nurl = http://127.0.0.1:%d/\n"
    "text = {text}\nok_status = 200\n";
static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
    "Connection: close\r\n\r\n{}";

static void
must(bool ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(99);
	}
}

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* One request is one segment here. */
static void *
provide(void *ctx)
{
	int listener = *(int *)ctx;
	char in[2048];

	for (;;) {
		int c = accept(listener, NULL, NULL);

		must(c >= 0 && recv(c, in, sizeof(in), 0) > 0 && send(c, reply,
		    sizeof(reply) - 1, MSG_NOSIGNAL) > 0, "provide");
		close(c);
	}
	return NULL;
}

static int
listen_somewhere(int *ret_fd)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);

	must((*ret_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0 &&
	    !bind(*ret_fd, (struct sockaddr *)&a, len) && !listen(*ret_fd, 8) &&
	    !getsockname(*ret_fd, (struct sockaddr *)&a, &len), "listen");
	return ntohs(a.sin_port);
}

static void
write_profile(int port)
{
	FILE *f;

	umask(022);
	mkdir("/etc/mfa/senders", 0755);
	f = fopen("/etc/mfa/senders/bench.conf", "we");
	must(f != NULL && fprintf(f, profile, port) > 0 && !fclose(f),
	    "bench.conf");
}

static void
send_one(const char *program)
{
	static const struct sending_request req = { .dir = "/etc/mfa/senders",
	    .state = "", .senders = "bench", .run_as = "nobody",
	    .to = "+15550100", .extension = "", .code = "123456",
	    .text = "Your code: 123456", .language = "en", .user = "alice",
	    .service = "su", .rhost = "", .host = "", .ttl = 300,
	    .nonce = "00112233445566778899aabbccddeeff", .limit_ms = 5000 };
	struct mfa_sender sender = send_proc(program);
	struct sending_answer a;

	sender.send(sender.ctx, &req, &a);
	must(a.handed_over, a.reason);
	buf_wipe(&a.show);
}

static void
load_only(const char *program)
{
	char name[] = "mfa-send", *const argv[] = { name, NULL };
	char *const env[] = { NULL };
	posix_spawn_file_actions_t null;
	pid_t pid;

	posix_spawn_file_actions_init(&null);
	posix_spawn_file_actions_addopen(&null, 0, "/dev/null", O_RDONLY, 0);
	must(!posix_spawn(&pid, program, &null, NULL, argv, env) &&
	    waitpid(pid, NULL, 0) == pid, "spawn");
	posix_spawn_file_actions_destroy(&null);
}

static double
children_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static void
measure(const char *what, void (*run)(const char *), const char *program)
{
	static double us[ROUNDS];
	double cpu = children_ms();

	for (int i = 0; i < ROUNDS; i++) {
		double t = now_us();

		run(program);
		us[i] = now_us() - t;
	}
	qsort(us, ROUNDS, sizeof(*us), compare);
	printf("| %s | %.1f | %.1f | %.1f |\n", what, us[ROUNDS / 2] / 1e3,
	    us[ROUNDS * 99 / 100] / 1e3, (children_ms() - cpu) / ROUNDS);
}

int
main(int argc, char **argv)
{
	struct rusage children;
	pthread_t thread;
	int listener;

	must(argc == 2, "usage: send PROGRAM");
	write_profile(listen_somewhere(&listener));
	must(!pthread_create(&thread, NULL, provide, &listener), "thread");
	printf("\n| a message, loopback without TLS | p50, ms | p99, ms | "
	    "processor, ms |\n|---|---:|---:|---:|\n");
	measure("the whole call", send_one, argv[1]);
	measure("to load mfa-send alone", load_only, argv[1]);
	getrusage(RUSAGE_CHILDREN, &children);
	printf("\nLargest resident set of mfa-send: %.1f MiB.\n",
	    (double)children.ru_maxrss / 1024);
	return 0;
}
