/* Enrols a telephone. */
#include <string.h>

#include "../pam_mfa/core/country.h"
#include "../pam_mfa/core/first.h"
#include "../pam_mfa/core/phone.h"
#include "../pam_mfa/core/text.h"
#include "enroll.h"
#include "phone.h"
#include "sender.h"

/* A phone on its way into the record. */
struct enrolment {
	const struct tool *t;
	const struct person *p;
	struct factor factor;
	char language[RECORD_LANGUAGE_MAX];	/* the person's */
	enum sending_kind way;		/* of the next code */
	bool can[SENDING_KINDS];	/* is there a sender for it? */
	struct first_codes sent;	/* under way */
};

/* Under the lock: the record may have changed while the person typed. */
static enum mfa_err
put(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct enrolment *e = ctx;
	struct factor *f = &e->factor;
	enum mfa_err r;

	(void)st;
	add_language(e->t, rec);
	memcpy(e->language, rec->language, sizeof(e->language));
	for (size_t i = 0; i < rec->n; i++)
		if (rec->factor[i].kind == FACTOR_PHONE && *f->phone.number &&
		    !strcmp(rec->factor[i].phone.number, f->phone.number))
			return mfa_fail(why, MFA_EEXIST, "this number is "
			    "enrolled already, as %s", rec->factor[i].id);
	if ((r = record_label(rec, e->t->opt.label, say(e->t->language,
	    RECORD_PHONE), f->label, why)))
		return r;
	return record_new(rec, f, e->t->crypto, why);
}

/* What senders can do, unless nothing is sent. */
static int
find_senders(struct enrolment *e)
{
	const struct tool *t = e->t;
	bool *can = e->can;

	can[SENDING_SMS] = t->opt.unverified || sender_can(t, SENDING_SMS);
	can[SENDING_VOICE] = t->opt.unverified || sender_can(t, SENDING_VOICE);
	if (t->opt.voice && !can[SENDING_VOICE])
		return tool_refuse(t, TOOL_CONFIG, "this host cannot call: no "
		    "sender of mfa.conf has [voice]");
	if (t->opt.sms && !can[SENDING_SMS])
		return tool_refuse(t, TOOL_CONFIG, "this host cannot send an "
		    "SMS: no sender of mfa.conf has [sms]");
	return TOOL_OK;
}

/*
 * --sms, --voice and --extension. An SMS unless only calls are wanted, or
 * there are only calls.
 */
static int
ways(struct enrolment *e)
{
	const struct tool_options *opt = &e->t->opt;
	struct phone_factor *phone = &e->factor.phone;
	bool calls = opt->voice || (!opt->sms && !e->can[SENDING_SMS]);

	phone->way[SENDING_VOICE] = calls;
	phone->way[SENDING_SMS] = opt->sms || !calls;
	e->way = phone->way[SENDING_SMS] ? SENDING_SMS : SENDING_VOICE;
	if (opt->extension == NULL)
		return TOOL_OK;
	if (!opt->voice)
		return tool_refuse(e->t, TOOL_USAGE, "--extension is dialled "
		    "after a call is answered: it needs --voice");
	return phone_extension(opt->extension, phone->extension) ?
	    tool_refuse(e->t, TOOL_USAGE, "--extension is up to %d digits, "
	    "with ',' for a pause", PHONE_EXT_MAX) : TOOL_OK;
}

/* Can anything be sent from here at all? */
static int
ready(const struct tool *t, const struct person *p)
{
	if (p->stateless || t->conf.store != CONF_STORE_SYSTEM)
		return tool_refuse(t, TOOL_CONFIG, "only root sends codes: "
		    "phones need store = system");
	if (t->opt.unverified && !t->root)
		return tool_refuse(t, TOOL_CONFIG, "--unverified is for root");
	if (*t->conf.send.senders == '\0' && !t->opt.unverified)
		return tool_refuse(t, TOOL_CONFIG, "no sender is set up: see "
		    "senders in mfa.conf(5), and mfa-sender(5)");
	return TOOL_OK;
}

