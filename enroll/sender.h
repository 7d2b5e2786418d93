/* Providers, asked without a login. */
#ifndef MFA_ENROLL_SENDER_H
#define MFA_ENROLL_SENDER_H

#include "tool.h"

/*
 * Are profile and secrets in order, for every kind of message that the profile
 * has? ret->handed_over says so; else its class and reason, and an empty
 * provider if mfa-send itself is what is wrong. Nothing is sent. TOOL_OK; or
 * it has said why there is no answer.
 */
int sender_try(const struct tool *, const char *name,
    struct sending_answer *ret);

/*
 * Has a sender of mfa.conf a section for such messages? True also if that
 * cannot be told: the attempt to send will say why.
 */
bool sender_can(const struct tool *, enum sending_kind);

#endif
