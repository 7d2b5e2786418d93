/* mfa.conf: the table, and what walks it. */
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "ini.h"
#include "text.h"

#define HOST(field) offsetof(struct mfa_conf, field)
#define LOGIN(field) offsetof(struct conf_login, field)
#define WORDS_MAX 3

/*
 * A row: what conf_key() shows, and where the value goes: at an offset into
 * struct mfa_conf, or, if it may differ per service, into struct conf_login.
 */
static const struct row {
	struct conf_key key;
	size_t offset;
	size_t cap;		/* bytes, of a text or path */
} rows[] = {
	{ { "store", "system", "system home", 0, 0, false, false },
	    HOST(store), 0 },
	{ { "users", "/etc/mfa/users", "path", 0, 0, false, false },
	    HOST(users), CONF_PATH_MAX },
	{ { "state", "/var/lib/mfa", "path", 0, 0, false, false },
	    HOST(state), CONF_PATH_MAX },
	{ { "issuer", "", "text", 0, 0, false, false }, HOST(issuer),
	    sizeof(((struct mfa_conf *)0)->issuer) },
	{ { "openssl_config", "", "path", 0, 0, false, false },
	    HOST(openssl_config), CONF_PATH_MAX },
	{ { "free_failures", "5", "number", 1, 20, false, false },
	    HOST(limit.free_failures), 0 },
	{ { "delay_first", "30s", "seconds", 1, 3600, false, false },
	    HOST(limit.delay_first), 0 },
	{ { "delay_max", "1h", "seconds", 1, 86400, false, false },
	    HOST(limit.delay_max), 0 },
	{ { "lock_after", "50", "number", 2, 100, false, false },
	    HOST(limit.lock_after), 0 },
	{ { "first_factor", "before", "before after joined", 0, 0, true,
	    false }, LOGIN(first_factor), 0 },
	{ { "not_enrolled", "deny", "deny allow", 0, 0, true, true },
	    LOGIN(not_enrolled), 0 },
	{ { "tries", "3", "number", 1, 10, true, false }, LOGIN(tries), 0 },
	{ { "time_limit", "2m", "seconds", 10, 600, true, false },
	    LOGIN(time_limit), 0 },
	{ { "window_back", "1", "number", 0, 10, true, false },
	    LOGIN(window_back), 0 },
	{ { "window_ahead", "1", "number", 0, 10, true, false },
	    LOGIN(window_ahead), 0 },
	{ { "look_ahead", "10", "number", 0, 20, true, false },
	    LOGIN(look_ahead), 0 },
	{ { "drift_max", "2", "number", 0, 4, true, false },
	    LOGIN(drift_max), 0 },
};

#define NROWS (sizeof(rows) / sizeof(*rows))

static const char *const sections[] = { "service", "group", NULL };

struct parser {
	struct mfa_conf *conf;
	const char *file;
	struct conf_rule *rule;		/* NULL: the host's own keys */
	unsigned long seen;		/* bit per row, of this section */
	struct mfa_why *why;
};

const struct conf_key *
conf_key(size_t i)
{
	return i < NROWS ? &rows[i].key : NULL;
}

/* The place of a word in a list with blanks between, or -1. */
static int
word_index(const char *list, const char *word)
{
	size_t len = strlen(word);
	int i = 0;

	for (const char *p = list; len > 0 && *p; i++) {
		size_t n = strcspn(p, " ");

		if (n == len && !memcmp(p, word, n))
			return i;
		p += n + (p[n] == ' ');
	}
	return -1;
}

static bool
is_number(const struct row *row)
{
	return !strcmp(row->key.kind, "number") ||
	    !strcmp(row->key.kind, "seconds");
}

static enum mfa_err
set_text(const struct row *row, const char *s, char *dst)
{
	if (strlen(s) >= row->cap)
		return MFA_ERANGE;
	if (!strcmp(row->key.kind, "path") && *s != '/' &&
	    (*s != '\0' || *row->key.value != '\0'))
		return MFA_ESYNTAX;
	snprintf(dst, row->cap, "%s", s);
	return MFA_OK;
}

