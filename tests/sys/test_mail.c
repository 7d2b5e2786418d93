/* Mail as other programs read it; and a sendmail that fails or hangs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../../enroll/mail.h"
#include "../../pam_mfa/sys/os.h"
#include "../fake/standin.h"

/* Headers and base 64 are Python's (email.header, base64). */
static const struct row {
	const char *to, *subject, *body, *mail;
} rows[] = {
	{ "alice", "Reset", "Hello.\nBye.\n", "To: alice\nSubject: Reset\n"
	    "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=US-ASCII\n"
	    "Content-Transfer-Encoding: 7bit\n\nHello.\nBye.\n" },
	{ "alice", "多要素認証の登録がリセットされました", "日本\n",
	    "To: alice\nSubject: =?UTF-8?B?5aSa6KaB57Sg6KqN6Ki844Gu55m76Yyy44GM"
	    "44Oq44K744OD44OI44GV44KM?=\n =?UTF-8?B?44G+44GX44Gf?=\n"
	    "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=UTF-8\n"
	    "Content-Transfer-Encoding: base64\n\n5pel5pysCg==\n" },
	/* A line of 91 bytes is two of base 64. */
	{ "a\nBcc: eve", "x\ny", "ああああああああああああああああああああああ"
	    "ああああああああ\n", "To: a?Bcc: eve\nSubject: x?y\n"
	    "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=UTF-8\n"
	    "Content-Transfer-Encoding: base64\n\n"
	    "44GC44GC44GC44GC44GC44GC44GC44GC44GC44GC44GC44GC44GC44GC44GC44GC"
	    "44GC44GC44GC\n"
	    "44GC44GC44GC44GC44GC44GC44GC44GC44GC44GC44GCCg==\n" },
	{ "花子", "Reset", "x\n", "Subject: Reset\n"
	    "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=US-ASCII\n"
	    "Content-Transfer-Encoding: 7bit\n\nx\n" },
};

static void
composed(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct buf text = { 0 };

		assert_int_equal(mail_compose(row->to, row->subject, row->body,
		    &text), MFA_OK);
		assert_string_equal(buf_str(&text), row->mail);
		buf_wipe(&text);
	}
}

static void
too_long(void **unused)
{
	static char body[MAIL_MAX];
	struct buf text = { 0 };

	(void)unused;
	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	assert_int_equal(mail_compose("alice", "x", body, &text), MFA_ERANGE);
	buf_wipe(&text);
}

static size_t
read_seen(char *dst, size_t cap)
{
	FILE *f = fopen(standin_seen, "re");
	size_t n;

	assert_non_null(f);
	n = fread(dst, 1, cap - 1, f);
	dst[n] = '\0';
	fclose(f);
	return n;
}

static void
runs(void **unused)
{
	static char text[MAIL_MAX + 1], got[2 * MAIL_MAX];

	(void)unused;
	memset(text, 'x', MAIL_MAX);
	text[MAIL_MAX] = '\0';
	standin_is("{ echo \"$*\"; cat; } >seen");
	assert_true(mail_send(standin_program, "alice", text));
	assert_int_equal(read_seen(got, sizeof(got)), MAIL_MAX +
	    strlen("-oi -- alice\n"));
	assert_memory_equal(got, "-oi -- alice\nxxx", 16);
	standin_is("exit 75");
	assert_false(mail_send(standin_program, "alice", "x"));
	/* It need not read. */
	standin_is("exit 0");
	assert_true(mail_send(standin_program, "alice", text));
	assert_false(mail_send("/nonexistent/sendmail", "alice", "x"));
}

/*
 * It is over in time, and nothing of it is left: whatever it started holds the
 * end of a pipe for writing, and so there is an end only when all are gone.
 */
static void
hangs(void **unused)
{
	struct pollfd left = { .events = POLLIN };
	int64_t start = os_boot_ms();
	int fd[2];
	char c;

	(void)unused;
	standin_is("sleep 1000 & wait");
	assert_int_equal(pipe(fd), 0);
	assert_false(mail_run(standin_program, "alice", "x", 500));
	assert_true(os_boot_ms() - start >= 500);
	close(fd[1]);
	left.fd = fd[0];
	assert_int_equal(poll(&left, 1, 30000), 1);
	assert_int_equal(read(fd[0], &c, 1), 0);
	close(fd[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(composed), cmocka_unit_test(too_long),
		cmocka_unit_test(runs), cmocka_unit_test(hangs),
	};

	return cmocka_run_group_tests(tests, standin_setup,
	    standin_teardown);
}
