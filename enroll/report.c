/* What status and list tell about a person. */
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "report.h"

static enum mfa_err
read_state(const struct tool *t, const struct person *p, struct report *rep,
    struct mfa_why *why)
{
	struct buf text = { 0 };
	enum mfa_err r;

	if ((r = t->clock.now_and_boot(t->clock.ctx, &rep->now)))
		return r;
	if (!(r = p->peek(p->ctx, &text, why)))
		r = state_parse(buf_str(&text), text.len, &rep->st, why);
	buf_wipe(&text);
	if (r)
		return r;
	rep->state_known = true;
	rep->limit = limit_check(&t->conf.limit, &rep->st, &rep->now,
	    &rep->wait);
	rep->app_limit = limit_check_app(&t->conf.limit, &rep->st.app,
	    &rep->now, &rep->app_wait);
	return MFA_OK;
}

enum mfa_err
report_read(const struct tool *t, const struct person *p, struct report *ret,
    struct mfa_why *why)
{
	struct report rep = { .limit = LIMIT_GO, .app_limit = LIMIT_GO };
	enum mfa_err r;

	if ((r = person_record(p, &rep.rec, why)))
		return r;
	if (!p->stateless && (r = read_state(t, p, &rep, why))) {
		record_free(&rep.rec);
		return r;
	}
	state_align(&rep.st, &rep.rec);
	for (size_t i = 0; i < rep.rec.n; i++)
		rep.apps += rep.rec.factor[i].kind == FACTOR_APP;
	rep.factors = rep.rec.n - rep.apps;
	*ret = rep;
	return MFA_OK;
}

void
report_free(struct report *rep)
{
	record_free(&rep->rec);
}

int64_t
report_pass_until(const struct report *rep)
{
	const struct pass *pass = &rep->st.pass;

	return state_pass_open(pass, &rep->now) ? pass->since.real +
	    pass->lasts : 0;
}

/* As a login does: who has nothing else of use is asked for the pass. */
void
report_policy(const struct tool *t, const struct person *p,
    const struct report *rep, struct policy_decision *ret)
{
	policy_decide(&t->conf, &p->who, 0, ret);
	policy_decide(&t->conf, &p->who, state_methods(&rep->st, &rep->rec,
	    method_set(ret->login.methods), &rep->now), ret);
	policy_after_reset(&t->conf, &rep->st.reset, &rep->now, ret);
}

