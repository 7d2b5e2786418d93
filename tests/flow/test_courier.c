/*
 * One code to one phone, on fake ports: counted on the disk before anybody is
 * asked, refunded only if it was certainly not accepted, and nothing sent where
 * that cannot be.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/sys/courier.h"
#include "../fake/fake_ports.h"

#define JP "+819000001234"

static const char CONF[] = "senders = kannel\nnumbers = +81 +44 -+4470\n"
    "resend_after = 1s\n";

struct fixture {
	struct fake fake;
	struct mfa_ports ports;
	struct mfa_store ledger;	/* the fake's, watched */
	struct mfa_sender sender;	/* likewise */
	struct mfa_conf conf;
	struct otc_door door;
	struct courier c;
	struct phone_factor phone;
	struct delivery d;
	struct mfa_why why;

	struct buf seen;		/* the ledger, as the sender is asked */
	struct sending_request req;	/* what it was asked, but strings */
	char nonce[33], extension[PHONE_EXT_MAX + 1], rhost[65];
	int wait_ms;			/* for the lock */
	int64_t takes_ms;		/* the sender */
	bool other;			/* another login sends meanwhile */
};

static void
watch(void *ctx, const struct sending_request *req, struct sending_answer *ret)
{
	struct fixture *f = ctx;

	fake_set(&f->seen, buf_str(&f->fake.ledger));
	f->req = *req;
	snprintf(f->nonce, sizeof(f->nonce), "%s", req->nonce);
	snprintf(f->extension, sizeof(f->extension), "%s", req->extension);
	snprintf(f->rhost, sizeof(f->rhost), "%s", req->rhost);
	assert_string_equal(req->senders, "kannel");
	assert_string_equal(req->user, f->door.user);
	assert_string_equal(req->service, "sshd");
	assert_string_equal(req->host, "web1");
	if (f->other) {
		struct otc_door bob = { "bob", "sshd", "web1" };
		struct courier c = f->c;
		struct delivery d;
		bool fails = f->fake.send_fails;

		f->other = f->fake.send_fails = false;
		c.sender = &f->ports.sender;
		c.door = &bob;
		assert_int_equal(courier_send(&c, &f->phone, SENDING_SMS,
		    "111111", &d, NULL), MFA_OK);
		assert_int_equal(d.outcome, DELIVERY_SENT);
		f->fake.send_fails = fails;
	}
	f->fake.now.boot_ms += f->takes_ms;
	f->ports.sender.send(&f->fake, req, ret);
}

static enum mfa_err
begin(void *ctx, int wait_ms, struct buf *ret, struct mfa_why *why)
{
	struct fixture *f = ctx;

	f->wait_ms = wait_ms;
	return f->ports.ledger.begin(&f->fake, wait_ms, ret, why);
}

static enum mfa_err
commit(void *ctx, const struct buf *text, struct mfa_why *why)
{
	struct fixture *f = ctx;

	return f->ports.ledger.commit(&f->fake, text, why);
}

static void
end(void *ctx)
{
	struct fixture *f = ctx;

	f->ports.ledger.end(&f->fake);
}

static void
configure(struct fixture *f, const char *more)
{
	conf_init(&f->conf);
	if (conf_parse(&f->conf, "t", CONF, strlen(CONF), &f->why) ||
	    conf_parse(&f->conf, "u", more, strlen(more), &f->why))
		fail_msg("%s", f->why.text);
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	f->fake.now = (struct mfa_time){ 1700000000, 5000000, "boot-1" };
	f->ports = fake_ports(&f->fake);
	f->ledger = (struct mfa_store){ .ctx = f, .begin = begin,
	    .commit = commit, .end = end };
	f->sender = (struct mfa_sender){ .ctx = f, .send = watch };
	configure(f, "");
	f->door = (struct otc_door){ "alice", "sshd", "web1" };
	f->phone = (struct phone_factor){ .number = JP,
	    .way = { true, true } };
	f->c = (struct courier){ .ledger = &f->ledger, .sender = &f->sender,
	    .clock = &f->ports.clock, .conf = &f->conf, .door = &f->door,
	    .rhost = "192.0.2.1",
	    .deadline_ms = f->fake.now.boot_ms + 120000 };
	*state = f;
	return crypto_new("", &f->c.crypto, NULL) != MFA_OK;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	buf_wipe(&f->seen);
	fake_free(&f->fake);
	crypto_free(f->c.crypto);
	free(f);
	return 0;
}

