/* The enrolment at login, as a state machine. */
#include <stdio.h>
#include <string.h>

#include "challenge.h"
#include "enrol_prompt.h"
#include "say.h"
#include "text.h"

static struct enrol_action
act(enum enrol_do what)
{
	return (struct enrol_action){ .what = what, .text = "" };
}

static struct enrol_action
done(enum mfa_verdict verdict, const char *reason, const char *text)
{
	return (struct enrol_action){ .what = ENROL_DONE, .text = text,
	    .verdict = verdict, .reason = reason };
}

/* Without more: in, if policy lets them. */
static struct enrol_action
leave(struct enrol *e)
{
	if (!enrol_must(e))
		return enrol_without(e);
	return enrol_last_words(e, MFA_DENY_WRONG, "enrol_left",
	    say(e->is.language, e->saved ?
	    "What was registered stays. Log in again for the rest. " :
	    "Nothing was saved. To start again, log in again. "));
}

struct enrol_action
enrol_start(struct enrol *e, const struct enrol_terms *terms)
{
	*e = (struct enrol){ .is = *terms, .rounds = ENROL_ROUNDS };
	text_clean(e->user, sizeof(e->user), terms->user);
	if (terms->ascii && terms->qr == CONF_QR_UTF8)
		e->is.qr = CONF_QR_NONE;
	return enrol_ask_choice(e, "");
}

static struct enrol_action
show(const struct enrol *e)
{
	struct enrol_action a = act(ENROL_SHOW);

	a.qr = e->is.qr;
	return a;
}

static struct enrol_action
begin(struct enrol *e, enum method method)
{
	e->method = method;
	mfa_wipe(&e->phone, sizeof(e->phone));
	if (method == METHOD_TOTP)
		return show(e);
	return enrol_ask_country(e, "");
}

static struct enrol_action
choose(struct enrol *e, const char *typed)
{
	if (!*typed && !enrol_must(e))
		return leave(e);
	for (size_t i = 0; i < ENROL_CHOICES; i++) {
		const char letter[] = { enrol_choice(i)->letter, '\0' };

		if (enrol_offered(e, i) && (!*typed || text_case_equal(typed,
		    letter)))
			return begin(e, enrol_choice(i)->method);
	}
	return enrol_ask_choice(e, say(e->is.language, "That is not one of the "
	    "letters. "));
}

static struct enrol_action
send(struct enrol *e, enum method method)
{
	enum sending_kind kind = method == METHOD_CALL ? SENDING_VOICE :
	    SENDING_SMS;

	e->method = method;
	e->way.kind = kind;
	phone_mask(e->way.to, e->phone.number);
	return act(ENROL_SEND);
}

static struct enrol_action
take_number(struct enrol *e, const char *typed)
{
	struct mfa_why why = { .language = e->is.language };
	char words[sizeof(why.text) + 1];
	size_t len;

	if (text_case_equal(typed, "n"))
		return enrol_ask_country(e, "");
	if (!*typed)
		return enrol_ask_number(e, "");
	if (phone_parse(typed, e->country, e->phone.number, &why)) {
		/* A Japanese full stop needs no blank behind it. */
		len = strlen(why.text);
		snprintf(words, sizeof(words), len > 0 &&
		    why.text[len - 1] == '.' ? "%s " : "%s", why.text);
		return enrol_ask_number(e, words);
	}
	if (phone_allowed(e->phone.number, e->is.numbers) != PHONE_ALLOWED)
		return enrol_ask_number(e, say(e->is.language, "This host "
		    "sends no codes to that number; use another, or ask your "
		    "administrator. "));
	return send(e, e->method);
}

static struct enrol_action
no_country(struct enrol *e, const char *typed)
{
	const struct country *near = country_nearest(typed);
	char words[160];

	if (near == NULL)
		return enrol_ask_country(e, say(e->is.language, "There is no "
		    "such country: type its English name or its calling "
		    "code. "));
	snprintf(words, sizeof(words), say(e->is.language, "There is no such "
	    "country; did you mean %s? "), near->name);
	return enrol_ask_country(e, words);
}

