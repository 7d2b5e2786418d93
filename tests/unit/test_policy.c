/* Policy: what is decided of a person whom the sections are for. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../pam_mfa/core/method.h"
#include "../../pam_mfa/core/policy.h"
#include "../fake/policytest.h"

#define ROWS(table) policy_rows(table, sizeof(table) / sizeof(*table))
#define NONE .methods = ""
#define NOBODY .unknown = true
#define IN_G .groups = "g"
#define UNSURE .unsure = "g"

#define ALLOW "not_enrolled=allow\n"
#define ENROL "not_enrolled=enrol\n"
#define AFTER "first_factor=after\n"
#define JOINED "first_factor=joined\n"

/* Sections of services and groups; people with factors and without. */
static void
sections(void **unused)
{
	static const struct policy_row rows[] = {
		{ "", "ask enrolled" },
		{ "", "deny not_enrolled", NONE },
		{ "", "ask unknown_user guarded", NONE, NOBODY },
		/* A record under a name without an account opens nothing. */
		{ "", "ask unknown_user guarded", NOBODY },
		{ ALLOW, "exempt not_enrolled", NONE },
		{ ALLOW, "ask enrolled" },
		{ ALLOW, "ask unknown_user guarded", NONE, NOBODY },
		{ ALLOW "[service sshd]\nnot_enrolled=deny",
		    "deny not_enrolled", NONE },
		{ ALLOW "[service sudo]\nnot_enrolled=deny",
		    "exempt not_enrolled", NONE },
		{ "[service sshd]\nnot_enrolled=allow", "exempt not_enrolled",
		    NONE },
		{ "[group g]\nnot_enrolled=allow", "exempt not_enrolled",
		    NONE, IN_G },
		{ "[group g]\nnot_enrolled=allow", "deny not_enrolled", NONE },
		{ "[group g]\nnot_enrolled=allow", "deny not_enrolled", NONE,
		    UNSURE },
		{ ALLOW "[group g]\nnot_enrolled=deny", "deny not_enrolled",
		    NONE, IN_G },
		{ ALLOW "[group g]\nnot_enrolled=deny", "exempt not_enrolled",
		    NONE },
		{ ALLOW "[group g]\nnot_enrolled=deny", "deny not_enrolled",
		    NONE, UNSURE },
		{ ALLOW "[group g]\nnot_enrolled=enrol",
		    "deny not_enrolled enrol", NONE, UNSURE },
		/* Two that say something: the strictest, in either order. */
		{ "[group g]\nnot_enrolled=allow\n[service sshd]\n"
		    "not_enrolled=deny", "deny not_enrolled", NONE, IN_G },
		{ "[group g]\nnot_enrolled=deny\n[service sshd]\n"
		    "not_enrolled=allow", "deny not_enrolled", NONE, IN_G },
		{ "[group g]\nnot_enrolled=enrol\n[service sshd]\n"
		    "not_enrolled=allow", "deny not_enrolled enrol", NONE,
		    IN_G },
		{ "[group g]\nnot_enrolled=enrol\n[group h]\n"
		    "not_enrolled=deny", "deny not_enrolled", NONE,
		    .groups = "g|h" },
		{ "[group g]\nthen=skip\n[group h]\nthen=ask", "ask enrolled",
		    .groups = "g|h" },
		{ "[group h]\nthen=ask\n[group g]\nthen=skip", "ask enrolled",
		    .groups = "g|h" },
		{ "[group g]\nthen=skip\n[service sshd]\ntries=1",
		    "exempt skip", IN_G },
		{ "[group g]\nthen=skip\n[service sshd]\nthen=deny",
		    "deny deny", IN_G },
		{ "[group g]\nthen=skip", "exempt skip", IN_G },
		{ "[group g]\nthen=skip", "ask enrolled", UNSURE },
		{ "[group g]\nthen=deny", "deny deny", UNSURE },
		{ "[group g]\nthen=deny", "ask enrolled" },
		{ "then=skip\n[group g]\nthen=ask", "ask enrolled", UNSURE },
		{ "[service sudo]\nthen=deny", "deny deny",
		    .service = "sudo" },
		{ "[service sudo]\nthen=deny", "ask enrolled",
		    .service = "sud" },
	};

	(void)unused;
	ROWS(rows);
}

