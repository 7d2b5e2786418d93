/*
 * To be preloaded: the Nth allocation, or reading of a clock, fails. N counts
 * from alloc_fail_at(), or, in a program that does not know of it, from the
 * start if the environment says ALLOC_FAIL_AT=N; then a byte written to
 * descriptor 9 tells that it came to that.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void alloc_fail_at(long);
int alloc_failed(void);

static long left;	/* calls until the one that fails; 0 = none will */
static int failed, tell;

void
alloc_fail_at(long n)
{
	left = n;
	failed = 0;
}

int
alloc_failed(void)
{
	return failed;
}

__attribute__((constructor)) static void
from_environment(void)
{
	const char *n = getenv("ALLOC_FAIL_AT");

	if (!n)
		return;
	tell = 1;
	alloc_fail_at(atol(n));
}

static int
fails(int error)
{
	if (!left || --left)
		return 0;
	failed = 1;
	if (tell && syscall(SYS_write, 9, "", 1) < 0)
		abort();
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
