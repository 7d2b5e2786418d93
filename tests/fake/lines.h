/*
 * Changes to a text of lines, for tests that a parser refuses what is not
 * there, or there twice, and says in which line.
 */
#ifndef MFA_LINES_H
#define MFA_LINES_H

#include <stddef.h>

/* How many. */
unsigned lines_count(const char *text);

/*
 * The text with line n (from 1) replaced; with NULL it is left out. Returns a
 * text that the caller frees.
 */
char *lines_with(const char *text, unsigned n, const char *line);

/* Line n alone, to be freed. */
char *lines_get(const char *text, unsigned n);

#endif
