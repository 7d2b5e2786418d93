/* Text with values in it. */
#include <stdio.h>
#include <string.h>

#include "spell.h"
#include "template.h"
#include "text.h"

#define WORD_MAX 64	/* bytes of a name or an argument, NUL included */
#define FILTERS_MAX 4	/* of one value */

enum filter { F_URL, F_FORM, F_JSON, F_XML, F_HEADER, F_BASE64, F_SPACED,
    F_SPELL, F_MAP };

static const char *const filters[] = { "url", "form", "json", "xml", "header",
    "base64", "spaced", "spell", "map", NULL };

/* {name|filter:argument|...} taken apart. */
struct hole {
	char name[WORD_MAX];
	size_t n;
	struct call {
		enum filter filter;
		char arg[WORD_MAX];
		bool has_arg;
	} call[FILTERS_MAX];
};

static const struct template_value *
find(const struct template_value *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(v[i].name, name))
			return &v[i];
	return NULL;
}

static const struct template_map *
find_map(const struct template_env *env, const char *name)
{
	for (size_t i = 0; i < env->nmaps; i++)
		if (!strcmp(env->maps[i].name, name))
			return &env->maps[i];
	return NULL;
}

/* Copies up to one of the stop bytes; what stands there, or '\0'. */
static enum mfa_err
word(const char **pos, const char *stop, char dst[static WORD_MAX],
    struct mfa_why *why)
{
	size_t n = strcspn(*pos, stop);

	if ((*pos)[n] == '\0')
		return mfa_fail(why, MFA_ESYNTAX, "\"{%.40s\" has no \"}\"; "
		    "write \"{{\" for a brace", *pos);
	if (n >= WORD_MAX)
		return mfa_fail(why, MFA_ERANGE, "\"%.40s...\" is longer than "
		    "%d bytes", *pos, WORD_MAX - 1);
	memcpy(dst, *pos, n);
	dst[n] = '\0';
	*pos += n;
	return MFA_OK;
}

