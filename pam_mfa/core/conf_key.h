/* The table of mfa.conf's keys: for conf.c alone. */
#ifndef MFA_CONF_KEY_H
#define MFA_CONF_KEY_H

#include "conf.h"

/* Says why a text is no good; MFA_OK if it is. */
typedef enum mfa_err conf_check(const char *value, struct mfa_why *);

/*
 * A row: what conf_key() shows, and where the value goes: at an offset into
 * struct mfa_conf, or, if it may differ per service, into struct conf_login.
 */
struct conf_row {
	struct conf_key key;
	size_t offset;
	size_t cap;		/* bytes, of a text, path or names */
	conf_check *check;	/* of a text; NULL: any will do */
};

/* Row i, or NULL after the last. */
const struct conf_row *conf_row(size_t i);

/* The place of the row of this name, or one behind the last. */
size_t conf_row_named(const char *name);

/*
 * Puts the value where it belongs. MFA_ESYNTAX, MFA_ERANGE with "expected ..."
 * or what is wrong in why; nothing is changed then.
 */
enum mfa_err conf_set(const struct conf_row *, const char *value,
    struct mfa_conf *, struct conf_login *, struct mfa_why *) MFA_MUST_CHECK;

/* The same for the default, which needs no check. */
void conf_set_default(const struct conf_row *, struct mfa_conf *,
    struct conf_login *);

#endif
