/*
 * mfactl add phone on fake ports: a number is a factor after its first right
 * code and not before, whatever fails.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

#define JP "+819000001234"
#define ASKED "? Code (r: send again, s: SMS, c: call instead, n: other " \
    "number, empty: give up): "

static int
setup(void **state)
{
	*state = fake_person_with("senders = kannel\n"
	    "numbers = +81 +44\ncountry = JP\n", "", "");
	return 0;
}

/* "add phone" with and without a number on the command line. */
VERB(asked, enroll_phone(t, p, NULL))
VERB(given, enroll_phone(t, p, "090-0000-1234"))

static struct factor
the_phone(const struct fake_person *fp)
{
	struct record rec = record_of(fp);
	struct factor f;

	f = rec.factor[rec.n - 1];
	assert_int_equal(f.kind, FACTOR_PHONE);
	record_free(&rec);
	return f;
}

static void
right_code(void **state)
{
	static const uint8_t none[OTC_KEY];
	struct fake_person *fp = *state;
	struct factor f;
	char line[160];

	assert_int_equal(fake_person_run(fp, asked, ANSWERS("",
	    "090-0000-1234", "$")), TOOL_OK);
	assert_has(&fp->fake.transcript, "? Country of the number (empty: "
	    "Japan (+81)): ");
	assert_has(&fp->fake.transcript, "The number is " JP " (Japan). "
	    "Messages and calls to it may cost money");
	assert_has(&fp->fake.transcript, "A phone is a weaker factor than an "
	    "app");
	assert_has(&fp->fake.transcript, "A code was sent by SMS to +81 "
	    "********34.");
	assert_has(&fp->fake.transcript, ASKED);
	assert_string_equal(fp->fake.to, JP);
	f = the_phone(fp);
	assert_string_equal(f.phone.number, JP);
	assert_string_equal(f.label, "Mobile");
	assert_string_equal(f.phone.extension, "");
	assert_true(f.phone.way[SENDING_SMS]);
	assert_false(f.phone.way[SENDING_VOICE]);
	assert_int_equal(f.created, 1700000000);
	assert_memory_not_equal(f.phone.key, none, sizeof(none));
	snprintf(line, sizeof(line), "by=alice event=add user=alice factor=%s "
	    "verified=yes\n", f.id);
	assert_has(&fp->fake.log, line);
	assert_has(&fp->fake.log, "by=alice event=send outcome=sent user=alice "
	    "service=mfactl method=sms factor=- to=+81********34 ");
	assert_false(fake_has(&fp->fake.log, JP));
	assert_false(fake_has(&fp->fake.log, fp->fake.code));
	assert_false(fake_has(&fp->fake.transcript, fp->fake.code));
	/* It counts, as one to a number that was anybody's. */
	assert_has(&fp->fake.ledger, "\nproof = 0 sms " JP " alice\n");
}

static void
spellings(void **state)
{
	static const struct {
		const char *country, *number, *e164;
	} rows[] = {
		{ "", "090-0000-1234", JP },
		{ "Japan", "(090) 0000 1234", JP },
		{ "+81", "+81 90 0000 1234", JP },
		{ "", "０９０－００００－１２３４", JP },
		{ "gb", "07700 900123", "+447700900123" },
		{ "United Kingdom", "+44 7700 900123", "+447700900123" },
	};
	struct fake_person *fp = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_wipe(&fp->fake.factors);
		fake_set(&fp->fake.ledger, "");
		if (fake_person_run(fp, asked, ANSWERS(rows[i].country,
		    rows[i].number, "$")) != TOOL_OK)
			fail_msg("%s: %s", rows[i].number,
			    buf_str(&fp->fake.transcript));
		assert_string_equal(the_phone(fp).phone.number, rows[i].e164);
	}
}

/* Only the letters of what some sender has a section for. */
static void
what_senders_can(void **state)
{
	struct fake_person *fp = *state;

	fp->fake.lacks[SENDING_VOICE] = true;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("c", "$")),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "? Code (r: send again, n: other "
	    "number, empty: give up): ");
	assert_false(fake_has(&fp->fake.transcript, "c: call"));
	assert_has(&fp->fake.transcript, "! This host does not call.");
	assert_int_equal(fp->fake.sends, 1);
	fp->tool.opt.voice = true;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")),
	    TOOL_CONFIG);
	assert_has(&fp->err, "this host cannot call: no sender of mfa.conf has "
	    "[voice]");
}

