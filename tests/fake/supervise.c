#include "supervise.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pamhost.h"

struct supervised *
supervise_new(size_t size)
{
	struct supervised *s = mmap(NULL, sizeof(*s) + size,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	pamhost_must(s != MAP_FAILED, "mmap");
	s->ctx = s + 1;
	return s;
}

void
supervise_begin(struct supervised *s)
{
	struct sock_filter all = BPF_STMT(BPF_RET | BPF_K,
	    SECCOMP_RET_USER_NOTIF);
	struct sock_fprog prog = { 1, &all };
	int fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);

	/* No call may stand between: it would wait for the listener. */
	atomic_store(&s->listener, fd >= 0 ? fd : -errno);
}

/* The parent's own descriptor of the listener; -1 if the child is gone. */
static int
listen_to(struct supervised *s, pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), fd;

	pamhost_must(pidfd >= 0, "pidfd_open");
	while (!(fd = atomic_load(&s->listener))) {
		if (poll(&(struct pollfd){ pidfd, POLLIN, 0 }, 1, 0) > 0)
			break;
		sched_yield();
	}
	if (fd > 0) {
		fd = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
		pamhost_must(fd >= 0, "pidfd_getfd");
	} else {
		errno = -fd;
		pamhost_must(fd == 0, "seccomp");
		fd = -1;
	}
	close(pidfd);
	return fd;
}

bool
supervise_is_rename(int nr)
{
	return nr == SYS_renameat2 ||
#ifdef SYS_rename
	    nr == SYS_rename ||
#endif
#ifdef SYS_renameat
	    nr == SYS_renameat ||
#endif
	    false;
}

/*
 * What the kernel cannot refuse; a break, which is an address; and a futex,
 * whose impossible errors end the process in the C library.
 */
bool
supervise_can_fail(int nr)
{
	static const int never[] = { SYS_exit, SYS_exit_group, SYS_brk,
	    SYS_futex, SYS_getpid, SYS_gettid, SYS_getuid, SYS_geteuid,
	    SYS_getgid, SYS_getegid, SYS_umask, SYS_rt_sigreturn };

	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		if (nr == never[i])
			return false;
	return true;
}

int
supervise_before_audit(const struct supervised *s)
{
	for (int i = 0; i < s->calls && i < SUPERVISE_CALLS; i++)
		if (s->nr[i] == SYS_socket && (s->arg[i] & 0xf) == SOCK_RAW)
			return i;
	return s->calls;
}

/* One call: counted, and let go, failed or made the last. */
static void
one_call(struct supervised *s, pid_t pid, int fd)
{
	struct seccomp_notif req = {0};
	struct seccomp_notif_resp resp = {0};
	bool counts;

	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &req) != 0)
		return;
	resp.id = req.id;
	resp.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	counts = !s->alone || (pid_t)req.pid == pid;
	if (counts && s->calls < SUPERVISE_CALLS) {
		s->nr[s->calls] = req.data.nr;
		s->arg[s->calls] = req.data.args[1];
	}
	s->calls += counts;
	if (counts && s->calls == s->at && s->error == SUPERVISE_KILL) {
		kill(pid, SIGKILL);
		/* Another process of its goes on. */
		if ((pid_t)req.pid == pid)
			return;
	} else if (counts && s->calls == s->at &&
	    supervise_can_fail(req.data.nr)) {
		resp.flags = 0;
		resp.error = -s->error;
	}
	(void)ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &resp);
}

static void
watch(struct supervised *s, pid_t pid)
{
	int fd = listen_to(s, pid);

	while (fd >= 0) {
		struct pollfd p = { fd, POLLIN, 0 };
		int n = poll(&p, 1, 10000);

		if (n == 0) {
			s->hung = 1;
			kill(pid, SIGKILL);
		} else if (p.revents & POLLIN) {
			one_call(s, pid, fd);
		} else {
			close(fd);
			fd = -1;
		}
	}
}

void
supervise(struct supervised *s)
{
	pid_t pid;

	s->calls = s->hung = 0;
	atomic_store(&s->listener, 0);
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(s->run(s));
	}
	watch(s, pid);
	pamhost_must(waitpid(pid, &s->status, 0) == pid, "waitpid");
}

int
supervise_every(struct supervised *s, const struct supervise_plan *plan,
    int (*one)(struct supervised *, int at, int error), int *ret_runs)
{
	static int nr[SUPERVISE_CALLS];
	int bad = 0;

	memcpy(nr, s->nr, sizeof(nr));
	*ret_runs = 0;
	for (int at = plan->first; at <= plan->last; at += plan->every)
		for (size_t i = 0; i < plan->errors; i++) {
			if (plan->error[i] != SUPERVISE_KILL &&
			    !supervise_can_fail(nr[at - 1]))
				continue;
			bad += one(s, at, plan->error[i]);
			++*ret_runs;
		}
	return bad;
}

const char *
supervise_fate(const struct supervised *s)
{
	if (s->hung)
		return "hung";
	return s->error != SUPERVISE_KILL && !WIFEXITED(s->status) ?
	    "crashed" : NULL;
}

const char *
supervise_where(const struct supervised *s, char dst[static SUPERVISE_WHERE])
{
	snprintf(dst, SUPERVISE_WHERE, "call %d (nr %d), %s", s->at,
	    s->at > 0 && s->at <= s->calls ? s->nr[s->at - 1] : -1,
	    s->error == SUPERVISE_KILL ? "killed" : strerror(s->error));
	return dst;
}

int
supervise_first_of_mfactl(const struct supervised *s)
{
	int i = 0;

	while (i < s->calls && s->nr[i] != SYS_fcntl)
		i++;
	return i + 1;
}
