/* The factors in the home of whoever one is. */
#include <stdio.h>
#include <unistd.h>

#include "file.h"
#include "home.h"

#define PATH_SIZE 1100

/* ~/.mfa; not to be copied, for dir shows path. */
struct place {
	char path[PATH_SIZE];
	struct file_dir dir;
};

/* "/." because a home may be a symbolic link. */
static enum mfa_err
enter(const char *home, uid_t uid, bool make, struct place *ret,
    struct mfa_why *why)
{
	const struct file_rule home_rule = { .owner = uid, .mode = 02755 };
	const struct file_rule dir_rule = { .owner = uid, .mode = 0700 };
	enum mfa_err r;

	if (*home != '/')
		return mfa_fail(why, MFA_EIO, "the home \"%s\" is no absolute "
		    "path", home);
	snprintf(ret->path, sizeof(ret->path), "%s/.", home);
	if ((r = file_dir(ret->path, &home_rule, &ret->dir, why)))
		return r == MFA_ENOENT ? MFA_EIO : r;
	if (make)
		r = file_mkdir(&ret->dir, HOME_DIR, why);
	close(ret->dir.fd);
	if (r)
		return r;
	snprintf(ret->path, sizeof(ret->path), "%s/" HOME_DIR, home);
	return file_dir(ret->path, &dir_rule, &ret->dir, why);
}

enum mfa_err
home_read(const char *path, uid_t uid, struct buf *ret, struct mfa_why *why)
{
	const struct file_rule rule = { .owner = uid, .mode = 0600,
	    .max = HOME_MAX };
	struct place p = { .dir.fd = -1 };
	enum mfa_err r;

	if ((r = enter(path, uid, false, &p, why)))
		return r;
	r = file_read(&p.dir, HOME_FILE, &rule, ret, why);
	close(p.dir.fd);
	return r;
}

enum mfa_err
home_remove(const char *path, uid_t uid, struct mfa_why *why)
{
	struct place p = { .dir.fd = -1 };
	enum mfa_err r;

	if ((r = enter(path, uid, false, &p, why)))
		return r;
	r = file_remove(&p.dir, HOME_FILE, why);
	close(p.dir.fd);
	return r;
}

enum mfa_err
home_write(const char *path, uid_t uid, const struct buf *factors,
    struct mfa_why *why)
{
	const struct file_new new = { HOME_FILE, ".tmp." HOME_FILE,
	    buf_str(factors), factors->len };
	struct place p = { .dir.fd = -1 };
	enum mfa_err r;

	if ((r = enter(path, uid, true, &p, why)))
		return r;
	r = file_replace(&p.dir, &new, why);
	close(p.dir.fd);
	return r;
}