static enum mfa_err
send_by(struct fixture *f, enum sending_kind kind)
{
	enum mfa_err r;

	*f->why.text = '\0';
	r = courier_send(&f->c, &f->phone, kind, "271828", &f->d, &f->why);
	assert_int_equal(f->fake.breaches, 0);
	assert_false(f->fake.ledger_locked);
	return r;
}

static void
becomes(struct fixture *f, enum delivery_outcome outcome)
{
	if (send_by(f, SENDING_SMS))
		fail_msg("%s", f->why.text);
	assert_int_equal(f->d.outcome, outcome);
}

static void
pass(struct fixture *f, int64_t seconds)
{
	f->fake.now.boot_ms += seconds * 1000;
	f->fake.now.real += seconds;
	f->c.deadline_ms = f->fake.now.boot_ms + 120000;
}

static unsigned
counted(const struct buf *ledger)
{
	unsigned n = 0;

	for (const char *p = buf_str(ledger); (p = strstr(p, "\nsent = "));
	    p++)
		n++;
	return n;
}

static void
answers(struct fixture *f, enum sending_class class)
{
	f->fake.send_fails = true;
	f->fake.answer = (struct sending_answer){ .class = class,
	    .provider = "kannel", .reason = "503" };
}

static void
sent(void **state)
{
	struct fixture *f = *state;
	char first[33];

	strcpy(f->phone.extension, "123");
	becomes(f, DELIVERY_SENT);
	assert_string_equal(f->d.answer.id, "id-1");
	assert_string_equal(buf_str(&f->fake.text), "Login to web1. Never tell "
	    "anybody this code, which is good for 5 minutes: 271828");
	assert_string_equal(f->fake.to, JP);
	assert_string_equal(f->fake.code, "271828");
	assert_string_equal(f->fake.language, "en");
	assert_string_equal(f->extension, "123");
	assert_string_equal(f->rhost, "192.0.2.1");
	assert_int_equal(f->req.op, SENDING_SEND);
	assert_int_equal(f->req.kind, SENDING_SMS);
	assert_int_equal(f->req.ttl, OTC_TTL);
	assert_int_equal(f->req.limit_ms, 10000);
	assert_int_equal(strspn(f->nonce, "0123456789abcdef"), 32);
	strcpy(first, f->nonce);
	pass(f, 10);
	becomes(f, DELIVERY_SENT);
	assert_string_not_equal(f->nonce, first);
}

/* Before the sender is asked it is in the ledger, whole, and on the disk. */
static void
counted_before(void **state)
{
	struct fixture *f = *state;

	becomes(f, DELIVERY_SENT);
	assert_string_equal(buf_str(&f->seen), "version = 1\n"
	    "written_at = 1700000000\nwritten_boottime = 5000\n"
	    "written_boot = boot-1\nsent = 0 sms " JP " alice\n");
	assert_string_equal(buf_str(&f->fake.ledger), buf_str(&f->seen));
}

static void
refunded_only_if_certain(void **state)
{
	static const enum sending_class certain[] = { SENDING_TRANSIENT,
	    SENDING_PERMANENT, SENDING_CONFIG, SENDING_QUOTA };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(certain) / sizeof(*certain); i++) {
		answers(f, certain[i]);
		becomes(f, DELIVERY_REFUSED);
		assert_int_equal(f->d.answer.class, certain[i]);
		assert_int_equal(counted(&f->seen), 1);
		assert_int_equal(counted(&f->fake.ledger), 0);
		pass(f, 3600);
	}
	answers(f, SENDING_UNKNOWN);
	becomes(f, DELIVERY_UNCLEAR);
	assert_int_equal(counted(&f->fake.ledger), 1);
	becomes(f, DELIVERY_WAIT);
	assert_string_equal(f->d.key, "resend_after");
	assert_int_equal(f->d.wait, 1);
}