static void
only_calls(void **state)
{
	struct fake_person *fp = *state;

	fp->fake.lacks[SENDING_SMS] = true;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("s", "$")),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "is being called");
	assert_has(&fp->fake.transcript, "! This host sends no SMS.");
	assert_false(the_phone(fp).phone.way[SENDING_SMS]);
	assert_true(the_phone(fp).phone.way[SENDING_VOICE]);
	fp->tool.opt.sms = true;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")),
	    TOOL_CONFIG);
	assert_has(&fp->err, "this host cannot send an SMS");
	/* Who is not proved has no use for a sender. */
	fp->tool.opt.unverified = true;
	fake_set(&fp->fake.factors, "");
	assert_int_equal(fake_person_run(fp, given, ANSWERS("")), TOOL_OK);
}

static void
a_country_mistyped(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, asked, ANSWERS("Japam", "xyzzy",
	    "Japan", "090-0000-1234", "$")), TOOL_OK);
	assert_has(&fp->fake.transcript, "! There is no such country; did you "
	    "mean Japan?");
	assert_has(&fp->fake.transcript, "! There is no such country: type its "
	    "English name or its calling code.");
}

/* What is no number, or is not allowed, is asked for again. */
static void
bad_numbers(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, asked, ANSWERS("Atlantis", "",
	    "hello", "12", "+1 212 555 0100", "090-0000-1234", "$")), TOOL_OK);
	assert_has(&fp->fake.transcript, "! There is no such country: type its "
	    "English name or its calling code.");
	assert_has(&fp->err, "this host sends no codes to +12125550100 (");
	assert_int_equal(fp->fake.sends, 1);
	buf_wipe(&fp->fake.factors);
	fp->fake.saves = 0;
	assert_int_equal(fake_person_run(fp, asked, ANSWERS("", "")),
	    TOOL_ABORTED);
	assert_has(&fp->err, "no number; nothing was changed");
	assert_int_equal(fake_person_run(fp, asked, ANSWERS("", "1", "1", "1",
	    "1", "1", JP)), TOOL_ABORTED);
	assert_int_equal(fp->fake.sends, 1);
	untouched(fp);
}

static void
wrong_code(void **state)
{
	struct fake_person *fp = *state;

	/* Three wrong answers, and the right one comes too late. */
	assert_int_equal(fake_person_run(fp, given, ANSWERS("000000", "x",
	    "12345678", "$", "")), TOOL_ABORTED);
	assert_has(&fp->fake.transcript, "! Wrong code. Type the one that came "
	    "last.");
	assert_has(&fp->fake.transcript, "! This code no longer counts. Type r "
	    "for a new one.");
	assert_has(&fp->err, "no right code; nothing was changed. None came?");
	untouched(fp);
	fake_set(&fp->fake.ledger, "");
	assert_int_equal(fake_person_run(fp, given, ANSWERS("000000", "000000",
	    "$")), TOOL_OK);
}

/* Guessing comes to an end. */
static void
only_wrong(void **state)
{
	static const char *wrong[41];
	struct fake_person *fp = *state;

	for (size_t i = 0; i < 40; i++)
		wrong[i] = i % 4 ? "000000" : ">100 r";
	assert_int_equal(fake_person_run(fp, given, wrong), TOOL_ABORTED);
	assert_in_range(fp->fake.asked, 10, 20);
	assert_int_equal(fp->fake.sends, 2);	/* number_burst */
	untouched(fp);
}

static void
too_late(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, given, ANSWERS("000000",
	    ">300 000000", "$", "")), TOOL_ABORTED);
	assert_has(&fp->fake.transcript, "! This code no longer counts. Type r "
	    "for a new one.");
	untouched(fp);
}

static void
sent_again(void **state)
{
	struct fake_person *fp = *state;

	/* At once there is no new one, and the first is as good. */
	assert_int_equal(fake_person_run(fp, given, ANSWERS("r", "$")),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "! No SMS now: the next can be sent "
	    "in 30 seconds.");
	assert_int_equal(fp->fake.sends, 1);
	assert_has(&fp->err, "the limit is resend_after in mfa.conf");
	buf_wipe(&fp->fake.factors);
	fake_set(&fp->fake.ledger, "");
	assert_int_equal(fake_person_run(fp, given, ANSWERS("0", ">30 R",
	    "$")), TOOL_OK);
	assert_int_equal(fp->fake.sends, 3);
}

