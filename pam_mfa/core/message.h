/*
 * What an SMS says and a call speaks: the templates of mfa.conf with {code},
 * {host}, {user}, {service} and {minutes} put in (core/template.h). Long names
 * are cut, and all in them but A-Z a-z 0-9 - _ . @ $ is '?', so that a template
 * that is accepted always fits one segment.
 */
#ifndef MFA_MESSAGE_H
#define MFA_MESSAGE_H

#include "buf.h"
#include "err.h"
#include "otc.h"
#include "sending.h"

#define MESSAGE_CUT 20	/* characters of a host, user or service */

/*
 * Is it a template that holds the code? An SMS with the longest names, and
 * the WebOTP line for that domain ("" = none), must fit one segment.
 * MFA_ESYNTAX, MFA_ERANGE with the remedy in why; MFA_ENOMEM.
 */
enum mfa_err message_check(enum sending_kind, const char *template,
    const char *webotp, struct mfa_why *) MFA_MUST_CHECK;

/*
 * Appends the message. webotp: "" or the domain of an origin-bound code, whose
 * line "@domain #code" comes last. Errors as message_check.
 */
struct message {
	const char *template, *webotp, *code;
	const struct otc_door *door;
};
enum mfa_err message_put(const struct message *, struct buf *ret,
    struct mfa_why *) MFA_MUST_CHECK;

#endif
