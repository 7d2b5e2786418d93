/*
 * App passwords: spelling, services, and the decision. The hashes are by
 * "openssl dgst -sha256 -mac HMAC".
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/text.h"
#include "../../pam_mfa/core/verify.h"
#include "../fake/no_crypto.h"

#define PHONE "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
#define LAPTOP "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTW"
#define OLD "WXYZ-WXYZ-WXYZ-WXYZ-WXYZ-WXYZ-WXYZ"
#define WRONG "0000-0000-0000-0000-0000-0000-000"	/* and one more */

static const struct {
	const char *id, *salt, *hash, *services;
	int64_t expires;
} apps[] = {
	{ "app-aaaa", "000102030405060708090a0b0c0d0e0f",
	    "d5f0331a977ef7763253c30ff03b989e05e963a663986c43de3a46d7e19f6ac3",
	    "imap smtp", 0 },
	{ "app-bbbb", "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
	    "cab645666e0401c80eb831e4e8d1fa74e6c2d058fc91af56fe7feed436df49a1",
	    "imap", 1000 },
	{ "app-cccc", "ffffffffffffffffffffffffffffffff",
	    "ad52389780e53cf8e8e01e8a5973d4253e9051da325ea6990c8bc56585aea836",
	    "smtp", 500 },
};

struct fixture {
	struct crypto *crypto;
	struct factor factor[4];
	struct record rec;
	struct verify_rules rules;
	struct mfa_time now;
	struct state st;
	struct verify_result res;
	const char *service;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL || crypto_new("", &f->crypto, NULL))
		return -1;
	f->factor[0] = (struct factor){ .id = "totp-aaaa",
	    .kind = FACTOR_TOTP, .otp = { .len = 20, .digits = 6,
	    .period = 30, .key = "12345678901234567890" } };
	for (size_t i = 0; i < 3; i++) {
		struct factor *a = &f->factor[i + 1];

		a->kind = FACTOR_APP;
		a->app.expires = apps[i].expires;
		snprintf(a->id, sizeof(a->id), "%s", apps[i].id);
		if (text_unhex(apps[i].salt, a->app.salt, APP_SALT) ||
		    text_unhex(apps[i].hash, a->app.hash, APP_HASH) ||
		    app_services(apps[i].services, a->app.services))
			return -1;
	}
	f->rec = (struct record){ .factor = f->factor, .n = 4 };
	f->rules = (struct verify_rules){ { 5, 30, 3600, 50 },
	    { .app_passwords = CONF_YES, .methods = METHOD_ALL,
	    .window_back = 1 } };
	f->now = (struct mfa_time){ .real = 150, .boot_ms = 1000000,
	    .boot_id = "b" };
	f->service = "imap";
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

static enum verify_outcome
type(struct fixture *f, const char *typed)
{
	const struct otc_door door = { "alice", f->service, "host" };
	const struct verify_input in = { .crypto = f->crypto,
	    .record = &f->rec, .rules = &f->rules, .now = &f->now,
	    .door = &door, .typed = typed };

	assert_int_equal(verify_answer(&in, &f->st, &f->res), MFA_OK);
	return f->res.outcome;
}

static enum verify_outcome
type_wrong(struct fixture *f, char last)
{
	char typed[64];

	snprintf(typed, sizeof(typed), "%s%c", WRONG, last);
	return type(f, typed);
}

