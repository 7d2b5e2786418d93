/* In which of the groups that mfa.conf names is a person? */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>

#include "groups.h"

#define GROUPS_MAX 65536		/* as the kernel's NGROUPS_MAX */
#define ENTRY_FIRST 4096		/* bytes */
#define ENTRY_MAX (64 * 1024 * 1024)	/* a group of a million members */

/* All groups of a person, by gid. NULL: could not be had. */
static gid_t *
groups_of(const struct mfa_subject *who, int *ret_n)
{
	gid_t *groups = NULL, *more;
	int n = 64;

	while (n <= GROUPS_MAX) {
		int cap = n;

		more = realloc(groups, (size_t)n * sizeof(*groups));
		if (more == NULL)
			break;
		groups = more;
		if (getgrouplist(who->user, who->gid, groups, &n) >= 0) {
			*ret_n = n;
			return groups;
		}
		if (n <= cap)
			n = cap * 2;
	}
	free(groups);
	return NULL;
}

/* The gid of a name; its list of members is only in the way. */
static bool
gid_of(const char *name, gid_t *ret)
{
	struct group entry, *found = NULL;
	int failed = ERANGE;

	for (size_t cap = ENTRY_FIRST; failed == ERANGE && cap <= ENTRY_MAX;
	    cap *= 4) {
		char *buf = malloc(cap);

		if (buf == NULL)
			return false;
		failed = getgrnam_r(name, &entry, buf, cap, &found);
		if (found != NULL)
			*ret = found->gr_gid;
		free(buf);
	}
	return failed == 0 && found != NULL;
}

static enum when_met
is_in(const char *name, const gid_t *groups, int n)
{
	gid_t gid;

	if (groups == NULL || !gid_of(name, &gid))
		return WHEN_UNKNOWN;
	for (int i = 0; i < n; i++)
		if (groups[i] == gid)
			return WHEN_YES;
	return WHEN_NO;
}

void
groups_find(const struct mfa_conf *conf, struct mfa_subject *who)
{
	gid_t *groups;
	int n = 0;

	if (conf->ngroups == 0)
		return;
	groups = groups_of(who, &n);
	for (size_t i = 0; i < conf->ngroups; i++)
		who->member[i] = (uint8_t)is_in(conf->group[i], groups, n);
	free(groups);
}
