/* What moves of a person, as text: reading. */
#include <stdlib.h>
#include <string.h>

#include "ini.h"
#include "state.h"
#include "text.h"
#include "when.h"

#define STATE_DRIFT_MAX 4

/* The keys, those of one kind of section together. */
enum field { FAILURES, FAILED_AT, FAILED_BOOTTIME, FAILED_BOOT,
    RESET_AT, RESET_BOOTTIME, RESET_BOOT, RESET_TOLD,
    APP_FAILURES, APP_FAILED_AT, APP_FAILED_BOOTTIME, APP_FAILED_BOOT,
    APP_WRONG,
    NEXT, DRIFT, USED_AT, USED,
    WAY, SERVICE, MAC, SENT_AT, SENT_BOOTTIME, SENT_BOOT, WRONG,
    SENT_USED,
    TRUST_OF, TRUST_SERVICE, TRUST_FROM, TRUST_SINCE_AT,
    TRUST_SINCE_BOOTTIME, TRUST_SINCE_BOOT, TRUST_LASTS, TRUST_USED_AT,
    TRUST_SEAL,
    PASS_SALT, PASS_ITERATIONS, PASS_HASH, PASS_SINCE_AT, PASS_SINCE_BOOTTIME,
    PASS_SINCE_BOOT, PASS_LASTS, NFIELDS };

static const char *const names[NFIELDS] = { "failures", "failed_at",
    "failed_boottime", "failed_boot",
    "reset_at", "reset_boottime", "reset_boot", "reset_told",
    "app_failures", "app_failed_at", "app_failed_boottime", "app_failed_boot",
    "app_wrong",
    "next", "drift", "used_at", "used",
    "way", "service", "mac", "sent_at", "sent_boottime", "sent_boot", "wrong",
    "used",
    "of", "service", "from", "since_at", "since_boottime", "since_boot",
    "lasts", "used_at", "seal",
    "salt", "iterations", "hash", "since_at", "since_boottime", "since_boot",
    "lasts" };

/* May be left out; so may all before the first heading. */
#define OPTIONAL (UINT64_C(1) << DRIFT | UINT64_C(1) << USED_AT | \
    UINT64_C(1) << USED | UINT64_C(1) << SENT_USED | \
    UINT64_C(1) << TRUST_USED_AT | UINT64_C(1) << TRUST_FROM)

struct parser {
	struct state *st;
	struct factor_state *factor;	/* of this [factor] section */
	struct sent_code *code;		/* of this [code] section */
	struct trust *trust;		/* of this [trust] section */
	enum field first, end;		/* the keys of this section */
	bool version, pass;		/* was there one? */
	uint64_t seen;			/* bit per field, of this section */
};

static enum mfa_err
set_u32(const char *s, uint64_t max, uint32_t *ret)
{
	uint64_t v;
	enum mfa_err r;

	if (!(r = text_u64(s, 0, max, &v)))
		*ret = (uint32_t)v;
	return r;
}

static enum mfa_err
set_drift(const char *s, int *ret)
{
	int64_t v;
	enum mfa_err r;

	if (!(r = text_i64(s, -STATE_DRIFT_MAX, STATE_DRIFT_MAX, &v)))
		*ret = (int)v;
	return r;
}

static enum mfa_err
set_text(const char *s, char *dst, size_t cap)
{
	size_t len = strlen(s);

	if (len == 0 || len >= cap)
		return MFA_ERANGE;
	memcpy(dst, s, len + 1);
	return MFA_OK;
}

static enum mfa_err
set_time(const char *s, int64_t *ret)
{
	return text_i64(s, INT64_MIN / 4, INT64_MAX / 4, ret);
}

static enum mfa_err
set_told(const char *s, bool *ret)
{
	uint64_t v;
	enum mfa_err r;

	if (!(r = text_u64(s, 0, 1, &v)))
		*ret = v;
	return r;
}

static enum mfa_err
set_code(struct sent_code *code, enum field field, const char *s)
{
	switch (field) {
	case WAY:
		return sending_kind_named(s, &code->way);
	case SERVICE:
		return set_text(s, code->service, sizeof(code->service));
	case MAC:
		return text_unhex(s, code->mac, OTC_MAC);
	case WRONG:
		return set_u32(s, OTC_TRIES, &code->wrong);
	case SENT_USED:
		return set_u32(s, 1, &code->used);
	default:
		return moment_key(&code->sent, "sent", names[field], s);
	}
}

