/* Secrets: named in a profile, and never in it. */
#include <stdlib.h>
#include <string.h>

#include "profile_data.h"

#define FILE_WORD "file:"

/* The path behind "file:", or NULL. */
static const char *
path_of(const char *value)
{
	size_t n = strlen(FILE_WORD);

	if (strncmp(value, FILE_WORD, n) || value[n] != '/' ||
	    strlen(value + n) > 255 || strstr(value, "/../") != NULL)
		return NULL;
	return value + n;
}

/* The value is not shown: it may be the secret itself. */
static enum mfa_err
check(const struct profile *p, const struct profile_line *l,
    struct mfa_why *why)
{
	return path_of(l->value) != NULL ? MFA_OK : profile_fail(p, l->number,
	    why, MFA_ESYNTAX, "%s: a secret stands in a file of its own: "
	    "write file:/etc/mfa/secrets/NAME here", l->name);
}

static const struct profile_line *
client_key(const struct profile *p)
{
	const struct profile_section *s = profile_section(p, SECTION_PROFILE,
	    "");

	return s != NULL ? profile_next(s, KEY_CLIENT_KEY, NULL) : NULL;
}

enum mfa_err
profile_check_secrets(const struct profile *p, struct mfa_why *why)
{
	const struct profile_section *s = profile_section(p, SECTION_SECRET,
	    "");
	const struct profile_line *l = client_key(p);
	enum mfa_err r;

	for (size_t i = 0; s != NULL && i < s->nlines; i++)
		if ((r = check(p, &s->line[i], why)))
			return r;
	return l != NULL ? check(p, l, why) : MFA_OK;
}

static enum mfa_err
read_one(const struct profile *p, const struct profile_line *l,
    const struct profile_source *src, struct buf *ret, struct mfa_why *why)
{
	struct mfa_why cause = { "" };
	enum mfa_err r;

	if ((r = src->read_secret(src->ctx, path_of(l->value), ret, &cause)))
		return profile_fail(p, l->number, why, r, "%s: %s", l->name,
		    *cause.text ? cause.text : mfa_strerror(r));
	if (ret->len == 0 || strlen(buf_str(ret)) != ret->len)
		return profile_fail(p, l->number, why, MFA_ERANGE,
		    "%s: %.128s is empty or holds a NUL byte", l->name,
		    path_of(l->value));
	return MFA_OK;
}

enum mfa_err
profile_read_secrets(struct profile *p, const struct profile_source *src,
    struct mfa_why *why)
{
	const struct profile_section *s = profile_section(p, SECTION_SECRET,
	    "");
	const struct profile_line *key = client_key(p);
	enum mfa_err r;

	if (key != NULL && (r = read_one(p, key, src, &p->client_key, why)))
		return r;
	if (s == NULL || s->nlines == 0)
		return MFA_OK;
	if ((p->secret = calloc(s->nlines, sizeof(*p->secret))) == NULL)
		return MFA_ENOMEM;
	for (; p->nsecrets < s->nlines; p->nsecrets++)
		if ((r = read_one(p, &s->line[p->nsecrets], src,
		    &p->secret[p->nsecrets], why))) {
			p->nsecrets++;
			return r;
		}
	return MFA_OK;
}
