/* What became of a code that was to be sent to a person. */
#ifndef MFA_DELIVERY_H
#define MFA_DELIVERY_H

#include "otc.h"
#include "phone.h"
#include "sending.h"
#include "ways.h"

#define DELIVERY_WORDS_MAX 384	/* bytes, NUL included */
#define DELIVERY_LINE_MAX 640	/* likewise */

enum delivery_outcome {
	DELIVERY_SENT,		/* a provider took it */
	DELIVERY_EARLIER,	/* not now; but one sent before is still good */
	DELIVERY_UNCLEAR,	/* it may arrive */
	DELIVERY_REFUSED,	/* answer.class says why; it does not arrive */
	DELIVERY_WAIT,		/* this person or number had enough for now */
	DELIVERY_HOST,		/* this host or number range did */
	DELIVERY_FAULT,		/* it could not be counted, or not made */
	DELIVERY_NOWHERE,	/* reach says why no code goes there */
};

struct delivery {
	enum delivery_outcome outcome;
	uint64_t wait;			/* EARLIER, WAIT: seconds to the next */
	const char *key;		/* WAIT, HOST: of mfa.conf; else NULL */
	const char *alert;		/* a key four fifths full, or NULL */
	enum phone_reach reach;		/* NOWHERE */
	struct sending_answer answer;	/* SENT, UNCLEAR, REFUSED */
};

/* Is it on its way, or may it be? */
bool delivery_may_come(enum delivery_outcome);

/*
 * What the person is told: what became of it, and what to do. One line that
 * ends in a blank. Returns dst.
 */
char *delivery_words(const struct delivery *, const struct way *,
    enum language, char dst[static DELIVERY_WORDS_MAX]);

/*
 * The line for the log: "event=send outcome=sent user=alice ...", stable
 * fields, no whole number. Returns dst.
 */
char *delivery_line(const struct delivery *, const struct way *,
    const struct otc_door *, char dst[static DELIVERY_LINE_MAX]);

#endif
