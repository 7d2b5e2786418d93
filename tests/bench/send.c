/*
 * send PROGRAM: what a message costs beside the provider's time: the whole call
 * of the sender port, with a provider on loopback, without TLS, that answers
 * at once. As root under tests/ns.sh: /etc/mfa/senders/bench.conf is written.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

int
main(int argc, char **argv)
{
	static const struct sending_request req = { .dir = "/etc/mfa/senders",
	    .state = "", .senders = "bench", .run_as = "nobody",
	    .to = "+15550100", .extension = "", .code = "123456",
	    .text = "Your code: 123456", .language = "en", .user = "alice",
	    .service = "su", .rhost = "", .host = "", .ttl = 300,
	    .nonce = "00112233445566778899aabbccddeeff", .limit_ms = 5000 };
	static double us[ROUNDS];
	struct mfa_sender sender;
	struct rusage children;
	pthread_t thread;
	int listener;

	must(argc == 2, "usage: send PROGRAM");
	write_profile(listen_somewhere(&listener));
	must(!pthread_create(&thread, NULL, provide, &listener), "thread");
	sender = send_proc(argv[1]);
	for (int i = 0; i < ROUNDS; i++) {
		struct sending_answer a;
		double t = now_us();

		sender.send(sender.ctx, &req, &a);
		us[i] = now_us() - t;
		if (!a.handed_over)
			fprintf(stderr, "%s\n", a.reason);
		must(a.handed_over, "send");
	}
	qsort(us, ROUNDS, sizeof(*us), compare);
	getrusage(RUSAGE_CHILDREN, &children);
	printf("\n| a message, loopback without TLS | |\n|---|---:|\n"
	    "| p50 | %.1f ms |\n| p99 | %.1f ms |\n"
	    "| largest resident set of mfa-send | %.1f MiB |\n",
	    us[ROUNDS / 2] / 1e3, us[ROUNDS * 99 / 100] / 1e3,
	    (double)children.ru_maxrss / 1024);
	return 0;
}
