/*
 * mfactl check plays PAM stacks by itself: thousands of random ones end as
 * they do in the real libpam. pam_debug.so answers what it is told to.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../enroll/check_stack.h"
#include "../fake/pamhost.h"

#define STACKS 3000

static const char *const controls[] = { "required", "requisite", "sufficient",
    "optional", "[success=1 default=ignore]", "[success=ok default=die]",
    "[success=2 ignore=ignore default=bad]", "[success=ok default=1]",
    "[success=done default=bad]", "[default=ignore success=ok]",
    "[success=reset ignore=1 default=die]", "[success=ok]",
    "[auth_err=ignore maxtries=done default=ok]" };
static const char *const answers[] = { "success", "success", "ignore",
    "auth_err", "maxtries" };
/* libpam wants an "other". */
static const char *const names[] = { "top", "one", "two", "other" };
#define FILES (sizeof(names) / sizeof(*names))

/* A generator of our own: the same stacks everywhere. */
static unsigned
roll(uint32_t *seed, size_t sides)
{
	*seed = *seed * UINT32_C(1664525) + UINT32_C(1013904223);
	return (unsigned)((*seed >> 16) % sides);
}

static void
random_file(uint32_t *seed, size_t k, const char *dir, struct buf *ret)
{
	unsigned lines = 1 + roll(seed, 5);

	for (unsigned i = 0; i < lines; i++) {
		unsigned kind = roll(seed, 8);
		size_t c = roll(seed, sizeof(controls) / sizeof(*controls));
		size_t a = roll(seed, sizeof(answers) / sizeof(*answers));

		if (kind < 3 && k < 2)
			assert_int_equal(buf_printf(ret, kind == 0 ?
			    "@include %s/%s\n" : kind == 1 ?
			    "auth include %s/%s\n" : "auth substack %s/%s\n",
			    dir, names[k + 1]), MFA_OK);
		else
			assert_int_equal(buf_printf(ret, "auth %s pam_debug.so "
			    "auth=%s\n", controls[c], answers[a]), MFA_OK);
	}
}

static bool
really(void)
{
	struct talk none = { .asked = 0 };

	return pamhost_login("top", "root", &none) == PAM_SUCCESS;
}

static enum pam_result
told(const void *ctx, const struct pam_stack *s, size_t i)
{
	(void)ctx;
	for (int r = 0; r < RESULTS; r++)
		if (!strcmp(s->rule[i].args + strlen("auth="),
		    pam_result_name((enum pam_result)r)))
			return (enum pam_result)r;
	fail_msg("%s", s->rule[i].args);
	return RESULT_SUCCESS;
}

static void
as_libpam(void **unused)
{
	char dir[64];
	struct pam_stack *stack = malloc(sizeof(*stack));
	struct pam_file file[FILES] = { { .text = { 0 } } };
	struct pam_dir all = { file, FILES };
	struct stack_end end;
	uint32_t seed = 1;
	unsigned in = 0;

	(void)unused;
	assert_non_null(stack);
	pamhost_enter(1, 0);
	assert_non_null(getcwd(dir, sizeof(dir) - 6));
	strcat(dir, "/pam.d");
	for (unsigned n = 0; n < STACKS; n++) {
		for (size_t k = 0; k < FILES; k++) {
			snprintf(file[k].name, sizeof(file[k].name), "%s",
			    names[k]);
			snprintf(file[k].path, sizeof(file[k].path), "%s/%s",
			    dir, names[k]);
			random_file(&seed, k, dir, &file[k].text);
			pamhost_write(file[k].path, 0644, "%s",
			    buf_str(&file[k].text));
		}
		stack_read(&all, "top", "auth", stack);
		stack_run(stack, told, NULL, &end);
		in += end.success;
		if (!stack->cut && end.success != really())
			fail_msg("stack %u: played %d; top:\n%sone:\n%stwo:\n"
			    "%s", n, end.success, buf_str(&file[0].text),
			    buf_str(&file[1].text), buf_str(&file[2].text));
		for (size_t k = 0; k < FILES; k++)
			buf_wipe(&file[k].text);
	}
	assert_in_range(in, STACKS / 10, STACKS * 9 / 10);
	free(stack);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(as_libpam) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
