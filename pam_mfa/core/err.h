/*
 * The one list of errors, and the sentence that goes with one.
 *
 * 0 is success. A function that can fail returns enum mfa_err, leaves its
 * ret_ outputs untouched on failure, and, where it takes a struct mfa_why,
 * says there what is wrong, where, and what to do.
 */
#ifndef MFA_ERR_H
#define MFA_ERR_H

#include "language.h"

#define MFA_MUST_CHECK __attribute__((warn_unused_result))

enum mfa_err {
	MFA_OK = 0,
	MFA_ENOMEM,	/* no memory */
	MFA_ESYNTAX,	/* the text does not parse, or holds an unknown word */
	MFA_ERANGE,	/* a value is outside its bounds */
	MFA_ENOENT,	/* there is none; nothing else means "not enrolled" */
	MFA_EEXIST,	/* there is one already */
	MFA_EPERM,	/* owner, mode, kind or link count is wrong */
	MFA_EIO,	/* open, read, write, fsync or rename failed */
	MFA_EBUSY,	/* the lock could not be had in time */
	MFA_ETIME,	/* the time for the whole dialogue is over */
	MFA_ECONV,	/* the conversation with the person failed */
	MFA_ECRYPTO,	/* the crypto library refused, or no randomness */
};

struct mfa_why {
	char text[320];		/* one printable line; "" = nothing to say */
	enum language language;	/* of whoever will read it; a log is English */
};

/* The name of an error in a few words, for a log. Never NULL. */
const char *mfa_strerror(enum mfa_err);

/*
 * Formats a sentence into why (may be NULL: nothing happens), in its language
 * if there is a translation, cut to fit, control bytes made '?'. Returns err,
 * so that a caller can write "return mfa_fail(why, MFA_ERANGE, ...)".
 */
enum mfa_err mfa_fail(struct mfa_why *why, enum mfa_err err, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

#endif
