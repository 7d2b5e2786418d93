/* What moves of a person. */
#include <inttypes.h>
#include <string.h>

#include "ini.h"
#include "state.h"
#include "text.h"

#define STATE_DRIFT_MAX 4

/* The keys, those of one kind of section together. */
enum field { FAILURES, FAILED_AT, FAILED_BOOTTIME, FAILED_BOOT,
    APP_FAILURES, APP_FAILED_AT, APP_FAILED_BOOTTIME, APP_FAILED_BOOT,
    APP_WRONG,
    NEXT, DRIFT, USED_AT, USED,
    WAY, SERVICE, MAC, SENT_AT, SENT_BOOTTIME, SENT_BOOT, WRONG, NFIELDS };

static const char *const names[NFIELDS] = { "failures", "failed_at",
    "failed_boottime", "failed_boot", "app_failures", "app_failed_at",
    "app_failed_boottime", "app_failed_boot", "app_wrong", "next", "drift",
    "used_at", "used", "way", "service", "mac", "sent_at", "sent_boottime",
    "sent_boot", "wrong" };

struct parser {
	struct state *st;
	struct factor_state *factor;	/* of this [factor] section */
	enum field first, end;		/* the keys of this section */
	bool version;
	unsigned seen;			/* bit per field, of this section */
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
set_code(struct sent_code *code, enum field field, const char *s)
{
	switch (field) {
	case WAY:
		return sending_kind_named(s, &code->way);
	case SERVICE:
		if (strlen(s) >= sizeof(code->service))
			return MFA_ERANGE;
		memcpy(code->service, s, strlen(s) + 1);
		return MFA_OK;
	case MAC:
		return text_unhex(s, code->mac, OTC_MAC);
	case WRONG:
		return set_u32(s, OTC_TRIES, &code->wrong);
	default:
		return moment_key(&code->sent, "sent", names[field], s);
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
	case NEXT:
		return text_u64(s, 0, UINT64_MAX, &p->factor->next);
	case DRIFT:
		return set_drift(s, &p->factor->drift);
	case USED_AT:
		return text_i64(s, INT64_MIN / 4, INT64_MAX / 4,
		    &p->factor->used_at);
	case USED:
		return set_u32(s, (1U << RECOVERY_CODES) - 1,
		    &p->factor->used);
	default:
		return set_code(&p->st->code, field, s);
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
	p->seen |= 1U << f;
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
	struct sent_code *code = &p->st->code;

	if (*code->factor)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: a second code",
		    it->line);
	memcpy(code->factor, it->value, strlen(it->value) + 1);
	p->first = WAY;
	p->end = NFIELDS;
	return MFA_OK;
}

/*
 * The section that ends here, cut short, would count as a code never used, or
 * be written as a file that cannot be read again.
 */
static enum mfa_err
whole(const struct parser *p, unsigned line, struct mfa_why *why)
{
	enum field end = p->first == NEXT ? NEXT + 1 :
	    p->first == WAY ? NFIELDS : p->first;

	for (enum field f = p->first; f < end; f++)
		if (!(p->seen >> f & 1))
			return mfa_fail(why, MFA_ESYNTAX, "line %u: \"%s\" is "
			    "missing in the section that ends here", line,
			    names[f]);
	return MFA_OK;
}

static enum mfa_err
heading(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	enum mfa_err r;
	bool known = !strcmp(it->name, "factor") || !strcmp(it->name, "code");

	if (!p->version || !known || *it->value == '\0' ||
	    strlen(it->value) >= RECORD_ID_MAX)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: a heading is "
		    "[factor ID] or [code ID]", it->line);
	if ((r = whole(p, it->line, why)))
		return r;
	p->seen = 0;
	return *it->name == 'f' ? factor_heading(p, it, why) :
	    code_heading(p, it, why);
}

