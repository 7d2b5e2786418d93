/*
 * AT-63: no branch and no address depends on a secret that is kept, up to the
 * verdict of a comparison. Run under valgrind: the keys, hashes and MACs of a
 * person are marked as undefined, so that memcheck reports every decision made
 * by them (as ctgrind does; Langley 2010). crypto_equal() is wrapped: its
 * verdict, and nothing else, becomes defined. A comparison that leaks is
 * reported, or this test could not fail.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

#include "../../pam_mfa/core/verify.h"
#include "../fake/pamhost.h"
#include "../fake/tap.h"

#define NOW INT64_C(1700000000)
#define PERIOD 30

bool __real_crypto_equal(const void *a, const void *b, size_t len);
bool __wrap_crypto_equal(const void *a, const void *b, size_t len);

static unsigned compared;

/* How it comes about is secret; what comes of it is not. */
bool
__wrap_crypto_equal(const void *a, const void *b, size_t len)
{
	bool equal = __real_crypto_equal(a, b, len);

	VALGRIND_MAKE_MEM_DEFINED(&equal, sizeof(equal));
	compared++;
	return equal;
}

static unsigned
reports(void)
{
	return (unsigned)VALGRIND_COUNT_ERRORS;
}

static void
taint(void *p, size_t len)
{
	VALGRIND_MAKE_MEM_UNDEFINED(p, len);
}

