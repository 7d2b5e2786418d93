/* A body: json, xml or text lines with values in them. */
#include <string.h>

#include "profile_data.h"

/* The first line of the body; NULL: there is none. */
static const struct profile_line *
first(const struct profile_section *s)
{
	for (size_t i = 0; i < s->nlines; i++)
		if (s->line[i].key == KEY_JSON || s->line[i].key == KEY_XML ||
		    s->line[i].key == KEY_TEXT)
			return &s->line[i];
	return NULL;
}

/* The line in which this text of the JSON template stands, or the first. */
static unsigned
line_of(const struct profile_section *s, const char *text)
{
	const struct profile_line *l = NULL;

	while ((l = profile_next(s, KEY_JSON, l)) != NULL)
		if (strstr(l->value, text) != NULL)
			return l->number;
	return first(s)->number;
}

static enum mfa_err check_json(const struct profile *,
    const struct profile_section *, json_t *, const struct template_env *,
    struct mfa_why *);

static enum mfa_err
check_object(const struct profile *p, const struct profile_section *s,
    json_t *v, const struct template_env *env, struct mfa_why *why)
{
	enum mfa_err r = MFA_OK;

	for (void *it = json_object_iter(v); it != NULL && !r;
	    it = json_object_iter_next(v, it)) {
		const char *key = json_object_iter_key(it);

		if (strpbrk(key, "{}") != NULL)
			return profile_fail(p, line_of(s, key), why,
			    MFA_ESYNTAX, "\"%.40s\": values stand in texts of "
			    "the JSON, not in its names", key);
		r = check_json(p, s, json_object_iter_value(it), env, why);
	}
	return r;
}

/* As deep as jansson lets an administrator nest. */
static enum mfa_err
check_json(const struct profile *p, const struct profile_section *s,
    json_t *v, const struct template_env *env, struct mfa_why *why)
{
	struct mfa_why cause = { "" };
	enum mfa_err r = MFA_OK;

	if (json_is_object(v))
		return check_object(p, s, v, env, why);
	if (json_is_array(v)) {
		for (size_t i = 0; i < json_array_size(v) && !r; i++)
			r = check_json(p, s, json_array_get(v, i), env, why);
		return r;
	}
	if (json_is_string(v) &&
	    (r = template_check(json_string_value(v), env, &cause)))
		return profile_fail(p, line_of(s, json_string_value(v)), why,
		    r, "%s", cause.text);
	return MFA_OK;
}

static enum mfa_err
parse_json(const struct profile *p, struct profile_section *s,
    struct mfa_why *why)
{
	const struct profile_line *l = NULL;
	struct buf text = { 0 };
	json_error_t error;
	enum mfa_err r = MFA_OK;

	while (!r && (l = profile_next(s, KEY_JSON, l)) != NULL)
		if (!(r = buf_puts(&text, l->value)))
			r = buf_puts(&text, "\n");
	if (!r && (s->json = json_loads(buf_str(&text),
	    JSON_REJECT_DUPLICATES, &error)) == NULL) {
		l = NULL;
		for (int i = 0; i < error.line || l == NULL; i++)
			if (profile_next(s, KEY_JSON, l) != NULL)
				l = profile_next(s, KEY_JSON, l);
		r = profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "this is no JSON: %s", error.text);
	}
	buf_wipe(&text);
	return r;
}

static enum mfa_err
check_one_kind(const struct profile *p, const struct profile_section *s,
    struct mfa_why *why)
{
	const struct profile_line *begin = NULL;

	for (const struct profile_line *l = s->line; l < s->line + s->nlines;
	    l++) {
		if (l->key < KEY_FORM || l->key > KEY_TEXT)
			continue;
		if (begin == NULL)
			begin = l;
		if (l->key != begin->key)
			return profile_fail(p, l->number, why, MFA_ESYNTAX,
			    "a body is made of form, json, xml or text lines, "
			    "and not of two of them");
	}
	return MFA_OK;
}

enum mfa_err
profile_body_check(const struct profile *p, struct profile_section *s,
    const struct template_env *env, struct mfa_why *why)
{
	const struct profile_line *l = first(s), *begin = l;
	struct mfa_why cause = { "" };
	enum mfa_err r;

	if ((r = check_one_kind(p, s, why)) || l == NULL)
		return r;
	if (l->key == KEY_JSON)
		return (r = parse_json(p, s, why)) ? r :
		    check_json(p, s, s->json, env, why);
	for (; l != NULL; l = profile_next(s, begin->key, l))
		if ((r = template_check(l->value, env, &cause)))
			return profile_fail(p, l->number, why, r, "%s",
			    cause.text);
	return MFA_OK;
}

