/* The languages we speak, by ISO 639-1. */
#ifndef MFA_LANGUAGE_H
#define MFA_LANGUAGE_H

enum language { LANGUAGE_EN, LANGUAGE_JA };
#define LANGUAGES 2

const char *language_name(enum language);	/* "en", "ja" */

/* The place of a name, or -1. */
int language_index(const char *);

#endif
