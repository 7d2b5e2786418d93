#include "filetest.h"

#include <stdlib.h>
#include <unistd.h>

#include "pamhost.h"

#define SECONDS_MAX 60	/* for one test; one that hangs is ended */

int
filetest_fds(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

int
filetest_enter(void **state)
{
	(void)state;
	pamhost_enter(0, 0);
	return 0;
}

int
filetest_setup(void **state)
{
	static const struct file_rule rule = { .owner = 0, .mode = 0755 };
	struct filetest *f = calloc(1, sizeof(*f));

	pamhost_must(f != NULL && system("rm -rf dir && mkdir dir") == 0,
	    "dir");
	alarm(SECONDS_MAX);
	f->fds = filetest_fds();
	pamhost_must(file_dir("dir", &rule, &f->dir, &f->why) == MFA_OK,
	    f->why.text);
	*state = f;
	return 0;
}

int
filetest_teardown(void **state)
{
	struct filetest *f = *state;
	int left;

	alarm(0);
	close(f->dir.fd);
	left = filetest_fds() - f->fds;
	buf_wipe(&f->text);
	free(f);
	return left;
}
