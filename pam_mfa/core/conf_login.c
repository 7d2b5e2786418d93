/* Which values hold for one login. */
#include <stdio.h>
#include <string.h>

#include "conf_key.h"
#include "date.h"
#include "method.h"

/* A bit per row; "then = enrol" says something about not_enrolled, too. */
static uint64_t
rows_set(const struct conf_rule *rule)
{
	return rule->login.then != CONF_THEN_ENROL ? rule->set :
	    rule->set | UINT64_C(1) << conf_row_named("not_enrolled");
}

/* Rows of struct conf_login, whose values are all as wide. */
static void
copy(uint64_t rows, const struct conf_login *from, struct conf_login *to)
{
	const struct conf_row *row;

	for (size_t i = 0; (row = conf_row(i)) != NULL; i++)
		if (rows >> i & 1)
			memcpy((char *)to + row->offset,
			    (const char *)from + row->offset,
			    sizeof(unsigned));
}

static void
resolve(struct conf_login *login)
{
	if (login->then == CONF_THEN_ENROL) {
		login->then = CONF_THEN_ASK;
		login->not_enrolled = CONF_ENROL;
	}
}

static void
override(const struct conf_rule *rule, struct conf_login *login)
{
	copy(rule->set, &rule->login, login);
	resolve(login);
}

/* Before any section: its "then = enrol" is not one of theirs. */
static struct conf_login
host(const struct mfa_conf *conf)
{
	struct conf_login login = conf->login;

	resolve(&login);
	return login;
}

/* deny over enrol over allow */
static enum conf_not_enrolled
strictest(enum conf_not_enrolled a, enum conf_not_enrolled b)
{
	if (a == CONF_DENY || b == CONF_DENY)
		return CONF_DENY;
	return a == CONF_ENROL || b == CONF_ENROL ? CONF_ENROL : CONF_ALLOW;
}

/* deny over ask over skip */
static enum conf_then
strictest_then(enum conf_then a, enum conf_then b)
{
	if (a == CONF_THEN_DENY || b == CONF_THEN_DENY)
		return CONF_THEN_DENY;
	return a == b ? a : CONF_THEN_ASK;
}

static void
least(unsigned *a, unsigned b)
{
	*a = b < *a ? b : *a;
}

/* The more bits, the smaller the network. */
static unsigned
longest(unsigned a, unsigned b)
{
	unsigned v4 = CONF_PREFIX_V4(a), v6 = CONF_PREFIX_V6(a);

	v4 = CONF_PREFIX_V4(b) > v4 ? CONF_PREFIX_V4(b) : v4;
	v6 = CONF_PREFIX_V6(b) > v6 ? CONF_PREFIX_V6(b) : v6;
	return CONF_PREFIX(v4, v6);
}

/*
 * What holds if it cannot be told which of the two does. Where the password
 * stands is a fact of the stack, and not a question of more or less strict.
 */
static void
tighten(struct conf_login *a, const struct conf_login *b)
{
	a->not_enrolled = strictest(a->not_enrolled, b->not_enrolled);
	a->then = strictest_then(a->then, b->then);
	a->require_enrolled |= b->require_enrolled;
	a->methods = method_both(a->methods, b->methods);
	least(&a->deadline, b->deadline);
	least(&a->tries, b->tries);
	least(&a->time_limit, b->time_limit);
	least(&a->enrol_time, b->enrol_time);
	least(&a->enrol_after_reset, b->enrol_after_reset);
	least(&a->window_back, b->window_back);
	least(&a->window_ahead, b->window_ahead);
	least(&a->look_ahead, b->look_ahead);
	least(&a->drift_max, b->drift_max);
	least(&a->remember, b->remember);
	least(&a->grace, b->grace);
	a->remember_sk |= b->remember_sk;
	a->remember_prefix = longest(a->remember_prefix, b->remember_prefix);
}

enum when_met
conf_rule_met(const struct mfa_conf *conf, const struct conf_rule *rule,
    const struct when_login *l, enum when_key *ret_key)
{
	switch (rule->kind) {
	case CONF_SERVICE:
		return strcmp(rule->name, l->service) ? WHEN_NO : WHEN_YES;
	case CONF_GROUP:
		return l->member(l->ctx, rule->name);
	case CONF_POLICY:
		break;
	}
	return when_check(&conf->when[rule->when], l, ret_key);
}

/* The sections of which it is so, whether they apply. */
static void
apply_met(const struct mfa_conf *conf, const struct when_login *l,
    enum when_met met, struct conf_login *login)
{
	uint64_t said = 0;

	for (size_t i = 0; i < conf->nrules; i++) {
		const struct conf_rule *rule = &conf->rule[i];
		struct conf_login one = *login, strict;

		if (rule->kind == CONF_POLICY ||
		    conf_rule_met(conf, rule, l, NULL) != met)
			continue;
		override(rule, &one);
		strict = one;
		tighten(&strict, login);
		copy(said & rows_set(rule), &strict, &one);
		said |= rows_set(rule);
		*login = met == WHEN_UNKNOWN ? strict : one;
	}
}

/* Those that may apply go last: nothing takes back what they tighten. */
static void
apply_sections(const struct mfa_conf *conf, const struct when_login *l,
    struct conf_login *login)
{
	apply_met(conf, l, WHEN_YES, login);
	apply_met(conf, l, WHEN_UNKNOWN, login);
}

/* At a door for app passwords no other factor stands before us. */
static struct conf_login
settled(const struct conf_login *login)
{
	struct conf_login l = *login;

	if (l.app_passwords)
		l.first_factor = CONF_BEFORE;
	return l;
}

const struct conf_rule *
conf_login_for(const struct mfa_conf *conf, const struct when_login *l,
    struct conf_login *ret)
{
	const struct conf_rule *policy = NULL;
	struct conf_login base = host(conf), login, strict;
	bool unsure = false;

