/* The world around mfa-send. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../pam_mfa/sys/file.h"
#include "../../send/http.h"
#include "../../send/program.h"
#include "../../send/sandbox.h"
#include "world.h"

#define PARTS_MAX 32
#define LATE_MS 3000
#define UNIX_TIME 1700000000

struct part {
	char *text;		/* the first line and the content */
	const char *content;	/* in it */
	bool used;
	int fd;			/* of a file that is kept open; -1 = none */
};

static struct {
	struct part part[PARTS_MAX];
	size_t n;
	const struct part *exchange;	/* the one that goes on */
	int far;			/* the provider's end; -1 = none */
	struct sockaddr_in addr;
	unsigned asked, secrets;
	int64_t now_ms;
	bool on;
	bool entered;			/* the sandbox */
} w;

enum mfa_err __wrap_file_dir(const char *, const struct file_rule *,
    struct file_dir *, struct mfa_why *);
enum mfa_err __wrap_file_open(const struct file_dir *, const char *,
    const struct file_rule *, int *, struct mfa_why *);
enum mfa_err __wrap_file_read(const struct file_dir *, const char *,
    const struct file_rule *, struct buf *, struct mfa_why *);
enum mfa_err __wrap_file_lock(const struct file_dir *, const char *,
    const struct file_rule *, int, int *, struct mfa_why *);
enum mfa_err __wrap_program_run(const struct program_call *,
    struct program_end *, struct mfa_why *);
enum mfa_err __wrap_sandbox_account(const char *, struct sandbox *,
    struct mfa_why *);
enum mfa_err __wrap_sandbox_enter(const struct sandbox *, struct mfa_why *);
uid_t __wrap_geteuid(void);
time_t __wrap_time(time_t *);
int __wrap_clock_gettime(clockid_t, struct timespec *);
int __real_clock_gettime(clockid_t, struct timespec *);
int __wrap_socket(int, int, int);
void __wrap_http_exchange(const struct http_request *, struct http_response *);
void __real_http_exchange(const struct http_request *, struct http_response *);
CURLcode __wrap_curl_easy_setopt(CURL *, CURLoption, void *);
CURLcode __real_curl_easy_setopt(CURL *, CURLoption, ...);

void
world_new(struct fuzz_input *in)
{
	w.far = -1;
	w.now_ms = 1000;
	w.on = true;
	while (in->left > 0 && w.n < PARTS_MAX) {
		struct part *p = &w.part[w.n++];
		char *end;

		p->text = fuzz_part(in, "\n%%\n");
		p->fd = -1;
		if ((end = strchr(p->text, '\n')) != NULL)
			*end++ = '\0';
		p->content = end != NULL ? end : "";
	}
}

void
world_end(void)
{
	for (size_t i = 0; i < w.n; i++) {
		free(w.part[i].text);
		if (w.part[i].fd >= 0)
			close(w.part[i].fd);
	}
	memset(&w, 0, sizeof(w));
}

void
world_login(void)
{
	w.asked = w.secrets = 0;
	w.entered = false;
}

int64_t
world_now(void)
{
	return w.now_ms;
}

unsigned
world_asked(void)
{
	return w.asked;
}

unsigned
world_secrets(void)
{
	return w.secrets;
}

static struct part *
file_at(const struct file_dir *dir, const char *name)
{
	char path[512];

	fuzz_must(!w.entered);
	snprintf(path, sizeof(path), "file %s%s%s", dir->path,
	    *dir->path ? "/" : "", name);
	for (size_t i = 0; i < w.n; i++)
		if (!strcmp(w.part[i].text, path))
			return &w.part[i];
	return NULL;
}

/* The next part of this kind that was not used yet. */
static struct part *
next(const char *kind)
{
	fuzz_must(w.entered);
	w.asked++;
	for (size_t i = 0; i < w.n; i++) {
		struct part *p = &w.part[i];

		if (p->used || strncmp(p->text, kind, strlen(kind)))
			continue;
		p->used = true;
		if (strstr(p->text, " late"))
			w.now_ms += LATE_MS;
		return p;
	}
	return NULL;
}

