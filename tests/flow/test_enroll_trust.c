/*
 * mfactl devices, forget, pass and what reset tells, on fake ports.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "../../pam_mfa/core/trust.h"
#include "../fake/fake_person.h"

#define NOW 1700000000		/* 2023-11-14T22:13:20Z */

static const char RECORD[] = "version = 1\n"
    "[factor totp-aaaa]\nkind = totp\nlabel = Phone\ncreated = 1600000000\n"
    "secret = " FAKE_KEY "\nalgorithm = SHA1\ndigits = 6\nperiod = 30\n";
static const uint8_t host_key[TRUST_KEY] = "0123456789abcdef0123456789abcde";

static int
setup(void **state)
{
	struct fake_person *fp = fake_person_with("mail_program = /mail\n"
	    "[service sshd]\nremember = 14d\n[service sudo]\ngrace = 15m\n",
	    RECORD, "");

	if (buf_put(&fp->fake.hostkey, host_key, sizeof(host_key)))
		return -1;
	*state = fp;
	return 0;
}

/* A state with a key, a session, and another person's key. */
static void
remember(struct fake_person *fp)
{
	static const struct trust_claim claims[] = {
		{ "SHA256:one", "sshd", 14 * 86400 },
		{ "SESSION:x", "sudo", 900 },
		{ "SHA256:foreign", "sshd", 14 * 86400 },
	};
	struct factor factor = { .id = "totp-aaaa" };
	const struct record rec = { .factor = &factor, .n = 1 };
	struct trust_scope scope = { .crypto = fp->tool.crypto,
	    .key = host_key, .user = "alice", .record = &rec };
	static struct state st;

	memset(&st, 0, sizeof(st));
	for (size_t i = 0; i < 3; i++) {
		if (i == 2)
			scope.user = "bob";
		assert_int_equal(trust_add(&scope, &st, &claims[i],
		    &fp->fake.now), MFA_OK);
		snprintf(st.trust[i].id, TRUST_ID_MAX, "%08zu", i);
	}
	st.trust[0].used_at = NOW + 60;
	buf_wipe(&fp->fake.state);
	assert_int_equal(state_format(&st, &fp->fake.state), MFA_OK);
}

static void
listed(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_devices, NO_ANSWERS),
	    TOOL_NO);
	assert_has(&fp->fake.transcript, "Nothing of alice is remembered.");
	remember(fp);
	assert_int_equal(fake_person_run(fp, enroll_devices, NO_ANSWERS),
	    TOOL_OK);
	assert_string_equal(buf_str(&fp->out),
	    "00000000  SHA256:one\n"
	    "          sshd, since 2023-11-14T22:13:20Z, until "
	    "2023-11-28T22:13:20Z, last used 2023-11-14T22:14:20Z\n"
	    "00000001  session\n"
	    "          sudo, since 2023-11-14T22:13:20Z, until "
	    "2023-11-14T22:28:20Z, last used never\n");
	/* Out of time; not allowed any more. */
	fp->fake.now.real += 900;
	assert_int_equal(fake_person_run(fp, enroll_devices, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->out, "SHA256:one");
	assert_has_not(&fp->out, "session");
	conf_init(&fp->tool.conf);
	assert_int_equal(fake_person_run(fp, enroll_devices, NO_ANSWERS),
	    TOOL_NO);
}

static void
listed_json(void **state)
{
	struct fake_person *fp = *state;
	json_t *j, *first;

	fp->tool.opt.json = true;
	remember(fp);
	assert_int_equal(fake_person_run(fp, enroll_devices, NO_ANSWERS),
	    TOOL_OK);
	j = json_loads(buf_str(&fp->out), 0, NULL);
	assert_int_equal(json_array_size(j), 2);
	first = json_array_get(j, 0);
	assert_string_equal(json_string_value(json_object_get(first, "of")),
	    "SHA256:one");
	assert_string_equal(json_string_value(json_object_get(first,
	    "until")), "2023-11-28T22:13:20Z");
	assert_true(json_is_null(json_object_get(json_array_get(j, 1),
	    "last_used")));
	json_decref(j);
}

VERB(forget_one, enroll_forget(t, p, "SHA256:one"))
VERB(forget_id, enroll_forget(t, p, "00000001"))
VERB(forget_all, enroll_forget(t, p, NULL))