/* Where the password comes later, every refusal is a question. */
static void
guarded(void **unused)
{
	static const struct policy_row rows[] = {
		{ AFTER, "ask enrolled guarded" },
		{ AFTER, "ask not_enrolled guarded", NONE },
		{ AFTER, "ask unknown_user guarded", NOBODY },
		{ AFTER ALLOW, "exempt not_enrolled guarded", NONE },
		{ AFTER ENROL, "ask not_enrolled guarded", NONE },
		{ AFTER "then=deny", "ask deny guarded" },
		{ AFTER "then=deny", "ask unknown_user guarded", NOBODY },
		{ AFTER "then=skip", "exempt skip guarded" },
		{ AFTER "then=skip", "ask unknown_user guarded", NOBODY },
		{ AFTER "methods=sms", "ask no_method guarded" },
		{ AFTER "require_enrolled=app+phone",
		    "ask enrolled guarded missing phone" },
		{ AFTER "senders=x", "ask enrolled guarded",
		    .methods = "sms" },
		{ JOINED, "ask enrolled guarded" },
		{ JOINED, "ask not_enrolled guarded", NONE },
		{ JOINED ENROL, "ask not_enrolled guarded", NONE },
		{ JOINED "[policy p]\nthen=deny", "ask deny guarded [p]" },
		{ AFTER "[service sshd]\nfirst_factor=before",
		    "deny not_enrolled", NONE },
		{ "[service sshd]\nfirst_factor=after",
		    "ask not_enrolled guarded", NONE },
	};

	(void)unused;
	ROWS(rows);
}

/* First match wins; what a policy says goes over all sections. */
static void
policies(void **unused)
{
	static const struct policy_row rows[] = {
		{ "[policy p]", "ask enrolled [p]" },
		{ "[policy p]\nthen=ask", "ask enrolled [p]" },
		{ "[policy p]\nthen=skip", "exempt skip [p]" },
		{ "[policy p]\nthen=skip", "exempt skip [p]", NONE },
		{ "[policy p]\nthen=skip", "ask unknown_user guarded [p]",
		    NOBODY },
		{ "[policy p]\nthen=deny", "deny deny [p]" },
		{ "[policy p]\nthen=deny", "deny deny [p]", NONE },
		{ "[policy p]\nthen=deny", "ask unknown_user guarded [p]",
		    NOBODY },
		{ "[policy p]\nthen=enrol", "deny not_enrolled enrol [p]",
		    NONE },
		{ "[policy p]\nthen=enrol", "ask enrolled [p]" },
		{ "[policy p]\nthen=enrol\nnot_enrolled=deny",
		    "deny not_enrolled enrol [p]", NONE },
		{ ALLOW "[policy p]\nthen=ask", "exempt not_enrolled [p]",
		    NONE },
		{ ALLOW "[policy p]\nnot_enrolled=deny",
		    "deny not_enrolled [p]", NONE },
		{ "[policy p]\nuser=bob\nthen=deny\n[policy q]\nthen=skip",
		    "exempt skip [q]" },
		{ "[policy p]\nuser=alice\nthen=deny\n[policy q]\nthen=skip",
		    "deny deny [p]" },
		{ "[policy p]\nuser=alice\n[policy q]\nthen=skip",
		    "ask enrolled [p]" },
		{ "[policy p]\nuser=bob\nthen=skip", "ask enrolled" },
		{ "[policy p]\nthen=skip\n[group g]\nthen=deny",
		    "exempt skip [p]", IN_G },
		{ "[group g]\nnot_enrolled=deny\n[policy p]\n"
		    "not_enrolled=allow", "exempt not_enrolled [p]", NONE,
		    IN_G },
		/* The host's then = enrol is the host's not_enrolled. */
		{ "then=enrol", "deny not_enrolled enrol", NONE },
		{ "then=enrol\n[group g]\nnot_enrolled=deny",
		    "deny not_enrolled", NONE, IN_G },
		{ "then=enrol\n[group g]\nmethods=totp",
		    "deny not_enrolled enrol", NONE, IN_G },
		{ "then=enrol\n[policy p]\nnot_enrolled=deny",
		    "deny not_enrolled [p]", NONE },
		/* What one policy does not say, sections do. */
		{ "[group g]\nnot_enrolled=allow\n[policy p]\ntries=1",
		    "exempt not_enrolled [p]", NONE, IN_G },
	};

	(void)unused;
	ROWS(rows);
}

