/* What is wrong with a PAM stack that asks for a code. */
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "check.h"

#define MODULE "pam_mfa.so"
#define RIGHT_LINE "auth [success=ok ignore=ignore default=die] " MODULE
#define NOWHERE ((size_t)-1)

/* They refuse whoever has not the first factor. */
static const char *const first_factors[] = { "pam_unix.so", "pam_sss.so",
    "pam_ldap.so", "pam_krb5.so", "pam_winbind.so", "pam_systemd_home.so",
    "pam_userdb.so", "pam_pwdfile.so", "pam_radius_auth.so",
    "pam_tacplus.so", "pam_mysql.so", "pam_pgsql.so", "pam_unix2.so",
    "pam_extrausers.so", "pam_tcb.so", "pam_fprintd.so",
    "pam_ssh_agent_auth.so", "pam_howdy.so", NULL };

/* Their answer depends on who and where, and no secret is asked for. */
static const char *const conditions[] = { "pam_rootok.so", "pam_succeed_if.so",
    "pam_listfile.so", "pam_access.so", "pam_localuser.so", "pam_time.so",
    "pam_wheel.so", "pam_usertype.so", "pam_group.so", NULL };

/* Root at su and runuser; nobody else gets anything of it. */
static const char *const harmless[] = { "pam_rootok.so", NULL };

enum { NONE_RIGHT = STACK_MAX, ALL_RIGHT };

/* One play: what the modules answer. */
struct world {
	size_t right;		/* the only rule whose password is right */
	enum pam_result mfa;
	size_t flip;		/* a condition that does not go on */
};

struct judge {
	const struct pam_stack *stack;
	const struct stack_place *place;
	struct findings *f;
	struct conf_login login;
	bool exempts;		/* somebody, by not_enrolled or a [policy] */
	size_t mfa;
};

static bool
is_in(const char *const *list, const struct pam_rule *rule)
{
	for (; rule->kind == RULE_MODULE && *list != NULL; list++)
		if (!strcmp(rule->module, *list))
			return true;
	return false;
}

/* A condition's answer that lets the stack go on to the next rule. */
static enum pam_result
go_on(const struct pam_rule *rule)
{
	int good = rule->on[RESULT_SUCCESS], bad = rule->on[RESULT_AUTH_ERR];

	return (good == ACTION_DONE || good > 0) && bad != ACTION_BAD &&
	    bad != ACTION_DIE ? RESULT_AUTH_ERR : RESULT_SUCCESS;
}

static enum pam_result
answer(const void *ctx, const struct pam_stack *s, size_t i)
{
	const struct world *w = ctx;
	const struct pam_rule *rule = &s->rule[i];

	if (!strcmp(rule->module, MODULE))
		return w->mfa;
	if (!strcmp(rule->module, "pam_deny.so"))
		return RESULT_AUTH_ERR;
	if (is_in(first_factors, rule))
		return w->right == i || w->right == ALL_RIGHT ?
		    RESULT_SUCCESS : RESULT_AUTH_ERR;
	if (is_in(conditions, rule))
		return (go_on(rule) == RESULT_SUCCESS) != (w->flip == i) ?
		    RESULT_SUCCESS : RESULT_AUTH_ERR;
	return RESULT_SUCCESS;
}

static void
play(const struct judge *j, size_t right, enum pam_result mfa,
    struct stack_end *ret)
{
	const struct world w = { right, mfa, NOWHERE };

	stack_run(j->stack, answer, &w, ret);
}

static const char *
where(const struct judge *j)
{
	return j->stack->rule[j->mfa].where;
}

/* The next right first factor from *i on, ALL_RIGHT last. */
static bool
next_right(const struct pam_stack *s, size_t *i)
{
	if (*i == ALL_RIGHT)
		return false;
	for (*i += 1; *i < s->n; *i += 1)
		if (is_in(first_factors, &s->rule[*i]))
			return true;
	*i = ALL_RIGHT;
	return true;
}

/* The rule after which our module was not run: it ended the stack or jumped. */
static const struct pam_rule *
culprit(const struct judge *j, const struct stack_end *end)
{
	size_t i = j->mfa;

	while (i > 0 && !end->ran[i])
		i--;
	return &j->stack->rule[i];
}

/* Is there a right first factor with which no code is asked? */
static bool
judge_bypass(const struct judge *j)
{
	const struct pam_rule *rule;
	struct stack_end end;
	size_t i = NOWHERE;
	bool found = false;

	while (next_right(j->stack, &i)) {
		play(j, i, RESULT_SUCCESS, &end);
		if (end.ran[j->mfa] || !end.success)
			continue;
		found = true;
		rule = culprit(j, &end);
		check_find(j->f, CHECK_ERROR, rule->where, "put " MODULE
		    " where every way through the stack meets it, or make "
		    "this line requisite", "with %s %s no code is asked: the "
		    "stack goes past " MODULE, rule->control, rule->module);
	}
	return found;
}

