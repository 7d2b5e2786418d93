/*
 * A change to a person's factors and state, whole or not at all. Used by
 * mfactl and by an enrolment at login.
 *
 * What MUST hold: what is on the disk is read under the lock; the state is
 * written first, so that no factor exists before its first code is marked as
 * used; should the factors then not be saved, the state is put back, but only
 * once it is sure that the factors are the old ones.
 */
#ifndef MFA_EDIT_H
#define MFA_EDIT_H

#include "../core/record.h"
#include "../core/state.h"
#include "ports.h"

struct edit {
	const struct mfa_store *store;
	const struct mfa_writer *writer;
	bool stateless;	/* store = home, as the person: the state is root's */
};

/*
 * Changes both, or returns an error: nothing is written then. What it leaves
 * unchanged is not written; an empty record means no factors. The new state
 * must be right for the old factors, too: it drops nothing of theirs.
 */
typedef enum mfa_err edit_fn(void *ctx, struct record *, struct state *,
    struct mfa_why *);

/*
 * Runs it under the lock, for which it waits at most wait_ms. MFA_OK: all is
 * on the disk. An error: nothing has changed; why says if that could not be.
 */
enum mfa_err edit_run(const struct edit *, int wait_ms, edit_fn *, void *ctx,
    struct mfa_why *) MFA_MUST_CHECK;

#endif
