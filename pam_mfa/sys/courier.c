/* One code to one phone. */
#include <stdio.h>
#include <string.h>

#include "../core/message.h"
#include "../core/quota.h"
#include "attempt.h"
#include "courier.h"

#define LEAST_MS 500	/* with less time left no message is begun */

/* The ledger, read under its lock and written back. */
struct ledger {
	const struct courier *c;
	struct mfa_time now;
	struct quota quota;
	struct quota_sent one;
};

static enum mfa_err
ledger_begin(struct ledger *l, struct mfa_why *why)
{
	const struct mfa_store *store = l->c->ledger;
	struct buf text = { 0 };
	enum mfa_err r;

	if ((r = l->c->clock->now_and_boot(l->c->clock->ctx, &l->now)))
		return mfa_fail(why, r, "the clock cannot be read");
	if (!(r = store->begin(store->ctx,
	    attempt_lock_wait(l->c->deadline_ms, &l->now), &text, why)) &&
	    (r = quota_parse(buf_str(&text), text.len, &l->now, &l->quota,
	    why)))
		store->end(store->ctx);
	buf_wipe(&text);
	return r;
}

static enum mfa_err
ledger_write(struct ledger *l, struct mfa_why *why)
{
	const struct mfa_store *store = l->c->ledger;
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = quota_format(&l->quota, &l->now, &text)))
		r = store->commit(store->ctx, &text, why);
	buf_wipe(&text);
	return r;
}

static void
ledger_end(struct ledger *l)
{
	l->c->ledger->end(l->c->ledger->ctx);
	quota_free(&l->quota);
}

/* MFA_OK and verdict GO: it is counted, on the disk. */
static enum mfa_err
count(struct ledger *l, struct quota_answer *ret, struct delivery *d,
    struct mfa_why *why)
{
	const struct conf_quota *conf = &l->c->conf->quota;
	enum mfa_err r;

	if ((r = ledger_begin(l, why)))
		return r;
	quota_check(conf, &l->quota, &l->one, ret);
	if (ret->verdict == QUOTA_GO &&
	    !(r = quota_charge(&l->quota, &l->one))) {
		d->alert = quota_alert(conf, &l->quota, &l->one);
		r = ledger_write(l, why);
	}
	ledger_end(l);
	return r;
}

/* A refund that fails only costs the person one of their messages. */
static void
refund(struct ledger *l)
{
	if (ledger_begin(l, NULL))
		return;
	quota_refund(&l->quota, &l->one);
	(void)!ledger_write(l, NULL);
	ledger_end(l);
}

enum mfa_err
courier_nonce(struct crypto *crypto, char ret[static COURIER_NONCE_MAX])
{
	uint8_t raw[(COURIER_NONCE_MAX - 1) / 2];
	enum mfa_err r;

	if (!(r = crypto_random(crypto, raw, sizeof(raw))))
		text_hex(ret, raw, sizeof(raw));
	return r;
}

/* Milliseconds that a sender may take, or MFA_ETIME. */
static enum mfa_err
time_for(const struct courier *c, uint32_t *ret_ms)
{
	int64_t limit = (int64_t)c->conf->send.time * 1000;
	struct mfa_time now;
	int64_t left;

	if (c->clock->now(c->clock->ctx, &now))
		return MFA_EIO;
	left = c->deadline_ms - now.boot_ms;
	if (left < LEAST_MS)
		return MFA_ETIME;
	*ret_ms = (uint32_t)(left < limit ? left : limit);
	return MFA_OK;
}

/* Asks the sender. An error: nothing was sent. */
static enum mfa_err
hand_over(const struct courier *c, const struct phone_factor *to,
    struct sending_request *req, struct delivery *d, struct mfa_why *why)
{
	const struct message m = {
	    .template = conf_template(&c->conf->send, req->kind,
	    c->language),
	    .webotp = req->kind == SENDING_SMS ? c->conf->send.webotp : "",
	    .code = req->code, .door = c->door };
	char hex[COURIER_NONCE_MAX];
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = message_put(&m, &text, why)) &&
	    !(r = courier_nonce(c->crypto, hex)) &&
	    !(r = time_for(c, &req->limit_ms))) {
		req->to = to->number;
		req->extension = to->extension;
		req->text = buf_str(&text);
		req->language = language_name(c->language);
		req->nonce = hex;
		c->sender->send(c->sender->ctx, req, &d->answer);
		buf_wipe(&d->answer.show);
	}
	buf_wipe(&text);
	return r;
}

