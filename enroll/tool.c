/* What several verbs need. */
#include <grp.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#include "../pam_mfa/core/text.h"
#include "tool.h"

#define GROUPS_MAX 65536	/* as the kernel's NGROUPS_MAX */

int
tool_fail(int status, const char *fmt, ...)
{
	char line[1024], shown[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	fprintf(stderr, "mfactl: %s\n", text_clean(shown, sizeof(shown), line));
	return status;
}

int
tool_error(enum mfa_err r, const struct mfa_why *why)
{
	switch (r) {
	case MFA_OK:
		return TOOL_OK;
	case MFA_ECONV:
		return tool_fail(TOOL_ABORTED, "no answer; nothing was "
		    "changed");
	case MFA_ENOENT:
	case MFA_EEXIST:
		return tool_fail(TOOL_NO, "%s",
		    *why->text ? why->text : mfa_strerror(r));
	default:
		return tool_fail(TOOL_SYSTEM, "%s",
		    *why->text ? why->text : mfa_strerror(r));
	}
}

void
tool_log(const struct tool *t, const char *fmt, ...)
{
	char text[640], line[960], by[SUBJECT_NAME_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(line, sizeof(line), "by=%s %s", text_field(by, sizeof(by),
	    t->self), text_clean(text, sizeof(text), text));
	t->log.write(t->log.ctx, MFA_LOG_NOTICE, line);
}

char *
tool_reason(const struct tool *t, char dst[static TOOL_SHOWN_MAX])
{
	char text[TOOL_SHOWN_MAX - 2];

	if (t->opt.reason == NULL) {
		snprintf(dst, TOOL_SHOWN_MAX, "-");
		return dst;
	}
	text_clean(text, sizeof(text), t->opt.reason);
	for (char *s = text; *s; s++)
		if (*s == '"')
			*s = '\'';
	snprintf(dst, TOOL_SHOWN_MAX, "\"%s\"", text);
	return dst;
}

void
tool_say(const struct tool *t, const char *fmt, ...)
{
	char *line;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&line, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	t->conv.say(t->conv.ctx, line, false);
	mfa_wipe(line, (size_t)n);
	free(line);
}

char *
tool_shown(char dst[static TOOL_SHOWN_MAX], const char *text)
{
	size_t left = strlen(text), at = 0, n;
	mbstate_t mbs = { 0 };
	wchar_t wc;

	for (; left > 0 && at + MB_LEN_MAX < TOOL_SHOWN_MAX; text += n) {
		n = mbrtowc(&wc, text, left, &mbs);
		if (n > left || !iswprint((wint_t)wc)) {
			n = n > left ? 1 : n;
			mbs = (mbstate_t){ 0 };
			dst[at++] = '?';
		} else {
			memcpy(dst + at, text, n);
			at += n;
		}
		left -= n;
	}
	dst[at] = '\0';
	return dst;
}

char *
tool_time(char dst[static TOOL_TIME_MAX], int64_t unix_time)
{
	time_t t = (time_t)unix_time;
	struct tm tm;

	if (t == 0)
		snprintf(dst, TOOL_TIME_MAX, "never");
	else if (gmtime_r(&t, &tm) == NULL ||
	    strftime(dst, TOOL_TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(dst, TOOL_TIME_MAX, "@%" PRId64, unix_time);
	return dst;
}

/* All groups of a person. NULL: could not be had. */
static gid_t *
groups_of(const struct mfa_subject *who, int *ret_n)
{
	gid_t *groups;
	int n = GROUPS_MAX;

	if ((groups = calloc(GROUPS_MAX, sizeof(*groups))) == NULL)
		return NULL;
	if (getgrouplist(who->user, who->gid, groups, &n) < 0) {
		free(groups);
		return NULL;
	}
	*ret_n = n;
	return groups;
}

/* As the module does it: a group that cannot be had counts where it denies. */
static bool
is_in(const struct conf_rule *rule, const gid_t *groups, int n)
{
	const struct group *gr = getgrnam(rule->name);

	if (gr == NULL || groups == NULL)
		return rule->login.not_enrolled == CONF_DENY;
	for (int i = 0; i < n; i++)
		if (groups[i] == gr->gr_gid)
			return true;
	return false;
}

static void
membership(const struct mfa_conf *conf, struct mfa_subject *who)
{
	int n = 0;
	gid_t *groups = groups_of(who, &n);

	for (size_t i = 0; i < conf->nrules; i++)
		if (conf->rule[i].kind == CONF_GROUP)
			who->ingroup[i] = is_in(&conf->rule[i], groups, n);
	free(groups);
}

int
tool_subject(const struct tool *t, const char *name, struct mfa_subject *ret)
{
	struct mfa_subject who = { 0 };
	const struct passwd *pw;

	if (name == NULL)
		name = t->self;
	if (!t->root && strcmp(name, t->self) != 0)
		return tool_fail(TOOL_CONFIG, "%s: only root may name another "
		    "person; as an administrator: sudo mfactl ...", name);
	if ((pw = getpwnam(name)) == NULL)
		return tool_fail(TOOL_NO, "%s: there is no such account", name);
	if (strlen(pw->pw_name) >= sizeof(who.user) ||
	    strlen(pw->pw_dir) >= sizeof(who.home))
		return tool_fail(TOOL_NO, "%s: the name or the home directory "
		    "is too long", name);
	snprintf(who.user, sizeof(who.user), "%s", pw->pw_name);
	snprintf(who.home, sizeof(who.home), "%s", pw->pw_dir);
	who.uid = pw->pw_uid;
	who.gid = pw->pw_gid;
	who.known = true;
	membership(&t->conf, &who);
	*ret = who;
	return TOOL_OK;
}
