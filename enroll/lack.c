/*
 * Who lacks which factor, so that somebody can ask them for it: the accounts
 * with a login shell, one at a time, and how many there are in each group.
 */
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../pam_mfa/core/date.h"
#include "../pam_mfa/sys/groups.h"
#include "../pam_mfa/sys/os.h"
#include "report.h"

/* At no place and no time in particular: what is strictest holds. */
#define SOMEWHERE "?"

#define ROW "%-24s %-10s %-20s %-20s %-26s "
#define HEADING "USER                     LACKS      UNTIL                " \
	"PASS                 HAS                        GROUPS\n"

struct lack {
	const struct tool *t;
	int only;			/* place of --group, or -1 */
	int64_t today;			/* core/date.h */
	size_t people[CONF_GROUPS_MAX + 1];	/* the last are all */
	size_t lacking[CONF_GROUPS_MAX + 1];
	struct report rep;		/* of the one being looked at */
	int status;
};

/* One who lacks something. */
struct row {
	const struct mfa_subject *who;
	unsigned methods;
	const char *lacks;	/* "any", "app", "phone", "app+phone" */
	/* A date, or a time after a reset; "now", "closed", "refused", "-". */
	char until[TOOL_TIME_MAX];
	char pass[TOOL_TIME_MAX];	/* until when one is good; "" = none */
};

/* Somebody who cannot answer lacks something, whatever is required. */
static const char *
lacks(const struct policy_decision *d)
{
	static const char *const kinds[] = { NULL, "app", "phone",
	    "app+phone" };

	if (d->cause == POLICY_SKIPPED)
		return NULL;
	if (d->missing == 0 && d->cause != POLICY_ENROLLED)
		return "any";
	return kinds[d->missing];
}

static void
until(const struct lack *l, const struct policy_decision *d,
    char dst[static TOOL_TIME_MAX])
{
	if (d->enrol && d->until > 0)
		tool_time(dst, d->until);
	else if (d->enrol && (int64_t)d->login.deadline >= l->today)
		date_format(d->login.deadline, dst);
	else
		snprintf(dst, TOOL_TIME_MAX, "%s", d->enrol ? "now" :
		    d->cause == POLICY_CLOSED ? "closed" :
		    d->verdict == POLICY_DENY ? "refused" : "-");
}

static char *
methods(unsigned set, const char *between, char *dst, size_t cap)
{
	size_t len = 0;

	*dst = '\0';
	for (unsigned m = 0; m < METHOD_KINDS && len < cap; m++)
		if (set & METHOD_BIT(m))
			len += (size_t)snprintf(dst + len, cap - len, "%s%s",
			    len > 0 ? between : "",
			    method_name((enum method)m));
	return dst;
}

static void
put_text(const struct lack *l, const struct row *row)
{
	char user[TOOL_SHOWN_MAX], has[64], group[TOOL_SHOWN_MAX];
	const char *gap = "";

	methods(row->methods, ",", has, sizeof(has));
	fprintf(l->t->out, ROW, tool_shown(user, row->who->user), row->lacks,
	    row->until, *row->pass ? row->pass : "-", *has ? has : "-");
	for (size_t i = 0; i < l->t->conf.ngroups; i++)
		if (row->who->member[i] == WHEN_YES) {
			fprintf(l->t->out, "%s%s", gap, tool_shown(group,
			    l->t->conf.group[i]));
			gap = ", ";
		}
	fputs(*gap ? "\n" : "-\n", l->t->out);
}

/* RFC 4180. What a spreadsheet might take for a formula stays a text. */
static void
put_quoted(FILE *out, const char *s, const char *before)
{
	fprintf(out, "%s%s", before, *s != '\0' && strchr("=+-@", *s) ? "'" :
	    "");
	for (; *s != '\0'; s++)
		fputs(*s == '"' ? "\"\"" : (char[]){ *s, '\0' }, out);
}

static void
put_csv(const struct lack *l, const struct row *row)
{
	FILE *out = l->t->out;
	char has[64];
	const char *gap = "";

	put_quoted(out, row->who->user, "\"");
	fprintf(out, "\",%s,%s,%s,\"", row->lacks, row->until, methods(
	    row->methods, ";", has, sizeof(has)));
	for (size_t i = 0; i < l->t->conf.ngroups; i++)
		if (row->who->member[i] == WHEN_YES) {
			put_quoted(out, l->t->conf.group[i], gap);
			gap = ";";
		}
	fprintf(out, "\",%s\r\n", row->pass);
}

static json_t *
groups_json(const struct lack *l, const struct mfa_subject *who)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->t->conf.ngroups; i++)
		if (who->member[i] == WHEN_YES)
			json_array_append_new(list, report_string(
			    l->t->conf.group[i]));
	return list;
}

static bool
put_json(const struct lack *l, const struct row *row)
{
	json_t *has = json_array(), *j;
	bool good;

	for (unsigned m = 0; m < METHOD_KINDS; m++)
		if (row->methods & METHOD_BIT(m))
			json_array_append_new(has, json_string(
			    method_name((enum method)m)));
	j = json_pack("{s:o, s:s, s:s, s:o, s:o, s:o}", "user",
	    report_string(row->who->user), "lacks", row->lacks, "until",
	    row->until, "has", has,
	    "groups", groups_json(l, row->who), "pass_until", *row->pass ?
	    json_string(row->pass) : json_null());
	if (l->lacking[CONF_GROUPS_MAX] > 0)
		fputs(",\n", l->t->out);
	good = j != NULL && !json_dumpf(j, l->t->out, JSON_ENSURE_ASCII);
	json_decref(j);
	return good;
}

