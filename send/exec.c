/* A sender that is a program. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/file.h"
#include "clock.h"
#include "exec.h"

#define PIECE 4096

struct program {
	pid_t pid;
	int pidfd, in, out;	/* our ends; -1 = closed */
};

static const struct file_dir root = { AT_FDCWD, "" };

enum mfa_err
exec_check(const char *path, struct mfa_why *why)
{
	static const struct file_rule file = { .owner = 0, .mode = 0755 };
	enum mfa_err r;
	int fd;

	if (*path != '/')
		return mfa_fail(why, MFA_EPERM, "%.200s: a program needs an "
		    "absolute path", path);
	if ((r = file_above(path, why)) ||
	    (r = file_open(&root, path, &file, &fd, why)))
		return r;
	close(fd);
	return MFA_OK;
}

enum mfa_err
exec_json(const struct sending_request *q, struct buf *ret)
{
	json_t *j = json_pack("{s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,"
	    "s:s,s:s,s:I}", "v", 1, "op", "send", "kind",
	    sending_kind_name(q->kind), "to", q->to, "extension", q->extension,
	    "text", q->text, "code", q->code, "lang", q->language, "user",
	    q->user, "service", q->service, "rhost", q->rhost, "host", q->host,
	    "nonce", q->nonce, "ttl", (json_int_t)q->ttl);
	char *text = j != NULL ? json_dumps(j, JSON_COMPACT) : NULL;
	enum mfa_err r = MFA_ERANGE;

	if (text != NULL) {
		r = buf_puts(ret, text);
		mfa_wipe(text, strlen(text));
		free(text);
	}
	json_decref(j);
	return r;
}

static _Noreturn void
become(const char *path, int in, int out, volatile int *ret_errno)
{
	static char lang[] = "LANG=C.UTF-8", v1[] = "v1";
	static char search[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const argv[] = { (char *)(uintptr_t)path, v1, NULL };
	char *const env[] = { search, lang, NULL };

	if (signal(SIGPIPE, SIG_DFL) != SIG_ERR && setsid() >= 0 &&
	    !prctl(PR_SET_PDEATHSIG, SIGKILL) && dup2(in, 0) == 0 &&
	    dup2(out, 1) == 1)
		execve(path, argv, env);
	*ret_errno = errno;
	_exit(127);
}

/* vfork, so that the reason why exec failed comes back. errno. */
static int
spawn(const char *path, int in, int out, pid_t *ret)
{
	volatile int error = 0;
	pid_t pid = vfork();

	if (pid == 0)
		become(path, in, out, &error);
	if (pid < 0)
		return errno;
	if (error)
		waitpid(pid, NULL, 0);
	*ret = pid;
	return error;
}

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
start(const char *path, struct program *ret)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, error;
	struct program p = { -1, -1, -1, -1 };

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		error = errno;
	else
		error = spawn(path, in[0], out[1], &p.pid);
	shut(&in[0]);
	shut(&out[1]);
	p.in = in[1];
	p.out = out[0];
	if (!error) {
		p.pidfd = (int)syscall(SYS_pidfd_open, p.pid, 0);
		fcntl(p.in, F_SETFL, O_NONBLOCK);
		fcntl(p.out, F_SETFL, O_NONBLOCK);
		*ret = p;
	} else {
		shut(&p.in);
		shut(&p.out);
	}
	return error;
}

static void
push(struct program *p, const struct buf *b, size_t *done)
{
	ssize_t n = write(p->in, b->data + *done, b->len - *done);

	if (n > 0)
		*done += (size_t)n;
	if (*done == b->len || (n < 0 && errno != EAGAIN && errno != EINTR))
		shut(&p->in);
}

/* MFA_OK: there may be more. MFA_ENOENT: that was all. */
static enum mfa_err
pull(struct program *p, struct buf *b)
{
	enum mfa_err r;
	ssize_t n;

	if ((r = buf_reserve(b, b->len + PIECE)))
		return r;
	n = read(p->out, b->data + b->len, PIECE);
	if (n < 0 && errno == EINTR)
		return MFA_OK;
	if (n <= 0) {
		if (n < 0 && errno == EAGAIN)
			return MFA_EBUSY;
		shut(&p->out);
		return MFA_ENOENT;
	}
	b->len += (size_t)n;
	b->data[b->len] = '\0';
	return b->len > EXEC_ANSWER_MAX ? MFA_ERANGE : MFA_OK;
}

