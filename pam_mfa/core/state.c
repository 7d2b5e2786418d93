/* What moves of a person. */
#include <inttypes.h>
#include <string.h>

#include "ini.h"
#include "state.h"
#include "text.h"

#define STATE_DRIFT_MAX 4

/* One key of the file: which field, which numbers. */
enum field { FAILURES, FAILED_AT, FAILED_BOOTTIME, FAILED_BOOT, NEXT, DRIFT,
    USED_AT, USED, NFIELDS };

static const char *const names[NFIELDS] = { "failures", "failed_at",
    "failed_boottime", "failed_boot", "next", "drift", "used_at", "used" };

struct parser {
	struct state *st;
	struct factor_state *factor;	/* NULL before the first heading */
	bool version;
	unsigned seen;			/* bit per field, of this section */
};

static enum mfa_err
boot_id(const char *s, char ret[static STATE_BOOT_MAX])
{
	size_t len = strlen(s);

	if (len == 0 || len >= STATE_BOOT_MAX)
		return MFA_ERANGE;
	for (size_t i = 0; i < len; i++)
		if (!text_is_alnum(s[i]) && s[i] != '-')
			return MFA_ESYNTAX;
	memcpy(ret, s, len + 1);
	return MFA_OK;
}

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
set(struct parser *p, enum field field, const char *s)
{
	switch (field) {
	case FAILURES:
		return set_u32(s, UINT32_MAX, &p->st->failures);
	case FAILED_AT:
		return text_i64(s, INT64_MIN / 4, INT64_MAX / 4,
		    &p->st->failed_at);
	case FAILED_BOOTTIME:
		return text_i64(s, 0, INT64_MAX / 4, &p->st->failed_boottime);
	case FAILED_BOOT:
		return boot_id(s, p->st->failed_boot);
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
	case NFIELDS:
		break;
	}
	return MFA_ESYNTAX;
}

static enum mfa_err
key(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	enum field first = p->factor != NULL ? NEXT : FAILURES;
	enum field end = p->factor != NULL ? NFIELDS : NEXT;
	enum field f = first;

	if (!strcmp(it->name, "version") && !p->version) {
		p->version = true;
		return strcmp(it->value, "1") ? mfa_fail(why, MFA_ESYNTAX,
		    "line %u: version %s is not known here", it->line,
		    it->value) : MFA_OK;
	}
	while (f < end && strcmp(it->name, names[f]))
		f++;
	if (!p->version || f == end || p->seen >> f & 1)
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
heading(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	struct state *st = p->st;

	if (!p->version || strcmp(it->name, "factor") || *it->value == '\0' ||
	    strlen(it->value) >= RECORD_ID_MAX || st->n == RECORD_FACTORS_MAX)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: a heading is "
		    "[factor ID], at most %d of them", it->line,
		    RECORD_FACTORS_MAX);
	for (size_t i = 0; i < st->n; i++)
		if (!strcmp(st->factor[i].id, it->value))
			return mfa_fail(why, MFA_ESYNTAX, "line %u: factor %s "
			    "is there twice", it->line, it->value);
	p->factor = &st->factor[st->n++];
	p->seen = 0;
	memcpy(p->factor->id, it->value, strlen(it->value) + 1);
	return MFA_OK;
}

enum mfa_err
state_parse(const char *text, size_t len, struct state *ret,
    struct mfa_why *why)
{
	struct state st = { 0 };
	struct parser p = { .st = &st };
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
	*ret = st;
	return MFA_OK;
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

enum mfa_err
state_format(const struct state *st, struct buf *ret)
{
	enum mfa_err r;

	if ((r = buf_printf(ret, "version = 1\nfailures = %" PRIu32 "\n",
	    st->failures)))
		return r;
	if (*st->failed_boot && (r = buf_printf(ret, "failed_at = %" PRId64
	    "\nfailed_boottime = %" PRId64 "\nfailed_boot = %s\n",
	    st->failed_at, st->failed_boottime, st->failed_boot)))
		return r;
	for (size_t i = 0; i < st->n; i++)
		if ((r = format_factor(&st->factor[i], ret)))
			return r;
	return MFA_OK;
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
	size_t n = st->n;

	memcpy(was, st->factor, sizeof(was));
	memset(st->factor, 0, sizeof(st->factor));
	st->n = rec->n;
	for (size_t i = 0; i < rec->n; i++) {
		st->factor[i] = fresh(&rec->factor[i]);
		for (size_t j = 0; j < n; j++)
			if (!strcmp(was[j].id, rec->factor[i].id))
				st->factor[i] = was[j];
	}
}
