#include "aftermath.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pamhost.h"

#define KINDS_MAX 200
#define FILES_MAX 16
#define PATH_BYTES 300

static struct {
	struct { struct aftermath what; int result; } kind[KINDS_MAX];
	int kinds;
	struct { char path[PATH_BYTES], text[AFTERMATH_MAX]; } file[FILES_MAX];
	int files;
} all;

static void
slurp(const char *path, char ret[static AFTERMATH_MAX])
{
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(ret, 1, AFTERMATH_MAX - 1, f) : 0;

	pamhost_must(f != NULL && n < AFTERMATH_MAX - 1, path);
	fclose(f);
	ret[n] = '\0';
}

static void
append(char *dst, const char *text, size_t n)
{
	size_t len = strlen(dst);

	pamhost_must(len + n < AFTERMATH_MAX, "aftermath: too much");
	memcpy(dst + len, text, n);
	dst[len + n] = '\0';
}

/* How much of the line is alike in all runs, and what then follows again. */
static size_t
alike(const char *line, const char **ret_rest)
{
	static const char *const varies[] = { "_at = ", "_boottime = ",
	    "created = ", "mac = ", "[factor totp-", "sent = ", "refused = ",
	    "= sealed:" };
	size_t len = strcspn(line, "\n");

	*ret_rest = line + len;
	for (size_t i = 0; i < sizeof(varies) / sizeof(*varies); i++) {
		const char *at = strstr(line, varies[i]);

		if (at == NULL || at >= line + len)
			continue;
		at += strlen(varies[i]);
		*ret_rest = at + strcspn(at, " ]\n");
		return (size_t)(at - line);
	}
	return len;
}

static void
take_file(const char *path, struct aftermath *ret)
{
	char text[AFTERMATH_MAX];
	const char *line = text, *rest;

	if (access(path, F_OK) != 0)
		return;
	append(ret->kept, path, strlen(path));
	append(ret->kept, ":\n", 2);
	slurp(path, text);
	while (*line != '\0') {
		size_t n = alike(line, &rest);

		append(ret->kept, line, n);
		if (rest > line + n)
			append(ret->kept, "*", 1);
		line = rest + strcspn(rest, "\n");
		line += *line == '\n';
		append(ret->kept, rest, (size_t)(line - rest));
	}
}

typedef void file_fn(const char *path, void *ctx);

static void
each_of(const char *dir, file_fn *fn, void *ctx)
{
	char path[PATH_BYTES];
	struct dirent **list;
	int n = scandir(dir, &list, NULL, alphasort);

	pamhost_must(n >= 0, dir);
	for (int i = 0; i < n; free(list[i++])) {
		if (list[i]->d_type == DT_DIR)
			continue;
		(void)!snprintf(path, sizeof(path), "%s/%s", dir,
		    list[i]->d_name);
		fn(path, ctx);
	}
	free(list);
}

static void
each(file_fn *fn, void *ctx)
{
	each_of("users", fn, ctx);
	each_of("state", fn, ctx);
}

static void
take_name(const char *path, void *ctx)
{
	struct aftermath *ret = ctx;
	char line[PATH_BYTES + 32];
	struct stat st;

	pamhost_must(lstat(path, &st) == 0, path);
	append(ret->rest, line, (size_t)snprintf(line, sizeof(line),
	    "%s %o %lld\n", path, st.st_mode, (long long)st.st_size));
}

void
aftermath_take(const char *const *names, struct aftermath *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (; *names != NULL; names++)
		take_file(*names, ret);
	each(take_name, ret);
}

bool
aftermath_same(const struct aftermath *a, const struct aftermath *b)
{
	return strcmp(a->kept, b->kept) == 0;
}

bool
aftermath_is_new(const struct aftermath *a, int result)
{
	for (int i = 0; i < all.kinds; i++)
		if (all.kind[i].result == result &&
		    aftermath_same(&all.kind[i].what, a) &&
		    strcmp(all.kind[i].what.rest, a->rest) == 0)
			return false;
	/* If there are more than that, they are tried again. */
	if (all.kinds < KINDS_MAX) {
		all.kind[all.kinds].what = *a;
		all.kind[all.kinds++].result = result;
	}
	return true;
}

static void
save(const char *path, void *ctx)
{
	(void)ctx;
	pamhost_must(all.files < FILES_MAX, "aftermath: too many files");
	snprintf(all.file[all.files].path, PATH_BYTES, "%s", path);
	slurp(path, all.file[all.files++].text);
}

void
aftermath_save(void)
{
	all.files = 0;
	each(save, NULL);
}

static void
take_away(const char *path, void *ctx)
{
	(void)ctx;
	pamhost_must(unlink(path) == 0, path);
}

void
aftermath_restore(void)
{
	each(take_away, NULL);
	for (int i = 0; i < all.files; i++)
		pamhost_write(all.file[i].path, 0600, "%s", all.file[i].text);
}
