/*
 * The decision. Codes are RFC 4226 appendix D's: with that key and a period of
 * 30 s, the value of counter n is also the TOTP of second 30 n.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/verify.h"

static const char *const hotp[] = { "755224", "287082", "359152", "969429",
    "338314", "254676", "287922", "162583", "399871", "520489" };

struct fixture {
	struct crypto *crypto;
	struct factor factor[3];
	struct record rec;
	struct verify_rules rules;
	struct mfa_time now;
	struct state st;
	struct verify_result res;
	char shown[RECOVERY_CODES][RECOVERY_SHOWN + 1];
	bool joined;
};

static void
otp_factor(struct factor *f, const char *id, unsigned period)
{
	*f = (struct factor){ .kind = period ? FACTOR_TOTP : FACTOR_HOTP,
	    .otp = { .len = 20, .hash = CRYPTO_SHA1, .digits = 6,
	    .period = period } };
	snprintf(f->id, sizeof(f->id), "%s", id);
	memcpy(f->otp.key, "12345678901234567890", 20);
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL || crypto_new("", &f->crypto, NULL))
		return -1;
	otp_factor(&f->factor[0], "totp-aaaa", 30);
	f->rec = (struct record){ .factor = f->factor, .n = 1 };
	f->rules = (struct verify_rules){ { 5, 30, 3600, 50 },
	    { .methods = METHOD_ALL, .window_back = 1, .window_ahead = 1,
	    .look_ahead = 3, .drift_max = 2 } };
	f->now = (struct mfa_time){ .real = 150, .boot_ms = 1000000,
	    .boot_id = "b" };
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	crypto_free(f->crypto);
	free(f);
	return 0;
}

static const struct otc_door sshd = { "alice", "sshd", "host" };

static enum verify_outcome
type_at(struct fixture *f, const struct otc_door *door, const char *typed)
{
	const struct verify_input in = { .crypto = f->crypto,
	    .record = &f->rec, .rules = &f->rules, .now = &f->now,
	    .door = door, .typed = typed, .joined = f->joined };

	assert_int_equal(verify_answer(&in, &f->st, &f->res), MFA_OK);
	return f->res.outcome;
}

static enum verify_outcome
type(struct fixture *f, const char *typed)
{
	return type_at(f, &sshd, typed);
}

/* Steps 4, 5, 6 are the window at 150 s; the others are not. */
static void
window(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < 10; i++) {
		memset(&f->st, 0, sizeof(f->st));
		assert_int_equal(type(f, hotp[i]), i >= 4 && i <= 6 ?
		    VERIFY_RIGHT : VERIFY_WRONG);
	}
	f->rules.login.window_back = f->rules.login.window_ahead = 0;
	for (unsigned i = 0; i < 10; i++) {
		memset(&f->st, 0, sizeof(f->st));
		assert_int_equal(type(f, hotp[i]), i == 5 ? VERIFY_RIGHT :
		    VERIFY_WRONG);
	}
}

static void
at39_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	assert_string_equal(f->res.factor, "totp-aaaa");
	assert_int_equal(f->st.factor[0].next, 6);
	assert_int_equal(f->st.factor[0].used_at, 150);
	assert_int_equal(type(f, hotp[5]), VERIFY_USED);
	assert_int_equal(type(f, "254 676"), VERIFY_USED);
	assert_int_equal(type(f, "254-676"), VERIFY_USED);
	/* An older step after a newer one, and after the clock went back. */
	assert_int_equal(type(f, hotp[4]), VERIFY_USED);
	f->now.real = 90;
	assert_int_equal(type(f, hotp[3]), VERIFY_USED);
	assert_int_equal(f->st.factor[0].next, 6);
	f->now.real = 150;
	assert_int_equal(type(f, hotp[6]), VERIFY_RIGHT);
	assert_int_equal(f->st.failures, 0);
}

