/*
 * One enrolment of root at a login (not_enrolled = enrol: an app, its key shown
 * as text, and sealed by a key of the host), over and over from no factors at
 * all, and the judgement of each.
 */
#ifndef MFA_ENROLCASE_H
#define MFA_ENROLCASE_H

#include <stdbool.h>

#include "pamhost.h"

/* Lies in memory that is shared with children. */
struct enrolcase {
	int result;		/* a PAM code; -1: it did not come to it */
	char key[65];		/* base 32, as it was shown; "": it was not */
	int64_t step;		/* of the code that was typed */
	bool registered;	/* they were told so */
	char shown[2048];
	pam_handle_t *pamh;
};

/* Sets up the host's files, and makes an enrolment without faults. */
void enrolcase_new(struct enrolcase *c);

/* Puts everything back: nobody has any factor. */
void enrolcase_begin(struct enrolcase *c);

/* In a child: the login, and only it. */
void enrolcase_run(struct enrolcase *c);

/* In the parent, afterwards: what must not be, or NULL. */
const char *enrolcase_judge(struct enrolcase *c);

#endif