/* A whole number with its '+' needs no country. */
static struct enrol_action
take_country(struct enrol *e, const char *typed)
{
	char number[PHONE_MAX + 1];

	e->country = !*typed ? e->is.country : country_find(typed);
	if (e->country == NULL && *typed == '+' &&
	    !phone_parse(typed, NULL, number, NULL) &&
	    (e->country = country_of(number + 1)) != NULL)
		return take_number(e, typed);
	if (e->country == NULL)
		return no_country(e, typed);
	return enrol_ask_number(e, "");
}

/* Another letter than a code. */
static struct enrol_action
about_app(struct enrol *e, const char *typed)
{
	struct enrol_action a = show(e);

	if (text_case_equal(typed, "q")) {
		a.qr = e->is.qr = e->is.ascii || e->is.qr == CONF_QR_UTF8 ?
		    CONF_QR_ASCII : CONF_QR_UTF8;
		return a;
	}
	a.qr = CONF_QR_NONE;
	if (text_case_equal(typed, "k"))
		return a;
	return enrol_ask_code(e, !*typed ? "" : say(e->is.language, "That is "
	    "not a code. Type the digits that the app shows. "));
}

static struct enrol_action
about_phone(struct enrol *e, const char *typed)
{
	if (text_case_equal(typed, "r"))
		return send(e, e->method);
	if (text_case_equal(typed, "s") &&
	    e->is.methods & METHOD_BIT(METHOD_SMS))
		return send(e, METHOD_SMS);
	if (text_case_equal(typed, "c") &&
	    e->is.methods & METHOD_BIT(METHOD_CALL))
		return send(e, METHOD_CALL);
	if (text_case_equal(typed, "n"))
		return enrol_ask_country(e, "");
	return enrol_ask_code(e, !*typed ? "" : say(e->is.language, "That is "
	    "not a code. Type its digits. "));
}

static struct enrol_action
take_code(struct enrol *e, const char *typed)
{
	char code[TOTP_DIGITS_MAX + 1];
	bool digits = totp_canonical(typed, code);

	mfa_wipe(code, sizeof(code));
	if (digits)
		return act(ENROL_CHECK);
	if (text_case_equal(typed, "b"))
		return enrol_ask_choice(e, "");
	return e->method == METHOD_TOTP ? about_app(e, typed) :
	    about_phone(e, typed);
}

/* In, or on to the kind that is required as well. */
static struct enrol_action
next(struct enrol *e, const char *words)
{
	if (e->is.missing != 0)
		return enrol_ask_choice(e, words);
	return done(MFA_GRANTED, "enrolled_now", words);
}

struct enrol_action
enrol_answer(struct enrol *e, const char *typed)
{
	if (challenge_sshd_fake(typed))
		return done(MFA_DENY_WRONG, "refused_by_sshd", "");
	if (e->at == ENROL_AT_END)
		return done(e->verdict, e->reason, "");
	if (e->at != ENROL_AT_CODES && (text_case_equal(typed, "x") ||
	    e->rounds-- == 0))
		return leave(e);
	switch (e->at) {
	case ENROL_AT_CHOICE:
		return choose(e, typed);
	case ENROL_AT_COUNTRY:
		return take_country(e, typed);
	case ENROL_AT_NUMBER:
		return take_number(e, typed);
	case ENROL_AT_CODE:
		return take_code(e, typed);
	case ENROL_AT_CODES:
		return next(e, "");
	case ENROL_AT_END:
		break;
	}
	return leave(e);
}

struct enrol_action
enrol_shown(struct enrol *e, const char *key)
{
	struct enrol_action a;
	char words[160];

	if (key == NULL)
		return enrol_ask_code(e, "");
	snprintf(words, sizeof(words), say(e->is.language, "Type this key in "
	    "the authenticator app: %s. "), key);
	a = enrol_ask_code(e, words);
	mfa_wipe(words, sizeof(words));
	return a;
}

struct enrol_action
enrol_sent(struct enrol *e, const struct delivery *d)
{
	char words[DELIVERY_WORDS_MAX];

	return enrol_ask_code(e, delivery_words(d, &e->way, e->is.language,
	    words));
}

