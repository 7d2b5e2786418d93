/*
 * mfa.conf: every key of the table at its default, at its bounds, beyond them
 * and in the wrong section; what a mistake is told; what wins.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/buf.h"
#include "../../pam_mfa/core/conf.h"
#include "../../pam_mfa/core/method.h"

static int
setup(void **state)
{
	return (*state = malloc(sizeof(struct mfa_conf))) == NULL;
}

static int
teardown(void **state)
{
	free(*state);
	return 0;
}

static void
takes(struct mfa_conf *conf, const char *text)
{
	struct mfa_why why = { "" };

	conf_init(conf);
	if (conf_parse(conf, "t", text, strlen(text), &why))
		fail_msg("%s: %s", text, why.text);
}

/* Refused, and the sentence begins so and holds that. */
static void
refuses(struct mfa_conf *conf, const char *text, const char *start,
    const char *has)
{
	struct mfa_why why = { "" };

	conf_init(conf);
	if (!conf_parse(conf, "t", text, strlen(text), &why) ||
	    strncmp(why.text, start, strlen(start)) != 0 ||
	    strstr(why.text, has) == NULL)
		fail_msg("%s: %s", text, why.text);
}

static void
line(char ret[static 512], const char *before, const struct conf_key *k,
    const char *value)
{
	snprintf(ret, 512, "%s%s = %s\n", before, k->name, value);
}

static bool
is_number(const struct conf_key *k)
{
	return !strcmp(k->kind, "number") || !strcmp(k->kind, "seconds");
}

static bool
is_text(const struct conf_key *k)
{
	return !strcmp(k->kind, "text") || !strcmp(k->kind, "path");
}

/* A file that sets every key to its default changes nothing. */
static void
defaults(void **state)
{
	struct mfa_conf *conf = *state, *fresh = calloc(1, sizeof(*fresh));
	struct buf all = { 0 };
	size_t n = 0;

	assert_non_null(fresh);
	for (const struct conf_key *k; (k = conf_key(n)) != NULL; n++)
		assert_int_equal(buf_printf(&all, "%s = %s\n", k->name,
		    k->value), MFA_OK);
	assert_true(n >= 17);
	assert_null(conf_key(n));
	assert_null(conf_key(SIZE_MAX));
	conf_init(fresh);
	takes(conf, buf_str(&all));
	memset(&conf->places, 0, sizeof(conf->places));
	assert_memory_equal(conf, fresh, sizeof(*conf));
	assert_int_equal(conf_finish(conf, NULL), MFA_OK);
	buf_wipe(&all);
	free(fresh);
	/* The issue's own figures. */
	assert_int_equal(conf->store, CONF_STORE_SYSTEM);
	assert_string_equal(conf->users, "/etc/mfa/users");
	assert_string_equal(conf->state, "/var/lib/mfa");
	assert_int_equal(conf->limit.free_failures, 5);
	assert_int_equal(conf->limit.delay_first, 30);
	assert_int_equal(conf->limit.delay_max, 3600);
	assert_int_equal(conf->limit.lock_after, 50);
	assert_int_equal(conf->login.first_factor, CONF_BEFORE);
	assert_int_equal(conf->login.not_enrolled, CONF_DENY);
	assert_int_equal(conf->login.window_back, 1);
	assert_int_equal(conf->login.window_ahead, 1);
	assert_int_equal(conf->login.time_limit, 120);
}

static void
bounds_of(struct mfa_conf *conf, const struct conf_key *k)
{
	char text[512], value[32];

	for (int over = 0; over < 2; over++) {
		snprintf(value, sizeof(value), "%" PRIu64, over ? k->max :
		    k->min);
		line(text, "", k, value);
		takes(conf, text);
		if (!over && k->min == 0)
			continue;
		snprintf(value, sizeof(value), "%" PRIu64, over ? k->max + 1 :
		    k->min - 1);
		line(text, "\n", k, value);
		refuses(conf, text, "t:2: ", "expected ");
	}
	line(text, "", k, "4294967297");	/* 2^32 + 1 */
	refuses(conf, text, "t:1: ", k->name);
	line(text, "", k, "");
	refuses(conf, text, "t:1: ", k->name);
	line(text, "", k, "-1");
	refuses(conf, text, "t:1: ", k->name);
	line(text, "", k, "1m");
	if (!strcmp(k->kind, "number"))
		refuses(conf, text, "t:1: ", "a number from ");
	else
		takes(conf, text);
}