/* As memcmp does it. */
static bool
leaky_equal(const volatile uint8_t *a, const volatile uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

static void
the_comparison(void)
{
	uint8_t a[32] = { 1 }, b[32] = { 1 };
	unsigned before = reports();
	bool equal;

	taint(a, sizeof(a));
	equal = leaky_equal(a, b, sizeof(a));
	tap_ok(reports() > before, "AT-63 a comparison that stops early is "
	    "reported (%u times, equal %d)", reports() - before, equal);
	before = reports();
	equal = __wrap_crypto_equal(a, b, sizeof(a));
	tap_ok(equal && reports() == before, "AT-63 crypto_equal is not");
	taint(b, sizeof(b));
	b[31] ^= 1;
	equal = __wrap_crypto_equal(a, b, sizeof(a));
	tap_ok(!equal && reports() == before, "... nor where both are secret");
}

/* Who has one factor of each kind, and a code and a pass under way. */
struct subject {
	struct crypto *crypto;
	struct factor factor[5];
	struct record record;
	struct state state;
	struct conf_login login;
};

enum { TOTP, HOTP, RECOVERY, PHONE, APP };

static const struct otc_door door = { "alice", "sshd", "host" };
static const struct mfa_time now = { .real = NOW, .boot_ms = 1000000,
    .boot_id = "boot" };

static void
must(enum mfa_err r, const char *what)
{
	pamhost_must(r == MFA_OK, what);
}

static void
one_otp(struct factor *f, enum factor_kind kind, const char *key)
{
	f->kind = kind;
	f->otp = (struct otp_key){ .len = strlen(key), .digits = 6,
	    .period = kind == FACTOR_TOTP ? PERIOD : 0 };
	memcpy(f->otp.key, key, f->otp.len);
}

/* Codes are made before anything is secret. */
struct codes {
	char totp[TOTP_DIGITS_MAX + 1], hotp[TOTP_DIGITS_MAX + 1], sent[9];
	char recovery[RECOVERY_CODES][RECOVERY_SHOWN + 1];
	char pass[RECOVERY_SHOWN + 1], app[APP_SHOWN + 1];
};

static void
make(struct subject *s, struct codes *c)
{
	static const char *const id[] = { "totp-aaaa", "hotp-aaaa",
	    "recovery-aaaa", "phone-aaaa", "app-aaaa" };
	struct factor *f = s->factor;

	for (int i = 0; i < 5; i++)
		snprintf(f[i].id, sizeof(f[i].id), "%s", id[i]);
	one_otp(&f[TOTP], FACTOR_TOTP, PAMHOST_TOTP_KEY);
	one_otp(&f[HOTP], FACTOR_HOTP, PAMHOST_HOTP_KEY);
	f[RECOVERY].kind = FACTOR_RECOVERY;
	f[PHONE].kind = FACTOR_PHONE;
	f[PHONE].phone.way[SENDING_SMS] = true;
	memset(f[PHONE].phone.key, 7, OTC_KEY);
	f[APP].kind = FACTOR_APP;
	snprintf(f[APP].app.services, sizeof(f[APP].app.services), "sshd");
	must(recovery_new(s->crypto, &f[RECOVERY].recovery, c->recovery),
	    "recovery");
	must(app_new(s->crypto, &f[APP].app, c->app), "app");
	must(totp_value(s->crypto, &f[TOTP].otp, NOW / PERIOD, c->totp),
	    "totp");
	must(totp_value(s->crypto, &f[HOTP].otp, 3, c->hotp), "hotp");
	s->record.factor = f;
	s->record.n = 5;
	state_align(&s->state, &s->record);
	snprintf(c->sent, sizeof(c->sent), "271828");
	s->state.code.way = SENDING_SMS;
	snprintf(s->state.code.factor, RECORD_ID_MAX, "phone-aaaa");
	snprintf(s->state.code.service, STATE_SERVICE_MAX, "sshd");
	moment_set(&s->state.code.sent, &now);
	must(otc_mac(s->crypto, f[PHONE].phone.key, &door, c->sent,
	    s->state.code.mac), "mac");
	must(recovery_one_new(s->crypto, &s->state.pass.code, c->pass),
	    "pass");
	s->state.pass.lasts = 600;
	moment_set(&s->state.pass.since, &now);
}

/* What an attacker would like to learn from the time. */
static void
hide(struct subject *s)
{
	struct factor *f = s->factor;

	taint(f[TOTP].otp.key, f[TOTP].otp.len);
	taint(f[HOTP].otp.key, f[HOTP].otp.len);
	taint(f[RECOVERY].recovery.salt, RECOVERY_SALT);
	taint(f[RECOVERY].recovery.hash, sizeof(f[RECOVERY].recovery.hash));
	taint(f[PHONE].phone.key, OTC_KEY);
	taint(f[APP].app.salt, APP_SALT);
	taint(f[APP].app.hash, APP_HASH);
	taint(s->state.code.mac, OTC_MAC);
	taint(s->state.pass.code.salt, sizeof(s->state.pass.code.salt));
	taint(s->state.pass.code.hash, sizeof(s->state.pass.code.hash));
	taint(s->state.app.wrong, APP_HASH);
}

static void
one_answer(const struct subject *s, const char *name, const char *typed,
    bool app, enum verify_outcome want)
{
	struct verify_rules rules = { .limit = { .free_failures = 5,
	    .delay_first = 30, .delay_max = 60, .lock_after = 50 },
	    .login = s->login };
	struct verify_input in = { .crypto = s->crypto, .record = &s->record,
	    .rules = &rules, .now = &now, .door = &door, .typed = typed };
	struct state st = s->state;
	unsigned before = reports(), was = compared;
	struct verify_result res;
	enum mfa_err r;

	rules.login.app_passwords = app;
	r = verify_answer(&in, &st, &res);
	tap_ok(!r && res.outcome == want && compared > was &&
	    reports() == before, "AT-63 %s: %u comparisons, verdict %d, "
	    "%u decisions by a secret", name, compared - was, res.outcome,
	    reports() - before);
}

static void
the_answers(void)
{
	static struct subject s;
	static struct codes c;
	static const struct { const char *name, *typed; } wrong[] = {
		{ "a wrong code", "000001" },
		{ "a wrong recovery code", "0000-0000-0000-0001" },
	};

	must(crypto_new("", &s.crypto, NULL), "crypto");
	s.login = (struct conf_login){ .window_back = 1, .window_ahead = 1,
	    .look_ahead = 10, .drift_max = 2, .tries = 1,
	    .methods = METHOD_ALL };
	make(&s, &c);
	hide(&s);
	one_answer(&s, "a right TOTP code", c.totp, false, VERIFY_RIGHT);
	one_answer(&s, "a right HOTP code", c.hotp, false, VERIFY_RIGHT);
	one_answer(&s, "a right code that was sent", c.sent, false,
	    VERIFY_RIGHT);
	one_answer(&s, "a right recovery code", c.recovery[9], false,
	    VERIFY_RIGHT);
	one_answer(&s, "a right pass", c.pass, false, VERIFY_RIGHT);
	one_answer(&s, "a right app password", c.app, true, VERIFY_RIGHT);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		one_answer(&s, wrong[i].name, wrong[i].typed, false,
		    VERIFY_WRONG);
	one_answer(&s, "a wrong app password",
	    "0000-0000-0000-0000-0000-0000-0001", true, VERIFY_WRONG);
	crypto_free(s.crypto);
}

int
main(void)
{
	if (!RUNNING_ON_VALGRIND) {
		tap_ok(false, "AT-63 runs under valgrind");
		return tap_done();
	}
	the_comparison();
	the_answers();
	return tap_done();
}