/* A number that no provider takes: not asked more often than if they did. */
static void
cool_down_of_refused(void **state)
{
	static const int64_t waits[] = { 30, 60, 120, 240, 480, 960, 1920 };
	struct fixture *f = *state;

	configure(f, "resend_after = 30s\n");
	answers(f, SENDING_PERMANENT);
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		becomes(f, DELIVERY_REFUSED);
		becomes(f, DELIVERY_WAIT);
		assert_int_equal(f->d.wait, waits[i]);
		assert_string_equal(f->d.key, "resend_after");
		pass(f, waits[i]);
	}
	assert_int_equal(counted(&f->fake.ledger), 0);
	/* Another number is asked at once. */
	becomes(f, DELIVERY_REFUSED);
	becomes(f, DELIVERY_WAIT);
	strcpy(f->phone.number, "+819000005678");
	f->fake.send_fails = false;
	becomes(f, DELIVERY_SENT);
}

/* A refund takes out one's own message, not one that another has sent since. */
static void
refund_beside_another(void **state)
{
	struct fixture *f = *state;

	becomes(f, DELIVERY_SENT);
	pass(f, 10);
	answers(f, SENDING_TRANSIENT);
	f->other = true;
	becomes(f, DELIVERY_REFUSED);
	assert_int_equal(counted(&f->seen), 2);
	assert_true(fake_has(&f->fake.ledger, "\nsent = 10 sms " JP " alice\n"
	    "refused = 0 sms " JP " alice\nsent = 0 sms " JP " bob\n"));
	assert_int_equal(counted(&f->fake.ledger), 2);
}

static void
nowhere(void **state)
{
	static const struct {
		const char *number;
		enum phone_reach reach;
	} rows[] = {
		{ "+12125550100", PHONE_UNLISTED },
		{ "+447000900123", PHONE_REFUSED },
		{ "+870000000012", PHONE_NO_COUNTRY },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		strcpy(f->phone.number, rows[i].number);
		becomes(f, DELIVERY_NOWHERE);
		assert_int_equal(f->d.reach, rows[i].reach);
	}
	assert_int_equal(f->fake.sends, 0);
}

/* None are set: nowhere at all. "+1" is not the Caribbean. */
static void
prefixes(void **state)
{
	struct fixture *f = *state;

	*f->conf.send.numbers = '\0';
	becomes(f, DELIVERY_NOWHERE);
	strcpy(f->conf.send.numbers, "+1");
	strcpy(f->phone.number, "+12425550100");
	becomes(f, DELIVERY_NOWHERE);
	assert_int_equal(f->d.reach, PHONE_APART);
	assert_int_equal(f->fake.sends, 0);
	assert_int_equal(f->fake.calls, 0);	/* not even the ledger */
	strcpy(f->phone.number, "+12125550100");
	becomes(f, DELIVERY_SENT);
}

static void
languages(void **state)
{
	struct fixture *f = *state;

	f->c.language = LANGUAGE_JA;
	becomes(f, DELIVERY_SENT);
	assert_string_equal(f->fake.language, "ja");
	assert_true(fake_has(&f->fake.text, "ログイン確認コード(5分間有効)"
	    "です。誰にも教えないでください: 271828"));
	configure(f, "webotp = example.com\nsms_ja = {code}\n");
	pass(f, 10);
	becomes(f, DELIVERY_SENT);
	assert_string_equal(buf_str(&f->fake.text),
	    "271828\n@example.com #271828");
	/* English stands in for a language without a text. */
	*f->conf.send.template[SENDING_VOICE][LANGUAGE_JA] = '\0';
	pass(f, 100);
	assert_int_equal(send_by(f, SENDING_VOICE), MFA_OK);
	assert_true(fake_has(&f->fake.text, "Your login code is "));
	assert_int_equal(f->req.kind, SENDING_VOICE);
	assert_false(fake_has(&f->fake.text, "@example.com"));
}

