/*
 * What our durable replacement of a file costs on the disk, beside the least
 * that could do it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../pam_mfa/sys/file.h"
#include "../fake/pamhost.h"

#define ROUNDS 301

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double
median(double *v)
{
	for (int i = 1; i < ROUNDS; i++)
		for (int k = i; k > 0 && v[k - 1] > v[k]; k--) {
			double t = v[k];

			v[k] = v[k - 1];
			v[k - 1] = t;
		}
	return v[ROUNDS / 2];
}

/* The least that makes a replacement durable. */
static void
bare_commit(int dir, const char *text, size_t len)
{
	int fd = openat(dir, "bare.tmp", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	pamhost_must(fd >= 0 && write(fd, text, len) == (ssize_t)len &&
	    fsync(fd) == 0 && close(fd) == 0 &&
	    renameat(dir, "bare.tmp", dir, "bare") == 0 && fsync(dir) == 0,
	    "bare commit");
}

int
main(void)
{
	static double bare[ROUNDS], ours[ROUNDS];
	char text[300];
	struct file_dir at;
	int dir;
	const struct file_new new = { "ours", "ours.tmp", text, sizeof(text) };

	pamhost_enter(0, 1);
	dir = open("state", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	at = (struct file_dir){ dir, "state" };
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < ROUNDS; i++) {
		double t = now(), t2;

		bare_commit(dir, text, sizeof(text));
		t2 = now();
		pamhost_must(!file_replace(&at, &new, NULL), "file_replace");
		ours[i] = now() - t2;
		bare[i] = t2 - t;
	}
	close(dir);
	printf("\n| durable commit, disk | wall, us |\n|---|---:|\n"
	    "| write, fsync, rename, fsync | %.0f |\n"
	    "| ours | %.0f |\n", median(bare), median(ours));
	printf("| ours / bare | %.2f |\n", ours[ROUNDS / 2] / bare[ROUNDS / 2]);
	return 0;
}
