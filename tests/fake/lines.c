#include "lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned
lines_count(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static const char *
start(const char *text, unsigned n)
{
	while (--n > 0)
		text = strchr(text, '\n') + 1;
	return text;
}

char *
lines_with(const char *text, unsigned n, const char *line)
{
	const char *from = start(text, n), *to = strchr(from, '\n') + 1;
	char *ret;

	if (asprintf(&ret, "%.*s%s%s%s", (int)(from - text), text,
	    line != NULL ? line : "", line != NULL ? "\n" : "", to) < 0)
		abort();
	return ret;
}

char *
lines_get(const char *text, unsigned n)
{
	const char *from = start(text, n);
	char *ret = strndup(from, strcspn(from, "\n"));

	if (ret == NULL)
		abort();
	return ret;
}
