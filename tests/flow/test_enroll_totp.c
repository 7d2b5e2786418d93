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

#define STEP (1700000000 / 30)

#define WRONG_CODE "! Wrong code. Is the phone's clock right?"

static int
setup(void **state)
{
	*state = fake_person_new("issuer = Example\n");
	return 0;
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
	assert_has(&fp->fake.factors, stored);
	/* The code that enrolled is used up. */
	snprintf(stored, sizeof(stored), "next = %d\n", STEP + 1);
	assert_has(&fp->fake.state, stored);
	assert_has(&fp->fake.transcript, "otpauth://totp/Example:alice@");
	assert_has(&fp->fake.transcript, " for alice.");
	assert_has(&fp->fake.transcript, "mfactl add recovery alice\n");
	assert_has_not(&fp->fake.transcript, "take the place");
	assert_has(&fp->out, "█");
}

/* A new phone beside the old one: first the new one, then the old one away. */
static void
new_phone(void **state)
{
	struct fake_person *fp = *state;
	struct record rec;
	char line[128];

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_OK);
	fp->tool.opt.label = "New phone";
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_OK);
	rec = record_of(fp);
	assert_int_equal(rec.n, 2);
	snprintf(line, sizeof(line), "- Does it take the place of %s (Phone)? "
	    "Then remove that one: mfactl remove %s alice\n", rec.factor[0].id,
	    rec.factor[0].id);
	assert_has(&fp->fake.transcript, line);
	snprintf(line, sizeof(line), "by=alice event=add user=alice "
	    "factor=%s\n", rec.factor[1].id);
	assert_has(&fp->fake.log, line);
	record_free(&rec);
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
	assert_has(&fp->fake.transcript, groups);
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
	assert_has(&fp->fake.state, next);
	snprintf(next, sizeof(next), "next = %d\n", STEP + 2);
	assert_has(&fp->fake.state, next);
	/* A second one has a label of its own. */
	assert_has(&fp->fake.factors, "label = Phone\n");
	assert_has(&fp->fake.factors, "label = Phone 2\n");
}

static void
wrong_then_right(void **state)
{
	struct fake_person *fp = *state;
	char right[FAKE_CODE_MAX], key[64];

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("~", "hello",
	    "~", "~", "@0")), TOOL_OK);
	assert_has(&fp->fake.transcript, WRONG_CODE);
	assert_int_equal(fp->fake.asked, 5);
	assert_int_equal(fp->fake.saves, 1);
	/* What is right is never shown. */
	fake_person_shown_key(fp, key, sizeof(key));
	fake_person_code(key, 6, STEP, right);
	assert_has_not(&fp->fake.transcript, right);
	assert_has_not(&fp->out, right);
}

static void
only_wrong(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("~", "~",
	    "~", "~", "~", "@0")), TOOL_ABORTED);
	assert_int_equal(fp->fake.asked, ENROLL_TRIES);
	assert_has(&fp->err, "nothing was changed");
	untouched(fp);
}

static void
given_up(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("~", "")),
	    TOOL_ABORTED);
	assert_has(&fp->err,
	    "nothing was changed. Delete the account from the app");
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("~")),
	    TOOL_ABORTED);
	assert_has(&fp->err, "no answer; nothing was changed");
	untouched(fp);
}

static void
clock_hint(void **state)
{
	struct fake_person *fp = *state;

	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@2", "@-2",
	    "@4", "@-10", "")), TOOL_ABORTED);
	assert_has(&fp->fake.transcript, "about 60 seconds ahead");
	assert_has(&fp->fake.transcript, "about 60 seconds behind");
	assert_has(&fp->fake.transcript,
	    "! The code fits a clock that is about "
	    "2 minutes ahead. Set the phone's clock");
	assert_has(&fp->fake.transcript, "about 5 minutes behind");
	assert_false(fake_has(&fp->fake.transcript, WRONG_CODE));
	untouched(fp);
}

/* Somebody else enrols while this person types. */
static enum mfa_err
fill_meanwhile(struct fake *f, const char *prompt, struct buf *ret)
{
	struct fake_person *fp = f->ctx;
	char key[64], code[FAKE_CODE_MAX];

	(void)prompt;
	fake_set(&f->factors, "version = 1\n[factor totp-aaaa]\nkind = totp\n"
	    "label = Tablet\ncreated = 1\nsecret = " FAKE_KEY "\n"
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
	assert_has(&fp->err, "already");
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
	assert_true(fake_person_faults(fp, enroll_totp, ANSWERS(FAKE_KEY),
	    false) >= 6);
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
	assert_has(&fp->err, "could not be put back; check the disk");
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

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(right_code), T(new_phone),
	    T(typed_key), T(neighbours_are_right), T(wrong_then_right),
	    T(only_wrong),
	    T(given_up), T(clock_hint), T(changed_meanwhile),
	    T(fault_everywhere), T(not_put_back), T(stateless) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