#define FIRST "[policy p]\ngroup=g\n"

/* What cannot be told makes nothing easier, whatever stands behind it. */
static void
unsure(void **unused)
{
	static const struct policy_row rows[] = {
		{ FIRST "then=skip", "exempt skip [p]", IN_G },
		{ FIRST "then=skip", "ask enrolled", UNSURE },
		{ FIRST "then=skip", "deny not_enrolled", UNSURE, NONE },
		{ FIRST "then=deny", "deny deny", UNSURE },
		{ FIRST "then=enrol", "deny not_enrolled", UNSURE, NONE },
		{ ALLOW FIRST "then=enrol", "deny not_enrolled enrol", UNSURE,
		    NONE },
		{ FIRST "not_enrolled=allow", "deny not_enrolled", UNSURE,
		    NONE },
		{ ALLOW FIRST "not_enrolled=deny", "deny not_enrolled", UNSURE,
		    NONE },
		{ ENROL FIRST "not_enrolled=deny", "deny not_enrolled", UNSURE,
		    NONE },
		{ FIRST "then=ask\n[policy q]\nthen=skip", "ask enrolled [q]",
		    UNSURE },
		{ FIRST "then=skip\n[policy q]\nthen=skip", "exempt skip [q]",
		    UNSURE },
		{ FIRST "then=skip\n[policy q]\nthen=deny", "deny deny [q]",
		    UNSURE },
		{ FIRST "then=deny\n[policy q]\nthen=skip", "deny deny [q]",
		    UNSURE },
		{ FIRST "methods=totp\n[policy q]\nmethods=sms",
		    "deny no_method [q]", UNSURE, .methods = "totp, sms" },
		{ FIRST "methods=sms, totp\n[policy q]\nmethods=totp, call",
		    "ask enrolled [q]", UNSURE },
		{ FIRST "methods=sms, call\n[policy q]\nmethods=totp, call",
		    "deny no_method [q]", UNSURE },
		{ FIRST "require_enrolled=phone\n[policy q]\n"
		    "require_enrolled=app", "ask enrolled enrol missing phone "
		    "[q]", UNSURE },
		{ ENROL FIRST "deadline=2027-12-31\n[policy q]\n"
		    "deadline=2027-03-31", "deny not_enrolled enrol 2 [q]",
		    UNSURE, NONE },
		{ ENROL FIRST "deadline=2027-03-31\n[policy q]\n"
		    "deadline=2027-12-31", "deny not_enrolled enrol 2 [q]",
		    UNSURE, NONE },
		{ ENROL FIRST "deadline=2027-12-31", "deny not_enrolled enrol",
		    UNSURE, NONE },
		{ FIRST "then=deny\n[policy q]\ngroup=h\nthen=skip\n[policy r]",
		    "ask enrolled [r]", .unsure = "h" },
		{ FIRST "then=skip\n[policy q]\ngroup=h\nthen=deny",
		    "deny deny", .unsure = "g|h" },
		/* One that is sure, before or after, takes nothing back. */
		{ "[group g]\nnot_enrolled=deny\n[service sshd]\n"
		    "not_enrolled=allow", "deny not_enrolled", UNSURE, NONE },
		{ "[service sshd]\nnot_enrolled=allow\n[group g]\n"
		    "not_enrolled=deny", "deny not_enrolled", UNSURE, NONE },
		{ "[group g]\nthen=deny\n[service sshd]\nthen=skip",
		    "deny deny", UNSURE },
		{ "[group g]\nmethods=totp\n[service sshd]\nmethods=sms, totp",
		    "deny no_method", UNSURE, .methods = "sms" },
		{ "[group g]\nthen=enrol\n[service sshd]\nnot_enrolled=allow",
		    "deny not_enrolled enrol", UNSURE, NONE },
		/* What is as easy whether it applies or not is that easy. */
		{ "[group g]\nnot_enrolled=allow\n[service sshd]\n"
		    "not_enrolled=allow", "exempt not_enrolled", UNSURE, NONE },
		{ "[service sshd]\nnot_enrolled=allow\n[group g]\n"
		    "not_enrolled=allow", "exempt not_enrolled", UNSURE, NONE },
	};

	(void)unused;
	ROWS(rows);
}

