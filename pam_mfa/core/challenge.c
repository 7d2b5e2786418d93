/* The dialogue, as a state machine. */
#include <stdio.h>
#include <string.h>

#include "challenge.h"
#include "text.h"

/* Prompts that cost no try: help, an empty line, waiting. */
#define ROUNDS_FREE 10

static struct challenge_action
done(struct challenge *c, enum mfa_verdict verdict, const char *reason,
    const char *text)
{
	return (struct challenge_action){ .what = CHALLENGE_DONE,
	    .verdict = verdict, .reason = reason, .text = c->guarded &&
	    verdict != MFA_GRANTED ? "" : text };
}

/* Says what is wrong and what to do, and asks. counted: shows the tries. */
static struct challenge_action
prompt(struct challenge *c, bool counted, const char *words)
{
	const char *what = c->only_recovery && !c->guarded ? "Recovery code" :
	    *words ? "Code" : "Code from your authenticator app";

	if (c->over)
		snprintf(c->text, sizeof(c->text), "%sPress Enter: ", words);
	else if (counted)
		snprintf(c->text, sizeof(c->text), "%s%s (%u %s left): ",
		    words, what, c->tries, c->tries == 1 ? "try" : "tries");
	else
		snprintf(c->text, sizeof(c->text), "%s%s: ", words, what);
	return (struct challenge_action){ .what = CHALLENGE_PROMPT,
	    .text = c->text, .echo = true };
}

/* One prompt that can only be acknowledged: sshd shows text no other way. */
static struct challenge_action
last_words(struct challenge *c, enum mfa_verdict verdict, const char *reason,
    const char *words)
{
	c->over = c->told = true;
	c->verdict = verdict;
	c->reason = reason;
	return prompt(c, false, words);
}

static struct challenge_action
not_enrolled(struct challenge *c, const char *reason)
{
	char words[256];

	snprintf(words, sizeof(words), "No second factor is enrolled for %s. "
	    "Ask your administrator for: mfactl add totp %s. ", c->user,
	    c->user);
	return last_words(c, MFA_DENY_WRONG, reason, words);
}

static struct challenge_action
locked(struct challenge *c)
{
	char words[256];

	snprintf(words, sizeof(words), "Locked after %u wrong codes. Ask your "
	    "administrator for: mfactl unlock %s. ", c->lock_after, c->user);
	return last_words(c, MFA_DENY_LIMIT, "locked", words);
}

static struct challenge_action
wait(struct challenge *c, uint64_t seconds)
{
	char words[128], time[40];

	c->told = true;
	c->verdict = MFA_DENY_LIMIT;
	c->reason = "too_many_failures";
	snprintf(words, sizeof(words), "Too many wrong codes. Wait %s before "
	    "you type the next one. ", text_duration(time, sizeof(time),
	    seconds));
	return prompt(c, false, words);
}

static struct challenge_action
help(struct challenge *c)
{
	char words[256];

	snprintf(words, sizeof(words), "Type the digits that the app shows "
	    "for this host, or a recovery code. Lost both? Ask your "
	    "administrator for: mfactl reset %s. ", c->user);
	return prompt(c, false, words);
}

struct challenge_action
challenge_start(struct challenge *c, const struct mfa_subject *who,
    const struct policy_decision *policy, const struct record *rec,
    const struct conf_limit *limit)
{
	*c = (struct challenge){ .policy = policy->verdict,
	    .guarded = policy->guarded, .lock_after = limit->lock_after,
	    .verdict = MFA_DENY_WRONG, .reason = "no_code",
	    .joined = policy->login.first_factor == CONF_JOINED,
	    .tries = policy->login.tries,
	    .rounds = policy->login.tries + ROUNDS_FREE,
	    .only_recovery = rec->n > 0 };
	text_clean(c->user, sizeof(c->user), who->user);
	for (size_t i = 0; i < rec->n; i++)
		if (rec->factor[i].kind != FACTOR_RECOVERY)
			c->only_recovery = false;
	if (c->policy == POLICY_DENY)
		return not_enrolled(c, policy->reason);
	if (c->joined)
		return (struct challenge_action){ .what = CHALLENGE_PROMPT,
		    .text = "Password and code: ", .echo = false };
	return prompt(c, false, "");
}

