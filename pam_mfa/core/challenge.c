/* The dialogue, as a state machine. */
#include <stdio.h>
#include <string.h>

#include "challenge_prompt.h"
#include "denial.h"
#include "method.h"
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

/* Can they be asked so? *ret_way is then the way to send by, or WAYS_NONE. */
static bool
can(const struct challenge *c, enum method m, size_t *ret_way)
{
	*ret_way = m == METHOD_SMS ? ways_first(&c->ways, SENDING_SMS) :
	    m == METHOD_CALL ? ways_first(&c->ways, SENDING_VOICE) : WAYS_NONE;
	return m == METHOD_TOTP ? c->app : m == METHOD_RECOVERY ?
	    c->recovery : *ret_way != WAYS_NONE;
}

/* What they have chosen to be asked for first, else what the host has. */
static size_t
way_first(const struct challenge *c, const struct record *rec)
{
	static const enum method chosen[] = { [RECORD_FIRST_TOTP] = METHOD_TOTP,
	    [RECORD_FIRST_SMS] = METHOD_SMS,
	    [RECORD_FIRST_VOICE] = METHOD_CALL };
	enum method m;
	size_t way;

	if (rec->first != RECORD_FIRST_NONE && can(c, chosen[rec->first], &way))
		return way;
	for (unsigned i = 0; (m = method_at(c->methods, i)) != METHOD_KINDS;
	    i++)
		if (can(c, m, &way))
			return way;
	return WAYS_NONE;
}

static void
find_ways(struct challenge *c, const struct policy_decision *policy,
    const struct record *rec)
{
	unsigned phone = METHOD_BIT(METHOD_SMS) | METHOD_BIT(METHOD_CALL);
	unsigned set;

	c->methods = policy->login.methods;
	set = record_methods(rec) & method_set(c->methods);
	c->app = set & METHOD_BIT(METHOD_TOTP);
	c->phone = set & phone;
	c->recovery = set & METHOD_BIT(METHOD_RECOVERY);
	if (policy->send)
		ways_of(rec, c->methods, &c->ways);
}

/* They have phones only, and nothing is sent: a pass may open, no more. */
static bool
phone_in_vain(const struct challenge *c)
{
	return c->phone && c->ways.n == 0 && !c->app && !c->recovery &&
	    !c->guarded;
}

static struct challenge_action
begin(struct challenge *c, const struct record *rec)
{
	size_t way = way_first(c, rec);

	if (way != WAYS_NONE)
		return send(c, way);
	if (phone_in_vain(c))
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
	*c = (struct challenge){ .opens = policy->cause == POLICY_ENROLLED,
	    .language = challenge_language(policy, rec),
	    .guarded = policy->guarded, .lock_after = limit->lock_after,
	    .verdict = MFA_DENY_WRONG, .reason = "no_code",
	    .joined = policy->login.first_factor == CONF_JOINED,
	    .app_password = policy->login.app_passwords,
	    .tries = policy->login.tries,
	    .rounds = policy->login.tries + ROUNDS_FREE, .way = WAYS_NONE };
	text_clean(c->user, sizeof(c->user), who->user);
	find_ways(c, policy, rec);
	if (policy->verdict == POLICY_DENY)
		return challenge_denied(c, policy, who);
	if (c->app_password || c->joined)
		return (struct challenge_action){ .what = CHALLENGE_PROMPT,
		    .text = say(c->language, c->app_password ?
		    "App password: " : "Password and code: "),
		    .echo = false };
	return begin(c, rec);
}

/* A refusal that costs a try; when none is left, the end. */
static struct challenge_action
refuse(struct challenge *c, const char *reason, const char *words)
{
	/* A program gives the same answer to every prompt. */
	if (--c->tries == 0 || c->joined || c->app_password)
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
	    "is this host's. " : "Wrong code. "));
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

bool
challenge_sshd_fake(const char *typed)
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
	bool fake = challenge_sshd_fake(typed);
	size_t way;

	/* As many answers as somebody's who may get in. */
	if (c->guarded)
		return refuse(c, fake ? "refused_by_sshd" : "not_a_code", "");
	if (fake)
		return done(c, MFA_DENY_WRONG, "refused_by_sshd", "");
	if (phone_in_vain(c))
		return challenge_no_sender(c);
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
	if (c->app_password ? !app_shape(typed) :
	    !verify_shape(typed, c->joined))
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
	if (res->kind != FACTOR_RECOVERY || res->pass)
		return done(c, MFA_GRANTED, "right_code", "");
	snprintf(c->text, sizeof(c->text), say(c->language,
	    res->remaining == 1 ? "Recovery code accepted. %u remains. "
	    "When few remain: mfactl add recovery" : "Recovery code accepted. "
	    "%u remain. When few remain: mfactl add recovery"),
	    res->remaining);
	return done(c, MFA_GRANTED, "right_code", c->text);
}

/* For the log; not said to people who may not have passed the first factor. */
static const char *const reasons[] = { [VERIFY_WRONG] = "wrong_code",
    [VERIFY_RIGHT] = "wrong_code", [VERIFY_USED] = "used_code",
    [VERIFY_EXPIRED] = "expired_code", [VERIFY_NOT_HERE] = "wrong_method",
    [VERIFY_ELSEWHERE] = "other_service",
    [VERIFY_WAIT] = "too_many_failures", [VERIFY_LOCKED] = "locked" };

/* It was no guess: it costs no try, and is good where it is allowed. */
static struct challenge_action
not_here(struct challenge *c, const struct verify_result *res)
{
	c->told = true;
	c->reason = "wrong_method";
	return challenge_prompt(c, true, denial_not_here(factor_method(
	    res->kind, res->way), c->language));
}

struct challenge_action
challenge_result(struct challenge *c, const char *typed,
    const struct verify_result *res)
{
	if (res->outcome == VERIFY_RIGHT && c->opens)
		return granted(c, res);
	if (c->guarded)
		return refuse(c, reasons[res->outcome], "");
	switch (res->outcome) {
	case VERIFY_USED:
		return refuse(c, "used_code", say(c->language,
		    res->kind == FACTOR_PHONE ?
		    "This code was already used. Ask for a new one. " :
		    "This code was already used. Wait for the next one. "));
	case VERIFY_EXPIRED:
		return refuse(c, "expired_code", say(c->language, res->pass ?
		    "This pass has run out. Ask your administrator for "
		    "another. " : "This code came too late: it was good for "
		    "five minutes. Ask for a new one. "));
	case VERIFY_NOT_HERE:
		return not_here(c, res);
	case VERIFY_WAIT:
		return challenge_wait(c, res->wait);
	case VERIFY_LOCKED:
		return challenge_locked(c);
	case VERIFY_ELSEWHERE:
	case VERIFY_WRONG:
	case VERIFY_RIGHT:
		break;
	}
	remember_wrong(c, typed);
	return res->tried_out ? refuse(c, "wrong_code", say(c->language,
	    "Wrong code, for the third time: the one that was sent no longer "
	    "counts. Ask for a new one. ")) : refuse_wrong(c);
}

struct challenge_action
challenge_sent(struct challenge *c, const struct delivery *d)
{
	char words[CHALLENGE_WORDS_MAX];

	_Static_assert(DELIVERY_WORDS_MAX <= CHALLENGE_WORDS_MAX,
	    "any words have room");
	c->came |= delivery_may_come(d->outcome) ||
	    d->outcome == DELIVERY_EARLIER;
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