struct enrol_action
enrol_checked(struct enrol *e, enum first_code code)
{
	if (code == FIRST_RIGHT)
		return act(ENROL_SAVE);
	if (code == FIRST_VOID)
		return enrol_ask_code(e, say(e->is.language, "This code no "
		    "longer counts. Type r for a new one. "));
	if (++e->wrong == ENROL_WRONG_MAX)
		return enrol_last_words(e, MFA_DENY_WRONG, "enrol_wrong_code",
		    say(e->is.language, e->saved ?
		    "Too many wrong codes. What was registered stays. Log in "
		    "again for the rest. " :
		    "Too many wrong codes. Nothing was saved. Delete the "
		    "account from the app, if you added it, and log in "
		    "again. "));
	return enrol_ask_code(e, say(e->is.language, e->method == METHOD_TOTP ?
	    "Wrong code. Check that the phone's clock is right and the "
	    "account is the one just added. " :
	    "Wrong code. Type the one that came last. "));
}

struct enrol_action
enrol_saved(struct enrol *e, bool codes)
{
	bool app = e->method == METHOD_TOTP;
	char words[128];

	e->saved = true;
	e->is.missing &= ~(unsigned)(app ? CONF_APP : CONF_PHONE);
	if (app)
		snprintf(words, sizeof(words), "%s", say(e->is.language,
		    "Your authenticator app is registered. "));
	else
		snprintf(words, sizeof(words), say(e->is.language, "Your "
		    "phone %s is registered. "), e->way.to);
	if (!codes) {
		snprintf(e->text, sizeof(e->text), "%s", words);
		return next(e, e->is.missing ? words : e->text);
	}
	snprintf(e->text, sizeof(e->text), say(e->is.language, "%sWrite down "
	    "the recovery codes above: each is good once, should the phone be "
	    "lost. They are not shown again. Press Enter when you have "
	    "them: "), words);
	return enrol_prompt(e, ENROL_AT_CODES);
}

/* Only the recovery codes may still have to be written down. */
static bool
whole(const struct enrol *e)
{
	return e->at == ENROL_AT_CODES && e->is.missing == 0;
}

struct enrol_action
enrol_hung_up(struct enrol *e)
{
	if (whole(e))
		return next(e, "");
	if (e->at == ENROL_AT_END)
		return done(e->verdict, e->reason, "");
	if (!enrol_must(e))
		return enrol_without(e);
	return done(MFA_DENY_CONV, "conversation", "");
}

static const char *
fault_words(const struct enrol *e, enum mfa_err r)
{
	enum language in = e->is.language;

	if (r == MFA_ETIME)
		return say(in, e->saved ?
		    "Timed out. What was registered stays. Log in again for "
		    "the rest. " :
		    "Timed out, nothing was saved. Log in again. ");
	if (r == MFA_EEXIST)
		return say(in, "Your second factors were changed meanwhile, by "
		    "another login of yours or by an administrator. Nothing "
		    "was saved. Log in again. ");
	return say(in, e->saved ?
	    "It could not be saved: a fault of this host, not yours. What was "
	    "registered before stays. Ask your administrator for: mfactl "
	    "check. " :
	    "It could not be saved: a fault of this host, not yours. Nothing "
	    "was changed. Ask your administrator for: mfactl check. ");
}

struct enrol_action
enrol_failed(struct enrol *e, enum mfa_err r)
{
	const char *words = fault_words(e, r);

	if (whole(e))
		return next(e, "");
	if (e->at == ENROL_AT_END)
		return done(e->verdict, e->reason, "");
	if (r == MFA_ETIME)
		return enrol_last_words(e, MFA_DENY_STORE, "time_over", words);
	if (r == MFA_EEXIST)
		return enrol_last_words(e, MFA_DENY_WRONG, "factors_changed",
		    words);
	return enrol_last_words(e, r == MFA_ENOMEM ? MFA_DENY_MEMORY :
	    MFA_DENY_STORE, r == MFA_EBUSY ? "busy" : "store", words);
}
