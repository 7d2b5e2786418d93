/* mfa.conf from the disk. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf_load.h"
#include "file.h"

static const struct file_rule file_rule = { .owner = 0, .mode = 0644,
    .max = CONF_FILE_MAX };
static const struct file_rule dir_rule = { .owner = 0, .mode = 0755 };

struct loader {
	struct mfa_conf *conf;
	struct mfa_why *why;
	struct file_dir dir;
};

static enum mfa_err
load_file(struct loader *l, const char *name)
{
	char shown[2 * CONF_PATH_MAX];
	struct buf text = { 0 };
	enum mfa_err r;

	(void)!snprintf(shown, sizeof(shown), "%s%s%s", l->dir.path,
	    *l->dir.path ? "/" : "", name);
	if (!(r = file_read(&l->dir, name, &file_rule, &text, l->why)))
		r = conf_parse(l->conf, shown, buf_str(&text), text.len,
		    l->why);
	buf_wipe(&text);
	return r;
}

/* What an editor or a package leaves behind there is not configuration. */
static enum mfa_err
load_one(void *ctx, const char *name)
{
	size_t len = strlen(name);

	if (len <= strlen(".conf") || strcmp(name + len - 5, ".conf") != 0)
		return MFA_OK;
	return load_file(ctx, name);
}

static enum mfa_err
load_dir(struct loader *l, const char *path)
{
	char dir[CONF_PATH_MAX + 2];
	enum mfa_err r;

	snprintf(dir, sizeof(dir), "%s.d", path);
	if ((r = file_dir(dir, &dir_rule, &l->dir, l->why)))
		return r == MFA_ENOENT ? MFA_OK : r;
	r = file_each(&l->dir, load_one, l, l->why);
	close(l->dir.fd);
	return r == MFA_ENOENT ? MFA_EIO : r;
}

enum mfa_err
conf_load(const char *path, struct mfa_conf *ret, struct mfa_why *why)
{
	struct mfa_why mine = { "" };
	struct loader l = { ret, &mine, { AT_FDCWD, "" } };
	enum mfa_err r;

	if (strlen(path) >= CONF_PATH_MAX)
		return mfa_fail(why, MFA_ERANGE, "%s: the path is too long",
		    path);
	conf_init(ret);
	if (!(r = file_above(path, &mine)) && !(r = load_file(&l, path)) &&
	    !(r = load_dir(&l, path)))
		return conf_finish(ret, why);
	return mfa_fail(why, r, "%s", mine.text);
}
