/* The dialogue, as a state machine. */
#include <stdio.h>
#include <string.h>

#include "challenge_prompt.h"
#include "say.h"
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
begin(struct challenge *c, const struct record *rec)
{
	size_t way = way_first(c, rec);

	if (way != WAYS_NONE)
		return send(c, way);
	if (c->phone && !c->app && !c->recovery && !c->guarded)
		return challenge_no_sender(c);
	return challenge_prompt(c, false, "");
}

enum language
challenge_language(const struct policy_decision *policy,
    const struct record *rec)
{
	const struct conf_login *login = &policy->login;

	if (login->ascii)
		return LANGUAGE_EN;
	return policy->guarded ? login->language :
	    language_or(rec->language, login->language);
}

struct challenge_action
challenge_start(struct challenge *c, const struct mfa_subject *who,
    const struct policy_decision *policy, const struct record *rec,
    const struct conf_limit *limit)
{
	*c = (struct challenge){ .policy = policy->verdict,
	    .language = challenge_language(policy, rec),
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
		return challenge_not_enrolled(c, policy->reason);
	if (c->joined)
		return (struct challenge_action){ .what = CHALLENGE_PROMPT,
		    .text = say(c->language, "Password and code: "),
		    .echo = false };
	return begin(c, rec);
}

/* A refusal that costs a try; when none is left, the end. */
static struct challenge_action
refuse(struct challenge *c, const char *reason, const char *words)
{
	if (--c->tries == 0 || c->joined)
		return done(c, MFA_DENY_WRONG, reason, say(c->language,
		    "Wrong code. Log in again with a new code."));
	if (c->guarded)
		return challenge_prompt(c, false, say(c->language,
		    "Wrong code. "));
	return challenge_prompt(c, true, words);
}

static struct challenge_action
refuse_wrong(struct challenge *c)
{
	return refuse(c, "wrong_code", say(c->language, c->came ?
	    "Wrong code. Type the one that came last. " : c->app ?
	    "Wrong code. Check that the phone's clock is right and the account "
	    "is this one. " : "Wrong code. "));
}

/* Blanks around it do not count, as with the letters of the ways. */
static bool
is_letter(const char *typed, char letter)
{
	while (text_is_space(*typed))
		typed++;
	if (*typed == '\0' || text_upper(*typed++) != letter)
		return false;
	while (text_is_space(*typed))
		typed++;
	return *typed == '\0';
}

/* "r" is the way used last; else the letter names it. */
static size_t
way_chosen(const struct challenge *c, const char *typed)
{
	return is_letter(typed, 'R') ? c->way : ways_typed(&c->ways, typed);
}

/* Its words as often as fill the length of what the client typed, or cut. */
static bool
is_sshd_fake(const char *typed)
{
	static const char fake[] = CHALLENGE_SSHD_FAKE;
	size_t n = 0;

	while (typed[n] != '\0' && typed[n] == fake[n % (sizeof(fake) - 1)])
		n++;
	return n > 0 && typed[n] == '\0';
}

/* Somebody wants a code to be sent. */
static bool
letter_of_way(const char *typed)
{
	return is_letter(typed, 'S') || is_letter(typed, 'C') ||
	    is_letter(typed, 'R');
}

static struct challenge_action
not_a_code(struct challenge *c, const char *typed)
{
	bool fake = is_sshd_fake(typed);
	size_t way;

	/* As many answers as somebody's who may get in. */
	if (c->guarded)
		return refuse(c, fake ? "refused_by_sshd" : "not_a_code", "");
	if (fake)
		return done(c, MFA_DENY_WRONG, "refused_by_sshd", "");
	if ((way = way_chosen(c, typed)) != WAYS_NONE)
		return send(c, way);
	if (!*typed)
		return challenge_prompt(c, false, "");
	if (is_letter(typed, '?'))
		return challenge_help(c);
	if (c->phone && c->ways.n == 0 && letter_of_way(typed))
		return challenge_prompt(c, false, say(c->language, "No codes "
		    "are sent here. Type one from the app, or a recovery "
		    "code. "));
	return challenge_prompt(c, false, say(c->language, c->app ?
	    "That is not a code. Type the digits that the app shows, or ? for "
	    "help. " :
	    "That is not a code. Type its digits, or ? for help. "));
}

struct challenge_action
challenge_answer(struct challenge *c, const char *typed)
{
	if (c->over)
		return done(c, c->verdict, c->reason, "");
	if (c->rounds-- == 0)
		return done(c, c->verdict, c->reason, say(c->language,
		    "No code was accepted. Log in again."));
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
	snprintf(c->text, sizeof(c->text), say(c->language,
	    res->remaining == 1 ? "Recovery code accepted. %u remains. "
	    "When few remain: mfactl add recovery" : "Recovery code accepted. "
	    "%u remain. When few remain: mfactl add recovery"),
	    res->remaining);
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
		return refuse(c, "used_code", say(c->language, "This code was "
		    "already used. Wait for the next one. "));
	case VERIFY_EXPIRED:
		return refuse(c, "expired_code", say(c->language, "This code "
		    "came too late: it was good for five minutes. "));
	case VERIFY_WAIT:
		return challenge_wait(c, res->wait);
	case VERIFY_LOCKED:
		return challenge_locked(c);
	case VERIFY_WRONG:
	case VERIFY_RIGHT:
		break;
	}
	remember_wrong(c, typed);
	return res->tried_out ? refuse(c, "wrong_code", say(c->language,
	    "Wrong code, for the third time: the one that was sent is "
	    "void. ")) : refuse_wrong(c);
}

struct challenge_action
challenge_sent(struct challenge *c, const struct delivery *d)
{
	char words[CHALLENGE_WORDS_MAX];

	_Static_assert(DELIVERY_WORDS_MAX <= CHALLENGE_WORDS_MAX,
	    "any words have room");
	c->came |= d->outcome == DELIVERY_SENT ||
	    d->outcome == DELIVERY_EARLIER || d->outcome == DELIVERY_UNCLEAR;
	delivery_words(d, &c->ways.way[c->way], c->language, words);
	return challenge_prompt(c, false, words);
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
