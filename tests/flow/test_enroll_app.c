/*
 * mfactl add app-password on fake ports: shown once, stored hashed, for the
 * services named; and how it is seen and removed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

#define CONF "[service imap]\napp_passwords = yes\n" \
    "[service smtp]\napp_passwords = yes\n[service sshd]\ntries = 1\n"

static int
setup(void **state)
{
	struct fake_person *fp = fake_person_with(CONF, FAKE_RECORD, "");

	fp->tool.opt.service = "imap";
	*state = fp;
	return 0;
}

VERB(add, enroll_app(t, p, "Mail on phone"))
VERB(add_again, enroll_app(t, p, "mail on PHONE"))
VERB(add_short, enroll_app(t, p, "Mail 123"))
VERB(add_japanese, enroll_app(t, p, "\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab"
    "\xe6\x90\xba\xe5\xb8\xaf\xe7\x94\xa8" "12"))
VERB(remove_it, enroll_remove(t, p, "Mail on phone"))
VERB(remove_app, enroll_remove(t, p, "totp-aaaa"))

/* The password in the transcript: a line of its own, behind blanks. */
static void
shown(const struct fake_person *fp, char ret[static APP_SHOWN + 1])
{
	const char *at = strstr(buf_str(&fp->fake.transcript), "\n-   ");

	assert_non_null(at);
	assert_int_equal(strspn(at + 5, "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"),
	    APP_SHOWN);
	memcpy(ret, at + 5, APP_SHOWN);
	ret[APP_SHOWN] = '\0';
}

static void
added(void **state)
{
	struct fake_person *fp = *state;
	char password[APP_SHOWN + 1], plain[APP_CHARS + 1];
	struct record rec;
	bool same = false;

	fp->tool.opt.service = "imap,SMTP";
	fp->tool.opt.expires = "90d";
	assert_int_equal(fake_person_run(fp, add, NO_ANSWERS), TOOL_OK);
	assert_int_equal(fp->fake.asked, 0);
	assert_has(&fp->fake.transcript,
	    "of alice, for: imap smtp\n- It is good "
	    "until 2024-02-12T22:13:20Z.");
	shown(fp, password);
	rec = record_of(fp);
	assert_int_equal(rec.n, 2);
	assert_int_equal(rec.factor[1].kind, FACTOR_APP);
	assert_string_equal(rec.factor[1].label, "Mail on phone");
	assert_string_equal(rec.factor[1].app.services, "imap smtp");
	assert_int_equal(rec.factor[1].app.expires, 1700000000 + 90 * 86400);
	assert_int_equal(rec.factor[1].created, 1700000000);
	assert_true(app_canonical(password, plain));
	assert_int_equal(app_matches(fp->tool.crypto, &rec.factor[1].app,
	    plain, &same), MFA_OK);
	assert_true(same);
	assert_has_not(&fp->fake.factors, password);
	assert_has_not(&fp->fake.factors, plain);
	record_free(&rec);
	/* It is said once, and the state knows nothing of it. */
	assert_int_equal(fake_person_run(fp, enroll_status, NO_ANSWERS),
	    TOOL_OK);
	assert_has_not(&fp->out, password);
	assert_string_equal(buf_str(&fp->fake.state), "");
}

static void
without_end(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, add, NO_ANSWERS), TOOL_OK);
	assert_has(&fp->fake.transcript, "It is good until it is removed.");
	assert_has(&fp->fake.factors, "services = imap\nexpires = 0\n");
}

/* Not taken, and why; and nothing was asked or changed. */
static void
refuses(struct fake_person *fp, person_verb *verb, int status,
    const char *why)
{
	fp->tool.prove = true;
	assert_int_equal(fake_person_run(fp, verb, ANSWERS("@0")), status);
	assert_has(&fp->err, why);
	assert_int_equal(fp->fake.asked, 0);
	assert_int_equal(fp->fake.saves + fp->fake.commits, 0);
}

static void
not_taken(void **state)
{
	struct fake_person *fp = *state;

	refuses(fp, add_short, TOOL_NO, "8 or more letters and digits");
	fp->tool.opt.service = NULL;
	refuses(fp, add, TOOL_USAGE, "for which service? --service NAME");
	fp->tool.opt.service = "imap,";
	fp->tool.opt.expires = "soon";
	refuses(fp, add, TOOL_USAGE, "--expires: expected a time");
	fp->tool.opt.expires = "59";
	refuses(fp, add, TOOL_USAGE, "--expires: expected a time");
	fp->tool.opt.expires = "3651d";
	refuses(fp, add, TOOL_USAGE, "--expires: expected a time");
	fp->tool.opt.expires = NULL;
	fp->tool.opt.service = "imap,imap";
	refuses(fp, add, TOOL_USAGE, "each once");
	fp->tool.opt.service = "imap,sshd";
	refuses(fp, add, TOOL_NO, "sshd takes no app passwords: mfa.conf has "
	    "no app_passwords = yes in its section");
	fp->tool.opt.service = "ima";
	refuses(fp, add, TOOL_NO, "ima takes no app passwords");
}

static void
names(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, add_japanese, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fake_person_run(fp, add, NO_ANSWERS), TOOL_OK);
	assert_int_equal(fake_person_run(fp, add_again, NO_ANSWERS), TOOL_NO);
	assert_has(&fp->err, "there is a factor \"mail on PHONE\" already");
}