static void
texts_of(struct mfa_conf *conf, const struct conf_key *k)
{
	const size_t max = !strcmp(k->kind, "path") ? CONF_PATH_MAX - 1 : 64;
	char text[512], value[300];

	memset(value, '/', sizeof(value));
	value[max] = '\0';
	line(text, "", k, value);
	takes(conf, text);
	memset(value, '/', sizeof(value));
	value[max + 1] = '\0';
	line(text, "# c\n", k, value);
	refuses(conf, text, "t:2: ", "at most");
	line(text, "", k, "");
	if (*k->value != '\0')
		refuses(conf, text, "t:1: ", "expected an absolute path");
	else
		takes(conf, text);
	line(text, "", k, "relative/path");
	if (!strcmp(k->kind, "path"))
		refuses(conf, text, "t:1: ", "expected an absolute path");
	else
		takes(conf, text);
}

static void
words_of(struct mfa_conf *conf, const struct conf_key *k)
{
	char text[512], word[32];

	for (const char *p = k->kind; *p; p += strspn(p, " ")) {
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(p, " "), p);
		p += strlen(word);
		line(text, "", k, word);
		takes(conf, text);
		word[strlen(word) - 1] = '\0';
		line(text, "", k, word);
		refuses(conf, text, "t:1: ", k->kind);
	}
	line(text, "", k, "");
	refuses(conf, text, "t:1: ", k->kind);
	line(text, "", k, k->kind);
	refuses(conf, text, "t:1: ", k->kind);
	line(text, "", k, "DENY");
	refuses(conf, text, "t:1: ", k->kind);
}

/* Texts of a form: what is taken, and what the refusal of others holds. */
static const struct form {
	const char *kind, *key, *good, *bad, *has;
} forms[] = {
	{ "names", "senders", "a, b-c d_e", "a/b", "expected names" },
	{ "names", "senders", "", "a.b", "expected names" },
	{ "numbers", "numbers", "+81 +44 -+4470", "81", "81" },
	{ "numbers", "numbers", "", "+81 +81", "+81" },
	{ "country", "country", "JP", "XX", "such as JP" },
	{ "country", "country", "", "Japan", "such as JP" },
	{ "account", "sender_user", "nobody", "a b", "name of an account" },
	{ "account", "sender_user", "mfa-send", "", "name of an account" },
	{ "methods", "methods", "recovery call, sms,totp", "", "some of" },
	{ "methods", "methods", "sms", "voice", "some of" },
	{ "date", "deadline", "2027-03-31", "2027-3-31", "a date such as" },
	{ "date", "deadline", "", "tomorrow", "a date such as" },
	{ "prefix", "remember_prefix", "24 56", "24", "24 56" },
	{ "prefix", "remember_prefix", "32  128", "24 129", "24 56" },
	{ "prefix", "remember_prefix", "1 1", "33 56", "24 56" },
	{ "prefix", "remember_prefix", "", "0 56", "24 56" },
	{ "prefix", "remember_prefix", "8 32", "24 0", "24 56" },
	{ "prefix", "remember_prefix", "24 56", "24/56", "24 56" },
	{ "prefix", "remember_prefix", "24 56", "0024 56", "24 56" },
	{ "domain", "webotp", "login.example.com", "a b", "such as" },
	{ "template", "sms_en", "{code}", "code", "{code} is missing" },
	{ "template", "sms_en", "{host} {user} {code}", "{cod} {code}",
	    "cod" },
	{ "template", "sms_ja", "コード{code}", "コード{code", "" },
	{ "template", "voice_en", "{code|spaced:, }", "{code|spacd:, }",
	    "spacd" },
};
#define FORMS (sizeof(forms) / sizeof(*forms))

