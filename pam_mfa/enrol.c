/* The driver of an enrolment at login. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/challenge.h"
#include "core/otpauth.h"
#include "core/say.h"
#include "core/text.h"
#include "enrol_dialogue.h"

#define PAM_LINE 512	/* PAM_MAX_MSG_SIZE, the NUL included */

static enum mfa_err
ask(struct dialogue *d, const char *prompt, struct enrol_action *ret)
{
	struct mfa_time t;
	enum mfa_err r;

	buf_wipe(&d->typed);
	r = d->conv->ask(d->conv->ctx, prompt, true, &d->typed);
	if (r == MFA_ECONV) {
		*ret = enrol_hung_up(&d->enrol);
		return MFA_OK;
	}
	if (r || (r = dialogue_now(d, &t)))
		return r;
	if (t.boot_ms >= d->courier.deadline_ms)
		return MFA_ETIME;
	if (d->typed.len > 0)
		d->typed.len = text_fold((char *)d->typed.data);
	*ret = enrol_answer(&d->enrol, buf_str(&d->typed));
	return MFA_OK;
}

/* A message a row: a program may cut longer ones. */
static void
tell_rows(const struct dialogue *d, const struct buf *text)
{
	char row[PAM_LINE];

	for (const char *s = buf_str(text); *s != '\0';) {
		size_t len = strcspn(s, "\n");

		snprintf(row, sizeof(row), "%.*s", (int)len, s);
		dialogue_tell(d, row);
		s += len + (s[len] == '\n');
	}
	mfa_wipe(row, sizeof(row));
}

/* false if only text can be shown; the log says why. */
static bool
draw(const struct dialogue *d, const char *uri, enum conf_qr qr)
{
	const struct mfa_drawer *drawer = &d->job->ports->drawer;
	const struct mfa_log *log = &d->job->ports->log;
	struct mfa_why why = { "" };
	struct buf picture = { 0 };
	bool drawn;

	drawn = qr != CONF_QR_NONE && !drawer->draw(drawer->ctx, uri,
	    qr == CONF_QR_UTF8, &picture, &why);
	if (drawn)
		tell_rows(d, &picture);
	else if (*why.text)
		log->write(log->ctx, MFA_LOG_ERROR, why.text);
	buf_wipe(&picture);
	return drawn;
}

/*
 * The first line is empty: sshd's clients write before it. The key stands
 * above the picture, the prompt right below.
 */
static enum mfa_err
show(struct dialogue *d, enum conf_qr qr, struct enrol_action *ret)
{
	struct buf uri = { 0 }, typed = { 0 }, line = { 0 };
	bool drawn = false;
	enum mfa_err r;

	if (d->key.len == 0) {
		d->key = (struct otp_key){ .hash = CRYPTO_SHA1, .digits = 6,
		    .period = 30 };
		if ((r = crypto_random(d->courier.crypto, d->key.key,
		    TOTP_KEY_NEW)))
			return r;
		d->key.len = TOTP_KEY_NEW;
	}
	if (!(r = otpauth_for(&d->key, d->job->conf->issuer, d->job->who->user,
	    d->courier.door->host, &uri)) &&
	    !(r = otpauth_typed_key(&d->key, &typed)) &&
	    !(r = buf_printf(&line, say(d->enrol.is.language,
	    qr == CONF_QR_NONE ?
	    "\nOpen this on the phone, or type the key below:" :
	    "\nScan this with the authenticator app, or type the key %s:"),
	    buf_str(&typed)))) {
		/* One that a program may cut is no use: the key is below. */
		if (qr != CONF_QR_NONE || uri.len < PAM_LINE)
			dialogue_tell(d, buf_str(&line));
		if (qr == CONF_QR_NONE && uri.len < PAM_LINE)
			dialogue_tell(d, buf_str(&uri));
		drawn = draw(d, buf_str(&uri), qr);
	}
	if (!r)
		*ret = enrol_shown(&d->enrol, drawn ? NULL : buf_str(&typed));
	buf_wipe(&uri);
	buf_wipe(&typed);
	buf_wipe(&line);
	return r;
}

