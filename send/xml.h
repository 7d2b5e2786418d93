/* A look into an XML answer; nothing outside of it is ever loaded. */
#ifndef MFA_SEND_XML_H
#define MFA_SEND_XML_H

#include "../pam_mfa/core/buf.h"
#include "../pam_mfa/core/err.h"

/*
 * Appends the text of the first element whose path ends in this one: "Code",
 * "Error/Code". MFA_ENOENT: there is none; MFA_ESYNTAX: no whole XML document,
 * one with a DOCTYPE (entities have no business here), or too deep.
 */
enum mfa_err xml_find(const char *text, size_t len, const char *path,
    struct buf *ret) MFA_MUST_CHECK;

#endif