static bool
has_a_form(const struct conf_key *k)
{
	for (size_t i = 0; i < FORMS; i++)
		if (!strcmp(forms[i].kind, k->kind))
			return true;
	return false;
}

static void
texts_of_a_form(void **state)
{
	struct mfa_conf *conf = *state;
	char text[512];

	for (size_t i = 0; i < FORMS; i++) {
		snprintf(text, sizeof(text), "%s = %s\n", forms[i].key,
		    forms[i].good);
		takes(conf, text);
		snprintf(text, sizeof(text), "\n%s = %s\n", forms[i].key,
		    forms[i].bad);
		refuses(conf, text, "t:2: ", forms[i].has);
	}
	takes(conf, "senders = ,a, b-c ,, d_e,\n");
	assert_string_equal(conf->send.senders, "a b-c d_e");
}

/* One segment: 160 characters, or 70 if one is not GSM; with the last line. */
static void
one_segment(void **state)
{
	struct mfa_conf *conf = *state;
	struct mfa_why why = { "" };
	char text[512];

	snprintf(text, sizeof(text), "sms_en = %0154d{code}\n", 0);
	takes(conf, text);
	assert_int_equal(conf_finish(conf, &why), MFA_OK);
	snprintf(text, sizeof(text), "sms_en = %0155d{code}\n", 0);
	refuses(conf, text, "t:1: ", "160");
	snprintf(text, sizeof(text), "sms_en = あ%063d{code}\n", 0);
	takes(conf, text);
	snprintf(text, sizeof(text), "sms_en = あ%064d{code}\n", 0);
	refuses(conf, text, "t:1: ", "70");
	snprintf(text, sizeof(text), "sms_en = %0154d{code}\nwebotp = a.b\n",
	    0);
	takes(conf, text);
	assert_int_equal(conf_finish(conf, &why), MFA_ERANGE);
	assert_non_null(strstr(why.text, "sms_en with webotp"));
}

static void
values(void **state)
{
	const struct conf_key *k;

	for (size_t i = 0; (k = conf_key(i)) != NULL; i++) {
		if (is_number(k))
			bounds_of(*state, k);
		else if (is_text(k))
			texts_of(*state, k);
		else if (!has_a_form(k))
			words_of(*state, k);
	}
}

/* As conf.h says, and not what the table happens to hold. */
static void
bounds(void **unused)
{
	static const struct {
		const char *name;
		uint64_t min, max;
	} table[] = { { "free_failures", 1, 20 }, { "delay_first", 1, 3600 },
	    { "delay_max", 1, 86400 }, { "lock_after", 2, 100 },
	    { "tries", 1, 10 }, { "time_limit", 10, 600 },
	    { "enrol_time", 60, 3600 },
	    { "enrol_after_reset", 0, 2592000 },
	    { "window_back", 0, 10 }, { "window_ahead", 0, 10 },
	    { "look_ahead", 0, 20 }, { "drift_max", 0, 4 },
	    { "send_time", 1, 60 }, { "resend_after", 1, 3600 },
	    { "user_hourly", 0, 100 }, { "user_daily", 0, 1000 },
	    { "number_burst", 0, 100 }, { "call_every", 0, 86400 },
	    { "range_daily", 0, 10000 }, { "host_hourly", 0, 10000 },
	    { "host_daily", 0, 10000 }, { "remember", 0, 7776000 },
	    { "grace", 0, 900 } };
	const struct conf_key *k;
	size_t n = 0;

	(void)unused;
	for (size_t i = 0; (k = conf_key(i)) != NULL; i++) {
		if (!is_number(k))
			continue;
		assert_string_equal(k->name, table[n].name);
		assert_int_equal(k->min, table[n].min);
		assert_int_equal(k->max, table[n].max);
		n++;
	}
	assert_int_equal(n, sizeof(table) / sizeof(*table));
}

