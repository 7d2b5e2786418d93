/* The only file, but for file_above.c, that opens files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "os.h"

#define ALWAYS (O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
#define PIECE 4096	/* bytes asked for where a size is not known */

/* A path for a message. */
struct shown {
	char path[256];
};

static struct shown
show(const struct file_dir *dir, const char *name)
{
	struct shown s;

	/* Cut off if too long: it is only shown. */
	(void)!snprintf(s.path, sizeof(s.path), "%s%s%s", dir->path,
	    *dir->path ? "/" : "", name);
	return s;
}

/* "PATH: cannot STEP: REASON"; errno is from the step. */
static enum mfa_err
failed(const struct file_dir *dir, const char *name, const char *step,
    struct mfa_why *why)
{
	enum mfa_err r = errno == ENOENT ? MFA_ENOENT :
	    errno == ELOOP || errno == ENOTDIR || errno == ENXIO ? MFA_EPERM :
	    MFA_EIO;

	return mfa_fail(why, r, "%s: cannot %s: %m", show(dir, name).path,
	    step);
}

enum mfa_err
file_judge_owner(const struct stat *st, const struct file_rule *rule,
    const char *path, struct mfa_why *why)
{
	mode_t extra = st->st_mode & 07777 & ~rule->mode;

	/* In a sticky directory nobody moves what is another's. */
	if (rule->shared && S_ISDIR(st->st_mode) && st->st_mode & S_ISVTX)
		extra &= ~(mode_t)022;
	if (rule->owner != FILE_ANYONE && st->st_uid != rule->owner)
		return mfa_fail(why, MFA_EPERM, "%s belongs to uid %u: chown "
		    "%u %s", path, st->st_uid, rule->owner, path);
	if (extra)
		return mfa_fail(why, MFA_EPERM, "%s has mode %04o: chmod %04o "
		    "%s", path, st->st_mode & 07777, st->st_mode & rule->mode,
		    path);
	return MFA_OK;
}

/* The descriptor of what is to be a plain file of ours. */
static enum mfa_err
judge(int fd, const char *path, const struct file_rule *rule,
    struct stat *ret_st, struct mfa_why *why)
{
	if (fstat(fd, ret_st))
		return mfa_fail(why, MFA_EIO, "%s: cannot stat: %m", path);
	if (!S_ISREG(ret_st->st_mode))
		return mfa_fail(why, MFA_EPERM, "%s is not a regular file: "
		    "move it away", path);
	if (ret_st->st_nlink > 1 && !rule->shared)
		return mfa_fail(why, MFA_EPERM, "%s has %lu names: remove the "
		    "other hard links", path, (unsigned long)ret_st->st_nlink);
	if (rule->max > 0 && ret_st->st_size > (off_t)rule->max)
		return mfa_fail(why, MFA_EPERM, "%s has %lld bytes: more than "
		    "%zu are never ours", path, (long long)ret_st->st_size,
		    rule->max);
	return file_judge_owner(ret_st, rule, path, why);
}

enum mfa_err
file_dir(const char *path, const struct file_rule *rule, struct file_dir *ret,
    struct mfa_why *why)
{
	static const struct file_dir cwd = { AT_FDCWD, "", 0 };
	struct stat st;
	enum mfa_err r;
	int fd = open(path, O_RDONLY | O_DIRECTORY | ALWAYS);

	if (fd < 0)
		return failed(&cwd, path, "open", why);
	r = fstat(fd, &st) ? failed(&cwd, path, "stat", why) :
	    file_judge_owner(&st, rule, path, why);
	if (r) {
		close(fd);
		return r;
	}
	*ret = (struct file_dir){ fd, path, st.st_ino };
	return MFA_OK;
}

static ssize_t
read_some(int fd, struct buf *b, size_t want)
{
	ssize_t n;

	do
		n = read(fd, b->data + b->len, want);
	while (n < 0 && errno == EINTR);
	return n;
}

/* size 0 is a file of /proc as well as an empty one: read to the end. */
static enum mfa_err
read_all(int fd, off_t size, size_t max, struct buf *b)
{
	size_t start = b->len;
	size_t goal = size > 0 ? (size_t)size : max;
	enum mfa_err r;
	ssize_t n;

	while (b->len - start < goal) {
		size_t left = goal - (b->len - start);
		size_t want = size > 0 || left < PIECE ? left : PIECE;

		if ((r = buf_reserve(b, b->len + want)))
			return r;
		if ((n = read_some(fd, b, want)) < 0)
			return MFA_EIO;
		if (n == 0)
			return size > 0 ? MFA_EIO : MFA_OK;
		b->len += (size_t)n;
		b->data[b->len] = '\0';
	}
	return MFA_OK;
}

static enum mfa_err
open_judged(const struct file_dir *dir, const char *name,
    const struct file_rule *rule, int *ret_fd, struct stat *ret_st,
    struct mfa_why *why)
{
	struct shown shown = show(dir, name);
	enum mfa_err r;
	int fd = rule->shared ?
	    openat(dir->fd, name, O_RDONLY | (ALWAYS & ~O_NOFOLLOW)) :
	    openat(dir->fd, name, O_RDONLY | ALWAYS);

	if (fd < 0)
		return failed(dir, name, "open", why);
	if ((r = judge(fd, shown.path, rule, ret_st, why)))
		close(fd);
	else
		*ret_fd = fd;
	return r;
}

enum mfa_err
file_open(const struct file_dir *dir, const char *name,
    const struct file_rule *rule, int *ret_fd, struct mfa_why *why)
{
	struct stat st;

	return open_judged(dir, name, rule, ret_fd, &st, why);
}