static enum mfa_err
set_trust(struct trust *t, enum field field, const char *s)
{
	switch (field) {
	case TRUST_OF:
		return set_text(s, t->of, sizeof(t->of));
	case TRUST_SERVICE:
		return set_text(s, t->service, sizeof(t->service));
	case TRUST_FROM:
		return when_address(s, t->from);
	case TRUST_LASTS:
		return set_u32(s, UINT32_MAX, &t->lasts);
	case TRUST_USED_AT:
		return set_time(s, &t->used_at);
	case TRUST_SEAL:
		return text_unhex(s, t->seal, TRUST_SEAL_LEN);
	default:
		return moment_key(&t->since, "since", names[field], s);
	}
}

static enum mfa_err
set_pass(struct pass *pass, enum field field, const char *s)
{
	uint64_t v;
	enum mfa_err r;

	switch (field) {
	case PASS_SALT:
		return text_unhex(s, pass->code.salt, RECOVERY_SALT);
	case PASS_ITERATIONS:
		if (!(r = text_u64(s, RECOVERY_ITERATIONS_MIN,
		    RECOVERY_ITERATIONS_MAX, &v)))
			pass->code.iterations = (unsigned)v;
		return r;
	case PASS_HASH:
		return text_unhex(s, pass->code.hash, RECOVERY_HASH);
	case PASS_LASTS:
		return set_u32(s, UINT32_MAX, &pass->lasts);
	default:
		return moment_key(&pass->since, "since", names[field], s);
	}
}

static enum mfa_err
set(struct parser *p, enum field field, const char *s)
{
	switch (field) {
	case FAILURES:
		return set_u32(s, UINT32_MAX, &p->st->failures);
	case FAILED_AT:
	case FAILED_BOOTTIME:
	case FAILED_BOOT:
		return moment_key(&p->st->failed, "failed", names[field], s);
	case APP_FAILURES:
		return set_u32(s, UINT32_MAX, &p->st->app.n);
	case APP_FAILED_AT:
	case APP_FAILED_BOOTTIME:
	case APP_FAILED_BOOT:
		return moment_key(&p->st->app.last, "app_failed", names[field],
		    s);
	case APP_WRONG:
		return text_unhex(s, p->st->app.wrong, APP_HASH);
	case RESET_AT:
	case RESET_BOOTTIME:
	case RESET_BOOT:
		return moment_key(&p->st->reset.at, "reset", names[field], s);
	case RESET_TOLD:
		return set_told(s, &p->st->reset.told);
	case NEXT:
		return text_u64(s, 0, UINT64_MAX, &p->factor->next);
	case DRIFT:
		return set_drift(s, &p->factor->drift);
	case USED_AT:
		return set_time(s, &p->factor->used_at);
	case USED:
		return set_u32(s, (1U << RECOVERY_CODES) - 1,
		    &p->factor->used);
	default:
		return field >= PASS_SALT ? set_pass(&p->st->pass, field, s) :
		    field >= TRUST_OF ? set_trust(p->trust, field, s) :
		    set_code(p->code, field, s);
	}
}

static enum mfa_err
key(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	enum field f = p->first;

	if (!strcmp(it->name, "version") && !p->version) {
		p->version = true;
		return strcmp(it->value, "1") ? mfa_fail(why, MFA_ESYNTAX,
		    "line %u: version %s is not known here", it->line,
		    it->value) : MFA_OK;
	}
	while (f < p->end && strcmp(it->name, names[f]))
		f++;
	if (!p->version || f == p->end || p->seen >> f & 1)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: \"%s\" is unknown "
		    "here, or there twice, or before the version", it->line,
		    it->name);
	p->seen |= UINT64_C(1) << f;
	if (set(p, f, it->value))
		return mfa_fail(why, MFA_ERANGE, "line %u: \"%s\" is no value "
		    "for %s", it->line, it->value, it->name);
	return MFA_OK;
}

static enum mfa_err
factor_heading(struct parser *p, const struct ini_item *it,
    struct mfa_why *why)
{
	struct state *st = p->st;