static void
forgotten(void **state)
{
	struct fake_person *fp = *state;

	remember(fp);
	assert_int_equal(fake_person_faults(fp, forget_one, NO_ANSWERS,
	    false), 3);	/* begin factors commit */
	assert_int_equal(fake_person_run(fp, forget_one, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.log, "by=alice event=forget user=alice "
	    "device=SHA256:one n=1");
	assert_has_not(&fp->fake.state, "SHA256:one");
	assert_has(&fp->fake.state, "SHA256:foreign");
	assert_int_equal(fake_person_run(fp, forget_one, NO_ANSWERS),
	    TOOL_NO);
	assert_has(&fp->err, "\"SHA256:one\" is not remembered");
	assert_int_equal(fake_person_run(fp, forget_id, NO_ANSWERS), TOOL_OK);
	assert_has_not(&fp->fake.state, "SESSION");
	assert_int_equal(fake_person_run(fp, forget_all, NO_ANSWERS),
	    TOOL_OK);
	assert_has_not(&fp->fake.state, "[trust");
	fp->person.stateless = true;
	assert_int_equal(fake_person_run(fp, forget_all, NO_ANSWERS),
	    TOOL_CONFIG);
	assert_int_equal(fake_person_run(fp, enroll_devices, NO_ANSWERS),
	    TOOL_CONFIG);
}

/* A pass is told only when it is on the disk. */
static void
passed(void **state)
{
	struct fake_person *fp = *state;

	fp->tool.opt.reason = "the phone \"left\" at home\n";
	/* clock begin factors commit */
	assert_int_equal(fake_person_faults(fp, enroll_pass, NO_ANSWERS,
	    false), 4);
	fp->fake.fail_at = 4;
	assert_int_equal(fake_person_run(fp, enroll_pass, NO_ANSWERS),
	    TOOL_SYSTEM);
	assert_has_not(&fp->fake.transcript, "Pass of");
	fp->fake.fail_at = 0;
	assert_int_equal(fake_person_run(fp, enroll_pass, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "Pass of alice, for one login within "
	    "24 hours:\n\n\t");
	assert_has(&fp->fake.log, "event=pass user=alice hours=24 "
	    "reason=\"the phone 'left' at home?\"");
	assert_has(&fp->fake.state, "lasts = 86400\nsince_at = 1700000000\n");
	fp->tool.opt.hours = "1";
	assert_int_equal(fake_person_run(fp, enroll_pass, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "within 60 minutes:");
	fp->tool.opt.hours = "169";
	assert_int_equal(fake_person_run(fp, enroll_pass, NO_ANSWERS),
	    TOOL_USAGE);
	fp->tool.opt.hours = NULL;
	fp->tool.opt.revoke = true;
	assert_int_equal(fake_person_run(fp, enroll_pass, NO_ANSWERS),
	    TOOL_OK);
	assert_has_not(&fp->fake.state, "[pass");
	assert_int_equal(fake_person_run(fp, enroll_pass, NO_ANSWERS),
	    TOOL_NO);
	assert_has(&fp->err, "alice has no pass");
}

static bool
mail_goes(const char *program, const char *to, const char *text)
{
	assert_string_equal(program, "/mail");
	assert_string_equal(to, "alice");
	assert_non_null(strstr(text, "To: alice\nSubject: "));
	assert_non_null(strstr(text, "removed all second factors of alice on "
	    "2023-11-14.\n"));
	return true;
}

/* To her, not to who resets her: in the language of her factors. */
static bool
mail_goes_ja(const char *program, const char *to, const char *text)
{
	(void)program;
	(void)to;
	assert_non_null(strstr(text, "Subject: =?UTF-8?B?"
	    "5aSa6KaB57Sg6KqN6Ki844Gu55m76Yyy44GM44Oq44K744OD44OI44GV44KM?=\n "
	    "=?UTF-8?B?44G+44GX44Gf?=\n"));
	assert_non_null(strstr(text, "\nMIME-Version: 1.0\nContent-Type: "
	    "text/plain; charset=UTF-8\nContent-Transfer-Encoding: base64\n"
	    "\n"));
	return true;
}

static bool
mail_fails(const char *program, const char *to, const char *text)
{
	(void)program;
	(void)to;
	(void)text;
	return false;
}

static void
reset_told(void **state)
{
	struct fake_person *fp = *state;

	fp->tool.opt.reason = "lost";
	fp->tool.mail = mail_goes;
	remember(fp);
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->fake.log, "by=alice event=reset user=alice "
	    "reason=\"lost\"");
	assert_string_equal(buf_str(&fp->fake.state), "version = 1\n"
	    "failures = 0\nreset_at = 1700000000\nreset_boottime = 5\n"
	    "reset_boot = boot-1\n");
	assert_int_equal(fp->err.len, 0);
	fake_set(&fp->fake.factors, RECORD);
	fp->tool.mail = mail_fails;
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->err, "/mail: the mail to alice did not go");
	assert_int_equal(fp->fake.factors.len, 0);
	fake_set(&fp->fake.factors, "version = 1\nlanguage = ja\n");
	assert_int_equal(buf_puts(&fp->fake.factors, strchr(RECORD, '\n') + 1),
	    MFA_OK);
	fp->tool.mail = mail_goes_ja;
	assert_int_equal(fake_person_run(fp, enroll_reset, NO_ANSWERS),
	    TOOL_OK);
	assert_int_equal(fp->err.len, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(listed), T(listed_json),
	    T(forgotten), T(passed), T(reset_told) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
