/* The languages we speak. */
#include <string.h>

#include "language.h"

static const char *const names[LANGUAGES] = { [LANGUAGE_EN] = "en",
    [LANGUAGE_JA] = "ja" };

const char *
language_name(enum language language)
{
	return names[language];
}

int
language_index(const char *name)
{
	for (int i = 0; i < LANGUAGES; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}
