/* What a person is told whom policy turns away. */
#include <stdio.h>

#include "denial.h"
#include "say.h"
#include "text.h"

/* The verb that enrols what is asked first here. */
static const char *const verbs[METHOD_KINDS] = { [METHOD_TOTP] = "totp",
    [METHOD_SMS] = "phone", [METHOD_CALL] = "phone",
    [METHOD_RECOVERY] = "recovery" };

static const char *
codes(enum method m, enum language l)
{
	return say(l, m == METHOD_TOTP ? "codes from an app" :
	    m == METHOD_SMS ? "codes by SMS" :
	    m == METHOD_CALL ? "codes by call" : "recovery codes");
}

const char *
denial_not_here(enum method m, enum language l)
{
	return say(l, m == METHOD_TOTP ?
	    "Codes from an app are not accepted here. " : m == METHOD_SMS ?
	    "Codes by SMS are not accepted here. " : m == METHOD_CALL ?
	    "Codes by call are not accepted here. " :
	    "Recovery codes are not accepted here. ");
}

/* "codes from an app, recovery codes" */
static void
list(unsigned methods, enum language l, char *dst, size_t cap)
{
	size_t len = 0;
	enum method m;

	*dst = '\0';
	for (unsigned i = 0; len < cap && (m = method_at(methods, i)) !=
	    METHOD_KINDS; i++)
		len += (size_t)snprintf(dst + len, cap - len, "%s%s",
		    i > 0 ? ", " : "", codes(m, l));
}

static void
no_method(const struct policy_decision *d, enum language l, const char *user,
    const char *service, char *dst)
{
	enum method first = method_at(d->login.methods, 0);
	char methods[128];

	list(d->login.methods, l, methods, sizeof(methods));
	snprintf(dst, DENIAL_WORDS_MAX, say(l, "None of your second factors is "
	    "accepted here: %s takes %s. Ask your administrator for: mfactl "
	    "add %s %s. "), service, methods, verbs[first], user);
}

char *
denial_words(const struct policy_decision *d, const struct mfa_subject *who,
    enum language l, char dst[static DENIAL_WORDS_MAX])
{
	char user[65], service[33];

	text_clean(user, sizeof(user), who->user);
	text_clean(service, sizeof(service), who->service);
	if (d->cause == POLICY_NOT_ENROLLED)
		snprintf(dst, DENIAL_WORDS_MAX, say(l, "No second factor is "
		    "registered for %s. Ask your administrator for: mfactl add "
		    "totp %s. "), user, user);
	else if (d->cause == POLICY_CLOSED)
		snprintf(dst, DENIAL_WORDS_MAX, say(l, "The time to register "
		    "a second factor after the reset is over. Ask your "
		    "administrator to open it again: mfactl reset %s. "),
		    user);
	else if (d->cause == POLICY_NO_METHOD && d->login.methods != 0)
		no_method(d, l, user, service, dst);
	else
		snprintf(dst, DENIAL_WORDS_MAX, say(l, "The policy of this "
		    "host does not let %s in here. Ask your administrator for: "
		    "mfactl check --user %s --service %s. "), user, user,
		    service);
	return dst;
}
