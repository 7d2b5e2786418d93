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
#include <sys/stat.h>
#include <unistd.h>

#include "../../enroll/check_stack.h"

#define STACKS 3000

static const char *const controls[] = { "required", "requisite", "sufficient",
    "optional", "[success=1 default=ignore]", "[success=ok default=die]",
    "[success=2 ignore=ignore default=bad]", "[success=ok default=1]",
    "[success=done default=bad]", "[default=ignore success=ok]",
    "[success=reset ignore=1 default=die]", "[success=ok]",
    "[auth_err=ignore maxtries=done default=ok]" };
static const char *const answers[] = { "success", "success", "ignore",
    "auth_err", "maxtries" };
static const char *const names[] = { "top", "one", "two" };

/* A generator of our own: the same stacks everywhere. */
static unsigned
roll(uint32_t *seed, size_t sides)
{
	*seed = *seed * UINT32_C(1664525) + UINT32_C(1013904223);
	return (unsigned)((*seed >> 16) % sides);
}

static void
random_file(uint32_t *seed, size_t k, struct buf *ret)
{
	unsigned lines = 1 + roll(seed, 5);

	for (unsigned i = 0; i < lines; i++) {
		unsigned kind = roll(seed, 8);
		size_t c = roll(seed, sizeof(controls) / sizeof(*controls));
		size_t a = roll(seed, sizeof(answers) / sizeof(*answers));

		if (kind < 3 && k < 2)
			assert_int_equal(buf_printf(ret, kind == 0 ?
			    "@include %s\n" : kind == 1 ? "auth include %s\n" :
			    "auth substack %s\n", names[k + 1]), MFA_OK);
		else
			assert_int_equal(buf_printf(ret, "auth %s pam_debug.so "
			    "auth=%s\n", controls[c], answers[a]), MFA_OK);
	}
}

static void
write_file(const struct pam_file *file)
{
	FILE *f = fopen(file->path, "w");

	assert_non_null(f);
	assert_int_equal(fputs(buf_str(&file->text), f) < 0, 0);
	assert_int_equal(fclose(f), 0);
}

static int
no_talk(int n, const struct pam_message **msg, struct pam_response **ret,
    void *ctx)
{
	(void)msg;
	(void)ctx;
	*ret = calloc((size_t)n, sizeof(**ret));
	return *ret != NULL ? PAM_SUCCESS : PAM_BUF_ERR;
}

static bool
really(const char *dir)
{
	const struct pam_conv conv = { no_talk, NULL };
	pam_handle_t *pamh;
	int r;

	assert_int_equal(pam_start_confdir("top", "root", &conv, dir, &pamh),
	    PAM_SUCCESS);
	r = pam_authenticate(pamh, PAM_SILENT);
	pam_end(pamh, r);
	return r == PAM_SUCCESS;
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
	char dir[] = "/tmp/mfa-play.XXXXXX";
	struct pam_stack *stack = malloc(sizeof(*stack));
	struct pam_file file[3] = { { .text = { 0 } } };
	struct pam_dir all = { file, 3 };
	struct stack_end end;
	uint32_t seed = 1;
	unsigned in = 0;

	(void)unused;
	assert_non_null(stack);
	assert_non_null(mkdtemp(dir));
	for (unsigned n = 0; n < STACKS; n++) {
		for (size_t k = 0; k < 3; k++) {
			snprintf(file[k].name, sizeof(file[k].name), "%s",
			    names[k]);
			snprintf(file[k].path, sizeof(file[k].path), "%s/%s",
			    dir, names[k]);
			random_file(&seed, k, &file[k].text);
			write_file(&file[k]);
		}
		stack_read(&all, "top", "auth", stack);
		stack_run(stack, told, NULL, &end);
		in += end.success;
		if (!stack->cut && end.success != really(dir))
			fail_msg("stack %u: played %d; top:\n%sone:\n%stwo:\n%s",
			    n, end.success, buf_str(&file[0].text),
			    buf_str(&file[1].text), buf_str(&file[2].text));
		for (size_t k = 0; k < 3; k++)
			buf_wipe(&file[k].text);
	}
	assert_in_range(in, STACKS / 10, STACKS * 9 / 10);
	for (size_t k = 0; k < 3; k++)
		unlink(file[k].path);
	rmdir(dir);
	free(stack);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(as_libpam) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
