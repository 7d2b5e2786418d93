/* What became of a code that was to be sent. */
#include <stdio.h>

#include "delivery.h"
#include "say.h"
#include "text.h"

static const char *const names[] = { [DELIVERY_SENT] = "sent",
    [DELIVERY_EARLIER] = "earlier", [DELIVERY_UNCLEAR] = "unclear",
    [DELIVERY_REFUSED] = "refused", [DELIVERY_WAIT] = "wait",
    [DELIVERY_HOST] = "host_limit", [DELIVERY_FAULT] = "fault",
    [DELIVERY_NOWHERE] = "not_allowed" };

bool
delivery_may_come(enum delivery_outcome outcome)
{
	return outcome == DELIVERY_SENT || outcome == DELIVERY_UNCLEAR;
}

char *
delivery_line(const struct delivery *d, const struct way *w,
    const struct otc_door *door, char dst[static DELIVERY_LINE_MAX])
{
	const struct sending_answer *a = &d->answer;
	bool answered = d->outcome == DELIVERY_REFUSED ||
	    d->outcome == DELIVERY_UNCLEAR;
	char user[65], id[65], service[33], to[PHONE_MASK_MAX + 1];
	char provider[65], reason[129];

	snprintf(dst, DELIVERY_LINE_MAX, "event=send outcome=%s user=%s "
	    "service=%s method=%s factor=%s to=%s provider=%s id=%s class=%s "
	    "limit=%s reason=%s", names[d->outcome],
	    text_field(user, sizeof(user), door->user),
	    text_field(service, sizeof(service), door->service),
	    sending_kind_name(w->kind), *w->factor ? w->factor : "-",
	    phone_field(to, w->to),
	    text_field(provider, sizeof(provider), a->provider),
	    text_field(id, sizeof(id), a->id),
	    answered ? sending_class_name(a->class) : "-",
	    d->key != NULL ? d->key : d->outcome == DELIVERY_NOWHERE ?
	    phone_reach_name(d->reach) : "-",
	    text_field(reason, sizeof(reason), a->reason));
	return dst;
}

/* Why no provider took it, for a person. */
static const char *
refusal(enum sending_class class, enum language l)
{
	switch (class) {
	case SENDING_PERMANENT:
		return say(l, "the provider does not reach this number");
	case SENDING_QUOTA:
		return say(l, "the provider's limit is reached; tell your "
		    "administrator");
	case SENDING_CONFIG:
		return say(l, "this host's provider is not set up right; tell "
		    "your administrator");
	case SENDING_TRANSIENT:
	case SENDING_UNKNOWN:
		break;
	}
	return say(l, "the provider cannot be reached now; try again in a "
	    "minute");
}

char *
delivery_words(const struct delivery *d, const struct way *w,
    enum language l, char dst[static DELIVERY_WORDS_MAX])
{
	bool sms = w->kind == SENDING_SMS;
	const char *what = say(l, sms ? "SMS" : "call");
	const size_t cap = DELIVERY_WORDS_MAX;
	char time[40];

	text_duration(time, sizeof(time), d->wait, l);
	switch (d->outcome) {
	case DELIVERY_SENT:
		snprintf(dst, cap, say(l, sms ? "A code was sent by SMS to %s. "
		    : "%s is being called: the voice says a code. "), w->to);
		break;
	case DELIVERY_EARLIER:
		snprintf(dst, cap, say(l, "The code sent by %s to %s a moment "
		    "ago is still good; a new one can be sent in %s. "), what,
		    w->to, time);
		break;
	case DELIVERY_UNCLEAR:
		snprintf(dst, cap, say(l, "The %s to %s may or may not come: "
		    "the provider did not answer. Wait a minute for it. "),
		    what, w->to);
		break;
	case DELIVERY_REFUSED:
		snprintf(dst, cap, say(l, "No %s to %s: %s. "), what, w->to,
		    refusal(d->answer.class, l));
		break;
	case DELIVERY_WAIT:
		snprintf(dst, cap, say(l, "No %s now: the next can be sent in "
		    "%s. "), what, time);
		break;
	case DELIVERY_HOST:
		snprintf(dst, cap, say(l, "No %s: this host has sent as many "
		    "as it may for now. Use another way, or tell your "
		    "administrator. "), what);
		break;
	case DELIVERY_FAULT:
		snprintf(dst, cap, say(l, "No %s: a fault of this host, not "
		    "yours. Use another way, or ask your administrator for: "
		    "mfactl check. "), what);
		break;
	case DELIVERY_NOWHERE:
		snprintf(dst, cap, say(l, "No %s: this host sends no codes to "
		    "numbers like %s. Use another way, or tell your "
		    "administrator. "), what, w->to);
		break;
	}
	return dst;
}
