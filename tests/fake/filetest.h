/*
 * For tests of files: a fresh directory dir/ in a tmpfs of this program's own,
 * a bound on the time, and a look at what was left open.
 */
#ifndef MFA_FILETEST_H
#define MFA_FILETEST_H

#include "../../pam_mfa/sys/file.h"

struct filetest {
	struct file_dir dir;
	struct buf text;	/* for what is read */
	struct mfa_why why;
	int fds;		/* filetest_fds before the test */
};

/* cmocka's: once, before and after each test. */
int filetest_enter(void **state);
int filetest_setup(void **state);
int filetest_teardown(void **state);	/* fails if something is open still */

/* The next free descriptor. */
int filetest_fds(void);

#endif
