/* QR codes from a process of their own: a script stands for mfactl. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "../../pam_mfa/sys/draw_proc.h"
#include "../fake/pamhost.h"
#include "../fake/standin.h"

/* The program becomes this script; draws "uri". */
static enum mfa_err
draw(const char *lines, bool utf8, struct buf *ret, struct mfa_why *why)
{
	const struct mfa_drawer d = draw_proc(standin_program);

	standin_is(lines);
	return d.draw(d.ctx, "uri", utf8, ret, why);
}

static void
drawn(void **state)
{
	struct mfa_why why = { "" };
	struct buf b = { 0 };

	(void)state;
	/* The text comes on standard input, and in no argument. */
	assert_int_equal(draw("read l; [ \"$#$l$1$2\" = 2uridraw-qrutf8 ] && "
	    "printf '# \\n##\\n\\n'", true, &b, &why), MFA_OK);
	assert_string_equal(buf_str(&b), "# \n##\n");
	buf_wipe(&b);
	assert_int_equal(draw("read l; [ \"$2\" = ascii ] && "
	    "printf '\\342\\226\\210\\n\\n'", false, &b, &why), MFA_OK);
	assert_string_equal(buf_str(&b), "█\n");
	buf_wipe(&b);
	assert_int_equal(draw("printf '▀▄█ \\n\\n'", true, &b, &why), MFA_OK);
	assert_string_equal(buf_str(&b), "▀▄█ \n");
	buf_wipe(&b);
}

static void
not_drawn(void **state)
{
	static const struct { const char *lines, *why; } table[] = {
		{ "exit 1", "ended without answer" },
		{ "printf '##\\n'", "ended without answer" },
		{ "printf '\\033[2J\\n\\n'", "drew no QR code" },
		{ "printf 'hello\\n\\n'", "drew no QR code" },
		/* CSI of eight bits; a lone byte; beside what is drawn. */
		{ "printf '\\302\\2332J\\n\\n'", "drew no QR code" },
		{ "printf '##\\233\\n\\n'", "drew no QR code" },
		{ "printf '\\342\\226\\n\\n'", "drew no QR code" },
		{ "printf '\\342\\225\\277\\n\\n'", "drew no QR code" },
		{ "printf '\\342\\226\\240\\n\\n'", "drew no QR code" },
		{ "head -c 100000 /dev/zero | tr '\\0' '#'", "no valid" },
		{ "exit 127", "cannot be run" },
	};
	struct mfa_why why;
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		*why.text = '\0';
		assert_int_not_equal(draw(table[i].lines, true, &b, &why),
		    MFA_OK);
		if (strstr(why.text, table[i].why) == NULL)
			fail_msg("%s: %s", table[i].lines, why.text);
		assert_int_equal(b.len, 0);
	}
}

static void
no_program(void **state)
{
	struct mfa_drawer d = draw_proc("");
	struct mfa_why why = { "" };
	struct buf b = { 0 };

	(void)state;
	assert_int_not_equal(d.draw(d.ctx, "uri", true, &b, &why), MFA_OK);
	assert_string_equal(why.text, "");	/* as configured */
	d = draw_proc("/nonexistent/mfactl");
	assert_int_not_equal(d.draw(d.ctx, "uri", true, &b, &why), MFA_OK);
	assert_non_null(strstr(why.text, "/nonexistent"));
	/* What another could have written is not run. */
	pamhost_write(standin_program, 0777, "#!/bin/sh\nprintf '##\\n\\n'\n");
	d = draw_proc(standin_program);
	assert_int_not_equal(d.draw(d.ctx, "uri", true, &b, &why), MFA_OK);
	assert_int_equal(b.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drawn),
		cmocka_unit_test(not_drawn),
		cmocka_unit_test(no_program),
	};

	return cmocka_run_group_tests(tests, standin_setup,
	    standin_teardown);
}
