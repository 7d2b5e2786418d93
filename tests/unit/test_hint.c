/* What a wrong code tells about a clock or a counter. Codes are liboath's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/fake_person.h"

#define KEY "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define NOW 1700000000

static int
setup(void **state)
{
	static struct tool tool;
	struct mfa_why why = { "" };

	if (crypto_new("", &tool.crypto, &why))
		return -1;
	*state = &tool;
	return 0;
}

static int
teardown(void **state)
{
	struct tool *t = *state;

	crypto_free(t->crypto);
	return 0;
}

static struct otp_key
key_of(unsigned digits, unsigned period)
{
	struct otp_key key = { .len = 20, .hash = CRYPTO_SHA1,
	    .digits = digits, .period = period };

	memcpy(key.key, "12345678901234567890", 20);
	return key;
}

static const struct {
	unsigned digits, period;
	int steps;		/* the code is of now and so many */
	const char *says;	/* NULL: no hint */
} clocks[] = {
	{ 6, 30, 2, "about 60 seconds ahead." },
	{ 6, 30, -2, "about 60 seconds behind." },
	{ 6, 30, 3, "about 2 minutes ahead." },
	{ 6, 30, 20, "about 10 minutes ahead." },
	{ 6, 30, -20, "about 10 minutes behind." },
	{ 6, 30, 21, NULL },
	{ 6, 30, -21, NULL },
	{ 8, 60, 10, "about 10 minutes ahead." },
	{ 8, 60, -11, NULL },
	{ 7, 120, -5, "about 10 minutes behind." },
	{ 6, 1, 45, "about 45 seconds ahead." },
	/* In step with this host: a clock is not what is wrong. */
	{ 6, 30, 0, NULL },
};

static void
clock_hints(void **state)
{
	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		struct otp_key key = key_of(clocks[i].digits,
		    clocks[i].period);
		char code[FAKE_CODE_MAX], text[HINT_MAX] = "";
		bool any;

		fake_person_code(KEY, key.digits, (int64_t)(NOW / key.period) +
		    clocks[i].steps, code);
		any = hint_offset(*state, &key, code, NOW, 0, text);
		if (any != (clocks[i].says != NULL) ||
		    (any && strstr(text, clocks[i].says) == NULL))
			fail_msg("%zu: %s", i, text);
		assert_null(strstr(text, code));
	}
}

static void
counter_hints(void **state)
{
	struct otp_key key = key_of(6, 0);
	char code[FAKE_CODE_MAX], text[HINT_MAX] = "";

	fake_person_code(KEY, 6, 50 + 37, code);
	assert_true(hint_offset(*state, &key, code, NOW, 50, text));
	assert_non_null(strstr(text, "The code is 37 ahead of"));
	fake_person_code(KEY, 6, 50 + 100, code);
	assert_true(hint_offset(*state, &key, code, NOW, 50, text));
	fake_person_code(KEY, 6, 50 + 101, code);
	assert_false(hint_offset(*state, &key, code, NOW, 50, text));
	/* The last that was used is no hint, nor is an older one. */
	fake_person_code(KEY, 6, 49, code);
	assert_false(hint_offset(*state, &key, code, NOW, 50, text));
	fake_person_code(KEY, 6, 48, code);
	assert_false(hint_offset(*state, &key, code, NOW, 50, text));
}

static void
no_code(void **state)
{
	static const char *const typed[] = { "", "hello", "12345",
	    "123456789", "0123-4567-89ab-cdef" };
	struct otp_key key = key_of(6, 30);
	char text[HINT_MAX];

	for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++)
		assert_false(hint_offset(*state, &key, typed[i], NOW, 0,
		    text));
}

/* 1970: the window is cut, and nothing is taken from below it. */
static void
at_the_beginning(void **state)
{
	struct otp_key key = key_of(6, 30);
	char code[FAKE_CODE_MAX], text[HINT_MAX];

	fake_person_code(KEY, 6, 7, code);
	assert_true(hint_offset(*state, &key, code, 0, 0, text));
	assert_non_null(strstr(text, "about 4 minutes ahead"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(clock_hints), T(counter_hints),
	    T(no_code), T(at_the_beginning) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