enum mfa_err
__wrap_file_dir(const char *path, const struct file_rule *rule,
    struct file_dir *ret, struct mfa_why *why)
{
	(void)rule;
	if (*path != '/')
		return mfa_fail(why, MFA_EPERM, "no absolute path");
	*ret = (struct file_dir){ open("/dev/null", O_RDONLY), path };
	return MFA_OK;
}

enum mfa_err
__wrap_file_open(const struct file_dir *dir, const char *name,
    const struct file_rule *rule, int *ret_fd, struct mfa_why *why)
{
	(void)rule;
	if (file_at(dir, name) == NULL)
		return mfa_fail(why, MFA_ENOENT, "no such file");
	*ret_fd = open("/dev/null", O_RDONLY);
	return MFA_OK;
}

enum mfa_err
__wrap_file_read(const struct file_dir *dir, const char *name,
    const struct file_rule *rule, struct buf *ret, struct mfa_why *why)
{
	const struct part *p = file_at(dir, name);

	if (p == NULL)
		return mfa_fail(why, MFA_ENOENT, "no such file");
	if (strlen(p->content) > rule->max)
		return mfa_fail(why, MFA_EPERM, "too large");
	if (rule->mode != 0600)
		return buf_puts(ret, p->content);
	w.secrets++;
	return buf_puts(ret, WORLD_SECRET "\n");
}

/* Its content stays for whoever locks it next. */
enum mfa_err
__wrap_file_lock(const struct file_dir *dir, const char *name,
    const struct file_rule *rule, int wait_ms, int *ret_fd,
    struct mfa_why *why)
{
	struct part *p = file_at(dir, name);
	ssize_t len;

	(void)rule;
	(void)wait_ms;
	if (p == NULL)
		return mfa_fail(why, MFA_EBUSY, "somebody has it");
	if (p->fd < 0) {
		p->fd = memfd_create("token", MFD_CLOEXEC);
		len = (ssize_t)strlen(p->content);
		fuzz_must(write(p->fd, p->content, (size_t)len) == len);
	}
	*ret_fd = dup(p->fd);
	return MFA_OK;
}

enum mfa_err
__wrap_program_run(const struct program_call *call, struct program_end *ret,
    struct mfa_why *why)
{
	const struct part *p = next("exec");

	fuzz_must(*call->path == '/' && call->in->len > 0);
	fuzz_must(call->until >= w.now_ms - LATE_MS);
	if (p == NULL || strstr(p->text, " none"))
		return mfa_fail(why, MFA_ENOENT, "%.200s: cannot run: gone",
		    call->path);
	ret->status = (atoi(p->text + 4) & 0xff) << 8;
	if (strstr(p->text, " late"))
		return MFA_ETIME;
	return strstr(p->text, " long") ? MFA_ERANGE :
	    buf_puts(&ret->out, p->content);
}

enum mfa_err
__wrap_sandbox_account(const char *name, struct sandbox *ret,
    struct mfa_why *why)
{
	ret->uid = ret->gid = 1;
	return !strcmp(name, "root") ? mfa_fail(why, MFA_EPERM, "root's") :
	    MFA_OK;
}

enum mfa_err
__wrap_sandbox_enter(const struct sandbox *box, struct mfa_why *why)
{
	(void)why;
	fuzz_must(box->uid != 0 && box->gid != 0);
	w.entered = true;
	return MFA_OK;
}

uid_t
__wrap_geteuid(void)
{
	return 0;
}

time_t
__wrap_time(time_t *ret)
{
	time_t now = UNIX_TIME + w.now_ms / 1000;

	if (ret != NULL)
		*ret = now;
	return now;
}

