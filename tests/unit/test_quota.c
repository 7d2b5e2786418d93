/* What may be sent: every limit at its edge, and the ledger that remembers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/quota.h"

#define JP "+819000001234"
#define US "+12125550100"
#define HOUR 3600

/* Every limit so high that none is met; a test sets its own. */
static const struct conf_quota high = { 0, 1000, 1000, 1000, 0, 10000, 10000,
    10000 };
static const struct mfa_time start = { 1700000000, 5000000, "boot-1" };

struct fixture {
	struct conf_quota conf;
	struct quota q;
	struct quota_answer is;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	f->conf = high;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	quota_free(&f->q);
	free(f);
	return 0;
}

static struct quota_sent
message(enum sending_kind way, const char *number, const char *user)
{
	struct quota_sent one = { .way = way };

	snprintf(one.number, sizeof(one.number), "%s", number);
	snprintf(one.user, sizeof(one.user), "%s", user);
	return one;
}

static struct quota_sent
sms(const char *number, const char *user)
{
	return message(SENDING_SMS, number, user);
}

static void
charge(struct fixture *f, struct quota_sent one, unsigned times)
{
	while (times-- > 0)
		assert_int_equal(quota_charge(&f->q, &one), MFA_OK);
}

static void
pass(struct fixture *f, uint64_t seconds)
{
	for (size_t i = 0; i < f->q.n; i++)
		f->q.sent[i].age += seconds;
}

/* key NULL: GO. */
static void
is(struct fixture *f, struct quota_sent one, const char *key, uint64_t wait)
{
	quota_check(&f->conf, &f->q, &one, &f->is);
	if (key == NULL) {
		assert_int_equal(f->is.verdict, QUOTA_GO);
		assert_null(f->is.key);
		assert_int_equal(f->is.wait, 0);
		return;
	}
	assert_non_null(f->is.key);
	assert_string_equal(f->is.key, key);
	assert_int_equal(f->is.verdict, wait ? QUOTA_WAIT : QUOTA_HOST);
	assert_int_equal(f->is.wait, wait);
}

/* Whatever the way and the number. */
static void
resend(void **state)
{
	struct fixture *f = *state;

	f->conf.resend_after = 30;
	is(f, sms(JP, "alice"), NULL, 0);
	charge(f, sms(JP, "alice"), 1);
	is(f, sms(JP, "alice"), "resend_after", 30);
	is(f, sms(US, "alice"), "resend_after", 30);
	is(f, message(SENDING_VOICE, JP, "alice"), "resend_after", 30);
	is(f, sms(JP, "bob"), NULL, 0);
	pass(f, 29);
	is(f, sms(JP, "alice"), "resend_after", 1);
	pass(f, 1);
	is(f, sms(JP, "alice"), NULL, 0);
}

static void
resend_doubles(void **state)
{
	struct fixture *f = *state;

	f->conf.resend_after = 30;
	charge(f, sms(JP, "alice"), 1);
	pass(f, 30);
	charge(f, sms(JP, "alice"), 1);
	is(f, sms(JP, "alice"), "resend_after", 60);
	pass(f, 60);
	charge(f, sms(JP, "alice"), 1);
	is(f, sms(JP, "alice"), "resend_after", 120);
	/* An hour on, it begins anew. */
	pass(f, 3600);
	is(f, sms(JP, "alice"), NULL, 0);
	charge(f, sms(JP, "alice"), 1);
	is(f, sms(JP, "alice"), "resend_after", 30);
}