static void
cool_down(void **state)
{
	static const int64_t waits[] = { 30, 60, 120, 240 };
	struct fixture *f = *state;

	configure(f, "resend_after = 30s\nnumber_burst = 100\n");
	for (size_t i = 0; i < 4; i++) {
		becomes(f, DELIVERY_SENT);
		becomes(f, DELIVERY_WAIT);
		assert_int_equal(f->d.wait, waits[i]);
		assert_string_equal(f->d.key, "resend_after");
		pass(f, waits[i] - 1);
		becomes(f, DELIVERY_WAIT);
		assert_int_equal(f->d.wait, 1);
		pass(f, 1);
	}
	becomes(f, DELIVERY_SENT);
	becomes(f, DELIVERY_WAIT);
	assert_string_equal(f->d.key, "user_hourly");
	assert_int_equal(f->fake.sends, 5);
}

/* No clock that is set and no reboot makes it sooner. */
static void
clocks(void **state)
{
	struct fixture *f = *state;

	configure(f, "resend_after = 1h\n");
	becomes(f, DELIVERY_SENT);
	f->fake.now.real += 1000000;
	becomes(f, DELIVERY_WAIT);
	assert_int_equal(f->d.wait, 3600);
	f->fake.now.real -= 2000000;
	becomes(f, DELIVERY_WAIT);
	assert_int_equal(f->d.wait, 3600);
	f->fake.now = (struct mfa_time){ 1699000000, 60000, "boot-2" };
	f->c.deadline_ms = 180000;
	becomes(f, DELIVERY_WAIT);
	assert_int_equal(f->d.wait, 3540);
	f->fake.now.boot_ms += 3540000;
	f->c.deadline_ms += 3540000;
	becomes(f, DELIVERY_SENT);
	assert_int_equal(f->fake.sends, 2);
}

static void
as_user(struct fixture *f, unsigned n)
{
	static char name[16];

	snprintf(name, sizeof(name), "user%u", n);
	f->door.user = name;
}

static void
burst_over_users(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < 3; i++) {
		as_user(f, i);
		becomes(f, DELIVERY_SENT);
	}
	as_user(f, 3);
	becomes(f, DELIVERY_WAIT);
	assert_string_equal(f->d.key, "number_burst");
	assert_int_equal(f->d.wait, 600);
	strcpy(f->phone.number, "+819000001235");
	becomes(f, DELIVERY_SENT);
}

static void
one_call(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(send_by(f, SENDING_VOICE), MFA_OK);
	assert_int_equal(f->d.outcome, DELIVERY_SENT);
	pass(f, 10);
	assert_int_equal(send_by(f, SENDING_VOICE), MFA_OK);
	assert_int_equal(f->d.outcome, DELIVERY_WAIT);
	assert_string_equal(f->d.key, "call_every");
	assert_int_equal(f->d.wait, 590);
	becomes(f, DELIVERY_SENT);
}

/* One alert on the way up, then the end for all; whoever it was. */
static void
host_limit(void **state)
{
	struct fixture *f = *state;
	unsigned alerts = 0;

	configure(f, "host_hourly = 10\nnumber_burst = 100\n");
	for (unsigned i = 0; i < 10; i++) {
		as_user(f, i);
		/* What is taken back alerts nobody, however often. */
		answers(f, SENDING_TRANSIENT);
		becomes(f, DELIVERY_REFUSED);
		assert_null(f->d.alert);
		f->fake.send_fails = false;
		pass(f, 1);
		becomes(f, DELIVERY_SENT);
		if (f->d.alert == NULL)
			continue;
		assert_int_equal(i, 7);
		assert_string_equal(f->d.alert, "host_hourly");
		alerts++;
	}
	assert_int_equal(alerts, 1);
	as_user(f, 10);
	becomes(f, DELIVERY_HOST);
	assert_string_equal(f->d.key, "host_hourly");
	assert_null(f->d.alert);
	assert_int_equal(f->fake.sends, 20);
	pass(f, 3600);
	becomes(f, DELIVERY_SENT);
}

