/* A directory of ours. */
#ifndef MFA_ROOT_DIR_H
#define MFA_ROOT_DIR_H

#include "file.h"

/*
 * Opens one that is root's, with mode 0700 or less, below directories that only
 * root changes (file_above); close ret->fd. One that is missing is an error
 * like others: MFA_EIO, never MFA_ENOENT. Else as of file_dir.
 */
enum mfa_err root_dir_open(const char *path, struct file_dir *ret,
    struct mfa_why *) MFA_MUST_CHECK;

#endif