/* Nobody is spared a code where it may be that they are not to be. */
static void
unsure_trusts(void **unused)
{
	static const char text[] = "remember=14d\ngrace=5m\n"
	    "[policy p]\ngroup=g\nremember=0\nremember_sk=yes\ngrace=0\n";
	const struct mfa_subject who = { .user = "alice", .service = "sshd",
	    .known = true, .minute = -1, .member = { WHEN_UNKNOWN } };
	static struct mfa_conf conf;
	struct policy_decision d;

	(void)unused;
	conf_init(&conf);
	assert_int_equal(conf_parse(&conf, "t", text, sizeof(text) - 1, NULL),
	    MFA_OK);
	policy_decide(&conf, &who, METHOD_BIT(METHOD_TOTP), &d);
	assert_int_equal(d.login.remember, 0);
	assert_int_equal(d.login.grace, 0);
	assert_int_equal(d.login.remember_sk, 1);
}

/* Which methods may be used here, and whether they have one of them. */
static void
methods(void **unused)
{
	static const struct policy_row rows[] = {
		{ "methods=totp", "ask enrolled" },
		{ "methods=sms", "deny no_method" },
		{ "methods=sms, totp", "ask enrolled" },
		{ "methods=recovery", "ask enrolled",
		    .methods = "recovery" },
		{ "methods=totp", "deny no_method",
		    .methods = "sms, call, recovery" },
		{ "methods=call", "deny no_method", .methods = "sms" },
		{ "methods=call", "ask enrolled", .methods = "sms, call" },
		{ "methods=totp", "deny not_enrolled", NONE },
		{ ALLOW "methods=sms", "deny no_method" },
		{ "methods=sms\nthen=skip", "exempt skip" },
		{ "[service sudo]\nmethods=totp", "deny no_method",
		    .service = "sudo", .methods = "sms" },
		{ "[service sudo]\nmethods=totp", "ask enrolled",
		    .methods = "sms" },
		{ "methods=sms\n[group g]\nmethods=totp", "ask enrolled",
		    IN_G },
		{ "[service sshd]\nmethods=sms, totp\n[group g]\nmethods=sms",
		    "deny no_method", IN_G },
		{ "[group g]\nmethods=totp", "deny no_method", UNSURE,
		    .methods = "sms" },
		{ "senders=x", "ask enrolled send", .methods = "sms" },
		{ "senders=x\nmethods=totp", "deny no_method",
		    .methods = "sms" },
	};

	(void)unused;
	ROWS(rows);
}

/* Who was reset has so many hours, whatever else holds for the others. */
static void
after_reset(void **unused)
{
	static const struct policy_row rows[] = {
		{ "", "deny not_enrolled enrol until 24", NONE, .reset = 1 },
		{ "", "deny not_enrolled enrol until 24", NONE, .reset = 23 },
		{ "", "deny enrol_closed until 24", NONE, .reset = 24 },
		{ "", "deny enrol_closed until 24", NONE, .reset = 1000 },
		{ "", "deny not_enrolled", NONE },
		{ ENROL, "deny not_enrolled enrol until 24", NONE,
		    .reset = 23 },
		{ ENROL, "deny enrol_closed until 24", NONE, .reset = 24 },
		{ ENROL, "deny not_enrolled enrol", NONE },
		/* A deadline that is still to come is for others. */
		{ ENROL "deadline=2027-03-31", "deny not_enrolled enrol "
		    "until 24", NONE, .reset = 1 },
		{ ENROL "deadline=2027-03-31", "deny enrol_closed until 24",
		    NONE, .reset = 24 },
		{ ALLOW, "exempt not_enrolled", NONE, .reset = 1 },
		{ ALLOW, "exempt not_enrolled", NONE, .reset = 24 },
		{ "then=skip", "exempt skip", NONE, .reset = 24 },
		{ "then=deny", "deny deny", NONE, .reset = 1 },
		{ "then=enrol", "deny enrol_closed until 24", NONE,
		    .reset = 25 },
		{ "enrol_after_reset=2h", "deny not_enrolled enrol until 2",
		    NONE, .reset = 1 },
		{ "enrol_after_reset=2h", "deny enrol_closed until 2", NONE,
		    .reset = 2 },
		/* An administrator enrols, and nobody else. */
		{ "enrol_after_reset=0", "deny not_enrolled", NONE,
		    .reset = 1 },
		{ ENROL "enrol_after_reset=0", "deny not_enrolled", NONE,
		    .reset = 1 },
		{ ENROL "enrol_after_reset=0", "deny not_enrolled enrol",
		    NONE },
		{ "[group g]\nenrol_after_reset=0", "deny not_enrolled", NONE,
		    IN_G, .reset = 1 },
		{ "[group g]\nenrol_after_reset=1h", "deny enrol_closed "
		    "until 1", NONE, .unsure = "g", .reset = 1 },
		{ "[service sudo]\nenrol_after_reset=0", "deny not_enrolled "
		    "enrol until 24", NONE, .reset = 1 },
		{ "[policy p]\nenrol_after_reset=0", "deny not_enrolled [p]",
		    NONE, .reset = 1 },
		/* With a factor, or a pass, it is over. */
		{ "", "ask enrolled", .reset = 1 },
		{ "", "ask enrolled", .reset = 30 },
		{ "", "ask enrolled", .methods = "recovery", .reset = 30 },
		{ "", "deny not_enrolled enrol until 24", NONE,
		    .app_password = true, .reset = 1 },
		/* Doors and stores from which nobody can enrol. */
		{ AFTER, "ask not_enrolled guarded", NONE, .reset = 1 },
		{ AFTER, "ask not_enrolled guarded", NONE, .reset = 30 },
		{ "store=home", "deny not_enrolled", NONE, .reset = 1 },
		{ "", "ask unknown_user guarded", NONE, NOBODY, .reset = 1 },
		{ "require_enrolled=app+phone", "deny not_enrolled enrol "
		    "until 24 missing app+phone", NONE, .reset = 1 },
	};

	(void)unused;
	ROWS(rows);
}

