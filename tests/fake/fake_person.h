/*
 * A person before mfactl, on fake ports: what a verb asks, tells, prints and
 * writes. Begin with fake_person_new, end with fake_person_free.
 *
 * Answers come from fake.answers. "@N" stands for a right code N steps from
 * now, of the key that was shown last, or else of fake_person_key; "~" for one
 * that is right nowhere near; these are made by liboath. "$" stands for the
 * code that was sent last. ">N TEXT" types TEXT after N seconds.
 */
#ifndef MFA_FAKE_PERSON_H
#define MFA_FAKE_PERSON_H

#include "../../enroll/enroll.h"
#include "fake_ports.h"

#define FAKE_CODE_MAX 9		/* bytes, NUL included */

struct fake_person {
	struct fake fake;	/* fake.transcript: of the last run */
	struct tool tool;
	struct person person;
	struct buf proved;	/* what the person points to */
	struct buf out, err;	/* stdout and stderr of the last run */
	char key[128];		/* base 32; "" = the one in the transcript */
};

/* alice, root's tool, second 1700000000; no factors. conf as mfa.conf. */
struct fake_person *fake_person_new(const char *conf);
void fake_person_free(struct fake_person *);

/* One verb with these answers, up to a NULL. Its exit status. */
int fake_person_run(struct fake_person *, person_verb *,
    const char *const *answers);

/*
 * The verb again and again, a fault at call 1, 2 ... until none is met: no
 * fault may end in TOOL_OK, leave the lock held, or change a byte of factors
 * or state (of factors only, if moves: then state is the caller's to judge).
 * After each fault, and at last, the verb without one ends in TOOL_OK. The
 * person is then as before. Asserts by cmocka; returns how many faults.
 */
unsigned fake_person_faults(struct fake_person *, person_verb *,
    const char *const *answers, bool moves);

/* The base 32 key in the URI that was shown. */
void fake_person_shown_key(const struct fake_person *, char *ret, size_t cap);

/* The code of that key, digits and step (liboath: SHA-1). */
void fake_person_code(const char *key, unsigned digits, int64_t step,
    char ret[static FAKE_CODE_MAX]);

/* The buffer's text holds this, or does not; a failure shows the text. */
void assert_has(const struct buf *, const char *text);
void assert_has_not(const struct buf *, const char *text);

#endif
