/* New factors: their labels and ids. */
#ifndef MFA_RECORD_NEW_H
#define MFA_RECORD_NEW_H

#include "crypto.h"
#include "language.h"
#include "record.h"

/* Labels of those that nobody has named. */
#define RECORD_APP "Phone"
#define RECORD_PHONE "Mobile"
#define RECORD_CODES "Recovery codes"

/*
 * The label of a new factor: wanted, or, if that is NULL, usual, "usual 2"
 * and so on. MFA_ERANGE (length, control bytes, blanks at the ends),
 * MFA_EEXIST (an id or a label of the record).
 */
enum mfa_err record_label(const struct record *, const char *wanted,
    const char *usual, char ret[static RECORD_LABEL_MAX], struct mfa_why *)
    MFA_MUST_CHECK;

/*
 * Before somebody's first factor is added: the language in which they enrol is
 * theirs from then on. The host's is not kept, for that may change.
 */
void record_first_language(struct record *, enum language theirs,
    enum language hosts);

/* The place of the recovery codes; the record's n if there are none. */
size_t record_recovery(const struct record *);

/*
 * Adds f, whose id is chosen here and left in f. MFA_ERANGE: the record is
 * full; MFA_ECRYPTO, MFA_ENOMEM.
 */
enum mfa_err record_new(struct record *, struct factor *f, struct crypto *,
    struct mfa_why *) MFA_MUST_CHECK;

#endif
