/* A provider as data: the text of a profile to sections and lines. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/ini.h"
#include "../pam_mfa/core/text.h"
#include "profile_data.h"

enum mfa_err
profile_fail(const struct profile *p, unsigned line, struct mfa_why *why,
    enum mfa_err err, const char *fmt, ...)
{
	char text[sizeof(why->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return mfa_fail(why, err, "%s:%u: %s", p->file, line, text);
}

const struct profile_section *
profile_section(const struct profile *p, enum profile_section_kind kind,
    const char *arg)
{
	for (size_t i = 0; i < p->nsections; i++)
		if (p->section[i].kind == kind &&
		    !strcmp(p->section[i].arg, arg))
			return &p->section[i];
	return NULL;
}

const struct profile_line *
profile_next(const struct profile_section *s, enum profile_key key,
    const struct profile_line *after)
{
	const struct profile_line *l = after != NULL ? after + 1 : s->line;

	if (s->nlines == 0)
		return NULL;
	for (; l < s->line + s->nlines; l++)
		if (l->key == key)
			return l;
	return NULL;
}

const char *
profile_value(const struct profile_section *s, enum profile_key key)
{
	const struct profile_line *l = profile_next(s, key, NULL);

	return l != NULL ? l->value : NULL;
}

static bool
is_word(const char *s)
{
	return *s != '\0' && strlen(s) < 64 &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool
is_message(enum profile_section_kind kind)
{
	return kind == SECTION_SMS || kind == SECTION_VOICE;
}

/* [sms] and [sms test], [map NAME], and nothing behind the others. */
static enum mfa_err
check_arg(enum profile_section_kind kind, const char *arg,
    struct mfa_why *why)
{
	const char *name = profile_section_name(kind);

	if (profile_section_has_arg(kind))
		return is_word(arg) ? MFA_OK : mfa_fail(why, MFA_ESYNTAX,
		    "expected [%s NAME], NAME of a-z 0-9 and _", name);
	if (*arg == '\0' || (is_message(kind) && !strcmp(arg, "test")))
		return MFA_OK;
	if (is_message(kind))
		return mfa_fail(why, MFA_ESYNTAX, "[%s %.20s]: there are only "
		    "[%s] and [%s test]; what becomes of a message is not "
		    "polled", name, arg, name, name);
	return mfa_fail(why, MFA_ESYNTAX, "[%s] stands alone: remove "
	    "\"%.20s\"", name, arg);
}

static enum mfa_err
add_section(struct profile *p, const struct ini_item *it, struct mfa_why *why)
{
	struct profile_section *s = &p->section[p->nsections];
	enum profile_section_kind kind;
	struct mfa_why cause = { "" };

	if (profile_section_named(it->name, &kind, &cause) ||
	    check_arg(kind, it->value, &cause))
		return profile_fail(p, it->line, why, MFA_ESYNTAX, "%s",
		    cause.text);
	if (p->nsections == PROFILE_SECTIONS_MAX)
		return profile_fail(p, it->line, why, MFA_ERANGE,
		    "more than %d sections", PROFILE_SECTIONS_MAX);
	if (profile_section(p, kind, it->value) != NULL)
		return profile_fail(p, it->line, why, MFA_ESYNTAX,
		    "[%s%s%s] stands here twice: put both together", it->name,
		    *it->value ? " " : "", it->value);
	*s = (struct profile_section){ .kind = kind, .number = it->line };
	snprintf(s->arg, sizeof(s->arg), "%.63s", it->value);
	snprintf(s->title, sizeof(s->title), "%.15s.%.63s", it->name,
	    it->value);
	p->nsections++;
	return MFA_OK;
}

static enum mfa_err
check_twice(const struct profile *p, const struct profile_section *s,
    const struct profile_line *l, struct mfa_why *why)
{
	for (size_t i = 0; i < s->nlines; i++)
		if (s->line[i].key == l->key && !profile_key_repeats(l->key) &&
		    !strcmp(s->line[i].name, l->name))
			return profile_fail(p, l->number, why, MFA_ESYNTAX,
			    "\"%s\" stands in line %u already: remove one",
			    l->name, s->line[i].number);
	return MFA_OK;
}

