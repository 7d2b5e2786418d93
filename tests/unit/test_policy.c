/* Policy: every combination of account, enrolment and configuration. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/policy.h"

static const struct {
	const char *conf;
	bool known, enrolled, ingroup;
	enum policy_verdict verdict;
	const char *reason;
	bool guarded;
} table[] = {
	{ "", true, true, false, POLICY_ASK, "enrolled", false },
	{ "", true, false, false, POLICY_DENY, "not_enrolled", false },
	{ "", false, false, false, POLICY_ASK, "unknown_user", true },
	/* A record under a name that passwd does not know opens nothing. */
	{ "", false, true, false, POLICY_ASK, "unknown_user", true },
	{ "not_enrolled=allow", true, false, false, POLICY_EXEMPT,
	    "not_enrolled", false },
	{ "not_enrolled=allow", true, true, false, POLICY_ASK, "enrolled",
	    false },
	{ "not_enrolled=allow", false, false, false, POLICY_ASK,
	    "unknown_user", true },
	{ "not_enrolled=allow\n[service sshd]\nnot_enrolled=deny", true, false,
	    false, POLICY_DENY, "not_enrolled", false },
	{ "not_enrolled=allow\n[service sudo]\nnot_enrolled=deny", true, false,
	    false, POLICY_EXEMPT, "not_enrolled", false },
	{ "[service sshd]\nnot_enrolled=allow", true, false, false,
	    POLICY_EXEMPT, "not_enrolled", false },
	{ "[group g]\nnot_enrolled=allow", true, false, true, POLICY_EXEMPT,
	    "not_enrolled", false },
	{ "[group g]\nnot_enrolled=allow", true, false, false, POLICY_DENY,
	    "not_enrolled", false },
	{ "not_enrolled=allow\n[group g]\nnot_enrolled=deny", true, false,
	    true, POLICY_DENY, "not_enrolled", false },
	{ "not_enrolled=allow\n[group g]\nnot_enrolled=deny", true, false,
	    false, POLICY_EXEMPT, "not_enrolled", false },
	/* Two that say something: deny wins, in either order. */
	{ "[group g]\nnot_enrolled=allow\n[service sshd]\nnot_enrolled=deny",
	    true, false, true, POLICY_DENY, "not_enrolled", false },
	{ "[group g]\nnot_enrolled=deny\n[service sshd]\nnot_enrolled=allow",
	    true, false, true, POLICY_DENY, "not_enrolled", false },
	{ "first_factor=after", true, true, false, POLICY_ASK, "enrolled",
	    true },
	{ "first_factor=after", true, false, false, POLICY_ASK,
	    "not_enrolled", true },
	{ "first_factor=after\nnot_enrolled=allow", true, false, false,
	    POLICY_EXEMPT, "not_enrolled", true },
	{ "first_factor=joined", true, false, false, POLICY_ASK,
	    "not_enrolled", true },
	{ "first_factor=after\n[service sshd]\nfirst_factor=before", true,
	    false, false, POLICY_DENY, "not_enrolled", false },
};

static void
decides(void **unused)
{
	struct mfa_conf *conf = malloc(sizeof(*conf));
	struct mfa_subject who = { .service = "sshd", .user = "u" };
	struct policy_decision d;
	struct mfa_why why = { "" };

	(void)unused;
	assert_non_null(conf);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		conf_init(conf);
		assert_int_equal(conf_parse(conf, "t", table[i].conf,
		    strlen(table[i].conf), &why), MFA_OK);
		who.known = table[i].known;
		for (size_t j = 0; j < CONF_RULES_MAX; j++)
			who.ingroup[j] = table[i].ingroup;
		policy_decide(conf, &who, table[i].enrolled, &d);
		if (d.verdict != table[i].verdict ||
		    d.guarded != table[i].guarded)
			fail_msg("row %zu: verdict %d guarded %d", i,
			    d.verdict, d.guarded);
		assert_string_equal(d.reason, table[i].reason);
	}
	free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(decides) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
