/*
 * To be preloaded: the Nth allocation, or reading of a clock, fails. N counts
 * from alloc_fail_at(). A program that does not know of that is started with
 * ALLOC_FAIL_SERVER in its environment: ready to begin with main, it reads one
 * N after another from descriptor 8, each time becomes a child that goes on,
 * and writes what came of it to descriptor 9.
 */
#include "alloc_fail.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static long left;	/* calls until the one that fails; 0 = none will */
static int here, *failed = &here;

void
alloc_fail_at(long n)
{
	left = n;
	*failed = 0;
}

int
alloc_failed(void)
{
	return *failed;
}

/*
 * The C library reads nsswitch.conf once, and where memory is short then, an
 * assertion of its own ends the process (nss_database.c). That is not ours.
 */
void
alloc_fail_warm_up(void)
{
	char entry[2048];
	struct passwd pw, *found;
	struct group gr, *group;
	gid_t groups[64];
	int n = 64;

	(void)!getpwnam_r("root", &pw, entry, sizeof(entry), &found);
	(void)!getgrnam_r("root", &gr, entry, sizeof(entry), &group);
	(void)!getgrouplist("root", 0, groups, &n);
}

/* Comes back in each child. */
static void
serve(void)
{
	struct alloc_outcome out;
	long n;

	while (read(8, &n, sizeof(n)) == sizeof(n)) {
		pid_t pid = fork();

		if (pid == 0) {
			alarm(ALLOC_HANGS);
			close(8);
			close(9);
			lseek(0, 0, SEEK_SET);
			alloc_fail_at(n);
			return;
		}
		if (pid < 0 || waitpid(pid, &out.status, 0) != pid)
			abort();
		out.failed = *failed;
		if (write(9, &out, sizeof(out)) != sizeof(out))
			abort();
	}
	_exit(0);
}

__attribute__((constructor)) static void
begin(void)
{
	if (!getenv("ALLOC_FAIL_SERVER"))
		return;
	failed = mmap(NULL, sizeof(*failed), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (failed == MAP_FAILED)
		abort();
	alloc_fail_warm_up();
	serve();
}

static int
fails(int error)
{
	if (!left || --left)
		return 0;
	*failed = 1;
	errno = error;
	return 1;
}

void *
malloc(size_t n)
{
	return fails(ENOMEM) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails(ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails(ENOMEM) ? NULL : __libc_realloc(p, n);
}

int
clock_gettime(clockid_t id, struct timespec *ret)
{
	return fails(EINVAL) ? -1 :
	    (int)syscall(SYS_clock_gettime, id, ret);
}
