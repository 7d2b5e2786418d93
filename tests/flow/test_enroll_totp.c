/*
 * mfactl add totp on fake ports: nothing exists before the first right code,
 * whatever fails, and then all of it does. Codes are liboath's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

#define KEY "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define STEP (1700000000 / 30)

#define ANSWERS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define WRONG_CODE "! Wrong code. Is the phone's clock right?"

static int
setup(void **state)
{
	*state = fake_person_new("issuer = Example\n");
	return 0;
}

static int
teardown(void **state)
{
	fake_person_free(*state);
	return 0;
}

static void
has(const struct buf *b, const char *text)
{
	if (!fake_has(b, text))
		fail_msg("no \"%s\" in: %s", text, buf_str(b));
}

static struct record
record_of(const struct fake_person *fp)
{
	struct record rec = { 0 };

	assert_int_equal(record_parse(buf_str(&fp->fake.factors),
	    fp->fake.factors.len, &rec, NULL), MFA_OK);
	return rec;
}

/* Neither factors nor a state were written. */
static void
untouched(const struct fake_person *fp)
{
	assert_string_equal(buf_str(&fp->fake.factors), "");
	assert_string_equal(buf_str(&fp->fake.state), "");
	assert_int_equal(fp->fake.saves + fp->fake.commits, 0);
}

static void
right_code(void **state)
{
	struct fake_person *fp = *state;
	struct record rec;
	char key[64], stored[96];

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_OK);
	fake_person_shown_key(fp, key, sizeof(key));
	assert_int_equal(strlen(key), 32);
	rec = record_of(fp);
	assert_int_equal(rec.n, 1);
	assert_int_equal(rec.factor[0].kind, FACTOR_TOTP);
	assert_string_equal(rec.factor[0].label, "Phone");
	assert_int_equal(rec.factor[0].created, 1700000000);
	assert_int_equal(rec.factor[0].otp.len, 20);
	record_free(&rec);
	snprintf(stored, sizeof(stored), "secret = %s\n", key);
	has(&fp->fake.factors, stored);
	/* The code that enrolled is used up. */
	snprintf(stored, sizeof(stored), "next = %d\n", STEP + 1);
	has(&fp->fake.state, stored);
	has(&fp->fake.transcript, "otpauth://totp/Example:alice@");
	has(&fp->fake.transcript, " for alice.");
	has(&fp->fake.transcript, "mfactl add recovery");
	has(&fp->out, "█");
}

/* The key for typing is the key of the URI, in groups of four. */
static void
typed_key(void **state)
{
	struct fake_person *fp = *state;
	char key[64], groups[64];
	size_t n = 0;

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("")),
	    TOOL_ABORTED);
	fake_person_shown_key(fp, key, sizeof(key));
	for (const char *s = key; *s; s++) {
		if (s > key && (s - key) % 4 == 0)
			groups[n++] = ' ';
		groups[n++] = *s;
	}
	snprintf(groups + n, sizeof(groups) - n, "\n");
	has(&fp->fake.transcript, groups);
}

static void
neighbours_are_right(void **state)
{
	struct fake_person *fp = *state;
	char next[32];

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@-1")),
	    TOOL_OK);
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@1")),
	    TOOL_OK);
	snprintf(next, sizeof(next), "next = %d\n", STEP);
	has(&fp->fake.state, next);
	snprintf(next, sizeof(next), "next = %d\n", STEP + 2);
	has(&fp->fake.state, next);
	/* A second one has a label of its own. */
	has(&fp->fake.factors, "label = Phone\n");
	has(&fp->fake.factors, "label = Phone 2\n");
}

static void
wrong_then_right(void **state)
{
	struct fake_person *fp = *state;
	char right[FAKE_CODE_MAX], key[64];

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("~", "hello",
	    "~", "~", "@0")), TOOL_OK);
	has(&fp->fake.transcript, WRONG_CODE);
	assert_int_equal(fp->fake.asked, 5);
	assert_int_equal(fp->fake.saves, 1);
	/* What is right is never shown. */
	fake_person_shown_key(fp, key, sizeof(key));
	fake_person_code(key, 6, STEP, right);
	assert_false(fake_has(&fp->fake.transcript, right));
	assert_false(fake_has(&fp->out, right));
}

static void
only_wrong(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("~", "~",
	    "~", "~", "~", "@0")), TOOL_ABORTED);
	assert_int_equal(fp->fake.asked, ENROLL_TRIES);
	has(&fp->err, "nothing was changed");
	untouched(fp);
}

