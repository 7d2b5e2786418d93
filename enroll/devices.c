/* What is let in without a code: shown, and forgotten. */
#include <jansson.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/remember.h"
#include "enroll.h"

/*
 * What the configuration grants through that service today, seconds. Where the
 * network counts, a record that does not know its own is none.
 */
static uint32_t
granted(const struct tool *t, const struct person *p, const struct trust *tr)
{
	struct mfa_subject who = p->who;
	const struct policy_ctx ctx = { &t->conf, &who };
	struct conf_login login;
	struct when_login when;

	snprintf(who.service, sizeof(who.service), "%s", tr->service);
	when = policy_login(&ctx);
	conf_login_for(&t->conf, &when, &login);
	if (!trust_is_key(tr))
		return login.grace;
	return login.remember_prefix != 0 && *tr->from == '\0' ? 0 :
	    login.remember;
}

/* Leaves the records that count now. */
static enum mfa_err
sift(const struct tool *t, const struct person *p, const struct record *rec,
    struct state *st, struct mfa_why *why)
{
	uint8_t key[TRUST_KEY];
	const struct trust_scope scope = { .crypto = t->crypto, .key = key,
	    .user = p->who.user, .record = rec };
	struct mfa_time now;
	enum mfa_err r;
	bool good;

	if ((r = t->clock.now_and_boot(t->clock.ctx, &now)) ||
	    (r = remember_key(&p->hostkey, t->crypto, key, why)))
		return r;
	for (size_t i = st->trusts; i-- > 0 && !r;) {
		const struct trust *tr = &st->trust[i];

		r = trust_check(&scope, tr, granted(t, p, tr), &now, &good);
		if (!r && !good)
			trust_remove(st, i);
	}
	mfa_wipe(key, sizeof(key));
	return r;
}

static enum mfa_err
gather(const struct tool *t, const struct person *p, struct state *ret,
    struct mfa_why *why)
{
	struct record rec = { 0 };
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = p->peek(p->ctx, &text, why)))
		r = state_parse(buf_str(&text), text.len, ret, why);
	buf_wipe(&text);
	if (r || ret->trusts == 0)
		return r;
	if (!(r = person_record(p, &rec, why)))
		r = sift(t, p, &rec, ret, why);
	record_free(&rec);
	return r;
}

static void
row(const struct tool *t, const struct person *p, const struct trust *tr)
{
	uint32_t now = granted(t, p, tr), lasts = now < tr->lasts ? now :
	    tr->lasts;
	char since[TOOL_TIME_MAX], until[TOOL_TIME_MAX], used[TOOL_TIME_MAX];

	fprintf(t->out, "%-8s  %s\n          %s%s%s, since %s, until %s, last "
	    "used %s\n", tr->id, trust_is_key(tr) ? tr->of : "session",
	    tr->service, *tr->from ? " from " : "", tr->from,
	    tool_time(since, tr->since.real),
	    tool_time(until, tr->since.real + lasts),
	    tool_time(used, tr->used_at));
}

static json_t *
object(const struct tool *t, const struct person *p, const struct trust *tr)
{
	uint32_t now = granted(t, p, tr), lasts = now < tr->lasts ? now :
	    tr->lasts;
	char since[TOOL_TIME_MAX], until[TOOL_TIME_MAX], used[TOOL_TIME_MAX];

	tool_time(used, tr->used_at);
	return json_pack("{s:s, s:s, s:s, s:s?, s:s, s:s, s:s?}", "id", tr->id,
	    "of", trust_is_key(tr) ? tr->of : "session", "service",
	    tr->service, "from", *tr->from ? tr->from : NULL, "since",
	    tool_time(since, tr->since.real), "until",
	    tool_time(until, tr->since.real + lasts), "last_used",
	    tr->used_at ? used : NULL);
}

static int
print_json(const struct tool *t, const struct person *p,
    const struct state *st)
{
	json_t *all = json_array();
	int bad = all == NULL;

	for (size_t i = 0; i < st->trusts && !bad; i++)
		bad = json_array_append_new(all, object(t, p, &st->trust[i]));
	bad = bad || json_dumpf(all, t->out, JSON_INDENT(2) |
	    JSON_ENSURE_ASCII);
	json_decref(all);
	putc('\n', t->out);
	return bad ? tool_fail(TOOL_SYSTEM, "the output failed") : TOOL_OK;
}

static int
not_here(const struct tool *t, const struct person *p)
{
	if (!p->stateless)
		return TOOL_OK;
	return tool_refuse(t, TOOL_CONFIG, "only root sees what is remembered; "
	    "run: sudo mfactl --self VERB ...");
}

int
enroll_devices(const struct tool *t, const struct person *p)
{
	struct state st = { 0 };
	struct mfa_why why = { .language = t->language };
	enum mfa_err r;
	int status;

	if ((status = not_here(t, p)))
		return status;
	if ((r = gather(t, p, &st, &why)))
		return tool_error(r, &why);
	if (t->opt.json && (status = print_json(t, p, &st)))
		return status;
	for (size_t i = 0; i < st.trusts && !t->opt.json; i++)
		row(t, p, &st.trust[i]);
	if (st.trusts == 0 && !t->opt.json)
		tool_say(t, "Nothing of %s is remembered.", p->who.user);
	return st.trusts > 0 ? TOOL_OK : TOOL_NO;
}

int
verb_devices(struct tool *t, int argc, char **argv)
{
	return person_with(t, argc > 0 ? argv[0] : NULL, PERSON_SEE,
	    enroll_devices);
}

struct forgetting {
	const char *device;	/* NULL: all */
	size_t n;		/* forgotten */
};

static enum mfa_err
drop(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct forgetting *f = ctx;

	(void)rec;
	f->n = 0;
	for (size_t i = st->trusts; i-- > 0;) {
		const struct trust *tr = &st->trust[i];

		if (f->device != NULL && strcmp(tr->id, f->device) != 0 &&
		    strcmp(tr->of, f->device) != 0)
			continue;
		trust_remove(st, i);
		f->n++;
	}
	if (f->n == 0 && f->device != NULL)
		return mfa_fail(why, MFA_ENOENT, "\"%s\" is not remembered; "
		    "see: mfactl devices", f->device);
	return MFA_OK;
}

int
enroll_forget(const struct tool *t, const struct person *p,
    const char *device)
{
	char field[TRUST_OF_MAX];
	struct forgetting f = { .device = device };
	struct mfa_why why = { .language = t->language };
	enum mfa_err r;
	int status;

	if ((status = not_here(t, p)))
		return status;
	/* What only takes away is not proved: it is for what is there now. */
	r = p->proved != NULL ? person_text(p, p->proved, &why) : MFA_OK;
	if (r || (r = person_edit(p, drop, &f, &why)))
		return tool_error(r, &why);
	person_log(t, p, "forget", "device=%s n=%zu", text_field(field,
	    sizeof(field), device != NULL ? device : "all"), f.n);
	tool_say(t, "Forgotten: %zu of %s.", f.n, p->who.user);
	return TOOL_OK;
}

/* With --all the only operand is USER. */
int
verb_forget(struct tool *t, int argc, char **argv)
{
	const int n = t->opt.all ? 0 : 1;	/* operands before USER */

	if (argc < n || argc > n + 1)
		return tool_refuse(t, TOOL_USAGE, "forget takes a DEVICE, as "
		    "\"mfactl devices\" lists them, or --all");
	return person_with_word(t, argc > n ? argv[n] : NULL, PERSON_SEE,
	    enroll_forget, t->opt.all ? NULL : argv[0]);
}
