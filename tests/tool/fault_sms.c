/*
 * Every system call of a login for which a code is sent, one run for each: it
 * fails, or it is the process's last. Whatever happens: what was handed over
 * is counted in the ledger, a code that the person was told of is kept, none
 * lets in twice, no factor is lost, nothing hangs or crashes, and the next
 * honest login works. The same where there is no sender. (The calls of the
 * sender and its keeper are failed in fault_send.)
 */
#include <errno.h>

#include "../fake/smscase.h"
#include "../fake/supervise.h"
#include "../fake/tap.h"

static const int faults[] = { SUPERVISE_KILL, EIO };
#define FAULTS (sizeof(faults) / sizeof(*faults))

static int
run(struct supervised *s)
{
	supervise_begin(s);
	smscase_run(s->ctx);
	return 0;
}

static void
one_login(struct supervised *s, int at, int error)
{
	smscase_begin(s->ctx);
	s->at = at;
	s->error = error;
	supervise(s);
}

static int
bad(const struct supervised *s, const char *what)
{
	const struct smscase *c = s->ctx;
	char where[SUPERVISE_WHERE];

	tap_note("%s: %s; result %d, status %#x, sent %s", supervise_where(s,
	    where), what, c->result, s->status, *c->sent ? "yes" : "no");
	return 1;
}

static int
one_fault(struct supervised *s, int at, int error)
{
	const char *what;

	one_login(s, at, error);
	if ((what = supervise_fate(s)) != NULL)
		return bad(s, what);
	return (what = smscase_judge(s->ctx)) != NULL ? bad(s, what) : 0;
}

static void
every_call(struct supervised *s, bool sender)
{
	int calls, runs, n;

	tap_ok(smscase_undisturbed(s->ctx, sender),
	    "a login, asking for a code, %s a sender", sender ? "with" :
	    "without");
	one_login(s, 0, 0);
	calls = supervise_before_audit(s);
	n = supervise_every(s, &(struct supervise_plan){ 1, calls, 1,
	    faults, FAULTS }, one_fault, &runs);
	tap_ok(!n && runs > 100, "AT-45, AT-66: %d system calls of it, %d "
	    "faults", calls, runs);
}

int
main(int argc, char **argv)
{
	struct supervised *s;

	smscase_sender(argc, argv);
	s = supervise_new(sizeof(struct smscase));
	s->run = run;
	s->alone = true;
	pamhost_enter(0, 0);
	smscase_new(s->ctx);
	every_call(s, true);
	every_call(s, false);
	return tap_done();
}
