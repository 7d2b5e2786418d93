/* Test results of a program that is not cmocka's, in TAP. */
#ifndef MFA_TAP_H
#define MFA_TAP_H

#include <stdbool.h>

/* Prints "ok N - ..." or "not ok N - ...", and gives ok back. */
bool tap_ok(bool ok, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A "# ..." line: what went wrong, or a figure. */
void tap_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The plan, and the exit status: 0 if every tap_ok was ok and there was one. */
int tap_done(void);

#endif
