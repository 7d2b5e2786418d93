/*
 * The prompts of the dialogue, in the person's language: for challenge.c
 * alone. Each has at most 511 bytes, whatever the names and however many the
 * ways: PAM shows no more (PAM_MAX_MSG_SIZE).
 */
#ifndef MFA_CHALLENGE_PROMPT_H
#define MFA_CHALLENGE_PROMPT_H

#include "challenge.h"

/* What is said before the question has at most so many bytes, with its NUL. */
#define CHALLENGE_WORDS_MAX 448

/* words, and the question. counted: with the tries that are left. */
struct challenge_action challenge_prompt(struct challenge *, bool counted,
    const char *words);

/* "?" */
struct challenge_action challenge_help(struct challenge *);

/* Not now, but in so many seconds. */
struct challenge_action challenge_wait(struct challenge *, uint64_t seconds);

/* Why no code comes; a pass may be typed. */
struct challenge_action challenge_no_sender(struct challenge *);

/* The last ones: whatever is typed, it is over. */
struct challenge_action challenge_denied(struct challenge *,
    const struct policy_decision *, const struct mfa_subject *);
struct challenge_action challenge_locked(struct challenge *);

#endif
