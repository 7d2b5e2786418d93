/* The driver of a login. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/date.h"
#include "core/say.h"
#include "core/text.h"
#include "enrol.h"
#include "login_talk.h"

static void
deny_error(struct login_report *rep, enum mfa_err r)
{
	switch (r) {
	case MFA_ENOMEM:
		login_deny(rep, MFA_DENY_MEMORY, "memory");
		break;
	case MFA_ETIME:
		login_deny(rep, MFA_DENY_STORE, "time_over");
		break;
	case MFA_EBUSY:
		login_deny(rep, MFA_DENY_STORE, "busy");
		break;
	case MFA_ECRYPTO:
		login_deny(rep, MFA_DENY_STORE, "crypto");
		break;
	case MFA_ENOENT:
		login_deny(rep, MFA_DENY_WRONG, "factors_removed");
		break;
	case MFA_OK:
	case MFA_ESYNTAX:
	case MFA_ERANGE:
	case MFA_EEXIST:
	case MFA_EPERM:
	case MFA_EIO:
	case MFA_ECONV:
		login_deny(rep, MFA_DENY_STORE, "store");
		break;
	}
}

/* What a person is told when it is not about the code. */
static void
explain(struct login *l, enum mfa_err r)
{
	const struct mfa_conv *conv = &l->ports->conv;

	if (l->policy.guarded)
		return;
	conv->say(conv->ctx, say(l->language, r == MFA_ETIME ?
	    "Timed out. Nothing was accepted. Log in again." :
	    r == MFA_EBUSY ? "Another login of yours is being checked. Log in "
	    "again in a moment." :
	    r == MFA_ENOENT ? "Your second factors were reset just now. Log in "
	    "again." :
	    "Your code could not be checked: a fault of this host, not yours. "
	    "Ask your administrator for: mfactl check"), true);
}

static void
prepare(struct login *l, const struct mfa_time *start,
    const struct record *rec)
{
	struct attempt *a = &l->attempt;

	l->door = (struct otc_door){ .user = l->who->user,
	    .service = l->who->service,
	    .host = l->policy.send || l->policy.enrol ?
	    os_hostname(l->host, sizeof(l->host)) : "" };
	a->door = &l->door;
	a->store = &l->ports->store;
	a->clock = &l->ports->clock;
	a->rules.limit = l->conf->limit;
	a->rules.login = l->policy.login;
	a->deadline_ms = start->boot_ms +
	    (int64_t)l->policy.login.time_limit * 1000;
	/* Not by an empty record: what is known of their codes must be kept. */
	a->rules.shut = l->policy.cause != POLICY_ENROLLED;
	a->enrolled = rec->n > 0;
	a->alike = l->policy.guarded;
	a->vain = l->fault != MFA_OK;
	a->joined = l->policy.login.first_factor == CONF_JOINED;
	l->courier = (struct courier){ .ledger = &l->ports->ledger,
	    .sender = &l->ports->sender, .clock = a->clock,
	    .crypto = a->crypto, .conf = l->conf, .door = &l->door,
	    .rhost = text_clean(l->rhost, sizeof(l->rhost), l->who->rhost),
	    .language = language_or(rec->language, l->policy.login.language),
	    .deadline_ms = a->deadline_ms };
	/* Unknown names share states: they must never make one wait. */
	if (!l->who->known) {
		a->rules.limit.free_failures = UINT_MAX;
		a->rules.limit.lock_after = UINT_MAX;
	}
}

/* Only who passed all that can be asked of them is led to register more. */
static bool
may_enrol(const struct login *l)
{
	if (!l->policy.enrol || l->policy.guarded)
		return false;
	return l->policy.verdict == POLICY_DENY ||
	    l->report->verdict == MFA_GRANTED;
}

static void
enrol(struct login *l, const struct record *rec)
{
	const struct enrolment job = { .ports = l->ports, .conf = l->conf,
	    .who = l->who, .policy = &l->policy, .record = rec,
	    .reset = &l->known.reset, .courier = &l->courier };

	enrol_run(&job, l->report);
}

/*
 * Once, to somebody who has proved to be the person. sshd shows what is merely
 * told to a session with a terminal only, and then behind all else.
 */
static void
tell_reset(struct login *l)
{
	const struct mfa_conv *conv = &l->ports->conv;
	struct buf typed = { 0 };
	char date[DATE_SAID_MAX], notice[256], prompt[320];

	if (l->reset_at == 0)
		return;
	l->known.reset.told = true;
	snprintf(notice, sizeof(notice), say(l->language, "Your second factors "
	    "were reset by an administrator on %s. If you did not ask for "
	    "that, tell them."),
	    date_say(l->language, (unsigned)(l->reset_at / 86400), date));
	snprintf(prompt, sizeof(prompt), say(l->language, "%s Press Enter: "),
	    notice);
	if (l->policy.guarded || !trust_is_sshd(l->who->service) ||
	    conv->ask(conv->ctx, prompt, true, &typed))
		conv->say(conv->ctx, notice, false);
	buf_wipe(&typed);
}