static void
at52_drift(void **state)
{
	struct fixture *f = *state;

	/* A clock one step ahead, learned; then two, learned. */
	assert_int_equal(type(f, hotp[6]), VERIFY_RIGHT);
	assert_int_equal(f->st.factor[0].drift, 1);
	assert_int_equal(type(f, hotp[7]), VERIFY_RIGHT);
	assert_int_equal(f->st.factor[0].drift, 2);
	/* Three is over the bound: accepted by the window, not learned. */
	assert_int_equal(type(f, hotp[8]), VERIFY_RIGHT);
	assert_int_equal(f->st.factor[0].drift, 2);
	assert_int_equal(type(f, hotp[9]), VERIFY_WRONG);
	assert_int_equal(f->st.factor[0].drift, 2);
	/* The clock was set right since: its code is taken, and learned. */
	f->st.factor[0].next = 0;
	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	assert_int_equal(f->st.factor[0].drift, 0);
	f->st.factor[0].next = 0;
	f->st.factor[0].drift = -2;
	assert_int_equal(type(f, hotp[1]), VERIFY_WRONG);
	assert_int_equal(type(f, hotp[2]), VERIFY_RIGHT);
	assert_int_equal(f->st.factor[0].drift, -2);
	assert_int_equal(type(f, hotp[6]), VERIFY_RIGHT);
	assert_int_equal(f->st.factor[0].drift, 1);
	/* The administrator tightens the bound: what was learned yields. */
	f->rules.login.drift_max = 0;
	f->st.factor[0].next = 0;
	f->st.factor[0].drift = 2;
	assert_int_equal(type(f, hotp[7]), VERIFY_WRONG);
	assert_int_equal(type(f, hotp[6]), VERIFY_RIGHT);
	assert_int_equal(f->st.factor[0].drift, 0);
}

static void
counter_based(void **state)
{
	struct fixture *f = *state;

	otp_factor(&f->factor[0], "hotp-aaaa", 0);
	f->factor[0].otp.counter = 1;
	assert_int_equal(type(f, hotp[5]), VERIFY_WRONG);
	assert_int_equal(type(f, hotp[4]), VERIFY_RIGHT);	/* 1 + 3 */
	assert_int_equal(f->st.factor[0].next, 5);
	/* Sent twice by mistake: no guess. What is older is one. */
	assert_int_equal(type(f, hotp[4]), VERIFY_USED);
	assert_int_equal(f->st.failures, 0);
	assert_int_equal(type(f, hotp[3]), VERIFY_WRONG);
	assert_int_equal(f->st.failures, 1);
	assert_int_equal(f->st.factor[0].next, 5);
	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	/* A new token has no code that was used. */
	f->st.factor[0].next = f->factor[0].otp.counter = 0;
	assert_int_equal(type(f, hotp[0]), VERIFY_RIGHT);
	assert_int_equal(type(f, hotp[0]), VERIFY_USED);
}

static void
several(void **state)
{
	struct fixture *f = *state;

	otp_factor(&f->factor[1], "totp-bbbb", 30);
	f->factor[1].otp.key[0] = 'x';
	otp_factor(&f->factor[2], "hotp-cccc", 0);
	f->factor[2].otp.counter = 9;
	f->rec.n = 3;
	assert_int_equal(type(f, hotp[9]), VERIFY_RIGHT);
	assert_string_equal(f->res.factor, "hotp-cccc");
	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	assert_string_equal(f->res.factor, "totp-aaaa");
}

/* One key enrolled twice: each code still opens once. */
static void
twice_enrolled(void **state)
{
	struct fixture *f = *state;

	otp_factor(&f->factor[1], "totp-bbbb", 30);
	f->rec.n = 2;
	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	assert_int_equal(type(f, hotp[5]), VERIFY_USED);
	/* Even when one of the two has seen it only. */
	f->st.factor[1].next = 0;
	assert_int_equal(type(f, hotp[5]), VERIFY_USED);
	f->st.factor[0].next = 0;
	f->st.factor[1].next = 6;
	assert_int_equal(type(f, hotp[5]), VERIFY_USED);
}

static void
recovery(void **state)
{
	struct fixture *f = *state;

	f->factor[1] = (struct factor){ .id = "recovery-bbbb",
	    .kind = FACTOR_RECOVERY };
	assert_int_equal(recovery_new(f->crypto, &f->factor[1].recovery,
	    f->shown), MFA_OK);
	f->rec.n = 2;
	assert_int_equal(type(f, f->shown[3]), VERIFY_RIGHT);
	assert_int_equal(f->res.remaining, 9);
	assert_string_equal(f->res.factor, "recovery-bbbb");
	assert_int_equal(f->st.factor[1].used, 1 << 3);
	assert_int_equal(type(f, f->shown[3]), VERIFY_USED);
	assert_int_equal(type(f, f->shown[9]), VERIFY_RIGHT);
	assert_int_equal(f->res.remaining, 8);
	f->shown[0][0] = f->shown[0][0] == 'A' ? 'B' : 'A';
	assert_int_equal(type(f, f->shown[0]), VERIFY_WRONG);
	assert_int_equal(f->st.failures, 1);
}

