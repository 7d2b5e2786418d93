/* The kernel's clocks and the host's name. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../core/zone.h"
#include "file.h"
#include "os.h"

#define ZONE "/etc/localtime"
#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define BOOT_ID_LEN 37	/* bytes, with the newline: then no end is to be read */

static enum mfa_err
now(void *ctx, struct mfa_time *ret)
{
	struct timespec real, boot;

	(void)ctx;
	if (clock_gettime(CLOCK_REALTIME, &real) ||
	    clock_gettime(CLOCK_BOOTTIME, &boot))
		return MFA_EIO;
	*ret = (struct mfa_time){ .real = real.tv_sec,
	    .boot_ms = (int64_t)boot.tv_sec * 1000 + boot.tv_nsec / 1000000 };
	return MFA_OK;
}

static enum mfa_err
now_and_boot(void *ctx, struct mfa_time *ret)
{
	static const struct file_dir root = { AT_FDCWD, "" };
	static const struct file_rule rule = { .owner = FILE_ANYONE,
	    .mode = 0444, .max = BOOT_ID_LEN };
	struct buf id = { 0 };
	enum mfa_err r;

	if (!(r = file_read(&root, BOOT_ID, &rule, &id, NULL)) &&
	    !(r = now(ctx, ret)))
		snprintf(ret->boot_id, sizeof(ret->boot_id), "%.*s",
		    (int)strcspn(buf_str(&id), "\n"), buf_str(&id));
	buf_wipe(&id);
	return r ? MFA_EIO : MFA_OK;
}

struct mfa_clock
os_clock(void)
{
	return (struct mfa_clock){ .now = now, .now_and_boot = now_and_boot };
}

char *
os_hostname(char *dst, size_t cap)
{
	if (gethostname(dst, cap) || *dst == '\0')
		snprintf(dst, cap, "localhost");
	dst[cap - 1] = '\0';
	return dst;
}

int64_t
os_local_minute(void)
{
	static const struct file_dir root = { AT_FDCWD, "" };
	static const struct file_rule rule = { .owner = 0, .mode = 0755,
	    .max = ZONE_FILE_MAX, .shared = true };
	struct timespec now;
	struct buf zone = { 0 };
	int32_t east = 0;
	enum mfa_err r;

	if (clock_gettime(CLOCK_REALTIME, &now))
		return -1;
	r = file_read(&root, ZONE, &rule, &zone, NULL);
	if (!r)
		r = zone_offset(zone.data, zone.len, now.tv_sec, &east);
	buf_wipe(&zone);
	if (r && r != MFA_ENOENT)
		return -1;
	return now.tv_sec + east < 0 ? -1 : (now.tv_sec + east) / 60;
}
