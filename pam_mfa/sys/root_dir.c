/* A directory of ours. */
#include "root_dir.h"

enum mfa_err
root_dir_open(const char *path, struct file_dir *ret, struct mfa_why *why)
{
	static const struct file_rule rule = { .owner = 0, .mode = 0700 };
	enum mfa_err r;

	if (!(r = file_above(path, why)))
		r = file_dir(path, &rule, ret, why);
	return r == MFA_ENOENT ? MFA_EIO : r;
}