/*
 * Until the program has ended; what it left running may still hold its output,
 * so that the end of that is not waited for. MFA_ETIME, MFA_ERANGE.
 */
static enum mfa_err
talk(struct program *p, const struct buf *in, int64_t until, struct buf *out)
{
	size_t done = 0;
	enum mfa_err r = MFA_OK;
	int64_t left;

	while ((left = until - clock_ms()) > 0) {
		struct pollfd f[] = { { p->pidfd, POLLIN, 0 },
		    { p->out, POLLIN, 0 }, { p->in, POLLOUT, 0 } };

		if (poll(f, 3, (int)left) <= 0)
			continue;
		if (f[2].revents)
			push(p, in, &done);
		if (f[1].revents || f[0].revents)
			do
				r = p->out < 0 ? MFA_ENOENT : pull(p, out);
			while (!r);
		if (r == MFA_ERANGE || r == MFA_ENOMEM)
			return r;
		if (f[0].revents)
			return MFA_OK;
	}
	return MFA_ETIME;
}

/* Nobody of its process group stays. */
static int
finish(struct program *p)
{
	int status = -1;

	kill(-p->pid, SIGKILL);
	kill(p->pid, SIGKILL);
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		;
	shut(&p->pidfd);
	shut(&p->in);
	shut(&p->out);
	return status;
}

static void
fail(struct sending_answer *ret, enum sending_class class, const char *reason)
{
	ret->class = class;
	text_clean(ret->reason, sizeof(ret->reason), reason);
}

static enum sending_class
class_of(const char *word)
{
	int c = SENDING_TRANSIENT;

	while (c < SENDING_UNKNOWN && (word == NULL ||
	    strcmp(word, sending_class_name((enum sending_class)c))))
		c++;
	return (enum sending_class)c;
}

static void
judge(const struct buf *out, struct sending_answer *ret)
{
	const char *status = "", *id = "", *class = NULL, *detail = "";
	json_t *j = json_loadb(buf_str(out), out->len, JSON_REJECT_DUPLICATES,
	    NULL);
	json_int_t wait = 0;

	if (json_unpack(j, "{s:s,s?s,s?s,s?s,s?I}", "status", &status, "id",
	    &id, "class", &class, "detail", &detail, "retry_after", &wait))
		fail(ret, SENDING_UNKNOWN, "the program's answer is not the "
		    "JSON object that is asked for");
	else if (!strcmp(status, "sent"))
		ret->handed_over = true;
	else if (!strcmp(status, "failed"))
		fail(ret, class_of(class), detail);
	else
		fail(ret, SENDING_UNKNOWN, "the program's \"status\" is "
		    "neither \"sent\" nor \"failed\"");
	text_clean(ret->id, sizeof(ret->id), id);
	if (wait > 0 && wait <= UINT32_MAX)
		ret->retry_after = (uint32_t)wait;
	json_decref(j);
}

static void
conclude(enum mfa_err r, int status, const struct buf *out,
    struct sending_answer *ret)
{
	if (r == MFA_ETIME)
		fail(ret, SENDING_UNKNOWN, "the program did not end in time");
	else if (r)
		fail(ret, SENDING_UNKNOWN, "the program says too much");
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 75)
		fail(ret, SENDING_TRANSIENT, "the program asks to try later");
	else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail(ret, SENDING_UNKNOWN, "the program failed");
	else
		judge(out, ret);
}

void
exec_send(const char *path, const struct sending_request *req,
    unsigned limit_ms, struct sending_answer *ret)
{
	int64_t until = clock_ms() + limit_ms;
	struct buf in = { 0 }, out = { 0 };
	struct program p;
	enum mfa_err r;
	int error;

	if (exec_json(req, &in)) {
		fail(ret, SENDING_PERMANENT, "a value is no UTF-8");
	} else if ((error = start(path, &p))) {
		snprintf(ret->reason, sizeof(ret->reason), "%.200s: cannot "
		    "run: %s", path, strerror(error));
		ret->class = SENDING_CONFIG;
	} else {
		r = talk(&p, &in, until, &out);
		conclude(r, finish(&p), &out, ret);
	}
	buf_wipe(&in);
	buf_wipe(&out);
}
