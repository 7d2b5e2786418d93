/* Mail through the host's sendmail. */
#ifndef MFA_MAIL_H
#define MFA_MAIL_H

#include <stdbool.h>

#define MAIL_TIME_MS 10000	/* then the program is ended */

/*
 * Runs "program -oi -- to" with text, at most 4096 bytes of headers and body,
 * on its stdin, and PATH and LANG for its environment. program is an absolute
 * path. false: it could not be run, failed, or was too slow.
 */
bool mail_send(const char *program, const char *to, const char *text);

#endif
