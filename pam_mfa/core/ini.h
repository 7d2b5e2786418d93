/*
 * The one lexer for everything we read and write: "key = value" lines under
 * "[name]" or "[name argument]" headings, '#' and ';' comments on lines of
 * their own. Bytes in, items with line numbers out; no file is touched.
 *
 * Blanks around names and values are dropped; there is no quoting and no
 * continuation. Refused, with the line: NUL and control bytes but tab and
 * CR LF ends, a line over INI_LINE_MAX, a heading that does not end in ']',
 * a line without '=', an empty key, and a key with other bytes than a-z 0-9 _.
 */
#ifndef MFA_INI_H
#define MFA_INI_H

#include <stddef.h>

#include "err.h"

#define INI_LINE_MAX 1024	/* bytes, without the line end */

enum ini_kind { INI_END, INI_SECTION, INI_KEY };

struct ini {
	const char *text;	/* not owned, need not end in NUL */
	size_t len, pos;	/* bytes */
	unsigned line;		/* of the item last returned, from 1 */
};

struct ini_item {
	enum ini_kind kind;
	unsigned line;
	char name[64];			/* key, or the heading's first word */
	char value[INI_LINE_MAX + 1];	/* value, or the heading's rest; "" */
};

void ini_init(struct ini *, const char *text, size_t len);

/*
 * The next item into ret; INI_END, for ever, after the last. MFA_ESYNTAX with
 * "line N: ..." in why. A value may be a secret: wipe ret when done.
 */
enum mfa_err ini_next(struct ini *, struct ini_item *ret, struct mfa_why *)
    MFA_MUST_CHECK;

#endif
