/*
 * Places in a provider's answer, and what must stand there.
 *
 *   /messages/0/status    JSON Pointer (RFC 6901)
 *   <Error/Code>          the first XML element Code in an Error
 *   line 1                a line of the text, from 1
 *
 * each followed, if only a part of it is meant, by ~ and a POSIX extended
 * regular expression: what its first group (else all of it) matches.
 */
#ifndef MFA_SEND_PLACE_H
#define MFA_SEND_PLACE_H

#include <jansson.h>
#include <regex.h>
#include <stdbool.h>

#include "../pam_mfa/core/buf.h"
#include "../pam_mfa/core/err.h"

enum place_kind { PLACE_NONE, PLACE_JSON, PLACE_XML, PLACE_LINE };

struct place {
	enum place_kind kind;
	char *path;		/* pointer or elements */
	unsigned line;
	bool has_regex;
	regex_t regex;
};

enum rule_op { RULE_EQUAL, RULE_DIFFERS, RULE_STARTS, RULE_MATCHES,
    RULE_PRESENT, RULE_ABSENT };

/* PLACE == "value", != "value", starts "text", ~ REGEX, present, absent. */
struct rule {
	struct place at;
	enum rule_op op;
	json_t *value;		/* EQUAL, DIFFERS: a scalar; STARTS: a string */
};

/* A body as far as it could be understood. */
struct answer {
	const char *body;	/* ends in NUL; not owned */
	size_t len;
	json_t *json;		/* NULL: it is no JSON */
};

/* Compile. MFA_ESYNTAX, MFA_ENOMEM with why. Free in either case. */
enum mfa_err place_parse(const char *text, struct place *ret,
    struct mfa_why *) MFA_MUST_CHECK;
enum mfa_err rule_parse(const char *text, struct rule *ret, struct mfa_why *)
    MFA_MUST_CHECK;
void place_free(struct place *);
void rule_free(struct rule *);

/* Duplicate names in JSON are refused; depth is jansson's bound. */
void answer_read(const char *body, size_t len, struct answer *ret);
void answer_free(struct answer *);

/*
 * Appends what stands there as text: a string, a number, true or false.
 * MFA_ENOENT: nothing does, or null, an object or an array; MFA_ESYNTAX: the
 * body is no JSON, or no XML.
 */
enum mfa_err place_find(const struct place *, const struct answer *,
    struct buf *ret) MFA_MUST_CHECK;

/* Does it hold? What cannot be read holds no rule, ABSENT neither. */
bool rule_holds(const struct rule *, const struct answer *);

#endif