static void
call_instead(void **state)
{
	struct fake_person *fp = *state;
	struct factor f;

	assert_int_equal(fake_person_run(fp, given, ANSWERS(">30 c", "$")),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "+81 ********34 is being called");
	f = the_phone(fp);
	assert_true(f.phone.way[SENDING_SMS]);
	assert_true(f.phone.way[SENDING_VOICE]);
}

/* A call that was not made proves nothing about calls. */
static void
call_not_made(void **state)
{
	struct fake_person *fp = *state;
	struct factor f;

	assert_int_equal(fake_person_run(fp, given, ANSWERS("c", "$")),
	    TOOL_OK);
	assert_has(&fp->fake.transcript, "! No call now");
	f = the_phone(fp);
	assert_true(f.phone.way[SENDING_SMS]);
	assert_false(f.phone.way[SENDING_VOICE]);
}

static void
other_number(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, given, ANSWERS(">30 n", "gb",
	    "07700 900123", "$")), TOOL_OK);
	assert_string_equal(the_phone(fp).phone.number, "+447700900123");
	assert_string_equal(fp->fake.to, "+447700900123");
}

/* The code of one's own phone must not enrol somebody else's. */
static void
not_by_the_first_code(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, given, ANSWERS("n", "gb",
	    "07700 900123", "$", "")), TOOL_ABORTED);
	assert_string_equal(fp->fake.to, JP);
	assert_has(&fp->fake.transcript, "! No SMS now");
	assert_has(&fp->fake.transcript, "! No code was sent to this number. "
	    "Type r to send one.");
	untouched(fp);
	/* Nor after giving up the correction. */
	fake_set(&fp->fake.ledger, "");
	assert_int_equal(fake_person_run(fp, given, ANSWERS("n", "gb", "")),
	    TOOL_ABORTED);
	untouched(fp);
}

static void
not_sent(void **state)
{
	struct fake_person *fp = *state;

	fp->fake.send_fails = true;
	fp->fake.answer = (struct sending_answer){ .class = SENDING_CONFIG,
	    .provider = "kannel", .reason = "403 forbidden" };
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$", "000000",
	    "")), TOOL_ABORTED);
	assert_has(&fp->fake.transcript, "! No SMS to +81 ********34: this "
	    "host's provider is not set up right; tell your administrator. ");
	assert_has(&fp->err, "kannel: config: 403 forbidden; see: mfactl "
	    "sender check");
	assert_has(&fp->fake.transcript, "! No code was sent to this number.");
	assert_false(fake_has(&fp->fake.ledger, "sent ="));
	untouched(fp);
	/* It may come after all. */
	fp->fake.now.boot_ms += 30000;
	fp->fake.answer.class = SENDING_UNKNOWN;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")), TOOL_OK);
}

/* Asks for another SMS, and types the code of the first. */
static enum mfa_err
first_code(struct fake *f, const char *prompt, struct buf *ret)
{
	static char code[OTC_DIGITS + 1];
	bool proof = strncmp(prompt, "A code you have", 15) == 0;

	if (strncmp(prompt, "Number", 6) == 0)
		return MFA_OK;
	if (f->send_fails)
		return buf_puts(ret, code);
	if (f->sends > 0) {
		memcpy(code, f->code, sizeof(code));
		f->send_fails = true;
		f->answer.class = SENDING_UNKNOWN;
		f->now.boot_ms += 30000;
	}
	return buf_puts(ret, proof ? "s" : "r");
}

/* The first one came late, and of the second nobody knows. */
static void
unclear_after_sent(void **state)
{
	struct fake_person *fp = *state;

	fp->fake.on_ask = first_code;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("", "")), TOOL_OK);
	assert_has(&fp->fake.transcript, "may or may not come");
	assert_int_equal(fp->fake.sends, 2);
	/* The same with one that proves who it is. */
	fp->tool.prove = true;
	fp->fake.now.boot_ms += 4000000;
	fp->fake.send_fails = false;
	fp->fake.sends = 0;
	assert_int_equal(fake_person_run(fp, asked, ANSWERS("", "", "", "")),
	    TOOL_ABORTED);
	assert_has(&fp->err, "no number; nothing was changed");
	assert_has(&fp->fake.state, "used = 1\n");
}

