/* Rows of a table of decisions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/date.h"
#include "../../pam_mfa/core/method.h"
#include "../../pam_mfa/core/policy.h"
#include "policytest.h"

#define RESET 1700000000	/* when they were reset */

/* Is it one of those with "|" between? */
static bool
listed(const char *list, const char *group)
{
	size_t len = strlen(group);

	for (const char *p = list; p != NULL && *p; p += *p == '|') {
		size_t n = strcspn(p, "|");

		if (n == len && !memcmp(p, group, n))
			return true;
		p += n;
	}
	return false;
}

static int64_t
minute(const char *when)
{
	unsigned hour, min, days = 0;
	char date[DATE_MAX] = "";

	if (*when == '\0')
		return -1;
	memcpy(date, when, DATE_MAX - 1);
	assert_int_equal(date_parse(date, &days), MFA_OK);
	assert_int_equal(sscanf(when + DATE_MAX, "%u:%u", &hour, &min), 2);
	return ((int64_t)days * 24 + hour) * 60 + min;
}

static const char *
or(const char *given, const char *otherwise)
{
	return given != NULL ? given : otherwise;
}

static void
fill(const struct policy_row *row, const struct mfa_conf *conf,
    struct mfa_subject *who)
{
	*who = (struct mfa_subject){ .known = !row->unknown,
	    .minute = minute(or(row->when, "2027-03-30 10:00")) };
	snprintf(who->user, sizeof(who->user), "%s", or(row->user, "alice"));
	snprintf(who->service, sizeof(who->service), "%s",
	    or(row->service, "sshd"));
	snprintf(who->rhost, sizeof(who->rhost), "%s",
	    or(row->rhost, "192.0.2.7"));
	snprintf(who->tty, sizeof(who->tty), "%s", or(row->tty, "ssh"));
	for (size_t i = 0; i < conf->ngroups; i++)
		who->member[i] = listed(row->unsure, conf->group[i]) ?
		    WHEN_UNKNOWN : listed(row->groups, conf->group[i]) ?
		    WHEN_YES : WHEN_NO;
}

static void
render(const struct policy_decision *d, char *dst, size_t cap)
{
	static const char *const verdicts[] = { [POLICY_DENY] = "deny",
	    [POLICY_ASK] = "ask", [POLICY_EXEMPT] = "exempt" };
	static const char *const kinds[] = { "", " missing app",
	    " missing phone", " missing app+phone" };
	char days[16] = "", until[24] = "";

	if (d->until > 0)
		snprintf(until, sizeof(until), " until %d",
		    (int)((d->until - RESET) / 3600));
	if (d->days_left > 0)
		snprintf(days, sizeof(days), " %u", d->days_left);
	snprintf(dst, cap, "%s %s%s%s%s%s%s%s%s%s%s", verdicts[d->verdict],
	    policy_reason(d->cause), d->guarded ? " guarded" : "",
	    d->send ? " send" : "", d->enrol ? " enrol" : "", days,
	    until, kinds[d->missing], d->policy ? " [" : "",
	    d->policy ? d->policy : "", d->policy ? "]" : "");
}

static void
check(const struct policy_row *row, size_t i, struct mfa_conf *conf)
{
	const char *methods = or(row->methods, "totp");
	const struct mfa_time then = { RESET, 5000, "boot-1" };
	struct mfa_time now = then;
	struct reset reset = { .told = false };
	struct policy_decision d;
	struct mfa_why why = { "" };
	struct mfa_subject who;
	unsigned list = 0;
	char got[256];

	conf_init(conf);
	if (conf_parse(conf, "t", row->conf, strlen(row->conf), &why))
		fail_msg("row %zu: %s", i, why.text);
	if (*methods)
		assert_int_equal(method_list(methods, &list), MFA_OK);
	fill(row, conf, &who);
	policy_decide(conf, &who, method_set(list) | (row->app_password ?
	    METHOD_BIT(METHOD_APP_PASSWORD) : 0), &d);
	moment_set(&reset.at, &then);
	now.real += (int64_t)row->reset * 3600;
	now.boot_ms += (int64_t)row->reset * 3600000;
	if (row->reset > 0)
		policy_after_reset(conf, &reset, &now, &d);
	render(&d, got, sizeof(got));
	if (strcmp(got, row->want) != 0)
		fail_msg("row %zu: %s\n--- is %s, not %s", i, row->conf, got,
		    row->want);
}

void
policy_rows(const struct policy_row *rows, size_t n)
{
	struct mfa_conf *conf = malloc(sizeof(*conf));

	assert_non_null(conf);
	for (size_t i = 0; i < n; i++)
		check(&rows[i], i, conf);
	free(conf);
}
