/* What is enrolled for one person. */
#include "../pam_mfa/core/text.h"
#include "enroll.h"
#include "report.h"

static const char *
policy_word(const struct policy_decision *d)
{
	return d->verdict == POLICY_EXEMPT ? "exempt" :
	    d->cause == POLICY_ENROLLED ? "ask" : d->enrol ? "enrol" :
	    d->cause == POLICY_CLOSED ? "closed" : "refuse";
}

static const char *
policy_text(const struct policy_decision *d, enum language l)
{
	if (d->cause == POLICY_SKIPPED)
		return say(l, "needs no code (then = skip)");
	if (d->cause == POLICY_ENROLLED)
		return say(l, "asks for a code");
	if (d->cause == POLICY_CLOSED)
		return say(l, "is refused: the time to enrol after a reset is "
		    "over");
	if (d->cause != POLICY_NOT_ENROLLED)
		return say(l, "is refused by the policy of this host");
	return say(l, d->verdict == POLICY_EXEMPT ?
	    "needs no code (not_enrolled = allow)" : d->until > 0 ?
	    "leads to an enrolment, after a reset" : d->enrol ?
	    "leads to an enrolment (not_enrolled = enrol)" :
	    "is refused (not_enrolled = deny)");
}

static void
print_factor(const struct tool *t, const struct report *rep, size_t i)
{
	const struct factor *f = &rep->rec.factor[i];
	char shown[TOOL_SHOWN_MAX], created[TOOL_TIME_MAX], used[TOOL_TIME_MAX];
	char phone[REPORT_PHONE_MAX], expires[TOOL_TIME_MAX];

	fprintf(t->out, "  %-14s %s", f->id, tool_shown(shown, f->label));
	if (f->kind == FACTOR_PHONE)
		fprintf(t->out, ", %s", report_phone(&f->phone,
		    t->language, phone));
	fprintf(t->out, say(t->language, ", created %s"),
	    tool_time(created, f->created));
	if (rep->state_known && rep->st.factor[i].used_at == 0)
		fputs(say(t->language, ", last used never"), t->out);
	else if (rep->state_known)
		fprintf(t->out, say(t->language, ", last used %s"),
		    tool_time(used, rep->st.factor[i].used_at));
	if (rep->state_known && f->kind == FACTOR_RECOVERY)
		fprintf(t->out, say(t->language, ", %u of %d codes left"),
		    report_codes_left(rep, i), RECOVERY_CODES);
	if (f->kind == FACTOR_APP)
		fprintf(t->out, say(t->language, ", for %s"), f->app.services);
	if (f->kind == FACTOR_APP && f->app.expires != 0)
		fprintf(t->out, say(t->language, ", expires %s"),
		    tool_time(expires, f->app.expires));
	putc('\n', t->out);
}

/* Phones: what is asked for first, in which language, and what was sent. */
static void
print_sending(const struct tool *t, const struct person *p,
    const struct report *rep, const struct quota *q)
{
	char words[REPORT_SENT_MAX];
	unsigned sent[SENDING_KINDS];

	if (rep->rec.first != RECORD_FIRST_NONE)
		fprintf(t->out, say(t->language, "  Asked for first: %s\n"),
		    record_first_name(rep->rec.first));
	if (*rep->rec.language)
		fprintf(t->out, say(t->language, "  Language of messages: "
		    "%s\n"), rep->rec.language);
	if (!report_has_phone(rep) || !rep->state_known)
		return;
	report_sent(q, p->who.user, sent);
	fprintf(t->out, say(t->language, "  Sent in the last 24 hours: %s\n"),
	    report_sent_words(sent, t->language, words));
}

static void
print_app_limit(const struct tool *t, const struct person *p,
    const struct report *rep)
{
	unsigned failures = (unsigned)rep->st.app.n;
	char wait[64];

	if (rep->app_limit == LIMIT_LOCKED)
		fprintf(t->out, say(t->language, "  No app password is taken "
		    "after %u wrong ones; an administrator runs: mfactl unlock "
		    "%s\n"), failures, p->who.user);
	else if (rep->app_limit == LIMIT_WAIT)
		fprintf(t->out, say(t->language, "  %u wrong app passwords in "
		    "a row; the next is looked at in %s.\n"), failures,
		    text_duration(wait, sizeof(wait), rep->app_wait,
		    t->language));
	else if (failures > 0)
		fprintf(t->out, say(t->language, failures == 1 ?
		    "  %u wrong app password in a row.\n" :
		    "  %u wrong app passwords in a row.\n"), failures);
}

