/*
 * The ways in which a code can be sent to a person, and how they are called
 * at the prompt: "s" the first phone by SMS, "s2" the second, "c" a call.
 */
#ifndef MFA_WAYS_H
#define MFA_WAYS_H

#include <stdbool.h>

#include "language.h"
#include "phone.h"
#include "record.h"

#define WAYS_MAX 8		/* more phones than that are left out */
#define WAYS_NONE WAYS_MAX	/* no place in the list */
#define WAYS_SHOWN 6		/* in a menu: a prompt has at most 512 bytes */
#define WAYS_MENU_MAX 352	/* bytes of a menu, NUL included */

struct way {
	char factor[RECORD_ID_MAX];
	enum sending_kind kind;
	unsigned number;			/* "s2" has 2 */
	char to[PHONE_MASK_MAX + 1];		/* masked */
	char label[25];				/* cut */
};

struct ways {
	struct way way[WAYS_MAX];
	size_t n;
};

/*
 * All of a person's that are in the list of methods (core/method.h); SMS
 * before calls, in the order of the record.
 */
void ways_of(const struct record *, unsigned methods, struct ways *ret);

/* The first of a kind, or WAYS_NONE. */
size_t ways_first(const struct ways *, enum sending_kind);

/*
 * What was typed: "s", "S2", "c" ... WAYS_NONE if it names no way. Blanks
 * around it do not count.
 */
size_t ways_typed(const struct ways *, const char *typed);

/* "s: SMS to +81 ********34 (Mobile), c: call ..." into dst. Returns dst. */
char *ways_menu(const struct ways *, enum language,
    char dst[static WAYS_MENU_MAX]);

#endif
