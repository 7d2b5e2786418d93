/*
 * A lock that is held for ever (AT-12), and a disk on which nothing can be
 * written (AT-17): under the state, and under the factors. In a login with a
 * right code, a wrong one and one that is sent, an enrolment, mfactl add and
 * reset. It ends, in a refusal; what is there stays as it is; it works again
 * when the lock is let go and there is room. Run with clock.so preloaded: the
 * wait for a lock is cut short, as time flies meanwhile.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../fake/aftermath.h"
#include "../fake/faultcase.h"
#include "../fake/pamhost.h"
#include "../fake/tap.h"
#include "../preload/clock.h"

#define HANGS 60		/* seconds */
#define SECONDS_MAX 200		/* of a boot that flies: nothing waits longer */

static const char *const files[] = { "users/root", "state/root",
    "state/%sent", NULL };

/* Every 5 ms that go by are a second. -1: it did not end in time. */
static int
run(void)
{
	struct clock_shim *c = clock_shim();
	int status, flown = 0;
	pid_t pid = fork(), got = 0;

	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		alarm(HANGS);
		faultcase_run();
		_exit(0);
	}
	while (flown++ < HANGS * 200 &&
	    (got = waitpid(pid, &status, WNOHANG)) == 0) {
		nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
		atomic_fetch_add(&c->boot, 1);
	}
	if (got != pid)
		pamhost_must(waitpid(pid, &status, 0) == pid, "waitpid");
	atomic_store(&c->boot, 0);
	return got == pid && flown < SECONDS_MAX ? status : -1;
}

/* May it succeed all the same? What it needs is not held. */
typedef bool needs_fn(enum faultcase);

static bool
needs_all(enum faultcase which)
{
	(void)which;
	return true;
}

static bool
needs_ledger(enum faultcase which)
{
	return which == FAULTCASE_SMS;
}

static bool
writes_state(enum faultcase which)
{
	return which != FAULTCASE_ADD;
}

static bool
writes_factors(enum faultcase which)
{
	return which == FAULTCASE_ENROL || which == FAULTCASE_ADD;
}

static bool
changes_factors(enum faultcase which)
{
	return writes_factors(which) || which == FAULTCASE_RESET;
}

/*
 * Nothing is left behind but what was there: no state and an empty one are the
 * same. Of a reset, the factors may be gone already, and then it is to be
 * called again: they go before their used steps.
 */
static bool
same(enum faultcase which, const struct aftermath *before,
    const struct aftermath *after)
{
	static const char none[] = "state/root:\n";
	const char *was = before->kept, *is = after->kept;

	if (which == FAULTCASE_RESET && strncmp(is, "users/", 6) != 0)
		was = strstr(was, none);
	if (was != NULL && strncmp(was, none, sizeof(none) - 1) != 0 &&
	    strncmp(is, none, sizeof(none) - 1) == 0)
		is += sizeof(none) - 1;
	return was != NULL && strcmp(was, is) == 0;
}

static bool
refused(enum faultcase which, const char *what)
{
	static struct aftermath before, after;
	int status;

	aftermath_take(files, &before);
	status = run();
	aftermath_take(files, &after);
	if (status < 0 || !WIFEXITED(status))
		tap_note("%s, %s: does not end, or crashes", what,
		    faultcase_name(which));
	else if ((which == FAULTCASE_ADD || which == FAULTCASE_RESET) ?
	    WEXITSTATUS(status) == 0 : faultcase_succeeded())
		tap_note("%s, %s: succeeds", what, faultcase_name(which));
	else if (!same(which, &before, &after))
		tap_note("%s, %s: changed\n%s\n-- to --\n%s", what,
		    faultcase_name(which), before.kept, after.kept);
	else
		return true;
	return false;
}

static bool
works_again(enum faultcase which)
{
	const char *wrong;
	int status;

	faultcase_begin();
	status = run();
	wrong = faultcase_judge(status);
	if (wrong == NULL && (which == FAULTCASE_WRONG ||
	    faultcase_succeeded()))
		return true;
	tap_note("%s, later: %s", faultcase_name(which), wrong != NULL ?
	    wrong : "no success");
	return false;
}

static bool
locked(enum faultcase which, const char *path)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	bool ok;
	int fd;

	faultcase_begin();
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	pamhost_must(fd >= 0 && fcntl(fd, F_OFD_SETLK, &whole) == 0, path);
	ok = refused(which, path);
	close(fd);
	return ok && works_again(which);
}

/* A small disk over dir, with what was in it. */
static bool
no_room(enum faultcase which, const char *dir, unsigned long flags)
{
	char cmd[256];
	bool ok;

	faultcase_begin();
	snprintf(cmd, sizeof(cmd), "rm -rf copy && cp -a %s copy", dir);
	pamhost_must(system(cmd) == 0 && mount("small", dir, "tmpfs", 0,
	    "mode=700,size=24k") == 0, "a small disk");
	snprintf(cmd, sizeof(cmd), "cp -a copy/. %s/ && "
	    "{ cat /dev/zero >%s/full 2>/dev/null; :; }", dir, dir);
	pamhost_must(system(cmd) == 0 && mount("", dir, NULL,
	    MS_REMOUNT | flags, NULL) == 0, "a full disk");
	ok = refused(which, flags ? "a read-only disk" : "a full disk");
	pamhost_must(umount(dir) == 0, "umount");
	return ok && works_again(which);
}

static void
held(enum faultcase which, const char *path, needs_fn *needs)
{
	if (needs(which))
		tap_ok(locked(which, path), "AT-12 %s is held for ever: %s is "
		    "refused, and works again", path, faultcase_name(which));
}

static void
full(enum faultcase which, const char *dir, needs_fn *needs)
{
	if (needs(which))
		tap_ok(no_room(which, dir, 0), "AT-17 no room under %s: %s is "
		    "refused, and works again", dir, faultcase_name(which));
}

static void
read_only(enum faultcase which, const char *dir, needs_fn *needs)
{
	if (needs(which))
		tap_ok(no_room(which, dir, MS_RDONLY), "AT-17 %s is "
		    "read-only: %s is refused, and works again", dir,
		    faultcase_name(which));
}

int
main(int argc, char **argv)
{
	faultcase_main(argc, argv);
	pamhost_must(clock_shim != NULL, "clock.so");
	pamhost_enter(0, 0);
	for (enum faultcase i = 0; i < FAULTCASES; i++) {
		faultcase_new(i);
		held(i, "state/.lock.root", needs_all);
		held(i, "state/.lock.%sent", needs_ledger);
		full(i, "state", writes_state);
		full(i, "users", writes_factors);
		read_only(i, "state", needs_all);
		read_only(i, "users", changes_factors);
	}
	return tap_done();
}
