/*
 * store = home: ~/.mfa/factors, the person's own 0600, in ~/.mfa 0700. What is
 * done there is done with the rights of the person, who the process has to be;
 * for root home_proc.h has it done.
 */
#ifndef MFA_HOME_H
#define MFA_HOME_H

#include <sys/types.h>

#include "../core/buf.h"
#include "../core/err.h"

#define HOME_DIR ".mfa"
#define HOME_FILE "factors"
#define HOME_MAX (64 * 1024)	/* bytes of a record */

/*
 * path: of the passwd entry, absolute; uid: its owner's. It has to be there and
 * theirs: an empty mount point is not somebody without factors.
 *
 * MFA_ENOENT: there is no ~/.mfa, or no factors in it. MFA_EPERM, MFA_EIO,
 * MFA_ENOMEM as of file.h.
 */
enum mfa_err home_read(const char *path, uid_t uid, struct buf *ret,
    struct mfa_why *) MFA_MUST_CHECK;
enum mfa_err home_remove(const char *path, uid_t uid, struct mfa_why *)
    MFA_MUST_CHECK;

/* Makes ~/.mfa if it is missing; but for that, errors are the same. */
enum mfa_err home_write(const char *path, uid_t uid, const struct buf *factors,
    struct mfa_why *) MFA_MUST_CHECK;

#endif