int
__wrap_clock_gettime(clockid_t clock, struct timespec *ret)
{
	if (!w.on)
		return __real_clock_gettime(clock, ret);
	*ret = (struct timespec){ w.now_ms / 1000,
	    w.now_ms % 1000 * 1000000 };
	return 0;
}

/* libcurl's, too: a name has the address of the exchange that goes on. */
int
getaddrinfo(const char *name, const char *service,
    const struct addrinfo *hints, struct addrinfo **ret)
{
	static struct addrinfo found;

	(void)name;
	(void)hints;
	w.addr.sin_port = htons((uint16_t)atoi(service ? service : "80"));
	found = (struct addrinfo){ .ai_family = AF_INET,
	    .ai_socktype = SOCK_STREAM, .ai_addrlen = sizeof(w.addr),
	    .ai_addr = (struct sockaddr *)&w.addr };
	*ret = &found;
	return 0;
}

void
freeaddrinfo(struct addrinfo *ai)
{
	(void)ai;
}

/* Connected already, and the answer is in it, and an end behind that. */
int
__wrap_socket(int family, int type, int protocol)
{
	const char *answer = w.exchange != NULL ? w.exchange->content : "";
	ssize_t len = (ssize_t)strlen(answer);
	int fd[2];

	(void)family;
	(void)type;
	(void)protocol;
	if (w.exchange == NULL || strstr(w.exchange->text, " down") ||
	    w.far >= 0)
		return -1;
	fuzz_must(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd));
	fuzz_must(send(fd[1], answer, (size_t)len, MSG_DONTWAIT) == len);
	fuzz_must(!shutdown(fd[1], SHUT_WR));
	w.far = fd[1];
	return fd[0];
}

/* libcurl's, too. */
int
connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	return w.far >= 0 ? 0 : (int)syscall(SYS_connect, fd, addr, len);
}

/* Not TLS, so that answers are read, unless the script wants none. */
CURLcode
__wrap_curl_easy_setopt(CURL *c, CURLoption what, void *value)
{
	const char *url = value;
	struct buf plain = { 0 };
	CURLcode r;

	if (what != CURLOPT_URL || strncmp(url, "https:", 6) ||
	    (w.exchange != NULL && strstr(w.exchange->text, " tls")))
		return __real_curl_easy_setopt(c, what, value);
	fuzz_must(!buf_puts(&plain, "http:") && !buf_puts(&plain, url + 6));
	r = __real_curl_easy_setopt(c, what, buf_str(&plain));
	buf_wipe(&plain);
	return r;
}

/* One request, and nothing behind it, whatever values stand in it. */
static void
is_one(const char *sent)
{
	const char *end = strstr(sent, "\r\n\r\n");
	const char *length = strcasestr(sent, "\r\nContent-Length: ");
	size_t n = 0;

	if (end == NULL)
		return;
	if (length != NULL && length < end)
		n = strtoul(length + strlen("\r\nContent-Length: "), NULL, 10);
	fuzz_must(strlen(end + 4) <= n);
}

static void
listen_to(int fd)
{
	struct buf sent = { 0 };
	char bytes[1024];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		fuzz_must(!buf_put(&sent, bytes, (size_t)n));
	if (!strstr(w.exchange->text, " tls"))
		is_one(buf_str(&sent));
	close(fd);
	buf_wipe(&sent);
}

/* In front of http_exchange: which part it is. */
static void
begin(void)
{
	const char *addr;

	w.exchange = next("http");
	w.addr = (struct sockaddr_in){ .sin_family = AF_INET };
	addr = w.exchange != NULL ? strrchr(w.exchange->text, ' ') : NULL;
	if (addr == NULL || inet_pton(AF_INET, addr + 1,
	    &w.addr.sin_addr) != 1)
		w.addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

void
__wrap_http_exchange(const struct http_request *req, struct http_response *ret)
{
	begin();
	__real_http_exchange(req, ret);
	if (w.far >= 0)
		listen_to(w.far);
	w.far = -1;
	w.exchange = NULL;
}
