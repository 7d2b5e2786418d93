/* Moments that outlive a reboot and are not fooled by a clock that is set. */
#ifndef MFA_MOMENT_H
#define MFA_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

#define MOMENT_BOOT_MAX 40	/* bytes of a boot's id, NUL included */

/* Now, on every clock we have; handed in, never asked for. */
struct mfa_time {
	int64_t real;		/* Unix time, seconds */
	int64_t boot_ms;	/* CLOCK_BOOTTIME, milliseconds: deadlines */
	char boot_id[MOMENT_BOOT_MAX];
};

/* A moment as it is kept on disk. All zero: never. */
struct moment {
	int64_t real;			/* Unix time, seconds */
	int64_t boottime;		/* seconds since that boot */
	char boot[MOMENT_BOOT_MAX];	/* the kernel's boot_id */
};

void moment_set(struct moment *, const struct mfa_time *now);

/* In the same boot as now? */
bool moment_this_boot(const struct moment *, const struct mfa_time *now);

/*
 * Seconds since then that nobody can have made up: on CLOCK_BOOTTIME while the
 * boot is the same; after a reboot the larger of the wall clock's difference
 * (backward counts as none) and the time since boot. So a clock set back
 * shortens no wait, and one set wrongly far ahead does not lock for ever.
 */
uint64_t moment_age(const struct moment *, const struct mfa_time *now);

/*
 * Are there fewer than so many seconds since then, by moment_age and by the
 * wall clock, which may not stand before that moment either? For what is to
 * end: neither a clock set back nor a reboot makes it last longer.
 */
bool moment_within(const struct moment *, uint64_t seconds,
    const struct mfa_time *now);

/* Its three lines: "failed_at = ...", "failed_boottime", "failed_boot". */
enum mfa_err moment_put(const struct moment *, const char *name,
    struct buf *ret) MFA_MUST_CHECK;

/*
 * One of those lines. MFA_ENOENT: the key is not of this name; MFA_ESYNTAX,
 * MFA_ERANGE: the value is no good.
 */
enum mfa_err moment_key(struct moment *, const char *name, const char *key,
    const char *value) MFA_MUST_CHECK;

#endif
