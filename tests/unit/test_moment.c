/* Moments: no clock that is set and no reboot shortens a wait. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/moment.h"

static const struct mfa_time then = { 1700000000, 5000999, "boot-1" };

static uint64_t
age_at(int64_t real, int64_t boot_ms, const char *boot)
{
	struct mfa_time now = { .real = real, .boot_ms = boot_ms };
	struct moment m;

	strcpy(now.boot_id, boot);
	moment_set(&m, &then);
	assert_int_equal(moment_this_boot(&m, &now), !strcmp(boot, "boot-1"));
	return moment_age(&m, &now);
}

static void
same_boot(void **unused)
{
	(void)unused;
	assert_int_equal(age_at(1700000000, 5000999, "boot-1"), 0);
	assert_int_equal(age_at(1700000030, 5030000, "boot-1"), 30);
	/* The wall clock has no say, whichever way it is set. */
	assert_int_equal(age_at(0, 5030000, "boot-1"), 30);
	assert_int_equal(age_at(INT64_MAX / 4, 5030000, "boot-1"), 30);
	/* Back in time, as after a snapshot: none. */
	assert_int_equal(age_at(1700000030, 1000, "boot-1"), 0);
}

static void
after_reboot(void **unused)
{
	(void)unused;
	/* The wall clock's difference, or the time since boot if longer. */
	assert_int_equal(age_at(1700000100, 20000, "boot-2"), 100);
	assert_int_equal(age_at(1700000010, 20000, "boot-2"), 20);
	assert_int_equal(age_at(1600000000, 20000, "boot-2"), 20);
	assert_int_equal(age_at(-1700000000, 0, "boot-2"), 0);
}

static void
never(void **unused)
{
	const struct moment m = { 0 };

	(void)unused;
	assert_int_equal(moment_age(&m, &then), 1700000000);
}

/* Of what is to end after a minute. */
static void
within(void **unused)
{
	static const struct {
		struct mfa_time now;
		bool is;
	} rows[] = {
		{ { 1700000000, 5000000, "boot-1" }, true },
		{ { 1700000059, 5059999, "boot-1" }, true },
		{ { 1700000060, 5059999, "boot-1" }, false },
		{ { 1700000059, 5060000, "boot-1" }, false },
		{ { 1699999999, 5001000, "boot-1" }, false },
		{ { 1700000059, 59999, "boot-2" }, true },
		{ { 1700000001, 60000, "boot-2" }, false },
		{ { 1699999999, 1000, "boot-2" }, false },
		{ { INT64_MIN / 4, 1000, "boot-2" }, false },
		{ { INT64_MAX / 4, 1000, "boot-2" }, false },
	};
	struct moment m;

	(void)unused;
	moment_set(&m, &then);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (moment_within(&m, 60, &rows[i].now) != rows[i].is)
			fail_msg("row %zu", i);
	assert_false(moment_within(&m, 0, &rows[0].now));
}

static void
written(void **unused)
{
	static const char text[] = "failed_at = 1700000000\n"
	    "failed_boottime = 5000\nfailed_boot = boot-1\n";
	struct buf b = { 0 };
	struct moment m;

	(void)unused;
	moment_set(&m, &then);
	assert_int_equal(moment_put(&m, "failed", &b), MFA_OK);
	assert_string_equal(buf_str(&b), text);
	buf_wipe(&b);
}

static void
read_back(void **unused)
{
	static const struct {
		const char *key, *value;
		enum mfa_err err;
	} rows[] = {
		{ "sent_at", "-12", MFA_OK },
		{ "sent_boottime", "0", MFA_OK },
		{ "sent_boot", "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
		    MFA_OK },
		{ "sent_at", "x", MFA_ESYNTAX },
		{ "sent_at", "9223372036854775807", MFA_ERANGE },
		{ "sent_boottime", "-1", MFA_ERANGE },
		{ "sent_boot", "", MFA_ERANGE },
		{ "sent_boot", "0123456789012345678901234567890123456789",
		    MFA_ERANGE },
		{ "sent_boot", "a b", MFA_ESYNTAX },
		{ "sent_boot", "a/b", MFA_ESYNTAX },
		{ "sent", "1", MFA_ENOENT },
		{ "sent_", "1", MFA_ENOENT },
		{ "sent_boots", "1", MFA_ENOENT },
		{ "failed_at", "1", MFA_ENOENT },
	};
	struct moment m = { 0 };

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (moment_key(&m, "sent", rows[i].key, rows[i].value) !=
		    rows[i].err)
			fail_msg("%s = %s", rows[i].key, rows[i].value);
	/* What was wrong left no trace. */
	assert_int_equal(m.real, -12);
	assert_int_equal(m.boottime, 0);
	assert_string_equal(m.boot, rows[2].value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_boot),
		cmocka_unit_test(after_reboot),
		cmocka_unit_test(never),
		cmocka_unit_test(within),
		cmocka_unit_test(written),
		cmocka_unit_test(read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