/* An exemption outside mfa.conf is easily forgotten. */
static void
judge_conditions(const struct judge *j)
{
	struct stack_end end;

	for (size_t i = 0; i < j->mfa; i++) {
		const struct pam_rule *rule = &j->stack->rule[i];
		const struct world w = { ALL_RIGHT, RESULT_SUCCESS, i };

		if (!is_in(conditions, rule) || is_in(harmless, rule))
			continue;
		stack_run(j->stack, answer, &w, &end);
		if (end.success && !end.ran[j->mfa])
			check_find(j->f, CHECK_NOTE, rule->where, "", "for "
			    "some, no code is asked: %s %s %s", rule->control,
			    rule->module, rule->args);
	}
}

/* The results of a refusal, each of which must keep the person out. */
static void
judge_refusals(const struct judge *j)
{
	const char *control = j->stack->rule[j->mfa].control;
	struct stack_end end;

	for (int r = RESULT_AUTH_ERR; r < RESULTS; r++) {
		play(j, ALL_RIGHT, (enum pam_result)r, &end);
		if (!end.ran[j->mfa] || !end.success)
			continue;
		check_find(j->f, CHECK_ERROR, where(j), RIGHT_LINE,
		    "%s lets in: the control is %s (%s)",
		    r == RESULT_AUTH_ERR ? "a wrong code" : "a fault", control,
		    pam_result_name((enum pam_result)r));
		return;
	}
}

static void
judge_right(const struct judge *j)
{
	struct stack_end end;

	play(j, ALL_RIGHT, RESULT_SUCCESS, &end);
	if (!end.success)
		check_find(j->f, CHECK_ERROR, where(j), RIGHT_LINE,
		    "a right password and a right code are refused, by this "
		    "stack's controls");
	play(j, ALL_RIGHT, RESULT_IGNORE, &end);
	if (j->exempts && end.ran[j->mfa] && !end.success)
		check_find(j->f, CHECK_WARNING, where(j), RIGHT_LINE,
		    "not_enrolled = allow lets nobody in: the control %s has "
		    "no ignore=ignore", j->stack->rule[j->mfa].control);
	play(j, NONE_RIGHT, RESULT_SUCCESS, &end);
	if (end.success && !j->place->outside && !j->login.app_passwords)
		check_find(j->f, CHECK_ERROR, where(j), "a password module "
		    "must be requisite before it, or required after it",
		    "a code alone lets in, without the password");
}

static size_t
first_factor(const struct judge *j, size_t from, size_t to)
{
	while (from < to && !is_in(first_factors, &j->stack->rule[from]))
		from++;
	return from;
}

static void
judge_before(const struct judge *j, bool reached)
{
	char remedy[192];
	size_t i = first_factor(j, 0, j->mfa), n = j->stack->n;

	/* Nowhere a password: judge_right has said so. */
	if (!reached || j->place->outside || first_factor(j, 0, n) == n)
		return;
	if (i < j->mfa) {
		check_find(j->f, CHECK_WARNING, j->stack->rule[i].where,
		    "make a wrong password end the stack: auth requisite "
		    "pam_unix.so, and not in a substack", "after a wrong "
		    "password the code is asked all the same: anybody can "
		    "lock people out, and learn who is enrolled (%s %s)",
		    j->stack->rule[i].control, j->stack->rule[i].module);
		return;
	}
	snprintf(remedy, sizeof(remedy), "auth requisite pam_unix.so before "
	    "it; or, if the code is to come first, first_factor = after in "
	    "[service %s]", j->place->service);
	check_find(j->f, CHECK_WARNING, where(j), remedy, "no password is "
	    "checked before it, but first_factor = before for %s",
	    j->place->service);
}

/* The module after us must take the password that we hand on. */
static void
judge_joined(const struct judge *j)
{
	size_t i = first_factor(j, j->mfa, j->stack->n);
	const struct pam_rule *rule = &j->stack->rule[i];

	if (i == j->stack->n)
		check_find(j->f, CHECK_ERROR, where(j), "auth required "
		    "pam_unix.so use_first_pass after it", "first_factor = "
		    "joined, but no module after it checks the password");
	else if (strstr(rule->args, "use_first_pass") == NULL &&
	    strstr(rule->args, "try_first_pass") == NULL)
		check_find(j->f, CHECK_ERROR, rule->where, "add use_first_pass "
		    "to this line", "first_factor = joined, but %s asks for "
		    "the password again", rule->module);
}