static void
limited(void **state)
{
	struct fixture *f = *state;

	for (uint32_t i = 1; i <= 5; i++) {
		assert_int_equal(type(f, "000000"), VERIFY_WRONG);
		assert_int_equal(f->res.failures, i);
	}
	/* Nothing comes of it: a right code stays good. */
	assert_int_equal(type(f, hotp[5]), VERIFY_WAIT);
	assert_int_equal(f->res.wait, 30);
	assert_int_equal(f->st.failures, 5);
	f->now.boot_ms += 30000;
	assert_int_equal(type(f, "000000"), VERIFY_WRONG);
	assert_int_equal(type(f, hotp[5]), VERIFY_WAIT);
	assert_int_equal(f->res.wait, 60);
	f->now.boot_ms += 60000;
	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	assert_int_equal(f->st.failures, 0);
	f->st.failures = 50;
	assert_int_equal(type(f, hotp[6]), VERIFY_LOCKED);
	assert_int_equal(f->st.factor[0].next, 6);
}

/* A used code is no guess, and it is no success that clears the count. */
static void
used_is_not_counted(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	assert_int_equal(type(f, "000000"), VERIFY_WRONG);
	assert_int_equal(type(f, hotp[5]), VERIFY_USED);
	assert_int_equal(f->st.failures, 1);
}

static void
nobody(void **state)
{
	struct fixture *f = *state;

	f->rec.n = 0;
	assert_int_equal(type(f, hotp[5]), VERIFY_WRONG);
	assert_int_equal(f->st.failures, 1);
	assert_int_equal(type(f, "0000-0000-0000-0000"), VERIFY_WRONG);
	assert_int_equal(type(f, "no code"), VERIFY_WRONG);
	assert_int_equal(f->st.failures, 3);
}

static void
joined(void **state)
{
	struct fixture *f = *state;
	char both[64];

	f->joined = true;
	assert_int_equal(type(f, "pass254676"), VERIFY_RIGHT);
	assert_int_equal(f->res.at, 4);
	assert_int_equal(type(f, "pass254676"), VERIFY_USED);
	assert_int_equal(type(f, "254676"), VERIFY_USED);
	assert_int_equal(f->res.at, 0);
	assert_int_equal(type(f, "pass000000"), VERIFY_WRONG);
	assert_int_equal(f->res.at, 4);
	/* The password may end in digits of its own. */
	memset(&f->st, 0, sizeof(f->st));
	assert_int_equal(type(f, "pass12254676"), VERIFY_RIGHT);
	assert_int_equal(f->res.at, 6);
	/* Two lengths in use: each place is tried, and it is one guess. */
	memset(&f->st, 0, sizeof(f->st));
	otp_factor(&f->factor[1], "totp-bbbb", 30);
	f->factor[1].otp.digits = 8;
	f->factor[1].otp.key[0] = 'x';
	f->rec.n = 2;
	assert_int_equal(type(f, "pass12254676"), VERIFY_RIGHT);
	assert_int_equal(f->res.at, 6);
	assert_int_equal(type(f, "pass12000000"), VERIFY_WRONG);
	assert_int_equal(f->st.failures, 1);
	f->factor[1] = (struct factor){ .id = "recovery-bbbb",
	    .kind = FACTOR_RECOVERY };
	assert_int_equal(recovery_new(f->crypto, &f->factor[1].recovery,
	    f->shown), MFA_OK);
	snprintf(both, sizeof(both), "pass%s", f->shown[0]);
	assert_int_equal(type(f, both), VERIFY_RIGHT);
	assert_int_equal(f->res.at, 4);
	assert_int_equal(type(f, both), VERIFY_USED);
}

/* Somebody with an app, a phone and recovery codes. */
static void
add_phone(struct fixture *f)
{
	f->factor[1] = (struct factor){ .id = "phone-bbbb",
	    .kind = FACTOR_PHONE, .phone = { .number = "+819000001234",
	    .way = { true, true }, .key = { 1, 2, 3 } } };
	f->factor[2] = (struct factor){ .id = "recovery-cccc",
	    .kind = FACTOR_RECOVERY };
	assert_int_equal(recovery_new(f->crypto, &f->factor[2].recovery,
	    f->shown), MFA_OK);
	f->rec.n = 3;
}

