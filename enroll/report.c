/* What status and list tell about a person. */
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "report.h"

static enum mfa_err
read_state(const struct tool *t, const struct person *p, struct report *rep,
    struct mfa_why *why)
{
	struct buf text = { 0 };
	struct mfa_time now;
	enum mfa_err r;

	if ((r = t->clock.now_and_boot(t->clock.ctx, &now)))
		return r;
	if (!(r = p->peek(p->ctx, &text, why)))
		r = state_parse(buf_str(&text), text.len, &rep->st, why);
	buf_wipe(&text);
	if (r)
		return r;
	rep->state_known = true;
	rep->limit = limit_check(&t->conf.limit, &rep->st, &now, &rep->wait);
	return MFA_OK;
}

enum mfa_err
report_read(const struct tool *t, const struct person *p, struct report *ret,
    struct mfa_why *why)
{
	struct report rep = { .limit = LIMIT_GO };
	enum mfa_err r;

	if ((r = person_record(p, &rep.rec, why)))
		return r;
	if (!p->stateless && (r = read_state(t, p, &rep, why))) {
		record_free(&rep.rec);
		return r;
	}
	state_align(&rep.st, &rep.rec);
	*ret = rep;
	return MFA_OK;
}

void
report_free(struct report *rep)
{
	record_free(&rep->rec);
}

unsigned
report_codes_left(const struct report *rep, size_t i)
{
	unsigned left = 0;

	for (unsigned code = 0; code < RECOVERY_CODES; code++)
		left += !(rep->st.factor[i].used >> code & 1);
	return left;
}

int64_t
report_last_used(const struct report *rep)
{
	int64_t last = 0;

	for (size_t i = 0; i < rep->st.n; i++)
		if (rep->st.factor[i].used_at > last)
			last = rep->st.factor[i].used_at;
	return last;
}

json_t *
report_string(const char *s)
{
	json_t *j = json_string(s);
	char ascii[SUBJECT_NAME_MAX];

	if (j != NULL)
		return j;
	snprintf(ascii, sizeof(ascii), "%s", s);
	for (char *c = ascii; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return json_string(ascii);
}

static json_t *
moment(int64_t unix_time)
{
	char at[TOOL_TIME_MAX];

	return unix_time ? json_string(tool_time(at, unix_time)) : json_null();
}

static json_t *
factor(const struct report *rep, size_t i)
{
	const struct factor *f = &rep->rec.factor[i];
	json_t *j = json_pack("{s:s, s:s, s:o, s:o}", "id", f->id, "kind",
	    factor_kind_name(f->kind), "label", report_string(f->label), "created",
	    moment(f->created));

	if (j == NULL || !rep->state_known)
		return j;
	json_object_set_new(j, "last_used", moment(rep->st.factor[i].used_at));
	if (f->kind == FACTOR_RECOVERY)
		json_object_set_new(j, "codes_left",
		    json_integer(report_codes_left(rep, i)));
	return j;
}

json_t *
report_json(const struct person *p, const struct report *rep)
{
	json_t *factors = json_array(), *j;

	for (size_t i = 0; i < rep->rec.n; i++)
		if (json_array_append_new(factors, factor(rep, i))) {
			json_decref(factors);
			return NULL;
		}
	j = json_pack("{s:o, s:o}", "user", report_string(p->who.user), "factors",
	    factors);
	if (j == NULL || !rep->state_known)
		return j;
	json_object_set_new(j, "last_used", moment(report_last_used(rep)));
	json_object_set_new(j, "failures", json_integer(rep->st.failures));
	json_object_set_new(j, "wait_seconds", json_integer(
	    rep->limit == LIMIT_WAIT ? (json_int_t)rep->wait : 0));
	json_object_set_new(j, "locked",
	    json_boolean(rep->limit == LIMIT_LOCKED));
	return j;
}
