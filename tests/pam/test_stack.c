/*
 * Every outcome of the module, under every control word, before and after
 * other modules: what the application is told in the end. The real libpam is
 * held against a model of its rules (pam.conf(5)), and our outcomes against
 * what a stack may make of them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../fake/pamhost.h"

/* libpam's actions, and which a control word takes for what. */
enum action { OK, DONE, BAD, DIE, IGNORE };

static const struct control {
	const char *word;
	enum action success, ignore, otherwise;
} controls[] = {
	{ "required", OK, IGNORE, BAD },
	{ "requisite", OK, IGNORE, DIE },
	{ "sufficient", DONE, IGNORE, IGNORE },
	{ "optional", OK, IGNORE, IGNORE },
	{ "[success=ok default=die]", OK, DIE, DIE },
	{ "[success=ok default=bad]", OK, BAD, BAD },
	{ "[success=ok ignore=ignore default=die]", OK, IGNORE, DIE },
};
#define CONTROLS (sizeof(controls) / sizeof(*controls))

/* The module alone, and beside one that permits or denies. */
static const struct {
	const char *before, *after;
} positions[] = {
	{ NULL, NULL }, { "pam_permit", NULL }, { NULL, "pam_permit" },
	{ "pam_deny", NULL }, { NULL, "pam_deny" },
};
#define POSITIONS (sizeof(positions) / sizeof(*positions))

enum answer { A_RIGHT, A_WRONG, A_NONE };

static void
as_enrolled(void)
{
	pamhost_conf("tries = 1\n");
	pamhost_enrol("root", PAMHOST_OTP);
}

static void
as_locked(void)
{
	as_enrolled();
	pamhost_write("state/root", 0600, "version = 1\nfailures = 50\n");
}

static void
as_broken(void)
{
	as_enrolled();
	pamhost_must(chmod("users/root", 0666) == 0, "chmod");
}

static void
as_misconfigured(void)
{
	as_enrolled();
	pamhost_conf("tires = 1\n");
}

static void
as_exempt(void)
{
	as_enrolled();
	pamhost_conf("not_enrolled = allow\n");
	unlink("users/root");
}

static void
as_not_enrolled(void)
{
	as_enrolled();
	unlink("users/root");
}

static const struct outcome {
	const char *name;
	void (*prepare)(void);
	enum answer answer;
	int code;
} outcomes[] = {
	{ "right", as_enrolled, A_RIGHT, PAM_SUCCESS },
	{ "wrong", as_enrolled, A_WRONG, PAM_AUTH_ERR },
	{ "no answer", as_enrolled, A_NONE, PAM_CONV_ERR },
	{ "locked", as_locked, A_RIGHT, PAM_MAXTRIES },
	{ "broken store", as_broken, A_RIGHT, PAM_AUTHINFO_UNAVAIL },
	{ "misconfigured", as_misconfigured, A_RIGHT, PAM_SERVICE_ERR },
	{ "exempt", as_exempt, A_RIGHT, PAM_IGNORE },
	{ "not enrolled", as_not_enrolled, A_RIGHT, PAM_AUTH_ERR },
};
#define OUTCOMES (sizeof(outcomes) / sizeof(*outcomes))

struct verdict {
	enum { UNDECIDED, GOOD, FAILED } impression;
	int code;
	int over;
};

static void
fold(struct verdict *v, enum action action, int code)
{
	if (v->over || action == IGNORE)
		return;
	if (action == BAD || action == DIE) {
		if (v->impression != FAILED)
			v->code = code == PAM_IGNORE ? PAM_PERM_DENIED : code;
		v->impression = FAILED;
		v->over = action == DIE;
	} else if (v->impression != FAILED) {
		v->impression = GOOD;
		v->code = code;
		v->over = action == DONE;
	}
}

static void
fold_other(struct verdict *v, const char *module)
{
	if (!module)
		return;
	if (!strcmp(module, "pam_permit"))
		fold(v, OK, PAM_SUCCESS);
	else
		fold(v, BAD, PAM_AUTH_ERR);
}

static int
expected(const struct control *c, size_t position, int code)
{
	struct verdict v = { UNDECIDED, PAM_PERM_DENIED, 0 };

	fold_other(&v, positions[position].before);
	fold(&v, code == PAM_SUCCESS ? c->success : code == PAM_IGNORE ?
	    c->ignore : c->otherwise, code);
	fold_other(&v, positions[position].after);
	return v.code;
}

static void
line(char *ret, size_t cap, const char *module)
{
	*ret = '\0';
	if (module)
		snprintf(ret, cap, "auth required %s.so\n", module);
}

static void
write_stack(const struct control *c, size_t position)
{
	char before[64], after[64];

	line(before, sizeof(before), positions[position].before);
	line(after, sizeof(after), positions[position].after);
	pamhost_write("pam.d/stack", 0644, "%sauth %s %s\n%s", before, c->word,
	    pamhost_mfa(), after);
}

static int
outcome_now(const struct outcome *o)
{
	char code[PAMHOST_CODE];
	struct talk t = { .answer = { code } };

	o->prepare();
	if (o->answer == A_NONE)
		t.answer[0] = NULL;
	else if (o->answer == A_WRONG)
		pamhost_code("no such key", 1, code);
	else
		pamhost_totp(0, code);
	return pamhost_login("stack", "root", &t);
}

static void
one_control(const struct control *c)
{
	for (size_t p = 0; p < POSITIONS; p++) {
		write_stack(c, p);
		for (size_t i = 0; i < OUTCOMES; i++) {
			const struct outcome *o = &outcomes[i];
			int r = outcome_now(o), e = expected(c, p, o->code);

			if (r != e)
				fail_msg("%s: %s, position %zu: %s, not %s",
				    c->word, o->name, p, pam_strerror(NULL, r),
				    pam_strerror(NULL, e));
		}
	}
}