/* The host's limit holds here too, and its alert is written. */
static void
host_limit(void **state)
{
	struct fake_person *fp = *state;

	fp->tool.conf.quota.host_daily = 1;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("")),
	    TOOL_ABORTED);
	assert_has(&fp->fake.log, "by=alice event=alert limit=host_daily: four "
	    "fifths of it are used up\n");
	fp->fake.now.boot_ms += 100000;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$", "")),
	    TOOL_ABORTED);
	assert_has(&fp->fake.transcript,
	    "! No SMS: this host has sent as many");
	assert_has(&fp->err, "the limit is host_daily in mfa.conf: wait, or "
	    "change it there; mfactl list shows for whom codes were sent\n");
	assert_int_equal(fp->fake.sends, 1);
	untouched(fp);
}

static void
options(void **state)
{
	struct fake_person *fp = *state;
	struct factor f;

	fp->tool.opt.extension = "12";
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")), TOOL_USAGE);
	assert_has(&fp->err, "it needs --voice");
	fp->tool.opt.voice = true;
	fp->tool.opt.extension = "twelve";
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")), TOOL_USAGE);
	fp->tool.opt.extension = ",12";
	fp->tool.opt.label = "Office";
	assert_int_equal(fp->fake.sends, 0);
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")), TOOL_OK);
	assert_has(&fp->fake.transcript, "is being called");
	f = the_phone(fp);
	assert_string_equal(f.label, "Office");
	assert_string_equal(f.phone.extension, ",12");
	assert_false(f.phone.way[SENDING_SMS]);
	assert_true(f.phone.way[SENDING_VOICE]);
}

static void
twice(void **state)
{
	struct fake_person *fp = *state;
	struct buf before = { 0 };

	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")), TOOL_OK);
	fake_set(&before, buf_str(&fp->fake.factors));
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")), TOOL_NO);
	assert_has(&fp->err, "this number is enrolled already, as phone-");
	assert_int_equal(fp->fake.sends, 1);
	assert_string_equal(buf_str(&fp->fake.factors), buf_str(&before));
	fp->fake.now.boot_ms += 100000;
	assert_int_equal(fake_person_run(fp, asked, ANSWERS("gb",
	    "07700 900123", "$")), TOOL_OK);
	assert_string_equal(the_phone(fp).label, "Mobile 2");
	buf_wipe(&before);
}

static void
unverified(void **state)
{
	struct fake_person *fp = *state;

	fp->tool.opt.unverified = true;
	*fp->tool.conf.send.senders = '\0';
	assert_int_equal(fake_person_run(fp, given, ANSWERS("")), TOOL_OK);
	assert_int_equal(fp->fake.asked + fp->fake.sends, 0);
	assert_string_equal(the_phone(fp).phone.number, JP);
	assert_has(&fp->fake.log, "event=add user=alice factor=phone-");
	assert_has(&fp->fake.log, " verified=no\n");
	assert_has(&fp->fake.transcript, ", unverified.");
	buf_wipe(&fp->fake.factors);
	fp->fake.saves = 0;
	fp->tool.root = false;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("")), TOOL_CONFIG);
	assert_has(&fp->err, "--unverified is for root");
	untouched(fp);
}

/* In the person's language, here and for the code that --self asks for. */
static void
language(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")), TOOL_OK);
	assert_string_equal(fp->fake.language, "en");
	fp->tool.prove = true;
	fp->fake.now.boot_ms += 100000;
	fake_set(&fp->fake.factors, "version = 1\nlanguage = ja\n"
	    "[factor phone-aaaa]\nkind = phone\nlabel = Old\ncreated = 1\n"
	    "number = +819000001235\nextension =\nways = sms\n"
	    "key = 000102030405060708090a0b0c0d0e0f"
	    "101112131415161718191a1b1c1d1e1f\n");
	assert_int_equal(fake_person_run(fp, given, ANSWERS("s", ">30 $",
	    "")), TOOL_ABORTED);
	assert_string_equal(fp->fake.to, "+819000001235");
	assert_string_equal(fp->fake.language, "ja");
	fp->tool.prove = false;
	fp->fake.now.boot_ms += 100000;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")), TOOL_OK);
	assert_string_equal(fp->fake.to, JP);
	assert_string_equal(fp->fake.language, "ja");
	assert_has(&fp->fake.text, "ログイン確認コード(");
}

