/* Giving up root, and the rest. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sandbox.h"

enum mfa_err
sandbox_account(const char *name, struct sandbox *ret, struct mfa_why *why)
{
	const struct passwd *pw = getpwnam(name);

	if (pw == NULL)
		return mfa_fail(why, MFA_ENOENT, "there is no account \"%s\" "
		    "to send as: useradd --system --shell /usr/sbin/nologin "
		    "%s", name, name);
	if (pw->pw_uid == 0 || pw->pw_gid == 0)
		return mfa_fail(why, MFA_EPERM, "account \"%s\" is root's: "
		    "send as one that has no rights", name);
	ret->uid = pw->pw_uid;
	ret->gid = pw->pw_gid;
	return MFA_OK;
}

static bool
change_user(uid_t uid, gid_t gid)
{
	uid_t u[3];
	gid_t g[3];

	if (setgroups(0, NULL) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid) || getresuid(&u[0], &u[1], &u[2]) ||
	    getresgid(&g[0], &g[1], &g[2]) || getgroups(0, NULL) != 0)
		return false;
	for (int i = 0; i < 3; i++)
		if (u[i] != uid || g[i] != gid)
			return false;
	return setresuid(0, 0, 0) < 0 && setresgid(0, 0, 0) < 0;
}

/* Not over what the host process may: to raise it takes rights. */
static bool
limit_one(int what, rlim_t max)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)what, &now))
		return false;
	if (now.rlim_max < max)
		max = now.rlim_max;
	return !setrlimit((__rlimit_resource_t)what,
	    &(struct rlimit){ max, max });
}

/* NPROC counts all processes and threads of the account, of all logins. */
static bool
limit(const struct sandbox *s)
{
	const struct { int what; rlim_t max; } list[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_FSIZE, s->may_exec ? 16 << 20 : 64 << 10 },
		{ RLIMIT_NOFILE, 64 },
		{ RLIMIT_NPROC, 512 },
		{ RLIMIT_AS, 512 << 20 },
		{ RLIMIT_CPU, s->seconds },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (!limit_one(list[i].what, list[i].max))
			return false;
	return true;
}

static const int never[] = {
	SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_getfd),
	SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup), SCMP_SYS(keyctl), SCMP_SYS(add_key),
	SCMP_SYS(request_key), SCMP_SYS(unshare), SCMP_SYS(setns),
	SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(open_tree),
	SCMP_SYS(move_mount), SCMP_SYS(fsopen), SCMP_SYS(chroot),
	SCMP_SYS(personality),
};
static const int no_program[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork),
	SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(rt_sigqueueinfo),
};

static bool
refuse(scmp_filter_ctx f, const int *call, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), call[i], 0))
			return false;
	return true;
}

/* Threads are needed to resolve names; without clone3 glibc takes clone. */
static bool
only_threads(scmp_filter_ctx f)
{
	return !seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3),
	    0) && !seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone),
	    1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
}

static bool
filter(bool may_exec)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	bool ok = f != NULL && refuse(f, never, sizeof(never) / sizeof(*never));

	if (ok && !may_exec)
		ok = refuse(f, no_program,
		    sizeof(no_program) / sizeof(*no_program)) &&
		    only_threads(f);
	ok = ok && !seccomp_load(f);
	if (f != NULL)
		seccomp_release(f);
	return ok;
}

/* The change of user undid what the keeper had asked for. */
static bool
die_with(pid_t parent)
{
	return !prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == parent;
}

enum mfa_err
sandbox_enter(const struct sandbox *s, struct mfa_why *why)
{
	if (!change_user(s->uid, s->gid))
		return mfa_fail(why, MFA_EPERM, "cannot become uid %u", s->uid);
	if (!die_with(s->parent) || !limit(s) ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || !filter(s->may_exec))
		return mfa_fail(why, MFA_EPERM, "cannot give up rights: %m");
	return MFA_OK;
}