static void
given_up(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("~", "")),
	    TOOL_ABORTED);
	has(&fp->err, "nothing was changed. Delete the account from the app");
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("~")),
	    TOOL_ABORTED);
	has(&fp->err, "no answer; nothing was changed");
	untouched(fp);
}

static void
clock_hint(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@2", "@-2",
	    "@4", "@-10", "")), TOOL_ABORTED);
	has(&fp->fake.transcript, "about 60 seconds ahead");
	has(&fp->fake.transcript, "about 60 seconds behind");
	has(&fp->fake.transcript, "! The code fits a clock that is about "
	    "2 minutes ahead. Set the phone's clock");
	has(&fp->fake.transcript, "about 5 minutes behind");
	assert_false(fake_has(&fp->fake.transcript, WRONG_CODE));
	untouched(fp);
}

static void
parameters(void **state)
{
	struct fake_person *fp = *state;
	struct record rec;

	fp->tool.opt = (struct tool_options){ .digits = "8", .period = "60",
	    .algorithm = "sha256", .label = "Tablet", .secret_stdin = true };
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS(KEY)),
	    TOOL_OK);
	rec = record_of(fp);
	assert_int_equal(rec.factor[0].otp.digits, 8);
	assert_int_equal(rec.factor[0].otp.period, 60);
	assert_int_equal(rec.factor[0].otp.hash, CRYPTO_SHA256);
	assert_string_equal(rec.factor[0].label, "Tablet");
	record_free(&rec);
	fp->tool.opt.secret_stdin = false;
	fp->tool.opt.label = NULL;
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("")),
	    TOOL_ABORTED);
	has(&fp->fake.transcript, "&algorithm=SHA256&digits=8&period=60");
}

static void
bad_parameters(void **state)
{
	static const struct {
		struct tool_options opt;
		const char *says;
	} table[] = {
		{ { .digits = "5" }, "--digits" },
		{ { .digits = "9" }, "--digits" },
		{ { .digits = "6x" }, "--digits" },
		{ { .period = "0" }, "--period" },
		{ { .period = "121" }, "--period" },
		{ { .period = "-30" }, "--period" },
		{ { .algorithm = "MD5" }, "--algorithm" },
		{ { .algorithm = "" }, "--algorithm" },
	};
	struct fake_person *fp = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		fp->tool.opt = table[i].opt;
		assert_int_equal(fake_person_run(fp, enroll_totp,
		    ANSWERS("@0")), TOOL_USAGE);
		has(&fp->err, table[i].says);
		assert_int_equal(fp->fake.asked, 0);
	}
	untouched(fp);
}

static void
secret_stdin(void **state)
{
	struct fake_person *fp = *state;

	fp->tool.opt.secret_stdin = true;
	assert_int_equal(fake_person_run(fp, enroll_totp,
	    ANSWERS("gezd gnbv gy3t qojq gezd gnbv gy3t qojq")), TOOL_OK);
	has(&fp->fake.factors, "secret = " KEY "\n");
	/* No code was used, and the key is told nowhere. */
	assert_false(fake_has(&fp->fake.state, "next = 5"));
	assert_false(fake_has(&fp->fake.transcript, "GEZD"));
	assert_false(fake_has(&fp->fake.transcript, "gezd"));
	assert_int_equal(fp->out.len, 0);
}

static void
bad_secret(void **state)
{
	static const struct { const char *key, *says; } table[] = {
		{ "GEZDGNBVGY3TQOJQ", "80 bits" },
		{ "GEZDGNBVGY3TQOJQGEZDGNBV", "120 bits" },
		{ "not base 32!", "not base 32" },
		{ "", "0 bits" },
		{ KEY KEY KEY KEY, "64 bytes" },
	};
	struct fake_person *fp = *state;

	fp->tool.opt.secret_stdin = true;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(fake_person_run(fp, enroll_totp,
		    ANSWERS(table[i].key)), TOOL_NO);
		has(&fp->err, table[i].says);
		assert_false(fake_has(&fp->err, "GEZD"));
	}
	fp->tool.root = false;
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS(KEY)),
	    TOOL_CONFIG);
	has(&fp->err, "--secret-stdin is for root");
	assert_int_equal(fp->fake.asked, 0);
	untouched(fp);
}

static void
label_taken(void **state)
{
	struct fake_person *fp = *state;

	fp->tool.opt.label = "Tablet";
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_OK);
	fp->tool.opt.label = "tablet";
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_NO);
	has(&fp->err, "there is a factor \"tablet\" already");
	assert_int_equal(fp->fake.asked, 0);
	assert_int_equal(fp->fake.saves, 1);
}