static void
per_user(void **state)
{
	struct fixture *f = *state;

	f->conf.user_hourly = 5;
	f->conf.user_daily = 10;
	charge(f, sms(JP, "alice"), 1);
	pass(f, 600);
	charge(f, sms(US, "alice"), 3);
	is(f, sms(JP, "alice"), NULL, 0);
	charge(f, message(SENDING_VOICE, JP, "alice"), 1);
	is(f, sms("+447700900123", "alice"), "user_hourly", 3000);
	is(f, sms(JP, "bob"), NULL, 0);
	pass(f, 2999);
	is(f, sms(JP, "alice"), "user_hourly", 1);
	pass(f, 1);
	is(f, sms(JP, "alice"), NULL, 0);
	pass(f, 3600);
	charge(f, sms(JP, "alice"), 4);
	pass(f, 3600);
	is(f, sms(JP, "alice"), NULL, 0);
	charge(f, sms(JP, "alice"), 1);
	/* The tenth: until the first of the day is a day old. */
	is(f, sms(JP, "alice"), "user_daily", QUOTA_DAY - 10800);
	is(f, sms(JP, "bob"), NULL, 0);
	pass(f, QUOTA_DAY - 10800);
	is(f, sms(JP, "alice"), NULL, 0);
}

/* Whoever asks: a number is spared. */
static void
per_number(void **state)
{
	struct fixture *f = *state;

	f->conf.number_burst = 3;
	charge(f, sms(JP, "alice"), 1);
	charge(f, sms(JP, "bob"), 1);
	pass(f, 100);
	is(f, sms(JP, "carol"), NULL, 0);
	charge(f, message(SENDING_VOICE, JP, "carol"), 1);
	is(f, sms(JP, "dave"), "number_burst", 500);
	is(f, sms("+819000001235", "dave"), NULL, 0);
	pass(f, 500);
	is(f, sms(JP, "dave"), NULL, 0);
}

static struct quota_sent
proof(const char *number, const char *user)
{
	struct quota_sent one = sms(number, user);

	one.proof = true;
	return one;
}

/* Who has a number proved that is another's has a limit of their own first. */
static void
per_proof(void **state)
{
	struct fixture *f = *state;

	f->conf.number_burst = 3;
	charge(f, proof(JP, "mallory"), 1);
	pass(f, 100);
	charge(f, proof(JP, "mallory"), 1);
	is(f, proof(JP, "mallory"), "number_burst", 500);
	is(f, proof(US, "mallory"), NULL, 0);
	/* Nothing of it is counted where the number is a factor. */
	charge(f, sms(JP, "alice"), 2);
	is(f, sms(JP, "alice"), NULL, 0);
	charge(f, sms(JP, "alice"), 1);
	is(f, sms(JP, "alice"), "number_burst", 600);
	/* All is, where it is none; one is left to whose it may be. */
	is(f, proof(JP, "bob"), "number_burst", 600);
	pass(f, 600);
	charge(f, proof(JP, "mallory"), 2);
	is(f, proof(JP, "bob"), NULL, 0);
	charge(f, proof(JP, "bob"), 1);
	is(f, proof(JP, "carol"), "number_burst", 600);
}

/* A limit of one is one, and of none none. */
static void
few_proofs(void **state)
{
	struct fixture *f = *state;

	f->conf.number_burst = 1;
	is(f, proof(JP, "bob"), NULL, 0);
	charge(f, proof(JP, "bob"), 1);
	is(f, proof(JP, "bob"), "number_burst", 600);
	f->conf.number_burst = 0;
	is(f, proof(JP, "bob"), "number_burst", 0);
}

/* What was certainly not sent is given back to the one it was charged to. */
static void
proof_refunded(void **state)
{
	struct fixture *f = *state;
	struct quota_sent one = proof(JP, "alice");

	charge(f, sms(JP, "alice"), 1);
	charge(f, one, 1);
	charge(f, sms(JP, "alice"), 1);
	quota_refund(&f->q, &one);
	assert_false(f->q.sent[0].refused);
	assert_true(f->q.sent[1].refused);
	assert_false(f->q.sent[1].proof);
	assert_false(f->q.sent[2].refused);
}

static void
calls(void **state)
{
	struct fixture *f = *state;

	f->conf.call_every = 600;
	charge(f, sms(JP, "alice"), 1);
	is(f, message(SENDING_VOICE, JP, "alice"), NULL, 0);
	charge(f, message(SENDING_VOICE, JP, "alice"), 1);
	is(f, message(SENDING_VOICE, JP, "alice"), "call_every", 600);
	is(f, message(SENDING_VOICE, US, "alice"), "call_every", 600);
	is(f, message(SENDING_VOICE, JP, "bob"), NULL, 0);
	is(f, sms(JP, "alice"), NULL, 0);
	pass(f, 600);
	is(f, message(SENDING_VOICE, JP, "alice"), NULL, 0);
}

