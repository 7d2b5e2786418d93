/*
 * What moves of a person, as it lies in /var/lib/mfa/NAME:
 *
 *	version = 1
 *	failures = 2			in a row, over all services and factors
 *	failed_at = 1790000000		Unix time of the last one
 *	failed_boottime = 4711		seconds since that boot
 *	failed_boot = 1b4e28ba-...	the kernel's boot_id
 *	[factor totp-k3fq]
 *	next = 59666668			lowest step or counter not used yet
 *	drift = -1			steps, learned
 *	used_at = 1790000000		Unix time of the last success
 *	used = 3			recovery: bit i = code i+1 was used
 *
 * No file, or an empty one, is the state of somebody who never typed a code.
 */
#ifndef MFA_STATE_H
#define MFA_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "record.h"

#define STATE_BOOT_MAX 40	/* bytes, NUL included */

/* A moment on every clock we have; handed in, never asked for. */
struct mfa_time {
	int64_t real;		/* Unix time, seconds */
	int64_t boot_ms;	/* CLOCK_BOOTTIME, milliseconds: deadlines */
	char boot_id[STATE_BOOT_MAX];
};

struct factor_state {
	char id[RECORD_ID_MAX];
	uint64_t next;		/* the high-water mark; never goes down */
	int drift;		/* -4..4 */
	int64_t used_at;	/* 0 = never */
	uint32_t used;		/* recovery codes, bit 0..9 */
};

struct state {
	uint32_t failures;
	int64_t failed_at, failed_boottime;	/* seconds */
	char failed_boot[STATE_BOOT_MAX];
	struct factor_state factor[RECORD_FACTORS_MAX];
	size_t n;
};

/* MFA_ESYNTAX, MFA_ERANGE with the line in why. len 0 is a fresh state. */
enum mfa_err state_parse(const char *text, size_t len, struct state *ret,
    struct mfa_why *) MFA_MUST_CHECK;

enum mfa_err state_format(const struct state *, struct buf *ret)
    MFA_MUST_CHECK;

/*
 * Drops the entries of factors that are gone and adds fresh ones (next = the
 * HOTP counter, else 0), so that entry i belongs to factor i of the record.
 */
void state_align(struct state *, const struct record *);

#endif