static void
spellings(void **unused)
{
	static const struct {
		const char *typed, *plain;
	} table[] = {
		{ PHONE, "0123456789ABCDEFGHJKMNPQRSTV" },
		{ " 0123 4567 89ab cdef ghjk mnpq rstv\n",
		    "0123456789ABCDEFGHJKMNPQRSTV" },
		{ "O1i2-l567-89AB-CDEF-GHJK-MNPQ-RSTV",
		    "0112156789ABCDEFGHJKMNPQRSTV" },
		{ "0123-4567-89AB-CDEF-GHJK-MNPQ-RST", NULL },
		{ PHONE "0", NULL }, { "", NULL }, { "123456", NULL },
		{ "0123-4567-89AB-CDEF", NULL },	/* a recovery code */
		{ "U123-4567-89AB-CDEF-GHJK-MNPQ-RSTV", NULL },
		{ "correct-horse-battery-staple", NULL },
	};
	char plain[APP_CHARS + 1];

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(app_shape(table[i].typed),
		    table[i].plain != NULL);
		assert_int_equal(app_canonical(table[i].typed, plain),
		    table[i].plain != NULL);
		assert_string_equal(plain, table[i].plain != NULL ?
		    table[i].plain : "");
	}
}

static void
services(void **unused)
{
	static const char long_one[] = "ab23456789012345678901234567890123456"
	    "7890123456789012345678901234567890123456789";
	static const struct {
		const char *list, *kept;
		enum mfa_err r;
	} table[] = {
		{ "imap", "imap", MFA_OK },
		{ "imap,smtp", "imap smtp", MFA_OK },
		{ " IMAP ,\tsmtp, pop3", "imap smtp pop3", MFA_OK },
		{ "a-b_c.d", "a-b_c.d", MFA_OK },
		{ "imap,imapd", "imap imapd", MFA_OK },
		{ "", NULL, MFA_ESYNTAX }, { " , ", NULL, MFA_ESYNTAX },
		{ "imap,IMAP", NULL, MFA_ESYNTAX },
		{ "../imap", NULL, MFA_ESYNTAX },
		{ "imap=1", NULL, MFA_ESYNTAX },
		{ "im\001ap", NULL, MFA_ESYNTAX },
		{ long_one + 1, long_one + 1, MFA_OK },	/* 79 */
		{ long_one, NULL, MFA_ERANGE },
	};

	(void)unused;
	assert_int_equal(strlen(long_one), APP_SERVICES_MAX);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct app_password app = { .services = "before" };

		assert_int_equal(app_services(table[i].list, app.services),
		    table[i].r);
		assert_string_equal(app.services, table[i].kept != NULL ?
		    table[i].kept : "before");
	}
}

static void
serves(void **unused)
{
	const struct app_password app = { .services = "imap smtp" };

	(void)unused;
	assert_true(app_serves(&app, "imap"));
	assert_true(app_serves(&app, "smtp"));
	assert_false(app_serves(&app, "map"));
	assert_false(app_serves(&app, "ima"));
	assert_false(app_serves(&app, "imap smtp"));
	assert_false(app_serves(&app, "sshd"));
	assert_false(app_serves(&app, ""));
}

static void
new_ones(void **state)
{
	struct fixture *f = *state;
	struct app_password app = { .services = "imap", .expires = 7 }, two;
	char shown[APP_SHOWN + 1], again[APP_SHOWN + 1], plain[APP_CHARS + 1];
	uint32_t used = 0;
	bool same = false;

	two = app;
	assert_int_equal(app_new(f->crypto, &app, shown), MFA_OK);
	assert_int_equal(app_new(f->crypto, &two, again), MFA_OK);
	assert_string_not_equal(shown, again);
	assert_memory_not_equal(app.salt, two.salt, APP_SALT);
	assert_string_equal(app.services, "imap");
	assert_int_equal(app.expires, 7);
	assert_int_equal(strlen(shown), APP_SHOWN);
	for (size_t i = 0; i < APP_SHOWN; i++)
		assert_int_equal(shown[i] == '-', i % 5 == 4);
	assert_true(app_canonical(shown, plain));
	assert_int_equal(app_matches(f->crypto, &app, plain, &same), MFA_OK);
	assert_true(same);
	assert_int_equal(app_matches(f->crypto, &two, plain, &same), MFA_OK);
	assert_false(same);
	/* All 140 bits move: no position is always the same. */
	for (int n = 0; n < 64; n++) {
		assert_int_equal(app_new(f->crypto, &two, again), MFA_OK);
		for (size_t i = 0; i < APP_SHOWN; i++)
			used |= (uint32_t)(shown[i] != again[i] &&
			    shown[i] != '-') << (i - i / 5);
	}
	assert_int_equal(used, (UINT32_C(1) << APP_CHARS) - 1);
}

