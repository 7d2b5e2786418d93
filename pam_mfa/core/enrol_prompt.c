/* What an enrolment says and asks. */
#include <stdio.h>

#include "enrol_prompt.h"

const struct enrol_choice *
enrol_choice(size_t i)
{
	static const struct enrol_choice choices[ENROL_CHOICES] = {
		{ METHOD_TOTP, 'a', CONF_APP, "a: authenticator app" },
		{ METHOD_SMS, 's', CONF_PHONE, "s: codes by SMS" },
		{ METHOD_CALL, 'c', CONF_PHONE, "c: codes by call" },
	};

	return &choices[i];
}

bool
enrol_offered(const struct enrol *e, size_t i)
{
	unsigned missing = e->is.missing;

	return e->is.methods & METHOD_BIT(enrol_choice(i)->method) &&
	    (missing == 0 || missing & enrol_choice(i)->kind);
}

static unsigned
offers(const struct enrol *e)
{
	unsigned n = 0;

	for (size_t i = 0; i < ENROL_CHOICES; i++)
		n += enrol_offered(e, i);
	return n;
}

bool
enrol_must(const struct enrol *e)
{
	return e->is.days_left == 0;
}

struct enrol_action
enrol_without(const struct enrol *e)
{
	struct enrol_action a = { .what = ENROL_DONE, .text = "",
	    .verdict = MFA_GRANTED, .reason = "enrolled_now" };

	if (!e->saved) {
		a.verdict = e->is.first ? MFA_EXEMPT : MFA_GRANTED;
		a.reason = e->is.first ? "before_deadline" : "right_code";
	}
	return a;
}

struct enrol_action
enrol_prompt(struct enrol *e, enum enrol_place at)
{
	e->at = at;
	return (struct enrol_action){ .what = ENROL_PROMPT, .text = e->text };
}

struct enrol_action
enrol_last_words(struct enrol *e, enum mfa_verdict verdict, const char *reason,
    const char *words)
{
	e->verdict = verdict;
	e->reason = reason;
	snprintf(e->text, sizeof(e->text), "%sPress Enter: ", words);
	return enrol_prompt(e, ENROL_AT_END);
}

/* "a: authenticator app (or Enter), s: codes by SMS" */
static void
menu(const struct enrol *e, char *dst, size_t cap)
{
	size_t len = 0;
	bool first = true;

	*dst = '\0';
	for (size_t i = 0; i < ENROL_CHOICES; i++) {
		if (!enrol_offered(e, i))
			continue;
		len += (size_t)snprintf(dst + len, cap - len, "%s%s%s",
		    first ? "" : ", ", enrol_choice(i)->item,
		    first && enrol_must(e) ? " (or Enter)" : "");
		first = false;
	}
}

/* Why there is a dialogue at all. */
static const char *
purpose(const struct enrol *e)
{
	if (e->is.first && !e->saved)
		return "More information is required to protect your account. ";
	if (e->is.missing & CONF_APP)
		return "An authenticator app is required as well. ";
	return "A phone is required as well. ";
}

static struct enrol_action
dead_end(struct enrol *e)
{
	struct enrol_action without = enrol_without(e);
	char words[384];

	if (e->is.home)
		snprintf(words, sizeof(words), "%sYour factors lie in your "
		    "home, where no login writes. Where you are logged in, "
		    "run: mfactl add totp. ", purpose(e));
	else
		snprintf(words, sizeof(words), "%sThis host cannot register it "
		    "at a login. Ask your administrator for: mfactl add totp "
		    "%s. ", purpose(e), e->user);
	if (enrol_must(e))
		return enrol_last_words(e, MFA_DENY_WRONG, e->is.home ?
		    "enrol_at_home" : "enrol_no_way", words);
	return enrol_last_words(e, without.verdict, without.reason, words);
}

struct enrol_action
enrol_ask_choice(struct enrol *e, const char *words)
{
	char list[96];

	if (e->is.home || offers(e) == 0)
		return dead_end(e);
	menu(e, list, sizeof(list));
	if (!enrol_must(e) && e->is.days_left == 1)
		snprintf(e->text, sizeof(e->text), "%s%sToday is the last day "
		    "to go on without it. Register now? %s; Enter: not now: ",
		    words, purpose(e), list);
	else if (!enrol_must(e))
		snprintf(e->text, sizeof(e->text), "%s%sYou may go on without "
		    "it for %u days. Register now? %s; Enter: not now: ",
		    words, purpose(e), e->is.days_left, list);
	else if (offers(e) == 1 && e->is.methods & METHOD_BIT(METHOD_TOTP) &&
	    !(e->is.missing & CONF_PHONE))
		snprintf(e->text, sizeof(e->text), "%s%sHave the authenticator "
		    "app on your phone ready and press Enter (x: leave): ",
		    words, purpose(e));
	else if (offers(e) == 1)
		snprintf(e->text, sizeof(e->text), "%s%sHave your phone ready "
		    "and press Enter (x: leave): ", words, purpose(e));
	else
		snprintf(e->text, sizeof(e->text), "%s%sRegister one of these: "
		    "%s; x: leave: ", words, purpose(e), list);
	return enrol_prompt(e, ENROL_AT_CHOICE);
}

struct enrol_action
enrol_ask_country(struct enrol *e, const char *words)
{
	const struct country *home = e->is.country;
	char title[COUNTRY_TITLE_MAX + 1];

	if (home != NULL)
		snprintf(e->text, sizeof(e->text), "%sCountry of your phone "
		    "number (Enter: %s, x: leave): ", words,
		    country_title(title, home));
	else
		snprintf(e->text, sizeof(e->text), "%sCountry of your phone "
		    "number, such as Japan or +81 (x: leave): ", words);
	return enrol_prompt(e, ENROL_AT_COUNTRY);
}

struct enrol_action
enrol_ask_number(struct enrol *e, const char *words)
{
	char title[COUNTRY_TITLE_MAX + 1];

	snprintf(e->text, sizeof(e->text), "%sPhone number in %s (n: other "
	    "country, x: leave): ", words, country_title(title, e->country));
	return enrol_prompt(e, ENROL_AT_NUMBER);
}

/* Asks for the first code. */
struct enrol_action
enrol_ask_code(struct enrol *e, const char *words)
{
	bool sms = e->is.methods & METHOD_BIT(METHOD_SMS);
	bool call = e->is.methods & METHOD_BIT(METHOD_CALL);
	const char *back = offers(e) > 1 ? "b: back, " : "";

	if (e->method == METHOD_TOTP)
		snprintf(e->text, sizeof(e->text), "%sCode that the app shows "
		    "(k: key as text, q: other QR code, %sx: leave): ", words,
		    back);
	else
		snprintf(e->text, sizeof(e->text), "%sCode (r: send again, %s%s"
		    "n: other number, %sx: leave): ", words, sms ? "s: SMS, " :
		    "", call ? "c: call, " : "", back);
	return enrol_prompt(e, ENROL_AT_CODE);
}
