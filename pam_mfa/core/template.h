/*
 * Text with values in it: "Your code: {code}". {name} is replaced by the
 * value, {name|filter} and {name|filter:argument|...} by what the filters make
 * of it, "{{" and "}}" are braces. A value is never looked at for braces.
 *
 * Filters: url form json xml header base64 (escapes), spaced:SEP (SEP between
 * the characters), spell:LANG (digits as words for speech, LANG may be left
 * out: {language}'s). "map:NAME" looks the value up in a map of the caller's.
 */
#ifndef MFA_TEMPLATE_H
#define MFA_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "err.h"

struct template_value {
	const char *name, *value;	/* value NULL: known, but none in this use */
};

/* "name = key:value key:value"; key "*" is for all others. */
struct template_map {
	const char *name, *pairs;
};

struct template_env {
	const struct template_value *values;
	size_t nvalues;
	const struct template_map *maps;
	size_t nmaps;
};

enum template_escape { TEMPLATE_RAW, TEMPLATE_URL, TEMPLATE_FORM,
    TEMPLATE_JSON, TEMPLATE_XML, TEMPLATE_HEADER };

/*
 * Is it well formed, and are all names, filters and maps known? MFA_ESYNTAX
 * with what and the nearest right word in why.
 */
enum mfa_err template_check(const char *text, const struct template_env *,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Appends the text with the values put in; outer escapes each value (not the
 * text around it) last of all. MFA_ERANGE: a control byte where HEADER
 * forbids it, a key that a map does not have; else as template_check.
 */
enum mfa_err template_expand(const char *text, const struct template_env *,
    enum template_escape outer, struct buf *ret, struct mfa_why *)
    MFA_MUST_CHECK;

/* Appends bytes escaped. HEADER: MFA_ERANGE for a control byte. */
enum mfa_err template_escape_put(enum template_escape, const char *value,
    struct buf *ret) MFA_MUST_CHECK;

#endif