/* As the login keeps it. */
static void
keep(struct fixture *f, const struct otc_door *door, const char *code)
{
	f->st.code = (struct sent_code){ .factor = "phone-bbbb",
	    .way = SENDING_VOICE };
	snprintf(f->st.code.service, sizeof(f->st.code.service), "%s",
	    door->service);
	moment_set(&f->st.code.sent, &f->now);
	assert_int_equal(otc_mac(f->crypto, f->factor[1].phone.key, door, code,
	    f->st.code.mac), MFA_OK);
}

#define CODE "271828"

static void
sent_once(void **state)
{
	struct fixture *f = *state;

	add_phone(f);
	keep(f, &sshd, CODE);
	f->st.failures = 2;
	assert_int_equal(type(f, "271 828"), VERIFY_RIGHT);
	assert_string_equal(f->res.factor, "phone-bbbb");
	assert_int_equal(f->res.kind, FACTOR_PHONE);
	assert_int_equal(f->res.way, SENDING_VOICE);
	assert_int_equal(f->st.failures, 0);
	assert_int_equal(f->st.factor[1].used_at, 150);
	/* Once more it is a used one, and no guess; nothing else is right. */
	assert_int_equal(f->st.code.used, 1);
	assert_int_equal(type(f, CODE), VERIFY_USED);
	assert_int_equal(f->res.kind, FACTOR_PHONE);
	assert_int_equal(f->st.failures, 0);
	assert_int_equal(type(f, "000000"), VERIFY_WRONG);
	assert_int_equal(f->st.failures, 1);
	assert_int_equal(f->st.code.wrong, 0);
	/* The app's mark did not move, and it is right as ever. */
	assert_int_equal(f->st.factor[0].next, 0);
	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
}

/* Three wrong answers of any kind, then it is void; all are counted. */
static void
sent_tried_out(void **state)
{
	struct fixture *f = *state;

	add_phone(f);
	keep(f, &sshd, CODE);
	assert_int_equal(type(f, "000000"), VERIFY_WRONG);
	assert_false(f->res.tried_out);
	assert_int_equal(type(f, "0000-0000-0000-0000"), VERIFY_WRONG);
	assert_false(f->res.tried_out);
	assert_int_equal(type(f, "000000"), VERIFY_WRONG);
	assert_true(f->res.tried_out);
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
	assert_false(f->res.tried_out);
	assert_int_equal(f->st.failures, 4);
	/* A new one has its own three, and the count goes on. */
	keep(f, &sshd, CODE);
	assert_int_equal(type(f, "000000"), VERIFY_WRONG);
	assert_int_equal(f->st.failures, 5);
	assert_int_equal(type(f, CODE), VERIFY_WAIT);
	f->now.boot_ms += 30000;
	assert_int_equal(type(f, CODE), VERIFY_RIGHT);
}

static void
sent_expires(void **state)
{
	struct fixture *f = *state;

	add_phone(f);
	keep(f, &sshd, CODE);
	f->now.boot_ms += (OTC_TTL - 1) * 1000;
	f->now.real = 90;	/* the wall clock has no say */
	assert_int_equal(type(f, CODE), VERIFY_RIGHT);
	assert_int_equal(type(f, CODE), VERIFY_USED);
	f->now.boot_ms += 1000;
	assert_int_equal(type(f, CODE), VERIFY_EXPIRED);
	keep(f, &sshd, CODE);
	f->now.boot_ms += OTC_TTL * 1000;
	assert_int_equal(type(f, CODE), VERIFY_EXPIRED);
	assert_string_equal(f->res.factor, "phone-bbbb");
	assert_int_equal(f->st.failures, 0);
	/* No more wrong answers are counted against it; nor does it return. */
	assert_int_equal(type(f, "000000"), VERIFY_WRONG);
	assert_int_equal(f->st.code.wrong, 0);
	f->now.real = 150;
	assert_int_equal(type(f, CODE), VERIFY_EXPIRED);
	/* A used code of the app is used, whatever else it was. */
	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	keep(f, &sshd, hotp[5]);
	assert_int_equal(type(f, hotp[5]), VERIFY_USED);
	f->now.boot_ms += OTC_TTL * 1000;
	assert_int_equal(type(f, hotp[5]), VERIFY_USED);
}