/* "user N" */
static const char *
user(unsigned n)
{
	static char name[16];

	snprintf(name, sizeof(name), "user%u", n);
	return name;
}

static void
range_and_host(void **state)
{
	struct fixture *f = *state;
	char number[PHONE_MAX + 1];

	f->conf.range_daily = 10;
	for (unsigned i = 0; i < 10; i++) {
		is(f, sms(JP, user(i)), NULL, 0);
		snprintf(number, sizeof(number), "+81900000%04u", i * 111);
		charge(f, sms(number, user(i)), 1);
	}
	is(f, sms("+819000009999", "carol"), "range_daily", 0);
	is(f, sms("+819000011234", "carol"), NULL, 0);
	f->conf.host_hourly = 10;
	is(f, sms(US, "carol"), "host_hourly", 0);
	pass(f, 3600);
	is(f, sms(US, "carol"), NULL, 0);
	f->conf.host_daily = 10;
	is(f, sms(US, "carol"), "host_daily", 0);
	pass(f, QUOTA_DAY - 3600);
	is(f, sms(JP, "carol"), NULL, 0);
}

/* The longest wait is told, the host's limit before any. */
static void
several(void **state)
{
	struct fixture *f = *state;

	f->conf.resend_after = 30;
	f->conf.number_burst = 1;
	f->conf.user_hourly = 1;
	charge(f, sms(JP, "alice"), 1);
	is(f, sms(JP, "alice"), "user_hourly", 3600);
	is(f, sms(JP, "bob"), "number_burst", 600);
	f->conf.host_daily = 1;
	is(f, sms(JP, "alice"), "host_daily", 0);
}

static void
zero(void **state)
{
	struct fixture *f = *state;

	f->conf.host_daily = 0;
	is(f, sms(JP, "alice"), "host_daily", 0);
	f->conf = high;
	/* No wait would help. */
	f->conf.user_hourly = 0;
	is(f, sms(JP, "alice"), "user_hourly", 0);
}

static void
refunded(void **state)
{
	struct fixture *f = *state;
	const struct quota_sent mine = sms(JP, "alice");

	charge(f, mine, 1);
	pass(f, 5);
	charge(f, message(SENDING_VOICE, JP, "alice"), 1);
	charge(f, sms(US, "alice"), 1);
	charge(f, sms(JP, "bob"), 1);
	charge(f, mine, 1);
	quota_refund(&f->q, &mine);
	assert_true(f->q.sent[4].refused);
	assert_false(f->q.sent[0].refused);	/* the newest was meant */
	quota_refund(&f->q, &mine);
	assert_true(f->q.sent[0].refused);
	quota_refund(&f->q, &mine);
	for (size_t i = 1; i < 4; i++)
		assert_false(f->q.sent[i].refused);
	assert_int_equal(f->q.n, 5);
}

/* A refused one is in no limit and no alert, whatever it counts. */
static void
refused_is_not_counted(void **state)
{
	struct fixture *f = *state;
	const struct quota_sent mine = sms(JP, "alice"),
	    call = message(SENDING_VOICE, JP, "alice");

	f->conf = (struct conf_quota){ 0, 1, 1, 1, HOUR, 1, 1, 1 };
	charge(f, call, 1);
	assert_string_equal(quota_alert(&f->conf, &f->q, &call),
	    "range_daily");
	is(f, call, "range_daily", 0);
	quota_refund(&f->q, &call);
	is(f, call, NULL, 0);
	assert_null(quota_alert(&f->conf, &f->q, &call));
	charge(f, mine, 1);
	is(f, mine, "range_daily", 0);
}