	if (st->n == RECORD_FACTORS_MAX)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: more than %d "
		    "factors", it->line, RECORD_FACTORS_MAX);
	for (size_t i = 0; i < st->n; i++)
		if (!strcmp(st->factor[i].id, it->value))
			return mfa_fail(why, MFA_ESYNTAX, "line %u: factor %s "
			    "is there twice", it->line, it->value);
	p->factor = &st->factor[st->n++];
	memcpy(p->factor->id, it->value, strlen(it->value) + 1);
	p->first = NEXT;
	p->end = WAY;
	return MFA_OK;
}

static enum mfa_err
code_heading(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	p->code = *p->st->code.factor ? &p->st->before : &p->st->code;
	if (*p->code->factor)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: a third code",
		    it->line);
	memcpy(p->code->factor, it->value, strlen(it->value) + 1);
	p->first = WAY;
	p->end = TRUST_OF;
	return MFA_OK;
}

static enum mfa_err
trust_heading(struct parser *p, const struct ini_item *it,
    struct mfa_why *why)
{
	struct state *st = p->st;

	if (st->trusts == TRUST_MAX || strlen(it->value) >= TRUST_ID_MAX)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: more than %d "
		    "records of trust, or no id of one", it->line, TRUST_MAX);
	p->trust = &st->trust[st->trusts++];
	memcpy(p->trust->id, it->value, strlen(it->value) + 1);
	p->first = TRUST_OF;
	p->end = PASS_SALT;
	return MFA_OK;
}

static enum mfa_err
pass_heading(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	if (p->pass)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: a second pass",
		    it->line);
	p->pass = true;
	p->first = PASS_SALT;
	p->end = NFIELDS;
	return MFA_OK;
}

static const struct {
	const char *name;
	enum mfa_err (*begin)(struct parser *, const struct ini_item *,
	    struct mfa_why *);
} sections[] = {
	{ "factor", factor_heading }, { "code", code_heading },
	{ "trust", trust_heading }, { "pass", pass_heading },
};

/*
 * The section that ends here, cut short, would count as a code never used, or
 * be written as a file that cannot be read again.
 */
static enum mfa_err
whole(const struct parser *p, unsigned line, struct mfa_why *why)
{
	for (enum field f = p->first; p->first != FAILURES && f < p->end; f++)
		if (!((p->seen | OPTIONAL) >> f & 1))
			return mfa_fail(why, MFA_ESYNTAX, "line %u: \"%s\" is "
			    "missing in the section that ends here", line,
			    names[f]);
	return MFA_OK;
}

static enum mfa_err
heading(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	const size_t n = sizeof(sections) / sizeof(*sections);
	enum mfa_err r;
	size_t i = 0;

	while (i < n && strcmp(it->name, sections[i].name))
		i++;
	if (!p->version || i == n || *it->value == '\0' ||
	    strlen(it->value) >= RECORD_ID_MAX)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: a heading is "
		    "[factor ID], [code ID], [trust ID] or [pass once]",
		    it->line);
	if ((r = whole(p, it->line, why)))
		return r;
	p->seen = 0;
	return sections[i].begin(p, it, why);
}

static enum mfa_err
parse(struct parser *p, const char *text, size_t len, struct mfa_why *why)
{
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, text, len);
	while (!(r = ini_next(&ini, &it, why)) && it.kind != INI_END)
		if ((r = it.kind == INI_SECTION ? heading(p, &it, why) :
		    key(p, &it, why)))
			return r;
	if (r)
		return r;
	if (len > 0 && !p->version)
		return mfa_fail(why, MFA_ESYNTAX, "line 1: no version: the "
		    "file is cut short");
	return whole(p, ini.line, why);
}

/* Too large for one more on the stack of a host. */
enum mfa_err
state_parse(const char *text, size_t len, struct state *ret,
    struct mfa_why *why)
{
	struct parser p = { .first = FAILURES, .end = NEXT };
	enum mfa_err r;

	if ((p.st = calloc(1, sizeof(*p.st))) == NULL)
		return mfa_fail(why, MFA_ENOMEM, "no memory");
	if (!(r = parse(&p, text, len, why)))
		*ret = *p.st;
	mfa_wipe(p.st, sizeof(*p.st));
	free(p.st);
	return r;
}