/* Every number and every enum of the structs is one unsigned wide. */
static enum mfa_err
set_unsigned(const struct row *row, const char *s, void *dst)
{
	enum mfa_err r = MFA_OK;
	uint64_t v;
	unsigned u;
	int i;

	if (!is_number(row)) {
		if ((i = word_index(row->key.kind, s)) < 0)
			return MFA_ESYNTAX;
		v = (uint64_t)i;
	} else if (!strcmp(row->key.kind, "seconds")) {
		r = text_seconds(s, row->key.min, row->key.max, &v);
	} else {
		r = text_u64(s, row->key.min, row->key.max, &v);
	}
	if (r)
		return r;
	u = (unsigned)v;
	memcpy(dst, &u, sizeof(u));
	return MFA_OK;
}

static enum mfa_err
set(const struct row *row, const char *s, struct mfa_conf *conf,
    struct conf_login *login)
{
	char *base = row->key.service ? (char *)login : (char *)conf;

	_Static_assert(sizeof(enum conf_store) == sizeof(unsigned), "enums");
	return row->cap ? set_text(row, s, base + row->offset) :
	    set_unsigned(row, s, base + row->offset);
}

void
conf_init(struct mfa_conf *conf)
{
	memset(conf, 0, sizeof(*conf));
	for (size_t i = 0; i < NROWS; i++)
		/* A default always fits; test_conf holds it to that. */
		(void)!set(&rows[i], rows[i].key.value, conf, &conf->login);
}

static const char *
hint(char *dst, size_t cap, const char *nearest)
{
	snprintf(dst, cap, nearest != NULL ? "; did you mean \"%s\"?" : "%s",
	    nearest != NULL ? nearest : "");
	return dst;
}

static enum mfa_err
unknown_key(const struct parser *p, const struct ini_item *it)
{
	const char *words[NROWS + 1];
	char did_you_mean[64];

	for (size_t i = 0; i < NROWS; i++)
		words[i] = rows[i].key.name;
	words[NROWS] = NULL;
	return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: unknown key \"%s\"%s",
	    p->file, it->line, it->name, hint(did_you_mean,
	    sizeof(did_you_mean), text_nearest(it->name, words)));
}

static enum mfa_err
bad_value(const struct parser *p, const struct row *row,
    const struct ini_item *it)
{
	if (is_number(row))
		return mfa_fail(p->why, MFA_ERANGE, "%s:%u: %s = %s: expected "
		    "%s from %llu to %llu", p->file, it->line, it->name,
		    it->value, strcmp(row->key.kind, "number") ?
		    "a time such as 90, 90s, 2m or 1h" : "a number",
		    (unsigned long long)row->key.min,
		    (unsigned long long)row->key.max);
	if (row->cap)
		return mfa_fail(p->why, MFA_ERANGE, "%s:%u: %s: expected %s "
		    "of at most %zu bytes", p->file, it->line, it->name,
		    strcmp(row->key.kind, "path") ? "a text" :
		    "an absolute path", row->cap - 1);
	return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: %s = %s: expected one "
	    "of: %s", p->file, it->line, it->name, it->value, row->key.kind);
}

static const char *
misplaced(const struct parser *p, const struct row *row)
{
	if (p->rule == NULL)
		return NULL;
	if (p->rule->kind == CONF_GROUP && !row->key.group)
		return "[group]";
	return row->key.service ? NULL : "[service]";
}

static enum mfa_err
key(struct parser *p, const struct ini_item *it)
{
	struct conf_login *login = p->rule != NULL ? &p->rule->login :
	    &p->conf->login;
	size_t i = 0;

	while (i < NROWS && strcmp(it->name, rows[i].key.name))
		i++;
	if (i == NROWS)
		return unknown_key(p, it);
	if (misplaced(p, &rows[i]) != NULL)
		return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: %s cannot stand "
		    "in a %s section: move it before the first heading",
		    p->file, it->line, it->name, misplaced(p, &rows[i]));
	if (p->seen >> i & 1)
		return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: %s is set twice "
		    "in one section: remove one", p->file, it->line, it->name);
	p->seen |= 1UL << i;
	if (set(&rows[i], it->value, p->conf, login))
		return bad_value(p, &rows[i], it);
	if (p->rule != NULL)
		p->rule->set |= 1UL << i;
	return MFA_OK;
}

