/*
 * The countries and territories of the world's numbering plan (ITU-T E.164
 * and the national plans): how a telephone number is dialled there.
 */
#ifndef MFA_COUNTRY_H
#define MFA_COUNTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "language.h"

#define COUNTRY_NAME_MAX 32	/* bytes of a name, without the NUL */
#define COUNTRY_TITLE_MAX 48	/* bytes of a title, without the NUL */

struct country {
	char iso[3];		/* ISO 3166-1 alpha-2; XK, AC, TA as in use */
	const char *name;	/* English, ASCII */
	const char *code;	/* calling code, digits: "81" */
	/*
	 * Where several share a code: how the numbers of this one begin behind
	 * it, with blanks between ("242"). "" for the one that has the rest.
	 */
	const char *areas;
	/*
	 * What is dialled before a number within the country, as "0"; the
	 * first of several is the one to write. "": nothing, and only then may
	 * a number itself begin with 0.
	 */
	const char *trunk;
	const char *abroad;	/* dialled for abroad, of several as above */
	unsigned min, max;	/* digits behind the code */
};

/* Row i, by ISO code, or NULL after the last. */
const struct country *country_at(size_t i);

/*
 * What a person calls it: ISO code, name, usual other name ("USA"), calling
 * code ("81", "+81", "+1 242") or title, in any ASCII case. Of several that
 * share a code, a bare code means the main one. NULL if there is none.
 */
const struct country *country_find(const char *typed);

/* The one whose name is nearest to a wrong one (text_nearest), or NULL. */
const struct country *country_nearest(const char *wrong);

/*
 * Whose number this is: digits begin with the calling code, as E.164 without
 * the '+'. NULL if no country has the code.
 */
const struct country *country_of(const char *digits);

/*
 * English, and the country of a language in that language: who is asked for
 * the name may type either.
 */
const char *country_name(const struct country *, enum language);

/*
 * "Japan (+81)", "Bahamas (+1 242)": the name, the calling code, and what
 * numbers there begin with if that is one. Returns dst.
 */
char *country_title(char dst[static COUNTRY_TITLE_MAX + 1],
    const struct country *, enum language);

#endif