/* By the time since boot too; and neither clock set back makes it longer. */
static void
reset_clocks(void **unused)
{
	static const struct {
		struct mfa_time now;
		bool enrol;
	} table[] = {
		{ { 1700000000, 5000, "boot-1" }, true },
		{ { 1700000001, 5000 + 86399000, "boot-1" }, true },
		{ { 1700000001, 5000 + 86400000, "boot-1" }, false },
		{ { 1699999999, 6000, "boot-1" }, false },
		{ { 1700086399, 1000, "boot-2" }, true },
		{ { 1700086400, 1000, "boot-2" }, false },
		{ { 1700000001, 86400000, "boot-2" }, false },
	};
	static struct mfa_conf conf;
	static struct mfa_subject who = { .user = "alice", .service = "sshd",
	    .known = true };
	struct reset reset = { { 1700000000, 5, "boot-1" }, false };
	struct policy_decision d;

	(void)unused;
	conf_init(&conf);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		policy_decide(&conf, &who, 0, &d);
		policy_after_reset(&conf, &reset, &table[i].now, &d);
		if (d.enrol != table[i].enrol)
			fail_msg("row %zu", i);
	}
	/* As it was written before the boot was. */
	*reset.at.boot = '\0';
	policy_decide(&conf, &who, 0, &d);
	policy_after_reset(&conf, &reset, &table[0].now, &d);
	assert_true(d.enrol);
}

#define DEADLINE ENROL "deadline=2027-03-31\n"
#define BOTH "require_enrolled=app+phone\n"