/* The same again waits, longer and longer; everything else does not. */
static void
refused_delays(void **state)
{
	struct fixture *f = *state;
	const struct quota_sent mine = sms(JP, "alice");

	f->conf.resend_after = 30;
	for (uint64_t pause = 30; pause < HOUR; pause *= 2) {
		is(f, mine, NULL, 0);
		charge(f, mine, 1);
		quota_refund(&f->q, &mine);
		is(f, mine, "resend_after", pause);
		is(f, message(SENDING_VOICE, JP, "alice"), NULL, 0);
		is(f, sms(US, "alice"), NULL, 0);
		is(f, sms(JP, "bob"), NULL, 0);
		pass(f, pause);
	}
	/* Two at once are one pause: a call that came, and it. */
	charge(f, message(SENDING_VOICE, JP, "alice"), 1);
	is(f, sms(US, "alice"), "resend_after", 30);
	pass(f, HOUR);
	is(f, mine, NULL, 0);
}

/* At four fifths, once, rounded up. */
static void
alerts(void **state)
{
	struct fixture *f = *state;
	const struct quota_sent one = sms(JP, "alice");
	unsigned at = 0, n = 0;

	f->conf.host_hourly = 11;
	for (unsigned i = 1; i <= 11; i++) {
		const char *key;

		charge(f, one, 1);
		if ((key = quota_alert(&f->conf, &f->q, &one)) == NULL)
			continue;
		assert_string_equal(key, "host_hourly");
		at = i;
		n++;
	}
	assert_int_equal(n, 1);
	assert_int_equal(at, 9);
	f->conf = high;
	f->conf.range_daily = 14;
	assert_null(quota_alert(&f->conf, &f->q, &(struct quota_sent){
	    .number = US }));
	charge(f, one, 1);
	assert_string_equal(quota_alert(&f->conf, &f->q, &one),
	    "range_daily");
	/* A limit of one person alerts nobody. */
	f->conf = high;
	f->conf.user_daily = 15;
	assert_null(quota_alert(&f->conf, &f->q, &one));
}

static void
full(void **state)
{
	struct fixture *f = *state;
	const struct quota_sent one = sms(JP, "alice");

	charge(f, one, QUOTA_SENT_MAX);
	assert_int_equal(quota_charge(&f->q, &one), MFA_ERANGE);
	assert_int_equal(f->q.n, QUOTA_SENT_MAX);
}

#define HEADER "version = 1\nwritten_at = 1700000000\n" \
    "written_boottime = 5000\nwritten_boot = boot-1\n"
static const char ledger[] = HEADER
    "sent = 86000 sms " JP " alice\nsent = 400 voice " US " %C3%A9ve\n"
    "sent = 0 sms " JP " bob\n";
static const char with_refused[] = HEADER
    "sent = 3602 sms " JP " alice\nrefused = 3599 sms " JP " alice\n"
    "refused = 5 voice " US " alice\nproof = 5 sms " US " bob\n";

static struct quota
parse(const char *text, int64_t real, int64_t boot_ms, const char *boot)
{
	struct mfa_time now = { .real = real, .boot_ms = boot_ms };
	struct mfa_why why = { "" };
	struct quota q = { 0 };

	strcpy(now.boot_id, boot);
	if (quota_parse(text, strlen(text), &now, &q, &why))
		fail_msg("%s", why.text);
	return q;
}

static void
ages(const char *boot, int64_t real, int64_t boot_ms, size_t n, uint64_t last)
{
	struct quota q = parse(ledger, real, boot_ms, boot);

	assert_int_equal(q.n, n);
	if (n > 0)
		assert_int_equal(q.sent[n - 1].age, last);
	quota_free(&q);
}

/* Set clocks and reboots: never younger than it is certain, never kept long. */
static void
time_passes(void **unused)
{
	(void)unused;
	ages("boot-1", 1700000000, 5000000, 3, 0);
	ages("boot-1", 1700000399, 5399999, 3, 399);
	ages("boot-1", 1700000400, 5400000, 2, 400);
	ages("boot-1", 1800000000, 5000000, 3, 0);
	ages("boot-1", 0, 5010000, 3, 10);
	ages("boot-2", 1700000100, 60000, 3, 100);
	ages("boot-2", 1600000000, 60000, 3, 60);
	ages("boot-2", 1700086400, 60000, 0, 0);
}

