/* What is made of the store: the port that writes, and everybody's names. */
#include <unistd.h>

#include "../core/text.h"
#include "root_dir.h"
#include "store_file.h"

static enum mfa_err
write_factors(void *ctx, const struct buf *text, struct mfa_why *why)
{
	return store_file_save(ctx, text, why);
}

static enum mfa_err
remove_factors(void *ctx, struct mfa_why *why)
{
	return store_file_remove(ctx, why);
}

struct mfa_writer
store_file_writer(struct store_file *s)
{
	return (struct mfa_writer){ .ctx = s, .save = write_factors,
	    .remove = remove_factors };
}

/* A name we did not write is somebody's copy, not a person. */
struct walk {
	store_file_each_fn *each;
	void *ctx;
};

static enum mfa_err
one(void *ctx, const char *file)
{
	const struct walk *w = ctx;
	char user[TEXT_NAME_MAX + 1];

	if (text_name_unescape(file, user))
		return MFA_OK;
	return w->each(w->ctx, user);
}

enum mfa_err
store_file_each(const struct mfa_conf *conf, store_file_each_fn *each,
    void *ctx, struct mfa_why *why)
{
	struct walk w = { each, ctx };
	struct file_dir dir;
	enum mfa_err r;

	if ((r = root_dir_open(conf->users, &dir, why)))
		return r;
	r = file_each(&dir, one, &w, why);
	close(dir.fd);
	return r;
}
