/* What a person is told, in their language. */
#include <stdlib.h>
#include <string.h>

#include "say.h"

#define DECLARE(id, name) extern const struct say_catalogue say_##name;
#define PLACE(id, name) [LANGUAGE_##id] = &say_##name,

LANGUAGE_LIST(DECLARE)

static const struct say_catalogue *const catalogues[LANGUAGES] = {
    LANGUAGE_LIST(PLACE) };

const struct say_catalogue *
say_catalogue(enum language language)
{
	return (size_t)language < LANGUAGES ? catalogues[language] : NULL;
}

static int
compare(const void *english, const void *pair)
{
	return strcmp(english, ((const struct say_pair *)pair)->english);
}

const char *
say(enum language language, const char *english)
{
	const struct say_catalogue *in = say_catalogue(language);
	const struct say_pair *found;

	if (in == NULL)
		return english;
	found = bsearch(english, in->pair, in->n, sizeof(*in->pair), compare);
	return found != NULL ? found->translated : english;
}
