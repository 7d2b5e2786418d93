/*
 * A person before mfactl, on fake ports: what a verb asks, tells, prints and
 * writes. Begin with fake_person_new, end with fake_person_free.
 *
 * Answers come from fake.answers. "@N" stands for a right code N steps from
 * now, of the key that was shown last, or else of key below; "~" for one
 * that is right nowhere near; these are made by liboath. "$" stands for the
 * code that was sent last. ">N TEXT" types TEXT after N seconds.
 */
#ifndef MFA_FAKE_PERSON_H
#define MFA_FAKE_PERSON_H

#include "../../enroll/enroll.h"
#include "fake_ports.h"

#define FAKE_CODE_MAX 9		/* bytes, NUL included */

/* An app and a token, and what was used of them. */
#define FAKE_TOKEN_KEY "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
#define FAKE_TWO FAKE_RECORD "[factor hotp-bbbb]\nkind = hotp\n" \
    "label = Token\ncreated = 2\nsecret = " FAKE_TOKEN_KEY "\n" \
    "algorithm = SHA1\ndigits = 6\ncounter = 7\n"
#define FAKE_TWO_STATE "version = 1\nfailures = 3\n" \
    "failed_at = 1699999000\nfailed_boottime = 1\nfailed_boot = boot-1\n" \
    "[factor totp-aaaa]\nnext = 56666660\nused_at = 1699999800\n" \
    "[factor hotp-bbbb]\nnext = 9\n"

/* A verb with its operands, as a function of tool t and person p. */
#define VERB(name, call) \
static int \
name(const struct tool *t, const struct person *p) \
{ \
	return call; \
}

struct fake_person {
	struct fake fake;	/* fake.transcript: of the last run */
	struct tool tool;
	struct person person;
	struct buf proved;	/* what the person points to */
	struct buf out, err;	/* stdout and stderr of the last run */
	char key[128];		/* base 32; "" = the one in the transcript */
	const char *factors, *state;	/* what they began with */
};

/* alice, root's tool, second 1700000000; no factors. conf as mfa.conf. */
struct fake_person *fake_person_new(const char *conf);
void fake_person_free(struct fake_person *);

/* The same with these factors and this state, and the key FAKE_KEY. */
struct fake_person *fake_person_with(const char *conf, const char *factors,
    const char *state);

/* For cmocka: fake_person_free of what a setup made. */
int fake_person_teardown(void **state);

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

/* Factors and state are what they began with, and were never written. */
void untouched(const struct fake_person *);

/* The factors; record_free() is the caller's. */
struct record record_of(const struct fake_person *);

/* The base 32 key in the URI that was shown. */
void fake_person_shown_key(const struct fake_person *, char *ret, size_t cap);

/* The code of that key, digits and step (liboath: SHA-1). */
void fake_person_code(const char *key, unsigned digits, int64_t step,
    char ret[static FAKE_CODE_MAX]);

#endif
