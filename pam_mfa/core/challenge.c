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

/* What is typed here, if nothing else was said. */
static const char *
asked_for(const struct challenge *c, bool first)
{
	if (!c->guarded && !(c->app || c->phone || c->recovery))
		return "One-time pass";
	if (c->app || c->guarded)
		return first ? "Code from your authenticator app" : "Code";
	return c->ways.n > 0 ? "Code" : "Recovery code";
}

/* "(2 tries left; r: send again)": what else may be typed. */
static void
options(const struct challenge *c, bool counted, char *dst, size_t cap)
{
	bool sms = ways_first(&c->ways, SENDING_SMS) != WAYS_NONE;
	bool call = ways_first(&c->ways, SENDING_VOICE) != WAYS_NONE;
	char tries[32] = "";
	const char *letters = "";

	if (counted)
		snprintf(tries, sizeof(tries), "%u %s left", c->tries,
		    c->tries == 1 ? "try" : "tries");
	if (c->way != WAYS_NONE)
		letters = "r: send again, ?: other ways";
	else if (sms || call)
		letters = !call ? "s: SMS, ?: help" : !sms ? "c: call, ?: help" :
		    "s: SMS, c: call, ?: help";
	snprintf(dst, cap, *tries || *letters ? " (%s%s%s)" : "%s%s%s", tries,
	    *tries && *letters ? "; " : "", letters);
}

/* Says what is wrong and what to do, and asks. counted: shows the tries left. */
static struct challenge_action
prompt(struct challenge *c, bool counted, const char *words)
{
	char more[80];

	options(c, counted, more, sizeof(more));
	if (c->over)
		snprintf(c->text, sizeof(c->text), "%sPress Enter: ", words);
	else
		snprintf(c->text, sizeof(c->text), "%s%s%s: ", words,
		    asked_for(c, *words == '\0' && c->way == WAYS_NONE), more);
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
	char words[448], menu[WAYS_MENU_MAX];

	if (c->ways.n > 0)
		snprintf(words, sizeof(words), "%s. Or type a code%s%s. ",
		    ways_menu(&c->ways, menu), c->app ? " from the app" : "",
		    c->recovery ? ", or a recovery code" : "");
	else
		snprintf(words, sizeof(words), "Type the digits that the app "
		    "shows for this host, or a recovery code. Lost both? Ask "
		    "your administrator for: mfactl reset %s. ", c->user);
	return prompt(c, false, words);
}

static struct challenge_action
send(struct challenge *c, size_t way)
{
	c->way = way;
	return (struct challenge_action){ .what = CHALLENGE_SEND, .text = "",
	    .way = &c->ways.way[way] };
}

/* The way they have chosen to be asked first, or the only one there is. */
static size_t
way_first(const struct challenge *c, const struct record *rec)
{
	size_t sms = ways_first(&c->ways, SENDING_SMS);
	size_t call = ways_first(&c->ways, SENDING_VOICE);

	if (rec->first == RECORD_FIRST_SMS && sms != WAYS_NONE)
		return sms;
	if (rec->first == RECORD_FIRST_VOICE && call != WAYS_NONE)
		return call;
	if (c->app)
		return WAYS_NONE;
	return sms != WAYS_NONE ? sms : call;
}

static struct challenge_action
no_way(struct challenge *c)
{
	char words[256];

	snprintf(words, sizeof(words), "This host is not set up to send codes. "
	    "Ask your administrator for: mfactl add totp %s. ",
	    c->user);
	return last_words(c, MFA_DENY_WRONG, "no_sender", words);
}

static struct challenge_action
begin(struct challenge *c, const struct record *rec)
{
	size_t way = way_first(c, rec);

	if (way != WAYS_NONE)
		return send(c, way);
	if (c->phone && !c->app && !c->recovery && !c->guarded)
		return no_way(c);
	return prompt(c, false, "");
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
	    .rounds = policy->login.tries + ROUNDS_FREE, .way = WAYS_NONE };
	text_clean(c->user, sizeof(c->user), who->user);
	for (size_t i = 0; i < rec->n; i++) {
		enum factor_kind kind = rec->factor[i].kind;

		c->app |= factor_is_otp(kind);
		c->phone |= kind == FACTOR_PHONE;
		c->recovery |= kind == FACTOR_RECOVERY;
	}
	if (policy->send)
		ways_of(rec, &c->ways);
	if (c->policy == POLICY_DENY)
		return not_enrolled(c, policy->reason);
	if (c->joined)
		return (struct challenge_action){ .what = CHALLENGE_PROMPT,
		    .text = "Password and code: ", .echo = false };
	return begin(c, rec);
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
	return refuse(c, "wrong_code", c->came ?
	    "Wrong code. Type the one that came last. " : c->app ?
	    "Wrong code. Check that the phone's clock is right and the account "
	    "is this one. " : "Wrong code. ");
}

/* "r" is the way used last; else the letter names it. */
static size_t
way_chosen(const struct challenge *c, const char *typed)
{
	bool again = text_case_equal(typed, "r");

	return again ? c->way : ways_typed(&c->ways, typed);
}

static struct challenge_action
not_a_code(struct challenge *c, const char *typed)
{
	size_t way;

	if (c->guarded)
		return refuse(c, "not_a_code", "");
	if ((way = way_chosen(c, typed)) != WAYS_NONE)
		return send(c, way);
	if (!*typed)
		return prompt(c, false, "");
	if (!strcmp(typed, "?"))
		return help(c);
	return prompt(c, false, c->app ? "That is not a code. Type the digits "
	    "that the app shows, or ? for help. " : "That is not a code. Type "
	    "its digits, or ? for help. ");
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
	case VERIFY_EXPIRED:
		return "expired_code";
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
	case VERIFY_EXPIRED:
		return refuse(c, "expired_code", res->pass ? "This pass has "
		    "run out. Ask your administrator for another. " :
		    "This code came too late: it was good for five minutes. ");
	case VERIFY_WAIT:
		return wait(c, res->wait);
	case VERIFY_LOCKED:
		return locked(c);
	case VERIFY_WRONG:
	case VERIFY_RIGHT:
		break;
	}
	remember_wrong(c, typed);
	return res->tried_out ? refuse(c, "wrong_code", "Wrong code, for the "
	    "third time: the one that was sent is void. ") : refuse_wrong(c);
}

struct challenge_action
challenge_sent(struct challenge *c, const struct delivery *d)
{
	char words[DELIVERY_WORDS_MAX];

	c->came |= d->outcome == DELIVERY_SENT ||
	    d->outcome == DELIVERY_EARLIER || d->outcome == DELIVERY_UNCLEAR;
	delivery_words(d, &c->ways.way[c->way], words);
	return prompt(c, false, words);
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
