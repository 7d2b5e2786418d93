/* What makes a profile one that can work, found before anything is sent. */
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "net.h"
#include "profile_data.h"

#define SEGMENTS_MAX 10
#define CONNECT_DEFAULT 3	/* seconds */
#define TOTAL_DEFAULT 10
#define TOTAL_MAX 60

const char *
profile_setting(const struct profile *p, enum profile_key key)
{
	const struct profile_section *s = profile_section(p, SECTION_PROFILE,
	    "");
	const char *value = s != NULL ? profile_value(s, key) : NULL;

	return value != NULL ? value : "";
}

static enum mfa_err
read_limit(const struct profile *p, const struct profile_line *l,
    unsigned *ret_ms, struct mfa_why *why)
{
	uint64_t v;

	if (text_seconds(l->value, 1, TOTAL_MAX, &v))
		return profile_fail(p, l->number, why, MFA_ERANGE,
		    "%s: expected seconds from 1 to %d", l->name, TOTAL_MAX);
	*ret_ms = (unsigned)v * 1000;
	return MFA_OK;
}

static enum mfa_err
check_setting(struct profile *p, const struct profile_line *l,
    struct mfa_why *why)
{
	struct mfa_why cause = { "" };

	switch (l->key) {
	case KEY_CONNECT_LIMIT:
		return read_limit(p, l, &p->connect_ms, why);
	case KEY_TOTAL_LIMIT:
		return read_limit(p, l, &p->total_ms, why);
	case KEY_CA_FILE:
	case KEY_CLIENT_CERT:
		return *l->value == '/' && strlen(l->value) < 256 ? MFA_OK :
		    profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s: expected an absolute path", l->name);
	case KEY_PROXY:
		return profile_check_url(p, l, why);
	case KEY_ALLOW_HTTP:
		if (strlen(l->value) < 512 && !net_check(l->value, &cause))
			return MFA_OK;
		return profile_fail(p, l->number, why, MFA_ESYNTAX, "%s: %s",
		    l->name, *cause.text ? cause.text : "too long");
	case KEY_SECRET_IN_URL:
		return !strcmp(l->value, "yes") || !strcmp(l->value, "no") ?
		    MFA_OK : profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s = yes or no", l->name);
	default:
		return MFA_OK;
	}
}

static enum mfa_err
check_settings(struct profile *p, struct mfa_why *why)
{
	const struct profile_section *s = profile_section(p, SECTION_PROFILE,
	    "");
	enum mfa_err r;

	p->connect_ms = CONNECT_DEFAULT * 1000;
	p->total_ms = TOTAL_DEFAULT * 1000;
	for (size_t i = 0; s != NULL && i < s->nlines; i++)
		if ((r = check_setting(p, &s->line[i], why)))
			return r;
	if (s != NULL && !profile_value(s, KEY_CLIENT_CERT) !=
	    !profile_value(s, KEY_CLIENT_KEY))
		return profile_fail(p, s->number, why, MFA_ESYNTAX,
		    "client_cert and client_key stand together");
	return MFA_OK;
}

/* RFC 9110 5.6.2 */
static bool
is_token(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (!text_is_alnum(*s) && strchr("!#$%&'*+-.^_`|~", *s) == NULL)
			return false;
	return true;
}

static enum mfa_err
check_header(const struct profile *p, const struct profile_section *s,
    const struct profile_line *l, struct mfa_why *why)
{
	static const char *const ours[] = { "Host", "Content-Length",
	    "Transfer-Encoding", "Connection", "Expect", "Accept-Encoding" };

	if (!is_token(l->name))
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "\"%.40s\" is no name of a header", l->name);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (text_case_equal(l->name, ours[i]))
			return profile_fail(p, l->number, why, MFA_ESYNTAX,
			    "%s is set by itself: remove the line", ours[i]);
	if (text_case_equal(l->name, "Authorization") &&
	    (profile_value(s, KEY_BASIC) || profile_value(s, KEY_SIGV4)))
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "Authorization is what basic and sigv4 make: keep one");
	return MFA_OK;
}

