/* The clock port over the kernel's clocks, and the host's name. */
#ifndef MFA_OS_H
#define MFA_OS_H

#include "ports.h"

/*
 * CLOCK_REALTIME and CLOCK_BOOTTIME; with the boot,
 * /proc/sys/kernel/random/boot_id.
 */
struct mfa_clock os_clock(void);

#define OS_HOST_MAX 256	/* bytes, NUL included */

/* The host's name, "localhost" if there is none. Returns dst. */
char *os_hostname(char *dst, size_t cap);

/*
 * The session of a terminal that we run in: uid, terminal, leader and its
 * start, boot. "" if there is no terminal, or its session's leader is gone.
 * Of dst, which has cap bytes. Returns dst.
 */
char *os_session(char *dst, size_t cap);

#endif