/* The last day is the one that is named, by the host's clock on the wall. */
static void
deadlines(void **unused)
{
	static const struct policy_row rows[] = {
		{ ENROL, "deny not_enrolled enrol", NONE },
		{ ENROL, "ask enrolled" },
		{ DEADLINE, "ask enrolled" },
		{ DEADLINE, "deny not_enrolled enrol 121", NONE,
		    .when = "2026-12-01 10:00" },
		{ DEADLINE, "deny not_enrolled enrol 2", NONE },
		{ DEADLINE, "deny not_enrolled enrol 2", NONE,
		    .when = "2027-03-30 23:59" },
		{ DEADLINE, "deny not_enrolled enrol 1", NONE,
		    .when = "2027-03-31 00:00" },
		{ DEADLINE, "deny not_enrolled enrol 1", NONE,
		    .when = "2027-03-31 23:59" },
		{ DEADLINE, "deny not_enrolled enrol", NONE,
		    .when = "2027-04-01 00:00" },
		{ DEADLINE, "deny not_enrolled enrol", NONE,
		    .when = "2030-01-01 00:00" },
		{ DEADLINE, "deny not_enrolled enrol", NONE, .when = "" },
		{ DEADLINE, "ask unknown_user guarded", NONE, NOBODY },
		{ "deadline=2027-03-31", "deny not_enrolled", NONE },
		{ ALLOW "deadline=2027-03-31", "exempt not_enrolled", NONE },
		{ DEADLINE "[group g]\ndeadline=2027-04-30",
		    "deny not_enrolled enrol 32", NONE, IN_G },
		{ DEADLINE "[group g]\ndeadline=", "deny not_enrolled enrol",
		    NONE, IN_G },
		{ DEADLINE "[group g]\ndeadline=2027-04-30\n[group h]\n"
		    "deadline=2027-04-02", "deny not_enrolled enrol 4", NONE,
		    .groups = "h|g" },
		{ DEADLINE "[policy p]\ndeadline=2027-04-01",
		    "deny not_enrolled enrol 3 [p]", NONE },
		{ BOTH, "ask enrolled enrol missing phone" },
		{ BOTH, "ask enrolled enrol missing app", .methods = "sms" },
		{ BOTH, "ask enrolled enrol missing app+phone",
		    .methods = "recovery" },
		{ BOTH, "ask enrolled", .methods = "totp, call" },
		{ BOTH, "deny not_enrolled missing app+phone", NONE },
		{ BOTH ENROL, "deny not_enrolled enrol missing app+phone",
		    NONE },
		{ BOTH DEADLINE, "ask enrolled enrol 2 missing phone" },
		{ BOTH DEADLINE, "ask enrolled enrol missing phone",
		    .when = "2027-04-01 00:00" },
		{ BOTH "deadline=2027-03-30", "ask enrolled enrol 1 missing "
		    "phone" },
		{ BOTH "then=skip", "exempt skip missing phone" },
		{ BOTH "then=deny", "deny deny missing phone" },
		{ BOTH "methods=sms", "deny no_method missing phone" },
		{ "require_enrolled=app", "ask enrolled" },
		{ "require_enrolled=phone", "ask enrolled enrol missing "
		    "phone" },
		{ "require_enrolled=phone", "ask enrolled",
		    .methods = "call" },
		{ "[group g]\n" BOTH, "ask enrolled" },
		{ "[group g]\n" BOTH, "ask enrolled enrol missing phone",
		    IN_G },
		{ "[group g]\n" BOTH, "ask enrolled enrol missing phone",
		    UNSURE },
		{ "[group g]\nrequire_enrolled=app\n[group h]\n"
		    "require_enrolled=phone", "ask enrolled enrol missing "
		    "app+phone", .groups = "g|h", .methods = "recovery" },
	};

	(void)unused;
	ROWS(rows);
}

/* Doors for app passwords: refusals look alike, and nobody is exempt. */
static void
app_passwords(void **unused)
{
#define APP "[service sshd]\napp_passwords=yes\n"
	static const struct policy_row rows[] = {
		{ APP, "ask enrolled guarded", .app_password = true },
		{ APP, "ask no_app_password guarded" },
		{ APP, "ask no_app_password guarded", NONE },
		{ APP, "ask enrolled guarded", NONE, .app_password = true },
		{ APP, "ask unknown_user guarded", NOBODY,
		    .app_password = true },
		{ ALLOW APP, "ask no_app_password guarded", NONE },
		{ APP "not_enrolled=enrol", "ask no_app_password guarded",
		    NONE },
		{ APP "then=skip", "ask no_app_password guarded" },
		{ APP "then=deny", "ask deny guarded", .app_password = true },
		{ APP "methods=sms", "ask enrolled guarded",
		    .app_password = true },
		/* Elsewhere it is nothing. */
		{ "", "deny not_enrolled", NONE, .app_password = true },
		{ ENROL, "deny not_enrolled enrol", NONE,
		    .app_password = true },
		{ "", "ask enrolled", .app_password = true },
	};

	(void)unused;
	policy_rows(rows, sizeof(rows) / sizeof(*rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sections),
	    cmocka_unit_test(app_passwords),
	    cmocka_unit_test(guarded), cmocka_unit_test(policies),
	    cmocka_unit_test(unsure),
	    cmocka_unit_test(unsure_trusts), cmocka_unit_test(methods),
	    cmocka_unit_test(deadlines), cmocka_unit_test(after_reset),
	    cmocka_unit_test(reset_clocks) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
