/*
 * One answer on fake ports, with a fault at every call: never right unless it
 * is on the disk, and right and wrong alike when it is not. The key is RFC
 * 4226 appendix D's; see test_verify.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/sys/attempt.h"
#include "../fake/fake_ports.h"
#include "../fake/memory.h"
#include "../fake/no_crypto.h"

#define RIGHT "254676"		/* second 150 */
#define WRONG "000000"
#define LOCKED "version = 1\nfailures = 50\nfailed_at = 1\n" \
	"failed_boottime = 1\nfailed_boot = b\n"

static const char RECORD[] = "version = 1\n[factor totp-aaaa]\nkind = totp\n"
    "label = Phone\ncreated = 1\nsecret = GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n"
    "algorithm = SHA1\ndigits = 6\nperiod = 30\n";

/* What is called, in order: clock, begin, factors, commit. */
enum { CLOCK = 1, BEGIN, FACTORS, COMMIT, CALLS = COMMIT };

struct fixture {
	struct fake fake;
	struct mfa_ports ports;
	struct attempt attempt;
	struct verify_result res;
	struct mfa_why why;
};

static const struct otc_door door = { "alice", "sshd", "host" };

static int
setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));

	f->fake.now = (struct mfa_time){ .real = 150, .boot_ms = 5000,
	    .boot_id = "b" };
	fake_set(&f->fake.factors, RECORD);
	f->ports = fake_ports(&f->fake);
	f->attempt = (struct attempt){ .door = &door, .store = &f->ports.store,
	    .clock = &f->ports.clock, .rules = { { 5, 30, 3600, 50 },
	    { .methods = METHOD_ALL, .window_back = 1, .window_ahead = 1,
	    .drift_max = 2 } },
	    .deadline_ms = 5001, .enrolled = true };
	*state = f;
	return crypto_new("", &f->attempt.crypto, &f->why);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	crypto_free(f->attempt.crypto);
	fake_free(&f->fake);
	test_free(f);
	return 0;
}

/* One attempt; ret is untouched by an error, the lock free after it. */
static enum mfa_err
try(struct fixture *f, const char *typed)
{
	struct verify_result untouched;
	enum mfa_err r;

	memset(&f->res, 0x55, sizeof(f->res));
	untouched = f->res;
	f->why.text[0] = '\0';
	f->fake.calls = 0;
	r = attempt_answer(&f->attempt, typed, &f->res, &f->why);
	if (r) {
		assert_memory_equal(&f->res, &untouched, sizeof(untouched));
		assert_string_not_equal(f->why.text, "");
	}
	assert_int_equal(f->fake.breaches, 0);
	assert_int_equal(f->fake.begins, f->fake.ends);
	return r;
}

