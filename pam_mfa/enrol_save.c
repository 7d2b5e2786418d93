/* What an enrolment at login keeps, and what it says then. */
#include <stdio.h>
#include <string.h>

#include "core/record_new.h"
#include "core/say.h"
#include "core/text.h"
#include "enrol_dialogue.h"
#include "sys/attempt.h"
#include "sys/edit.h"

void
dialogue_tell(const struct dialogue *d, const char *text)
{
	d->conv->say(d->conv->ctx, text, false);
}

/* What lets them enrol, after the password. */
static const char *
opened(const struct dialogue *d)
{
	return !d->enrol.is.first ? "factor" :
	    d->job->policy->until > 0 ? "reset" : "policy";
}

/* As a login names it: a phone by the way of the code that was right. */
static const char *
method_of(const struct dialogue *d)
{
	return d->factor.kind == FACTOR_PHONE ?
	    sending_kind_name(d->sent.newest.way) :
	    factor_kind_name(d->factor.kind);
}

/* method and factor: "-" if there is none. */
void
dialogue_audit(const struct dialogue *d, const char *outcome, bool saved)
{
	const struct mfa_log *log = &d->job->ports->log;
	const struct mfa_subject *who = d->job->who;
	bool phone = saved && d->factor.kind == FACTOR_PHONE;
	char user[65], service[33], rhost[65], to[PHONE_MASK_MAX + 1];
	char line[512];

	snprintf(line, sizeof(line), "event=enrol outcome=%s user=%s "
	    "service=%s rhost=%s method=%s factor=%s to=%s recovery=%s "
	    "opened=%s",
	    outcome, text_field(user, sizeof(user), who->user),
	    text_field(service, sizeof(service), who->service),
	    text_field(rhost, sizeof(rhost), who->rhost),
	    saved ? method_of(d) : "-",
	    saved ? d->factor.id : "-",
	    phone_field(to, phone ? d->enrol.way.to : ""),
	    saved && d->with_codes ? d->codes.id : "-", opened(d));
	log->write(log->ctx, saved ? MFA_LOG_INFO : MFA_LOG_NOTICE, line);
}

enum mfa_err
dialogue_now(const struct dialogue *d, struct mfa_time *ret)
{
	const struct mfa_clock *clock = &d->job->ports->clock;

	return clock->now(clock->ctx, ret);
}

enum mfa_err
dialogue_factors(const struct record *rec, struct buf *ret)
{
	enum mfa_err r = MFA_OK;

	buf_wipe(ret);
	for (size_t i = 0; !r && i < rec->n; i++) {
		const struct factor *f = &rec->factor[i];

		r = buf_printf(ret, "%s %lld %s %s\n", f->id,
		    (long long)f->created, f->label, f->phone.number);
	}
	return r;
}

static enum mfa_err
unchanged(const struct dialogue *d, const struct record *rec,
    const struct state *st)
{
	const struct moment *was = &d->job->reset->at, *is = &st->reset.at;
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = dialogue_factors(rec, &text)) &&
	    strcmp(buf_str(&text), buf_str(&d->seen)) != 0)
		r = MFA_EEXIST;
	if (!r && d->enrol.is.first && !d->enrol.saved &&
	    (is->real != was->real || is->boottime != was->boottime))
		r = MFA_EEXIST;		/* reset anew meanwhile */
	buf_wipe(&text);
	return r;
}

/* Under the lock. The first code of an app is used up. */
static enum mfa_err
put(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct dialogue *d = ctx;
	struct crypto *crypto = d->courier.crypto;
	enum language in = d->enrol.is.language;
	bool app = d->factor.kind == FACTOR_TOTP;
	enum mfa_err r;

	if ((r = unchanged(d, rec, st)))
		return r;
	if (d->enrol.is.first)
		(void)state_tell_reset(st, true);
	record_first_language(rec, d->courier.language,
	    d->job->conf->login.language);
	if ((r = record_label(rec, NULL, say(in, app ? RECORD_APP :
	    RECORD_PHONE), d->factor.label, why)) ||
	    (r = record_new(rec, &d->factor, crypto, why)))
		return r;
	state_align(st, rec);
	if (app)
		st->factor[rec->n - 1].next = d->next;
	if (d->with_codes && ((r = record_label(rec, NULL, say(in,
	    RECORD_CODES), d->codes.label, why)) ||
	    (r = record_new(rec, &d->codes, crypto, why))))
		return r;
	state_align(st, rec);
	return dialogue_factors(rec, &d->seen);
}

static enum mfa_err
make(struct dialogue *d)
{
	const struct policy_decision *p = d->job->policy;
	struct factor *f = &d->factor, *c = &d->codes;
	struct crypto *crypto = d->courier.crypto;
	struct mfa_time t;
	enum mfa_err r;

	if ((r = dialogue_now(d, &t)))
		return r;
	*f = (struct factor){ .kind = FACTOR_TOTP, .created = t.real,
	    .otp = d->key };
	*c = (struct factor){ .kind = FACTOR_RECOVERY, .created = t.real };
	if (d->enrol.method != METHOD_TOTP) {
		f->kind = FACTOR_PHONE;
		f->phone = d->enrol.phone;
		f->phone.way[d->sent.newest.way] = true;
		f->otp = (struct otp_key){ 0 };
		if ((r = crypto_random(crypto, f->phone.key, OTC_KEY)))
			return r;
	}
	d->with_codes = d->enrol.is.first && !d->enrol.saved &&
	    method_in(p->login.methods, METHOD_RECOVERY);
	return d->with_codes ? recovery_new(crypto, &c->recovery, d->code) :
	    MFA_OK;
}

static void
tell_codes(struct dialogue *d)
{
	char line[64];

	dialogue_tell(d, say(d->enrol.is.language, "\nRecovery codes:"));
	for (int i = 0; i < RECOVERY_CODES; i++) {
		snprintf(line, sizeof(line), "  %2d  %s", i + 1, d->code[i]);
		dialogue_tell(d, line);
	}
	mfa_wipe(line, sizeof(line));
	mfa_wipe(d->code, sizeof(d->code));
}

static void
saved(struct dialogue *d)
{
	struct login_report *rep = d->report;

	dialogue_audit(d, "registered", true);
	if (d->enrol.is.first) {
		memcpy(rep->factor, d->factor.id, sizeof(rep->factor));
		rep->method = method_of(d);
	}
	if (d->with_codes)
		tell_codes(d);
}

enum mfa_err
dialogue_save(struct dialogue *d, struct enrol_action *ret)
{
	const struct mfa_ports *ports = d->job->ports;
	const struct edit e = { .store = &ports->store,
	    .writer = &ports->writer };
	struct mfa_time t;
	enum mfa_err r;

	if ((r = make(d)) || (r = dialogue_now(d, &t)))
		return r;
	if ((r = edit_run(&e, attempt_lock_wait(d->courier.deadline_ms, &t),
	    put, d, &d->report->why)))
		return r;
	saved(d);
	*ret = enrol_saved(&d->enrol, d->with_codes);
	return MFA_OK;
}