	apply_sections(conf, l, &base);
	login = base;
	for (size_t i = 0; i < conf->nrules && policy == NULL; i++) {
		const struct conf_rule *rule = &conf->rule[i];
		struct conf_login one = base;
		enum when_met met;

		if (rule->kind != CONF_POLICY || (met = conf_rule_met(conf,
		    rule, l, NULL)) == WHEN_NO)
			continue;
		override(rule, &one);
		if (met == WHEN_YES) {
			policy = rule;
			login = one;
		} else if (unsure)
			tighten(&strict, &one);
		else {
			strict = one;
			unsure = true;
		}
	}
	if (unsure)
		tighten(&login, &strict);
	*ret = settled(&login);
	return policy;
}

static unsigned
value(const struct conf_login *login, const struct conf_row *row)
{
	unsigned v;

	memcpy(&v, (const char *)login + row->offset, sizeof(v));
	return v;
}

const struct conf_rule *
conf_origin(const struct mfa_conf *conf, const struct when_login *l,
    const char *key)
{
	const size_t bit = conf_row_named(key);
	const struct conf_row *row = conf_row(bit);
	const struct conf_rule *from = NULL, *policy;
	struct conf_login login, one;

	policy = conf_login_for(conf, l, &login);
	for (size_t i = 0; row != NULL && i < conf->nrules; i++) {
		const struct conf_rule *rule = &conf->rule[i];
		bool later = rule->kind == CONF_POLICY && policy != NULL &&
		    rule > policy;
		bool weaker = rule->kind != CONF_POLICY && from != NULL &&
		    from->kind == CONF_POLICY;

		if (later || weaker || !(rows_set(rule) >> bit & 1) ||
		    conf_rule_met(conf, rule, l, NULL) == WHEN_NO)
			continue;
		one = host(conf);
		override(rule, &one);
		if (value(&one, row) == value(&login, row))
			from = rule;
	}
	return from;
}

/* In the largest unit that fits; a day is 24h, as the default is written. */
static void
write_time(unsigned v, char *dst, size_t cap)
{
	static const struct {
		unsigned least, each;
		const char *sign;
	} units[] = { { 2 * 86400, 86400, "d" }, { 3600, 3600, "h" },
	    { 60, 60, "m" }, { 1, 1, "s" }, { 0, 1, "" } };
	size_t i = 0;

	while (v < units[i].least || v % units[i].each != 0)
		i++;
	snprintf(dst, cap, "%u%s", v / units[i].each, units[i].sign);
}

char *
conf_value(const struct conf_login *login, const char *key, char *dst,
    size_t cap)
{
	const struct conf_row *row = conf_row(conf_row_named(key));
	const char *word = row->key.kind;
	unsigned v = value(login, row);
	char date[DATE_MAX];

	if (!strcmp(word, "methods"))
		return method_format(v, dst, cap);
	if (!strcmp(word, "date"))
		snprintf(dst, cap, "%s", v > 0 ? date_format(v, date) : "");
	else if (!strcmp(word, "prefix") && v == 0)
		*dst = '\0';
	else if (!strcmp(word, "prefix"))
		snprintf(dst, cap, "%u %u", CONF_PREFIX_V4(v),
		    CONF_PREFIX_V6(v));
	else if (!strcmp(word, "seconds"))
		write_time(v, dst, cap);
	else if (row->key.max > 0)
		snprintf(dst, cap, "%u", v);
	else {
		while (v-- > 0)
			word += strcspn(word, " ") + 1;
		snprintf(dst, cap, "%.*s", (int)strcspn(word, " "), word);
	}
	return dst;
}

static enum when_met
in_none(const void *ctx, const char *group)
{
	(void)ctx;
	(void)group;
	return WHEN_NO;
}

static enum when_met
in_one(const void *ctx, const char *group)
{
	return strcmp(ctx, group) ? WHEN_NO : WHEN_YES;
}

void
conf_service(const struct mfa_conf *conf, const char *service,
    struct conf_login *ret)
{
	const struct when_login l = { .service = service, .member = in_none };
	struct conf_login login = host(conf);

	apply_sections(conf, &l, &login);
	*ret = settled(&login);
}

static bool
exempts(const struct conf_login *login)
{
	return !login->app_passwords && (login->then == CONF_THEN_SKIP ||
	    (login->then == CONF_THEN_ASK &&
	    login->not_enrolled == CONF_ALLOW));
}

/* The policy, where nothing is known of a login but its service. */
static bool
policy_exempts(const struct mfa_conf *conf, const struct conf_rule *rule,
    const struct when_login *l)
{
	struct conf_login login;
	struct when service = { 0 };

	memcpy(service.list[WHEN_SERVICE],
	    conf->when[rule->when].list[WHEN_SERVICE], WHEN_LIST_MAX);
	if (when_check(&service, l, NULL) == WHEN_NO)
		return false;
	conf_service(conf, l->service, &login);
	override(rule, &login);
	return exempts(&login);
}

bool
conf_exempts(const struct mfa_conf *conf, const char *service)
{
	struct when_login l = { .service = service, .member = in_none };
	struct conf_login login;
	bool any;

	conf_service(conf, service, &login);
	any = exempts(&login);
	l.member = in_one;
	for (size_t i = 0; i < conf->nrules && !any; i++) {
		const struct conf_rule *rule = &conf->rule[i];

		login = host(conf);
		l.ctx = rule->name;
		if (rule->kind == CONF_POLICY)
			any = policy_exempts(conf, rule, &l);
		else if (rule->kind == CONF_GROUP) {
			apply_sections(conf, &l, &login);
			any = exempts(&login);
		}
	}
	return any;
}