static enum mfa_err fill(json_t *, const struct template_env *, json_t **ret,
    struct mfa_why *);

static enum mfa_err
fill_string(const char *text, const struct template_env *env, json_t **ret,
    struct mfa_why *why)
{
	struct buf b = { 0 };
	enum mfa_err r = template_expand(text, env, TEMPLATE_RAW, &b, why);

	if (!r && (*ret = json_stringn(buf_str(&b), b.len)) == NULL)
		r = mfa_fail(why, MFA_ERANGE, "a value is no UTF-8");
	buf_wipe(&b);
	return r;
}

/* MFA_ENOENT: a value that there is none of; the member is then left out. */
static enum mfa_err
fill_object(json_t *v, const struct template_env *env, json_t *into,
    struct mfa_why *why)
{
	enum mfa_err r = MFA_OK;

	for (void *it = json_object_iter(v); it != NULL && !r;
	    it = json_object_iter_next(v, it)) {
		json_t *child = NULL;

		r = fill(json_object_iter_value(it), env, &child, why);
		if (!r && json_object_set_new(into, json_object_iter_key(it),
		    child))
			r = MFA_ENOMEM;
		if (r == MFA_ENOENT)
			r = MFA_OK;
	}
	return r;
}

static enum mfa_err
fill_array(json_t *v, const struct template_env *env, json_t *into,
    struct mfa_why *why)
{
	enum mfa_err r = MFA_OK;

	for (size_t i = 0; i < json_array_size(v) && !r; i++) {
		json_t *child = NULL;

		r = fill(json_array_get(v, i), env, &child, why);
		if (!r && json_array_append_new(into, child))
			r = MFA_ENOMEM;
		if (r == MFA_ENOENT)
			r = MFA_OK;
	}
	return r;
}

static enum mfa_err
fill(json_t *v, const struct template_env *env, json_t **ret,
    struct mfa_why *why)
{
	enum mfa_err r;
	json_t *into;

	if (json_is_string(v))
		return fill_string(json_string_value(v), env, ret, why);
	if (!json_is_object(v) && !json_is_array(v)) {
		*ret = json_incref(v);
		return MFA_OK;
	}
	into = json_is_object(v) ? json_object() : json_array();
	if (into == NULL)
		return MFA_ENOMEM;
	r = json_is_object(v) ? fill_object(v, env, into, why) :
	    fill_array(v, env, into, why);
	if (r)
		json_decref(into);
	else
		*ret = into;
	return r;
}

static int
dump(const char *bytes, size_t len, void *ctx)
{
	return buf_put(ctx, bytes, len) ? -1 : 0;
}

static enum mfa_err
put_json(const struct profile_section *s, const struct template_env *env,
    struct buf *ret, struct mfa_why *why)
{
	json_t *v = NULL;
	enum mfa_err r;

	if ((r = fill(s->json, env, &v, why)))
		return r;
	/* 15 digits: 0.8 comes out as it was written. */
	if (json_dump_callback(v, dump, ret, JSON_COMPACT |
	    JSON_REAL_PRECISION(15)))
		r = MFA_ENOMEM;
	json_decref(v);
	return r;
}

enum mfa_err
profile_body_put(const struct profile *p, const struct profile_section *s,
    const struct template_env *env, struct buf *ret, struct mfa_why *why)
{
	const struct profile_line *l = first(s);
	struct mfa_why cause = { "" };
	enum mfa_err r = MFA_OK;
	bool begun = false;

	if (l == NULL)
		return MFA_ENOENT;
	if (l->key == KEY_JSON) {
		r = put_json(s, env, ret, &cause);
	} else for (; l != NULL && !r; l = profile_next(s, l->key, l)) {
		struct buf line = { 0 };

		r = template_expand(l->value, env, l->key == KEY_XML ?
		    TEMPLATE_XML : TEMPLATE_RAW, &line, &cause);
		if (!r && (!begun || !(r = buf_puts(ret, "\n"))))
			r = buf_put(ret, line.data, line.len);
		begun = begun || !r;
		buf_wipe(&line);
		if (r == MFA_ENOENT)
			r = MFA_OK;
		else if (r)
			break;
	}
	if (!r)
		return MFA_OK;
	return profile_fail(p, l->number, why, r, "%s", *cause.text ?
	    cause.text : mfa_strerror(r));
}
