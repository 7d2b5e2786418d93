/* mfa.conf: the table, and what walks it. */
#include <stdio.h>
#include <string.h>

#include "conf_key.h"
#include "ini.h"
#include "message.h"
#include "text.h"

#define ROWS_MAX 64	/* bits of conf_rule.set */

static const char *const sections[] = { "service", "group", NULL };

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

static enum mfa_err
unknown_key(const struct parser *p, const struct ini_item *it)
{
	const char *words[ROWS_MAX + 1] = { NULL };
	char did_you_mean[64];

	for (size_t i = 0; conf_key(i) != NULL; i++)
		words[i] = conf_key(i)->name;
	return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: unknown key \"%s\"%s",
	    p->file, it->line, it->name, hint(did_you_mean,
	    sizeof(did_you_mean), text_nearest(it->name, words)));
}

static const char *
misplaced(const struct parser *p, const struct conf_row *row)
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
	const struct conf_row *row;
	struct mfa_why cause = { "" };
	enum mfa_err r;
	size_t i = 0;

	while ((row = conf_row(i)) != NULL && strcmp(it->name, row->key.name))
		i++;
	if (row == NULL)
		return unknown_key(p, it);
	if (misplaced(p, row) != NULL)
		return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: %s cannot stand "
		    "in a %s section: move it before the first heading",
		    p->file, it->line, it->name, misplaced(p, row));
	if (p->seen >> i & 1)
		return mfa_fail(p->why, MFA_ESYNTAX, "%s:%u: %s is set twice "
		    "in one section: remove one", p->file, it->line, it->name);
	p->seen |= UINT64_C(1) << i;
	if ((r = conf_set(row, it->value, p->conf, login, &cause)))
		return mfa_fail(p->why, r, "%s:%u: %s = %.80s: %s", p->file,
		    it->line, it->name, it->value, cause.text);
	if (p->rule != NULL)
		p->rule->set |= UINT64_C(1) << i;
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
	return texts_fit(&conf->send, why);
}

/* All values of struct conf_login are as wide. */
static void
override(const struct conf_rule *rule, struct conf_login *login)
{
	const struct conf_row *row;

	for (size_t i = 0; (row = conf_row(i)) != NULL; i++)
		if (rule->set >> i & 1)
			memcpy((char *)login + row->offset,
			    (const char *)&rule->login + row->offset,
			    sizeof(unsigned));
}

/* Did this section say something about people who are not enrolled? */
static bool
says_not_enrolled(const struct conf_rule *rule)
{
	for (size_t i = 0; conf_key(i) != NULL; i++)
		if (conf_key(i)->group && rule->set >> i & 1)
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