static void
sent_ends_with_boot(void **state)
{
	struct fixture *f = *state;

	add_phone(f);
	keep(f, &sshd, CODE);
	/* Ten seconds later on the wall, and ten after boot. */
	f->now = (struct mfa_time){ .real = 160, .boot_ms = 10000,
	    .boot_id = "c" };
	assert_int_equal(type(f, CODE), VERIFY_EXPIRED);
	assert_int_equal(type(f, "000000"), VERIFY_WRONG);
	assert_false(f->res.tried_out);
}

static void
sent_to_one_door(void **state)
{
	static const struct otc_door others[] = { { "bob", "sshd", "host" },
	    { "alice", "sudo", "host" }, { "alice", "sshd", "host2" },
	    { "alice", "sshd", "" } };
	struct fixture *f = *state;

	add_phone(f);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		memset(&f->st, 0, sizeof(f->st));
		keep(f, &sshd, CODE);
		assert_int_equal(type_at(f, &others[i], CODE), VERIFY_WRONG);
		assert_int_equal(f->st.failures, 1);
		assert_int_equal(type(f, CODE), VERIFY_RIGHT);
	}
}

/* A phone that was removed, enrolled anew, or whose place another took. */
static void
sent_to_that_phone(void **state)
{
	struct fixture *f = *state;

	add_phone(f);
	keep(f, &sshd, CODE);
	f->factor[1].phone.key[31] ^= 1;
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
	f->factor[1].phone.key[31] ^= 1;
	f->factor[1].kind = FACTOR_HOTP;
	f->factor[1].otp = f->factor[0].otp;
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
	add_phone(f);
	snprintf(f->factor[1].id, sizeof(f->factor[1].id), "phone-eeee");
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
	/* It is not known any more. */
	assert_string_equal(f->st.code.factor, "");
	snprintf(f->factor[1].id, sizeof(f->factor[1].id), "phone-bbbb");
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
}

static void
sent_and_replaced(void **state)
{
	struct fixture *f = *state;

	add_phone(f);
	keep(f, &sshd, CODE);
	keep(f, &sshd, "314159");
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
	assert_int_equal(type(f, "314159"), VERIFY_RIGHT);
}

/* Whatever let the person in, no code is left lying about. */
static void
sent_and_not_needed(void **state)
{
	struct fixture *f = *state;

	add_phone(f);
	keep(f, &sshd, CODE);
	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	assert_string_equal(f->st.code.factor, "");
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
	keep(f, &sshd, CODE);
	assert_int_equal(type(f, f->shown[0]), VERIFY_RIGHT);
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
}

/* No code was ever sent: no digits match what is not there. */
static void
never_sent(void **state)
{
	static const uint8_t none[OTC_KEY];
	struct fixture *f = *state;

	add_phone(f);
	memcpy(f->factor[1].phone.key, none, sizeof(none));
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
	assert_false(f->res.tried_out);
	/* The state of one who lost all phones to a reset. */
	keep(f, &sshd, CODE);
	f->rec.n = 1;
	assert_int_equal(type(f, CODE), VERIFY_WRONG);
}

/* Typed behind a password it is the same code, and one guess. */
static void
sent_joined(void **state)
{
	struct fixture *f = *state;

	f->joined = true;
	add_phone(f);
	keep(f, &sshd, CODE);
	assert_int_equal(type(f, "pass000000"), VERIFY_WRONG);
	assert_int_equal(f->st.code.wrong, 1);
	assert_int_equal(type(f, "pass" CODE), VERIFY_RIGHT);
	assert_int_equal(f->res.at, 4);
	/* Also where no app sets the length. */
	memset(&f->st, 0, sizeof(f->st));
	f->rec.factor = &f->factor[1];
	f->rec.n = 1;
	keep(f, &sshd, CODE);
	assert_int_equal(type(f, "pass12" CODE), VERIFY_RIGHT);
	assert_int_equal(f->res.at, 6);
}

/* A pass for an hour, from now on. */
static void
give_pass(struct fixture *f, char shown[static RECOVERY_SHOWN + 1])
{
	f->st.pass = (struct pass){ .lasts = 3600 };
	moment_set(&f->st.pass.since, &f->now);
	assert_int_equal(recovery_one_new(f->crypto, &f->st.pass.code, shown),
	    MFA_OK);
}

