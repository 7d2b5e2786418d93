/*
 * What a person is told, in their language. The key is the English text
 * itself, so that the code reads as what it says and -Wformat checks it. The
 * catalogues are compiled in from po/: no locale is needed at run time, and
 * the caller's is never asked (po/README.md).
 */
#ifndef MFA_SAY_H
#define MFA_SAY_H

#include <stddef.h>

#include "language.h"

/*
 * The text in that language; itself where there is no translation. Never
 * NULL; lives for ever. A format comes back with the same conversions, maybe
 * in another order ("%2$s"): tests/lint/po.py holds the catalogues to that.
 */
const char *say(enum language, const char *english)
    __attribute__((format_arg(2)));

/* What build/po/NAME.c defines as say_NAME: pairs in strcmp's order. */
struct say_pair {
	const char *english, *translated;
};

struct say_catalogue {
	const struct say_pair *pair;
	size_t n;
};

/* Of a language; NULL for English. For the tests. */
const struct say_catalogue *say_catalogue(enum language);

#endif
