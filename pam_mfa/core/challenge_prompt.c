/* The prompts of the dialogue. */
#include <stdio.h>
#include <string.h>

#include "challenge_prompt.h"
#include "denial.h"
#include "say.h"
#include "text.h"

/* What is typed here, if nothing else was said. */
static const char *
asked_for(const struct challenge *c, bool first)
{
	if (!c->guarded && !(c->app || c->ways.n > 0 || c->recovery))
		return say(c->language, "One-time pass");
	if (c->app || c->guarded)
		return say(c->language, first ?
		    "Code from your authenticator app" : "Code");
	return say(c->language, c->ways.n > 0 ? "Code" : "Recovery code");
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
		snprintf(tries, sizeof(tries), say(c->language, c->tries == 1 ?
		    "%u try left" : "%u tries left"), c->tries);
	if (c->way != WAYS_NONE)
		letters = say(c->language, "r: send again, ?: other ways");
	else if (sms || call)
		letters = say(c->language, !call ? "s: SMS, ?: help" :
		    !sms ? "c: call, ?: help" : "s: SMS, c: call, ?: help");
	snprintf(dst, cap, *tries || *letters ? " (%s%s%s)" : "%s%s%s", tries,
	    *tries && *letters ? "; " : "", letters);
}

struct challenge_action
challenge_prompt(struct challenge *c, bool counted, const char *words)
{
	char more[80];

	options(c, counted, more, sizeof(more));
	if (c->over)
		snprintf(c->text, sizeof(c->text), say(c->language,
		    "%sPress Enter: "), words);
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
	return challenge_prompt(c, false, words);
}

struct challenge_action
challenge_denied(struct challenge *c, const struct policy_decision *policy,
    const struct mfa_subject *who)
{
	char words[DENIAL_WORDS_MAX];

	return last_words(c, MFA_DENY_WRONG, policy_reason(policy->cause),
	    denial_words(policy, who, c->language, words));
}

struct challenge_action
challenge_locked(struct challenge *c)
{
	char words[CHALLENGE_WORDS_MAX];

	snprintf(words, sizeof(words), say(c->language, "Locked after %u wrong "
	    "codes. Ask your administrator for: mfactl unlock %s. "),
	    c->lock_after, c->user);
	return last_words(c, MFA_DENY_LIMIT, "locked", words);
}

struct challenge_action
challenge_wait(struct challenge *c, uint64_t seconds)
{
	char words[CHALLENGE_WORDS_MAX], time[40];

	c->told = true;
	c->verdict = MFA_DENY_LIMIT;
	c->reason = "too_many_failures";
	snprintf(words, sizeof(words), say(c->language, "Too many wrong codes. "
	    "Wait %s before you type the next one. "), text_duration(time,
	    sizeof(time), seconds, c->language));
	return challenge_prompt(c, false, words);
}

/* A sentence more, if all of it has room: a menu may be long. */
static void
add(char words[static CHALLENGE_WORDS_MAX], const char *more)
{
	size_t len = strlen(words);

	if (len + strlen(more) < CHALLENGE_WORDS_MAX)
		memcpy(words + len, more, strlen(more) + 1);
}

static void
help_ways(const struct challenge *c, char words[static CHALLENGE_WORDS_MAX])
{
	char menu[WAYS_MENU_MAX], lost[CHALLENGE_WORDS_MAX];

	snprintf(words, CHALLENGE_WORDS_MAX, say(c->language,
	    c->app && c->recovery ?
	    "%s. Or type a code from the app, or a recovery code. " :
	    c->app ? "%s. Or type a code from the app. " : c->recovery ?
	    "%s. Or type a code, or a recovery code. " :
	    "%s. Or type a code. "), ways_menu(&c->ways, c->language, menu));
	if (c->came)
		add(words, say(c->language, "None came? Check the phone's "
		    "signal and blocked senders. "));
	snprintf(lost, sizeof(lost), say(c->language, "Phone or number gone? "
	    "Ask your administrator for: mfactl reset %s. "), c->user);
	add(words, lost);
}

struct challenge_action
challenge_help(struct challenge *c)
{
	char words[CHALLENGE_WORDS_MAX];

	if (c->ways.n > 0)
		help_ways(c, words);
	else if (method_in(c->methods, METHOD_RECOVERY))
		snprintf(words, sizeof(words), say(c->language, "Type the "
		    "digits that the app shows for this host, or a recovery "
		    "code. Lost both? Ask your administrator for: mfactl reset "
		    "%s. "), c->user);
	else
		snprintf(words, sizeof(words), say(c->language, "Type the "
		    "digits that the app shows for this host. Recovery codes "
		    "are not accepted here. App or phone gone? Ask your "
		    "administrator for: mfactl reset %s. "), c->user);
	return challenge_prompt(c, false, words);
}

struct challenge_action
challenge_no_sender(struct challenge *c)
{
	char words[CHALLENGE_WORDS_MAX];

	c->told = true;
	c->verdict = MFA_DENY_WRONG;
	c->reason = "no_sender";
	snprintf(words, sizeof(words), say(c->language, "This host is not set "
	    "up to send codes. Ask your administrator for: mfactl add totp "
	    "%s. "), c->user);
	return challenge_prompt(c, false, words);
}
