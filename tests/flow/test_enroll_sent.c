/* mfactl status of somebody with phones: which, and what was sent to them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "../../enroll/report.h"
#include "../fake/fake_person.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define NUMBER "+819000001234"

static const char RECORD[] = "version = 1\nlanguage = ja\nfirst = voice\n"
    "[factor phone-aaaa]\nkind = phone\nlabel = Mobile\ncreated = 1600000000\n"
    "number = " NUMBER "\nextension = \nways = sms voice\nkey = " ZEROS "\n"
    "[factor phone-bbbb]\nkind = phone\nlabel = Office\ncreated = 1600000000\n"
    "number = +447700900000\nextension = 123\nways = voice\nkey = " ZEROS "\n";

/* Written ten seconds before the now of the fake. */
static const char SENT[] = "version = 1\nwritten_at = 1699999990\n"
    "written_boottime = 0\nwritten_boot = boot-1\n"
    "sent = 86390 sms " NUMBER " alice\n"	/* a day ago by now */
    "sent = 4000 sms " NUMBER " alice\n"
    "sent = 3000 voice " NUMBER " alice\n"
    "sent = 2000 sms +447700900000 bob\n"
    "refused = 1000 sms " NUMBER " alice\n"	/* not counted */
    "sent = 100 sms " NUMBER " alice\n";

static int
setup(void **state)
{
	struct fake_person *fp = fake_person_with("", RECORD, "");

	fp->fake.now.boot_ms = 10000;
	fake_set(&fp->fake.ledger, SENT);
	*state = fp;
	return 0;
}

static void
status_text(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_status, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->out, "  phone-aaaa     Mobile, +81 ********34 by SMS "
	    "and call, created 2020-09-13T12:26:40Z");
	assert_has(&fp->out, "  phone-bbbb     Office, +44 ********00 by call");
	assert_has(&fp->out, "  Asked for first: voice\n");
	assert_has(&fp->out, "  Language of messages: ja\n");
	assert_has(&fp->out, "  Sent in the last 24 hours: 2 SMS, 1 call\n");
	assert_has_not(&fp->out, "0000012");
	assert_has_not(&fp->out, "000000000");
	assert_int_equal(fp->fake.begins + fp->fake.saves + fp->fake.commits,
	    0);
	assert_string_equal(buf_str(&fp->fake.ledger), SENT);
}

static void
status_json(void **state)
{
	struct fake_person *fp = *state;
	json_t *j, *phone, *want;

	fp->tool.opt.json = true;
	assert_int_equal(fake_person_run(fp, enroll_status, NO_ANSWERS),
	    TOOL_OK);
	j = json_loads(buf_str(&fp->out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(j);
	phone = json_array_get(json_object_get(j, "factors"), 0);
	want = json_pack("{s:s, s:s, s:s, s:s, s:s, s:[s, s], s:n}",
	    "id", "phone-aaaa", "kind", "phone", "label", "Mobile", "created",
	    "2020-09-13T12:26:40Z", "number", "+81 ********34",
	    "ways", "sms", "voice", "last_used");
	assert_non_null(want);
	if (!json_equal(phone, want))
		fail_msg("not as wanted: %s", buf_str(&fp->out));
	json_decref(want);
	want = json_pack("{s:i, s:i}", "sms", 2, "voice", 1);
	assert_true(json_equal(json_object_get(j, "sent"), want));
	assert_string_equal(json_string_value(json_object_get(j, "first")),
	    "voice");
	assert_string_equal(json_string_value(json_object_get(j, "language")),
	    "ja");
	json_decref(want);
	json_decref(j);
}

/* Without root the ledger is not looked at. */
static void
status_stateless(void **state)
{
	struct fake_person *fp = *state;

	fp->person.stateless = true;
	assert_int_equal(fake_person_run(fp, enroll_status, NO_ANSWERS),
	    TOOL_OK);
	assert_has(&fp->out, "Mobile, +81 ********34");
	assert_has_not(&fp->out, "Sent in");
}

static void
broken_ledger(void **state)
{
	struct fake_person *fp = *state;

	fake_set(&fp->fake.ledger, "version = 1\nsent = many\n");
	assert_int_equal(fake_person_run(fp, enroll_status, NO_ANSWERS),
	    TOOL_SYSTEM);
	assert_has(&fp->err, "line 2");
	assert_int_equal(fp->out.len, 0);
}

static void
faults(void **state)
{
	/* factors now peek, now sent */
	assert_int_equal(fake_person_faults(*state, enroll_status, NO_ANSWERS,
	    false), 5);
}

/* A name that only escaped fits a file is found by its own spelling. */
static void
sum(void **state)
{
	static const struct quota_sent list[] = {
		{ .way = SENDING_SMS, .user = "alice" },
		{ .way = SENDING_VOICE, .user = "alice" },
		{ .way = SENDING_SMS, .user = "a%20b" },
	};
	struct quota_sent copy[3];
	const struct quota q = { .sent = copy, .n = 3 };
	unsigned sent[SENDING_KINDS];
	char words[REPORT_SENT_MAX];

	(void)state;
	memcpy(copy, list, sizeof(copy));
	report_sent(&q, "a b", sent);
	assert_string_equal(report_sent_words(sent, LANGUAGE_EN,
	    words), "1 SMS, 0 calls");
	report_sent(&q, "ali", sent);
	assert_string_equal(report_sent_words(sent, LANGUAGE_EN,
	    words), "0 SMS, 0 calls");
	report_sent(&q, NULL, sent);
	assert_string_equal(report_sent_words(sent, LANGUAGE_EN,
	    words), "2 SMS, 1 call");
}

/* "sender test" as often as it is wanted, and each a message of its own. */
static int
trial(const struct tool *t, const struct person *p)
{
	static struct tool tool;
	char name[] = "kannel", *argv[] = { name, NULL };

	(void)p;
	tool = *t;
	tool.opt.to = NUMBER;
	return verb_sender_test(&tool, 1, argv);
}

static void
trials(void **state)
{
	struct fake_person *fp = *state;
	char first[33];

	assert_int_equal(fake_person_run(fp, trial, NO_ANSWERS), TOOL_OK);
	assert_string_equal(fp->fake.to, NUMBER);
	assert_int_equal(strspn(fp->fake.nonce, "0123456789abcdef"), 32);
	memcpy(first, fp->fake.nonce, sizeof(first));
	assert_int_equal(fake_person_run(fp, trial, NO_ANSWERS), TOOL_OK);
	assert_int_equal(fp->fake.sends, 2);
	assert_string_not_equal(fp->fake.nonce, first);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(status_text), T(status_json),
	    T(status_stateless), T(broken_ledger), T(faults), T(trials),
	    cmocka_unit_test(sum) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