/* By a code, and what may follow it. */
static enum mfa_err
prove(struct login *l, const struct record *rec)
{
	struct login_report *rep = l->report;
	enum mfa_err r = MFA_OK;

	if (l->policy.verdict == POLICY_ASK || !l->policy.enrol) {
		r = login_talk(l, challenge_start(&l->challenge, l->who,
		    &l->policy, rec, &l->conf->limit));
		challenge_end(&l->challenge);
	} else
		login_deny(rep, MFA_DENY_WRONG, "not_enrolled");
	if (r)
		return r;
	if (rep->verdict == MFA_GRANTED)
		tell_reset(l);
	if (may_enrol(l))
		enrol(l, rec);
	if (rep->verdict == MFA_GRANTED && l->may_trust)
		trusted_keep(&l->trusted, &l->attempt, l->ports, rep->factor);
	return MFA_OK;
}

static enum mfa_err
dialogue(struct login *l, const struct record *rec,
    const struct mfa_time *start)
{
	enum mfa_err r;

	if (l->policy.verdict == POLICY_EXEMPT) {
		login_deny(l->report, MFA_EXEMPT,
		    policy_reason(l->policy.cause));
		return MFA_OK;
	}
	if ((r = crypto_new(l->conf->openssl_config, &l->attempt.crypto,
	    &l->report->why)))
		return r;
	prepare(l, start, rec);
	trusted_claim(l->who, &l->policy, l->attempt.crypto, &l->trusted);
	l->trusted.language = l->language;
	/* Whoever has to enrol more does so before anything is trusted. */
	if ((!l->policy.enrol || l->policy.days_left > 0) &&
	    trusted_enter(&l->trusted, &l->attempt, l->ports))
		trusted_report(&l->trusted, l->report);
	else
		r = prove(l, rec);
	crypto_free(l->attempt.crypto);
	return r;
}

/*
 * What the store knows, and policy makes of it. Of a name that nobody has, as
 * much is read, for nothing.
 */
static enum mfa_err
know(struct login *l, struct record *rec)
{
	struct mfa_why nothing = { "" };
	struct mfa_why *why = l->who->known ? &l->report->why : &nothing;
	const struct attempt a = { .store = &l->ports->store,
	    .clock = &l->ports->clock, .deadline_ms = INT64_MAX,
	    .rules.login = l->policy.login, .alike = l->policy.guarded };
	enum mfa_err r;

	r = attempt_factors(&l->ports->store, rec, why);
	if (r && r != MFA_ENOENT)
		return r;
	*why->text = '\0';
	if ((r = attempt_know(&a, rec, &l->known, why)))
		return r;
	policy_decide(l->conf, l->who, l->known.methods, &l->policy);
	policy_after_reset(l->conf, &l->known.reset, &l->known.now,
	    &l->policy);
	return MFA_OK;
}

/*
 * Who somebody is must not be seen by what went wrong: they are asked, and
 * refused, like everybody.
 */
static enum mfa_err
know_alike(struct login *l, struct record *rec)
{
	enum mfa_err r = know(l, rec);

	if (!l->policy.guarded)
		return r;
	if (r || !l->who->known)
		record_free(rec);
	if (r && l->who->known) {
		l->fault = r;
		l->policy.verdict = POLICY_ASK;
		l->policy.cause = POLICY_NOT_ENROLLED;
	}
	return MFA_OK;
}

static enum mfa_err
decide(struct login *l, const struct mfa_time *start)
{
	struct record rec = { 0 };
	enum mfa_err r;

	/* Also what goes wrong before we know more may have to look alike. */
	policy_decide(l->conf, l->who, 0, &l->policy);
	l->language = challenge_language(&l->policy, &rec);
	r = know_alike(l, &rec);
	record_forget(&rec);
	l->report->policy = l->policy.policy;
	l->language = challenge_language(&l->policy, &rec);
	if (!r)
		r = dialogue(l, &rec, start);
	record_free(&rec);
	return r;
}

/* A refusal like any other: only the log tells it from a wrong code. */
static void
deny_alike(struct login *l)
{
	const enum mfa_verdict verdict = l->report->verdict;

	if (!l->fault || verdict == MFA_GRANTED)
		return;
	deny_error(l->report, l->fault);
	l->report->verdict = verdict;
}

void
login_run(const struct mfa_ports *ports, const struct mfa_conf *conf,
    const struct mfa_subject *who, struct login_report *ret)
{
	const struct mfa_clock *clock = &ports->clock;
	struct login l = { .ports = ports, .conf = conf, .who = who,
	    .report = ret };
	struct mfa_time start, end;
	enum mfa_err r;

	*ret = (struct login_report){ .verdict = MFA_DENY_STORE,
	    .reason = "store", .method = "-" };
	if ((r = clock->now(clock->ctx, &start))) {
		mfa_fail(&ret->why, r, "the clock cannot be read");
		return;
	}
	if ((r = decide(&l, &start))) {
		deny_error(ret, r);
		explain(&l, r);
	} else
		deny_alike(&l);
	if (!clock->now(clock->ctx, &end))
		ret->ms = end.boot_ms - start.boot_ms;
}
