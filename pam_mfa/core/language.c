/* The languages we speak. */
#include <string.h>

#include "language.h"

#define NAME(id, name) [LANGUAGE_##id] = #name,

static const char *const names[LANGUAGES] = { NAME(EN, en)
    LANGUAGE_LIST(NAME) };

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

enum language
language_or(const char *chosen, enum language otherwise)
{
	int i = language_index(chosen);

	return i < 0 ? otherwise : (enum language)i;
}
