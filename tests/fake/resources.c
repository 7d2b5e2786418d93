#include "resources.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "pamhost.h"

static unsigned
entries(const char *dir)
{
	DIR *d = opendir(dir);
	unsigned n = 0;

	pamhost_must(d != NULL, dir);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static unsigned
lines(const char *path)
{
	FILE *f = fopen(path, "re");
	unsigned n = 0;
	int c;

	pamhost_must(f != NULL, path);
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

static long
rss(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long kib = -1;

	pamhost_must(f != NULL, "status");
	while (kib < 0 && fgets(line, sizeof(line), f) != NULL)
		(void)sscanf(line, "VmRSS: %ld kB", &kib);
	fclose(f);
	return kib;
}

void
resources_take(struct resources *ret)
{
	/* Those of the directory are there each time. */
	ret->fds = entries("/proc/self/fd");
	ret->threads = entries("/proc/self/task");
	ret->maps = lines("/proc/self/maps");
	ret->rss = rss();
	ret->heap = mallinfo2().uordblks;
}

bool
resources_same(const struct resources *before, const struct resources *after,
    char *why, size_t cap)
{
	snprintf(why, cap, "descriptors %u, %u; threads %u, %u; mappings %u, "
	    "%u; heap %zu, %zu bytes; resident %ld, %ld KiB", before->fds,
	    after->fds, before->threads, after->threads, before->maps,
	    after->maps, before->heap, after->heap, before->rss, after->rss);
	return before->fds == after->fds &&
	    before->threads == after->threads &&
	    before->maps == after->maps &&
	    after->heap < before->heap + RESOURCES_HEAP &&
	    after->rss < before->rss + RESOURCES_RSS;
}
