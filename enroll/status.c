/* What is enrolled for one person. */
#include "../pam_mfa/core/text.h"
#include "enroll.h"
#include "report.h"

/* What a login through a service without a section of its own does. */
static const char *
policy_word(const struct tool *t, const struct person *p, bool is_enrolled)
{
	struct policy_decision d;

	policy_decide(&t->conf, &p->who, is_enrolled, &d);
	return is_enrolled ? "ask" :
	    d.verdict == POLICY_EXEMPT ? "exempt" : "refuse";
}

static void
print_factor(const struct tool *t, const struct report *rep, size_t i)
{
	const struct factor *f = &rep->rec.factor[i];
	char shown[TOOL_SHOWN_MAX], created[TOOL_TIME_MAX], used[TOOL_TIME_MAX];
	char phone[REPORT_PHONE_MAX];

	fprintf(t->out, "  %-14s %s", f->id, tool_shown(shown, f->label));
	if (f->kind == FACTOR_PHONE)
		fprintf(t->out, ", %s", report_phone(&f->phone, phone));
	fprintf(t->out, ", created %s", tool_time(created, f->created));
	if (rep->state_known)
		fprintf(t->out, ", last used %s",
		    tool_time(used, rep->st.factor[i].used_at));
	if (rep->state_known && f->kind == FACTOR_RECOVERY)
		fprintf(t->out, ", %u of %d codes left",
		    report_codes_left(rep, i), RECOVERY_CODES);
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
		fprintf(t->out, "  Asked for first: %s\n",
		    record_first_name(rep->rec.first));
	if (*rep->rec.language)
		fprintf(t->out, "  Language of messages: %s\n",
		    rep->rec.language);
	if (!report_has_phone(rep) || !rep->state_known)
		return;
	report_sent(q, p->who.user, sent);
	fprintf(t->out, "  Sent in the last 24 hours: %s\n",
	    report_sent_words(sent, words));
}

static void
print_limit(const struct tool *t, const struct person *p,
    const struct report *rep)
{
	unsigned failures = (unsigned)rep->st.failures;
	char wait[64];

	if (!rep->state_known)
		fputs("  Use and failures are known to root only.\n", t->out);
	else if (rep->limit == LIMIT_LOCKED)
		fprintf(t->out, "  Locked after %u wrong codes; an "
		    "administrator runs: mfactl unlock %s\n", failures,
		    p->who.user);
	else if (rep->limit == LIMIT_WAIT)
		fprintf(t->out, "  %u wrong codes in a row; the next may be "
		    "tried in %s.\n", failures,
		    text_duration(wait, sizeof(wait), rep->wait));
	else if (failures > 0)
		fprintf(t->out, "  %u wrong code%s in a row.\n", failures,
		    failures == 1 ? "" : "s");
}

static void
print_policy(const struct tool *t, const char *word)
{
	fprintf(t->out, "  A login %s, where its service has no section of its "
	    "own; see: mfactl check --user NAME --service NAME\n",
	    *word == 'a' ? "asks for a code" :
	    *word == 'e' ? "needs no code (not_enrolled = allow)" :
	    "is refused (not_enrolled = deny)");
}

static void
print_text(const struct tool *t, const struct person *p,
    const struct report *rep, const struct quota *q)
{
	if (rep->rec.n == 0)
		fprintf(t->out, "%s has no second factor.\n", p->who.user);
	else
		fprintf(t->out, "%s has %zu factor%s:\n", p->who.user,
		    rep->rec.n, rep->rec.n == 1 ? "" : "s");
	for (size_t i = 0; i < rep->rec.n; i++)
		print_factor(t, rep, i);
	print_sending(t, p, rep, q);
	print_limit(t, p, rep);
	print_policy(t, policy_word(t, p, rep->rec.n > 0));
}

static int
print_json(const struct tool *t, const struct person *p,
    const struct report *rep, const struct quota *q)
{
	json_t *j = report_json(p, rep, q);
	int bad;

	if (j == NULL)
		return tool_fail(TOOL_SYSTEM, "no memory");
	json_object_set_new(j, "policy",
	    json_string(policy_word(t, p, rep->rec.n > 0)));
	bad = json_dumpf(j, t->out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	json_decref(j);
	putc('\n', t->out);
	return bad ? tool_fail(TOOL_SYSTEM, "the output failed") : TOOL_OK;
}

int
enroll_status(const struct tool *t, const struct person *p)
{
	struct mfa_why why = { "" };
	struct quota q = { 0 };
	struct report rep;
	enum mfa_err r;
	int status = TOOL_OK;

	if ((r = report_read(t, p, &rep, &why)))
		return tool_error(r, &why);
	/* The ledger is about phones only: a broken one hides nobody's app. */
	if (rep.state_known && report_has_phone(&rep) &&
	    (r = report_ledger(t, p, &q, &why)))
		status = tool_error(r, &why);
	else if (t->opt.json)
		status = print_json(t, p, &rep, &q);
	else
		print_text(t, p, &rep, &q);
	if (!status && rep.rec.n == 0)
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
