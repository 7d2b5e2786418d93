/* The values that a request is filled with. */
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/gsm.h"
#include "../pam_mfa/core/phone.h"
#include "profile_data.h"

#define MESSAGE_VALUES 17	/* that add_message adds, {token} included */

static void
add(struct profile_env *e, const char *name, const char *value)
{
	e->value[e->env.nvalues++] = (struct template_value){ name, value };
}

static enum mfa_err
allocate(const struct profile *p, struct profile_env *e)
{
	size_t values = MESSAGE_VALUES + p->nsections, pairs = 1;

	for (size_t i = 0; i < p->nsections; i++)
		if (p->section[i].kind == SECTION_MAP)
			pairs += p->section[i].nlines;
		else
			values += p->section[i].nlines;
	e->value = calloc(values, sizeof(*e->value));
	e->pair = calloc(pairs, sizeof(*e->pair));
	e->own = calloc(values, sizeof(*e->own));
	e->env.values = e->value;
	e->env.maps = e->map;
	return e->value == NULL || e->pair == NULL || e->own == NULL ?
	    MFA_ENOMEM : MFA_OK;
}

static void
add_maps(const struct profile *p, struct profile_env *e)
{
	struct template_value *pair = e->pair;

	for (size_t i = 0; i < p->nsections; i++) {
		const struct profile_section *s = &p->section[i];

		if (s->kind != SECTION_MAP)
			continue;
		e->map[e->env.nmaps++] = (struct template_map){ s->arg, pair,
		    s->nlines };
		for (size_t j = 0; j < s->nlines; j++)
			*pair++ = (struct template_value){ s->line[j].name,
			    s->line[j].value };
	}
}

/* A text made for this env; never more of them than values. */
static struct buf *
own(struct profile_env *e)
{
	return &e->own[e->nown++];
}

static enum mfa_err
mask(struct profile_env *e, const char *name, const char **ret)
{
	struct buf *b = own(e);
	enum mfa_err r;

	/* Of bytes that no escape changes. */
	if (!(r = buf_printf(b, "MASKED_%s", name)))
		*ret = buf_str(b);
	return r;
}

static enum mfa_err
add_own(const struct profile_use *u, struct profile_env *e)
{
	const struct profile_section *s;
	enum mfa_err r = MFA_OK;

	if ((s = profile_section(u->p, SECTION_VALUE, "")) != NULL)
		for (size_t i = 0; i < s->nlines; i++)
			add(e, s->line[i].name, s->line[i].value);
	if ((s = profile_section(u->p, SECTION_SECRET, "")) == NULL)
		return MFA_OK;
	for (size_t i = 0; i < s->nlines && !r; i++) {
		const char *value = i < u->p->nsecrets ?
		    buf_str(&u->p->secret[i]) : NULL;

		if (u->masked)
			r = mask(e, strchr(s->line[i].name, '.') + 1, &value);
		add(e, s->line[i].name, value);
	}
	return r;
}

/* "e164", "digits", "00", "national" or "national:81". */
static enum mfa_err
put_to(const char *to, const char *format, struct buf *ret,
    struct mfa_why *why)
{
	static const struct { const char *name; enum phone_format f; } row[] = {
		{ "e164", PHONE_E164 }, { "digits", PHONE_DIGITS },
		{ "00", PHONE_ZERO_ZERO }, { "national", PHONE_NATIONAL },
	};
	size_t n = format != NULL ? strcspn(format, ":") : 0, i = 0;
	char text[PHONE_FORMAT_MAX + 1];
	const char *code;
	enum mfa_err r;

	if (format == NULL)
		return buf_puts(ret, to);
	code = format[n] == ':' ? format + n + 1 : "";
	if (*to != '+' || strncmp(to + 1, code, strlen(code)))
		return mfa_fail(why, MFA_ERANGE, "this provider reaches only "
		    "numbers of +%s", code);
	while (strncmp(row[i].name, format, n) || row[i].name[n] != '\0')
		i++;
	if ((r = phone_format(to, row[i].f, text)))
		return mfa_fail(why, r, "this number cannot be written as "
		    "\"%s\"", format);
	return buf_puts(ret, text);
}

static enum mfa_err
put_extension(const char *extension, struct buf *ret)
{
	enum mfa_err r = MFA_OK;

	for (; *extension != '\0' && !r; extension++)
		r = buf_put(ret, *extension == ',' ? "w" : extension, 1);
	return r;
}

