/* Who logs in, from where, through what. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "subject.h"
#include "sys/os.h"

#define GROUPS_MAX 65536	/* as the kernel's NGROUPS_MAX */

static void
item(pam_handle_t *pamh, int type, char *dst, size_t cap)
{
	const void *value = NULL;

	if (pam_get_item(pamh, type, &value) != PAM_SUCCESS || value == NULL)
		value = "";
	snprintf(dst, cap, "%s", (const char *)value);
}

/* All groups of a person, by gid. NULL: could not be had. */
static gid_t *
groups_of(const struct mfa_subject *who, int *ret_n)
{
	gid_t *groups = NULL, *more;
	int n = 64;

	while (n <= GROUPS_MAX) {
		int cap = n;

		if ((more = realloc(groups,
		    (size_t)n * sizeof(*groups))) == NULL)
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

static bool
is_in(pam_handle_t *pamh, const struct conf_rule *rule, const gid_t *groups,
    int n)
{
	const struct group *gr = pam_modutil_getgrnam(pamh, rule->name);

	if (gr == NULL || groups == NULL)
		return rule->login.not_enrolled == CONF_DENY;
	for (int i = 0; i < n; i++)
		if (groups[i] == gr->gr_gid)
			return true;
	return false;
}

/* Looked up only if a [group] section asks: it may cost a directory search. */
static void
membership(pam_handle_t *pamh, const struct mfa_conf *conf,
    struct mfa_subject *who)
{
	gid_t *groups = NULL;
	bool looked = false;
	int n = 0;

	for (size_t i = 0; i < conf->nrules; i++) {
		if (conf->rule[i].kind != CONF_GROUP)
			continue;
		if (!looked)
			groups = groups_of(who, &n);
		looked = true;
		who->ingroup[i] = is_in(pamh, &conf->rule[i], groups, n);
	}
	free(groups);
}

void
subject_items(pam_handle_t *pamh, struct mfa_subject *ret)
{
	*ret = (struct mfa_subject){ 0 };
	item(pamh, PAM_USER, ret->user, sizeof(ret->user));
	item(pamh, PAM_SERVICE, ret->service, sizeof(ret->service));
	item(pamh, PAM_RHOST, ret->rhost, sizeof(ret->rhost));
	item(pamh, PAM_TTY, ret->tty, sizeof(ret->tty));
	item(pamh, PAM_RUSER, ret->ruser, sizeof(ret->ruser));
}

/* Does the entry fit? One cut short would be somebody else. */
static bool
usable(const struct passwd *pw, const struct mfa_subject *who)
{
	return pw != NULL && *pw->pw_name != '\0' &&
	    strlen(pw->pw_name) < sizeof(who->user) &&
	    strlen(pw->pw_dir) < sizeof(who->home);
}

/*
 * PAM's environment is what modules and the application put there; the
 * process's own is the caller's.
 */
static void
evidence(pam_handle_t *pamh, const struct mfa_conf *conf,
    struct mfa_subject *who)
{
	struct conf_login login;

	conf_login_for(conf, who->service, who->ingroup, &login);
	if (login.remember > 0)
		who->auth_info = pam_getenv(pamh, "SSH_AUTH_INFO_0");
	if (login.grace > 0)
		os_session(who->session, sizeof(who->session));
}

enum mfa_err
subject_get(pam_handle_t *pamh, const struct mfa_conf *conf,
    struct mfa_subject *ret)
{
	const struct passwd *pw;
	const char *name = NULL;

	/* Asks for it where the application has not (login). */
	if (pam_get_user(pamh, &name, NULL) != PAM_SUCCESS || name == NULL)
		return MFA_ECONV;
	subject_items(pamh, ret);
	pw = pam_modutil_getpwnam(pamh, name);
	if (!usable(pw, ret))
		return MFA_OK;
	snprintf(ret->user, sizeof(ret->user), "%s", pw->pw_name);
	snprintf(ret->home, sizeof(ret->home), "%s", pw->pw_dir);
	ret->uid = pw->pw_uid;
	ret->gid = pw->pw_gid;
	ret->known = true;
	membership(pamh, conf, ret);
	evidence(pamh, conf, ret);
	return MFA_OK;
}
