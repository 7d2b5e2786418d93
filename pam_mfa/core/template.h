/*
 * Text with values in it: "Your code: {code}". {name} is replaced by the
 * value, {name|filter} and {name|filter:argument|...} by what the filters make
 * of it, "{{" and "}}" are braces. A value is never looked at for braces.
 *
 * Filters: url form json xml header base64 (escapes), spaced:SEP (SEP between
 * the characters; a blank if left out), spell:SEP (digits as words of
 * {language} for speech; ", " if left out), map:NAME (looked up in a map of the
 * caller's). An argument goes on to the next '|' or '}'.
 */
#ifndef MFA_TEMPLATE_H
#define MFA_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "err.h"

struct template_value {
	const char *name, *value;	/* value NULL: there is none now */
};

/* The name of a pair is the key; "other" is for all that are not named. */
struct template_map {
	const char *name;
	const struct template_value *pairs;
	size_t npairs;
};

struct template_env {
	const struct template_value *values;
	size_t nvalues;
	const struct template_map *maps;
	size_t nmaps;
};

enum template_escape { TEMPLATE_RAW, TEMPLATE_URL, TEMPLATE_FORM,
    TEMPLATE_JSON, TEMPLATE_XML, TEMPLATE_HEADER, TEMPLATE_BASE64 };

/*
 * Is it well formed, and are all names, filters and maps known? MFA_ESYNTAX,
 * MFA_ERANGE with what and the nearest right word in why.
 */
enum mfa_err template_check(const char *text, const struct template_env *,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Does a well-formed text, or JSON with such texts in it, use a value whose
 * name begins so? "secret." finds them all, "code" finds {code} but {codec} as
 * well.
 */
bool template_uses(const char *text, const char *prefix);

/*
 * Appends the text with the values put in; outer escapes each value (not the
 * text around it) last of all. MFA_ENOENT: a value is NULL, so that the caller
 * can leave the line out. MFA_ERANGE: bytes that cannot travel there, a key
 * that a map does not have; MFA_ESYNTAX: spell, of other than digits; else as
 * template_check. On failure ret holds what came before.
 */
enum mfa_err template_expand(const char *text, const struct template_env *,
    enum template_escape outer, struct buf *ret, struct mfa_why *)
    MFA_MUST_CHECK;

/*
 * Appends a value escaped. URL: RFC 3986, all but the unreserved; FORM: the
 * same with '+' for a blank; JSON: RFC 8259, inside of quotes; XML: fit for
 * content and attributes. MFA_ERANGE: a control byte in HEADER, one that XML
 * has no spelling for, no UTF-8 in JSON and XML, and "." or ".." in URL, which
 * would climb up the path.
 */
enum mfa_err template_escape_put(enum template_escape, const char *value,
    struct buf *ret) MFA_MUST_CHECK;

#endif
