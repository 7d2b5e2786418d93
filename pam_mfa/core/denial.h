/* What a person is told whom policy turns away. */
#ifndef MFA_DENIAL_H
#define MFA_DENIAL_H

#include "language.h"
#include "method.h"
#include "policy.h"

#define DENIAL_WORDS_MAX 400	/* bytes, NUL included */

/*
 * What is missing and whom to ask, for a verdict of DENY: whole sentences, a
 * blank at the end. Names that are shown are cleaned and cut. Returns dst.
 */
char *denial_words(const struct policy_decision *, const struct mfa_subject *,
    enum language, char dst[static DENIAL_WORDS_MAX]);

/* "Recovery codes are not accepted here. ", of a code that was right. */
const char *denial_not_here(enum method, enum language);

#endif
