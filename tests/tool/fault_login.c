/*
 * Every system call of a login, one run for each: it fails, or it is the
 * process's last; with a right and with a wrong code. Whatever happens: no
 * wrong code gets in, no right one twice, no success without its commit, no
 * failure is told and forgotten, right and wrong look alike until then, nothing
 * hangs or crashes, and the next honest login works.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include "../fake/logincase.h"
#include "../fake/supervise.h"
#include "../fake/tap.h"

/*
 * A broken disk; an interrupted call; one that is tried again (a lock) or does
 * without (a file). ENOSPC, EROFS, EMFILE go the way of EIO; fault_files has
 * disks that are full and read-only indeed.
 */
static const int faults[] = { SUPERVISE_KILL, EIO, EINTR, EACCES };
#define FAULTS (sizeof(faults) / sizeof(*faults))

static int
run(struct supervised *s)
{
	supervise_begin(s);
	logincase_run(s->ctx);
	return 0;
}

static void
one_login(struct supervised *s, bool right, int at, int error)
{
	logincase_begin(s->ctx, right);
	s->at = at;
	s->error = error;
	supervise(s);
}

/* A call that makes the outcome durable, or keeps others out, and is once. */
static bool
is_commit(int nr, uint64_t arg, int error)
{
	if (nr == SYS_write)
		return error != EINTR;	/* tried again */
	if (nr == SYS_fcntl && arg == F_OFD_SETLK)
		return error != EINTR && error != EACCES;	/* likewise */
	return nr == SYS_fsync || nr == SYS_fdatasync ||
	    supervise_is_rename(nr);
}

/* Says what was wrong with the run just made; gives 1, to be counted. */
static int
bad(const struct supervised *s, const char *what)
{
	const struct logincase *c = s->ctx;
	char where[SUPERVISE_WHERE];

	tap_note("%s code, %s: %s; result %d, status %#x", c->right ?
	    "right" : "wrong", supervise_where(s, where), what, c->result,
	    s->status);
	return 1;
}

static int
judge(const struct supervised *s, struct loginseen *ret)
{
	struct logincase *c = s->ctx;
	int i = s->at - 1, n = 0;
	const char *what;

	if ((what = supervise_fate(s)) != NULL)
		n += bad(s, what);
	if (c->result == PAM_SUCCESS && s->error != SUPERVISE_KILL &&
	    i < s->calls && is_commit(s->nr[i], s->arg[i], s->error))
		n += bad(s, "success in spite of that");
	if ((what = logincase_judge(c)) != NULL)
		n += bad(s, what);
	logincase_seen(c, ret);
	return n;
}

/* The same fault on a right and on a wrong code: what one sees of it. */
static int
one_fault(struct supervised *s, int at, int error)
{
	static struct loginseen right, wrong;
	int n;

	one_login(s, true, at, error);
	n = judge(s, &right);
	one_login(s, false, at, error);
	n += judge(s, &wrong);
	if (loginseen_differ(&right, &wrong))
		n += bad(s, "right and wrong were told apart");
	return n;
}

/* write, sync, rename, sync, in this order, before the result is known. */
static bool
is_durable(const struct supervised *s)
{
	int synced = 0, renamed = 0;

	for (int i = 0; i < s->calls && i < SUPERVISE_CALLS; i++)
		if (s->nr[i] == SYS_write) {
			synced = renamed = 0;
		} else if (s->nr[i] == SYS_fsync || s->nr[i] == SYS_fdatasync) {
			synced += synced == renamed;
		} else if (supervise_is_rename(s->nr[i])) {
			renamed += synced == 1;
		}
	return synced == 2 && renamed == 1;
}

static void
every_call(struct supervised *s)
{
	struct logincase *c = s->ctx;
	int calls, runs, n;

	one_login(s, false, 0, 0);
	tap_ok(c->result == PAM_AUTH_ERR && is_durable(s),
	    "a wrong code is written, synced, renamed and synced");
	one_login(s, true, 0, 0);
	tap_ok(c->result == PAM_SUCCESS && is_durable(s),
	    "a right code is written, synced, renamed and synced");
	calls = supervise_before_audit(s);
	n = supervise_every(s, &(struct supervise_plan){ 1, calls, 1,
	    faults, FAULTS }, one_fault, &runs);
	tap_ok(!n && runs > 100, "AT-17, AT-18, AT-72: %d system calls of a "
	    "login: %d faults, each with a right and a wrong code", calls,
	    runs);
}

int
main(void)
{
	struct supervised *s = supervise_new(sizeof(struct logincase));

	s->run = run;
	pamhost_enter(0, 0);
	logincase_new(s->ctx);
	every_call(s);
	return tap_done();
}