/* Is it a number that codes may go to? Says why not. */
static bool
good_number(const struct tool *t, const char *typed,
    const struct country *country, char ret[static PHONE_MAX + 1])
{
	struct mfa_why why = { .language = t->language };
	enum phone_reach reach;

	if (phone_parse(typed, country, ret, &why)) {
		tool_warn(t, "%s", why.text);
		return false;
	}
	reach = phone_allowed(ret, t->conf.send.numbers);
	if (reach == PHONE_ALLOWED || t->opt.unverified)
		return true;
	tool_refuse(t, TOOL_NO, "this host sends no codes to %s (%s); an "
	    "administrator can change numbers in mfa.conf", ret,
	    phone_reach_name(reach));
	if (t->root)
		tool_fail(TOOL_NO, "numbers: %s", phone_remedy(reach));
	return false;
}

static int
ask_number(struct enrolment *e)
{
	const struct tool *t = e->t;
	const struct country *country;
	struct mfa_why why = { .language = t->language };
	struct buf typed = { 0 };
	enum mfa_err r;
	bool good = false;

	if ((r = phone_country(t, &country)))
		return tool_error(r, &why);
	for (int i = 0; i < PHONE_ASKED_MAX && !r && !good; i++) {
		buf_wipe(&typed);
		if (!(r = tool_ask(t, "Number (empty: give up): ", true,
		    &typed)) && typed.len == 0)
			break;
		good = !r && good_number(t, buf_str(&typed), country,
		    e->factor.phone.number);
	}
	buf_wipe(&typed);
	if (r)
		return tool_error(r, &why);
	return good ? TOOL_OK : tool_refuse(t, TOOL_ABORTED, "no number; "
	    "nothing was changed");
}

/* Shows it back, as it will be used. */
static void
show(const struct enrolment *e)
{
	const char *number = e->factor.phone.number;
	const struct country *c = country_of(number + 1);

	tool_say(e->t, "The number is %s (%s). Messages and calls to it may "
	    "cost money, by the\ncontract of the phone. A phone is a weaker "
	    "factor than an app: its messages can be\nread on the way, and its "
	    "number can be taken over.", number, c ?
	    country_name(c, e->t->language) : "-");
}

static int
get_number(struct enrolment *e, const char *given)
{
	const struct tool *t = e->t;
	int status;

	/* What was sent to another number proves nothing about this one. */
	mfa_wipe(&e->sent, sizeof(e->sent));
	if (given == NULL && (status = ask_number(e)))
		return status;
	if (given != NULL && !good_number(t, given,
	    country_find(t->conf.send.country), e->factor.phone.number))
		return TOOL_NO;
	if ((status = person_dry(e->t, e->p, put, e)))
		return status;
	show(e);
	return TOOL_OK;
}

static int
send_code(struct enrolment *e)
{
	const struct tool *t = e->t;
	struct mfa_why why = { .language = t->language };
	struct first_sent sent = { .way = e->way };
	const struct phone_code sending = { &e->factor.phone, e->way,
	    sent.code, e->language, true };
	struct mfa_time now = { 0 };
	enum delivery_outcome outcome;
	enum mfa_err r;
	int status;

	if ((r = otc_new(t->crypto, sent.code)))
		return tool_error(r, &why);
	status = phone_send(t, e->p, &sending, &outcome);
	if (!status && delivery_may_come(outcome)) {
		r = t->clock.now(t->clock.ctx, &now);
		sent.at_ms = now.boot_ms;
		memcpy(sent.number, e->factor.phone.number,
		    sizeof(sent.number));
		first_sent(&e->sent, &sent, outcome == DELIVERY_UNCLEAR);
		status = tool_error(r, &why);
	}
	mfa_wipe(&sent, sizeof(sent));
	return status;
}

/* Is it a code that was sent, in time? Says why not. */
static enum mfa_err
compare(struct enrolment *e, const char *typed, bool *ret_right)
{
	struct mfa_time now;
	enum first_code code;
	enum mfa_err r;

	if ((r = e->t->clock.now(e->t->clock.ctx, &now)))
		return r;
	code = first_phone(&e->sent, e->factor.phone.number, typed,
	    now.boot_ms);
	*ret_right = code == FIRST_RIGHT;
	if (code == FIRST_VOID)
		tool_warn(e->t, *e->sent.newest.code ?
		    "This code no longer counts. Type r for a new one." :
		    "No code was sent to this number. Type r to send one.");
	else if (code == FIRST_WRONG)
		tool_warn(e->t, "Wrong code. Type the one that came last.");
	return MFA_OK;
}

