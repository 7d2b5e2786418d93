/* A home from a process of its own: a script stands for mfactl. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "../../pam_mfa/sys/home_proc.h"
#include "../fake/pamhost.h"
#include "../fake/standin.h"

#define LONG_MS 20000	/* where an answer comes */

static const struct mfa_subject alice = { .user = "alice", .uid = 23456,
    .gid = 23457, .home = "/home/alice", .known = true };

static enum mfa_err
ask(const struct mfa_subject *who, uint32_t limit_ms, struct buf *ret,
    struct mfa_why *why)
{
	const struct home_job job = { .program = standin_program, .who = who,
	    .what = HOME_PROC_READ, .limit_ms = limit_ms };

	*why->text = '\0';
	return home_proc(&job, ret, why);
}

static void
answers(void **state)
{
	static const struct {
		const char *lines;
		enum mfa_err err;
		const char *text;	/* what is read, or a part of why */
	} table[] = {
		{ "printf '00 000004\\nmine'", MFA_OK, "mine" },
		{ "printf '00 000000\\n'", MFA_OK, "" },
		{ "[ \"$*\" = 'at-home read 23456 23457 /home/alice alice' ] "
		    "&& printf '00 000001\\n!'", MFA_OK, "!" },
		{ "printf '00 00'; printf '0004\\nmi'; printf ne", MFA_OK,
		    "mine" },
		{ "printf '04 000008\\nno file!'", MFA_ENOENT, "no file!" },
		{ "printf '06 000009\\nchmod 600'", MFA_EPERM, "chmod 600" },
		/* Nothing but an answer is "no factors". */
		{ "exit 4", MFA_EIO, "ended without answer" },
		{ "kill -KILL $$", MFA_EIO, "ended without answer" },
		{ "exit 127", MFA_EIO, "cannot be run" },
		{ "printf '04 000008\\nno fil'", MFA_EIO, "without answer" },
		{ "printf '00 000005\\nmine'", MFA_EIO, "without answer" },
		{ "printf '00 000003\\nmine'", MFA_EIO, "no valid answer" },
		{ "printf '99 000000\\n'", MFA_EIO, "no valid answer" },
		{ "printf '00 099999\\n'", MFA_EIO, "no valid answer" },
		{ "printf '0x 000000\\n'", MFA_EIO, "no valid answer" },
		{ "printf '00 -00001\\n'", MFA_EIO, "no valid answer" },
		{ "printf '00-000000\\n'", MFA_EIO, "no valid answer" },
		{ "printf '00 000000 '", MFA_EIO, "no valid answer" },
		{ "head -c 100000 /dev/zero", MFA_EIO, "no valid answer" },
	};
	struct mfa_why why;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct buf b = { 0 };
		enum mfa_err r;

		standin_is(table[i].lines);
		r = ask(&alice, LONG_MS, &b, &why);
		if (r != table[i].err || strstr(r ? why.text : buf_str(&b),
		    table[i].text) == NULL || (r && b.len != 0))
			fail_msg("%s: %d %s %s", table[i].lines, r,
			    buf_str(&b), why.text);
		buf_wipe(&b);
	}
}

static void
at14_one_that_hangs(void **state)
{
	struct mfa_why why;
	struct buf b = { 0 };

	(void)state;
	standin_is("kill -STOP $$");
	assert_int_equal(ask(&alice, 100, &b, &why), MFA_EIO);
	assert_non_null(strstr(why.text, "/home/alice/.mfa: nothing came"));
	assert_int_equal(b.len, 0);
}

static void
no_program(void **state)
{
	struct mfa_why why;
	struct buf b = { 0 };

	(void)state;
	unlink(standin_program);
	assert_int_equal(ask(&alice, LONG_MS, &b, &why), MFA_EIO);
	assert_non_null(strstr(why.text, standin_program));
	/* What another could have written is not run. */
	pamhost_write(standin_program, 0777, "#!/bin/sh\n"
	    "printf '00 000001\\n!'\n");
	assert_int_equal(ask(&alice, LONG_MS, &b, &why), MFA_EIO);
	assert_int_equal(b.len, 0);
}

/* As much is done for a name that nobody has, and nothing comes of it. */
static void
at62_a_name_that_nobody_has(void **state)
{
	const struct mfa_subject nobody = { .user = "mallory",
	    .home = "/root" };
	struct mfa_why why;
	struct buf b = { 0 };

	(void)state;
	standin_is("[ \"$*\" = 'at-home read 65534 65534 /nonexistent "
	    "mallory' ] && : >seen; printf '00 000001\\n!'");
	assert_int_equal(ask(&nobody, LONG_MS, &b, &why), MFA_ENOENT);
	assert_int_equal(b.len, 0);
	assert_string_equal(why.text, "");
	assert_int_equal(unlink(standin_seen), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(at14_one_that_hangs),
		cmocka_unit_test(no_program),
		cmocka_unit_test(at62_a_name_that_nobody_has),
	};

	return cmocka_run_group_tests(tests, standin_setup,
	    standin_teardown);
}