static void
at46_every_outcome_in_every_stack(void **state)
{
	(void)state;
	for (size_t i = 0; i < CONTROLS; i++)
		one_control(&controls[i]);
}

/* Where it matters that the code is right, nothing else gets in. */
static void
a_refusal_is_never_overruled(void **state)
{
	(void)state;
	for (size_t i = 0; i < CONTROLS; i++)
		for (size_t p = 0; p < POSITIONS; p++)
			for (size_t k = 0; k < OUTCOMES; k++) {
				const struct control *c = &controls[i];
				int code = outcomes[k].code;

				if (c->otherwise == IGNORE ||
				    code == PAM_SUCCESS || code == PAM_IGNORE)
					continue;
				assert_int_not_equal(expected(c, p, code),
				    PAM_SUCCESS);
			}
}

static void
at49_setcred_succeeds_at_any_time(void **state)
{
	struct talk t = { .answer = { NULL } };
	pam_handle_t *pamh;
	char code[PAMHOST_CODE];

	(void)state;
	as_enrolled();
	write_stack(&controls[0], 0);
	pamh = pamhost_start("stack", "root", &t);
	assert_int_equal(pam_setcred(pamh, PAM_ESTABLISH_CRED), PAM_SUCCESS);
	pamhost_totp(0, code);
	t.answer[0] = code;
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_setcred(pamh, PAM_ESTABLISH_CRED), PAM_SUCCESS);
	assert_int_equal(pam_setcred(pamh, PAM_REINITIALIZE_CRED), PAM_SUCCESS);
	assert_int_equal(pam_setcred(pamh, PAM_DELETE_CRED), PAM_SUCCESS);
	pam_end(pamh, PAM_SUCCESS);
}

/* Conversations that are none. */
static int
gives_no_resp(int n, const struct pam_message **m, struct pam_response **ret,
    void *ctx)
{
	(void)n;
	(void)m;
	(void)ctx;
	*ret = NULL;
	return PAM_SUCCESS;
}

static int
fails(int n, const struct pam_message **m, struct pam_response **ret,
    void *ctx)
{
	(void)gives_no_resp(n, m, ret, ctx);
	return PAM_CONV_ERR;
}

/* An answer that is none, and one too many. */
static int
gives_null(int n, const struct pam_message **m, struct pam_response **ret,
    void *ctx)
{
	(void)m;
	(void)ctx;
	*ret = calloc((size_t)n, sizeof(**ret));
	return PAM_SUCCESS;
}

static int
gives_two(int n, const struct pam_message **m, struct pam_response **ret,
    void *ctx)
{
	struct pam_response *r;
	static int asked;

	(void)m;
	(void)ctx;
	if (++asked > 1)
		return gives_no_resp(n, m, ret, ctx);
	r = calloc((size_t)n + 1, sizeof(*r));
	r[0].resp = strdup("");
	r[1].resp = NULL;
	*ret = r;
	return PAM_SUCCESS;
}

static int
login_by(int (*conv)(int, const struct pam_message **, struct pam_response **,
    void *))
{
	struct pam_conv c = { conv, NULL };
	pam_handle_t *pamh = NULL;
	int err;

	as_enrolled();
	write_stack(&controls[0], 0);
	assert_int_equal(pam_start_confdir("stack", "root", &c, "pam.d",
	    &pamh), PAM_SUCCESS);
	err = pam_authenticate(pamh, 0);
	pam_end(pamh, err);
	assert_int_equal(pamhost_failures("root"), 0);
	return err;
}

static void
at40_no_conversation_is_a_refusal(void **state)
{
	(void)state;
	assert_int_equal(login_by(NULL), PAM_CONV_ERR);
	assert_int_equal(login_by(gives_no_resp), PAM_CONV_ERR);
	assert_int_equal(login_by(fails), PAM_CONV_ERR);
	assert_int_equal(login_by(gives_null), PAM_CONV_ERR);
	assert_int_equal(login_by(gives_two), PAM_CONV_ERR);
}

static void
empty_answers_are_no_guesses(void **state)
{
	struct talk t = { .answer = { "", " ", "", NULL } };

	(void)state;
	as_enrolled();
	write_stack(&controls[0], 0);
	assert_int_equal(pamhost_login("stack", "root", &t), PAM_CONV_ERR);
	assert_int_equal(pamhost_failures("root"), 0);
}

static void
arguments_are_exact(void **state)
{
	static const char *const wrong[] = { "debug", "nullok", "conf=",
	    "conf=mfa.conf", "conf=/nonexistent/mfa.conf", "CONF=/etc/x",
	    "conf", "" };
	char code[PAMHOST_CODE];

	(void)state;
	as_enrolled();
	pamhost_totp(0, code);
	for (size_t i = 0; *wrong[i]; i++) {
		struct talk t = { .answer = { code } };

		pamhost_write("pam.d/stack", 0644, "auth required %s %s\n",
		    pamhost_mfa(), wrong[i]);
		assert_int_equal(pamhost_login("stack", "root", &t),
		    PAM_SERVICE_ERR);
		assert_int_equal(t.asked, 0);
	}
}

static int
enter(void **state)
{
	(void)state;
	pamhost_enter(0, 0);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at46_every_outcome_in_every_stack),
		cmocka_unit_test(a_refusal_is_never_overruled),
		cmocka_unit_test(at49_setcred_succeeds_at_any_time),
		cmocka_unit_test(at40_no_conversation_is_a_refusal),
		cmocka_unit_test(empty_answers_are_no_guesses),
		cmocka_unit_test(arguments_are_exact),
	};

	return cmocka_run_group_tests(tests, enter, NULL);
}
