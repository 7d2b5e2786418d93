/* Where unknown names go. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "../../pam_mfa/core/share.h"

/* A thousand names go to all places, a few to each; on two hosts elsewhere. */
static void
spread(void **unused)
{
	unsigned n[SHARES] = { 0 }, same = 0;
	char name[16];

	(void)unused;
	for (int i = 0; i < 4096; i++) {
		unsigned at;

		snprintf(name, sizeof(name), "nobody%d", i);
		at = share_of(name, 1234);
		assert_true(at < SHARES);
		assert_int_equal(share_of(name, 1234), at);
		n[at]++;
		same += share_of(name, 1235) == at;
	}
	for (int i = 0; i < SHARES; i++)
		assert_true(n[i] > 0 && n[i] < 64);
	assert_true(same < 64);
	assert_true(share_of("", 7) < SHARES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(spread) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