static enum mfa_err
unknown(struct mfa_why *why, const char *what, const char *name,
    const char *nearest)
{
	return mfa_fail(why, MFA_ESYNTAX, "unknown %s \"%s\"%s%s%s", what,
	    name, nearest != NULL ? "; did you mean \"" : "",
	    nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
}

static enum mfa_err
filter_named(const char *name, enum filter *ret, struct mfa_why *why)
{
	for (unsigned i = 0; filters[i] != NULL; i++)
		if (!strcmp(filters[i], name)) {
			*ret = (enum filter)i;
			return MFA_OK;
		}
	return unknown(why, "filter", name, text_nearest(name, filters));
}

/* pos stands behind '|' and is left at the next '|' or '}'. */
static enum mfa_err
parse_call(const char **pos, struct call *c, struct mfa_why *why)
{
	char name[WORD_MAX];
	enum mfa_err r;

	*c = (struct call){ .has_arg = false };
	if ((r = word(pos, ":|}", name, why)) ||
	    (r = filter_named(name, &c->filter, why)))
		return r;
	if (**pos == ':') {
		c->has_arg = true;
		++*pos;
		if ((r = word(pos, "|}", c->arg, why)))
			return r;
	}
	if (c->filter == F_MAP ? *c->arg == '\0' :
	    c->has_arg && c->filter != F_SPACED && c->filter != F_SPELL)
		return mfa_fail(why, MFA_ESYNTAX, "filter \"%s\" takes %s",
		    name, c->filter == F_MAP ? "the name of a map: map:NAME" :
		    "no argument");
	return MFA_OK;
}

/* pos stands behind '{' and is left behind '}'. */
static enum mfa_err
parse_hole(const char **pos, struct hole *h, struct mfa_why *why)
{
	enum mfa_err r;

	h->n = 0;
	if ((r = word(pos, "|}", h->name, why)))
		return r;
	while (**pos == '|') {
		if (h->n == FILTERS_MAX)
			return mfa_fail(why, MFA_ERANGE, "{%s} has more than "
			    "%d filters", h->name, FILTERS_MAX);
		++*pos;
		if ((r = parse_call(pos, &h->call[h->n++], why)))
			return r;
	}
	++*pos;
	return MFA_OK;
}

/*
 * The next piece: literal text (*ret_len bytes at *ret_text), or, with
 * *ret_len 0, a hole. MFA_ENOENT at the end.
 */
static enum mfa_err
next(const char **pos, const char **ret_text, size_t *ret_len, struct hole *h,
    struct mfa_why *why)
{
	const char *p = *pos;
	size_t n = strcspn(p, "{}");

	*ret_text = p;
	*ret_len = n;
	if (n > 0) {
		*pos += n;
		return MFA_OK;
	}
	if (*p == '\0')
		return MFA_ENOENT;
	if (p[0] == p[1]) {
		*ret_len = 1;
		*pos += 2;
		return MFA_OK;
	}
	if (*p == '}')
		return mfa_fail(why, MFA_ESYNTAX, "\"}\" without \"{\"; write "
		    "\"}}\" for a brace");
	++*pos;
	return parse_hole(pos, h, why);
}

#define NAMES_MAX 96	/* that are looked through for the nearest */

static enum mfa_err
check_hole(const struct hole *h, const struct template_env *env,
    struct mfa_why *why)
{
	const char *names[NAMES_MAX + 1];
	size_t n = 0;

	if (find(env->values, env->nvalues, h->name) == NULL) {
		for (; n < env->nvalues && n < NAMES_MAX; n++)
			names[n] = env->values[n].name;
		names[n] = NULL;
		return unknown(why, "value", h->name,
		    text_nearest(h->name, names));
	}
	for (size_t i = 0; i < h->n; i++) {
		if (h->call[i].filter != F_MAP ||
		    find_map(env, h->call[i].arg) != NULL)
			continue;
		for (n = 0; n < env->nmaps && n < NAMES_MAX; n++)
			names[n] = env->maps[n].name;
		names[n] = NULL;
		return unknown(why, "map", h->call[i].arg,
		    text_nearest(h->call[i].arg, names));
	}
	return MFA_OK;
}

enum mfa_err
template_check(const char *text, const struct template_env *env,
    struct mfa_why *why)
{
	const char *literal;
	struct hole h;
	enum mfa_err r;
	size_t len;

	while (!(r = next(&text, &literal, &len, &h, why)))
		if (len == 0 && (r = check_hole(&h, env, why)))
			return r;
	return r == MFA_ENOENT ? MFA_OK : r;
}

bool
template_uses(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	for (; (text = strchr(text, '{')) != NULL; text++) {
		if (text[1] == '{')
			text++;
		else if (!strncmp(text + 1, prefix, n))
			return true;
	}
	return false;
}

/* By characters, and not by bytes. */
static enum mfa_err
put_spaced(const char *s, const char *separator, struct buf *ret)
{
	enum mfa_err r = MFA_OK;

	for (const char *p = s; *p != '\0' && !r; p++) {
		if (p > s && ((unsigned char)*p & 0xc0) != 0x80)
			r = buf_puts(ret, separator);
		if (!r)
			r = buf_put(ret, p, 1);
	}
	return r;
}

/* In the person's language; where we have no words for it, as digits. */
static enum mfa_err
put_spelt(const char *digits, const char *separator,
    const struct template_env *env, struct buf *ret)
{
	const struct template_value *v = find(env->values, env->nvalues,
	    "language");
	const char *language = v != NULL && v->value != NULL ? v->value : "";
	enum mfa_err r = spell_digits(digits, separator, language, ret);

	return r == MFA_ENOENT ? spell_digits(digits, separator, "", ret) : r;
}

static enum mfa_err
put_mapped(const char *key, const char *name, const struct template_env *env,
    struct buf *ret, struct mfa_why *why)
{
	const struct template_map *map = find_map(env, name);
	const struct template_value *pair;

	if ((pair = find(map->pairs, map->npairs, key)) == NULL)
		pair = find(map->pairs, map->npairs, "other");
	if (pair == NULL)
		return mfa_fail(why, MFA_ERANGE, "map %s has neither this "
		    "value nor \"other\"", name);
	return buf_puts(ret, pair->value);
}

static enum mfa_err
put_filtered(const struct call *c, const char *in,
    const struct template_env *env, struct buf *ret, struct mfa_why *why)
{
	static const enum template_escape escape[] = {
		[F_URL] = TEMPLATE_URL, [F_FORM] = TEMPLATE_FORM,
		[F_JSON] = TEMPLATE_JSON, [F_XML] = TEMPLATE_XML,
		[F_HEADER] = TEMPLATE_HEADER, [F_BASE64] = TEMPLATE_BASE64 };

	switch (c->filter) {
	case F_SPACED:
		return put_spaced(in, c->has_arg ? c->arg : " ", ret);
	case F_SPELL:
		return put_spelt(in, c->has_arg ? c->arg : ", ", env, ret);
	case F_MAP:
		return put_mapped(in, c->arg, env, ret, why);
	default:
		return template_escape_put(escape[c->filter], in, ret);
	}
}

static enum mfa_err
expand_hole(const struct hole *h, const struct template_env *env,
    enum template_escape outer, struct buf *ret, struct mfa_why *why)
{
	const char *value = find(env->values, env->nvalues, h->name)->value;
	struct mfa_why cause = { "" };
	struct buf in = { 0 };
	enum mfa_err r;

	if (value == NULL)
		return mfa_fail(why, MFA_ENOENT, "there is no {%s}", h->name);
	r = buf_puts(&in, value);
	for (size_t i = 0; i < h->n && !r; i++) {
		struct buf out = { 0 };

		r = put_filtered(&h->call[i], buf_str(&in), env, &out, &cause);
		buf_wipe(&in);
		in = out;
	}
	if (!r)
		r = template_escape_put(outer, buf_str(&in), ret);
	buf_wipe(&in);
	if (!r)
		return MFA_OK;
	return mfa_fail(why, r, "{%s}: %s", h->name, *cause.text ? cause.text :
	    r == MFA_ERANGE ? "a byte that cannot travel there" :
	    mfa_strerror(r));
}

enum mfa_err
template_expand(const char *text, const struct template_env *env,
    enum template_escape outer, struct buf *ret, struct mfa_why *why)
{
	const char *literal;
	struct hole h;
	enum mfa_err r;
	size_t len;

	while (!(r = next(&text, &literal, &len, &h, why))) {
		if (len > 0)
			r = buf_put(ret, literal, len);
		else if (!(r = check_hole(&h, env, why)))
			r = expand_hole(&h, env, outer, ret, why);
		if (r)
			return r;
	}
	return r == MFA_ENOENT ? MFA_OK : r;
}
