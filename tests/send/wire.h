/* A request over the wire: what a server on loopback receives of it. */
#ifndef WIRE_H
#define WIRE_H

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sample.h"

#define REQUEST_MAX 8192

struct request {
	char head[REQUEST_MAX];	/* from the request line on, up to the body */
	const char *body;
};

static int
listen_here(unsigned *ret_port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&in, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	*ret_port = ntohs(in.sin_port);
	return fd;
}

/* Where the body of what was read so far is whole, or NULL. */
static char *
whole_body(char *text)
{
	char *body = strstr(text, "\r\n\r\n"), *len;

	if (body == NULL)
		return NULL;
	body += 4;
	len = strstr(text, "\r\nContent-Length: ");
	if (len == NULL || len > body)
		return strncmp(text, "GET ", 4) ? NULL : body;
	return strlen(body) >= strtoul(len + 18, NULL, 10) ? body : NULL;
}

/* One request, passed on to a pipe, and one answer. */
static void
serve(int listener, int out)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	static char text[REQUEST_MAX];	/* the process ends here */
	int fd = accept(listener, NULL, NULL);
	size_t n = 0;
	ssize_t r;

	while (whole_body(text) == NULL && n < sizeof(text) - 1 &&
	    (r = read(fd, text + n, sizeof(text) - 1 - n)) > 0) {
		n += (size_t)r;
		text[n] = '\0';
	}
	_exit(write(out, text, n) != (ssize_t)n ||
	    write(fd, ok, strlen(ok)) < 0);
}

/* The same path and query, at a server of ours. */
static void
to_loopback(struct http_request *q, unsigned port)
{
	const char *host = strstr(buf_str(&q->url), "//");
	struct buf url = { 0 };

	assert_non_null(host);
	host += 2;
	assert_int_equal(buf_printf(&url, "http://127.0.0.1:%u%s", port,
	    host + strcspn(host, "/")), MFA_OK);
	buf_wipe(&q->url);
	q->url = url;
}

/* What a server receives of this. */
static void
exchange(struct http_request *q, struct request *ret)
{
	struct http_response res;
	int fd[2], status;
	unsigned port;
	int listener = listen_here(&port);
	size_t n = 0;
	ssize_t r;
	pid_t pid;

	assert_int_equal(pipe(fd), 0);
	if ((pid = fork()) == 0)
		serve(listener, fd[1]);
	close(fd[1]);
	close(listener);
	to_loopback(q, port);
	q->connect_ms = q->total_ms = 10000;
	http_exchange(q, &res);
	assert_int_equal(res.status, 200);
	http_response_wipe(&res);
	while ((r = read(fd[0], ret->head + n, REQUEST_MAX - 1 - n)) > 0)
		n += (size_t)r;
	ret->head[n] = '\0';
	close(fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_non_null(ret->body = whole_body(ret->head));
	ret->head[ret->body - ret->head - 1] = '\0';
}

#endif
