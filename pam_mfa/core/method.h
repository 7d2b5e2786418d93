/*
 * The ways in which a person can answer, and lists of them in order: "totp,
 * sms, call, recovery" is one number, four bits a method, the first lowest.
 */
#ifndef MFA_METHOD_H
#define MFA_METHOD_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

enum method { METHOD_TOTP, METHOD_SMS, METHOD_CALL, METHOD_RECOVERY,
    METHOD_KINDS /* how many; none of them */ };

/* In sets only: no list of mfa.conf allows or forbids it. */
#define METHOD_APP_PASSWORD METHOD_KINDS

const char *method_name(enum method);	/* "totp", "sms", "call", "recovery" */

#define METHOD_ALL 0x4321U	/* the list of all, in that order */

/* Sets of methods are bits: what a person has, whatever is allowed. */
#define METHOD_BIT(m) (1U << (m))

/* The members of a list, as a set. */
unsigned method_set(unsigned list);

/* A list with ',' or blanks between. MFA_ESYNTAX: unknown, twice, or none. */
enum mfa_err method_list(const char *text, unsigned *ret) MFA_MUST_CHECK;

/* The list as it would be written, into dst. Returns dst. */
char *method_format(unsigned list, char *dst, size_t cap);

/* Is it in the list? */
bool method_in(unsigned list, enum method);

/* What is in both lists, in the order of a; may be the empty list, 0. */
unsigned method_both(unsigned a, unsigned b);

/* The method at place i (from 0), or METHOD_KINDS after the last. */
enum method method_at(unsigned list, unsigned i);

#endif
