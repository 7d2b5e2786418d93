/* mfa.conf: the table, and what walks it. */
#include <stdio.h>
#include <string.h>

#include "conf_key.h"
#include "ini.h"
#include "message.h"
#include "text.h"

#define ROWS_MAX CONF_KEYS_MAX	/* bits of conf_rule.set */

/* By enum conf_rule_kind. */
static const char *const sections[] = { "service", "group", "policy", NULL };

struct parser {
	struct mfa_conf *conf;
	const char *file;
	struct conf_rule *rule;		/* NULL: the host's own keys */
	uint64_t seen;			/* bit per row, of this section */
	struct mfa_why *why;
};

void
conf_init(struct mfa_conf *conf)
{
	const struct conf_row *row;

	memset(conf, 0, sizeof(*conf));
	for (size_t i = 0; (row = conf_row(i)) != NULL; i++)
		conf_set_default(row, conf, &conf->login);
}

static const char *
hint(char *dst, size_t cap, const char *nearest)
{
	snprintf(dst, cap, nearest != NULL ? "; did you mean \"%s\"?" : "%s",
	    nearest != NULL ? nearest : "");
	return dst;
}

static bool
in_policy(const struct parser *p)
{
	return p->rule != NULL && p->rule->kind == CONF_POLICY;
}

static enum mfa_err
unknown_key(const struct parser *p, const struct ini_item *it)
{
	const char *words[ROWS_MAX + WHEN_KEYS + 1] = { NULL };
	char did_you_mean[64];
	size_t n = 0;

	for (; conf_key(n) != NULL; n++)
		words[n] = conf_key(n)->name;
	for (unsigned i = 0; in_policy(p) && i < WHEN_KEYS; i++)
		words[n++] = when_key_name((enum when_key)i);
	return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: unknown key \"%s\"%s",
	    p->file, it->line, it->name, hint(did_you_mean,
	    sizeof(did_you_mean), text_nearest(it->name, words)));
}

/* May it stand here? */
static enum mfa_err
placed(const struct parser *p, const struct ini_item *it,
    const struct conf_key *k)
{
	bool may[] = { [CONF_SERVICE] = k->service, [CONF_GROUP] = k->group,
	    [CONF_POLICY] = k->policy };

	if (p->rule == NULL || may[p->rule->kind])
		return MFA_OK;
	return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: %s cannot stand in a [%s] "
	    "section: move it %sbefore the first heading", p->file, it->line,
	    it->name, sections[p->rule->kind], k->service ?
	    "to a [service] section or " : "");
}

/* Once in a section; bit is its place in p->seen. */
static enum mfa_err
once(struct parser *p, const struct ini_item *it, size_t bit)
{
	if (p->seen >> bit & 1)
		return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: %s is set twice "
		    "in one section: remove one", p->file, it->line, it->name);
	p->seen |= UINT64_C(1) << bit;
	return MFA_OK;
}

static enum mfa_err
bad_value(const struct parser *p, const struct ini_item *it, enum mfa_err r,
    const struct mfa_why *cause)
{
	return mfa_fail(p->why, r, "%s:%u: %s = %.80s: %s", p->file, it->line,
	    it->name, it->value, cause->text);
}

/* So that whoever knows groups can look all of them up beforehand. */
enum mfa_err
conf_name_group(struct mfa_conf *conf, const char *name, struct mfa_why *why)
{
	if (conf_group_index(conf, name) >= 0)
		return MFA_OK;
	if (strlen(name) >= CONF_NAME_MAX)
		return mfa_fail(why, MFA_ERANGE, "%s: the name is too long",
		    name);
	if (conf->ngroups == CONF_GROUPS_MAX)
		return mfa_fail(why, MFA_ERANGE, "more than %d groups are "
		    "named", CONF_GROUPS_MAX);
	snprintf(conf->group[conf->ngroups++], CONF_NAME_MAX, "%s", name);
	return MFA_OK;
}

static enum mfa_err
condition(struct parser *p, const struct ini_item *it, enum when_key k)
{
	const char *list = it->value;
	struct mfa_why cause = { "" };
	struct when_item item;
	enum mfa_err r;

	if ((r = once(p, it, 63 - k)))
		return r;
	r = when_set(&p->conf->when[p->rule->when], k, it->value, &cause);
	while (!r && k == WHEN_GROUP && !when_next(&list, &item))
		r = conf_name_group(p->conf, item.text, &cause);
	return r ? bad_value(p, it, r, &cause) : MFA_OK;
}

static void
keep_place(struct parser *p, unsigned line, size_t row)
{
	struct conf_places *at = &p->conf->places;
	size_t rule = p->rule != NULL ? (size_t)(p->rule - p->conf->rule) + 1 :
	    0;

	at->key[rule][row].line = 0;
	if (at->files == 0 || strcmp(at->file[at->files - 1], p->file) != 0) {
		if (at->files == CONF_FILES_MAX ||
		    strlen(p->file) >= sizeof(*at->file))
			return;
		memcpy(at->file[at->files++], p->file, strlen(p->file) + 1);
	}
	at->key[rule][row].file = (unsigned short)(at->files - 1);
	at->key[rule][row].line = (unsigned short)line;
}

char *
conf_where(const struct mfa_conf *conf, const struct conf_rule *rule,
    const char *key, char dst[static CONF_WHERE_MAX])
{
	const struct conf_places *at = &conf->places;
	size_t r = rule != NULL ? (size_t)(rule - conf->rule) + 1 : 0;
	size_t i = conf_row_named(key);

	*dst = '\0';
	if (i < ROWS_MAX && at->key[r][i].line > 0)
		snprintf(dst, CONF_WHERE_MAX, "%s:%u",
		    at->file[at->key[r][i].file], at->key[r][i].line);
	return dst;
}