static char *
own_name(enum profile_section_kind kind, const char *key)
{
	char *name;

	/* As templates call it: "value.sender", "secret.key". */
	if (kind != SECTION_VALUE && kind != SECTION_SECRET)
		return strdup(key);
	return asprintf(&name, "%s.%s", profile_section_name(kind), key) < 0 ?
	    NULL : name;
}

/* Takes "NAME = value" of form, query and header apart. */
static enum mfa_err
split(const struct profile *p, const struct ini_item *it,
    struct profile_line *l, struct mfa_why *why)
{
	char sep = profile_key_separator(l->key);
	const char *at = strchr(it->value, sep);
	size_t n;

	if (at == NULL || at == it->value)
		return profile_fail(p, it->line, why, MFA_ESYNTAX,
		    "expected \"%s = NAME%s%c VALUE\"", it->name,
		    sep == '=' ? " " : "", sep);
	n = (size_t)(at - it->value);
	while (n > 0 && text_is_space(it->value[n - 1]))
		n--;
	l->name = strndup(it->value, n);
	l->value = strdup(at + 1 + strspn(at + 1, " \t"));
	return l->name == NULL || l->value == NULL ? MFA_ENOMEM : MFA_OK;
}

static enum mfa_err
fill_line(const struct profile *p, const struct profile_section *s,
    const struct ini_item *it, struct profile_line *l, struct mfa_why *why)
{
	struct mfa_why cause = { "" };

	if (profile_key_named(s->kind, it->name, &l->key, &cause))
		return profile_fail(p, it->line, why, MFA_ESYNTAX, "%s",
		    cause.text);
	if (profile_key_separator(l->key))
		return split(p, it, l, why);
	l->name = own_name(s->kind, it->name);
	l->value = strdup(it->value);
	return l->name == NULL || l->value == NULL ? MFA_ENOMEM : MFA_OK;
}

static void
line_free(struct profile_line *l)
{
	free(l->name);
	free(l->value);
}

static enum mfa_err
append(const struct profile *p, struct profile_section *s,
    const struct profile_line *l, struct mfa_why *why)
{
	struct profile_line *line;

	if (s->nlines == PROFILE_LINES_MAX)
		return profile_fail(p, l->number, why, MFA_ERANGE,
		    "more than %d lines in one section", PROFILE_LINES_MAX);
	line = reallocarray(s->line, s->nlines + 1, sizeof(*line));
	if (line == NULL)
		return MFA_ENOMEM;
	s->line = line;
	s->line[s->nlines++] = *l;
	return MFA_OK;
}

static enum mfa_err
add_line(struct profile *p, const struct ini_item *it, struct mfa_why *why)
{
	struct profile_line l = { .number = it->line };
	struct profile_section *s;
	enum mfa_err r;

	if (p->nsections == 0)
		return profile_fail(p, it->line, why, MFA_ESYNTAX,
		    "\"%s\" before the first [section]", it->name);
	s = &p->section[p->nsections - 1];
	if (!(r = fill_line(p, s, it, &l, why)) &&
	    !(r = check_twice(p, s, &l, why)))
		r = append(p, s, &l, why);
	if (r)
		line_free(&l);
	return r;
}

static enum mfa_err
lex(struct profile *p, const struct profile_source *src, struct mfa_why *why)
{
	struct mfa_why cause = { "" };
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, src->text, src->len);
	while (!(r = ini_next(&ini, &it, &cause)) && it.kind != INI_END)
		if ((r = it.kind == INI_SECTION ? add_section(p, &it, why) :
		    add_line(p, &it, why)))
			return r;
	return r ? mfa_fail(why, r, "%s: %s", p->file, cause.text) : MFA_OK;
}

