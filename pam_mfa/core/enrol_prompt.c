/* What an enrolment says and asks. */
#include <stdio.h>

#include "date.h"
#include "enrol_prompt.h"
#include "say.h"

#define MENU_MAX 160	/* bytes, NUL included */
#define PURPOSE_MAX 256	/* likewise */

const struct enrol_choice *
enrol_choice(size_t i)
{
	static const struct enrol_choice choices[ENROL_CHOICES] = {
		{ METHOD_TOTP, 'a', CONF_APP },
		{ METHOD_SMS, 's', CONF_PHONE },
		{ METHOD_CALL, 'c', CONF_PHONE },
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
	snprintf(e->text, sizeof(e->text), say(e->is.language,
	    "%sPress Enter: "), words);
	return enrol_prompt(e, ENROL_AT_END);
}

static const char *
item(const struct enrol *e, size_t i)
{
	enum method method = enrol_choice(i)->method;

	return say(e->is.language, method == METHOD_TOTP ?
	    "a: authenticator app" : method == METHOD_SMS ?
	    "s: codes by SMS" : "c: codes by call");
}

/* "a: authenticator app (or Enter), s: codes by SMS" */
static void
menu(const struct enrol *e, char dst[static MENU_MAX])
{
	char one[MENU_MAX];
	size_t len = 0;

	*dst = '\0';
	for (size_t i = 0; i < ENROL_CHOICES && len < MENU_MAX; i++) {
		if (!enrol_offered(e, i))
			continue;
		snprintf(one, sizeof(one), len == 0 && enrol_must(e) ?
		    say(e->is.language, "%s (or Enter)") : "%s", item(e, i));
		len += (size_t)snprintf(dst + len, MENU_MAX - len, "%s%s",
		    len > 0 ? ", " : "", one);
	}
}

/* Why there is a dialogue at all. */
static const char *
purpose(const struct enrol *e, char dst[static PURPOSE_MAX])
{
	char date[DATE_SAID_MAX];

	if (e->is.first && !e->saved && e->is.reset_at != 0) {
		snprintf(dst, PURPOSE_MAX, say(e->is.language, "Your second "
		    "factors were reset by an administrator on %s: register "
		    "anew, or tell them if you did not ask for that. "),
		    date_say(e->is.language,
		    (unsigned)(e->is.reset_at / 86400), date));
		return dst;
	}
	if (e->is.first && !e->saved)
		return say(e->is.language, "More information is required to "
		    "protect your account. ");
	return say(e->is.language, e->is.missing & CONF_APP ?
	    "An authenticator app is required as well. " :
	    "A phone is required as well. ");
}

static struct enrol_action
dead_end(struct enrol *e)
{
	struct enrol_action without = enrol_without(e);
	char words[384], because[PURPOSE_MAX];
	const char *why = purpose(e, because);

	if (e->is.home)
		snprintf(words, sizeof(words), say(e->is.language, "%sYour "
		    "second factors lie in your home, where no login writes. "
		    "Where you are logged in, run: mfactl add totp. "), why);
	else
		snprintf(words, sizeof(words), say(e->is.language, "%sThis "
		    "host cannot register it at a login. Ask your "
		    "administrator for: mfactl add totp %s. "), why,
		    e->user);
	if (enrol_must(e))
		return enrol_last_words(e, MFA_DENY_WRONG, e->is.home ?
		    "enrol_at_home" : "enrol_no_way", words);
	return enrol_last_words(e, without.verdict, without.reason, words);
}

struct enrol_action
enrol_ask_choice(struct enrol *e, const char *words)
{
	enum language in = e->is.language;
	char list[MENU_MAX], because[PURPOSE_MAX];
	const char *why = purpose(e, because);

	if (e->is.home || offers(e) == 0)
		return dead_end(e);
	menu(e, list);
	if (!enrol_must(e) && e->is.days_left == 1)
		snprintf(e->text, sizeof(e->text), say(in, "%s%sToday is the "
		    "last day to go on without it. Register now? %s; Enter: "
		    "not now: "), words, why, list);
	else if (!enrol_must(e))
		snprintf(e->text, sizeof(e->text), say(in, "%s%sYou may go on "
		    "without it for %u days. Register now? %s; Enter: not "
		    "now: "), words, why, e->is.days_left, list);
	else if (offers(e) == 1 && e->is.methods & METHOD_BIT(METHOD_TOTP) &&
	    !(e->is.missing & CONF_PHONE))
		snprintf(e->text, sizeof(e->text), say(in, "%s%sHave the "
		    "authenticator app on your phone ready and press Enter "
		    "(x: leave): "), words, why);
	else if (offers(e) == 1)
		snprintf(e->text, sizeof(e->text), say(in, "%s%sHave your "
		    "phone ready and press Enter (x: leave): "), words,
		    why);
	else
		snprintf(e->text, sizeof(e->text), say(in, "%s%sRegister one "
		    "of these: %s; x: leave: "), words, why, list);
	return enrol_prompt(e, ENROL_AT_CHOICE);
}

struct enrol_action
enrol_ask_country(struct enrol *e, const char *words)
{
	const struct country *home = e->is.country;
	char title[COUNTRY_TITLE_MAX + 1];

	if (home != NULL)
		snprintf(e->text, sizeof(e->text), say(e->is.language,
		    "%sCountry of your phone number (Enter: %s, x: leave): "),
		    words, country_title(title, home, e->is.language));
	else
		snprintf(e->text, sizeof(e->text), say(e->is.language,
		    "%sCountry of your phone number, such as Japan or +81 "
		    "(x: leave): "), words);
	return enrol_prompt(e, ENROL_AT_COUNTRY);
}

struct enrol_action
enrol_ask_number(struct enrol *e, const char *words)
{
	char title[COUNTRY_TITLE_MAX + 1];

	snprintf(e->text, sizeof(e->text), say(e->is.language, "%sPhone "
	    "number in %s (n: other country, x: leave): "), words,
	    country_title(title, e->country, e->is.language));
	return enrol_prompt(e, ENROL_AT_NUMBER);
}

/* Asks for the first code. */
struct enrol_action
enrol_ask_code(struct enrol *e, const char *words)
{
	enum language in = e->is.language;
	bool sms = e->is.methods & METHOD_BIT(METHOD_SMS);
	bool call = e->is.methods & METHOD_BIT(METHOD_CALL);
	const char *back = offers(e) > 1 ? say(in, "b: back, ") : "";

	if (e->method == METHOD_TOTP)
		snprintf(e->text, sizeof(e->text), say(in, "%sCode that the "
		    "app shows (k: key as text, q: other QR code, %sx: "
		    "leave): "), words, back);
	else
		snprintf(e->text, sizeof(e->text), say(in, "%sCode (r: send "
		    "again, %s%sn: other number, %sx: leave): "), words,
		    sms ? say(in, "s: SMS, ") : "",
		    call ? say(in, "c: call, ") : "", back);
	return enrol_prompt(e, ENROL_AT_CODE);
}