static enum mfa_err
key(struct parser *p, const struct ini_item *it)
{
	struct conf_login *login = p->rule != NULL ? &p->rule->login :
	    &p->conf->login;
	size_t i = conf_row_named(it->name);
	const struct conf_row *row = conf_row(i);
	struct mfa_why cause = { "" };
	enum mfa_err r;

	for (unsigned k = 0; in_policy(p) && k < WHEN_KEYS; k++)
		if (!strcmp(it->name, when_key_name((enum when_key)k)))
			return condition(p, it, (enum when_key)k);
	if (row == NULL)
		return unknown_key(p, it);
	if ((r = placed(p, it, &row->key)) || (r = once(p, it, i)))
		return r;
	if ((r = conf_set(row, it->value, p->conf, login, &cause)))
		return bad_value(p, it, r, &cause);
	if (p->rule != NULL)
		p->rule->set |= UINT64_C(1) << i;
	keep_place(p, it->line, i);
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
add_rule(struct parser *p, enum conf_rule_kind kind, const char *name,
    struct mfa_why *why)
{
	struct mfa_conf *conf = p->conf;
	struct conf_rule *rule = &conf->rule[conf->nrules];

	if (conf->nrules == CONF_RULES_MAX || (kind == CONF_POLICY &&
	    conf->npolicies == CONF_POLICIES_MAX))
		return mfa_fail(why, MFA_ERANGE, "more than %d sections, or %d "
		    "policies", CONF_RULES_MAX, CONF_POLICIES_MAX);
	conf->nrules++;
	rule->kind = kind;
	snprintf(rule->name, sizeof(rule->name), "%s", name);
	if (kind == CONF_POLICY)
		rule->when = conf->npolicies++;
	p->rule = rule;
	return kind == CONF_GROUP ? conf_name_group(conf, name, why) : MFA_OK;
}

static enum mfa_err
heading(struct parser *p, const struct ini_item *it)
{
	struct mfa_why cause = { "" };
	char did_you_mean[64];
	enum mfa_err r = MFA_OK;
	unsigned kind = 0;

	while (sections[kind] != NULL && strcmp(it->name, sections[kind]))
		kind++;
	if (sections[kind] == NULL)
		return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: unknown section "
		    "[%s]%s", p->file, it->line, it->name, hint(did_you_mean,
		    sizeof(did_you_mean), text_nearest(it->name, sections)));
	if (*it->value == '\0' || strlen(it->value) >= CONF_NAME_MAX)
		return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: expected [%s "
		    "NAME]", p->file, it->line, it->name);
	p->seen = 0;
	p->rule = find_rule(p->conf, (enum conf_rule_kind)kind, it->value);
	if (p->rule == NULL)
		r = add_rule(p, (enum conf_rule_kind)kind, it->value, &cause);
	return r ? mfa_fail(p->why, r, "%s:%u: %s", p->file, it->line,
	    cause.text) : MFA_OK;
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

const char *
conf_template(const struct conf_send *send, enum sending_kind kind,
    enum language language)
{
	const char *text = send->template[kind][language];

	return *text ? text : send->template[kind][LANGUAGE_EN];
}

/* The line for browsers takes room that the templates had. */
static enum mfa_err
texts_fit(const struct conf_send *send, struct mfa_why *why)
{
	struct mfa_why cause = { "" };
	enum mfa_err r;

	for (unsigned i = 0; *send->webotp && i < LANGUAGES; i++)
		if ((r = message_check(SENDING_SMS, conf_template(send,
		    SENDING_SMS, (enum language)i), send->webotp, &cause)))
			return mfa_fail(why, r, "sms_%s with webotp: %s",
			    language_name((enum language)i), cause.text);
	return MFA_OK;
}

/* An app password stands for both factors, so there is no first one. */
static enum mfa_err
app_alone(const struct mfa_conf *conf, struct mfa_why *why)
{
	if (conf->login.app_passwords)
		return mfa_fail(why, MFA_ERANGE, "app_passwords = yes would "
		    "hold for every service: move it into [service NAME]");
	for (size_t i = 0; i < conf->nrules; i++)
		if (conf->rule[i].login.app_passwords &&
		    conf->rule[i].login.first_factor != CONF_BEFORE)
			return mfa_fail(why, MFA_ERANGE, "[service %s]: "
			    "app_passwords = yes asks for nothing else: "
			    "remove first_factor", conf->rule[i].name);
	return MFA_OK;
}

enum mfa_err
conf_finish(const struct mfa_conf *conf, struct mfa_why *why)
{
	const struct conf_limit *l = &conf->limit;
	enum mfa_err r;

	if (l->delay_first > l->delay_max)
		return mfa_fail(why, MFA_ERANGE, "delay_first (%u s) is over "
		    "delay_max (%u s)", l->delay_first, l->delay_max);
	if (l->free_failures >= l->lock_after)
		return mfa_fail(why, MFA_ERANGE, "free_failures (%u) must be "
		    "under lock_after (%u)", l->free_failures, l->lock_after);
	if ((r = app_alone(conf, why)))
		return r;
	return texts_fit(&conf->send, why);
}

int
conf_group_index(const struct mfa_conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->ngroups; i++)
		if (!strcmp(conf->group[i], name))
			return (int)i;
	return -1;
}

const char *
conf_rule_kind_name(enum conf_rule_kind kind)
{
	return sections[kind];
}