/* --self: a code of a factor; an app password is none to prove anything by. */
static void
self_proves(void **state)
{
	struct fake_person *fp = *state;
	char password[APP_SHOWN + 1];

	fake_person_run(fp, add, NO_ANSWERS);
	shown(fp, password);
	fp->tool.prove = true;
	fp->tool.root = false;
	assert_int_equal(fake_person_run(fp, remove_it, ANSWERS(password,
	    password, password)), TOOL_ABORTED);
	assert_has(&fp->fake.factors, "kind = app\n");
	assert_int_equal(fake_person_run(fp, remove_it, ANSWERS("@0")),
	    TOOL_OK);
	assert_has_not(&fp->fake.factors, "kind = app\n");
	assert_has(&fp->fake.transcript, "refused from now on");
	assert_int_equal(fake_person_run(fp, add, ANSWERS("@0", "@0", "@0")),
	    TOOL_ABORTED);
	assert_has_not(&fp->fake.transcript, "App password");
	assert_int_equal(fake_person_run(fp, add, ANSWERS("@1")), TOOL_OK);
	assert_has(&fp->fake.transcript, "App password app-");
}

static void
seen(void **state)
{
	struct fake_person *fp = *state;
	json_t *j, *app;

	fp->tool.opt.expires = "12h";
	fake_person_run(fp, add, NO_ANSWERS);
	assert_int_equal(fake_person_run(fp, enroll_status, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->out, "alice has 1 factor:\n  totp-aaaa ");
	assert_has(&fp->out, "alice has 1 app password:\n  app-");
	assert_has(&fp->out, "Mail on phone, created 2023-11-14T22:13:20Z, "
	    "last used never, for imap, expires 2023-11-15T10:13:20Z\n");
	fp->tool.opt.json = true;
	fake_person_run(fp, enroll_status, NO_ANSWERS);
	j = json_loads(buf_str(&fp->out), 0, NULL);
	app = json_array_get(json_object_get(j, "factors"), 1);
	assert_string_equal(json_string_value(json_object_get(app, "kind")),
	    "app");
	assert_string_equal(json_string_value(json_array_get(
	    json_object_get(app, "services"), 0)), "imap");
	assert_string_equal(json_string_value(json_object_get(app,
	    "expires")), "2023-11-15T10:13:20Z");
	json_decref(j);
}

/* Who has nothing else has no second factor, and is told so. */
static void
nothing_else(void **state)
{
	struct fake_person *fp = *state;

	fake_person_run(fp, add, NO_ANSWERS);
	assert_int_equal(fake_person_run(fp, remove_app, NO_ANSWERS), TOOL_OK);
	assert_has(&fp->fake.transcript, "alice has no second factor any more. "
	    "Logins are now refused (not_enrolled = deny). Enrol one: mfactl "
	    "add totp alice\n");
	assert_has(&fp->fake.log, "by=alice event=remove user=alice "
	    "factor=totp-");
	assert_int_equal(fake_person_run(fp, enroll_status, NO_ANSWERS),
	    TOOL_NO);
	assert_has(&fp->out, "alice has no second factor.\n"
	    "alice has 1 app password:\n");
	assert_has(&fp->out, "A login is refused");
	assert_int_equal(fake_person_run(fp, enroll_test, ANSWERS("@0")),
	    TOOL_NO);
	assert_has(&fp->err, "alice has no factors");
	/* Nothing to prove by, as for a first factor. */
	fp->tool.prove = true;
	assert_int_equal(fake_person_run(fp, remove_it, NO_ANSWERS), TOOL_OK);
	assert_int_equal(fp->fake.factors.len, 0);
}

static void
locked_and_unlocked(void **state)
{
	struct fake_person *fp = *state;

	fake_set(&fp->fake.state, "version = 1\nfailures = 0\n"
	    "app_failures = 50\napp_failed_at = 1\n"
	    "app_failed_boottime = 1\napp_failed_boot = boot-1\n");
	fake_person_run(fp, enroll_status, NO_ANSWERS);
	assert_has(&fp->out, "No app password is taken after 50 wrong ones; "
	    "an administrator runs: mfactl unlock alice");
	assert_int_equal(fake_person_run(fp, enroll_unlock, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "alice had 50 wrong codes");
	assert_has_not(&fp->fake.state, "app_failures");
}

static void
faults(void **state)
{
	struct fake_person *fp = *state;

	/* now factors begin factors save */
	assert_int_equal(fake_person_faults(fp, add, NO_ANSWERS, false), 5);
	fp->fake.fail_at = 5;
	assert_int_equal(fake_person_run(fp, add, NO_ANSWERS), TOOL_SYSTEM);
	assert_has_not(&fp->fake.transcript, "App password");
	fp->fake.fail_at = 0;
	fp->tool.prove = true;
	/*
	 * now factors, factors factors now ask now begin factors commit, and
	 * the change
	 */
	assert_int_equal(fake_person_faults(fp, add, ANSWERS("@0"), true),
	    2 + 8 + 4);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(added), T(without_end),
	    T(not_taken), T(names), T(self_proves), T(seen), T(nothing_else),
	    T(locked_and_unlocked), T(faults) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