/* Another question would get the same answer from the program. */
static void
judge_app(const struct judge *j)
{
	size_t i = first_factor(j, 0, j->stack->n);

	if (i < j->stack->n)
		check_find(j->f, CHECK_ERROR, j->stack->rule[i].where,
		    "remove this line", "app_passwords = yes for %s, but %s "
		    "wants the password", j->place->service,
		    j->stack->rule[i].module);
}

static void
judge_order(const struct judge *j)
{
	char remedy[192];
	struct stack_end end;

	play(j, NONE_RIGHT, RESULT_SUCCESS, &end);
	if (j->login.app_passwords)
		judge_app(j);
	else if (j->login.first_factor == CONF_BEFORE)
		judge_before(j, end.ran[j->mfa]);
	else if (j->login.first_factor == CONF_JOINED)
		judge_joined(j);
	if (j->login.first_factor == CONF_BEFORE || end.ran[j->mfa])
		return;
	snprintf(remedy, sizeof(remedy), "first_factor = before in "
	    "[service %s], or move " MODULE " up", j->place->service);
	check_find(j->f, CHECK_WARNING, where(j), remedy, "the password is "
	    "checked before it, but first_factor = %s for %s",
	    j->login.first_factor == CONF_AFTER ? "after" : "joined",
	    j->place->service);
}

static void
judge_args(const struct judge *j, const struct pam_rule *rule)
{
	char args[sizeof(rule->args)], remedy[256], *save = NULL;

	snprintf(args, sizeof(args), "%s", rule->args);
	for (char *a = strtok_r(args, " ", &save); a != NULL;
	    a = strtok_r(NULL, " ", &save)) {
		if (strncmp(a, "conf=/", 6) != 0) {
			check_find(j->f, CHECK_ERROR, rule->where, "remove it: "
			    "conf=/PATH is the only argument", "unknown "
			    "argument \"%s\": every login is refused", a);
		} else if (strcmp(a + 5, j->place->conf_path) != 0) {
			snprintf(remedy, sizeof(remedy), "mfactl check "
			    "--conf %s", a + 5);
			check_find(j->f, CHECK_NOTE, rule->where, remedy,
			    "reads another configuration than this check");
		}
	}
}

static void
judge_ours(const struct judge *j, size_t i)
{
	const struct pam_rule *rule = &j->stack->rule[i];

	judge_args(j, rule);
	if (rule->optional)
		check_find(j->f, CHECK_ERROR, rule->where, "remove the '-'",
		    "with \"-auth\" no code is asked, silently, when " MODULE
		    " cannot be loaded");
	if (i > j->mfa)
		check_find(j->f, CHECK_WARNING, rule->where, "remove one of "
		    "the two lines", "the code is asked twice: the stack has "
		    "%s too", where(j));
}

/* Each line for itself. False: with these lines PAM refuses everybody. */
static bool
judge_lines(const struct judge *j)
{
	bool whole = !j->stack->cut;

	if (j->stack->cut)
		check_find(j->f, CHECK_WARNING, where(j), "look at its order "
		    "and controls yourself", "this stack has more rules than "
		    "are looked at here (%d)", STACK_MAX);
	for (size_t i = 0; i < j->stack->n; i++) {
		const struct pam_rule *rule = &j->stack->rule[i];

		if (rule->kind == RULE_MISSING)
			check_find(j->f, CHECK_ERROR, rule->where, "correct "
			    "the name, or remove the line", "includes \"%s\", "
			    "which is not there, or itself: every login is "
			    "refused", rule->module);
		if (rule->kind == RULE_BROKEN)
			check_find(j->f, CHECK_ERROR, rule->where, "correct "
			    "the control, see pam.d(5)", "PAM does not "
			    "understand this line: every login is refused");
		if (rule->kind == RULE_MISSING || rule->kind == RULE_BROKEN)
			whole = false;
		else if (!strcmp(rule->module, MODULE))
			judge_ours(j, i);
	}
	return whole;
}

void
stack_judge(const struct pam_stack *s, const struct stack_place *place,
    struct findings *f)
{
	struct judge j = { .stack = s, .place = place, .f = f,
	    .mfa = stack_find(s, MODULE) };

	if (j.mfa == s->n)
		return;
	conf_service(place->conf, place->service, &j.login);
	j.exempts = conf_exempts(place->conf, place->service);
	if (!judge_lines(&j))
		return;
	judge_conditions(&j);
	judge_refusals(&j);
	if (judge_bypass(&j))
		return;
	judge_right(&j);
	judge_order(&j);
}
