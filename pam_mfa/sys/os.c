/* The kernel's clocks and the host's name. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "os.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

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

	if (!(r = read_proc(BOOT_ID, MOMENT_BOOT_MAX - 1, &id)) &&
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

/* What we need of /proc/PID/stat, proc(5). */
struct process {
	int session, tty;
	unsigned long long start;	/* ticks since boot */
};

/* Its name, in parentheses, may hold anything: the last ')' ends it. */
static bool
read_process(const char *pid, struct process *ret)
{
	struct buf text = { 0 };
	char path[64];
	const char *end;
	bool ok;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	ok = !read_proc(path, 4096, &text) &&
	    (end = strrchr(buf_str(&text), ')')) != NULL &&
	    sscanf(end, ") %*c %*d %*d %d %d %*d %*u %*u %*u %*u %*u %*u %*u "
	    "%*d %*d %*d %*d %*d %*d %llu", &ret->session, &ret->tty,
	    &ret->start) == 3;
	buf_wipe(&text);
	return ok;
}

char *
os_session(char *dst, size_t cap)
{
	struct process self, leader;
	struct mfa_time t;
	char pid[16];

	*dst = '\0';
	if (!read_process("self", &self) || self.tty == 0)
		return dst;
	snprintf(pid, sizeof(pid), "%d", self.session);
	if (!read_process(pid, &leader) || leader.session != self.session ||
	    leader.tty != self.tty || now_and_boot(NULL, &t))
		return dst;
	snprintf(dst, cap, "session %u %d %d %llu %s", (unsigned)getuid(),
	    self.tty, self.session, leader.start, t.boot_id);
	return dst;
}
