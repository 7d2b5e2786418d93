/*
 * What a run that was disturbed leaves in users/ and state/ of the test host:
 * taken as text, to be compared; put back as it was before; and known again,
 * so that what follows from it need be tried only once.
 */
#ifndef MFA_AFTERMATH_H
#define MFA_AFTERMATH_H

#include <stdbool.h>

#define AFTERMATH_MAX 3072	/* bytes, NUL included */

struct aftermath {
	char kept[AFTERMATH_MAX];	/* the files asked for, whole */
	char rest[AFTERMATH_MAX];	/* names and sizes of all files */
};

/*
 * As it is now. names: of the files that matter, up to a NULL ("users/root").
 * Moments, and what is random, become "*".
 */
void aftermath_take(const char *const *names, struct aftermath *ret);

/* Are the files that matter the same? */
bool aftermath_same(const struct aftermath *, const struct aftermath *);

/* Not met before, with this result? */
bool aftermath_is_new(const struct aftermath *, int result);

/* users/ and state/ as they are now; and back to that. */
void aftermath_save(void);
void aftermath_restore(void);

#endif
