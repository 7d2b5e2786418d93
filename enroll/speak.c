/* The language to begin with, and what the terminal can show. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* The first of these that is set, as setlocale(3) has it; else "". */
static const char *
locale_of(const char *category)
{
	const char *names[] = { "LC_ALL", category, "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return "";
}

/*
 * Where ja_JP.UTF-8 is not installed, the terminal shows UTF-8 all the same:
 * the C library always has C.UTF-8.
 */
static bool
utf8(void)
{
	const char *name = locale_of("LC_CTYPE");

	if (setlocale(LC_CTYPE, "") == NULL &&
	    (strstr(name, "UTF-8") || strstr(name, "utf8")))
		setlocale(LC_CTYPE, "C.UTF-8");
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int
speak(struct tool *t)
{
	const char *name = t->opt.language;
	char code[3];

	if (name != NULL && language_index(name) < 0)
		return tool_fail(TOOL_USAGE, "--language is " LANGUAGE_CHOICE);
	if (name == NULL)
		name = locale_of("LC_MESSAGES");
	snprintf(code, sizeof(code), "%s", name);
	t->utf8 = utf8();
	if (t->utf8)
		t->language = language_or(code, LANGUAGE_EN);
	return TOOL_OK;
}
