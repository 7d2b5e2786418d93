/* Templates: what is taken, what comes out, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/template.h"

static const struct template_value values[] = {
	{ "code", "0123" }, { "name", "O'Hara & <Söhne> \"x\"" },
	{ "language", "ja" }, { "brace", "{code}}{{" }, { "none", NULL },
	{ "empty", "" }, { "crlf", "a\r\nb" }, { "latin1", "\xe9" },
	{ "dots", ".." }, { "long", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
};
static const struct template_value voices[] = {
	{ "ja", "Mizuki {code}" }, { "en", "Joanna" },
};
static const struct template_value fallback[] = {
	{ "x", "1" }, { "other", "2" },
};
static const struct template_map maps[] = {
	{ "voice", voices, 2 }, { "fallback", fallback, 2 },
};
static const struct template_env env = { values,
    sizeof(values) / sizeof(*values), maps, 2 };

static const struct {
	const char *text;
	enum template_escape outer;
	const char *want;
} good[] = {
	{ "", TEMPLATE_RAW, "" },
	{ "plain", TEMPLATE_RAW, "plain" },
	{ "a{code}b{code}", TEMPLATE_RAW, "a0123b0123" },
	{ "{{code}}", TEMPLATE_RAW, "{code}" },
	{ "{{{code}}}", TEMPLATE_RAW, "{0123}" },
	/* A value is never looked at again. */
	{ "{brace}", TEMPLATE_RAW, "{code}}{{" },
	{ "{brace|json}", TEMPLATE_RAW, "{code}}{{" },
	{ "{language|map:voice}", TEMPLATE_RAW, "Mizuki {code}" },
	{ "{code|map:fallback}", TEMPLATE_RAW, "2" },
	{ "[{empty}]", TEMPLATE_RAW, "[]" },
	{ "{name|url}", TEMPLATE_RAW,
	    "O%27Hara%20%26%20%3CS%C3%B6hne%3E%20%22x%22" },
	{ "{name|form}", TEMPLATE_RAW,
	    "O%27Hara+%26+%3CS%C3%B6hne%3E+%22x%22" },
	{ "{name|json}", TEMPLATE_RAW, "O'Hara & <Söhne> \\\"x\\\"" },
	{ "{crlf|json}", TEMPLATE_RAW, "a\\u000d\\u000ab" },
	{ "{name|xml}", TEMPLATE_RAW,
	    "O&#39;Hara &#38; &#60;Söhne&#62; &#34;x&#34;" },
	{ "{crlf|xml}", TEMPLATE_RAW, "a&#13;&#10;b" },
	/* RFC 4648 10. */
	{ "{empty|base64}", TEMPLATE_RAW, "" },
	{ "{code|base64}", TEMPLATE_RAW, "MDEyMw==" },
	{ "{latin1|base64}", TEMPLATE_RAW, "6Q==" },
	{ "{dots|base64|base64}", TEMPLATE_RAW, "TGk0PQ==" },
	{ "{dots|form}", TEMPLATE_RAW, ".." },
	/* The text around stays, the value is escaped last of all. */
	{ "<t>{name}</t>", TEMPLATE_XML,
	    "<t>O&#39;Hara &#38; &#60;Söhne&#62; &#34;x&#34;</t>" },
	{ "a b/{name}", TEMPLATE_URL,
	    "a b/O%27Hara%20%26%20%3CS%C3%B6hne%3E%20%22x%22" },
	{ "{code|spaced}", TEMPLATE_URL, "0%201%202%203" },
	{ "{brace|json|form}", TEMPLATE_RAW, "%7Bcode%7D%7D%7B%7B" },
	{ "{code|spaced}", TEMPLATE_RAW, "0 1 2 3" },
	{ "{code|spaced:}", TEMPLATE_RAW, "0123" },
	{ "{code|spaced:, }", TEMPLATE_RAW, "0, 1, 2, 3" },
	{ "{code|spaced:、}", TEMPLATE_RAW, "0、1、2、3" },
	{ "{empty|spaced:x}", TEMPLATE_RAW, "" },
	{ "{language|map:voice|spaced:.}", TEMPLATE_RAW,
	    "M.i.z.u.k.i. .{.c.o.d.e.}" },
	{ "{code|spell}", TEMPLATE_RAW, "ゼロ, いち, に, さん" },
	{ "{code|spell:、}", TEMPLATE_RAW, "ゼロ、いち、に、さん" },
	{ "{long}", TEMPLATE_HEADER, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
};

static void
expands(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct mfa_why why = { "" };
		struct buf got = { 0 };

		assert_int_equal(template_check(good[i].text, &env, &why),
		    MFA_OK);
		if (template_expand(good[i].text, &env, good[i].outer, &got,
		    &why))
			fail_msg("%s: %s", good[i].text, why.text);
		assert_string_equal(buf_str(&got), good[i].want);
		buf_wipe(&got);
	}
}