/* Nothing is sent on the word of a ledger that cannot be read or written. */
static void
ledger_broken(void **state)
{
	struct fixture *f = *state;

	fake_set(&f->fake.ledger, "version = 1\nsent = nothing\n");
	assert_int_equal(send_by(f, SENDING_SMS), MFA_ESYNTAX);
	assert_string_equal(f->why.text, "line 2: no good sent");
	assert_int_equal(f->fake.sends, 0);
	assert_string_equal(buf_str(&f->fake.ledger),
	    "version = 1\nsent = nothing\n");
}

static void
name_escaped(void **state)
{
	struct fixture *f = *state;

	f->door.user = "a b\n";
	becomes(f, DELIVERY_SENT);
	assert_true(fake_has(&f->fake.ledger, " " JP " a%20b%0A\n"));
	becomes(f, DELIVERY_WAIT);
	f->door.user = "";
	assert_int_equal(send_by(f, SENDING_SMS), MFA_ERANGE);
	assert_int_equal(f->fake.sends, 1);
}

static void
in_time(void **state)
{
	struct fixture *f = *state;

	f->c.deadline_ms = f->fake.now.boot_ms + 1500;
	becomes(f, DELIVERY_SENT);
	assert_int_equal(f->req.limit_ms, 1500);
	assert_int_equal(f->wait_ms, 1500);
	/* Too little is left to begin: it is not sent, and not counted. */
	pass(f, 100);
	f->c.deadline_ms = f->fake.now.boot_ms + 100;
	assert_int_equal(send_by(f, SENDING_SMS), MFA_ETIME);
	assert_int_equal(counted(&f->fake.ledger), 1);
	assert_int_equal(f->fake.sends, 1);
	/* All is over: no lock is waited for. */
	pass(f, 100);
	f->c.deadline_ms = f->fake.now.boot_ms - 1;
	assert_int_equal(send_by(f, SENDING_SMS), MFA_ETIME);
	assert_int_equal(f->wait_ms, 0);
	/* A sender that took everything leaves the refund no time to wait. */
	f->takes_ms = 10000;
	pass(f, 100);
	f->c.deadline_ms = f->fake.now.boot_ms + 5000;
	answers(f, SENDING_TRANSIENT);
	becomes(f, DELIVERY_REFUSED);
	assert_int_equal(f->req.limit_ms, 5000);
	assert_int_equal(f->wait_ms, 0);
	assert_int_equal(counted(&f->fake.ledger), 1);
}

/* Every call fails in turn: what was sent is counted, whatever else. */
static void
faults(struct fixture *f, bool refused)
{
	unsigned n = 0;

	do {
		enum mfa_err r;

		fake_set(&f->fake.ledger, "");
		f->fake.sends = f->fake.calls = 0;
		f->fake.fail_at = ++n;
		r = send_by(f, SENDING_SMS);
		assert_int_equal(f->fake.sends, r == MFA_OK);
		if (r)
			assert_true(f->fake.calls >= n);
		else if (!refused)
			assert_int_equal(counted(&f->fake.ledger), 1);
		/* At worst, one too many is counted. */
		assert_in_range(counted(&f->fake.ledger), 0, 1);
	} while (f->fake.calls >= n);
	f->fake.fail_at = 0;
	/* clock begin commit clock, and if refused clock begin commit */
	assert_int_equal(n, refused ? 8 : 5);
	assert_int_equal(counted(&f->fake.ledger), !refused);
}

static void
fault_everywhere(void **state)
{
	struct fixture *f = *state;

	faults(f, false);
	answers(f, SENDING_QUOTA);
	faults(f, true);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(sent), T(counted_before),
	    T(refunded_only_if_certain), T(refund_beside_another),
	    T(cool_down_of_refused), T(nowhere),
	    T(prefixes), T(languages), T(cool_down), T(clocks),
	    T(burst_over_users), T(one_call), T(host_limit), T(ledger_broken),
	    T(name_escaped), T(in_time), T(fault_everywhere) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
