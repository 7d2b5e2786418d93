/* The request that a profile makes up, real or masked. */
#ifndef MFA_SEND_PROFILE_BUILD_H
#define MFA_SEND_PROFILE_BUILD_H

#include "profile_data.h"

/*
 * Whose values and which section, for a message: MFA_ENOENT: no [... test];
 * MFA_ERANGE: too many segments, an extension that is not dialled.
 */
enum mfa_err profile_use_for(const struct profile *,
    const struct sending_request *, struct profile_use *ret, struct mfa_why *)
    MFA_MUST_CHECK;

/* Errors as profile_request. Wipe ret with http_request_wipe. */
enum mfa_err profile_build(const struct profile_use *,
    struct http_request *ret, struct mfa_why *) MFA_MUST_CHECK;

#endif
