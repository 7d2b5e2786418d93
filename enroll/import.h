/*
 * Factors of other modules, read so that changing over costs one command.
 * Only text is looked at here; the verbs read the files.
 */
#ifndef MFA_IMPORT_H
#define MFA_IMPORT_H

#include "enroll.h"

#define IMPORT_FIELDS 7	/* of a line of users.oath */

struct import {
	struct factor factor;	/* without id, label and created */
	uint64_t next;		/* the lowest step or counter not used there */
};

/*
 * A .google_authenticator file: SHA-1, six digits. What has no counterpart
 * here (scratch codes, windows, limits) is left; *ret_scratch counts the
 * codes. MFA_ESYNTAX, MFA_ERANGE (a key under 128 bits) with the line in why.
 */
enum mfa_err import_google(const char *text, struct import *ret,
    unsigned *ret_scratch, struct mfa_why *) MFA_MUST_CHECK;

/*
 * One line of users.oath: TYPE USER PASSWD HEXKEY [COUNTER [LAST_OTP ...]],
 * cut apart in place; *ret_user is in it. last_otp is the code the counter was
 * last used with, or NULL. MFA_ENOENT: blank or a comment. MFA_ESYNTAX,
 * MFA_ERANGE with the reason in why.
 */
enum mfa_err import_oath(char *line, struct import *ret, const char **ret_user,
    const char **ret_last_otp, struct mfa_why *) MFA_MUST_CHECK;

/* Adds it for the person and says so. Exit status; TOOL_NO: has it already. */
int import_add(const struct tool *, const struct person *,
    const struct import *);

/* A file that an administrator names, whoever's it is. Exit status. */
int import_read(const char *path, struct buf *ret);

#endif
