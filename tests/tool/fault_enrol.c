/*
 * Every system call of an enrolment at a login, one run for each: it fails, or
 * it is the process's last. Whatever happens: root has the factor that was
 * shown, or none; none is said to be registered that is not; its first code
 * gets in once; nothing hangs or crashes, and the next login works. A full and
 * a read-only disk, and locks: fault_held.
 */
#include <errno.h>

#include "../fake/enrolcase.h"
#include "../fake/supervise.h"
#include "../fake/tap.h"

static const int faults[] = { SUPERVISE_KILL, EIO };
#define FAULTS (sizeof(faults) / sizeof(*faults))

static int
run(struct supervised *s)
{
	supervise_begin(s);
	enrolcase_run(s->ctx);
	return 0;
}

static int
bad(const struct supervised *s, const char *what)
{
	const struct enrolcase *c = s->ctx;
	char where[SUPERVISE_WHERE];

	tap_note("%s: %s; result %d, status %#x", supervise_where(s, where),
	    what, c->result, s->status);
	return 1;
}

static int
one_fault(struct supervised *s, int at, int error)
{
	const char *what;

	enrolcase_begin(s->ctx);
	s->at = at;
	s->error = error;
	supervise(s);
	if ((what = supervise_fate(s)) != NULL)
		return bad(s, what);
	return (what = enrolcase_judge(s->ctx)) != NULL ? bad(s, what) : 0;
}

int
main(void)
{
	struct supervised *s = supervise_new(sizeof(struct enrolcase));
	int calls, runs, n;

	s->run = run;
	pamhost_enter(0, 0);
	enrolcase_new(s->ctx);
	tap_ok(!one_fault(s, 0, 0), "an enrolment at a login without faults");
	calls = supervise_before_audit(s);
	n = supervise_every(s, &(struct supervise_plan){ 1, calls, 1,
	    faults, FAULTS }, one_fault, &runs);
	tap_ok(!n && runs > 100, "AT-18 %d system calls of an enrolment at a "
	    "login, %d faults", calls, runs);
	return tap_done();
}