/* One write, whether right, used, wrong or not to be looked at. */
static void
outcomes(void **state)
{
	static const struct {
		const char *state, *typed;
		enum verify_outcome outcome;
		const char *after;
	} table[] = {
		{ "", RIGHT, VERIFY_RIGHT, "next = 6\n" },
		{ "", WRONG, VERIFY_WRONG, "failures = 1\n" },
		{ "version = 1\n[factor totp-aaaa]\nnext = 6\n", RIGHT,
		    VERIFY_USED, "next = 6\n" },
		{ "version = 1\nfailures = 5\nfailed_at = 1\nfailed_boottime "
		    "= 1\nfailed_boot = b\n", RIGHT, VERIFY_WAIT,
		    "failures = 5\n" },
		{ LOCKED, RIGHT, VERIFY_LOCKED, "failures = 50\n" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		fake_set(&f->fake.state, table[i].state);
		f->fake.commits = 0;
		assert_int_equal(try(f, table[i].typed), MFA_OK);
		assert_int_equal(f->res.outcome, table[i].outcome);
		assert_int_equal(f->fake.commits, 1);
		assert_int_equal(f->fake.calls, CALLS);
		assert_true(fake_has(&f->fake.state, table[i].after));
	}
}

/* In vain nothing changes, and something is written all the same. */
static void
in_vain(void **state)
{
	struct fixture *f = *state;

	f->attempt.vain = true;
	for (int i = 0; i < 2; i++) {
		fake_set(&f->fake.state, i ? LOCKED : "");
		f->fake.commits = 0;
		assert_int_equal(try(f, WRONG), MFA_OK);
		assert_int_equal(f->fake.commits, 1);
		assert_string_equal(buf_str(&f->fake.state), i ? LOCKED :
		    "version = 1\nfailures = 0\n");
	}
}

/* Every call fails with every error, for right and wrong the same way. */
static void
faults(void **state)
{
	static const enum mfa_err errors[] = { MFA_ENOMEM, MFA_ESYNTAX,
	    MFA_ENOENT, MFA_EPERM, MFA_EIO, MFA_EBUSY };
	static const char *const typed[] = { RIGHT, WRONG };
	struct fixture *f = *state;
	char said[2][sizeof(f->why.text)];

	for (size_t e = 0; e < sizeof(errors) / sizeof(*errors); e++)
		for (f->fake.fail_at = CLOCK; f->fake.fail_at <= CALLS;
		    f->fake.fail_at++) {
			f->fake.fail_with = errors[e];
			for (int i = 0; i < 2; i++) {
				fake_set(&f->fake.state, "");
				assert_int_equal(try(f, typed[i]), errors[e]);
				assert_string_equal(buf_str(&f->fake.state),
				    "");
				memcpy(said[i], f->why.text, sizeof(said[i]));
			}
			assert_string_equal(said[0], said[1]);
		}
	assert_int_equal(f->fake.commits, 0);
	f->fake.fail_at = 0;
	assert_int_equal(try(f, RIGHT), MFA_OK);
	assert_int_equal(f->res.outcome, VERIFY_RIGHT);
}

static void
no_crypto_no_outcome(void **state)
{
	struct fixture *f = *state;

	crypto_free(f->attempt.crypto);
	f->attempt.crypto = no_crypto();
	assert_int_equal(try(f, RIGHT), MFA_ECRYPTO);
	assert_int_equal(try(f, "0000-0000-0000-0000"), MFA_ECRYPTO);
	assert_int_equal(f->fake.commits, 0);
}

static void
broken_texts(void **state)
{
	struct fixture *f = *state;

	fake_set(&f->fake.state, "version = 1\nfailures = -1\n");
	assert_int_equal(try(f, RIGHT), MFA_ERANGE);
	assert_memory_equal(f->why.text, "line 2: ", 8);
	fake_set(&f->fake.state, "");
	fake_set(&f->fake.factors, "version = 1\n");
	assert_int_equal(try(f, RIGHT), MFA_ESYNTAX);
	buf_wipe(&f->fake.factors);
	assert_int_equal(try(f, RIGHT), MFA_ENOENT);
	assert_int_equal(f->fake.commits, 0);
}

/* Somebody who has none: the factors are not read, and it is counted. */
static void
nobody(void **state)
{
	struct fixture *f = *state;

	f->attempt.enrolled = false;
	assert_int_equal(try(f, RIGHT), MFA_OK);
	assert_int_equal(f->res.outcome, VERIFY_WRONG);
	assert_int_equal(f->fake.calls, CALLS - 1);
	assert_true(fake_has(&f->fake.state, "failures = 1\n"));
}

static void
joined(void **state)
{
	struct fixture *f = *state;

	f->attempt.joined = true;
	assert_int_equal(try(f, "pass" RIGHT), MFA_OK);
	assert_int_equal(f->res.outcome, VERIFY_RIGHT);
	assert_int_equal(f->res.at, 4);
}

static enum mfa_err (*real_begin)(void *, int, struct buf *, struct mfa_why *);
static int waited;

static enum mfa_err
begin(void *ctx, int wait_ms, struct buf *ret, struct mfa_why *why)
{
	waited = wait_ms;
	return real_begin(ctx, wait_ms, ret, why);
}

/* The lock waits neither longer than the dialogue may last nor than 2 s. */
static void
deadlines(void **state)
{
	static const struct {
		int64_t deadline;
		int wait;	/* -1: it is over */
	} table[] = { { 0, -1 }, { 4999, -1 }, { 5000, -1 }, { 5001, 1 },
	    { 6999, 1999 }, { 7000, 2000 }, { 7001, 2000 },
	    { INT64_MAX, 2000 } };
	struct fixture *f = *state;

	real_begin = f->ports.store.begin;
	f->ports.store.begin = begin;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		f->attempt.deadline_ms = table[i].deadline;
		waited = -1;
		assert_int_equal(try(f, WRONG), table[i].wait < 0 ? MFA_ETIME :
		    MFA_OK);
		assert_int_equal(waited, table[i].wait);
		fake_set(&f->fake.state, "");
	}
}

/* The key stands in the fake's own text, and nowhere else afterwards. */
static void
leaves_nothing(void **state)
{
	struct fixture *f = *state;

	fake_set(&f->fake.factors, "version = 1\n[factor totp-aaaa]\n"
	    "kind = totp\nlabel =\ncreated = 1\nalgorithm = SHA1\n"
	    "digits = 6\nperiod = 30\nsecret = ");
	for (size_t i = 0; i < MEMORY_MARK; i++)
		assert_int_equal(buf_printf(&f->fake.factors, "%c",
		    memory_mark(i)), MFA_OK);
	assert_int_equal(memory_marks(), 1);
	assert_int_equal(try(f, WRONG), MFA_OK);
	assert_int_equal(memory_marks(), 1);
	/* Nor when it is refused after it was read. */
	assert_int_equal(buf_puts(&f->fake.factors, "\nperiod = 30\n"),
	    MFA_OK);
	assert_int_equal(try(f, WRONG), MFA_ESYNTAX);
	assert_int_equal(memory_marks(), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(outcomes), T(in_vain), T(faults),
	    T(no_crypto_no_outcome), T(broken_texts), T(nobody), T(joined),
	    T(deadlines), T(leaves_nothing) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
