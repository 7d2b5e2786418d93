/*
 * One login of root in which something goes wrong, over and over from the same
 * files, and the judgement of each. root has the factors of pamhost_enrol; the
 * HOTP answers here, the TOTP in the honest login that comes after.
 */
#ifndef MFA_LOGINCASE_H
#define MFA_LOGINCASE_H

#include <stdbool.h>

#include "aftermath.h"
#include "pamhost.h"

struct logincase {
	bool right;		/* is the right code typed? */
	int result;		/* a PAM code; -1: it did not come to it */
	struct talk talk;
	char code[PAMHOST_CODE], wrong[PAMHOST_CODE];
	pam_handle_t *pamh;	/* made before, so that each child need not */
	struct aftermath old, now, after_right, after_wrong;
};

/*
 * Sets up the host's files and c, which lies in memory that is shared with
 * children, and makes a login of each kind without faults. Service "fault" is
 * the module alone, with PAM_IGNORE turned into PAM_PERM_DENIED.
 */
void logincase_new(struct logincase *c);

/* Puts everything back, for a login with the right or the wrong code. */
void logincase_begin(struct logincase *c, bool right);

/* In a child: the login, and only it. */
void logincase_run(struct logincase *c);

/* In the parent, afterwards: what must not be, or NULL. */
const char *logincase_judge(struct logincase *c);

/*
 * Could somebody who saw both tell, before it was counted, that the one code
 * was right? (Of the other: the result, what was shown, is it on the disk?)
 */
struct loginseen {
	int result;
	char shown[sizeof(((struct talk *)0)->shown)];
	bool settled;
};
void logincase_seen(const struct logincase *c, struct loginseen *ret);
bool loginseen_differ(const struct loginseen *right,
    const struct loginseen *wrong);

#endif
