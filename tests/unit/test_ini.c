/* The lexer: items, lines, and everything it refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/buf.h"
#include "../../pam_mfa/core/ini.h"

/*
 * All items, "LINE key=value;" and "LINE [name|argument];", or the sentence of
 * the refusal. The text is in a block of its own size: reading on is seen.
 */
static enum mfa_err
items(const char *text, size_t len, struct buf *ret, struct mfa_why *why)
{
	char *exact = malloc(len ? len : 1);
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	assert_non_null(exact);
	memcpy(exact, text, len);
	ini_init(&ini, exact, len);
	while (!(r = ini_next(&ini, &it, why)) && it.kind != INI_END)
		assert_int_equal(buf_printf(ret, it.kind == INI_SECTION ?
		    "%u [%s|%s];" : "%u %s=%s;", it.line, it.name, it.value),
		    MFA_OK);
	if (!r) {
		assert_int_equal(ini_next(&ini, &it, why), MFA_OK);
		assert_int_equal(it.kind, INI_END);
		assert_string_equal(it.name, "");
		assert_string_equal(it.value, "");
	}
	free(exact);
	return r;
}

static void
taken(void **unused)
{
	static const struct {
		const char *text, *items;
	} table[] = {
		{ "", "" }, { "\n\n", "" }, { " \t\n", "" },
		{ "# a\n; b\n  # c = d\n\t;", "" },
		{ "a=b", "1 a=b;" }, { "a=b\n", "1 a=b;" },
		{ "a = b\r\nc = d\r\n", "1 a=b;2 c=d;" }, { "a=b\r", "1 a=b;" },
		{ "\n\n \t a_1\t=  b c\td \t\n", "3 a_1=b c\td;" },
		{ "a=", "1 a=;" }, { "a =  \n", "1 a=;" },
		{ "a==b=", "1 a==b=;" }, { "a = \"b\" # c", "1 a=\"b\" # c;" },
		{ "a = \303\251\200\377", "1 a=\303\251\200\377;" },
		{ "[a]", "1 [a|];" }, { "[ a\t b  c ]", "1 [a|b  c];" },
		{ "  [service x]  \nk=v", "1 [service|x];2 k=v;" },
		{ "[a ]]", "1 [a|]];" }, { "[a [b]]", "1 [a|[b]];" },
	};
	struct mfa_why why = { "" };

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct buf got = { 0 };

		assert_int_equal(items(table[i].text, strlen(table[i].text),
		    &got, &why), MFA_OK);
		assert_string_equal(buf_str(&got), table[i].items);
		buf_wipe(&got);
	}
}

static void
refuses(const char *text, size_t len, const char *sentence)
{
	struct mfa_why why = { "" };
	struct buf got = { 0 };

	if (items(text, len, &got, &why) != MFA_ESYNTAX ||
	    strncmp(why.text, sentence, strlen(sentence)) != 0)
		fail_msg("\"%s\": %s", text, why.text);
	buf_wipe(&got);
}

static void
refused(void **unused)
{
	static const struct {
		const char *text, *sentence;
	} table[] = {
		{ "a", "line 1: expected \"key = value\"" },
		{ "a=b\nc\n", "line 2: expected" },
		{ "\n\n[a]\nx y z", "line 4: expected" },
		{ "]", "line 1: expected" },
		{ "=b", "line 1: a key" }, { " = b", "line 1: a key" },
		{ "A = b", "line 1: a key" }, { "a b = c", "line 1: a key" },
		{ "a-b = c", "line 1: a key" },
		{ "\303\251=c", "line 1: a key" },
		{ "[a", "line 1: a heading must end" },
		{ "[a] b", "line 1: a heading must end" },
		{ "[", "line 1: a heading must end" },
		{ "[]", "line 1: a heading is" },
		{ "[ ]", "line 1: a heading is" },
		{ "[A]", "line 1: a heading is" },
		{ "\r\n[a-b]", "line 2: a heading is" },
		{ "[a]b]", "line 1: a heading is" },
		{ "a=b\rc=d", "line 1: a control byte (0x0d)" },
		{ "a=b\r\r\n", "line 1: a control byte (0x0d)" },
		{ "# \033[2J", "line 1: a control byte (0x1b)" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		refuses(table[i].text, strlen(table[i].text),
		    table[i].sentence);
}

static void
every_control_byte(void **unused)
{
	char text[] = "a = b\nc = x\n", sentence[64];

	(void)unused;
	for (int c = 0; c < 256; c++) {
		struct mfa_why why = { "" };
		struct buf got = { 0 };

		text[10] = (char)c;
		snprintf(sentence, sizeof(sentence),
		    "line 2: a control byte (0x%02x)", c);
		if (c == 0x7f || (c < ' ' && !strchr("\t\n\r", c)) || c == 0)
			refuses(text, 12, sentence);
		else
			assert_int_equal(items(text, 12, &got, &why), MFA_OK);
		buf_wipe(&got);
	}
}

static void
bounds(void **unused)
{
	char text[INI_LINE_MAX + 8], key[80];
	struct mfa_why why = { "" };
	struct buf got = { 0 };

	(void)unused;
	memset(text, 'x', sizeof(text));
	text[1] = '=';
	memcpy(text + INI_LINE_MAX, "\r\n", 2);
	assert_int_equal(items(text, INI_LINE_MAX, &got, &why), MFA_OK);
	assert_int_equal(items(text, INI_LINE_MAX + 2, &got, &why), MFA_OK);
	text[INI_LINE_MAX] = 'x';
	refuses(text, INI_LINE_MAX + 1, "line 1: longer than 1024");
	*text = '#';
	refuses(text, INI_LINE_MAX + 1, "line 1: longer than 1024");

	memset(key, 'k', 63);
	memcpy(key + 63, "=v", 3);
	assert_int_equal(items(key, 65, &got, &why), MFA_OK);
	memcpy(key + 63, "k=v", 4);
	refuses(key, 66, "line 1: a key");
	*key = '[';
	memcpy(key + 64, "]", 2);
	assert_int_equal(items(key, 65, &got, &why), MFA_OK);
	memcpy(key + 64, "k]", 3);
	refuses(key, 66, "line 1: a heading is");
	buf_wipe(&got);
}

/* Cut anywhere, nothing is read that is not there. */
static void
cut_short(void **unused)
{
	static const char text[] = "# c\r\n[service sshd]\r\ntries = 3\r\n"
	    "[g]\nx=";

	(void)unused;
	for (size_t n = 0; n < sizeof(text); n++) {
		struct mfa_why why = { "" };
		struct buf got = { 0 };

		if (items(text, n, &got, &why))
			assert_memory_equal(why.text, "line ", 5);
		buf_wipe(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(taken),
	    cmocka_unit_test(refused), cmocka_unit_test(every_control_byte),
	    cmocka_unit_test(bounds), cmocka_unit_test(cut_short) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