/* A refusal that costs a try; when none is left, the end. */
static struct challenge_action
refuse(struct challenge *c, const char *reason, const char *words)
{
	if (--c->tries == 0 || c->joined)
		return done(c, MFA_DENY_WRONG, reason, "Wrong code. Log in "
		    "again with a new code.");
	if (c->guarded)
		return prompt(c, false, "Wrong code. ");
	return prompt(c, true, words);
}

static struct challenge_action
refuse_wrong(struct challenge *c)
{
	return refuse(c, "wrong_code", "Wrong code. Check that the phone's "
	    "clock is right and the account is this one. ");
}

static struct challenge_action
not_a_code(struct challenge *c, const char *typed)
{
	if (c->guarded)
		return refuse(c, "not_a_code", "");
	if (!*typed)
		return prompt(c, false, "");
	if (!strcmp(typed, "?"))
		return help(c);
	return prompt(c, false, "That is not a code. Type the digits that the "
	    "app shows, or ? for help. ");
}

struct challenge_action
challenge_answer(struct challenge *c, const char *typed)
{
	if (!strcmp(typed, CHALLENGE_SSHD_FAKE))
		return done(c, MFA_DENY_WRONG, "refused_by_sshd", "");
	if (c->over)
		return done(c, c->verdict, c->reason, "");
	if (c->rounds-- == 0)
		return done(c, c->verdict, c->reason, "No code was accepted. "
		    "Log in again.");
	if (!verify_shape(typed, c->joined))
		return not_a_code(c, typed);
	if (*c->wrong && !strcmp(typed, c->wrong))
		return refuse_wrong(c);
	return (struct challenge_action){ .what = CHALLENGE_CHECK };
}

/*
 * A screen locker with one box gives the same answer to every prompt; that is
 * one guess, not three.
 */
static void
remember_wrong(struct challenge *c, const char *typed)
{
	size_t len = strlen(typed);

	mfa_wipe(c->wrong, sizeof(c->wrong));
	if (len < sizeof(c->wrong))
		memcpy(c->wrong, typed, len);
}

static struct challenge_action
granted(struct challenge *c, const struct verify_result *res)
{
	if (res->kind != FACTOR_RECOVERY)
		return done(c, MFA_GRANTED, "right_code", "");
	snprintf(c->text, sizeof(c->text), "Recovery code accepted. %u %s. "
	    "When few remain: mfactl add recovery", res->remaining,
	    res->remaining == 1 ? "remains" : "remain");
	return done(c, MFA_GRANTED, "right_code", c->text);
}

/* What is not said to a person who may not have passed the first factor. */
static const char *
guarded_reason(enum verify_outcome outcome)
{
	switch (outcome) {
	case VERIFY_WAIT:
		return "too_many_failures";
	case VERIFY_LOCKED:
		return "locked";
	case VERIFY_USED:
		return "used_code";
	case VERIFY_WRONG:
	case VERIFY_RIGHT:
		break;
	}
	return "wrong_code";
}

struct challenge_action
challenge_result(struct challenge *c, const char *typed,
    const struct verify_result *res)
{
	if (res->outcome == VERIFY_RIGHT && c->policy == POLICY_ASK)
		return granted(c, res);
	if (c->guarded)
		return refuse(c, guarded_reason(res->outcome), "");
	switch (res->outcome) {
	case VERIFY_USED:
		return refuse(c, "used_code", "This code was already used. "
		    "Wait for the next one. ");
	case VERIFY_WAIT:
		return wait(c, res->wait);
	case VERIFY_LOCKED:
		return locked(c);
	case VERIFY_WRONG:
	case VERIFY_RIGHT:
		break;
	}
	remember_wrong(c, typed);
	return refuse_wrong(c);
}

struct challenge_action
challenge_hung_up(struct challenge *c)
{
	if (c->told)
		return done(c, c->verdict, c->reason, "");
	return done(c, MFA_DENY_CONV, "conversation", "");
}

void
challenge_end(struct challenge *c)
{
	mfa_wipe(c->wrong, sizeof(c->wrong));
}
