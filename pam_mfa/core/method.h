/*
 * The ways in which a person can answer, and lists of them in order: "totp,
 * sms, call, recovery" is one number, four bits a method, the first lowest.
 */
#ifndef MFA_METHOD_H
#define MFA_METHOD_H

#include <stdbool.h>

#include "err.h"

enum method { METHOD_TOTP, METHOD_SMS, METHOD_CALL, METHOD_RECOVERY };
#define METHODS 4

const char *method_name(enum method);	/* "totp", "sms", "call", "recovery" */

/* A list with ',' or blanks between. MFA_ESYNTAX: unknown, twice, or none. */
enum mfa_err method_list(const char *text, unsigned *ret) MFA_MUST_CHECK;

/* Is it in the list? */
bool method_in(unsigned list, enum method);

/* The method at place i (from 0), or METHODS after the last. */
enum method method_at(unsigned list, unsigned i);

#endif
