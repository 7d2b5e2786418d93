/*
 * The host's keys (core/keyring.h) in the file that host_key names, root's
 * 0600 or 0400, and what is sealed with them. Without the file, records are
 * written as they are; with it, each is sealed when it is written. Opened is
 * either.
 */
#ifndef MFA_VAULT_H
#define MFA_VAULT_H

#include "../core/conf.h"
#include "../core/keyring.h"

#define VAULT_LOCK_MS 2000	/* the longest wait for the lock of the keys */

/* {conf} to begin with; free with vault_free, which leaves it usable. */
struct vault {
	const struct mfa_conf *conf;
	struct crypto *crypto;		/* made when first needed; owned */
	bool opened;			/* vault_open had something to open */
};
void vault_free(struct vault *);

/*
 * Whoever seals or changes the keys holds this lock from before the keys are
 * read until what is written is on the disk; so, once a key was replaced,
 * nobody seals with the one before. A person's lock is taken before it.
 * Closing *ret_fd unlocks. Errors as of file_lock.
 */
enum mfa_err vault_lock(const struct mfa_conf *, int *ret_fd,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * The keys; wipe ret (mfa_wipe). MFA_ENOENT: no such file, or host_key is
 * empty; else as of file_read and keyring_parse, with the file in why.
 */
enum mfa_err vault_keys(const struct mfa_conf *, struct keyring *ret,
    struct mfa_why *) MFA_MUST_CHECK;

/* Replaces them, under the lock: MFA_OK = on the disk. As file_replace. */
enum mfa_err vault_replace(const struct mfa_conf *, const struct keyring *,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Opens every envelope in the record of user, in place; without one no key is
 * read. Seals its secrets, in place, if the host has keys; under the lock.
 * Errors as of seal_open_record and seal_record, and never MFA_ENOENT; the
 * text is then as it was.
 */
enum mfa_err vault_open(struct vault *, const char *user, struct buf *text,
    struct mfa_why *) MFA_MUST_CHECK;
enum mfa_err vault_seal(struct vault *, const char *user, struct buf *text,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Spends the time that opening an envelope takes, for nothing: whether somebody
 * has factors must not be seen by it. Without keys it spends none.
 */
void vault_even(struct vault *);

#endif
