/* mfactl's verbs and options: two tables, and looking into them. */
#ifndef MFA_VERBS_H
#define MFA_VERBS_H

#include "tool.h"

enum option_id {
	OPT_CONF, OPT_SELF, OPT_LANGUAGE, OPT_HELP,	/* of every verb */
	OPT_JSON, OPT_LABEL, OPT_DIGITS, OPT_PERIOD, OPT_ALGORITHM, OPT_SECRET,
	OPT_SMS, OPT_VOICE, OPT_EXTENSION, OPT_UNVERIFIED, OPT_TO,
	OPT_USER, OPT_SERVICE, OPT_RHOST, OPT_TTY, OPT_CSV, OPT_GROUP,
	OPT_EXPIRES, OPT_REASON, OPT_HOURS, OPT_REVOKE, OPT_ALL, OPT_FIRST,
	OPTIONS,
};

#define BIT(option) (1u << (option))
#define GLOBAL (BIT(OPT_CONF) | BIT(OPT_SELF) | BIT(OPT_LANGUAGE) | \
    BIT(OPT_HELP))

struct option_row {
	const char *name, *operand, *help;	/* operand NULL: takes none */
};
extern const struct option_row options[OPTIONS];

struct verb_row {
	const char *name, *operands;
	unsigned options;	/* besides the global ones */
	bool admin;		/* needs root, and not --self */
	tool_verb *run;
	const char *help;
};

/* Row i, or NULL after the last. */
const struct verb_row *verb_at(size_t i);

/* Is word the name's first word, or the whole name? */
bool verb_begins_with(const char *name, const char *word);

/* The row that the operands begin with; *ret_words of them are its name. */
const struct verb_row *verb_find(int argc, char **argv, int *ret_words);

/* "usage: mfactl VERB ..." */
void help_usage(const struct tool *, FILE *out, const struct verb_row *);

/* All about the verb, or about those that begin with this word, if any do. */
bool help_verb(const struct tool *, int argc, char **argv);

/* Everything in short. */
void help(const struct tool *);

#endif