/* Refused when they are looked at, and again when they are used. */
static const struct { const char *text, *says; } bad[] = {
	{ "{", "no \"}\"" },
	{ "}", "without \"{\"" },
	{ "{code", "no \"}\"" },
	{ "a}b", "without \"{\"" },
	{ "{code}}", "without \"{\"" },
	{ "{}", "unknown value \"\"" },
	{ "{ code}", "unknown value \" code\"" },
	{ "{cods}", "did you mean \"code\"" },
	{ "{code|}", "unknown filter \"\"" },
	{ "{code|jsonn}", "did you mean \"json\"" },
	{ "{code|url:x}", "no argument" },
	{ "{code|map}", "map:NAME" },
	{ "{code|map:}", "map:NAME" },
	{ "{code|map:voices}", "did you mean \"voice\"" },
	{ "{code|url|url|url|url|url}", "more than 4" },
	{ "{code|spaced:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaa}", "longer than 63" },
};

static void
refuses(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct mfa_why why = { "" };
		struct buf got = { 0 };
		enum mfa_err r = template_check(bad[i].text, &env, &why);

		if (!r || strstr(why.text, bad[i].says) == NULL)
			fail_msg("%s: %d %s", bad[i].text, r, why.text);
		assert_int_equal(template_expand(bad[i].text, &env,
		    TEMPLATE_RAW, &got, NULL), r);
		buf_wipe(&got);
	}
}

/* Well formed, and yet not to be had with these values. */
static const struct {
	const char *text;
	enum template_escape outer;
	enum mfa_err err;
	const char *says;
} never[] = {
	{ "{none}", TEMPLATE_RAW, MFA_ENOENT, "no {none}" },
	{ "a{none|json}", TEMPLATE_RAW, MFA_ENOENT, "no {none}" },
	{ "{crlf}", TEMPLATE_HEADER, MFA_ERANGE, "{crlf}" },
	{ "{crlf|header}", TEMPLATE_RAW, MFA_ERANGE, "{crlf}" },
	{ "{latin1}", TEMPLATE_JSON, MFA_ERANGE, "{latin1}" },
	{ "{latin1}", TEMPLATE_XML, MFA_ERANGE, "{latin1}" },
	{ "{dots}", TEMPLATE_URL, MFA_ERANGE, "{dots}" },
	{ "{code|map:voice}", TEMPLATE_RAW, MFA_ERANGE, "neither this" },
	{ "{name|spell}", TEMPLATE_RAW, MFA_ESYNTAX, "{name}" },
};

static void
cannot(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		struct mfa_why why = { "" };
		struct buf got = { 0 };

		assert_int_equal(template_check(never[i].text, &env, &why),
		    MFA_OK);
		assert_int_equal(template_expand(never[i].text, &env,
		    never[i].outer, &got, &why), never[i].err);
		if (strstr(why.text, never[i].says) == NULL)
			fail_msg("%s: %s", never[i].text, why.text);
		buf_wipe(&got);
	}
}

static void
uses(void **unused)
{
	(void)unused;
	assert_true(template_uses("a{secret.k|base64}", "secret."));
	assert_false(template_uses("a{{secret.k}}", "secret."));
	assert_false(template_uses("secret.k {code}", "secret."));
	assert_true(template_uses("{extension_w}", "extension"));
	assert_true(template_uses("{{{secret.k}}}", "secret."));
	/* JSON, whose own braces are none of ours. */
	assert_true(template_uses("{\"a\": \"{secret.k}\"}", "secret."));
	assert_false(template_uses("{\"a\": \"{{secret.k}}\"}", "secret."));
	assert_true(template_uses("[{\"a\":{\"b\":\"{to}{secret.k}\"",
	    "secret."));
}

/* In a language without words of its own, the digits. */
static void
other_language(void **unused)
{
	static const struct template_value v[] = { { "code", "42" },
	    { "language", "de" } };
	static const struct template_env e = { v, 2, NULL, 0 },
	    alone = { v, 1, NULL, 0 };
	struct buf got = { 0 };

	(void)unused;
	assert_int_equal(template_expand("{code|spell}", &e, TEMPLATE_RAW, &got,
	    NULL), MFA_OK);
	assert_int_equal(template_expand(" {code|spell:-}", &alone,
	    TEMPLATE_RAW, &got, NULL), MFA_OK);
	assert_string_equal(buf_str(&got), "4, 2 4-2");
	buf_wipe(&got);
}

/* Each byte on its own, in each escape: printable and unchanged, or escaped. */
static void
every_byte(void **unused)
{
	static const enum template_escape quiet[] = { TEMPLATE_URL,
	    TEMPLATE_FORM, TEMPLATE_JSON, TEMPLATE_XML };

	(void)unused;
	for (int c = 1; c < 256; c++)
		for (size_t i = 0; i < 4; i++) {
			char value[2] = { (char)c, '\0' };
			struct buf got = { 0 };

			if (template_escape_put(quiet[i], value, &got))
				assert_true((quiet[i] == TEMPLATE_URL &&
				    c == '.') || (i > 1 && (c >= 0x80 ||
				    (quiet[i] == TEMPLATE_XML && c < 0x20))));
			for (size_t k = 0; k < got.len; k++)
				assert_in_range(got.data[k], 0x20, c == 0x7f &&
				    quiet[i] == TEMPLATE_XML ? 0x7f : 0x7e);
			buf_wipe(&got);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(expands),
	    cmocka_unit_test(refuses), cmocka_unit_test(cannot),
	    cmocka_unit_test(uses), cmocka_unit_test(other_language),
	    cmocka_unit_test(every_byte) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
