/*
 * May this person guess now? Failures in a row are counted over all sessions,
 * services and factors (RFC 4226 7.3, SP 800-63B-4 3.2.2); time since the last
 * failure is moment_age.
 */
#ifndef MFA_LIMIT_H
#define MFA_LIMIT_H

#include <stdint.h>

#include "conf.h"
#include "state.h"

enum limit_verdict { LIMIT_GO, LIMIT_WAIT, LIMIT_LOCKED };

/*
 * WAIT sets *ret_wait to the seconds left, rounded up, at least 1: after
 * failure n >= free_failures, delay_first * 2^(n - free_failures), at most
 * delay_max. LOCKED from lock_after failures on.
 */
enum limit_verdict limit_check(const struct conf_limit *, const struct state *,
    const struct mfa_time *now, uint64_t *ret_wait);

/* The same for app passwords, which have a count of their own. */
enum limit_verdict limit_check_app(const struct conf_limit *,
    const struct app_failures *, const struct mfa_time *now,
    uint64_t *ret_wait);

/* Counts one failure, stopping at UINT32_MAX. */
void limit_charge(struct state *, const struct mfa_time *now);

void limit_charge_app(struct app_failures *, const struct mfa_time *now);

/* A success, or an administrator: no failures. */
void limit_clear(struct state *);

#endif