static void
print_limit(const struct tool *t, const struct person *p,
    const struct report *rep)
{
	unsigned failures = (unsigned)rep->st.failures;
	char wait[64];

	if (!rep->state_known)
		fputs(say(t->language, "  Use and failures are known to root "
		    "only.\n"), t->out);
	else if (rep->limit == LIMIT_LOCKED)
		fprintf(t->out, say(t->language, "  Locked after %u wrong "
		    "codes; an administrator runs: mfactl unlock %s\n"),
		    failures, p->who.user);
	else if (rep->limit == LIMIT_WAIT)
		fprintf(t->out, say(t->language, "  %u wrong codes in a row; "
		    "the next may be tried in %s.\n"), failures,
		    text_duration(wait, sizeof(wait), rep->wait,
		    t->language));
	else if (failures > 0)
		fprintf(t->out, say(t->language, failures == 1 ?
		    "  %u wrong code in a row.\n" :
		    "  %u wrong codes in a row.\n"), failures);
}

static void
print_pass(const struct tool *t, const struct person *p,
    const struct report *rep)
{
	int64_t until = report_pass_until(rep);
	char time[TOOL_TIME_MAX];

	if (until > 0)
		fprintf(t->out, say(t->language, "  Has a pass, good for one "
		    "login until %s; to take it back: mfactl pass %s "
		    "--revoke\n"), tool_time(time, until), p->who.user);
}

static void
print_policy(const struct tool *t, const struct policy_decision *d)
{
	char until[TOOL_TIME_MAX];

	if (d->until > 0)
		fprintf(t->out, say(t->language, d->enrol ?
		    "  Was reset, and may register a factor at a login until "
		    "%s\n" :
		    "  Was reset, and could register a factor until %s; an "
		    "administrator opens it again: mfactl reset NAME\n"),
		    tool_time(until, d->until));
	fprintf(t->out, say(t->language, "  A login %s, where its service has "
	    "no section of its own; see: mfactl check --user NAME --service "
	    "NAME\n"), policy_text(d, t->language));
}

static void
print_factors(const struct tool *t, const struct report *rep, bool apps)
{
	for (size_t i = 0; i < rep->rec.n; i++)
		if ((rep->rec.factor[i].kind == FACTOR_APP) == apps)
			print_factor(t, rep, i);
}

static void
print_text(const struct tool *t, const struct person *p,
    const struct report *rep, const struct quota *q)
{
	struct policy_decision d;

	if (rep->factors == 0)
		fprintf(t->out, say(t->language, "%s has no second factor.\n"),
		    p->who.user);
	else
		fprintf(t->out, say(t->language, rep->factors == 1 ?
		    "%s has %zu factor:\n" : "%s has %zu factors:\n"),
		    p->who.user, rep->factors);
	print_factors(t, rep, false);
	if (rep->apps > 0)
		fprintf(t->out, say(t->language, rep->apps == 1 ?
		    "%s has %zu app password:\n" :
		    "%s has %zu app passwords:\n"), p->who.user, rep->apps);
	print_factors(t, rep, true);
	print_sending(t, p, rep, q);
	print_limit(t, p, rep);
	print_app_limit(t, p, rep);
	print_pass(t, p, rep);
	report_policy(t, p, rep, &d);
	print_policy(t, &d);
}

static int
print_json(const struct tool *t, const struct person *p,
    const struct report *rep, const struct quota *q)
{
	json_t *j = report_json(p, rep, q);
	struct policy_decision d;
	char until[TOOL_TIME_MAX];
	int bad;

	if (j == NULL)
		return tool_fail(TOOL_SYSTEM, "no memory");
	report_policy(t, p, rep, &d);
	json_object_set_new(j, "enrol_until", d.until > 0 ?
	    json_string(tool_time(until, d.until)) : json_null());
	json_object_set_new(j, "policy", json_string(policy_word(&d)));
	bad = json_dumpf(j, t->out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	json_decref(j);
	putc('\n', t->out);
	return bad ? tool_fail(TOOL_SYSTEM, "the output failed") : TOOL_OK;
}

int
enroll_status(const struct tool *t, const struct person *p)
{
	struct mfa_why why = { .language = t->language };
	struct quota q = { 0 };
	struct report rep;
	enum mfa_err r;
	int status = TOOL_OK;

	if ((r = report_read(t, p, &rep, &why)))
		return person_error(p, r, &why);
	/* The ledger is about phones only: a broken one hides nobody's app. */
	if (rep.state_known && report_has_phone(&rep) &&
	    (r = report_ledger(t, p, &q, &why)))
		status = tool_error(r, &why);
	else if (t->opt.json)
		status = print_json(t, p, &rep, &q);
	else
		print_text(t, p, &rep, &q);
	if (!status && rep.factors == 0)
		status = TOOL_NO;
	quota_free(&q);
	report_free(&rep);
	return status;
}

int
verb_status(struct tool *t, int argc, char **argv)
{
	return person_with(t, argc > 0 ? argv[0] : NULL, PERSON_SEE,
	    enroll_status);
}
