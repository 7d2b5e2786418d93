/* What a long-lived process holds, to see that it does not grow. */
#ifndef MFA_RESOURCES_H
#define MFA_RESOURCES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * More than these and something grows: the least that can be lost is 32 bytes
 * a login. (What malloc keeps in stock of each size counts as in use.)
 */
#define RESOURCES_HEAP 16384	/* bytes in use of malloc */
#define RESOURCES_RSS 512	/* KiB: pages touched for the first time */

struct resources {
	unsigned fds, threads, maps;
	size_t heap;			/* bytes in use, as of mallinfo2 */
	long rss;			/* KiB */
};

void resources_take(struct resources *ret);

/* Are they the same, but for a little memory? The figures into why. */
bool resources_same(const struct resources *before,
    const struct resources *after, char *why, size_t cap);

#endif
