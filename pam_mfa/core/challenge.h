/*
 * The dialogue: what to show next and when it is over. Pure; the driver asks,
 * evaluates and brings the results back:
 *
 *	start -> PROMPT -> answer -> CHECK -> result -> PROMPT ... -> DONE
 *	                          -> SEND -> sent -> PROMPT ...
 *
 * A prompt is one line that says what is wrong, what to do, and asks: sshd
 * shows nothing else in time, a screen locker has no room for more.
 */
#ifndef MFA_CHALLENGE_H
#define MFA_CHALLENGE_H

#include <stdbool.h>

#include "delivery.h"
#include "policy.h"
#include "record.h"
#include "verdict.h"
#include "verify.h"
#include "ways.h"

/*
 * What sshd answers by itself for a person it will not let in: this, again and
 * again, as many bytes as the client typed.
 */
#define CHALLENGE_SSHD_FAKE "\b\n\r\177INCORRECT"

/* Is this that, repeated or cut to some length? */
bool challenge_sshd_fake(const char *typed);

enum challenge_do {
	CHALLENGE_PROMPT,	/* ask text, then challenge_answer */
	CHALLENGE_CHECK,	/* evaluate the answer, then challenge_result */
	CHALLENGE_SEND,		/* send a code by way, then challenge_sent */
	CHALLENGE_DONE,		/* tell text if not "", and end with verdict */
};

struct challenge_action {
	enum challenge_do what;
	const char *text;		/* valid until the next call */
	bool echo;			/* may the answer be seen? */
	const struct way *way;		/* SEND; valid until challenge_end */
	enum mfa_verdict verdict;
	const char *reason;		/* a stable word for the log */
};

struct challenge {
	char user[65];			/* for the eye: cleaned, cut */
	bool opens;			/* a right answer is right */
	enum language language;
	bool guarded, joined;
	bool app_password;		/* is what is asked for */
	unsigned methods;		/* a list: which are allowed here */
	bool app, phone, recovery;	/* what of these they have */
	struct ways ways;
	size_t way;			/* the last that was tried, or NONE */
	bool came;			/* a code may have come by one */
	unsigned lock_after;
	unsigned tries, rounds;		/* left */
	bool over;			/* the next answer ends it */
	bool told;			/* they were told why not now */
	enum mfa_verdict verdict;	/* if no code comes any more: this, */
	const char *reason;		/* for this */
	char wrong[64];			/* the last wrong answer, if it fits */
	char text[512];
};

/*
 * The language of a login: the person's, else the service's or the host's.
 * Who has not passed the first factor must not learn whose name they typed,
 * and so is spoken to in the latter; and in English where the program can
 * show ASCII only.
 */
enum language challenge_language(const struct policy_decision *,
    const struct record *);

/*
 * Begins. record: the person's factors (empty if none). What it is given need
 * not outlive the call. It comes to hold typed codes: challenge_end wipes.
 */
struct challenge_action challenge_start(struct challenge *,
    const struct mfa_subject *, const struct policy_decision *,
    const struct record *, const struct conf_limit *);

struct challenge_action challenge_answer(struct challenge *,
    const char *typed);

/* The result of evaluating the answer last given. */
struct challenge_action challenge_result(struct challenge *,
    const char *typed, const struct verify_result *);

/* What became of the code that was to be sent. */
struct challenge_action challenge_sent(struct challenge *,
    const struct delivery *);

/* No answer came: the end, for the reason that was told, if one was. */
struct challenge_action challenge_hung_up(struct challenge *);

void challenge_end(struct challenge *);

#endif
