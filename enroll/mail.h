/* Mail to a person, through the host's sendmail. */
#ifndef MFA_MAIL_H
#define MFA_MAIL_H

#include "person.h"

#define MAIL_TIME_MS 10000	/* then the program is ended */
#define MAIL_MAX 4096		/* bytes of headers and body */

/*
 * In which to write to the person, should there be mail: theirs, or the host's
 * if their factors cannot be read.
 */
enum language mail_language(const struct tool *, const struct person *);

/*
 * Writes to the person, if the host has mail_program; on stderr stands what
 * goes wrong. Texts are UTF-8, and already in their language.
 */
void mail_tell(const struct tool *, const struct person *, const char *subject,
    const char *body);

/*
 * Appends headers and body: as they are if all is ASCII, else by RFC 2047 and
 * in base 64 (RFC 2045 6.8). Control bytes of a header become '?'. MFA_ENOMEM;
 * MFA_ERANGE: over MAIL_MAX.
 */
enum mfa_err mail_compose(const char *to, const char *subject,
    const char *body, struct buf *ret) MFA_MUST_CHECK;

/*
 * Runs "program -oi -- to" with text, at most MAIL_MAX bytes, on its stdin, and
 * PATH and LANG for its environment. program is an absolute path. false: it
 * could not be run, failed, or took longer than limit_ms: then it is killed,
 * with what it started.
 */
bool mail_run(const char *program, const char *to, const char *text,
    int limit_ms);

/* The same within MAIL_TIME_MS, for struct tool. */
bool mail_send(const char *program, const char *to, const char *text);

#endif
