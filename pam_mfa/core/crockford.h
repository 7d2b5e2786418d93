/*
 * Crockford's base 32: digits and letters without I, L, O and U, shown in
 * groups of four. For what people copy: recovery codes and app passwords.
 */
#ifndef MFA_CROCKFORD_H
#define MFA_CROCKFORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters with a '-' between groups; bytes of randomness, five bits each. */
#define CROCKFORD_SHOWN(chars) ((chars) + ((chars) - 1) / 4)
#define CROCKFORD_BYTES(chars) (((chars) * 5 + 7) / 8)

/*
 * Takes blanks and '-' out, raises the case, reads I and L as 1, O as 0. True
 * if exactly so many characters of the alphabet are left (in ret, which has
 * room for them and a NUL); else false, ret "".
 */
bool crockford_canonical(const char *typed, char *ret, size_t chars);

/*
 * Writes the first 5 * chars bits: plain, chars + 1 bytes, and as shown,
 * CROCKFORD_SHOWN(chars) + 1 bytes.
 */
void crockford_spell(const uint8_t *bits, size_t chars, char *ret_canonical,
    char *ret_shown);

#endif
