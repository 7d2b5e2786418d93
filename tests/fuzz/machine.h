/*
 * Logins as a state machine: one person, alice, and a script that says what is
 * typed, what time it is and what goes wrong. What MUST hold is looked at after
 * each login: nobody is let in without a right code that was never used before
 * and is used up on the disk now; see machine.c.
 *
 * The script: lines of mfa.conf, a line "%%", and then a line for each event.
 * Before an answer:
 *
 *	+60		seconds pass
 *	~-3600		the wall clock is set
 *	^		they hang up, and the host starts anew
 *	!3 2		the third call from now fails, with error 2
 *	%1		the sender fails as class 1; "%" no more
 *	X		an administrator removes all factors
 *	T500		each call takes so many milliseconds
 *	L sudo		they hang up; the next login, through that service
 *	U		the next is by somebody unknown
 *	Psecret		a password in front of the next answer
 *
 * Answers:
 *
 *	@-1		the app's code of the step before this
 *	H2		the token's code of counter 2
 *	$		the code that was sent last; "$-" one before it
 *	#3		a recovery code
 *	A		the app password
 *	>text, text	as it is
 */
#ifndef MFA_FUZZ_MACHINE_H
#define MFA_FUZZ_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs a script; enrolled: alice has a factor of each kind at its start. */
void machine_run(const uint8_t *, size_t, bool enrolled);

#endif
