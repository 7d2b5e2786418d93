/*
 * The languages we speak, by ISO 639-1. The texts in the code are English;
 * every other language is a line of this list and a catalogue po/NAME.po
 * (po/README.md).
 */
#ifndef MFA_LANGUAGE_H
#define MFA_LANGUAGE_H

#define LANGUAGE_LIST(X) \
	X(JA, ja)

#define LANGUAGE_ENUM(id, name) , LANGUAGE_##id
#define LANGUAGE_COUNT(id, name) +1
#define LANGUAGE_WORD(id, name) " " #name
#define LANGUAGE_OR(id, name) "|" #name

enum language { LANGUAGE_EN LANGUAGE_LIST(LANGUAGE_ENUM) };
enum { LANGUAGES = 1 LANGUAGE_LIST(LANGUAGE_COUNT) };

#define LANGUAGE_WORDS "en" LANGUAGE_LIST(LANGUAGE_WORD)	/* "en ja" */
#define LANGUAGE_CHOICE "en" LANGUAGE_LIST(LANGUAGE_OR)		/* "en|ja" */

const char *language_name(enum language);	/* "en", "ja" */

/* The place of a name, or -1. */
int language_index(const char *);

/* The one that was chosen by name; "" or another word: otherwise. */
enum language language_or(const char *chosen, enum language otherwise);

#endif