static void
not_ready(void **state)
{
	struct fake_person *fp = *state;

	*fp->tool.conf.send.senders = '\0';
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")),
	    TOOL_CONFIG);
	assert_has(&fp->err, "no sender is set up: see senders in mfa.conf(5)");
	fp->person.stateless = true;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")),
	    TOOL_CONFIG);
	assert_has(&fp->err, "phones need store = system");
	fp->person.stateless = false;
	fp->tool.conf.store = CONF_STORE_HOME;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")),
	    TOOL_CONFIG);
	assert_has(&fp->err, "phones need store = system");
	untouched(fp);
}

/* A code first, by --self; that one can be an SMS to a phone one has. */
static void
proved(void **state)
{
	struct fake_person *fp = *state;
	struct buf before = { 0 };

	fake_set(&fp->fake.factors, FAKE_RECORD);
	fp->tool.prove = true;
	fp->tool.root = false;
	assert_int_equal(fake_person_run(fp, given, ANSWERS("~", "~", "~")),
	    TOOL_ABORTED);
	assert_int_equal(fp->fake.sends, 0);
	assert_string_equal(buf_str(&fp->fake.factors), FAKE_RECORD);
	assert_int_equal(fake_person_run(fp, given, ANSWERS("@0", "$")),
	    TOOL_OK);
	fake_set(&before, buf_str(&fp->fake.factors));
	fp->fake.now.boot_ms += 100000;
	assert_int_equal(fake_person_run(fp, asked, ANSWERS("s", "000000",
	    "")), TOOL_ABORTED);
	assert_has(&fp->fake.transcript, "? A code you have now (app or "
	    "recovery; s: SMS to +81 ********34 (Mobile)): ");
	assert_has(&fp->fake.state, "[code phone-");
	assert_string_equal(buf_str(&fp->fake.factors), buf_str(&before));
	fp->fake.now.boot_ms += 100000;
	assert_int_equal(fake_person_run(fp, asked, ANSWERS("s", "$", "", "")),
	    TOOL_ABORTED);
	assert_has(&fp->err, "no number; nothing was changed");
	assert_has(&fp->fake.state, "wrong = 0\nused = 1\n");
	/* The same once more. */
	assert_int_equal(fake_person_run(fp, asked, ANSWERS("$", "~", "~")),
	    TOOL_ABORTED);
	assert_has(&fp->fake.transcript, "This code was already used. Ask for "
	    "a new one.");
	buf_wipe(&before);
}

/* Locked, or told to wait: no message is spent on it. */
static void
proof_held_back(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, given, ANSWERS("$")), TOOL_OK);
	fp->tool.prove = true;
	fp->fake.now.boot_ms += 100000;
	fake_set(&fp->fake.state, "version = 1\nfailures = 50\nfailed_at = 1\n"
	    "failed_boottime = 1\nfailed_boot = boot-1\n");
	assert_int_equal(fake_person_run(fp, asked, ANSWERS("s", "$")),
	    TOOL_ABORTED);
	assert_has(&fp->err, "locked after 50 wrong codes");
	assert_int_equal(fp->fake.sends, 1);
}

static void
fault_everywhere(void **state)
{
	struct fake_person *fp = *state;

	/* Each run is the first message of the person. */
	fp->tool.conf.quota = (struct conf_quota){ 0, 1000, 1000, 1000, 0,
	    1000, 1000, 1000 };
	/*
	 * factors factors factors, clock clock begin commit clock, clock ask
	 * clock, clock begin factors save
	 */
	assert_in_range(fake_person_faults(fp, given, ANSWERS("$"), false), 14,
	    20);
	fake_set(&fp->fake.factors, FAKE_RECORD);
	assert_in_range(fake_person_faults(fp, asked, ANSWERS("", JP, "c",
	    "000000", "$"), false), 20, 40);
	assert_string_equal(buf_str(&fp->fake.factors), FAKE_RECORD);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(right_code), T(spellings),
	    T(bad_numbers), T(wrong_code), T(only_wrong), T(too_late),
	    T(sent_again), T(call_instead), T(call_not_made), T(other_number),
	    T(not_by_the_first_code), T(not_sent), T(unclear_after_sent),
	    T(host_limit), T(options), T(twice), T(what_senders_can),
	    T(only_calls), T(a_country_mistyped),
	    T(unverified), T(language), T(not_ready), T(proved),
	    T(proof_held_back), T(fault_everywhere) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
