/*
 * The decision where not every method is allowed. Codes are RFC 4226
 * appendix D's, as in test_verify.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/verify.h"
#include "../fake/no_crypto.h"

#define OTP "254676"	/* of step 5 */
#define SENT "271828"

enum { APP, PHONE, CODES, APP_TOO, FACTORS };

struct fixture {
	struct crypto *crypto;
	struct factor factor[FACTORS];
	struct record rec;
	struct verify_rules rules;
	struct mfa_time now;
	struct state st;
	struct verify_result res;
	char shown[RECOVERY_CODES][RECOVERY_SHOWN + 1];
	bool joined;
};

static const struct otc_door door = { "alice", "sshd", "host" };
static const struct otp_key key = { .key = "12345678901234567890", .len = 20,
    .hash = CRYPTO_SHA1, .digits = 6, .period = 30 };

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL || crypto_new("", &f->crypto, NULL))
		return -1;
	f->factor[APP] = (struct factor){ .id = "totp-a", .kind = FACTOR_TOTP,
	    .otp = key };
	f->factor[APP_TOO] = (struct factor){ .id = "totp-b",
	    .kind = FACTOR_TOTP, .otp = key };
	f->factor[PHONE] = (struct factor){ .id = "phone-a",
	    .kind = FACTOR_PHONE, .phone = { .way = { true, true },
	    .key = { 1, 2, 3 } } };
	f->factor[CODES] = (struct factor){ .id = "recovery-a",
	    .kind = FACTOR_RECOVERY };
	f->rec = (struct record){ .factor = f->factor, .n = APP_TOO };
	f->rules = (struct verify_rules){ { 5, 30, 3600, 50 },
	    { .window_back = 1, .window_ahead = 1, .look_ahead = 3,
	    .drift_max = 2 } };
	f->now = (struct mfa_time){ .real = 150, .boot_ms = 1000000,
	    .boot_id = "b" };
	f->st.code = (struct sent_code){ .factor = "phone-a",
	    .way = SENDING_SMS, .service = "sshd" };
	moment_set(&f->st.code.sent, &f->now);
	*state = f;
	return otc_mac(f->crypto, f->factor[PHONE].phone.key, &door, SENT,
	    f->st.code.mac) || recovery_new(f->crypto,
	    &f->factor[CODES].recovery, f->shown);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	crypto_free(f->crypto);
	free(f);
	return 0;
}

static enum verify_outcome
type(struct fixture *f, const char *methods, const char *typed)
{
	const struct verify_input in = { .crypto = f->crypto,
	    .record = &f->rec, .rules = &f->rules, .now = &f->now,
	    .door = &door, .typed = typed, .joined = f->joined };

	f->rules.login.methods = 0;
	if (*methods)
		assert_int_equal(method_list(methods,
		    &f->rules.login.methods), MFA_OK);
	assert_int_equal(verify_answer(&in, &f->st, &f->res), MFA_OK);
	return f->res.outcome;
}

/* Refused, with its name, and nothing has changed. */
static void
not_here(struct fixture *f, const char *methods, const char *typed,
    const char *factor)
{
	struct state before;

	f->st.failures = 3;
	state_align(&f->st, &f->rec);
	before = f->st;
	assert_int_equal(type(f, methods, typed), VERIFY_NOT_HERE);
	assert_string_equal(f->res.factor, factor);
	assert_int_equal(f->res.failures, 3);
	assert_memory_equal(&f->st, &before, sizeof(before));
}

static void
each_method(void **state)
{
	struct fixture *f = *state;

	not_here(f, "sms, call, recovery", OTP, "totp-a");
	not_here(f, "", OTP, "totp-a");
	not_here(f, "totp, sms, call", f->shown[4], "recovery-a");
	not_here(f, "totp, call, recovery", SENT, "phone-a");
	assert_int_equal(f->res.way, SENDING_SMS);
	f->st.code.way = SENDING_VOICE;
	not_here(f, "totp, sms, recovery", SENT, "phone-a");
	assert_int_equal(f->res.way, SENDING_VOICE);
	/* And each is good where it is allowed. */
	assert_int_equal(type(f, "call", SENT), VERIFY_RIGHT);
	assert_int_equal(type(f, "recovery", f->shown[4]), VERIFY_RIGHT);
	assert_int_equal(type(f, "totp", OTP), VERIFY_RIGHT);
}

