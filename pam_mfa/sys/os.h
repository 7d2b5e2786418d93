/* The clock port over the kernel's clocks, and the host's name. */
#ifndef MFA_OS_H
#define MFA_OS_H

#include "ports.h"

/*
 * CLOCK_REALTIME and CLOCK_BOOTTIME; with the boot,
 * /proc/sys/kernel/random/boot_id.
 */
struct mfa_clock os_clock(void);

/* Milliseconds of CLOCK_BOOTTIME, for waits; it cannot fail on Linux. */
int64_t os_boot_ms(void);

#define OS_HOST_MAX 256	/* bytes, NUL included */

/* The host's name, "localhost" if there is none. Returns dst. */
char *os_hostname(char *dst, size_t cap);

/*
 * The session of a terminal that we run in: uid, terminal, leader and its
 * start, boot. "" if there is no terminal, or its session's leader is gone.
 * Of dst, which has cap bytes. Returns dst.
 */
char *os_session(char *dst, size_t cap);

/*
 * The host's local time by /etc/localtime (RFC 8536) and nothing else: TZ may
 * be a user's. Without that file it is UTC, as for libc. Minutes since
 * 1970-01-01 00:00; -1: it cannot be told.
 */
int64_t os_local_minute(void);

#endif