/* Another letter than a code. TOOL_OK and *ret_done: it was one. */
static int
letter(struct enrolment *e, const char *typed, bool *ret_done)
{
	bool call = text_case_equal(typed, "c"), sms = text_case_equal(typed,
	    "s"), number = text_case_equal(typed, "n");

	*ret_done = call || sms || number || text_case_equal(typed, "r");
	if (!*ret_done)
		return TOOL_OK;
	if ((call && !e->can[SENDING_VOICE]) || (sms && !e->can[SENDING_SMS])) {
		tool_warn(e->t, call ? "This host does not call." :
		    "This host sends no SMS.");
		return TOOL_OK;
	}
	if (number) {
		int status = get_number(e, NULL);

		if (status)
			return status;
	}
	if (call)
		e->way = SENDING_VOICE;
	if (sms)
		e->way = SENDING_SMS;
	return send_code(e);
}

/* One answer. *ret_right: the phone is theirs. */
static int
answer(struct enrolment *e, struct buf *typed, bool *ret_right)
{
	const struct tool *t = e->t;
	struct mfa_why why = { .language = t->language };
	bool both = e->can[SENDING_SMS] && e->can[SENDING_VOICE], done;
	enum mfa_err r;
	int status;

	if ((r = tool_ask(t, both ?
	    "Code (r: send again, s: SMS, c: call instead, n: other number, "
	    "empty: give up): " :
	    "Code (r: send again, n: other number, empty: give up): ", true,
	    typed)))
		return tool_error(r, &why);
	if (typed->len == 0)
		return tool_refuse(t, TOOL_ABORTED, "no right code; nothing "
		    "was changed. None came? Check the number, the phone's "
		    "signal, and blocked senders.");
	if ((status = letter(e, buf_str(typed), &done)) || done)
		return status;
	return tool_error(compare(e, buf_str(typed), ret_right), &why);
}

/* Nothing exists before the first right code. */
static int
prove_number(struct enrolment *e)
{
	struct buf typed = { 0 };
	bool right = false;
	int status = send_code(e);

	for (int i = 0; i < 3 * ENROLL_TRIES && !status && !right; i++) {
		status = answer(e, &typed, &right);
		buf_wipe(&typed);
	}
	if (!status && !right)
		return tool_refuse(e->t, TOOL_ABORTED, "no right code; nothing "
		    "was changed");
	/* What brought the code is a way that works. */
	e->factor.phone.way[e->sent.newest.way] = true;
	return status;
}

static int
save(struct enrolment *e)
{
	struct mfa_why why = { .language = e->t->language };
	struct mfa_time now;
	enum mfa_err r;

	if (!(r = e->t->clock.now(e->t->clock.ctx, &now)) &&
	    !(r = crypto_random(e->t->crypto, e->factor.phone.key, OTC_KEY))) {
		e->factor.created = now.real;
		r = person_edit(e->p, put, e, &why);
	}
	return tool_error(r, &why);
}

int
enroll_phone(const struct tool *t, const struct person *p, const char *number)
{
	struct enrolment e = { .t = t, .p = p, .factor.kind = FACTOR_PHONE };
	char shown[TOOL_SHOWN_MAX];
	int status;

	if ((status = ready(t, p)) || (status = find_senders(&e)) ||
	    (status = ways(&e)) ||
	    (status = person_dry(t, p, put, &e)) ||
	    (status = person_prove(t, p)) ||
	    (status = get_number(&e, number)) ||
	    (!t->opt.unverified && (status = prove_number(&e))) ||
	    (status = save(&e)))
		goto out;
	tool_say(t, t->opt.unverified ? "Added %s (%s) for %s, unverified." :
	    "Added %s (%s) for %s.", e.factor.id,
	    tool_shown(shown, e.factor.label), p->who.user);
	person_log(t, p, "add", "factor=%s verified=%s", e.factor.id,
	    t->opt.unverified ? "no" : "yes");
out:
	mfa_wipe(&e, sizeof(e));
	return status;
}

/* "add phone [USER] [NUMBER]": a name has no digit, '+' or '(' in front. */
int
verb_add_phone(struct tool *t, int argc, char **argv)
{
	const char *number = NULL, *user = NULL;

	for (int i = 0; i < argc; i++)
		*(strchr("+(0123456789", *argv[i]) ? &number : &user) = argv[i];
	if (argc == 2 && (number == NULL || user == NULL))
		return tool_refuse(t, TOOL_USAGE, "add phone [USER] [NUMBER]: "
		    "one of each");
	return person_with_word(t, user, PERSON_CHANGE, enroll_phone, number);
}