static void
places(void **state)
{
	const struct conf_key *k;
	char text[512], twice[1100];

	for (size_t i = 0; (k = conf_key(i)) != NULL; i++) {
		line(text, "[service x]\n", k, k->value);
		if (k->service)
			takes(*state, text);
		else
			refuses(*state, text, "t:2: ", "[service]");
		line(text, "[group x]\n", k, k->value);
		if (k->group)
			takes(*state, text);
		else
			refuses(*state, text, "t:2: ", "[group]");
		line(text, "[policy x]\n", k, k->value);
		if (k->policy)
			takes(*state, text);
		else
			refuses(*state, text, "t:2: ", "[policy]");
		line(text, "", k, k->value);
		snprintf(twice, sizeof(twice), "%s\n%s", text, text);
		refuses(*state, twice, "t:3: ", "set twice");
	}
}

static void
hints(void **state)
{
	static const struct {
		const char *text, *start, *has;
	} table[] = {
		{ "tires = 3", "t:1: unknown key \"tires\"",
		    "did you mean \"tries\"?" },
		{ "\n\nwindow_bak = 1", "t:3: ", "\"window_back\"?" },
		{ "not_enroled = deny", "t:1: ", "\"not_enrolled\"?" },
		{ "[servise sshd]", "t:1: unknown section [servise]",
		    "did you mean \"service\"?" },
		{ "[groups g]", "t:1: ", "\"group\"?" },
		{ "[polcy g]", "t:1: ", "\"policy\"?" },
		{ "[policy]", "t:1: expected [policy NAME]", "" },
		{ "[policy p]\nuser = a\ngrup = b", "t:3: unknown key \"grup\"",
		    "did you mean \"group\"?" },
		{ "[policy p]\n[service s]\nuser = b", "t:3: unknown key",
		    "" },
		{ "[policy p]\nuser = a\n[policy p]\n\nmehtods = sms",
		    "t:5: ", "\"methods\"?" },
		{ "[policy p]\nuser = a\nuser = b", "t:3: user is set twice",
		    "" },
		{ "[policy p]\nfrom = 10.0.0.0/33", "t:2: from = 10.0.0.0/33: ",
		    "192.0.2.0/24" },
		{ "[policy p]\ntime = Mon-Frey 08:00-18:00", "t:2: time = ",
		    "Mon-Fri 08:00-18:00" },
		{ "[policy p]\nthen = skp", "t:2: then = skp: ",
		    "ask skip enrol deny" },
		{ "[policy p]\nfirst_factor = after", "t:2: ",
		    "move it to a [service] section" },
		{ "methods = totp, toto", "t:1: methods = totp, toto: ",
		    "totp, sms, call, recovery" },
		{ "methods = totp totp", "t:1: ", "recovery" },
		{ "deadline = 2027-02-29", "t:1: deadline = 2027-02-29: ",
		    "a date such as 2027-03-31" },
		{ "require_enrolled = phone+app", "t:1: ", "app+phone" },
		{ "[service]", "t:1: expected [service NAME]", "" },
		{ "[group]", "t:1: expected [group NAME]", "" },
		{ "not_enrolled = allowed", "t:1: ", "deny allow" },
		{ "tries = 11", "t:1: tries = 11: ", "from 1 to 10" },
		{ "time_limit = 9s", "t:1: ", "90s, 2m or 1h" },
		{ "tries", "t: line 1: ", "key = value" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		refuses(*state, table[i].text, table[i].start, table[i].has);
}

/* Far from every word there is no hint. */
static void
no_hint(void **state)
{
	struct mfa_why why = { "" };

	conf_init(*state);
	assert_int_equal(conf_parse(*state, "t", "qqqqqq = 1", 10, &why),
	    MFA_ESYNTAX);
	assert_string_equal(why.text, "t:1: unknown key \"qqqqqq\"");
}

static void
sections_at_their_bound(void **state)
{
	struct buf text = { 0 };
	char name[160];

	for (int i = 0; i < CONF_RULES_MAX; i++)
		assert_int_equal(buf_printf(&text, "[%s s%d]\n", i % 2 ?
		    "service" : "group", i), MFA_OK);
	/* One that is there already is none more. */
	assert_int_equal(buf_puts(&text, "[service s1]\n"), MFA_OK);
	takes(*state, buf_str(&text));
	assert_int_equal(((struct mfa_conf *)*state)->nrules, CONF_RULES_MAX);
	assert_int_equal(buf_puts(&text, "[group s1]\n"), MFA_OK);
	refuses(*state, buf_str(&text), "t:66: more than 64", "");
	buf_wipe(&text);
	snprintf(name, sizeof(name), "[service %0127d]", 1);
	takes(*state, name);
	snprintf(name, sizeof(name), "[service %0128d]", 1);
	refuses(*state, name, "t:1: expected [service NAME]", "");
}

/* A later file wins, key by key; a section goes on where it was left. */
static void
files_add_up(void **state)
{
	static const char second[] = "tries = 5\n[service sshd]\ntries = 2\n";
	struct mfa_conf *conf = *state;
	struct conf_login login;

	takes(conf, "tries = 4\nwindow_back = 0\n[service sshd]\n"
	    "tries = 1\nlook_ahead = 20\n");
	assert_int_equal(conf_parse(conf, "u", second, strlen(second), NULL),
	    MFA_OK);
	assert_int_equal(conf->nrules, 1);
	conf_service(conf, "sshd", &login);
	assert_int_equal(login.tries, 2);
	assert_int_equal(login.look_ahead, 20);
	assert_int_equal(login.window_back, 0);
	conf_service(conf, "sudo", &login);
	assert_int_equal(login.tries, 5);
	assert_int_equal(login.look_ahead, 10);
	conf_service(conf, "ssh", &login);
	assert_int_equal(login.tries, 5);
}

/* Each key of a service lands in its own field, and in no other. */
static void
each_in_its_place(void **state)
{
	static const char text[] = "store = home\nhome_program = /h\n"
	    "users = /u\nhost_key = /k\nstate = /s\n"
	    "issuer = I\nqr_program = /q\nopenssl_config = /o\n"
	    "free_failures = 2\n"
	    "delay_first = 3\ndelay_max = 1m\nlock_after = 4\n"
	    "[service x]\nfirst_factor = joined\nnot_enrolled = allow\n"
	    "require_enrolled = app+phone\ndeadline = 1970-01-08\n"
	    "methods = recovery\n"
	    "tries = 5\ntime_limit = 60\nenrol_time = 61\n"
	    "enrol_after_reset = 62\nqr = none\n"
	    "window_back = 7\nwindow_ahead = 8\n"
	    "look_ahead = 9\ndrift_max = 4\nremember = 10\n"
	    "remember_sk = yes\nremember_prefix = 20 48\ngrace = 11\n";
	const struct conf_login want = { CONF_JOINED, CONF_ALLOW, CONF_THEN_ASK,
	    CONF_APP | CONF_PHONE, 7, METHOD_RECOVERY + 1, 5, 60, 61,
	    62, CONF_QR_NONE, 7, 8, 9, 4, LANGUAGE_EN, 0, CONF_NO,
	    10, 1, CONF_PREFIX(20, 48), 11 };
	const struct conf_limit limit = { 2, 3, 60, 4 };
	struct mfa_conf *conf = *state;
	struct conf_login got;

	takes(conf, text);
	assert_int_equal(conf->store, CONF_STORE_HOME);
	assert_string_equal(conf->home_program, "/h");
	assert_string_equal(conf->users, "/u");
	assert_string_equal(conf->host_key, "/k");
	assert_string_equal(conf->state, "/s");
	assert_string_equal(conf->issuer, "I");
	assert_string_equal(conf->qr_program, "/q");
	assert_string_equal(conf->openssl_config, "/o");
	assert_memory_equal(&conf->limit, &limit, sizeof(limit));
	conf_service(conf, "x", &got);
	assert_memory_equal(&got, &want, sizeof(got));
}

/* What holds for the host's first factor is not true at such a door. */
static void
app_passwords_alone(void **state)
{
	struct conf_login login;

	takes(*state, "first_factor = joined\n[service imap]\n"
	    "app_passwords = yes\n");
	conf_service(*state, "imap", &login);
	assert_int_equal(login.app_passwords, CONF_YES);
	assert_int_equal(login.first_factor, CONF_BEFORE);
	conf_service(*state, "sshd", &login);
	assert_int_equal(login.app_passwords, CONF_NO);
	assert_int_equal(login.first_factor, CONF_JOINED);
	refuses(*state, "[group mail]\napp_passwords = yes\n", "t:2: ",
	    "cannot stand in a [group] section");
}

/* Over the bound of policies, and of groups that are named. */
static void
bounds_of_policies(void **state)
{
	struct buf text = { 0 };
	struct mfa_conf *conf = *state;

	for (int i = 0; i < CONF_POLICIES_MAX; i++)
		assert_int_equal(buf_printf(&text, "[policy p%d]\n", i),
		    MFA_OK);
	takes(conf, buf_str(&text));
	assert_int_equal(conf->npolicies, CONF_POLICIES_MAX);
	assert_int_equal(buf_puts(&text, "[policy x]"), MFA_OK);
	refuses(conf, buf_str(&text), "t:33: ", "32 policies");
	buf_wipe(&text);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(buf_printf(&text, "[policy p%d]\ngroup = x",
		    i), MFA_OK);
		for (int k = 0; k < 9; k++)
			assert_int_equal(buf_printf(&text, ", !g %d-%d", i, k),
			    MFA_OK);
		assert_int_equal(buf_puts(&text, "\n"), MFA_OK);
	}
	refuses(conf, buf_str(&text), "t:16: group = ", "more than 64 groups");
	buf_wipe(&text);
	takes(conf, "[group a b]\n[policy p]\ngroup = !c d , a b,e\n"
	    "[policy q]\ngroup = e");
	assert_int_equal(conf->ngroups, 3);
	assert_int_equal(conf_group_index(conf, "a b"), 0);
	assert_int_equal(conf_group_index(conf, "c d"), 1);
	assert_int_equal(conf_group_index(conf, "e"), 2);
	assert_int_equal(conf_group_index(conf, "a"), -1);
}

static void
between_keys(void **state)
{
	static const struct {
		const char *text, *why;
	} table[] = {
		{ "[service imap]\napp_passwords = yes", "" },
		{ "first_factor = joined\n[service imap]\n"
		    "app_passwords = yes", "" },
		{ "[service imap]\napp_passwords = yes\n"
		    "first_factor = before", "" },
		{ "[service imap]\napp_passwords = no\n"
		    "first_factor = joined", "" },
		{ "[service imap]\napp_passwords = yes\n"
		    "first_factor = joined", "[service imap]: app_passwords" },
		{ "[service imap]\nfirst_factor = after\n[service x]\n"
		    "[service imap]\napp_passwords = yes",
		    "[service imap]: app_passwords" },
		{ "app_passwords = yes", "app_passwords = yes would hold" },
		{ "delay_first = 60\ndelay_max = 60", "" },
		{ "delay_first = 61\ndelay_max = 60", "delay_first (61 s)" },
		{ "free_failures = 5\nlock_after = 6", "" },
		{ "free_failures = 5\nlock_after = 5", "free_failures (5)" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct mfa_why why = { "" };

		takes(*state, table[i].text);
		assert_int_equal(conf_finish(*state, &why), *table[i].why ?
		    MFA_ERANGE : MFA_OK);
		assert_memory_equal(why.text, table[i].why,
		    strlen(table[i].why));
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(defaults), T(values),
	    cmocka_unit_test(bounds), T(texts_of_a_form), T(one_segment),
	    T(places),
	    T(hints), T(no_hint), T(sections_at_their_bound),
	    T(bounds_of_policies), T(files_add_up),
	    T(each_in_its_place), T(app_passwords_alone),
	    T(between_keys) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