static void
no_crypto_no_password(void **unused)
{
	struct app_password app = { .services = "imap" };
	char shown[APP_SHOWN + 1] = "before";
	struct crypto *c = no_crypto();
	uint8_t trace[APP_HASH];
	bool same = true;

	(void)unused;
	assert_int_equal(app_new(c, &app, shown), MFA_ECRYPTO);
	assert_string_equal(shown, "before");
	assert_int_equal(app_matches(c, &app, "0", &same), MFA_ECRYPTO);
	assert_int_equal(app_trace(c, "0", trace), MFA_ECRYPTO);
	crypto_free(c);
}

static void
right(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(type(f, PHONE), VERIFY_RIGHT);
	assert_string_equal(f->res.factor, "app-aaaa");
	assert_int_equal(f->res.kind, FACTOR_APP);
	assert_int_equal(f->st.factor[1].used_at, 150);
	assert_int_equal(f->st.factor[2].used_at, 0);
	/* It is a password: good again and again. */
	f->now.real = 151;
	assert_int_equal(type(f, "0123456789abcdefghjkmnpqrstv"),
	    VERIFY_RIGHT);
	assert_int_equal(f->st.factor[1].used_at, 151);
	assert_int_equal(type(f, LAPTOP), VERIFY_RIGHT);
	assert_string_equal(f->res.factor, "app-bbbb");
	f->service = "smtp";
	assert_int_equal(type(f, PHONE), VERIFY_RIGHT);
}

/* Refused, not counted, and the log can say which it was. */
static void
elsewhere_and_expired(void **state)
{
	struct fixture *f = *state;

	f->service = "smtp";
	assert_int_equal(type(f, LAPTOP), VERIFY_ELSEWHERE);
	assert_string_equal(f->res.factor, "app-bbbb");
	f->service = "sshd";
	assert_int_equal(type(f, PHONE), VERIFY_ELSEWHERE);
	f->service = "imap";
	f->now.real = 999;
	assert_int_equal(type(f, LAPTOP), VERIFY_RIGHT);
	f->now.real = 1000;
	assert_int_equal(type(f, LAPTOP), VERIFY_EXPIRED);
	assert_string_equal(f->res.factor, "app-bbbb");
	assert_int_equal(f->st.factor[2].used_at, 999);
	assert_int_equal(f->st.app.n, 0);
	/* Both: it is of another service first of all. */
	assert_int_equal(type(f, OLD), VERIFY_ELSEWHERE);
	f->service = "smtp";
	assert_int_equal(type(f, OLD), VERIFY_EXPIRED);
	assert_int_equal(f->st.factor[3].used_at, 0);
}

/* A code opens no such door, and an app password no other. */
static void
doors_apart(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(type(f, "254676"), VERIFY_WRONG);
	assert_int_equal(f->st.factor[0].next, 0);
	f->rules.login.app_passwords = CONF_NO;
	assert_int_equal(type(f, PHONE), VERIFY_WRONG);
	assert_string_equal(f->res.factor, "");
	assert_int_equal(type(f, "254676"), VERIFY_RIGHT);
	f->rec.n = 1;
	f->rules.login.app_passwords = CONF_YES;
	f->factor[0].app = f->factor[1].app;
	assert_int_equal(type(f, PHONE), VERIFY_WRONG);
	f->rules.login.app_passwords = CONF_NO;
	f->rec.factor = &f->factor[1];	/* an app password and nothing else */
	assert_int_equal(type(f, PHONE), VERIFY_WRONG);
	assert_int_equal(type(f, "254676"), VERIFY_WRONG);
}

