#include "memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCK 65536		/* bytes read at a time */
#define REGION_MAX (64UL << 20)	/* more is a sanitizer's own */

uint8_t
memory_mark(size_t i)
{
	return (uint8_t)"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	    [(i * i + i / 2) % 32];
}

/* Marks that begin in the first n bytes. */
static unsigned
count(const uint8_t *p, size_t n)
{
	unsigned found = 0;

	for (size_t at = 0; at < n; at++) {
		size_t i = MEMORY_MARK / 2;

		while (i < MEMORY_MARK && p[at + i - MEMORY_MARK / 2] ==
		    memory_mark(i))
			i++;
		found += i == MEMORY_MARK;
	}
	return found;
}

/* Blocks overlap by what a mark needs that begins at the end of one. */
static unsigned
region(int mem, uint8_t *block, unsigned long from, unsigned long to)
{
	unsigned found = 0;

	if (to - from > REGION_MAX || (from <= (unsigned long)block &&
	    (unsigned long)block < to))
		return 0;
	for (; from < to; from += BLOCK) {
		memset(block, 0, BLOCK + MEMORY_MARK);
		if (pread(mem, block, BLOCK + MEMORY_MARK, (off_t)from) > 0)
			found += count(block, BLOCK);
	}
	return found;
}

unsigned
memory_marks(void)
{
	uint8_t *block = mmap(NULL, 2 * BLOCK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	unsigned found = 0;
	char line[512];

	if (block == MAP_FAILED || mem < 0 || maps == NULL)
		abort();
	while (fgets(line, sizeof(line), maps) != NULL)
		if (sscanf(line, "%lx-%lx rw", &from, &to) == 2 &&
		    strstr(line, " rw") != NULL)
			found += region(mem, block, from, to);
	fclose(maps);
	close(mem);
	munmap(block, 2 * BLOCK);
	return found;
}
