/* Everybody who is enrolled, one at a time: a million fit. */
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include "../pam_mfa/core/text.h"
#include "report.h"

struct list {
	const struct tool *t;
	struct quota sent;
	size_t rows;
	int status;
};

static void
factors_text(const struct list *l, const struct report *rep)
{
	const struct record *rec = &rep->rec;
	int64_t pass = report_pass_until(rep);
	char phone[REPORT_PHONE_MAX], until[TOOL_TIME_MAX];

	for (size_t i = 0; i < rec->n; i++) {
		fprintf(l->t->out, "%c%s", i ? ',' : ' ', rec->factor[i].id);
		if (rec->factor[i].kind == FACTOR_PHONE)
			fprintf(l->t->out, " (%s)",
			    report_phone(&rec->factor[i].phone,
			    LANGUAGE_EN, phone));
	}
	if (rec->first != RECORD_FIRST_NONE)
		fprintf(l->t->out, ", first %s", record_first_name(rec->first));
	if (*rec->language)
		fprintf(l->t->out, ", language %s", rec->language);
	if (pass > 0)
		fprintf(l->t->out, ", pass until %s", tool_time(until, pass));
	putc('\n', l->t->out);
}

static void
row_text(const struct list *l, const struct person *p,
    const struct report *rep)
{
	char user[TOOL_SHOWN_MAX], last[TOOL_TIME_MAX];
	unsigned sent[SENDING_KINDS];

	report_sent(&l->sent, p->who.user, sent);
	fprintf(l->t->out, "%-24s %-22s %-7s %4u",
	    tool_shown(user, p->who.user),
	    tool_time(last, report_last_used(rep)),
	    rep->limit == LIMIT_LOCKED ? "locked" :
	    rep->limit == LIMIT_WAIT ? "waiting" : "-",
	    sent[SENDING_SMS] + sent[SENDING_VOICE]);
	factors_text(l, rep);
}

static enum mfa_err
row_json(const struct list *l, const struct person *p,
    const struct report *rep)
{
	json_t *j = report_json(p, rep, &l->sent);
	int bad;

	if (j == NULL)
		return MFA_ENOMEM;
	fputs(l->rows ? ",\n" : "", l->t->out);
	bad = json_dumpf(j, l->t->out, JSON_ENSURE_ASCII);
	json_decref(j);
	return bad ? MFA_EIO : MFA_OK;
}

/* A person whose files are broken is told of, and the list goes on. */
static enum mfa_err
row(struct list *l, struct person *p, struct mfa_why *why)
{
	struct report rep;
	enum mfa_err r;

	if ((r = person_attach(l->t, p, why)))
		return r;
	if ((r = report_read(l->t, p, &rep, why)))
		goto out;
	if (rep.rec.n > 0) {
		if (!l->t->opt.json)
			row_text(l, p, &rep);
		else if ((r = row_json(l, p, &rep)))
			mfa_fail(why, r, "the output failed");
		l->rows++;
	}
	report_free(&rep);
out:
	person_close(p);
	return r;
}

static enum mfa_err
each(void *ctx, const char *user)
{
	struct list *l = ctx;
	struct person p = { .who.known = true };
	struct mfa_why why = { "" };
	enum mfa_err r;

	snprintf(p.who.user, sizeof(p.who.user), "%s", user);
	if ((r = row(l, &p, &why)))
		l->status = tool_fail(TOOL_SYSTEM, "%s: %s", user,
		    *why.text ? why.text : mfa_strerror(r));
	return MFA_OK;
}

/*
 * System accounts have /bin, /nonexistent or somebody else's folder for a
 * home: they have no factors, and that is no news.
 */
static bool
has_home(const struct passwd *pw)
{
	struct stat st;

	return stat(pw->pw_dir, &st) == 0 && st.st_uid == pw->pw_uid;
}

/* store = home: whoever has an account may have factors. */
static void
homes(struct list *l)
{
	const struct passwd *pw;

	setpwent();
	while ((pw = getpwent()) != NULL) {
		struct person p = { .who = { .uid = pw->pw_uid,
		    .gid = pw->pw_gid, .known = true } };
		struct mfa_why why = { "" };
		enum mfa_err r;

		if (!has_home(pw) ||
		    strlen(pw->pw_name) >= sizeof(p.who.user) ||
		    strlen(pw->pw_dir) >= sizeof(p.who.home))
			continue;
		snprintf(p.who.user, sizeof(p.who.user), "%s", pw->pw_name);
		snprintf(p.who.home, sizeof(p.who.home), "%s", pw->pw_dir);
		if ((r = row(l, &p, &why)))
			l->status = tool_fail(TOOL_SYSTEM, "%s: %s",
			    p.who.user, *why.text ? why.text : mfa_strerror(r));
	}
	endpwent();
}

/* Once for all. Where it cannot be read, the list goes on without it. */
static void
read_sent(struct list *l)
{
	struct person nobody = { .who = { .known = false } };
	struct mfa_why why = { "" };
	enum mfa_err r;

	if (!(r = person_attach(l->t, &nobody, &why))) {
		r = report_ledger(l->t, &nobody, &l->sent, &why);
		person_close(&nobody);
	}
	if (r)
		l->status = tool_error(r, &why);
}

/* What the whole host has sent, if anything. */
static void
total(const struct list *l)
{
	char words[REPORT_SENT_MAX];
	unsigned sent[SENDING_KINDS];

	report_sent(&l->sent, NULL, sent);
	if (l->sent.n > 0 && !l->t->opt.json)
		fprintf(l->t->out, "Sent in the last 24 hours by this host: %s "
		    "(host_daily = %u)\n", report_sent_words(sent,
		    LANGUAGE_EN, words),
		    l->t->conf.quota.host_daily);
}

int
verb_list(struct tool *t, int argc, char **argv)
{
	struct list l = { .t = t, .status = TOOL_OK };
	struct mfa_why why = { "" };
	enum mfa_err r = MFA_OK;

	(void)argc;
	(void)argv;
	read_sent(&l);
	if (t->opt.json)
		fputs("[", t->out);
	else
		fprintf(t->out, "%-24s %-22s %-7s %4s %s\n", "USER",
		    "LAST USED", "LIMIT", "SENT", "FACTORS");
	if (t->conf.store == CONF_STORE_HOME)
		homes(&l);
	else
		r = store_file_each(&t->conf, each, &l, &why);
	fputs(t->opt.json ? "]\n" : "", t->out);
	total(&l);
	quota_free(&l.sent);
	if (r)
		return tool_error(r, &why);
	return !l.status && l.rows == 0 ? TOOL_NO : l.status;
}
