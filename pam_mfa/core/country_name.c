/* What a country is called to a person. */
#include <stdio.h>
#include <string.h>

#include "country.h"
#include "say.h"

/* One's own is met daily; of the others the English name is what is typed. */
const char *
country_name(const struct country *c, enum language language)
{
	return !strcmp(c->iso, "JP") ? say(language, "Japan") : c->name;
}

char *
country_title(char dst[static COUNTRY_TITLE_MAX + 1], const struct country *c,
    enum language language)
{
	bool one = *c->areas != '\0' && strchr(c->areas, ' ') == NULL;

	snprintf(dst, COUNTRY_TITLE_MAX + 1, "%s (+%s%s%s)",
	    country_name(c, language), c->code, one ? " " : "",
	    one ? c->areas : "");
	return dst;
}
