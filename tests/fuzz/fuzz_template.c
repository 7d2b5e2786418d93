/*
 * Templates, and what filters make of a value: the template, and after a line
 * "%%" the value of {text}.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/message.h"
#include "../../pam_mfa/core/template.h"
#include "../../pam_mfa/core/text.h"
#include "../../send/xml.h"
#include "fuzz.h"

static void
url_is(const char *escaped, const char *value, bool form)
{
	for (; *value != '\0'; value++) {
		char hex[4] = "";
		int c = (unsigned char)*value;

		snprintf(hex, sizeof(hex), "%%%02X", (unsigned)c);
		if (form && c == ' ')
			fuzz_must(*escaped++ == '+');
		else if (text_is_alnum(c) || (c && strchr("-._~", c)))
			fuzz_must(*escaped++ == (char)c);
		else {
			fuzz_must(!strncmp(escaped, hex, 3));
			escaped += 3;
		}
	}
	fuzz_must(*escaped == '\0');
}

static void
json_is(const char *escaped, const char *value)
{
	struct buf text = { 0 };
	json_t *j;

	fuzz_must(!buf_printf(&text, "[\"%s\"]", escaped));
	j = json_loads(buf_str(&text), 0, NULL);
	fuzz_must(j != NULL && json_array_size(j) == 1);
	fuzz_must(!strcmp(json_string_value(json_array_get(j, 0)), value));
	json_decref(j);
	buf_wipe(&text);
}

static void
xml_is(const char *escaped, const char *value)
{
	struct buf text = { 0 }, back = { 0 };

	fuzz_must(!buf_printf(&text, "<a b=\"%s\"><c>%s</c></a>", escaped,
	    escaped));
	fuzz_must(!xml_find(buf_str(&text), text.len, "a/c", &back));
	fuzz_must(!strcmp(buf_str(&back), value));
	buf_wipe(&text);
	buf_wipe(&back);
}

static void
escapes(const char *value)
{
	for (int e = TEMPLATE_RAW; e <= TEMPLATE_BASE64; e++) {
		struct buf b = { 0 };

		if (!template_escape_put((enum template_escape)e, value, &b)) {
			if (e == TEMPLATE_URL || e == TEMPLATE_FORM)
				url_is(buf_str(&b), value, e == TEMPLATE_FORM);
			else if (e == TEMPLATE_JSON)
				json_is(buf_str(&b), value);
			else if (e == TEMPLATE_XML)
				xml_is(buf_str(&b), value);
			else if (e == TEMPLATE_HEADER)
				fuzz_must(strpbrk(buf_str(&b), "\r\n") == NULL);
			else if (e == TEMPLATE_BASE64)
				fuzz_must(b.len == (strlen(value) + 2) / 3 * 4);
		}
		buf_wipe(&b);
	}
}

/* A text that was found good fails for its values alone. */
static void
expand(const char *text, const char *value)
{
	const struct template_value pairs[] = { { "en", "English" },
	    { "other", "?" } };
	const struct template_map maps[] = { { "name", pairs, 2 } };
	const struct template_value values[] = { { "code", "123456" },
	    { "text", value }, { "language", "ja" }, { "none", NULL } };
	const struct template_env env = { values, 4, maps, 1 };
	struct mfa_why why = { "" };
	bool good = !template_check(text, &env, &why);

	fuzz_why(&why);
	fuzz_must(good || *why.text != '\0');
	for (int e = TEMPLATE_RAW; e <= TEMPLATE_BASE64; e++) {
		struct buf b = { 0 };
		enum mfa_err r = template_expand(text, &env,
		    (enum template_escape)e, &b, &why);

		fuzz_must(!good || r != MFA_ESYNTAX || strstr(text, "spell"));
		fuzz_must(good || r != MFA_OK);
		buf_wipe(&b);
	}
	if (good)
		fuzz_must(!strchr(text, '{') || strstr(text, "{{") ||
		    template_uses(text, ""));
	fuzz_why(&why);
}

/* As mfa.conf's own; what is accepted fits, whatever the names. */
static void
message(const char *text, const char *name)
{
	const struct otc_door door = { name, name, name };
	const struct message m = { text, "example.com", "123456", &door };

	for (int k = 0; k < SENDING_KINDS; k++) {
		struct mfa_why why = { "" };
		struct buf b = { 0 };

		if (!message_check((enum sending_kind)k, text, m.webotp,
		    &why)) {
			fuzz_must(!message_put(&m, &b, &why));
			fuzz_must(strstr(buf_str(&b), "1") != NULL);
		}
		fuzz_why(&why);
		buf_wipe(&b);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *text = fuzz_part(&in, "\n%%\n");
	char *value = fuzz_part(&in, "\n%%\n");

	expand(text, value);
	escapes(value);
	message(text, value);
	free(text);
	free(value);
	return 0;
}
