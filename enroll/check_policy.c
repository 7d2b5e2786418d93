/* Which sections hold for a login, and what each value comes from. */
#include <stdarg.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "check.h"

void
check_step(FILE *out, const char *name, const char *fmt, ...)
{
	char text[1024], shown[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fprintf(out, "%-10s %s\n", name, text_clean(shown, sizeof(shown),
	    text));
}

/* What about this condition could not be told. */
static const char *
puzzle(enum when_key key)
{
	return key == WHEN_GROUP ? "a group cannot be looked up" :
	    key == WHEN_FROM ? "the host is a name, and names are not looked "
	    "up" : "the local time is not known";
}

static void
tell_policy(const struct policy_ctx *ctx, const struct conf_rule *rule,
    bool decided, FILE *out)
{
	const struct when_login login = policy_login(ctx);
	const struct when *when = &ctx->conf->when[rule->when];
	enum when_key key = WHEN_USER;

	if (decided) {
		check_step(out, "", "[policy %s] is not looked at any more",
		    rule->name);
		return;
	}
	switch (conf_rule_met(ctx->conf, rule, &login, &key)) {
	case WHEN_YES:
		check_step(out, "", "[policy %s] is met", rule->name);
		break;
	case WHEN_NO:
		check_step(out, "", "[policy %s] is not met: %s = %s",
		    rule->name, when_key_name(key), when->list[key]);
		break;
	case WHEN_UNKNOWN:
		check_step(out, "", "[policy %s] cannot be told: %s = %s (%s): "
		    "only what is stricter holds", rule->name,
		    when_key_name(key), when->list[key], puzzle(key));
		break;
	}
}

static void
tell_section(const struct policy_ctx *ctx, const struct conf_rule *rule,
    FILE *out)
{
	const struct when_login login = policy_login(ctx);
	enum when_met met = conf_rule_met(ctx->conf, rule, &login, NULL);

	if (met != WHEN_NO)
		check_step(out, "", "[%s %s] %s", conf_rule_kind_name(
		    rule->kind), rule->name, met == WHEN_YES ? "holds" :
		    "cannot be told: only what is stricter holds");
}

/* Always told: what a login is like. Of the others, what is not usual. */
static const char *const always[] = { "first_factor", "not_enrolled",
    "methods", NULL };

static bool
is_always(const char *key)
{
	size_t i = 0;

	while (always[i] != NULL && strcmp(always[i], key) != 0)
		i++;
	return always[i] != NULL;
}

static void
tell_value(const struct policy_ctx *ctx, const struct conf_login *values,
    const struct conf_key *key, FILE *out)
{
	const struct when_login login = policy_login(ctx);
	const struct conf_rule *from = conf_origin(ctx->conf, &login,
	    key->name);
	char value[64], host[64];

	conf_value(values, key->name, value, sizeof(value));
	conf_value(&ctx->conf->login, key->name, host, sizeof(host));
	if (from != NULL)
		check_step(out, "", "%s = %s, from [%s %s]", key->name, value,
		    conf_rule_kind_name(from->kind), from->name);
	else if (strcmp(value, host) != 0)
		check_step(out, "", "%s = %s, the strictest of several",
		    key->name, value);
	else if (strcmp(value, key->value) != 0)
		check_step(out, "", "%s = %s, set for all", key->name, value);
	else if (is_always(key->name))
		check_step(out, "", "%s = %s, the default", key->name, value);
}

void
check_policy(const struct policy_ctx *ctx, const struct policy_decision *d,
    FILE *out)
{
	const struct mfa_conf *conf = ctx->conf;
	const struct conf_key *key;
	bool decided = false;

	check_step(out, "Policy", "%s", d->policy != NULL ? d->policy :
	    conf->npolicies > 0 ? "none of the [policy] sections is met" :
	    "there is no [policy] section");
	for (size_t i = 0; i < conf->nrules; i++)
		if (conf->rule[i].kind != CONF_POLICY)
			tell_section(ctx, &conf->rule[i], out);
	for (size_t i = 0; i < conf->nrules; i++) {
		const struct conf_rule *rule = &conf->rule[i];

		if (rule->kind != CONF_POLICY)
			continue;
		tell_policy(ctx, rule, decided, out);
		decided |= d->policy != NULL && !strcmp(d->policy, rule->name);
	}
	for (size_t i = 0; (key = conf_key(i)) != NULL; i++)
		if (key->service)
			tell_value(ctx, &d->login, key, out);
}
