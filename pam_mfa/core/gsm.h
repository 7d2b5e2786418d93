/*
 * How much of a short message a text takes: 3GPP TS 23.038 (the 7-bit default
 * alphabet with its extension table, or UCS-2) and TS 23.040 9.2.3.24.1
 * (a message of several segments gives 6 bytes of each to a header).
 */
#ifndef MFA_GSM_H
#define MFA_GSM_H

#include "err.h"

enum gsm_charset { GSM_7BIT, GSM_UCS2 };

struct gsm_size {
	enum gsm_charset charset; /* the smaller one that holds the text */
	unsigned units;		/* septets (an extension character has two),
				 * or UTF-16 units (over U+FFFF has two) */
	unsigned segments;	/* messages billed; 1 for "" */
};

/*
 * Measures UTF-8. A segment holds 160 septets or 70 units; of several, each
 * holds 153 or 67, and no character is cut in two. MFA_ESYNTAX: not UTF-8.
 */
enum mfa_err gsm_measure(const char *text, struct gsm_size *ret)
    MFA_MUST_CHECK;

#endif
