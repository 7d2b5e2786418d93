/*
 * The options of mfactl add totp on fake ports: what is refused is refused
 * before anything is asked. Codes are liboath's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

static int
setup(void **state)
{
	*state = fake_person_new("issuer = Example\n");
	return 0;
}

static void
parameters(void **state)
{
	struct fake_person *fp = *state;
	struct record rec;

	fp->tool.opt = (struct tool_options){ .digits = "8", .period = "60",
	    .algorithm = "sha256", .label = "Tablet", .secret_stdin = true };
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS(FAKE_KEY)),
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
	assert_has(&fp->fake.transcript,
	    "&algorithm=SHA256&digits=8&period=60");
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
		assert_has(&fp->err, table[i].says);
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
	assert_has(&fp->fake.factors, "secret = " FAKE_KEY "\n");
	/* No code was used, and the key is told nowhere. */
	assert_has_not(&fp->fake.state, "next = 5");
	assert_has_not(&fp->fake.transcript, "GEZD");
	assert_has_not(&fp->fake.transcript, "gezd");
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
		{ FAKE_KEY FAKE_KEY FAKE_KEY FAKE_KEY, "64 bytes" },
	};
	struct fake_person *fp = *state;

	fp->tool.opt.secret_stdin = true;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(fake_person_run(fp, enroll_totp,
		    ANSWERS(table[i].key)), TOOL_NO);
		assert_has(&fp->err, table[i].says);
		assert_has_not(&fp->err, "GEZD");
	}
	fp->tool.root = false;
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS(FAKE_KEY)),
	    TOOL_CONFIG);
	assert_has(&fp->err, "--secret-stdin is for root");
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
	assert_has(&fp->err, "there is a factor \"tablet\" already");
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
		assert_has(&fp->err, "a label has 1 to 64 bytes");
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
	assert_has(&fp->fake.factors, "label = Phone 16\n");
	full = strdup(buf_str(&fp->fake.factors));
	assert_int_equal(fake_person_run(fp, enroll_totp, ANSWERS("@0")),
	    TOOL_NO);
	assert_has(&fp->err, "there are 16 factors already");
	assert_has(&fp->err, "mfactl remove");
	assert_int_equal(fp->fake.asked, 0);
	assert_string_equal(buf_str(&fp->fake.factors), full);
	free(full);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, fake_person_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(parameters), T(bad_parameters),
	    T(secret_stdin), T(bad_secret), T(label_taken), T(label_bad),
	    T(record_full) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
