/*
 * Every system call of the sender port, its keeper and mfa-send, one run for
 * each: it fails, or it is the host process's last. Whatever happens: the host
 * gets an answer and hangs never; a message that reached the provider is never
 * called definitely not sent, one that did not is never called handed over;
 * nothing is sent twice, or as root.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../pam_mfa/sys/send_proc.h"
#include "../fake/pamhost.h"
#include "../fake/supervise.h"
#include "../fake/tap.h"

#define SENDER_UID 20000	/* u0 of the test host */
#define LIMIT_MS 400		/* with a fault: it may have to be waited for */
#define PLENTY_MS 20000		/* without: however busy the machine is */

static const int faults[] = { SUPERVISE_KILL, EINTR, EPERM };
#define FAULTS (sizeof(faults) / sizeof(*faults))

static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
    "Connection: close\r\n\r\n{}";

/* What the provider saw. */
static atomic_int requests, as_other;

/* Shared with the child. */
struct message {
	char program[512], dir[512];
	in_port_t port;
	bool answered;
	struct sending_answer answer;
};

/* The uid that owns the peer's end on loopback; -1: it is closed by now. */
static long
peer_uid(int c)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);
	char line[512];
	unsigned port, uid, inode;
	long found = -1;
	FILE *f = fopen("/proc/net/tcp", "re");

	pamhost_must(f && !getpeername(c, (struct sockaddr *)&a, &len), "peer");
	while (found < 0 && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, " %*d: %*8x:%x %*8x:%*x %*x %*x:%*x %*x:%*x "
		    "%*x %u %*u %u", &port, &uid, &inode) == 3 &&
		    port == ntohs(a.sin_port) && inode != 0)
			found = uid;
	fclose(f);
	return found;
}

static void *
provide(void *ctx)
{
	int listener = *(int *)ctx;
	char in[2048];

	for (;;) {
		int c = accept(listener, NULL, NULL);
		long uid = peer_uid(c);
		ssize_t n = recv(c, in, sizeof(in), 0);

		if (n > 0 && *in != '?')
			atomic_fetch_add(&requests, 1);
		if (n > 0 && *in != '?' && uid >= 0 && uid != SENDER_UID)
			atomic_fetch_add(&as_other, 1);
		if (n > 0)
			(void)!send(c, reply, sizeof(reply) - 1, MSG_NOSIGNAL);
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

	*ret_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pamhost_must(*ret_fd >= 0 && !bind(*ret_fd, (struct sockaddr *)&a,
	    len) && !listen(*ret_fd, 64) &&
	    !getsockname(*ret_fd, (struct sockaddr *)&a, &len), "listen");
	return ntohs(a.sin_port);
}

/* Everybody who came before has been seen when this is answered. */
static void
catch_up(in_port_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char in[sizeof(reply)];
	int c = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	pamhost_must(c >= 0 && !connect(c, (struct sockaddr *)&a, sizeof(a)) &&
	    send(c, "?", 1, MSG_NOSIGNAL) == 1 && recv(c, in, sizeof(in),
	    0) > 0,
	    "provider");
	close(c);
}

static int
run(struct supervised *s)
{
	struct message *m = s->ctx;
	const struct sending_request req = { .dir = m->dir, .state = "",
	    .senders = "fault", .run_as = "u0", .to = "+15550100",
	    .extension = "", .code = "123456", .text = "Your code: 123456",
	    .language = "en", .user = "u0", .service = "su", .rhost = "",
	    .host = "", .nonce = "00112233445566778899aabbccddeeff",
	    .ttl = 300, .limit_ms = s->at > 0 ? LIMIT_MS : PLENTY_MS };
	struct mfa_sender port = send_proc(m->program);

	supervise_begin(s);
	port.send(port.ctx, &req, &m->answer);
	m->answered = true;
	return 0;
}

static int
bad(const struct supervised *s, const char *what)
{
	int i = s->at - 1;
	const struct message *m = s->ctx;

	tap_note("call %d (number %d), error %d: %s: %s %s", s->at,
	    i >= 0 && i < SUPERVISE_CALLS ? s->nr[i] : -1, s->error, what,
	    m->answer.handed_over ? "handed over" :
	    sending_class_name(m->answer.class), m->answer.reason);
	return 1;
}

static int
one(struct supervised *s, int at, int error)
{
	struct message *m = s->ctx;
	int n = 0, seen;

	atomic_store(&requests, 0);
	atomic_store(&as_other, 0);
	m->answered = false;
	m->answer = (struct sending_answer){ 0 };
	s->run = run;
	s->at = at;
	s->error = error;
	supervise(s);
	catch_up(m->port);
	seen = atomic_load(&requests);
	if (s->hung)
		n += bad(s, "hung");
	if (atomic_load(&as_other))
		n += bad(s, "sent as somebody else");
	if (seen > 1)
		n += bad(s, "sent twice");
	if (error == SUPERVISE_KILL && at > 0)
		return n;
	if (!m->answered || !WIFEXITED(s->status))
		return n + bad(s, "no answer");
	if (m->answer.handed_over && !seen)
		n += bad(s, "handed over to nobody");
	if (!m->answer.handed_over && seen &&
	    m->answer.class != SENDING_UNKNOWN)
		n += bad(s, "sent, and said not to be");
	return n;
}

int
main(void)
{
	struct supervised *s = supervise_new(sizeof(struct message));
	struct message *m = s->ctx;
	pthread_t thread;
	int listener, calls, n = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	pamhost_enter(1, 0);
	pamhost_must(getcwd(m->dir, sizeof(m->dir)) != NULL, "getcwd");
	pamhost_build("mfa-send", m->program, sizeof(m->program));
	m->port = (in_port_t)listen_somewhere(&listener);
	pamhost_write("fault.conf", 0644, "[sms]\nurl = http://127.0.0.1:%u/\n"
	    "text = {text}\nok_status = 200\n", m->port);
	pamhost_must(!pthread_create(&thread, NULL, provide, &listener),
	    "thread");
	n = one(s, 0, 0);
	calls = s->calls;
	tap_ok(!n && m->answer.handed_over, "a message without faults");
	for (int at = 1; at <= calls; at++)
		for (size_t i = 0; i < FAULTS; i++)
			n += one(s, at, faults[i]);
	tap_ok(!n, "AT-45: %d system calls of a message, each failing %zu "
	    "ways and the host's last", calls, FAULTS - 1);
	return tap_done();
}