enum mfa_err
state_parse(const char *text, size_t len, struct state *ret,
    struct mfa_why *why)
{
	struct state st = { 0 };
	struct parser p = { .st = &st, .first = FAILURES, .end = NEXT };
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, text, len);
	while (!(r = ini_next(&ini, &it, why)) && it.kind != INI_END)
		if ((r = it.kind == INI_SECTION ? heading(&p, &it, why) :
		    key(&p, &it, why)))
			return r;
	if (r)
		return r;
	if (len > 0 && !p.version)
		return mfa_fail(why, MFA_ESYNTAX, "line 1: no version: the "
		    "file is cut short");
	if ((r = whole(&p, ini.line, why)))
		return r;
	*ret = st;
	return MFA_OK;
}

static enum mfa_err
format_app(const struct app_failures *app, struct buf *ret)
{
	char wrong[2 * APP_HASH + 1];
	enum mfa_err r;

	if (app->n == 0)
		return MFA_OK;
	if ((r = buf_printf(ret, "app_failures = %" PRIu32 "\napp_wrong = %s\n",
	    app->n, text_hex(wrong, app->wrong, APP_HASH))))
		return r;
	return *app->last.boot ? moment_put(&app->last, "app_failed", ret) :
	    MFA_OK;
}

static enum mfa_err
format_factor(const struct factor_state *f, struct buf *ret)
{
	enum mfa_err r;

	if ((r = buf_printf(ret, "[factor %s]\nnext = %" PRIu64 "\n", f->id,
	    f->next)))
		return r;
	if (f->drift && (r = buf_printf(ret, "drift = %d\n", f->drift)))
		return r;
	if (f->used_at && (r = buf_printf(ret, "used_at = %" PRId64 "\n",
	    f->used_at)))
		return r;
	return f->used ? buf_printf(ret, "used = %" PRIu32 "\n", f->used) :
	    MFA_OK;
}

static enum mfa_err
format_code(const struct sent_code *code, struct buf *ret)
{
	char mac[2 * OTC_MAC + 1];
	enum mfa_err r;

	if ((r = buf_printf(ret, "[code %s]\nway = %s\nservice = %s\n"
	    "mac = %s\nwrong = %u\n", code->factor,
	    sending_kind_name(code->way), code->service, text_hex(mac,
	    code->mac, OTC_MAC), code->wrong)))
		return r;
	return moment_put(&code->sent, "sent", ret);
}

enum mfa_err
state_format(const struct state *st, struct buf *ret)
{
	enum mfa_err r;

	if ((r = buf_printf(ret, "version = 1\nfailures = %" PRIu32 "\n",
	    st->failures)))
		return r;
	if (*st->failed.boot && (r = moment_put(&st->failed, "failed", ret)))
		return r;
	if ((r = format_app(&st->app, ret)))
		return r;
	for (size_t i = 0; i < st->n; i++)
		if ((r = format_factor(&st->factor[i], ret)))
			return r;
	return *st->code.factor ? format_code(&st->code, ret) : MFA_OK;
}

static struct factor_state
fresh(const struct factor *f)
{
	struct factor_state fs = { .next = f->kind == FACTOR_HOTP ?
	    f->otp.counter : 0 };

	memcpy(fs.id, f->id, sizeof(fs.id));
	return fs;
}

void
state_align(struct state *st, const struct record *rec)
{
	struct factor_state was[RECORD_FACTORS_MAX];
	bool code = false;
	size_t n = st->n;

	memcpy(was, st->factor, sizeof(was));
	memset(st->factor, 0, sizeof(st->factor));
	st->n = rec->n;
	for (size_t i = 0; i < rec->n; i++) {
		st->factor[i] = fresh(&rec->factor[i]);
		for (size_t j = 0; j < n; j++)
			if (!strcmp(was[j].id, rec->factor[i].id))
				st->factor[i] = was[j];
		code |= !strcmp(st->code.factor, rec->factor[i].id);
	}
	if (!code)
		st->code = (struct sent_code){ 0 };
}

bool
state_code_open(const struct sent_code *code, const struct mfa_time *now)
{
	return *code->factor && code->wrong < OTC_TRIES &&
	    moment_this_boot(&code->sent, now) &&
	    moment_age(&code->sent, now) < OTC_TTL;
}