static void
count(const struct lack *l, const struct mfa_subject *who, size_t *counts)
{
	counts[CONF_GROUPS_MAX]++;
	for (size_t i = 0; i < l->t->conf.ngroups; i++)
		counts[i] += who->member[i] == WHEN_YES;
}

/* What is known of their factors; a fault is told, and the report goes on. */
static void
judge(struct lack *l, struct person *p)
{
	struct policy_decision d;
	struct row row = { .who = &p->who };
	struct mfa_why why = { "" };
	struct report *rep = &l->rep;
	enum mfa_err r;

	if (!(r = person_attach(l->t, p, &why))) {
		r = report_read(l->t, p, rep, &why);
		person_close(p);
	}
	if (r) {
		l->status = tool_fail(TOOL_SYSTEM, "%s: %s", p->who.user,
		    *why.text ? why.text : mfa_strerror(r));
		return;
	}
	row.methods = record_methods(&rep->rec);
	if (report_pass_until(rep) > 0)
		tool_time(row.pass, report_pass_until(rep));
	/* One login by a pass is no factor: what they lack they still lack. */
	rep->st.pass = (struct pass){ 0 };
	report_policy(l->t, p, rep, &d);
	report_free(rep);
	count(l, &p->who, l->people);
	if ((row.lacks = lacks(&d)) == NULL)
		return;
	until(l, &d, row.until);
	if (l->t->opt.csv)
		put_csv(l, &row);
	else if (!l->t->opt.json)
		put_text(l, &row);
	else if (!put_json(l, &row))
		l->status = tool_fail(TOOL_SYSTEM, "the output failed");
	count(l, &p->who, l->lacking);
}

static bool
is_login_shell(const char *shell)
{
	const char *s;

	if (*shell == '\0')
		return true;	/* /bin/sh, by passwd(5) */
	setusershell();
	while ((s = getusershell()) != NULL && strcmp(s, shell) != 0)
		;
	return s != NULL;
}

static void
account(struct lack *l, const struct passwd *pw)
{
	struct person p = { .who = { .uid = pw->pw_uid, .gid = pw->pw_gid,
	    .known = true, .minute = -1, .rhost = SOMEWHERE } };

	if (!is_login_shell(pw->pw_shell) ||
	    strlen(pw->pw_name) >= sizeof(p.who.user) ||
	    strlen(pw->pw_dir) >= sizeof(p.who.home))
		return;
	snprintf(p.who.user, sizeof(p.who.user), "%s", pw->pw_name);
	snprintf(p.who.home, sizeof(p.who.home), "%s", pw->pw_dir);
	snprintf(p.who.service, sizeof(p.who.service), "%s",
	    l->t->opt.service != NULL ? l->t->opt.service : "sshd");
	groups_find(&l->t->conf, &p.who);
	if (l->only < 0 || p.who.member[l->only] == WHEN_YES)
		judge(l, &p);
}

static void
sum(const struct lack *l)
{
	const struct mfa_conf *conf = &l->t->conf;
	char group[TOOL_SHOWN_MAX];

	fprintf(l->t->out, "\n%zu of %zu people lack something.\n",
	    l->lacking[CONF_GROUPS_MAX], l->people[CONF_GROUPS_MAX]);
	for (size_t i = 0; i < conf->ngroups; i++)
		fprintf(l->t->out, "  %-22s %zu of %zu\n", tool_shown(group,
		    conf->group[i]), l->lacking[i], l->people[i]);
}

/* Who is refused at some place or time is to have factors all the same. */
static void
deny_nobody(struct mfa_conf *conf)
{
	if (conf->login.then == CONF_THEN_DENY)
		conf->login.then = CONF_THEN_ASK;
	for (size_t i = 0; i < conf->nrules; i++)
		if (conf->rule[i].login.then == CONF_THEN_DENY)
			conf->rule[i].login.then = CONF_THEN_ASK;
}

/* So that it is looked up like the groups that mfa.conf names. */
static int
find_group(struct tool *t, int *ret)
{
	const char *name = t->opt.group;
	struct mfa_why why = { "" };

	*ret = -1;
	if (name == NULL)
		return TOOL_OK;
	if (getgrnam(name) == NULL)
		return tool_fail(TOOL_NO, "%s: there is no such group", name);
	if (conf_name_group(&t->conf, name, &why))
		return tool_fail(TOOL_SYSTEM, "%s", why.text);
	*ret = conf_group_index(&t->conf, name);
	return TOOL_OK;
}

static void
everybody(struct lack *l)
{
	const struct passwd *pw;

	setpwent();
	while ((pw = getpwent()) != NULL)
		account(l, pw);
	endpwent();
	endusershell();
}

int
verb_report(struct tool *t, int argc, char **argv)
{
	struct lack *l = calloc(1, sizeof(*l));
	int status;

	(void)argc;
	(void)argv;
	if (l == NULL)
		return tool_fail(TOOL_SYSTEM, "no memory");
	l->t = t;
	l->today = os_local_minute() / (24 * 60);
	deny_nobody(&t->conf);
	if (t->opt.json && t->opt.csv)
		status = tool_fail(TOOL_USAGE, "--json or --csv, not both");
	else if (!(status = find_group(t, &l->only))) {
		fputs(t->opt.json ? "[" : t->opt.csv ? "user,lacks,until,has,"
		    "groups,pass\r\n" : HEADING, t->out);
		everybody(l);
		if (t->opt.json)
			fputs("]\n", t->out);
		else if (!t->opt.csv)
			sum(l);
		status = l->status ? l->status :
		    l->lacking[CONF_GROUPS_MAX] > 0 ? TOOL_NO : TOOL_OK;
	}
	free(l);
	return status;
}
