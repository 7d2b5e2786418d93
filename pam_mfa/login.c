/* The driver of a login. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/challenge.h"
#include "core/say.h"
#include "core/text.h"
#include "enrol.h"
#include "login.h"
#include "sys/attempt.h"
#include "sys/courier.h"
#include "sys/os.h"
#include "trust.h"

struct login {
	const struct mfa_ports *ports;
	const struct mfa_conf *conf;
	const struct mfa_subject *who;
	struct policy_decision policy;
	enum language language;
	struct challenge challenge;
	struct attempt attempt;
	struct courier courier;
	struct otc_door door;
	struct trusted trusted;
	bool may_trust;			/* a factor of theirs has answered */
	int64_t reset_at;		/* one to be told of; 0 = none */
	char host[OS_HOST_MAX], rhost[65];
	struct login_report *report;
};

static void
deny(struct login_report *rep, enum mfa_verdict verdict, const char *reason)
{
	rep->verdict = verdict;
	rep->reason = reason;
}

static void
deny_error(struct login_report *rep, enum mfa_err r)
{
	switch (r) {
	case MFA_ENOMEM:
		deny(rep, MFA_DENY_MEMORY, "memory");
		break;
	case MFA_ETIME:
		deny(rep, MFA_DENY_STORE, "time_over");
		break;
	case MFA_EBUSY:
		deny(rep, MFA_DENY_STORE, "busy");
		break;
	case MFA_ECRYPTO:
		deny(rep, MFA_DENY_STORE, "crypto");
		break;
	case MFA_ENOENT:
		deny(rep, MFA_DENY_WRONG, "factors_removed");
		break;
	case MFA_OK:
	case MFA_ESYNTAX:
	case MFA_ERANGE:
	case MFA_EEXIST:
	case MFA_EPERM:
	case MFA_EIO:
	case MFA_ECONV:
		deny(rep, MFA_DENY_STORE, "store");
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

static enum mfa_err
evaluate(struct login *l, const char *typed, struct challenge_action *ret)
{
	struct login_report *rep = l->report;
	struct verify_result res;
	enum mfa_err r;

	if ((r = attempt_answer(&l->attempt, typed, &res, &rep->why)))
		return r;
	rep->failures = res.failures;
	memcpy(rep->factor, res.factor, sizeof(rep->factor));
	l->reset_at = res.reset_at;
	/* Who has lost a factor is not to be remembered. */
	l->may_trust = !res.pass && res.kind != FACTOR_RECOVERY;
	rep->method = res.pass ? "pass" : !*res.factor ? "-" :
	    res.kind == FACTOR_PHONE ?
	    sending_kind_name(res.way) : factor_kind_name(res.kind);
	if (l->attempt.joined && (r = buf_put(&rep->password, typed, res.at)))
		return r;
	*ret = challenge_result(&l->challenge, typed, &res);
	return MFA_OK;
}

static enum mfa_err
ask(struct login *l, const struct challenge_action *prompt,
    struct challenge_action *ret)
{
	const struct mfa_conv *conv = &l->ports->conv;
	struct buf typed = { 0 };
	enum mfa_err r;

	r = conv->ask(conv->ctx, prompt->text, prompt->echo, &typed);
	if (r == MFA_ECONV) {
		*ret = challenge_hung_up(&l->challenge);
		r = MFA_OK;
	} else if (!r) {
		/* A password in front of the code stays as it is. */
		if (!l->attempt.joined && typed.len > 0)
			typed.len = text_fold((char *)typed.data);
		*ret = challenge_answer(&l->challenge, buf_str(&typed));
		if (ret->what == CHALLENGE_CHECK)
			r = evaluate(l, buf_str(&typed), ret);
	}
	buf_wipe(&typed);
	return r;
}

/* A code by this way: made, sent and kept, or a better word than "wait". */
static enum mfa_err
deliver(struct login *l, const struct factor *phone, const struct way *way,
    struct delivery *ret)
{
	struct mfa_why *why = &l->report->why;
	char code[OTC_DIGITS + 1];
	enum mfa_err r;

	if ((r = otc_new(l->attempt.crypto, code)))
		return r;
	r = courier_try(&l->courier, &phone->phone, way->kind, code, ret);
	if (!r && ret->outcome == DELIVERY_WAIT &&
	    attempt_code_open(&l->attempt, way))
		ret->outcome = DELIVERY_EARLIER;
	if (!r)
		courier_log(&l->courier, &l->ports->log, way, ret);
	if (!r && (ret->outcome == DELIVERY_SENT ||
	    ret->outcome == DELIVERY_UNCLEAR))
		r = attempt_keep_code(&l->attempt, way, code, why);
	mfa_wipe(code, sizeof(code));
	return r;
}

/*
 * Nothing is sent to somebody whose answer would not be looked at. The factors
 * are read anew: a reset in between must hold.
 */
static enum mfa_err
send(struct login *l, const struct challenge_action *act,
    struct challenge_action *ret)
{
	struct login_report *rep = l->report;
	struct verify_result standing;
	struct record rec = { 0 };
	struct delivery d;
	enum mfa_err r;
	size_t i;

	if ((r = attempt_standing(&l->attempt, &standing, &rep->why)))
		return r;
	rep->failures = standing.failures;
	if (standing.outcome != VERIFY_WRONG) {
		*ret = challenge_result(&l->challenge, "", &standing);
		return MFA_OK;
	}
	if ((r = attempt_factors(&l->ports->store, &rec, &rep->why)))
		return r;
	if (!(r = record_find(&rec, act->way->factor, &i)) &&
	    !(r = deliver(l, &rec.factor[i], act->way, &d)))
		*ret = challenge_sent(&l->challenge, &d);
	record_free(&rec);
	return r;
}

static enum mfa_err
step(struct login *l, const struct challenge_action *act,
    struct challenge_action *ret)
{
	return act->what == CHALLENGE_SEND ? send(l, act, ret) :
	    ask(l, act, ret);
}

/* The loop; the challenge bounds the number of prompts. */
static enum mfa_err
talk(struct login *l, struct challenge_action act)
{
	const struct mfa_conv *conv = &l->ports->conv;
	enum mfa_err r;

	while (act.what != CHALLENGE_DONE)
		if ((r = step(l, &act, &act)))
			return r;
	if (*act.text)
		conv->say(conv->ctx, act.text, act.verdict != MFA_GRANTED);
	/* What nobody could have typed right is not "wrong" in the log. */
	deny(l->report, act.verdict, act.verdict != MFA_DENY_WRONG ||
	    l->policy.cause == POLICY_ENROLLED ? act.reason :
	    policy_reason(l->policy.cause));
	return MFA_OK;
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
	a->joined = l->policy.login.first_factor == CONF_JOINED;
	l->courier = (struct courier){ .ledger = &l->ports->ledger,
	    .sender = &l->ports->sender, .clock = a->clock,
	    .crypto = a->crypto, .conf = l->conf, .door = &l->door,
	    .rhost = text_clean(l->rhost, sizeof(l->rhost), l->who->rhost),
	    .language = language_or(rec->language, l->policy.login.language),
	    .deadline_ms = a->deadline_ms };
	/* All unknown names share one state: it must never make one wait. */
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
	    .courier = &l->courier };

	enrol_run(&job, l->report);
}

/* By a code, and what may follow it. */
static enum mfa_err
prove(struct login *l, const struct record *rec)
{
	struct login_report *rep = l->report;
	enum mfa_err r = MFA_OK;

	if (l->policy.verdict == POLICY_ASK || !l->policy.enrol) {
		r = talk(l, challenge_start(&l->challenge, l->who, &l->policy,
		    rec, &l->conf->limit));
		challenge_end(&l->challenge);
	} else
		deny(rep, MFA_DENY_WRONG, "not_enrolled");
	if (r)
		return r;
	if (rep->verdict == MFA_GRANTED)
		trusted_tell_reset(&l->trusted, &l->ports->conv, l->reset_at);
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
		deny(l->report, MFA_EXEMPT, policy_reason(l->policy.cause));
		return MFA_OK;
	}
	if ((r = crypto_new(l->conf->openssl_config, &l->attempt.crypto,
	    &l->report->why)))
		return r;
	prepare(l, start, rec);
	trusted_claim(l->who, &l->policy, l->attempt.crypto, &l->trusted);
	l->trusted.language = l->language;
	if (trusted_enter(&l->trusted, &l->attempt, l->ports))
		trusted_report(&l->trusted, l->report);
	else
		r = prove(l, rec);
	crypto_free(l->attempt.crypto);
	return r;
}

