/* Makes an app password. */
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/core/record_new.h"
#include "enroll.h"

#define NAME_MIN 8		/* letters and digits */
#define EXPIRES_MIN 60		/* seconds */
#define EXPIRES_MAX (3650 * UINT64_C(86400))

struct new_app {
	const struct tool *t;
	const char *name;
	struct factor factor;
	char shown[APP_SHOWN + 1];
};

static bool
takes_app(const struct mfa_conf *conf, const char *service, size_t len)
{
	for (size_t i = 0; i < conf->nrules; i++) {
		const struct conf_rule *rule = &conf->rule[i];

		if (rule->kind == CONF_SERVICE && rule->login.app_passwords &&
		    strlen(rule->name) == len &&
		    !memcmp(rule->name, service, len))
			return true;
	}
	return false;
}

/* One that no service takes would be found out only at the program. */
static int
read_services(const struct tool *t, struct app_password *app)
{
	const char *list = app->services, *word;
	size_t len;

	if (t->opt.service == NULL)
		return tool_refuse(t, TOOL_USAGE, "for which service? "
		    "--service NAME, or several with commas between");
	if (app_services(t->opt.service, app->services))
		return tool_refuse(t, TOOL_USAGE, "--service: expected names "
		    "of PAM services, each once, with commas between");
	while ((word = text_word(&list, &len)) != NULL)
		if (!takes_app(&t->conf, word, len))
			return tool_refuse(t, TOOL_NO, "%.*s takes no app "
			    "passwords: mfa.conf has no app_passwords = yes in "
			    "its section", (int)len, word);
	return TOOL_OK;
}

static int
read_expires(const struct tool *t, int64_t now, struct app_password *app)
{
	uint64_t seconds;

	if (t->opt.expires == NULL)
		return TOOL_OK;
	if (text_seconds(t->opt.expires, EXPIRES_MIN, EXPIRES_MAX, &seconds))
		return tool_refuse(t, TOOL_USAGE, "--expires: expected a time "
		    "such as 12h or 90d, up to 3650d");
	app->expires = now + (int64_t)seconds;
	return TOOL_OK;
}

/* What stands in a list of ten must tell which program it is. */
static bool
tells_enough(const char *name)
{
	size_t n = 0;

	for (; *name != '\0'; name++) {
		/* Of a UTF-8 character, its first byte. */
		bool first = ((unsigned char)*name & 0xc0) == 0xc0;

		n += first || text_is_alnum(*name);
	}
	return n >= NAME_MIN;
}

static enum mfa_err
add(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct new_app *new = ctx;
	enum mfa_err r;

	(void)st;
	if (!tells_enough(new->name))
		return mfa_fail(why, MFA_ERANGE, "the name of an app password "
		    "has %d or more letters and digits: name the program and "
		    "the device", NAME_MIN);
	add_language(new->t, rec);
	if ((r = record_label(rec, new->name, NULL, new->factor.label, why)))
		return r;
	return record_new(rec, &new->factor, new->t->crypto, why);
}

static void
show(const struct tool *t, const struct person *p, const struct new_app *new)
{
	char shown[TOOL_SHOWN_MAX], until[TOOL_TIME_MAX];
	const struct app_password *app = &new->factor.app;

	tool_say(t, "App password %s (%s) of %s, for: %s", new->factor.id,
	    tool_shown(shown, new->factor.label), p->who.user, app->services);
	if (app->expires)
		tool_say(t, "It is good until %s.",
		    tool_time(until, app->expires));
	else
		tool_say(t, "It is good until it is removed.");
	tool_say(t, "  %s", new->shown);
	tool_say(t, "Put it into the program where that asks for your "
	    "password, with or without\nits '-'. It is not shown again. Is the "
	    "device lost? mfactl remove %s %s", new->factor.id, p->who.user);
}

int
enroll_app(const struct tool *t, const struct person *p, const char *name)
{
	struct new_app new = { .t = t, .name = name,
	    .factor.kind = FACTOR_APP };
	struct mfa_why why = { .language = t->language };
	struct mfa_time now;
	enum mfa_err r;
	int status;

	if ((r = t->clock.now(t->clock.ctx, &now)))
		return tool_error(r, &why);
	new.factor.created = now.real;
	if ((status = read_services(t, &new.factor.app)) ||
	    (status = read_expires(t, now.real, &new.factor.app)) ||
	    (status = person_dry(t, p, add, &new)) ||
	    (status = person_prove(t, p)))
		return status;
	if (!(r = app_new(t->crypto, &new.factor.app, new.shown)) &&
	    !(r = person_edit(p, add, &new, &why))) {
		show(t, p, &new);
		person_log(t, p, "add", "factor=%s", new.factor.id);
	}
	mfa_wipe(&new, sizeof(new));
	return tool_error(r, &why);
}

int
verb_add_app(struct tool *t, int argc, char **argv)
{
	return person_with_word(t, argc > 1 ? argv[1] : NULL, PERSON_CHANGE,
	    enroll_app, argv[0]);
}
