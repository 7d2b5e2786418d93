/*
 * The dialogue of an enrolment at login: what to ask and show next, and how
 * it ends. Pure; the driver asks, shows, sends, compares and saves, and brings
 * the results back:
 *
 *	start -> PROMPT -> answer -> SHOW -> shown -> PROMPT ...
 *	                          -> SEND -> sent -> PROMPT ...
 *	                          -> CHECK -> checked -> SAVE -> saved ...
 *	                          -> DONE
 *
 * Nothing is shown, made or sent before the first answer. The caller wipes
 * struct enrol. What MUST hold:
 * nobody is let in here but after a SAVE that succeeded, or where policy lets
 * them go on without; and SAVE comes after a right code only.
 */
#ifndef MFA_ENROL_H
#define MFA_ENROL_H

#include <stdbool.h>

#include "conf.h"
#include "country.h"
#include "delivery.h"
#include "first.h"
#include "method.h"
#include "record.h"
#include "verdict.h"
#include "ways.h"

#define ENROL_WRONG_MAX 5	/* wrong first codes, then it is over */
#define ENROL_ROUNDS 30		/* answers in all */

enum enrol_do {
	ENROL_PROMPT,	/* ask text, then enrol_answer */
	ENROL_SHOW,	/* show the app's key as qr says, then enrol_shown */
	ENROL_SEND,	/* a new code to phone by way, then enrol_sent */
	ENROL_CHECK,	/* is it the first code? then enrol_checked */
	ENROL_SAVE,	/* keep what was proved, then enrol_saved */
	ENROL_DONE,	/* tell text if not "", and end with verdict */
};

struct enrol_action {
	enum enrol_do what;
	const char *text;		/* valid until the next call */
	enum conf_qr qr;		/* SHOW */
	enum mfa_verdict verdict;
	const char *reason;		/* a stable word for the log */
};

/* What there is to choose from, and how much of it must be. */
struct enrol_terms {
	const char *user;
	enum language language;
	/* Of METHOD_BIT(TOTP, SMS, CALL): what can be enrolled here. */
	unsigned methods;
	unsigned missing;	/* enum conf_kinds that must be; 0: any one */
	unsigned days_left;	/* they may go on without; 0: they must */
	bool first;		/* they have no factor; else a code was right */
	int64_t reset_at;	/* of a reset they are to be told of; or 0 */
	bool home;		/* nothing can be saved from here */
	bool ascii;		/* the program shows nothing else */
	enum conf_qr qr;
	const struct country *country;	/* of numbers without one; or NULL */
	const char *numbers;	/* where to: phone_allowed; outlives this */
};

enum enrol_place { ENROL_AT_CHOICE, ENROL_AT_CODE, ENROL_AT_COUNTRY,
    ENROL_AT_NUMBER, ENROL_AT_CODES, ENROL_AT_END };

struct enrol {
	struct enrol_terms is;
	char user[65];			/* for the eye: cleaned, cut */
	enum enrol_place at;
	enum method method;		/* under way: TOTP, SMS or CALL */
	const struct country *country;
	struct phone_factor phone;	/* under way; its key is not set */
	struct way way;			/* the same for delivery_words */
	bool saved;			/* something was */
	unsigned wrong, rounds;		/* so far; left */
	enum mfa_verdict verdict;	/* AT_END: of the last word */
	const char *reason;
	char text[512];
};

struct enrol_action enrol_start(struct enrol *, const struct enrol_terms *);

struct enrol_action enrol_answer(struct enrol *, const char *typed);

/*
 * The key was shown. key, as typed into an app, or NULL if a picture was
 * shown: else it stands in the prompt, for hosts that show nothing else.
 */
struct enrol_action enrol_shown(struct enrol *, const char *key);

struct enrol_action enrol_sent(struct enrol *, const struct delivery *);

struct enrol_action enrol_checked(struct enrol *, enum first_code);

/* It is on the disk; codes: with recovery codes, which were shown. */
struct enrol_action enrol_saved(struct enrol *, bool codes);

/*
 * Towards the end, but that nothing takes back what is whole: no answer came;
 * the time is over (MFA_ETIME); the factors are not any more what they were at
 * the start (MFA_EEXIST); or another fault, and nothing was saved of what was
 * under way.
 */
struct enrol_action enrol_hung_up(struct enrol *);
struct enrol_action enrol_failed(struct enrol *, enum mfa_err);

#endif