enum mfa_err
file_read(const struct file_dir *dir, const char *name,
    const struct file_rule *rule, struct buf *ret, struct mfa_why *why)
{
	size_t old = ret->len;
	struct stat st;
	enum mfa_err r;
	int fd;

	if ((r = open_judged(dir, name, rule, &fd, &st, why)))
		return r;
	if ((r = read_all(fd, st.st_size, rule->max, ret))) {
		mfa_fail(why, r, "%s: cannot read all of it",
		    show(dir, name).path);
		if (ret->len > old) {
			mfa_wipe(ret->data + old, ret->len - old);
			ret->len = old;
		}
	}
	close(fd);
	return r;
}

/* Never an existing file: no link, no FIFO, nobody else's. */
static int
create(int dir, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | ALWAYS;
	int fd = openat(dir, name, flags, 0600);

	if (fd < 0 && errno == EEXIST && !unlinkat(dir, name, 0))
		fd = openat(dir, name, flags, 0600);
	return fd;
}

bool
file_write_all(int fd, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

enum mfa_err
file_replace(const struct file_dir *dir, const struct file_new *new,
    struct mfa_why *why)
{
	const char *step = "create";
	enum mfa_err r;
	int fd = create(dir->fd, new->tmp);

	if (fd < 0)
		goto fail;
	step = "write";
	if (!file_write_all(fd, new->bytes, new->len))
		goto fail;
	step = "sync";
	if (fsync(fd))
		goto fail;
	step = "close";
	if (close(fd)) {
		fd = -1;
		goto fail;
	}
	fd = -1;
	step = "rename";
	if (renameat(dir->fd, new->tmp, dir->fd, new->name))
		goto fail;
	step = "sync the directory of";
	if (!fsync(dir->fd))
		return MFA_OK;
fail:
	r = failed(dir, new->name, step, why);
	if (fd >= 0)
		close(fd);
	/* Whatever failed: nothing of what was not put in place lies about. */
	unlinkat(dir->fd, new->tmp, 0);
	return r == MFA_ENOENT ? MFA_EIO : r;
}

/* Tries, with pauses from 1 to 16 ms, until the time is over. */
static enum mfa_err
lock_fd(int fd, int64_t until)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int pause = 1;

	while (fcntl(fd, F_OFD_SETLK, &whole)) {
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return MFA_EIO;
		if (os_boot_ms() >= until)
			return MFA_EBUSY;
		poll(NULL, 0, pause);
		pause = pause < 16 ? pause * 2 : 16;
	}
	return MFA_OK;
}

/* *ret_gone: somebody unlinked the file; its lock keeps nobody out. */
static enum mfa_err
lock_once(const struct file_dir *dir, const char *name,
    const struct file_rule *rule, int64_t until, int *ret_fd, bool *ret_gone,
    struct mfa_why *why)
{
	struct shown shown = show(dir, name);
	struct stat st;
	enum mfa_err r;
	int fd = openat(dir->fd, name, O_RDWR | O_CREAT | ALWAYS, 0600);

	if (fd < 0)
		return failed(dir, name, "open", why);
	if ((r = lock_fd(fd, until)) == MFA_EBUSY)
		mfa_fail(why, r, "%s: locked by another login", shown.path);
	else if (r)
		mfa_fail(why, r, "%s: cannot lock: %m", shown.path);
	else
		r = judge(fd, shown.path, rule, &st, why);
	*ret_gone = !r && st.st_nlink == 0;
	if (r || *ret_gone)
		close(fd);
	else
		*ret_fd = fd;
	return r;
}

enum mfa_err
file_lock(const struct file_dir *dir, const char *name,
    const struct file_rule *rule, int wait_ms, int *ret_fd,
    struct mfa_why *why)
{
	int64_t until = os_boot_ms() + wait_ms;
	enum mfa_err r;
	bool gone;

	do {
		r = lock_once(dir, name, rule, until, ret_fd, &gone, why);
		if (r || !gone)
			return r == MFA_ENOENT ? MFA_EIO : r;
	} while (os_boot_ms() < until);
	return mfa_fail(why, MFA_EBUSY, "%s: somebody keeps removing it",
	    show(dir, name).path);
}

enum mfa_err
file_remove(const struct file_dir *dir, const char *name, struct mfa_why *why)
{
	if (unlinkat(dir->fd, name, 0))
		return failed(dir, name, "remove", why);
	if (fsync(dir->fd)) {
		failed(dir, name, "sync the directory of", why);
		return MFA_EIO;
	}
	return MFA_OK;
}

enum mfa_err
file_mkdir(const struct file_dir *dir, const char *name, struct mfa_why *why)
{
	if (!mkdirat(dir->fd, name, 0700) && !fsync(dir->fd))
		return MFA_OK;
	if (errno == EEXIST)
		return MFA_OK;
	failed(dir, name, "make the directory", why);
	return MFA_EIO;
}

static int
visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* strcmp and not alphasort: no locale. */
static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

enum mfa_err
file_each(const struct file_dir *dir, file_each_fn *each, void *ctx,
    struct mfa_why *why)
{
	struct dirent **list;
	enum mfa_err r = MFA_OK;
	int n = scandirat(dir->fd, ".", &list, visible, by_bytes);

	if (n < 0) {
		failed(dir, ".", "list", why);
		return MFA_EIO;
	}
	for (int i = 0; i < n; i++) {
		if (!r)
			r = each(ctx, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return r;
}