static enum mfa_err
add_made(const struct profile_use *u, struct profile_env *e,
    struct mfa_why *why)
{
	const struct sending_request *q = u->req;
	struct buf *to = own(e), *pause = own(e), *s = own(e), *ms = own(e),
	    *min = own(e);
	enum mfa_err r;

	if ((r = put_to(q->to, profile_value(u->s, KEY_TO_FORMAT), to, why)) ||
	    (r = put_extension(q->extension, pause)) ||
	    (r = buf_printf(s, "%u", (unsigned)q->ttl)) ||
	    (r = buf_printf(ms, "%llu", q->ttl * 1000ULL)) ||
	    (r = buf_printf(min, "%llu", (q->ttl + 59ULL) / 60)))
		return r;
	add(e, "to", buf_str(to));
	add(e, "extension", *q->extension ? q->extension : NULL);
	add(e, "extension_w", *q->extension ? buf_str(pause) : NULL);
	add(e, "ttl", buf_str(s));
	add(e, "ttl_ms", buf_str(ms));
	add(e, "ttl_minutes", buf_str(min));
	return MFA_OK;
}

static enum mfa_err
add_given(const struct profile_use *u, struct profile_env *e,
    struct mfa_why *why)
{
	const struct sending_request *q = u->req;
	struct gsm_size size;

	if (gsm_measure(q->text, &size))
		return mfa_fail(why, MFA_ERANGE, "the text is no UTF-8");
	add(e, "charset", size.charset == GSM_UCS2 ? "ucs2" : "gsm7");
	add(e, "code", q->code);
	add(e, "text", q->text);
	add(e, "language", q->language);
	add(e, "user", q->user);
	add(e, "service", q->service);
	add(e, "rhost", q->rhost);
	add(e, "host", q->host);
	add(e, "nonce", q->nonce);
	return MFA_OK;
}

static void
add_names(struct profile_env *e)
{
	static const char *const names[] = { "to", "extension", "extension_w",
	    "ttl", "ttl_ms", "ttl_minutes", "charset", "code", "text",
	    "language", "user", "service", "rhost", "host", "nonce" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		add(e, names[i], NULL);
}

static enum mfa_err
add_token(const struct profile_use *u, struct profile_env *e)
{
	const char *token = u->token;
	enum mfa_err r;

	if (profile_section(u->p, SECTION_OAUTH2, "") == NULL)
		return MFA_OK;
	if (u->masked && (r = mask(e, "token", &token)))
		return r;
	add(e, "token", token);
	return MFA_OK;
}

static enum mfa_err
add_parts(const struct profile_use *u, struct profile_env *e,
    struct mfa_why *why)
{
	enum mfa_err r = MFA_OK;

	for (size_t i = 0; i < u->p->nsections && !r; i++) {
		const struct profile_section *s = &u->p->section[i];
		struct buf *text;

		if (s->kind != SECTION_PART)
			continue;
		text = own(e);
		if (u->req == NULL) {
			add(e, s->title, NULL);
			continue;
		}
		r = profile_body_put(u->p, s, &e->env, text, why);
		if (r && r != MFA_ENOENT)
			return r;
		add(e, s->title, r ? NULL : buf_str(text));
		r = MFA_OK;
	}
	return r;
}

enum mfa_err
profile_env_fill(const struct profile_use *u, struct profile_env *ret,
    struct mfa_why *why)
{
	enum mfa_err r;

	*ret = (struct profile_env){ .nown = 0 };
	if ((r = allocate(u->p, ret)))
		return r;
	add_maps(u->p, ret);
	if ((r = add_own(u, ret)) || u->s->kind == SECTION_OAUTH2)
		return r;
	if (u->req == NULL)
		add_names(ret);
	else if ((r = add_made(u, ret, why)) || (r = add_given(u, ret, why)))
		return r;
	if ((r = add_token(u, ret)))
		return r;
	return add_parts(u, ret, why);
}

void
profile_env_free(struct profile_env *e)
{
	for (size_t i = 0; i < e->nown; i++)
		buf_wipe(&e->own[i]);
	free(e->own);
	free(e->value);
	free(e->pair);
	*e = (struct profile_env){ .nown = 0 };
}
