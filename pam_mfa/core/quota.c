/* What may be sent. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ini.h"
#include "quota.h"

#define HOUR 3600
#define BURST 600		/* seconds of number_burst */

/* Which other messages a limit counts. */
enum scope { THIS_USER, THIS_PROOF, THIS_NUMBER, CALLS, THIS_RANGE, THE_HOST };

struct rule {
	const char *key;
	enum scope scope;
	uint64_t period;	/* seconds */
	unsigned most;
};

#define RULES 8

static void
rules_of(const struct conf_quota *conf, struct rule ret[static RULES])
{
	const struct rule rules[RULES] = {
		{ "user_hourly", THIS_USER, HOUR, conf->user_hourly },
		{ "user_daily", THIS_USER, QUOTA_DAY, conf->user_daily },
		{ "number_burst", THIS_PROOF, BURST, conf->number_burst > 1 ?
		    conf->number_burst - 1 : conf->number_burst },
		{ "number_burst", THIS_NUMBER, BURST, conf->number_burst },
		{ "call_every", CALLS, conf->call_every, 1 },
		{ "range_daily", THIS_RANGE, QUOTA_DAY, conf->range_daily },
		{ "host_hourly", THE_HOST, HOUR, conf->host_hourly },
		{ "host_daily", THE_HOST, QUOTA_DAY, conf->host_daily },
	};

	memcpy(ret, rules, sizeof(rules));
}

static bool
same_range(const char *a, const char *b)
{
	char of_a[PHONE_MAX + 1], of_b[PHONE_MAX + 1];

	return !strcmp(phone_prefix(of_a, a), phone_prefix(of_b, b));
}

/*
 * Does a, which was sent, count where b is to be? Anybody can have a number
 * proved that is not theirs: that must not keep codes from whom it is a factor
 * of, and for the others one is left.
 */
static bool
counts(enum scope scope, const struct quota_sent *a,
    const struct quota_sent *b)
{
	switch (scope) {
	case THIS_USER:
		return !strcmp(a->user, b->user);
	case THIS_PROOF:
		return a->proof && b->proof && !strcmp(a->user, b->user) &&
		    !strcmp(a->number, b->number);
	case THIS_NUMBER:
		return !strcmp(a->number, b->number) &&
		    (b->proof || !a->proof);
	case CALLS:
		return a->way == SENDING_VOICE && b->way == SENDING_VOICE &&
		    !strcmp(a->user, b->user);
	case THIS_RANGE:
		return same_range(a->number, b->number);
	case THE_HOST:
		break;
	}
	return true;
}

/* Seconds until one more is within the rule; 0: now. */
static uint64_t
wait_for(const struct rule *rule, const struct quota *q,
    const struct quota_sent *new)
{
	unsigned n = 0;

	if (rule->most == 0)
		return rule->period;
	for (size_t i = q->n; i-- > 0 && q->sent[i].age < rule->period;)
		if (!q->sent[i].refused &&
		    counts(rule->scope, &q->sent[i], new) &&
		    ++n == rule->most)
			return rule->period - q->sent[i].age;
	return 0;
}

/*
 * Is it one that the next has to wait after? What was refused delays only the
 * same again: there are other ways.
 */
static bool
delays(const struct quota_sent *old, const struct quota_sent *new)
{
	return counts(THIS_USER, old, new) && (!old->refused ||
	    (counts(THIS_NUMBER, old, new) && old->way == new->way));
}

/* After each message of the last hour a pause of twice the length. */
static uint64_t
wait_to_resend(const struct conf_quota *conf, const struct quota *q,
    const struct quota_sent *new)
{
	uint64_t pause = conf->resend_after, since = UINT64_MAX;
	unsigned n = 0;

	for (size_t i = q->n; i-- > 0 && q->sent[i].age < HOUR;) {
		if (!delays(&q->sent[i], new))
			continue;
		if (n == 0)
			since = q->sent[i].age;
		else if (pause < HOUR)
			pause *= 2;
		n++;
	}
	return n > 0 && since < pause ? pause - since : 0;
}

void
quota_check(const struct conf_quota *conf, const struct quota *q,
    const struct quota_sent *new, struct quota_answer *ret)
{
	struct rule rules[RULES];

	*ret = (struct quota_answer){ .wait = wait_to_resend(conf, q, new) };
	if (ret->wait > 0)
		ret->key = "resend_after";
	rules_of(conf, rules);
	for (size_t i = 0; i < RULES; i++) {
		uint64_t wait = wait_for(&rules[i], q, new);

		/* A limit of 0 does not end by waiting either. */
		if (wait > 0 && (rules[i].scope >= THIS_RANGE ||
		    rules[i].most == 0)) {
			*ret = (struct quota_answer){ QUOTA_HOST, 0,
			    rules[i].key };
			return;
		}
		if (wait > ret->wait) {
			ret->wait = wait;
			ret->key = rules[i].key;
		}
	}
	if (ret->key != NULL)
		ret->verdict = QUOTA_WAIT;
}

static enum mfa_err
reserve(struct quota *q)
{
	size_t cap = q->cap ? q->cap * 2 : 64;
	struct quota_sent *more;

	if (q->n == QUOTA_SENT_MAX)
		return MFA_ERANGE;
	if (q->n < q->cap)
		return MFA_OK;
	if ((more = realloc(q->sent, cap * sizeof(*more))) == NULL)
		return MFA_ENOMEM;
	q->sent = more;
	q->cap = cap;
	return MFA_OK;
}

