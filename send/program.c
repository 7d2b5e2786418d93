/* A program: started, fed, listened to, and ended. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "program.h"

#define PIECE 4096

struct program {
	pid_t pid;
	int pidfd, in, out;	/* our ends; -1 = closed */
};

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
	return b->len > PROGRAM_ANSWER_MAX ? MFA_ERANGE : MFA_OK;
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

enum mfa_err
program_run(const struct program_call *call, struct program_end *ret,
    struct mfa_why *why)
{
	struct program p;
	enum mfa_err r;
	int error = start(call->path, &p);

	if (error)
		return mfa_fail(why, MFA_ENOENT, "%.200s: cannot run: %s",
		    call->path, strerror(error));
	r = talk(&p, call->in, call->until, &ret->out);
	ret->status = finish(&p);
	return r;
}
