/* Which section a value is from, and how it is written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/conf.h"

#define CONF "tries = 4\nnot_enrolled = allow\n" \
	"[policy early]\nuser = alice\nthen = enrol\n" \
	"[service sshd]\ntries = 2\nmethods = recovery, totp\n" \
	"remember = 14d\n" \
	"[group g]\nnot_enrolled = deny\n" \
	"[group u]\nmethods = totp, sms\n" \
	"[policy late]\ndeadline = 2027-03-31\ntime_limit = 90\n"

static enum when_met
member(const void *ctx, const char *group)
{
	(void)ctx;
	return *group == 'g' ? WHEN_YES : WHEN_UNKNOWN;
}

static const struct {
	const char *user, *service, *key, *value, *from;
} rows[] = {
	{ "alice", "sshd", "tries", "2", "service sshd" },
	{ "alice", "sudo", "tries", "4", "" },
	{ "alice", "sshd", "first_factor", "before", "" },
	{ "alice", "sshd", "not_enrolled", "enrol", "policy early" },
	{ "bob", "sshd", "not_enrolled", "deny", "group g" },
	{ "alice", "sudo", "then", "ask", "policy early" },
	{ "alice", "sshd", "deadline", "", "" },
	{ "bob", "sshd", "deadline", "2027-03-31", "policy late" },
	{ "bob", "sshd", "time_limit", "90s", "policy late" },
	{ "alice", "sshd", "time_limit", "2m", "" },
	{ "alice", "sudo", "methods", "totp, sms", "group u" },
	/* Of both: neither section has this value alone. */
	{ "alice", "sshd", "methods", "totp", "" },
	{ "alice", "sshd", "require_enrolled", "any", "" },
	{ "alice", "sshd", "grace", "0", "" },
	{ "alice", "sshd", "enrol_after_reset", "24h", "" },
	{ "alice", "sshd", "remember", "14d", "service sshd" },
};

static void
origins(void **unused)
{
	struct mfa_conf *conf = malloc(sizeof(*conf));

	(void)unused;
	assert_non_null(conf);
	conf_init(conf);
	assert_int_equal(conf_parse(conf, "t", CONF, strlen(CONF), NULL),
	    MFA_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct when_login l = { .user = rows[i].user,
		    .service = rows[i].service, .rhost = "", .tty = "",
		    .minute = -1, .member = member };
		const struct conf_rule *from = conf_origin(conf, &l,
		    rows[i].key);
		struct conf_login login;
		char value[64], name[160] = "";

		conf_login_for(conf, &l, &login);
		if (from != NULL)
			snprintf(name, sizeof(name), "%s %s",
			    conf_rule_kind_name(from->kind), from->name);
		conf_value(&login, rows[i].key, value, sizeof(value));
		if (strcmp(name, rows[i].from) || strcmp(value,
		    rows[i].value))
			fail_msg("row %zu: %s from [%s]", i, value, name);
	}
	free(conf);
}

/* Can somebody be let in without a code, by whatever section? */
static void
exempts(void **unused)
{
	static const struct {
		const char *conf;
		bool exempts;
	} table[] = {
		{ "", false }, { "not_enrolled = allow", true },
		{ "then = skip", true }, { "not_enrolled = enrol", false },
		{ "[group g]\nnot_enrolled = allow", true },
		{ "[group g]\nthen = skip", true },
		{ "[group g]\nnot_enrolled = allow\n[service sshd]\n"
		    "not_enrolled = deny", false },
		{ "[policy p]\nuser = a\nthen = skip", true },
		{ "[policy p]\nservice = sudo\nthen = skip", false },
		{ "[policy p]\nservice = !sudo\nthen = skip", true },
		{ "[policy p]\nnot_enrolled = allow\nthen = deny", false },
		{ "not_enrolled = allow\n[service sshd]\n"
		    "not_enrolled = deny\n[policy p]\ntries = 1", false },
	};
	struct mfa_conf *conf = malloc(sizeof(*conf));

	(void)unused;
	assert_non_null(conf);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		conf_init(conf);
		assert_int_equal(conf_parse(conf, "t", table[i].conf,
		    strlen(table[i].conf), NULL), MFA_OK);
		if (conf_exempts(conf, "sshd") != table[i].exempts)
			fail_msg("%s", table[i].conf);
	}
	free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(origins),
	    cmocka_unit_test(exempts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
