/* A program, started and ended without the host process noticing. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "file.h"
#include "os.h"

#define NOT_STARTED 127		/* exit status; the dynamic linker's too */
#define GRACE_MS 100		/* for the keeper to end by itself */
#define PIECE 4096
#define OF_PIDFD ((idtype_t)3)	/* P_PIDFD, which glibc has only since 2.36 */

/* The keeper, and our end of the socket to the program. */
struct keeper {
	int pidfd, sock;
};

/*
 * Not fork(): it would run the host's atfork handlers, and has no say about
 * the exit signal. Only async-signal-safe calls from here to exec.
 */
static pid_t
fork_raw(unsigned long exit_signal, int *ret_pidfd)
{
	return (pid_t)syscall(SYS_clone, CLONE_PIDFD | exit_signal, 0,
	    ret_pidfd, 0, 0);
}

static void
default_signals(void)
{
	/* The kernel's struct, zero for SIG_DFL: libc leaves out two. */
	static const uint64_t dfl[4] = { 0 };
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		syscall(SYS_rt_sigaction, i, dfl, NULL, sizeof(uint64_t));
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Not the host's, which a user may have set; what cannot be had is left. */
static void
default_limits(void)
{
	static const struct { int what; struct rlimit limit; } list[] = {
		{ RLIMIT_CORE, { 0, 0 } },
		{ RLIMIT_NOFILE, { 256, 256 } },
		{ RLIMIT_STACK, { 8 << 20, RLIM_INFINITY } },
		{ RLIMIT_CPU, { RLIM_INFINITY, RLIM_INFINITY } },
		{ RLIMIT_FSIZE, { RLIM_INFINITY, RLIM_INFINITY } },
		{ RLIMIT_DATA, { RLIM_INFINITY, RLIM_INFINITY } },
		{ RLIMIT_AS, { RLIM_INFINITY, RLIM_INFINITY } },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		(void)!setrlimit((__rlimit_resource_t)list[i].what,
		    &list[i].limit);
}

/* Both may be 0, 1 or 2 in a host that closed its own. */
static bool
place_descriptors(int sock, int program)
{
	int s = fcntl(sock, F_DUPFD, 3), p = fcntl(program, F_DUPFD, 3);

	return s >= 0 && p >= 0 && dup2(s, 0) == 0 && dup2(s, 1) == 1 &&
	    dup2(p, 2) == 2 && !close_range(3, ~0U, 0);
}

static _Noreturn void
become_program(const struct child *c, pid_t keeper)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char lang[] = "LANG=C.UTF-8";
	static char *const env[] = { path, lang, NULL };

	/* The keeper may have died before. */
	if (!prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == keeper)
		execveat(2, "", (char *const *)(uintptr_t)c->argv, env,
		    AT_EMPTY_PATH);
	_exit(NOT_STARTED);
}

/* Until the program ended, or the host does not listen any more. */
static int
keep(pid_t child, int pidfd)
{
	struct pollfd p[] = { { pidfd, POLLIN, 0 }, { 0, 0, 0 } };
	int status;

	while (poll(p, 2, -1) < 0 && errno == EINTR)
		;
	kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static _Noreturn void
be_keeper(const struct child *c, int sock, int program)
{
	pid_t self = getpid(), child;
	int pidfd;

	/*
	 * A set-uid host has its user's real uid, with which that user could
	 * kill us. Not by the library, which would ask other threads to follow;
	 * a host that is not root's keeps what it has.
	 */
	syscall(SYS_setresgid, 0, 0, 0);
	syscall(SYS_setresuid, 0, 0, 0);
	default_signals();
	umask(077);
	if (setsid() < 0 || chdir("/") || !place_descriptors(sock, program))
		_exit(NOT_STARTED);
	/* Not before: the host may have more open than is left to the child. */
	default_limits();
	if ((child = fork_raw(SIGCHLD, &pidfd)) < 0)
		_exit(NOT_STARTED);
	if (child == 0)
		become_program(c, self);
	_exit(keep(child, pidfd));
}

/* All signals wait meanwhile: a handler of the host's is not for the child. */
static int
fork_keeper(const struct child *c, int sock, int program)
{
	sigset_t all, old;
	int pidfd = -1;
	pid_t pid;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if ((pid = fork_raw(0, &pidfd)) == 0)
		be_keeper(c, sock, program);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return pid > 0 ? pidfd : -1;
}

static enum mfa_err
start(const struct child *c, struct keeper *ret, struct mfa_why *why)
{
	static const struct file_dir root = { AT_FDCWD, "" };
	static const struct file_rule rule = { .owner = 0, .mode = 0755 };
	enum mfa_err r;
	int pair[2], program, pidfd = -1;

	if ((r = file_above(c->path, why)) ||
	    (r = file_open(&root, c->path, &rule, &program, why)))
		return r;
	if (!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
		if ((pidfd = fork_keeper(c, pair[1], program)) < 0)
			close(pair[0]);
		close(pair[1]);
	}
	close(program);
	if (pidfd < 0)
		return mfa_fail(why, MFA_EIO, "cannot start %s: %m", c->path);
	*ret = (struct keeper){ pidfd, pair[0] };
	return MFA_OK;
}

/* Hangs up and waits; the exit status, -1 if there is none to be had. */
static int
end(const struct keeper *k)
{
	struct pollfd p = { k->pidfd, POLLIN, 0 };
	siginfo_t info = { 0 };
	int r;

	shutdown(k->sock, SHUT_RDWR);
	close(k->sock);
	/* It is killed as well after a signal of the host's: that is enough. */
	if (poll(&p, 1, GRACE_MS) != 1)
		syscall(SYS_pidfd_send_signal, k->pidfd, SIGKILL, NULL, 0);
	do
		r = waitid(OF_PIDFD, (id_t)k->pidfd, &info, WEXITED | __WALL);
	while (r && errno == EINTR);
	close(k->pidfd);
	return !r && info.si_code == CLD_EXITED ? info.si_status : -1;
}

/* Some more of the answer: MFA_OK: it is whole; MFA_ENOENT: it is not yet. */
static enum mfa_err
pull(const struct child *c, int sock, struct buf *in)
{
	enum mfa_err r;
	ssize_t n;

	if ((r = buf_reserve(in, in->len + PIECE)))
		return r;
	n = recv(sock, in->data + in->len, PIECE, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return MFA_ENOENT;
	if (n <= 0)
		return MFA_EIO;
	in->len += (size_t)n;
	in->data[in->len] = '\0';
	return c->whole(in);
}

/* MFA_ETIME; MFA_EIO: it hung up; MFA_ESYNTAX, MFA_ERANGE, MFA_ENOMEM. */
static enum mfa_err
talk(const struct child *c, int sock, const struct buf *out, struct buf *in)
{
	int64_t until = os_boot_ms() + c->limit_ms;
	size_t sent = 0;
	int64_t left;

	while ((left = until - os_boot_ms()) > 0) {
		struct pollfd p = { sock, POLLIN, 0 };
		enum mfa_err r;
		ssize_t n = 0;

		if (sent < out->len)
			p.events |= POLLOUT;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		if (p.revents & POLLOUT)
			n = send(sock, out->data + sent, out->len - sent,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			sent += (size_t)n;
		if (p.revents & ~POLLOUT &&
		    (r = pull(c, sock, in)) != MFA_ENOENT)
			return r;
	}
	return MFA_ETIME;
}

enum mfa_err
child_run(const struct child *c, const struct buf *out, struct buf *ret,
    bool *ret_started, struct mfa_why *why)
{
	struct keeper k = { -1, -1 };
	enum mfa_err r;

	*ret_started = false;
	if ((r = start(c, &k, why)))
		return r;
	r = talk(c, k.sock, out, ret);
	*ret_started = end(&k) != NOT_STARTED || r != MFA_EIO;
	if (!*ret_started)
		return mfa_fail(why, r, "%s cannot be run: see whether its "
		    "libraries are there", c->argv[0]);
	if (r == MFA_ETIME)
		return mfa_fail(why, r, "%s gave no answer in time",
		    c->argv[0]);
	if (r == MFA_EIO)
		return mfa_fail(why, r, "%s ended without answer",
		    c->argv[0]);
	return r ? mfa_fail(why, r, "%s gave no valid answer", c->argv[0]) : r;
}