static struct conf_rule *
find_rule(struct mfa_conf *conf, enum conf_rule_kind kind, const char *name)
{
	for (size_t i = 0; i < conf->nrules; i++)
		if (conf->rule[i].kind == kind &&
		    !strcmp(conf->rule[i].name, name))
			return &conf->rule[i];
	return NULL;
}

static enum mfa_err
heading(struct parser *p, const struct ini_item *it)
{
	enum conf_rule_kind kind = strcmp(it->name, "group") ? CONF_SERVICE :
	    CONF_GROUP;
	struct mfa_conf *conf = p->conf;
	char did_you_mean[64];

	if (strcmp(it->name, "service") && strcmp(it->name, "group"))
		return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: unknown section "
		    "[%s]%s", p->file, it->line, it->name, hint(did_you_mean,
		    sizeof(did_you_mean), text_nearest(it->name, sections)));
	if (*it->value == '\0' ||
	    strlen(it->value) >= sizeof(p->rule->name))
		return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: expected [%s "
		    "NAME]", p->file, it->line, it->name);
	p->seen = 0;
	p->rule = find_rule(conf, kind, it->value);
	if (p->rule != NULL)
		return MFA_OK;
	if (conf->nrules == CONF_RULES_MAX)
		return mfa_fail(p->why, MFA_ERANGE, "%s:%u: more than %d "
		    "sections", p->file, it->line, CONF_RULES_MAX);
	p->rule = &conf->rule[conf->nrules++];
	p->rule->kind = kind;
	memcpy(p->rule->name, it->value, strlen(it->value) + 1);
	return MFA_OK;
}

enum mfa_err
conf_parse(struct mfa_conf *conf, const char *file, const char *text,
    size_t len, struct mfa_why *why)
{
	struct parser p = { .conf = conf, .file = file, .why = why };
	struct mfa_why cause = { "" };
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, text, len);
	while (!(r = ini_next(&ini, &it, &cause)) && it.kind != INI_END)
		if ((r = it.kind == INI_SECTION ? heading(&p, &it) :
		    key(&p, &it)))
			return r;
	return r ? mfa_fail(why, r, "%s: %s", file, cause.text) : MFA_OK;
}

enum mfa_err
conf_finish(const struct mfa_conf *conf, struct mfa_why *why)
{
	const struct conf_limit *l = &conf->limit;

	if (l->delay_first > l->delay_max)
		return mfa_fail(why, MFA_ERANGE, "delay_first (%u s) is over "
		    "delay_max (%u s)", l->delay_first, l->delay_max);
	if (l->free_failures >= l->lock_after)
		return mfa_fail(why, MFA_ERANGE, "free_failures (%u) must be "
		    "under lock_after (%u)", l->free_failures, l->lock_after);
	return MFA_OK;
}

static void
override(const struct conf_rule *rule, struct conf_login *login)
{
	for (size_t i = 0; i < NROWS; i++)
		if (rule->set >> i & 1)
			memcpy((char *)login + rows[i].offset,
			    (const char *)&rule->login + rows[i].offset,
			    sizeof(unsigned));
}

/* Did this section say something about people who are not enrolled? */
static bool
says_not_enrolled(const struct conf_rule *rule)
{
	for (size_t i = 0; i < NROWS; i++)
		if (rows[i].key.group && rule->set >> i & 1)
			return true;
	return false;
}

void
conf_login_for(const struct mfa_conf *conf, const char *service,
    const bool ingroup[static CONF_RULES_MAX], struct conf_login *ret)
{
	struct conf_login login = conf->login;
	bool deny = false;

	for (size_t i = 0; i < conf->nrules; i++) {
		const struct conf_rule *rule = &conf->rule[i];

		if (rule->kind == CONF_GROUP ? !ingroup[i] :
		    strcmp(rule->name, service) != 0)
			continue;
		override(rule, &login);
		if (says_not_enrolled(rule) &&
		    rule->login.not_enrolled == CONF_DENY)
			deny = true;
	}
	if (deny)
		login.not_enrolled = CONF_DENY;
	*ret = login;
}
