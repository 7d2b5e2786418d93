/* mfa.conf from the disk: the file, then FILE.d/NAME.conf in byte order. */
#ifndef MFA_CONF_LOAD_H
#define MFA_CONF_LOAD_H

#include "../core/conf.h"
#include "../core/err.h"

#define CONF_FILE_MAX (64 * 1024)	/* bytes of one file */

/*
 * path: absolute, of the main file. Every file is root's and writable by root
 * alone, and so is FILE.d (which may be missing; the main file may not).
 * MFA_ENOENT, MFA_EPERM, MFA_EIO, MFA_ESYNTAX, MFA_ERANGE, MFA_ENOMEM with
 * file, line and remedy in why; ret is then not to be used.
 */
enum mfa_err conf_load(const char *path, struct mfa_conf *ret,
    struct mfa_why *) MFA_MUST_CHECK;

#endif
