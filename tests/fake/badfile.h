/* What may lie in the place of a file of ours and must be refused. */
#ifndef MFA_BADFILE_H
#define MFA_BADFILE_H

#include <stddef.h>
#include <sys/types.h>

/* The name of kind i, NULL after the last. */
const char *badfile_name(size_t i);

/*
 * Puts kind i at path, in place of what is there; with this text, of this
 * owner and mode, wherever these are not what is wrong with it. What it links
 * to is PATH.other, with the same text, owner and mode. Ends the program if it
 * cannot be made.
 */
void badfile_make(size_t i, const char *path, const char *text, uid_t owner);

/* Puts a good file there, mode 0600. */
void badfile_good(const char *path, const char *text, uid_t owner);

/* Takes away whatever is there, and PATH.other. */
void badfile_clear(const char *path);

#endif
