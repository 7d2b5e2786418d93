/*
 * What an enrolment (core/enrol.h) says and asks. words stand before the
 * question and end in a blank, or are "". Each leaves the dialogue at the
 * place where it asks.
 */
#ifndef MFA_ENROL_PROMPT_H
#define MFA_ENROL_PROMPT_H

#include "enrol.h"

#define ENROL_CHOICES 3

struct enrol_choice {
	enum method method;
	char letter;
	enum conf_kinds kind;
};
const struct enrol_choice *enrol_choice(size_t i);

/* May choice i be made now? */
bool enrol_offered(const struct enrol *, size_t i);

/* May they not go on without? */
bool enrol_must(const struct enrol *);

/* e->text, asked at this place. */
struct enrol_action enrol_prompt(struct enrol *, enum enrol_place);

/* In without more, before the deadline. */
struct enrol_action enrol_without(const struct enrol *);

/*
 * A prompt that can only be acknowledged: sshd shows text no other way. The
 * dialogue then ends so.
 */
struct enrol_action enrol_last_words(struct enrol *, enum mfa_verdict,
    const char *reason, const char *words);

/* What to register; or, where that cannot be, the last word. */
struct enrol_action enrol_ask_choice(struct enrol *, const char *words);

struct enrol_action enrol_ask_country(struct enrol *, const char *words);
struct enrol_action enrol_ask_number(struct enrol *, const char *words);
struct enrol_action enrol_ask_code(struct enrol *, const char *words);

#endif
