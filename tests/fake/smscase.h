/*
 * One login of root for which a code is sent, over and over from the same
 * files, and the judgement of each. The program is its own mfa-send: main
 * begins with smscase_sender(). root has the factors of pamhost_enrol and a
 * phone.
 */
#ifndef MFA_SMSCASE_H
#define MFA_SMSCASE_H

#include <stdbool.h>

#include "aftermath.h"
#include "pamhost.h"

/* Lies in memory that is shared with children. */
struct smscase {
	const char *sent;	/* the code, in a file that the sender fills */
	char own[PAMHOST_CODE];	/* typed where none is sent */
	bool sender;		/* is there one? */
	int result;		/* a PAM code; -1: it did not come to it */
	struct talk talk;
	pam_handle_t *pamh;
	struct aftermath old, now, granted, ledger;
};

/* In a program that was started as mfa-send: takes one message, and ends. */
void smscase_sender(int argc, char **argv);

/* Sets up the host's files, and makes a first login without faults. */
void smscase_new(struct smscase *c);

/* With a sender or without: one login without faults, to compare with. */
bool smscase_undisturbed(struct smscase *c, bool sender);

/* Puts everything back. */
void smscase_begin(struct smscase *c);

/* In a child: the login, and only it: "s" for an SMS, then the code. */
void smscase_run(struct smscase *c);

/* In the parent, afterwards: what must not be, or NULL. */
const char *smscase_judge(struct smscase *c);

#endif