unsigned
report_codes_left(const struct report *rep, size_t i)
{
	return recovery_left(rep->st.factor[i].used);
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

enum mfa_err
report_ledger(const struct tool *t, const struct person *p,
    struct quota *ret, struct mfa_why *why)
{
	struct mfa_why line = { "" };
	struct buf text = { 0 };
	struct mfa_time now;
	enum mfa_err r;

	if ((r = t->clock.now_and_boot(t->clock.ctx, &now)))
		return r;
	if (!(r = p->sent(p->ctx, &text, why)) && (r = quota_parse(
	    buf_str(&text), text.len, &now, ret, &line)))
		mfa_fail(why, r, "%s/%%sent: %s", t->conf.state, *line.text ?
		    line.text : mfa_strerror(r));
	buf_wipe(&text);
	return r;
}

void
report_sent(const struct quota *q, const char *user,
    unsigned ret[static SENDING_KINDS])
{
	char name[TEXT_NAME_MAX + 1] = "";

	memset(ret, 0, SENDING_KINDS * sizeof(*ret));
	if (user != NULL && text_name_escape(user, name))
		return;
	for (size_t i = 0; i < q->n; i++)
		ret[q->sent[i].way] += !q->sent[i].refused && (user == NULL ||
		    !strcmp(q->sent[i].user, name));
}

char *
report_sent_words(const unsigned sent[static SENDING_KINDS],
    enum language language, char dst[static REPORT_SENT_MAX])
{
	unsigned calls = sent[SENDING_VOICE];

	snprintf(dst, REPORT_SENT_MAX, say(language, calls == 1 ?
	    "%u SMS, %u call" : "%u SMS, %u calls"), sent[SENDING_SMS], calls);
	return dst;
}

char *
report_phone(const struct phone_factor *phone, enum language language,
    char dst[static REPORT_PHONE_MAX])
{
	char to[PHONE_MASK_MAX + 1];
	bool sms = phone->way[SENDING_SMS], call = phone->way[SENDING_VOICE];

	snprintf(dst, REPORT_PHONE_MAX, say(language, sms && call ?
	    "%s by SMS and call" : sms ? "%s by SMS" : "%s by call"),
	    phone_mask(to, phone->number));
	return dst;
}

bool
report_has_phone(const struct report *rep)
{
	for (size_t i = 0; i < rep->rec.n; i++)
		if (rep->rec.factor[i].kind == FACTOR_PHONE)
			return true;
	return false;
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

/* The number is masked here, too: outputs are kept and sent around. */
static void
add_phone(json_t *j, const struct phone_factor *phone)
{
	char to[PHONE_MASK_MAX + 1];
	json_t *ways = json_array();

	for (unsigned kind = 0; kind < SENDING_KINDS; kind++)
		if (phone->way[kind])
			json_array_append_new(ways, json_string(
			    sending_kind_name((enum sending_kind)kind)));
	json_object_set_new(j, "number",
	    json_string(phone_mask(to, phone->number)));
	json_object_set_new(j, "ways", ways);
}

static void
app_json(const struct app_password *app, json_t *j)
{
	json_t *services = json_array();
	const char *list = app->services, *word;
	size_t len;

	while ((word = text_word(&list, &len)) != NULL)
		json_array_append_new(services, json_stringn(word, len));
	json_object_set_new(j, "services", services);
	json_object_set_new(j, "expires", moment(app->expires));
}

static json_t *
factor(const struct report *rep, size_t i)
{
	const struct factor *f = &rep->rec.factor[i];
	json_t *j = json_pack("{s:s, s:s, s:o, s:o}", "id", f->id, "kind",
	    factor_kind_name(f->kind), "label", report_string(f->label),
	    "created", moment(f->created));

	if (j != NULL && f->kind == FACTOR_PHONE)
		add_phone(j, &f->phone);
	if (j != NULL && f->kind == FACTOR_APP)
		app_json(&f->app, j);
	if (j == NULL || !rep->state_known)
		return j;
	json_object_set_new(j, "last_used", moment(rep->st.factor[i].used_at));
	if (f->kind == FACTOR_RECOVERY)
		json_object_set_new(j, "codes_left",
		    json_integer(report_codes_left(rep, i)));
	return j;
}

/* A word, or null for none. */
static json_t *
word(const char *s)
{
	return *s ? json_string(s) : json_null();
}

static void
add_sent(json_t *j, const struct quota *q, const char *user)
{
	unsigned sent[SENDING_KINDS];

	report_sent(q, user, sent);
	json_object_set_new(j, "sent", json_pack("{s:i, s:i}",
	    "sms", (int)sent[SENDING_SMS], "voice", (int)sent[SENDING_VOICE]));
}

json_t *
report_json(const struct person *p, const struct report *rep,
    const struct quota *q)
{
	json_t *factors = json_array(), *j;

	for (size_t i = 0; i < rep->rec.n; i++)
		if (json_array_append_new(factors, factor(rep, i))) {
			json_decref(factors);
			return NULL;
		}
	j = json_pack("{s:o, s:o, s:o, s:o}", "user",
	    report_string(p->who.user),
	    "factors", factors,
	    "first", word(record_first_name(rep->rec.first)),
	    "language", word(rep->rec.language));
	if (j == NULL || !rep->state_known)
		return j;
	json_object_set_new(j, "last_used", moment(report_last_used(rep)));
	json_object_set_new(j, "failures", json_integer(rep->st.failures));
	json_object_set_new(j, "wait_seconds", json_integer(
	    rep->limit == LIMIT_WAIT ? (json_int_t)rep->wait : 0));
	json_object_set_new(j, "locked",
	    json_boolean(rep->limit == LIMIT_LOCKED));
	json_object_set_new(j, "app_failures", json_integer(rep->st.app.n));
	json_object_set_new(j, "app_locked",
	    json_boolean(rep->app_limit == LIMIT_LOCKED));
	json_object_set_new(j, "pass_until", moment(report_pass_until(rep)));
	add_sent(j, q, p->who.user);
	return j;
}
