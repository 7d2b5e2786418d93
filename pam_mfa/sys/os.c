/* The kernel's clocks and the host's name. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../core/text.h"
#include "../core/zone.h"
#include "file.h"
#include "os.h"

#define ZONE "/etc/localtime"
#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define PROC_STAT_MAX 2048	/* bytes */
#define BOOT_ID_LEN 37	/* bytes, with the newline: then no end is to be read */

int64_t
os_boot_ms(void)
{
	struct timespec boot = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &boot);
	return (int64_t)boot.tv_sec * 1000 + boot.tv_nsec / 1000000;
}

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

/* A file of the kernel's. */
static enum mfa_err
read_proc(const char *path, size_t max, struct buf *ret)
{
	static const struct file_dir root = { AT_FDCWD, "" };
	const struct file_rule rule = { .owner = FILE_ANYONE, .mode = 0444,
	    .max = max };

	return file_read(&root, path, &rule, ret, NULL);
}

static enum mfa_err
now_and_boot(void *ctx, struct mfa_time *ret)
{
	struct buf id = { 0 };
	enum mfa_err r;

	if (!(r = read_proc(BOOT_ID, BOOT_ID_LEN, &id)) &&
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

#define STAT_MAX 24	/* bytes of a field, NUL included */

/* What we need of /proc/PID/stat, as it stands there; proc(5). */
struct process {
	char session[STAT_MAX], tty[STAT_MAX];
	char start[STAT_MAX];	/* ticks since boot */
};

/* Field n of stat; its fields after the name begin with the third. */
static bool
field(const char *rest, unsigned n, char ret[static STAT_MAX])
{
	size_t len = 0;
	const char *word = text_word(&rest, &len);

	for (unsigned i = 3; i < n && word != NULL; i++)
		word = text_word(&rest, &len);
	return word != NULL && (size_t)snprintf(ret, STAT_MAX, "%.*s",
	    (int)len, word) == len;
}

/* The name, in parentheses, may hold anything: the last ')' ends it. */
static bool
read_process(const char *pid, struct process *ret)
{
	struct buf text = { 0 };
	char path[64];
	const char *end;
	bool ok;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	ok = !read_proc(path, PROC_STAT_MAX, &text) &&
	    (end = strrchr(buf_str(&text), ')')) != NULL &&
	    field(end + 1, 6, ret->session) && field(end + 1, 7, ret->tty) &&
	    field(end + 1, 22, ret->start);
	buf_wipe(&text);
	return ok;
}

char *
os_session(char *dst, size_t cap)
{
	struct process self, leader;
	struct mfa_time t;
	int n;

	*dst = '\0';
	if (!read_process("self", &self) || !strcmp(self.tty, "0") ||
	    !read_process(self.session, &leader) ||
	    strcmp(leader.session, self.session) != 0 ||
	    strcmp(leader.tty, self.tty) != 0 || now_and_boot(NULL, &t))
		return dst;
	n = snprintf(dst, cap, "session %u %s %s %s %s", (unsigned)getuid(),
	    self.tty, self.session, leader.start, t.boot_id);
	if (n < 0 || (size_t)n >= cap)
		*dst = '\0';
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