static void
label_bad(void **state)
{
	static const char *const bad[] = { "", " x", "x ", "a\nb", "\033[2J",
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "4" };
	struct fake_person *fp = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		fp->tool.opt.label = bad[i];
		assert_int_equal(fake_person_run(fp, enroll_totp,
		    ANSWERS("@0")), TOOL_NO);
		has(&fp->err, "a label has 1 to 64 bytes");
		assert_int_equal(fp->fake.asked, 0);
	}
	untouched(fp);
	fp->tool.opt.label = bad[5] + 1;
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_OK);
}

static void
record_full(void **state)
{
	struct fake_person *fp = *state;
	char *full;

	for (int i = 0; i < RECORD_FACTORS_MAX; i++)
		assert_int_equal(fake_person_run(fp, enroll_totp,
		    ANSWERS("@0")), TOOL_OK);
	has(&fp->fake.factors, "label = Phone 16\n");
	full = strdup(buf_str(&fp->fake.factors));
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_NO);
	has(&fp->err, "there are 16 factors already");
	has(&fp->err, "mfactl remove");
	assert_int_equal(fp->fake.asked, 0);
	assert_string_equal(buf_str(&fp->fake.factors), full);
	free(full);
}

/* Somebody else enrols while this person types. */
static enum mfa_err
fill_meanwhile(struct fake *f, const char *prompt, struct buf *ret)
{
	struct fake_person *fp = f->on_ask_ctx;
	char key[64], code[FAKE_CODE_MAX];

	(void)prompt;
	fake_set(&f->factors, "version = 1\n[factor totp-aaaa]\nkind = totp\n"
	    "label = Tablet\ncreated = 1\nsecret = " KEY "\n"
	    "algorithm = SHA1\ndigits = 6\nperiod = 30\n");
	fake_person_shown_key(fp, key, sizeof(key));
	fake_person_code(key, 6, STEP, code);
	return buf_puts(ret, code);
}

static void
changed_meanwhile(void **state)
{
	struct fake_person *fp = *state;
	struct record rec;

	fp->fake.on_ask = fill_meanwhile;
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("x")),
	    TOOL_OK);
	rec = record_of(fp);
	assert_int_equal(rec.n, 2);
	assert_string_equal(rec.factor[0].id, "totp-aaaa");
	record_free(&rec);
	buf_wipe(&fp->fake.factors);
	fake_set(&fp->fake.state, "");
	fp->tool.opt.label = "Tablet";
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("x")),
	    TOOL_NO);
	has(&fp->err, "already");
	rec = record_of(fp);
	assert_int_equal(rec.n, 1);
	record_free(&rec);
	assert_string_equal(buf_str(&fp->fake.state), "");
}

static void
fault_everywhere(void **state)
{
	struct fake_person *fp = *state;

	/* factors ask now ask now now begin factors commit save */
	assert_int_equal(fake_person_faults(fp, enroll_totp,
	    ANSWERS("~", "@0"), false), 10);
	/* The same with factors and a state that were there. */
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_OK);
	assert_int_equal(fake_person_faults(fp, enroll_totp,
	    ANSWERS("~", "@0"), false), 10);
	fp->tool.opt.secret_stdin = true;
	/* factors ask now begin factors save */
	assert_true(fake_person_faults(fp, enroll_totp, ANSWERS(KEY), false) >=
	    6);
}

/* Save fails, and so does putting the state back. */
static enum mfa_err
fail_twice(void *ctx, const struct buf *text, struct mfa_why *why)
{
	struct fake *f = ctx;

	(void)text;
	f->fail_at = f->calls + 1;
	return mfa_fail(why, MFA_EIO, "no space");
}

static void
not_put_back(void **state)
{
	struct fake_person *fp = *state;

	fp->person.save = fail_twice;
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_SYSTEM);
	has(&fp->err, "could not be put back; check the disk");
	assert_string_equal(buf_str(&fp->fake.factors), "");
}

/* A person's own store = home: the state is root's, and left alone. */
static void
stateless(void **state)
{
	struct fake_person *fp = *state;

	fp->person.stateless = true;
	fp->tool.root = false;
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_OK);
	assert_int_equal(fp->fake.begins + fp->fake.commits, 0);
	assert_int_equal(fp->fake.saves, 1);
	assert_string_equal(buf_str(&fp->fake.state), "");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(right_code), T(typed_key),
	    T(neighbours_are_right), T(wrong_then_right), T(only_wrong),
	    T(given_up), T(clock_hint), T(parameters), T(bad_parameters),
	    T(secret_stdin), T(bad_secret), T(label_taken), T(label_bad),
	    T(record_full), T(changed_meanwhile), T(fault_everywhere),
	    T(not_put_back), T(stateless) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