static enum mfa_err
check_templates(const struct profile *p, const struct profile_section *s,
    const struct template_env *env, struct mfa_why *why)
{
	struct mfa_why cause = { "" };
	enum mfa_err r;

	for (const struct profile_line *l = s->line; l < s->line + s->nlines;
	    l++) {
		if (l->key < KEY_URL || l->key > KEY_FORM ||
		    l->key == KEY_SIGV4)
			continue;
		if (l->key == KEY_HEADER && (r = check_header(p, s, l, why)))
			return r;
		if ((r = template_check(l->value, env, &cause)))
			return profile_fail(p, l->number, why, r, "%s",
			    cause.text);
	}
	return MFA_OK;
}

/* Parts can hold secrets as well, and so can what they use. */
static bool
has_secret(const struct profile *p, const char *text, size_t depth)
{
	if (template_uses(text, "secret.") || template_uses(text, "token"))
		return true;
	for (size_t i = 0; i < depth; i++) {
		const struct profile_section *s = &p->section[i];

		if (s->kind != SECTION_PART || !template_uses(text, s->title))
			continue;
		for (size_t j = 0; j < s->nlines; j++)
			if (has_secret(p, s->line[j].value, i))
				return true;
	}
	return false;
}

static enum mfa_err
check_secret_in_url(const struct profile *p, const struct profile_section *s,
    struct mfa_why *why)
{
	if (!strcmp(profile_setting(p, KEY_SECRET_IN_URL), "yes"))
		return MFA_OK;
	for (const struct profile_line *l = s->line; l < s->line + s->nlines;
	    l++)
		if ((l->key == KEY_URL || l->key == KEY_QUERY) &&
		    has_secret(p, l->value, p->nsections))
			return profile_fail(p, l->number, why,
			    MFA_ESYNTAX, "a secret in a URL is seen in logs of "
			    "proxies and servers: send it in a header or the "
			    "body, or set secret_in_url = yes in [profile]");
	return MFA_OK;
}

static enum mfa_err
check_sigv4(const struct profile *p, const struct profile_section *s,
    struct mfa_why *why)
{
	const struct profile_line *l = profile_next(s, KEY_SIGV4, NULL);
	const char *rest;
	size_t n;

	if (l == NULL)
		return profile_value(s, KEY_SIGV4_ID) == NULL &&
		    profile_value(s, KEY_SIGV4_KEY) == NULL ? MFA_OK :
		    profile_fail(p, s->number, why, MFA_ESYNTAX,
		    "sigv4_id and sigv4_key without sigv4 = REGION SERVICE");
	n = strspn(l->value, "abcdefghijklmnopqrstuvwxyz0123456789-");
	rest = l->value + n + strspn(l->value + n, " \t");
	if (n == 0 || *rest == '\0' || rest == l->value + n ||
	    rest[strspn(rest, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "expected \"sigv4 = REGION SERVICE\"");
	if (profile_value(s, KEY_SIGV4_ID) == NULL ||
	    profile_value(s, KEY_SIGV4_KEY) == NULL)
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "sigv4 needs sigv4_id and sigv4_key");
	if (profile_value(s, KEY_BASIC) != NULL)
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "sigv4 and basic: keep one");
	if (profile_value(s, KEY_QUERY) != NULL ||
	    strchr(profile_value(s, KEY_URL), '?') != NULL)
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "sigv4 with a query is not signed rightly by every "
		    "libcurl: send the values in the body");
	return MFA_OK;
}

static enum mfa_err
check_method(const struct profile *p, const struct profile_section *s,
    struct mfa_why *why)
{
	const struct profile_line *l = profile_next(s, KEY_METHOD, NULL);
	bool get = l != NULL && !strcmp(l->value, "GET");

	if (l == NULL || !strcmp(l->value, "POST") || !strcmp(l->value, "PUT"))
		return MFA_OK;
	if (!get)
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "method = GET, POST or PUT");
	for (size_t i = 0; i < s->nlines; i++)
		if (s->line[i].key >= KEY_FORM && s->line[i].key <= KEY_TEXT)
			return profile_fail(p, s->line[i].number, why,
			    MFA_ESYNTAX, "a GET has no body: use query lines, "
			    "or method = POST");
	return MFA_OK;
}

static enum mfa_err
check_request(const struct profile *p, struct profile_section *s,
    const struct template_env *env, struct mfa_why *why)
{
	const struct profile_line *url = profile_next(s, KEY_URL, NULL);
	enum mfa_err r;

	if (url == NULL)
		return profile_fail(p, s->number, why, MFA_ESYNTAX,
		    "[%s] needs url = https://...",
		    profile_section_name(s->kind));
	if ((r = profile_check_url(p, url, why)) ||
	    (r = check_method(p, s, why)) ||
	    (r = check_templates(p, s, env, why)) ||
	    (r = profile_body_check(p, s, env, why)) ||
	    (r = check_secret_in_url(p, s, why)))
		return r;
	return check_sigv4(p, s, why);
}