/* Good once, for whoever has no factor too, and for no factor's account. */
static void
pass(void **state)
{
	struct fixture *f = *state;
	char shown[RECOVERY_SHOWN + 1];

	for (size_t n = 0; n < 2; n++) {
		f->rec.n = n;
		give_pass(f, shown);
		f->st.failures = 2;
		assert_int_equal(type(f, "ABCD-EFGH-JKMN-PQRS"), VERIFY_WRONG);
		assert_false(f->res.pass);
		assert_int_equal(f->res.failures, 3);
		assert_int_equal(type(f, shown), VERIFY_RIGHT);
		assert_true(f->res.pass);
		assert_string_equal(f->res.factor, "");
		assert_int_equal(f->st.failures, 0);
		assert_int_equal(f->st.pass.lasts, 0);
		assert_int_equal(type(f, shown), VERIFY_WRONG);
		assert_false(f->res.pass);
		assert_int_equal(f->st.failures, 1);
		/* A code does not use it up. */
		give_pass(f, shown);
		assert_int_equal(type(f, hotp[5]), n ? VERIFY_RIGHT :
		    VERIFY_WRONG);
		assert_int_equal(f->st.pass.lasts, 3600);
		memset(&f->st, 0, sizeof(f->st));
	}
}

static void
pass_ends(void **state)
{
	struct fixture *f = *state;
	char shown[RECOVERY_SHOWN + 1];

	give_pass(f, shown);
	f->st.failures = 5;
	moment_set(&f->st.failed, &f->now);
	assert_int_equal(type(f, shown), VERIFY_WAIT);
	f->st.failures = 50;
	assert_int_equal(type(f, shown), VERIFY_LOCKED);
	f->st.failures = 0;
	f->now.boot_ms += 3600 * 1000;
	assert_int_equal(type(f, shown), VERIFY_EXPIRED);
	assert_true(f->res.pass);
	assert_int_equal(f->st.failures, 0);
	f->now.boot_ms -= 1000;
	assert_int_equal(type(f, shown), VERIFY_RIGHT);
	/* A record without a hash is no pass. */
	f->st.pass.lasts = 3600;
	moment_set(&f->st.pass.since, &f->now);
	assert_int_equal(type(f, shown), VERIFY_WRONG);
}

/* A reset is told of by a right answer, once; a wrong one keeps it. */
static void
reset_is_told(void **state)
{
	struct fixture *f = *state;

	f->st.reset.at.real = 100;
	assert_int_equal(type(f, "000000"), VERIFY_WRONG);
	assert_int_equal(f->res.reset_at, 0);
	assert_int_equal(f->st.reset.at.real, 100);
	assert_int_equal(type(f, hotp[5]), VERIFY_RIGHT);
	assert_int_equal(f->res.reset_at, 100);
	assert_false(state_was_reset(&f->st.reset));
}

static void
shapes(void **state)
{
	static const struct {
		const char *typed;
		bool alone, joined;
	} table[] = {
		{ "123456", true, true }, { "123 456", true, false },
		{ "12345678", true, true }, { "12345", false, false },
		{ "123456789", false, true }, { "", false, false },
		{ "s", false, false }, { "pass123456", false, true },
		{ "pass12345", false, false },
		{ "ABCD-EFGH-JKMN-PQRS", true, true },
		{ "ABCDEFGHJKMNPQRS", true, false },
		{ "xABCD-EFGH-JKMN-PQRS", false, true },
		{ "\b\n\r\177INCORRECT", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (verify_shape(table[i].typed, false) != table[i].alone ||
		    verify_shape(table[i].typed, true) != table[i].joined)
			fail_msg("\"%s\"", table[i].typed);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(window), T(at39_once),
	    T(at52_drift), T(counter_based), T(several), T(twice_enrolled),
	    T(recovery),
	    T(limited), T(used_is_not_counted), T(nobody), T(joined),
	    T(sent_once), T(sent_tried_out), T(sent_expires),
	    T(sent_ends_with_boot), T(sent_to_one_door), T(sent_to_that_phone),
	    T(sent_and_replaced), T(sent_and_not_needed), T(never_sent),
	    T(sent_joined), T(pass), T(pass_ends), T(reset_is_told),
	    T(shapes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
