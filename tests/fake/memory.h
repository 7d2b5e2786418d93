/*
 * Where in this program's memory does a secret stand? The mark is made byte by
 * byte where it is needed, so that only the copies under test are found. Its
 * last half is looked for: malloc writes over the first bytes of what is freed.
 */
#ifndef MFA_MEMORY_H
#define MFA_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#define MEMORY_MARK 64	/* bytes */

/* Byte i of the mark: base 32, so that its text can be a key, too. */
uint8_t memory_mark(size_t i);

/* How many copies of its end are in writable memory now. */
unsigned memory_marks(void);

#endif
