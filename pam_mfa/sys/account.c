/* Who is this name? */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"

#define ENTRY_FIRST 1024		/* bytes */
#define ENTRY_MAX (256 * 1024)		/* far beyond what is ever usable */

/* One cut short would be somebody else. */
static enum mfa_err
take(const struct passwd *pw, struct mfa_subject *who, struct mfa_why *why)
{
	if (*pw->pw_name == '\0' || strlen(pw->pw_name) >= sizeof(who->user) ||
	    strlen(pw->pw_dir) >= sizeof(who->home))
		return mfa_fail(why, MFA_ERANGE, "%s: the name or the home "
		    "directory is too long", pw->pw_name);
	snprintf(who->user, sizeof(who->user), "%s", pw->pw_name);
	snprintf(who->home, sizeof(who->home), "%s", pw->pw_dir);
	who->uid = pw->pw_uid;
	who->gid = pw->pw_gid;
	who->known = true;
	return MFA_OK;
}

/* What getpwnam_r(3) or getpwuid_r(3) answers. */
static enum mfa_err
answer(const char *name, int error, const struct passwd *found,
    struct mfa_subject *who, struct mfa_why *why)
{
	if (found != NULL)
		return take(found, who, why);
	if (error == 0)
		return mfa_fail(why, MFA_ENOENT, "%s: there is no such account",
		    name);
	errno = error;
	return mfa_fail(why, error == ENOMEM ? MFA_ENOMEM : MFA_EIO, "%s: the "
	    "account cannot be looked up: %m", name);
}

/* getpwnam_r(3) or getpwuid_r(3), of what key points to. */
typedef int getter(const void *key, struct passwd *, char *, size_t,
    struct passwd **);

static int
by_name(const void *key, struct passwd *entry, char *buf, size_t cap,
    struct passwd **ret)
{
	return getpwnam_r(key, entry, buf, cap, ret);
}

static int
by_uid(const void *key, struct passwd *entry, char *buf, size_t cap,
    struct passwd **ret)
{
	return getpwuid_r(*(const uid_t *)key, entry, buf, cap, ret);
}

/* name: for what is said of it. */
static enum mfa_err
look_up(getter *get, const void *key, const char *name,
    struct mfa_subject *who, struct mfa_why *why)
{
	struct passwd entry, *found = NULL;
	int error = ERANGE;
	char *buf = NULL;
	enum mfa_err r;

	for (size_t cap = ENTRY_FIRST; error == ERANGE && cap <= ENTRY_MAX;
	    cap *= 4) {
		free(buf);
		buf = malloc(cap);
		error = buf == NULL ? ENOMEM :
		    get(key, &entry, buf, cap, &found);
	}
	r = answer(name, error, found, who, why);
	free(buf);
	return r;
}

enum mfa_err
account_find(const char *name, struct mfa_subject *who, struct mfa_why *why)
{
	return look_up(by_name, name, name, who, why);
}

enum mfa_err
account_of(uid_t uid, struct mfa_subject *who, struct mfa_why *why)
{
	char name[24];

	snprintf(name, sizeof(name), "uid %u", (unsigned)uid);
	return look_up(by_uid, &uid, name, who, why);
}
