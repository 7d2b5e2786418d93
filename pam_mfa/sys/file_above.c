/*
 * The directories on the way to something, walked as the kernel walks: so those
 * count as well in which a link lies, and those that it leads through.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

#define LINKS_MAX 16
#define HANDLE (O_PATH | O_NOFOLLOW | O_CLOEXEC)

struct walk {
	int at;				/* the directory that was reached */
	char shown[FILE_PATH_MAX];	/* the way to it, or to a link in it */
	char left[FILE_PATH_MAX];	/* the way from it */
	unsigned links;
};

/* Takes fd, which is judged. */
static enum mfa_err
arrive(struct walk *w, int fd, const struct stat *st, struct mfa_why *why)
{
	static const struct file_rule rule = { .owner = 0, .mode = 03755,
	    .shared = true };

	if (w->at >= 0)
		close(w->at);
	w->at = fd;
	if (!S_ISDIR(st->st_mode))
		return mfa_fail(why, MFA_EPERM, "%s is not a directory",
		    w->shown);
	return file_judge_owner(st, &rule, w->shown, why);
}

/* From the root, or from the current directory. */
static enum mfa_err
depart(struct walk *w, const char *from, struct mfa_why *why)
{
	struct stat st;
	int fd = open(from, HANDLE);

	snprintf(w->shown, sizeof(w->shown), "%s", from);
	if (fd < 0 || fstat(fd, &st)) {
		if (fd >= 0)
			close(fd);
		return mfa_fail(why, MFA_EIO, "%s: cannot open: %m", from);
	}
	return arrive(w, fd, &st, why);
}

/* Where a link leads to is put before what is left. */
static enum mfa_err
follow(struct walk *w, int link, const struct stat *st, struct mfa_why *why)
{
	char way[2 * FILE_PATH_MAX], target[FILE_PATH_MAX];
	ssize_t n = readlinkat(link, "", target, sizeof(target) - 1);

	if (n < 0)
		return mfa_fail(why, MFA_EIO, "%s: cannot read the link: %m",
		    w->shown);
	if (st->st_uid != 0)
		return mfa_fail(why, MFA_EPERM, "%s is a link of uid %u's: "
		    "remove it", w->shown, st->st_uid);
	target[n] = '\0';
	snprintf(way, sizeof(way), "%s%s", target, w->left);
	if (++w->links > LINKS_MAX || strlen(way) >= sizeof(w->left))
		return mfa_fail(why, MFA_EPERM, "%s: the links lead too far",
		    w->shown);
	memcpy(w->left, way, strlen(way) + 1);
	if (*target == '/')
		return depart(w, "/", why);
	*strrchr(w->shown, '/') = '\0';
	return MFA_OK;
}

/* One part further. */
static enum mfa_err
step(struct walk *w, const char *part, struct mfa_why *why)
{
	size_t len = strlen(w->shown);
	struct stat st;
	enum mfa_err r;
	int fd = openat(w->at, part, HANDLE);

	snprintf(w->shown + len, sizeof(w->shown) - len, "%s%s",
	    len > 0 && w->shown[len - 1] == '/' ? "" : "/", part);
	if (fd < 0 || fstat(fd, &st)) {
		r = mfa_fail(why, errno == ENOENT ? MFA_ENOENT : MFA_EIO,
		    "%s: cannot open: %m", w->shown);
		if (fd >= 0)
			close(fd);
		return r;
	}
	if (!S_ISLNK(st.st_mode))
		return arrive(w, fd, &st, why);
	r = follow(w, fd, &st, why);
	close(fd);
	return r;
}

/* Takes the first part of what is left. False: it is the last one. */
static bool
next_part(struct walk *w, char ret_part[static FILE_PATH_MAX])
{
	const char *begin = w->left + strspn(w->left, "/");
	size_t len = strcspn(begin, "/");

	if (begin[len] == '\0')
		return false;
	memcpy(ret_part, begin, len);
	ret_part[len] = '\0';
	memmove(w->left, begin + len, strlen(begin + len) + 1);
	return true;
}

enum mfa_err
file_above(const char *path, struct mfa_why *why)
{
	struct walk w = { .at = -1 };
	char part[FILE_PATH_MAX];
	enum mfa_err r;

	if (strlen(path) >= sizeof(w.left))
		return mfa_fail(why, MFA_EPERM, "%.200s: too long", path);
	memcpy(w.left, path, strlen(path) + 1);
	r = depart(&w, *path == '/' ? "/" : ".", why);
	while (!r && next_part(&w, part))
		r = step(&w, part, why);
	if (w.at >= 0)
		close(w.at);
	return r;
}
