/* May this person guess now? Every clock that can be turned is turned. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/limit.h"

static const struct conf_limit usual = { 5, 30, 3600, 50 };

/* The last failure was at Unix time 10^9, 1000 s after boot "b". */
static struct state
failed(uint32_t failures)
{
	return (struct state){ .failures = failures, .failed.real = 1000000000,
	    .failed.boottime = 1000, .failed.boot = "b" };
}

static void
checks(const struct conf_limit *limit, const struct state *st,
    const struct mfa_time *now, enum limit_verdict verdict, uint64_t wait)
{
	uint64_t got = 0;

	if (limit_check(limit, st, now, &got) != verdict || got != wait)
		fail_msg("%u failures, %lld s, %lld ms on %s: wait %llu, "
		    "expected %llu", st->failures, (long long)now->real,
		    (long long)now->boot_ms, now->boot_id,
		    (unsigned long long)got, (unsigned long long)wait);
}

/* Right after the nth failure in a row. */
static void
delays(void **unused)
{
	static const struct {
		struct conf_limit limit;
		uint32_t failures;
		enum limit_verdict verdict;
		uint64_t wait;
	} table[] = {
		{ { 5, 30, 3600, 50 }, 0, LIMIT_GO, 0 },
		{ { 5, 30, 3600, 50 }, 4, LIMIT_GO, 0 },
		{ { 5, 30, 3600, 50 }, 5, LIMIT_WAIT, 30 },
		{ { 5, 30, 3600, 50 }, 6, LIMIT_WAIT, 60 },
		{ { 5, 30, 3600, 50 }, 11, LIMIT_WAIT, 1920 },
		{ { 5, 30, 3600, 50 }, 12, LIMIT_WAIT, 3600 },
		{ { 5, 30, 3600, 50 }, 49, LIMIT_WAIT, 3600 },
		{ { 5, 30, 3600, 50 }, 50, LIMIT_LOCKED, 0 },
		{ { 5, 30, 3600, 50 }, UINT32_MAX, LIMIT_LOCKED, 0 },
		{ { 1, 1, 1, 2 }, 0, LIMIT_GO, 0 },
		{ { 1, 1, 1, 2 }, 1, LIMIT_WAIT, 1 },
		{ { 1, 1, 1, 2 }, 2, LIMIT_LOCKED, 0 },
		{ { 1, 3600, 86400, 100 }, 99, LIMIT_WAIT, 86400 },
		/* As a login of an unknown name: never. */
		{ { UINT32_MAX, 30, 3600, UINT32_MAX }, 1000000, LIMIT_GO, 0 },
	};
	const struct mfa_time now = { 1000000000, 1000000, "b" };
	static struct state st;

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		st = failed(table[i].failures);
		checks(&table[i].limit, &st, &now, table[i].verdict,
		    table[i].wait);
	}
}

/* Five failures: 30 s. */
static void
at51_clocks(void **unused)
{
	static const struct {
		struct mfa_time now;
		enum limit_verdict verdict;
		uint64_t wait;
	} table[] = {
		/* The same boot: only the time since boot counts. */
		{ { 1000000000, 1000999, "b" }, LIMIT_WAIT, 30 },
		{ { 1000000001, 1001000, "b" }, LIMIT_WAIT, 29 },
		{ { 1000000029, 1029999, "b" }, LIMIT_WAIT, 1 },
		{ { 1000000030, 1030000, "b" }, LIMIT_GO, 0 },
		{ { 1, 1010000, "b" }, LIMIT_WAIT, 20 },
		{ { INT64_C(9000000000), 1010000, "b" }, LIMIT_WAIT, 20 },
		{ { 1, 1030000, "b" }, LIMIT_GO, 0 },
		{ { 1000000000, 0, "b" }, LIMIT_WAIT, 30 },
		/* Rebooted: the wall clock, or the time since boot. */
		{ { 1000000010, 5000, "c" }, LIMIT_WAIT, 20 },
		{ { 1000000030, 5000, "c" }, LIMIT_GO, 0 },
		{ { 1000000001, 10000, "c" }, LIMIT_WAIT, 20 },
		/* ... set back, or the failure was in a wrong far future. */
		{ { 0, 5000, "c" }, LIMIT_WAIT, 25 },
		{ { -1000000000, 0, "c" }, LIMIT_WAIT, 30 },
		{ { 0, 30000, "c" }, LIMIT_GO, 0 },
		/* ... after 2038, 2106 and beyond 32 bits. */
		{ { INT64_C(2147483648), 0, "c" }, LIMIT_GO, 0 },
		{ { INT64_C(4294967296) + 1000000005, 0, "c" }, LIMIT_GO, 0 },
	};
	static struct state st;

	(void)unused;
	st = failed(5);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		checks(&usual, &st, &table[i].now, table[i].verdict,
		    table[i].wait);
}

static void
counts(void **unused)
{
	const struct mfa_time now = { INT64_C(5000000000), 4711999, "boot-2" };
	static const struct state fresh = { 0 };
	static struct state st;

	(void)unused;
	st = failed(4);
	limit_charge(&st, &now);
	assert_int_equal(st.failures, 5);
	assert_int_equal(st.failed.real, INT64_C(5000000000));
	assert_int_equal(st.failed.boottime, 4711);
	assert_string_equal(st.failed.boot, "boot-2");
	checks(&usual, &st, &now, LIMIT_WAIT, 30);
	st.failures = UINT32_MAX - 1;
	limit_charge(&st, &now);
	limit_charge(&st, &now);
	assert_int_equal(st.failures, UINT32_MAX);
	limit_clear(&st);
	assert_memory_equal(&st, &fresh, sizeof(st));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(delays),
	    cmocka_unit_test(at51_clocks), cmocka_unit_test(counts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
