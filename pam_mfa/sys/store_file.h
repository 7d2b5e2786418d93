/*
 * The store port over files, for one person.
 *
 *	factors  store = system: USERS/NAME, root's 0600, in root's 0700 USERS;
 *	         sealed, if the host has keys (sys/vault.h), and opened here:
 *	         what the port gives and takes is as core/record.h has it
 *	         store = home: the person's own, in ~/.mfa (sys/home.h)
 *	state    STATE/NAME, root's 0600, in root's 0700 STATE; also for home
 *	lock     STATE/.lock.NAME, never unlinked; STATE/.tmp.NAME while writing
 *
 * NAME is text_name_escape(user), which never begins with '.'.
 */
#ifndef MFA_STORE_FILE_H
#define MFA_STORE_FILE_H

#include "../core/conf.h"
#include "../core/policy.h"
#include "../core/seal.h"
#include "ports.h"

#define STORE_FILE_MAX (64 * 1024)	/* bytes of a record or a state */

struct store_file;

/*
 * Opens no file yet. conf and who must outlive it. MFA_ENOMEM, MFA_ERANGE (a
 * name that cannot be escaped). Free with store_file_close (NULL is fine),
 * which also unlocks.
 */
enum mfa_err store_file_open(const struct mfa_conf *conf,
    const struct mfa_subject *who, struct store_file **ret, struct mfa_why *)
    MFA_MUST_CHECK;
void store_file_close(struct store_file *);

struct mfa_store store_file_port(struct store_file *);

/* store_file_save and store_file_remove as a port. */
struct mfa_writer store_file_writer(struct store_file *);

/*
 * The host's ledger of messages: begin, commit and end are as of a person's
 * state; it has no factors. Opens no file yet. MFA_ENOMEM.
 */
enum mfa_err store_file_ledger(const struct mfa_conf *conf,
    struct store_file **ret) MFA_MUST_CHECK;

/* The same for the key of the host that seals records of trust. */
enum mfa_err store_file_hostkey(const struct mfa_conf *conf,
    struct store_file **ret) MFA_MUST_CHECK;

/*
 * For mfactl: the state without the lock (a rename puts each new one in place
 * whole). Empty if there is none.
 */
enum mfa_err store_file_peek(struct store_file *, struct buf *ret,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * system: as root, between the port's begin and end, so that a login in flight
 * sees old or new. home: as the person, who alone may write there (else
 * MFA_EPERM); ~/.mfa is made if missing.
 */
enum mfa_err store_file_save(struct store_file *, const struct buf *factors,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * No factors any more. MFA_ENOENT if there were none. In a home root has it
 * done by the person, too: a help desk must be able to.
 */
enum mfa_err store_file_remove(struct store_file *, struct mfa_why *)
    MFA_MUST_CHECK;

/*
 * From now on it takes as long to read the factors of somebody who has none,
 * or none that is sealed, or whom nobody knows, as to open some: for a login.
 */
void store_file_even(struct store_file *);

/*
 * How many of the secrets are sealed, and with which key (NULL: the host has
 * none). Without the lock. Errors as of the port's factors and seal_look.
 */
enum mfa_err store_file_seals(struct store_file *, const struct keyring *,
    struct seal_count *ret, struct mfa_why *) MFA_MUST_CHECK;

/* Every name with factors in USERS (store = system), in byte order. */
typedef enum mfa_err store_file_each_fn(void *ctx, const char *user);
enum mfa_err store_file_each(const struct mfa_conf *, store_file_each_fn *,
    void *ctx, struct mfa_why *) MFA_MUST_CHECK;

#endif