static enum mfa_err
decide(struct login *l, const struct mfa_time *start)
{
	struct record rec = { 0 };
	enum mfa_err r = MFA_ENOENT;
	const struct attempt a = { .store = &l->ports->store,
	    .clock = &l->ports->clock, .deadline_ms = INT64_MAX };
	unsigned methods = 0;

	/* Also what goes wrong before we know more may have to look alike. */
	policy_decide(l->conf, l->who, 0, &l->policy);
	l->language = challenge_language(&l->policy, &rec);
	if (l->who->known)
		r = attempt_factors(&l->ports->store, &rec, &l->report->why);
	if (r && r != MFA_ENOENT)
		return r;
	*l->report->why.text = '\0';
	r = !l->who->known ? MFA_OK :
	    attempt_methods(&a, &rec, &methods, &l->report->why);
	record_forget(&rec);
	policy_decide(l->conf, l->who, methods, &l->policy);
	l->language = challenge_language(&l->policy, &rec);
	if (!r)
		r = dialogue(l, &rec, start);
	record_free(&rec);
	return r;
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
	}
	if (!clock->now(clock->ctx, &end))
		ret->ms = end.boot_ms - start.boot_ms;
}

static const char *
outcome(enum mfa_verdict verdict)
{
	return verdict == MFA_GRANTED ? "granted" :
	    verdict == MFA_EXEMPT ? "exempt" : "refused";
}

void
login_audit(const struct mfa_log *log, const struct mfa_subject *who,
    const struct login_report *rep)
{
	char user[65], service[33], rhost[65], tty[33], ruser[65], line[768];

	if (*rep->why.text)
		log->write(log->ctx, MFA_LOG_ERROR, rep->why.text);
	snprintf(line, sizeof(line), "outcome=%s reason=%s user=%s service=%s "
	    "rhost=%s tty=%s ruser=%s method=%s factor=%s failures=%" PRIu32
	    " ms=%" PRId64 "%s%s", outcome(rep->verdict), rep->reason,
	    text_field(user, sizeof(user), who->user),
	    text_field(service, sizeof(service), who->service),
	    text_field(rhost, sizeof(rhost), who->rhost),
	    text_field(tty, sizeof(tty), who->tty),
	    text_field(ruser, sizeof(ruser), who->ruser), rep->method,
	    *rep->factor ? rep->factor : "-", rep->failures, rep->ms,
	    *rep->key ? " key=" : "", rep->key);
	log->write(log->ctx, rep->verdict == MFA_GRANTED ? MFA_LOG_INFO :
	    MFA_LOG_NOTICE, line);
}
