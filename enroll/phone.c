/* Codes that mfactl sends. */
#include <string.h>

#include "../pam_mfa/sys/courier.h"
#include "phone.h"

#define SPARE_MS 5000	/* beyond the sender's own time: the lock, the disk */

struct otc_door
phone_door(const struct person *p, char host[static OS_HOST_MAX])
{
	return (struct otc_door){ .user = p->who.user, .service = "mfactl",
	    .host = os_hostname(host, OS_HOST_MAX) };
}

const char *
phone_remedy(enum phone_reach reach)
{
	switch (reach) {
	case PHONE_ALLOWED:
		break;
	case PHONE_UNLISTED:
		return "to allow it, add its country, as +81";
	case PHONE_REFUSED:
		return "to allow it, take out the entry with '-' in front";
	case PHONE_APART:
		return "to allow it, name it with more digits, as +1242";
	case PHONE_NO_COUNTRY:
		return "such numbers never get a code; take another one";
	}
	return "";
}

/* What the log would say at a login, and what to do about it. */
static void
explain(const struct tool *t, const struct delivery *d)
{
	const struct sending_answer *a = &d->answer;

	if (t->root && (d->outcome == DELIVERY_REFUSED ||
	    d->outcome == DELIVERY_UNCLEAR))
		tool_fail(TOOL_NO, "%s: %s: %s; see: mfactl sender check",
		    *a->provider ? a->provider : "mfa-send",
		    sending_class_name(a->class), a->reason);
	if (t->root && d->key != NULL)
		tool_fail(TOOL_NO, "the limit is %s in mfa.conf: wait, or "
		    "change it there; mfactl list shows for whom codes were "
		    "sent", d->key);
	if (t->root && d->outcome == DELIVERY_NOWHERE)
		tool_fail(TOOL_NO, "numbers in mfa.conf does not allow it: "
		    "%s; %s", phone_reach_name(d->reach),
		    phone_remedy(d->reach));
}

int
phone_send(const struct tool *t, const struct person *p,
    const struct phone_code *code, enum delivery_outcome *ret)
{
	char host[OS_HOST_MAX], words[DELIVERY_WORDS_MAX];
	char line[DELIVERY_LINE_MAX];
	const struct otc_door door = phone_door(p, host);
	struct courier c = { .ledger = &p->ledger, .sender = &t->sender,
	    .clock = &t->clock, .crypto = t->crypto, .conf = &t->conf,
	    .door = &door, .rhost = "", .proof = code->proof,
	    .language = language_or(code->language, t->conf.login.language) };
	struct way way = { .kind = code->kind };
	struct mfa_why why = { .language = t->language };
	struct delivery d;
	struct mfa_time now;
	enum mfa_err r;

	if ((r = t->clock.now(t->clock.ctx, &now)))
		return tool_error(r, &why);
	c.deadline_ms = now.boot_ms + (int64_t)t->conf.send.time * 1000 +
	    SPARE_MS;
	if ((r = courier_send(&c, code->to, code->kind, code->code, &d, &why)))
		return tool_error(r, &why);
	phone_mask(way.to, code->to->number);
	tool_log(t, "%s", delivery_line(&d, &way, &door, line));
	if (d.alert != NULL)
		tool_log(t, "event=alert limit=%s: four fifths of it are used "
		    "up", d.alert);
	t->conv.say(t->conv.ctx, delivery_words(&d, &way, t->language,
	    words), !delivery_may_come(d.outcome));
	explain(t, &d);
	*ret = d.outcome;
	return TOOL_OK;
}