static void
written(void **unused)
{
	struct quota q = parse(ledger, 1700000000, 5000000, "boot-1");
	struct buf text = { 0 };

	(void)unused;
	assert_string_equal(q.sent[1].user, "%C3%A9ve");
	assert_int_equal(quota_format(&q, &start, &text), MFA_OK);
	assert_string_equal(buf_str(&text), ledger);
	buf_wipe(&text);
	quota_free(&q);
	q = parse("", 1, 1, "boot-1");
	assert_int_equal(q.n, 0);
}

/* What was refused delays for an hour; then it is not kept. */
static void
written_refused(void **unused)
{
	struct quota q = parse(with_refused, 1700000000, 5000000, "boot-1");
	struct buf text = { 0 };

	(void)unused;
	assert_int_equal(q.n, 4);
	assert_false(q.sent[0].refused);
	assert_true(q.sent[1].refused);
	assert_int_equal(quota_format(&q, &start, &text), MFA_OK);
	assert_string_equal(buf_str(&text), with_refused);
	buf_wipe(&text);
	quota_free(&q);
	q = parse(with_refused, 1700000001, 5001000, "boot-1");
	assert_int_equal(q.n, 3);
	assert_false(q.sent[0].refused);
	assert_true(q.sent[1].refused);
	assert_int_equal(q.sent[1].age, 6);
	quota_free(&q);
}

#define HEAD "version = 1\nwritten_at = 1\nwritten_boottime = 1\n" \
    "written_boot = b\n"

/* A ledger that cannot be read is none: nothing is sent on its word. */
static void
refused(void **unused)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "version = 2\n", "line 1: no good version" },
		{ "sent = 1 sms " JP " a\n", "line 1: no good sent" },
		{ "# nothing\n", "line 1: the file is cut short" },
		{ HEAD "[sent]\n", "line 5: no section belongs here" },
		{ HEAD "spent = 1\n", "line 5: no good spent" },
		{ HEAD "refused = 1 sms " JP "\n", "line 5: no good refused" },
		{ HEAD "proof = 1 sms " JP "\n", "line 5: no good proof" },
		{ HEAD "version = 1\n", "line 5: no good version" },
		{ HEAD "sent = x sms " JP " a\n", "line 5: no good sent" },
		{ HEAD "sent = -1 sms " JP " a\n", "line 5: no good sent" },
		{ HEAD "sent = 1 fax " JP " a\n", "line 5: no good sent" },
		{ HEAD "sent = 1 sms 0900 a\n", "line 5: no good sent" },
		{ HEAD "sent = 1 sms " JP "\n", "line 5: no good sent" },
		{ HEAD "sent = 1 sms " JP " ../a\n", "line 5: no good sent" },
		{ HEAD "sent = 1 sms " JP " a b\n", "line 5: no good sent" },
		{ HEAD "sent = 1 sms " JP " a\nsent = 2 sms " JP " a\n",
		    "line 6: no good sent" },
		{ HEAD "sent = 1 sms " JP " a\nwritten_at = 2\n",
		    "line 6: no good written_at" },
		{ "version = 1\nsent = 1 sms " JP " a\n",
		    "line 2: no good sent" },
		{ "version = 1\nwritten_boot = \n",
		    "line 2: no good written_boot" },
	};
	const struct mfa_time now = { 10, 10000, "b" };

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct quota q = { .n = 7 };
		struct mfa_why why = { "" };

		if (!quota_parse(rows[i].text, strlen(rows[i].text), &now, &q,
		    &why))
			fail_msg("%s", rows[i].text);
		assert_string_equal(why.text, rows[i].why);
		assert_int_equal(q.n, 7);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(resend),
	    T(resend_doubles), T(per_user),
	    T(per_number), T(per_proof), T(few_proofs), T(proof_refunded),
	    T(calls), T(range_and_host), T(several), T(zero),
	    T(refunded), T(refused_is_not_counted), T(refused_delays),
	    T(alerts), T(full), cmocka_unit_test(time_passes),
	    cmocka_unit_test(written),
	    cmocka_unit_test(written_refused), cmocka_unit_test(refused) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