static void
limits(void **state)
{
	struct fixture *f = *state;

	f->st.failures = 3;
	for (char c = '1'; c <= '4'; c++)
		assert_int_equal(type_wrong(f, c), VERIFY_WRONG);
	assert_int_equal(f->res.failures, 4);
	assert_int_equal(type(f, PHONE), VERIFY_RIGHT);
	assert_int_equal(f->res.failures, 0);
	for (char c = '1'; c <= '5'; c++)
		assert_int_equal(type_wrong(f, c), VERIFY_WRONG);
	assert_int_equal(type(f, PHONE), VERIFY_WAIT);
	assert_int_equal(f->res.wait, 30);
	assert_string_equal(f->res.factor, "");
	f->now.boot_ms += 29000;
	assert_int_equal(type(f, PHONE), VERIFY_WAIT);
	f->now.boot_ms += 1000;
	assert_int_equal(type_wrong(f, '6'), VERIFY_WRONG);
	f->now.boot_ms += 59000;
	assert_int_equal(type(f, PHONE), VERIFY_WAIT);
	f->st.app.n = 50;
	f->now.boot_ms += 3600000;
	assert_int_equal(type(f, PHONE), VERIFY_LOCKED);
	assert_int_equal(f->st.app.n, 50);
	/* Codes are counted by themselves, and neither clears the other. */
	assert_int_equal(f->st.failures, 3);
	f->rules.login.app_passwords = CONF_NO;
	assert_int_equal(type(f, "254676"), VERIFY_RIGHT);
	assert_int_equal(f->st.failures, 0);
	assert_int_equal(f->st.app.n, 50);
}

/* A program with a removed password tries it all day. */
static void
the_same_wrong_one(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 100; i++) {
		assert_int_equal(type_wrong(f, '1'), VERIFY_WRONG);
		assert_int_equal(f->st.app.n, 1);
	}
	assert_int_equal(type_wrong(f, '2'), VERIFY_WRONG);
	assert_int_equal(f->st.app.n, 2);
	assert_int_equal(type_wrong(f, '1'), VERIFY_WRONG);
	assert_int_equal(f->st.app.n, 3);
	/* After a success it is a first one again. */
	assert_int_equal(type(f, PHONE), VERIFY_RIGHT);
	assert_int_equal(type_wrong(f, '1'), VERIFY_WRONG);
	assert_int_equal(f->st.app.n, 1);
}

static void
nobody(void **state)
{
	struct fixture *f = *state;

	f->rec = (struct record){ 0 };
	assert_int_equal(type(f, PHONE), VERIFY_WRONG);
	/* The key of nobody: no answer has a hash of zeros. */
	assert_int_equal(type_wrong(f, '0'), VERIFY_WRONG);
	assert_int_equal(type(f, ""), VERIFY_WRONG);
	assert_int_equal(f->st.app.n, 3);
}

static void
no_crypto_no_decision(void **state)
{
	struct fixture *f = *state;
	const struct otc_door door = { "alice", "imap", "host" };
	struct crypto *none = no_crypto();
	const struct verify_input in = { .crypto = none, .record = &f->rec,
	    .rules = &f->rules, .now = &f->now, .door = &door,
	    .typed = PHONE };

	f->res.outcome = VERIFY_USED;
	assert_int_equal(verify_answer(&in, &f->st, &f->res), MFA_ECRYPTO);
	assert_int_equal(f->res.outcome, VERIFY_USED);
	crypto_free(none);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(spellings),
	    cmocka_unit_test(services), cmocka_unit_test(serves),
	    T(new_ones), cmocka_unit_test(no_crypto_no_password), T(right),
	    T(elsewhere_and_expired), T(doors_apart), T(limits),
	    T(the_same_wrong_one), T(nobody), T(no_crypto_no_decision) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
