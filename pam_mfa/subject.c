/* Who logs in, from where, through what. */
#include <security/pam_ext.h>
#include <stdio.h>
#include <string.h>

#include "subject.h"
#include "sys/account.h"
#include "sys/groups.h"
#include "sys/os.h"

static void
item(pam_handle_t *pamh, int type, char *dst, size_t cap)
{
	const void *value = NULL;

	if (pam_get_item(pamh, type, &value) != PAM_SUCCESS || value == NULL)
		value = "";
	snprintf(dst, cap, "%s", (const char *)value);
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

/*
 * PAM's environment is what modules and the application put there; the
 * process's own is the caller's.
 */
static void
evidence(pam_handle_t *pamh, const struct mfa_conf *conf,
    struct mfa_subject *who)
{
	const struct policy_ctx ctx = { conf, who };
	const struct when_login when = policy_login(&ctx);
	struct conf_login login;

	conf_login_for(conf, &when, &login);
	if (login.remember > 0)
		who->auth_info = pam_getenv(pamh, "SSH_AUTH_INFO_0");
	if (login.grace > 0)
		os_session(who->session, sizeof(who->session));
}

enum mfa_err
subject_get(pam_handle_t *pamh, const struct mfa_conf *conf,
    struct mfa_subject *ret, struct mfa_why *why)
{
	const char *name = NULL;
	enum mfa_err r;

	/* Asks for it where the application has not (login). */
	if (pam_get_user(pamh, &name, NULL) != PAM_SUCCESS || name == NULL)
		return MFA_ECONV;
	subject_items(pamh, ret);
	r = account_find(name, ret, why);
	if (r && r != MFA_ENOENT && r != MFA_ERANGE)
		return r;
	/* Of a name that nobody has, as much is looked up as of others. */
	groups_find(conf, ret);
	ret->minute = policy_wants_time(conf) ? os_local_minute() : -1;
	if (ret->known)
		evidence(pamh, conf, ret);
	else {
		memset(ret->member, WHEN_NO, sizeof(ret->member));
		*why->text = '\0';
	}
	return MFA_OK;
}
