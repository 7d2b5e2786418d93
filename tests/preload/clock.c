/*
 * To be preloaded: the clocks that a program and what it starts read are the
 * kernel's and as many seconds as the program says, who finds them at
 * clock_shim(). The memory goes to children by a descriptor whose number
 * stands in CLOCK_SHIM of their environment.
 */
#include "clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FD 200		/* out of the way of those that are counted */

static struct clock_shim *shim;

struct clock_shim *
clock_shim(void)
{
	return shim;
}

__attribute__((constructor)) static void
begin(void)
{
	bool first = getenv("CLOCK_SHIM") == NULL;
	int fd = first ? memfd_create("clock", 0) : FD;

	if (first && (fd < 0 || ftruncate(fd, sizeof(*shim)) != 0 ||
	    dup2(fd, FD) != FD || close(fd) != 0 ||
	    setenv("CLOCK_SHIM", "1", 1) != 0))
		abort();
	shim = mmap(NULL, sizeof(*shim), PROT_READ | PROT_WRITE, MAP_SHARED,
	    FD, 0);
	if (shim == MAP_FAILED)
		abort();
}

int
clock_gettime(clockid_t id, struct timespec *ret)
{
	int r = (int)syscall(SYS_clock_gettime, id, ret);

	if (shim == NULL || r != 0)
		return r;
	if (atomic_load(&shim->at) > 0 &&
	    atomic_fetch_sub(&shim->at, 1) == 1) {
		atomic_fetch_add(&shim->real, atomic_load(&shim->step));
		atomic_store(&shim->stepped, 1);
	}
	if (atomic_load(&shim->stands))
		*ret = (struct timespec){ 0 };
	if (id == CLOCK_REALTIME)
		ret->tv_sec += atomic_load(&shim->real);
	if (id == CLOCK_BOOTTIME || id == CLOCK_MONOTONIC)
		ret->tv_sec += atomic_load(&shim->boot);
	return 0;
}
