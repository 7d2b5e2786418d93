/* What a long-lived process holds, to see that it does not grow. */
#ifndef MFA_RESOURCES_H
#define MFA_RESOURCES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What malloc keeps in stock of each size counts as in use: it has to be told
 * not to (GLIBC_TUNABLES, see torture/run.sh). Then the least that can be lost
 * is 32 bytes a login.
 */
#define RESOURCES_HEAP 4096	/* bytes in use of malloc */
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
