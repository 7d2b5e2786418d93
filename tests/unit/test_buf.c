/* The buffer: bounds, and that nothing of a secret stays behind. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/buf.h"
#include "../fake/memory.h"

static void
ends_in_nul(const struct buf *b, size_t len)
{
	assert_int_equal(b->len, len);
	assert_true(b->cap > len);
	assert_int_equal(b->data[len], 0);
}

static void
appends(void **unused)
{
	struct buf b = { 0 };

	(void)unused;
	assert_string_equal(buf_str(&b), "");
	assert_int_equal(buf_put(&b, NULL, 0), MFA_OK);
	ends_in_nul(&b, 0);
	assert_int_equal(buf_puts(&b, "ab"), MFA_OK);
	assert_int_equal(buf_put(&b, "c\0d", 3), MFA_OK);
	ends_in_nul(&b, 5);
	assert_int_equal(buf_printf(&b, "%s-%03d", "x", 7), MFA_OK);
	ends_in_nul(&b, 10);
	assert_memory_equal(b.data, "abc\0dx-007", 11);
	buf_wipe(&b);
	assert_null(b.data);
	assert_int_equal(b.len + b.cap, 0);
	buf_wipe(&b);
}

/* Piece by piece over every doubling. */
static void
grows(void **unused)
{
	struct buf b = { 0 };

	(void)unused;
	for (size_t n = 0; n < 5000; n++) {
		uint8_t c = (uint8_t)(n * 7);

		assert_int_equal(n % 2 ? buf_put(&b, &c, 1) :
		    buf_printf(&b, "%c", c ? c : 1), MFA_OK);
		ends_in_nul(&b, n + 1);
	}
	for (size_t n = 1; n < 5000; n += 2)
		assert_int_equal(b.data[n], (uint8_t)(n * 7));
	buf_wipe(&b);
}

/* One byte over: refused, and as it was. */
static void
bounded(void **unused)
{
	static char most[BUF_MAX + 1];
	struct buf b = { 0 };

	(void)unused;
	memset(most, 'x', BUF_MAX);
	assert_int_equal(buf_put(&b, most, BUF_MAX), MFA_OK);
	ends_in_nul(&b, BUF_MAX);
	assert_int_equal(buf_put(&b, "y", 1), MFA_ERANGE);
	assert_int_equal(buf_puts(&b, "y"), MFA_ERANGE);
	assert_int_equal(buf_printf(&b, "%d", 1), MFA_ERANGE);
	assert_int_equal(buf_put(&b, most, SIZE_MAX), MFA_ERANGE);
	assert_int_equal(buf_reserve(&b, BUF_MAX + 1), MFA_ERANGE);
	ends_in_nul(&b, BUF_MAX);
	buf_wipe(&b);
	assert_int_equal(buf_put(&b, most, BUF_MAX + 1), MFA_ERANGE);
	assert_int_equal(buf_reserve(&b, SIZE_MAX), MFA_ERANGE);
	assert_null(b.data);
}

/* Growing and freeing leave no copy. */
static void
leaves_nothing(void **unused)
{
	struct buf b = { 0 };

	(void)unused;
	for (size_t i = 0; i < MEMORY_MARK; i++) {
		uint8_t c = memory_mark(i);

		assert_int_equal(buf_put(&b, &c, 1), MFA_OK);
	}
	assert_int_equal(memory_marks(), 1);
	assert_int_equal(buf_reserve(&b, 10 * b.cap), MFA_OK);
	assert_int_equal(memory_marks(), 1);
	buf_wipe(&b);
	assert_int_equal(memory_marks(), 0);
}

static void
wipes(void **unused)
{
	char bytes[] = "abcd";

	(void)unused;
	mfa_wipe(NULL, 0);
	mfa_wipe(bytes + 1, 2);
	assert_memory_equal(bytes, "a\0\0d", 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(appends),
	    cmocka_unit_test(grows), cmocka_unit_test(bounded),
	    cmocka_unit_test(leaves_nothing), cmocka_unit_test(wipes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
