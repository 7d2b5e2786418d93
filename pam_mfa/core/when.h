/*
 * The conditions of a [policy] section: lists with ',' between, "!" before
 * what must not be. All the keys given must be met, of each list any one, and
 * nothing with "!".
 *
 *	user = alice, bob		account names
 *	group = Domain Users, !interns	all of a person's groups count
 *	service = sshd, sudo		PAM services
 *	from = 192.0.2.0/24, 2001:db8::/32, local
 *	tty = tty1, ttyS*		exactly, or what begins so
 *	time = Mon-Fri 08:00-18:00	the host's local time
 */
#ifndef MFA_WHEN_H
#define MFA_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

#define WHEN_LIST_MAX 256	/* bytes of a list, NUL included */
#define WHEN_ITEM_MAX 128	/* bytes of one entry, NUL included */

enum when_key { WHEN_USER, WHEN_GROUP, WHEN_SERVICE, WHEN_FROM, WHEN_TTY,
    WHEN_TIME };
#define WHEN_KEYS 6

struct when {
	char list[WHEN_KEYS][WHEN_LIST_MAX];	/* "" = not given */
};

/* One entry of a list. */
struct when_item {
	char text[WHEN_ITEM_MAX];
	bool not;		/* "!" stood before it */
};

enum when_met { WHEN_NO, WHEN_YES, WHEN_UNKNOWN };

/* A login, as far as conditions look at it. */
struct when_login {
	const char *user, *service, *rhost, *tty;	/* "" = none */
	int minute;	/* of the week, from Monday 00:00; -1 = not known */
	/* Is the person in this group? WHEN_UNKNOWN if that cannot be told. */
	enum when_met (*member)(const void *ctx, const char *group);
	const void *ctx;
};

const char *when_key_name(enum when_key);	/* "user" ... */

/* MFA_ESYNTAX, MFA_ERANGE with what is wrong in why; when is then as it was. */
enum mfa_err when_set(struct when *, enum when_key, const char *value,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * The next entry of a list, without blanks at its ends; *list moves behind it.
 * MFA_ENOENT after the last; MFA_ERANGE: empty behind "!", or too long.
 */
enum mfa_err when_next(const char **list, struct when_item *ret)
    MFA_MUST_CHECK;

/*
 * Are they met? UNKNOWN: all that could be told are, but a group, an address
 * that is a name (nothing is looked up) or the time could not be told.
 * *ret_key, if it is not NULL, is the key that decided, if one did.
 */
enum when_met when_check(const struct when *, const struct when_login *,
    enum when_key *ret_key);

#define WHEN_ADDRESS_MAX 46	/* bytes, NUL included */

/* An address in one spelling, an IPv4 one within IPv6 as such. MFA_ESYNTAX. */
enum mfa_err when_address(const char *text, char ret[static WHEN_ADDRESS_MAX])
    MFA_MUST_CHECK;

/* Are both addresses, and alike in the first v4 or v6 bits? */
bool when_same_network(const char *, const char *, unsigned v4, unsigned v6);

#endif
