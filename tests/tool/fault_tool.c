/*
 * Every system call of mfactl add and mfactl reset, one run for each: it fails,
 * or it is the process's last. Whatever happens: the factors are the old or the
 * new ones, never half; what is said to be done is done; nothing hangs or
 * crashes; the next honest login works, and so does mfactl, called again.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "../fake/pamhost.h"
#include "../fake/supervise.h"
#include "../fake/tap.h"
#include "../fake/toolcase.h"

#define CANNOT 4	/* mfactl's exit status: store, memory, crypto */

static const int faults[] = { SUPERVISE_KILL, EIO };
#define FAULTS (sizeof(faults) / sizeof(*faults))

static int
run(struct supervised *s)
{
	supervise_begin(s);
	toolcase_exec(s->ctx);
}

static void
one_call(struct supervised *s, int at, int error)
{
	struct toolcase *c = s->ctx;

	toolcase_begin(c);
	s->at = at;
	s->error = error;
	supervise(s);
	if (WIFEXITED(s->status))
		c->status = WEXITSTATUS(s->status);
}

static const char *
judge(const struct supervised *s)
{
	struct toolcase *c = s->ctx;
	const char *fate;

	if ((fate = supervise_fate(s)) != NULL)
		return fate;
	if (s->error != SUPERVISE_KILL && c->status == 0 &&
	    s->at <= s->calls && (s->nr[s->at - 1] == SYS_fsync ||
	    supervise_is_rename(s->nr[s->at - 1])))
		return "done, in spite of that";
	return toolcase_judge(c);
}

static int
one_fault(struct supervised *s, int at, int error)
{
	struct toolcase *c = s->ctx;
	char where[SUPERVISE_WHERE];
	const char *what;

	one_call(s, at, error);
	if ((what = judge(s)) == NULL)
		return 0;
	tap_note("%s: %s; status %d", supervise_where(s, where), what,
	    c->status);
	return 1;
}

static void
every_call(struct supervised *s, enum toolcase_verb verb)
{
	struct toolcase *c = s->ctx;
	int first, calls, runs, n;

	toolcase_new(c, verb);
	one_call(s, 0, 0);
	tap_ok(c->status == 0 && !toolcase_judge(c), "mfactl %s without "
	    "faults", toolcase_name(c));
	calls = s->calls;
	first = supervise_first_of_mfactl(s);
	n = supervise_every(s, &(struct supervise_plan){ first, calls, 1,
	    faults, FAULTS }, one_fault, &runs);
	tap_ok(!n && runs > 50, "AT-17, AT-18: %d system calls of mfactl %s, "
	    "%d faults", calls - first + 1, toolcase_name(c), runs);
}

/* The factors on a disk of their own, where nothing can be written. */
static bool
refused_on(struct toolcase *c, unsigned long flags)
{
	int status;

	toolcase_begin(c);
	pamhost_must(system("rm -rf copy; cp -a users copy") == 0 &&
	    mount("small", "users", "tmpfs", 0, "mode=700,size=12k") == 0 &&
	    system("cp -a copy/. users/; "
	    "cat /dev/zero >users/full 2>/dev/null; :") == 0 &&
	    mount("", "users", NULL, MS_REMOUNT | flags, NULL) == 0,
	    "a small disk");
	status = toolcase_run(c);
	toolcase_take(c);
	pamhost_must(umount("users") == 0, "umount");
	if (status == CANNOT && aftermath_same(&c->users, &c->users_old) &&
	    aftermath_same(&c->state, &c->state_old))
		return true;
	tap_note("status %d", status);
	return false;
}

int
main(void)
{
	struct supervised *s = supervise_new(sizeof(struct toolcase));

	s->run = run;
	pamhost_enter(0, 0);
	every_call(s, TOOLCASE_ADD);
	tap_ok(refused_on(s->ctx, 0), "nothing is added on a full disk");
	tap_ok(refused_on(s->ctx, MS_RDONLY), "... nor on a read-only one");
	every_call(s, TOOLCASE_RESET);
	tap_ok(refused_on(s->ctx, MS_RDONLY), "no reset on a read-only disk");
	return tap_done();
}