static enum mfa_err
check_message(const struct profile *p, struct profile_section *s,
    struct mfa_why *why)
{
	enum { NATIONAL = 3 };
	static const char *const formats[] = { "e164", "digits", "00",
	    [NATIONAL] = "national" };
	const struct profile_line *l;
	const char *code;
	uint64_t v = 0;
	size_t n, i = 0;

	if ((l = profile_next(s, KEY_MAX_SEGMENTS, NULL)) != NULL &&
	    text_u64(l->value, 1, SEGMENTS_MAX, &v))
		return profile_fail(p, l->number, why, MFA_ERANGE,
		    "max_segments: expected a number from 1 to %d",
		    SEGMENTS_MAX);
	s->max_segments = (unsigned)v;
	if ((l = profile_next(s, KEY_TO_FORMAT, NULL)) == NULL)
		return MFA_OK;
	n = strcspn(l->value, ":");
	while (i < NATIONAL + 1 && (strlen(formats[i]) != n ||
	    memcmp(formats[i], l->value, n)))
		i++;
	code = l->value[n] == ':' ? l->value + n + 1 : NULL;
	if (i > NATIONAL || (code != NULL && (i != NATIONAL || *code == '0' ||
	    text_u64(code, 1, 9999, &v))))
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "to_format = e164, digits, 00, national, or national:81 "
		    "(only numbers of +81)");
	return MFA_OK;
}

static enum mfa_err
check_exec(const struct profile *p, const struct profile_section *s,
    const struct profile_line *exec, struct mfa_why *why)
{
	for (size_t i = 0; i < s->nlines; i++)
		if (s->line[i].key != KEY_EXEC &&
		    s->line[i].key != KEY_MAX_SEGMENTS)
			return profile_fail(p, s->line[i].number, why,
			    MFA_ESYNTAX, "\"exec\" runs a program, which does "
			    "the rest: no other key but max_segments stands "
			    "with it");
	if (*exec->value == '/' && strpbrk(exec->value, " \t") == NULL &&
	    strlen(exec->value) < 256)
		return MFA_OK;
	return profile_fail(p, exec->number, why, MFA_ESYNTAX,
	    "exec: expected the absolute path of a program, without arguments");
}

static enum mfa_err
check_section(struct profile *p, struct profile_section *s,
    const struct template_env *env, struct mfa_why *why)
{
	const struct profile_line *exec;
	enum mfa_err r;

	if (s->kind == SECTION_OAUTH2)
		return check_request(p, s, env, why);
	if ((r = check_message(p, s, why)))
		return r;
	if ((exec = profile_next(s, KEY_EXEC, NULL)) != NULL)
		return check_exec(p, s, exec, why);
	if ((r = check_request(p, s, env, why)))
		return r;
	return profile_check_answer(p, s, why);
}

static enum mfa_err
check_part(const struct profile *p, struct profile_section *s,
    struct template_env env, struct mfa_why *why)
{
	/* Only what is above it. */
	while (strcmp(env.values[env.nvalues - 1].name, s->title))
		env.nvalues--;
	env.nvalues--;
	if (s->nlines == 0)
		return profile_fail(p, s->number, why, MFA_ESYNTAX,
		    "[part %s] is empty", s->arg);
	return profile_body_check(p, s, &env, why);
}

enum mfa_err
profile_check(struct profile *p, struct mfa_why *why)
{
	enum mfa_err r;

	if ((r = profile_check_secrets(p, why)) || (r = check_settings(p, why)))
		return r;
	for (size_t i = 0; i < p->nsections && !r; i++) {
		struct profile_section *s = &p->section[i];
		struct profile_use use = { .p = p, .s = s };
		struct profile_env e;

		if (s->kind < SECTION_PART)
			continue;
		if (!(r = profile_env_fill(&use, &e, why)))
			r = s->kind == SECTION_PART ?
			    check_part(p, s, e.env, why) :
			    check_section(p, s, &e.env, why);
		profile_env_free(&e);
	}
	return r;
}
