/* Codes by SMS and call: is everything there that sending one takes? */
#include <string.h>

#include "../pam_mfa/sys/account.h"
#include "check.h"
#include "report.h"
#include "sender.h"

static bool
check_account(const struct tool *t, struct findings *f)
{
	const char *name = t->conf.send.run_as;
	struct mfa_subject who = { .known = false };
	struct mfa_why why = { "" };
	enum mfa_err r = account_find(name, &who, &why);
	char remedy[160] = "";

	if (!r && who.uid != 0 && who.gid != 0)
		return true;
	if (r == MFA_ENOENT)
		snprintf(remedy, sizeof(remedy), "useradd --system --shell "
		    "/usr/sbin/nologin %s", name);
	else if (!r)
		snprintf(remedy, sizeof(remedy), "name an account that has no "
		    "rights: sender_user in mfa.conf");
	check_find(f, CHECK_ERROR, "sender_user", remedy, "no code can be "
	    "sent: %s%s", !r ? name : r == MFA_ENOENT ? "there is no account " :
	    why.text, !r ? " is root" : r == MFA_ENOENT ? name : "");
	return false;
}

/* False: mfa-send itself is what is wrong; the others would say the same. */
static bool
check_profile(const struct tool *t, const char *name, struct findings *f)
{
	struct sending_answer a = { .handed_over = false };
	char where[CONF_PATH_MAX + SENDING_NAME_MAX + 8];
	bool theirs;

	if (sender_try(t, name, &a))
		return false;
	theirs = a.handed_over || *a.provider;
	snprintf(where, sizeof(where), "%s/%s.conf", t->conf.send.dir, name);
	check_find(f, a.handed_over ? CHECK_OK : CHECK_ERROR,
	    theirs ? where : t->conf.send.program, a.handed_over ? "" :
	    theirs ? "see mfa-sender(5); to try it: mfactl sender show" :
	    "see sender_program in mfa.conf(5)", "%s%s", a.handed_over ?
	    "profile and secrets are in order" : "sends nothing: ",
	    a.reason);
	buf_wipe(&a.show);
	return theirs;
}

/* Does a limit keep everybody's codes back, whoever it is? */
static void
check_limits(const struct tool *t, const struct quota *q, struct findings *f)
{
	const struct quota_sent anybody = { .way = SENDING_SMS };
	struct quota_answer a;

	quota_check(&t->conf.quota, q, &anybody, &a);
	if (a.verdict == QUOTA_HOST)
		check_find(f, CHECK_WARNING, a.key, "wait, or raise it in "
		    "mfa.conf; mfactl list shows for whom codes were sent",
		    "no code is sent now: this limit is reached");
}

/* Where nothing can be counted, nothing is sent. */
static void
check_ledger(const struct tool *t, struct findings *f)
{
	struct person nobody = { .who = { .known = false } };
	char where[CONF_PATH_MAX + 8], words[REPORT_SENT_MAX];
	unsigned sent[SENDING_KINDS];
	struct mfa_why why = { "" };
	struct quota q = { 0 };
	enum mfa_err r;

	snprintf(where, sizeof(where), "%s/%%sent", t->conf.state);
	if (!(r = person_attach(t, &nobody, &why))) {
		r = report_ledger(t, &nobody, &q, &why);
		person_close(&nobody);
	}
	if (r) {
		check_find(f, CHECK_ERROR, "codes sent", "restore the file, or "
		    "remove it: the counts then start anew", "no code can be "
		    "sent: %s", *why.text ? why.text : mfa_strerror(r));
		return;
	}
	report_sent(&q, NULL, sent);
	check_find(f, CHECK_OK, where, "", "%s in the last 24 hours; "
	    "host_daily = %u", report_sent_words(sent, LANGUAGE_EN, words),
	    t->conf.quota.host_daily);
	check_limits(t, &q, f);
	quota_free(&q);
}

void
check_send(const struct tool *t, struct findings *f)
{
	const struct conf_send *send = &t->conf.send;
	char names[CONF_TEXT_MAX], *rest = names, *name;

	if (*send->senders == '\0')
		return;
	if (t->conf.store == CONF_STORE_HOME)
		check_find(f, CHECK_WARNING, "store", "take senders out of "
		    "mfa.conf, or: store = system", "no code is sent with "
		    "store = home: numbers there are not proved");
	if (*send->numbers == '\0')
		check_find(f, CHECK_ERROR, "numbers", "list the countries that "
		    "codes may go to, such as: numbers = +81", "no code can be "
		    "sent: mfa.conf has senders, but no numbers");
	check_ledger(t, f);
	if (!check_account(t, f))
		return;
	snprintf(names, sizeof(names), "%s", send->senders);
	while ((name = strsep(&rest, " ")) != NULL &&
	    check_profile(t, name, f))
		continue;
}