/* A test is the message's request, but for the keys that it gives itself. */
static enum mfa_err
inherit(const struct profile *p, struct profile_section *test,
    const struct profile_section *from, struct mfa_why *why)
{
	size_t own = test->nlines;
	enum mfa_err r = MFA_OK;

	for (size_t i = 0; i < from->nlines && !r; i++) {
		struct profile_line l = from->line[i];
		size_t j = 0;

		while (j < own && test->line[j].key != l.key)
			j++;
		if (j < own)
			continue;
		l.name = strdup(l.name);
		l.value = strdup(l.value);
		r = l.name == NULL || l.value == NULL ? MFA_ENOMEM :
		    append(p, test, &l, why);
		if (r)
			line_free(&l);
	}
	return r;
}

static enum mfa_err
inherit_all(struct profile *p, struct mfa_why *why)
{
	const struct profile_section *from;
	enum mfa_err r = MFA_OK;

	for (size_t i = 0; i < p->nsections && !r; i++) {
		struct profile_section *s = &p->section[i];

		if (strcmp(s->arg, "test") || !is_message(s->kind))
			continue;
		if ((from = profile_section(p, s->kind, "")) == NULL)
			return profile_fail(p, s->number, why, MFA_ESYNTAX,
			    "[%s test] without [%s]",
			    profile_section_name(s->kind),
			    profile_section_name(s->kind));
		for (size_t j = 0; j < s->nlines; j++)
			if (s->line[j].key >= KEY_OK_STATUS)
				return profile_fail(p, s->line[j].number, why,
				    MFA_ESYNTAX, "the answer to a test is "
				    "judged by [%s]: remove this line",
				    profile_section_name(s->kind));
		r = inherit(p, s, from, why);
	}
	return r;
}

static enum mfa_err
pick(struct profile *p, enum sending_kind kind, struct mfa_why *why)
{
	enum profile_section_kind k = kind == SENDING_SMS ? SECTION_SMS :
	    SECTION_VOICE;

	p->main = profile_section(p, k, "");
	p->test = profile_section(p, k, "test");
	return p->main != NULL ? MFA_OK : mfa_fail(why, MFA_ENOENT,
	    "%s has no section [%s]: this provider sends none", p->file,
	    profile_section_name(k));
}

enum mfa_err
profile_load(const struct profile_source *src, enum sending_kind kind,
    struct profile **ret, struct mfa_why *why)
{
	struct profile *p = calloc(1, sizeof(*p));
	enum mfa_err r = MFA_ENOMEM;

	if (p == NULL)
		return r;
	p->file = strdup(src->file);
	if (p->file != NULL && !(r = lex(p, src, why)) &&
	    !(r = inherit_all(p, why)) && !(r = profile_check(p, why)) &&
	    !(r = pick(p, kind, why)))
		r = profile_read_secrets(p, src, why);
	if (r)
		profile_free(p);
	else
		*ret = p;
	return r;
}

static void
places_free(struct profile_places *l)
{
	for (size_t i = 0; i < l->n; i++)
		place_free(&l->place[i]);
	free(l->place);
}

static void
section_free(struct profile_section *s)
{
	for (size_t i = 0; i < s->nlines; i++)
		line_free(&s->line[i]);
	free(s->line);
	json_decref(s->json);
	place_free(&s->id);
	places_free(&s->code);
	places_free(&s->text);
	for (size_t i = 0; i < s->nok; i++)
		rule_free(&s->ok[i]);
	free(s->ok);
}

void
profile_free(struct profile *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->nsections; i++)
		section_free(&p->section[i]);
	for (size_t i = 0; i < p->nsecrets; i++)
		buf_wipe(&p->secret[i]);
	free(p->secret);
	buf_wipe(&p->client_key);
	free(p->file);
	free(p);
}

const char *
profile_exec(const struct profile *p)
{
	return profile_value(p->main, KEY_EXEC);
}