/* Wrong, used and late stay what they are, whatever is allowed. */
static void
not_otherwise(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(type(f, "sms", "000000"), VERIFY_WRONG);
	assert_int_equal(f->st.failures, 1);
	assert_int_equal(type(f, "totp", OTP), VERIFY_RIGHT);
	assert_int_equal(type(f, "sms", OTP), VERIFY_USED);
	assert_int_equal(type(f, "recovery", f->shown[0]), VERIFY_RIGHT);
	assert_int_equal(type(f, "totp", f->shown[0]), VERIFY_USED);
}

static void
late(void **state)
{
	struct fixture *f = *state;

	f->now.boot_ms += 301000;
	assert_int_equal(type(f, "totp", SENT), VERIFY_EXPIRED);
}

/* Two factors that take the same code: the allowed one counts. */
static void
same_code(void **state)
{
	struct fixture *f = *state;

	f->rec.n = FACTORS;
	assert_int_equal(otc_mac(f->crypto, f->factor[PHONE].phone.key, &door,
	    OTP, f->st.code.mac), MFA_OK);
	assert_int_equal(type(f, "sms", OTP), VERIFY_RIGHT);
	assert_string_equal(f->res.factor, "phone-a");
	/* It was seen: no other factor takes it any more. */
	assert_int_equal(f->st.factor[APP].next, 6);
	assert_int_equal(type(f, "totp", OTP), VERIFY_USED);
}

static void
joined(void **state)
{
	struct fixture *f = *state;

	f->joined = true;
	not_here(f, "sms", "password" OTP, "totp-a");
	assert_int_equal(f->res.at, 8);
	assert_int_equal(type(f, "totp", "password" OTP), VERIFY_RIGHT);
}

/*
 * Whatever the length of what was typed and of their codes, something is
 * compared: an OpenSSL that refuses is seen each time.
 */
static void
joined_is_compared(void **state)
{
	static const char *const typed[] = { "x123456", "x1234567",
	    "x12345678", "x123456789", "123456", "x0000-0000-0000-0000" };
	struct fixture *f = *state;
	struct crypto *none = no_crypto();
	struct verify_input in = { .crypto = none, .record = &f->rec,
	    .rules = &f->rules, .now = &f->now, .door = &door,
	    .joined = true };

	for (unsigned digits = 5; digits <= TOTP_DIGITS_MAX; digits++) {
		f->rec.n = digits < 6 ? 0 : APP_TOO;
		f->factor[APP].otp.digits = digits;
		for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
			in.typed = typed[i];
			if (verify_answer(&in, &f->st, &f->res) != MFA_ECRYPTO)
				fail_msg("%u digits: %s", digits, typed[i]);
		}
	}
	crypto_free(none);
}

/* A limit is a limit: nothing is said of what was typed. */
static void
limited(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 5; i++)
		assert_int_equal(type(f, "sms", "000000"), VERIFY_WRONG);
	assert_int_equal(type(f, "sms", OTP), VERIFY_WAIT);
	assert_string_equal(f->res.factor, "");
}

#define SENT_BEFORE "314159"

/* One that stays good beside the newest, and went another way. */
static void
sent_before(struct fixture *f)
{
	f->st.before = f->st.code;
	f->st.before.way = SENDING_VOICE;
	assert_int_equal(otc_mac(f->crypto, f->factor[PHONE].phone.key, &door,
	    SENT_BEFORE, f->st.before.mac), MFA_OK);
}

static void
either(void **state)
{
	struct fixture *f = *state;
	const struct state was = f->st;

	sent_before(f);
	not_here(f, "sms", SENT_BEFORE, "phone-a");
	assert_int_equal(f->res.way, SENDING_VOICE);
	assert_int_equal(type(f, "call", SENT_BEFORE), VERIFY_RIGHT);
	assert_int_equal(f->res.way, SENDING_VOICE);
	assert_int_equal(type(f, "sms, call", SENT), VERIFY_WRONG);
	f->st = was;
	sent_before(f);
	assert_int_equal(type(f, "sms", SENT), VERIFY_RIGHT);
	assert_int_equal(f->res.way, SENDING_SMS);
	assert_int_equal(type(f, "sms, call", SENT_BEFORE), VERIFY_WRONG);
	/* Wrong answers are against both. */
	f->st = was;
	sent_before(f);
	for (int i = 0; i < OTC_TRIES; i++)
		assert_int_equal(type(f, "sms, call", "000000"), VERIFY_WRONG);
	assert_true(f->res.tried_out);
	assert_int_equal(type(f, "sms, call", SENT_BEFORE), VERIFY_WRONG);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(each_method), T(not_otherwise),
	    T(late), T(same_code), T(joined),
	    T(joined_is_compared), T(limited), T(either) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