enum mfa_err
quota_charge(struct quota *q, const struct quota_sent *new)
{
	enum mfa_err r;

	if ((r = reserve(q)))
		return r;
	q->sent[q->n] = *new;
	q->sent[q->n++].age = 0;
	return MFA_OK;
}

void
quota_refund(struct quota *q, const struct quota_sent *old)
{
	for (size_t i = q->n; i-- > 0;)
		if (counts(THIS_USER, &q->sent[i], old) &&
		    counts(THIS_NUMBER, &q->sent[i], old) &&
		    q->sent[i].proof == old->proof &&
		    q->sent[i].way == old->way && !q->sent[i].refused) {
			q->sent[i].refused = true;
			q->sent[i].proof = false;
			return;
		}
}

const char *
quota_alert(const struct conf_quota *conf, const struct quota *q,
    const struct quota_sent *new)
{
	struct rule rules[RULES];

	rules_of(conf, rules);
	for (size_t i = 0; i < RULES; i++) {
		unsigned n = 0, four_fifths = (rules[i].most * 4 + 4) / 5;

		if (rules[i].scope < THIS_RANGE)
			continue;
		for (size_t j = q->n; j-- > 0 &&
		    q->sent[j].age < rules[i].period;)
			n += !q->sent[j].refused &&
			    counts(rules[i].scope, &q->sent[j], new);
		if (n == four_fifths)
			return rules[i].key;
	}
	return NULL;
}

void
quota_free(struct quota *q)
{
	free(q->sent);
	*q = (struct quota){ 0 };
}

/* The keys of the messages. */
enum kind { SENT, REFUSED, PROOF, KINDS };

static const char *const kinds[KINDS] = { "sent", "refused", "proof" };

struct parser {
	struct quota *q;
	const struct mfa_time *now;
	struct moment written;
	uint64_t elapsed;	/* seconds since then; set at the first */
	bool version;
};

/* "AGE WAY NUMBER USER", which is cut apart. */
static enum mfa_err
set_sent(struct parser *p, enum kind kind, char *s)
{
	struct quota_sent one = { .refused = kind == REFUSED,
	    .proof = kind == PROOF };
	enum mfa_err r;
	char *rest = s, *age = strsep(&rest, " "), *way = strsep(&rest, " "),
	    *number = strsep(&rest, " "), *user = rest,
	    name[TEXT_NAME_MAX + 1];

	if (p->q->n == 0)
		p->elapsed = moment_age(&p->written, p->now);
	if (*p->written.boot == '\0' || user == NULL ||
	    text_u64(age, 0, INT64_MAX / 4, &one.age) ||
	    sending_kind_named(way, &one.way) || !phone_is_e164(number) ||
	    text_name_unescape(user, name))
		return MFA_ESYNTAX;
	memcpy(one.number, number, strlen(number) + 1);
	memcpy(one.user, user, strlen(user) + 1);
	one.age += p->elapsed;
	if (one.age >= (one.refused ? HOUR : QUOTA_DAY))
		return MFA_OK;
	if (p->q->n > 0 && one.age > p->q->sent[p->q->n - 1].age)
		return MFA_ESYNTAX;
	if ((r = reserve(p->q)))
		return r;
	p->q->sent[p->q->n++] = one;
	return MFA_OK;
}

static enum mfa_err
key(struct parser *p, struct ini_item *it, struct mfa_why *why)
{
	enum mfa_err r = MFA_ESYNTAX;
	enum kind kind = SENT;

	while (kind < KINDS && strcmp(it->name, kinds[kind]))
		kind++;

	if (!p->version) {
		p->version = !strcmp(it->name, "version") &&
		    !strcmp(it->value, "1");
		r = p->version ? MFA_OK : MFA_ESYNTAX;
	} else if (kind < KINDS) {
		r = set_sent(p, kind, it->value);
	} else if (p->q->n == 0) {
		r = moment_key(&p->written, "written", it->name, it->value);
	}
	return r ? mfa_fail(why, r, "line %u: no good %s", it->line,
	    it->name) : MFA_OK;
}

enum mfa_err
quota_parse(const char *text, size_t len, const struct mfa_time *now,
    struct quota *ret, struct mfa_why *why)
{
	struct quota q = { 0 };
	struct parser p = { .q = &q, .now = now };
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, text, len);
	while (!(r = ini_next(&ini, &it, why)) && it.kind != INI_END) {
		r = it.kind == INI_SECTION ? mfa_fail(why, MFA_ESYNTAX,
		    "line %u: no section belongs here", it.line) :
		    key(&p, &it, why);
		if (r)
			break;
	}
	if (!r && len > 0 && !p.version)
		r = mfa_fail(why, MFA_ESYNTAX, "line 1: the file is cut short");
	if (r) {
		quota_free(&q);
		return r;
	}
	*ret = q;
	return MFA_OK;
}

enum mfa_err
quota_format(const struct quota *q, const struct mfa_time *now,
    struct buf *ret)
{
	struct moment written;
	enum mfa_err r;

	moment_set(&written, now);
	if ((r = buf_puts(ret, "version = 1\n")) ||
	    (r = moment_put(&written, "written", ret)))
		return r;
	for (size_t i = 0; i < q->n; i++)
		if ((r = buf_printf(ret, "%s = %" PRIu64 " %s %s %s\n",
		    kinds[q->sent[i].refused ? REFUSED : q->sent[i].proof ?
		    PROOF : SENT], q->sent[i].age,
		    sending_kind_name(q->sent[i].way), q->sent[i].number,
		    q->sent[i].user)))
			return r;
	return MFA_OK;
}