static void
judge(struct delivery *d)
{
	if (d->answer.handed_over)
		d->outcome = DELIVERY_SENT;
	else
		d->outcome = d->answer.class == SENDING_UNKNOWN ?
		    DELIVERY_UNCLEAR : DELIVERY_REFUSED;
}

static enum mfa_err
send(struct ledger *l, const struct phone_factor *to, const char *code,
    struct delivery *d, struct mfa_why *why)
{
	const struct courier *c = l->c;
	const struct conf_send *conf = &c->conf->send;
	struct sending_request req = { .op = SENDING_SEND, .kind = l->one.way,
	    .dir = conf->dir, .state = c->conf->state,
	    .senders = conf->senders,
	    .run_as = conf->run_as, .code = code, .user = c->door->user,
	    .service = c->door->service, .host = c->door->host,
	    .rhost = c->rhost, .ttl = OTC_TTL };
	struct quota_answer quota;
	enum mfa_err r;

	if ((r = count(l, &quota, d, why)))
		return r;
	d->wait = quota.wait;
	d->key = quota.key;
	if (quota.verdict != QUOTA_GO) {
		d->outcome = quota.verdict == QUOTA_WAIT ? DELIVERY_WAIT :
		    DELIVERY_HOST;
		return MFA_OK;
	}
	if (!(r = hand_over(c, to, &req, d, why)))
		judge(d);
	if (r || d->outcome == DELIVERY_REFUSED) {
		refund(l);
		d->alert = NULL;
	}
	return r;
}

enum mfa_err
courier_send(const struct courier *c, const struct phone_factor *to,
    enum sending_kind way, const char *code, struct delivery *ret,
    struct mfa_why *why)
{
	struct ledger l = { .c = c, .one = { .way = way, .proof = c->proof } };
	struct delivery d = { .outcome = DELIVERY_NOWHERE };
	enum mfa_err r;

	d.reach = phone_allowed(to->number, c->conf->send.numbers);
	if (d.reach != PHONE_ALLOWED) {
		*ret = d;
		return MFA_OK;
	}
	snprintf(l.one.number, sizeof(l.one.number), "%s", to->number);
	if ((r = text_name_escape(c->door->user, l.one.user)))
		return mfa_fail(why, r, "the name cannot be counted");
	if ((r = send(&l, to, code, &d, why)))
		return r;
	*ret = d;
	return MFA_OK;
}

enum mfa_err
courier_try(const struct courier *c, const struct phone_factor *to,
    enum sending_kind way, const char *code, struct delivery *ret)
{
	struct mfa_why why = { "" };
	enum mfa_err r = courier_send(c, to, way, code, ret, &why);

	if (!r || r == MFA_ETIME)
		return r;
	*ret = (struct delivery){ .outcome = DELIVERY_FAULT };
	text_clean(ret->answer.reason, sizeof(ret->answer.reason),
	    *why.text ? why.text : mfa_strerror(r));
	return MFA_OK;
}

void
courier_log(const struct courier *c, const struct mfa_log *log,
    const struct way *way, const struct delivery *d)
{
	char line[DELIVERY_LINE_MAX];

	log->write(log->ctx, d->outcome == DELIVERY_SENT ? MFA_LOG_INFO :
	    MFA_LOG_NOTICE, delivery_line(d, way, c->door, line));
	if (d->alert == NULL)
		return;
	snprintf(line, sizeof(line), "event=alert limit=%s: four fifths of it "
	    "are used up", d->alert);
	log->write(log->ctx, MFA_LOG_ERROR, line);
}