static enum mfa_err
send(struct dialogue *d, struct enrol_action *ret)
{
	const struct phone_factor *phone = &d->enrol.phone;
	const struct way *way = &d->enrol.way;
	struct first_sent sent = { .way = way->kind };
	struct mfa_time t = { 0 };
	struct delivery del;
	enum mfa_err r;

	if ((r = otc_new(d->courier.crypto, sent.code)))
		return r;
	memcpy(sent.number, phone->number, sizeof(sent.number));
	if (!(r = courier_try(&d->courier, phone, way->kind, sent.code,
	    &del)) && !(r = dialogue_now(d, &t))) {
		if (del.outcome == DELIVERY_WAIT && first_open(&d->sent,
		    phone->number, way->kind, t.boot_ms))
			del.outcome = DELIVERY_EARLIER;
		courier_log(&d->courier, &d->job->ports->log, way, &del);
		sent.at_ms = t.boot_ms;
		if (delivery_may_come(del.outcome))
			first_sent(&d->sent, &sent,
			    del.outcome == DELIVERY_UNCLEAR);
		*ret = enrol_sent(&d->enrol, &del);
	}
	mfa_wipe(&sent, sizeof(sent));
	return r;
}

static enum mfa_err
check(struct dialogue *d, struct enrol_action *ret)
{
	const char *typed = buf_str(&d->typed);
	enum first_code code;
	struct mfa_time t;
	enum mfa_err r;

	if ((r = dialogue_now(d, &t)))
		return r;
	if (d->enrol.method == METHOD_TOTP) {
		if ((r = first_app(d->courier.crypto, &d->key, typed, t.real,
		    &d->next)))
			return r;
		code = d->next > 0 ? FIRST_RIGHT : FIRST_WRONG;
	} else
		code = first_phone(&d->sent, d->enrol.phone.number, typed,
		    t.boot_ms);
	*ret = enrol_checked(&d->enrol, code);
	return MFA_OK;
}

static enum mfa_err
step(struct dialogue *d, const struct enrol_action *act,
    struct enrol_action *ret)
{
	switch (act->what) {
	case ENROL_SHOW:
		return show(d, act->qr, ret);
	case ENROL_SEND:
		return send(d, ret);
	case ENROL_CHECK:
		return check(d, ret);
	case ENROL_SAVE:
		return dialogue_save(d, ret);
	case ENROL_PROMPT:
	case ENROL_DONE:
		break;
	}
	return ask(d, act->text, ret);
}

/* The loop; core/enrol bounds the number of answers. */
static void
talk(struct dialogue *d, struct enrol_action act)
{
	enum mfa_err r;

	while (act.what != ENROL_DONE)
		if ((r = step(d, &act, &act)))
			act = enrol_failed(&d->enrol, r);
	d->report->verdict = act.verdict;
	d->report->reason = act.reason;
	if (act.verdict != MFA_GRANTED)
		dialogue_audit(d, act.reason, false);
	if (*act.text)
		d->conv->say(d->conv->ctx, act.text,
		    act.verdict != MFA_GRANTED);
}

/* What policy allows here, and this host can do. */
static unsigned
methods(const struct enrolment *job)
{
	unsigned set = method_set(job->policy->login.methods) &
	    ~METHOD_BIT(METHOD_RECOVERY);

	if (*job->conf->send.senders == '\0')
		set &= METHOD_BIT(METHOD_TOTP);
	return set;
}

void
enrol_run(const struct enrolment *job, struct login_report *rep)
{
	const struct policy_decision *p = job->policy;
	const struct enrol_terms terms = { .user = job->who->user,
	    .language = challenge_language(p, job->record),
	    .ascii = p->login.ascii,
	    .methods = methods(job), .missing = p->missing,
	    .days_left = p->days_left,
	    .first = !record_opens(job->record, false),
	    .reset_at = job->reset->told ? 0 : job->reset->at.real,
	    .home = job->conf->store == CONF_STORE_HOME, .qr = p->login.qr,
	    .country = country_find(job->conf->send.country),
	    .numbers = job->conf->send.numbers };
	struct dialogue *d = calloc(1, sizeof(*d));
	struct mfa_time start;
	enum mfa_err r;

	rep->verdict = d != NULL ? MFA_DENY_STORE : MFA_DENY_MEMORY;
	rep->reason = d != NULL ? "store" : "memory";
	if (d == NULL)
		return;
	*d = (struct dialogue){ .job = job, .conv = &job->ports->conv,
	    .report = rep, .courier = *job->courier };
	d->courier.proof = true;
	if (!(r = dialogue_now(d, &start)) &&
	    !(r = dialogue_factors(job->record, &d->seen))) {
		d->courier.deadline_ms = start.boot_ms +
		    (int64_t)p->login.enrol_time * 1000;
		talk(d, enrol_start(&d->enrol, &terms));
	} else
		mfa_fail(&rep->why, r, "enrolment: %s", mfa_strerror(r));
	buf_wipe(&d->seen);
	buf_wipe(&d->typed);
	mfa_wipe(d, sizeof(*d));
	free(d);
}
