/* Codes that mfactl sends: through the same counts and senders as a login's. */
#ifndef MFA_ENROLL_PHONE_H
#define MFA_ENROLL_PHONE_H

#include "../pam_mfa/core/country.h"
#include "../pam_mfa/core/delivery.h"
#include "../pam_mfa/core/otc.h"
#include "../pam_mfa/sys/os.h"
#include "person.h"

/* The door of codes that are typed here; host keeps its name. */
struct otc_door phone_door(const struct person *,
    char host[static OS_HOST_MAX]);

/* A code, where it goes, and in which language ("" = the host's). */
struct phone_code {
	const struct phone_factor *to;
	enum sending_kind kind;
	const char *code, *language;
	bool proof;	/* the number is no factor yet */
};

/*
 * Sends the code and says what became of it. TOOL_OK: ret tells that, and the
 * code may come, or another may be tried; else it has said what is wrong with
 * this host, and returns the exit status.
 */
int phone_send(const struct tool *, const struct person *,
    const struct phone_code *, enum delivery_outcome *ret);

/* What an administrator does in "numbers" so that codes may go there. */
const char *phone_remedy(enum phone_reach);

#define PHONE_ASKED_MAX 5	/* times that a number is asked for */

/*
 * Asks for the country of a number; NULL: none was named. Errors as
 * tool_ask's.
 */
enum mfa_err phone_country(const struct tool *, const struct country **ret)
    MFA_MUST_CHECK;

#endif
