/* What several verbs need. */
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/account.h"
#include "../pam_mfa/sys/groups.h"
#include "../pam_mfa/sys/os.h"
#include "tool.h"

static void __attribute__((format(printf, 1, 0)))
fail(const char *fmt, va_list ap)
{
	char line[1024], shown[1024];

	vsnprintf(line, sizeof(line), fmt, ap);
	fprintf(stderr, "mfactl: %s\n", text_clean(shown, sizeof(shown), line));
}

int
tool_fail(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail(fmt, ap);
	va_end(ap);
	return status;
}

int
tool_refuse(const struct tool *t, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail(say(t->language, fmt), ap);
	va_end(ap);
	return status;
}

int
tool_error(enum mfa_err r, const struct mfa_why *why)
{
	switch (r) {
	case MFA_OK:
		return TOOL_OK;
	case MFA_ECONV:
		return tool_fail(TOOL_ABORTED, "%s", say(why->language,
		    "no answer; nothing was changed"));
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

static void __attribute__((format(printf, 3, 0)))
tell(const struct tool *t, bool is_error, const char *fmt, va_list ap)
{
	char *line;
	int n = vasprintf(&line, say(t->language, fmt), ap);

	if (n < 0)
		return;
	t->conv.say(t->conv.ctx, line, is_error);
	mfa_wipe(line, (size_t)n);
	free(line);
}

void
tool_say(const struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(t, false, fmt, ap);
	va_end(ap);
}

void
tool_warn(const struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(t, true, fmt, ap);
	va_end(ap);
}

enum mfa_err
tool_ask(const struct tool *t, const char *prompt, bool echo, struct buf *ret)
{
	enum mfa_err r = t->conv.ask(t->conv.ctx, say(t->language, prompt),
	    echo, ret);

	if (!r && ret->len > 0)
		ret->len = text_fold((char *)ret->data);
	return r;
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

void
tool_policy(const struct tool *t, struct mfa_subject *who)
{
	groups_find(&t->conf, who);
	who->minute = policy_wants_time(&t->conf) ? os_local_minute() : -1;
}

int
tool_subject(const struct tool *t, const char *name, struct mfa_subject *ret)
{
	struct mfa_subject who = { 0 };
	struct mfa_why why = { "" };
	enum mfa_err r;

	if (name == NULL)
		name = t->self;
	if (!t->root && strcmp(name, t->self) != 0)
		return tool_refuse(t, TOOL_CONFIG, "%s: only root may name "
		    "another person; as an administrator: sudo mfactl ...",
		    name);
	r = account_find(name, &who, &why);
	if (r == MFA_ENOENT)
		return tool_refuse(t, TOOL_NO, "%s: there is no such account",
		    name);
	if (r == MFA_ERANGE)
		return tool_refuse(t, TOOL_NO, "%s: the name or the home "
		    "directory is too long", name);
	if (r)
		return tool_error(r, &why);
	tool_policy(t, &who);
	*ret = who;
	return TOOL_OK;
}
