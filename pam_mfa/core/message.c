/* What an SMS says and a call speaks. */
#include <stdio.h>
#include <string.h>

#include "gsm.h"
#include "message.h"
#include "template.h"
#include "text.h"

#define MINUTES(seconds) ((seconds) / 60)

#define CUT_MAX (MESSAGE_CUT + 1)

/*
 * The first characters, not bytes; a host without its domain. What is not one
 * septet of GSM's alphabet is '?': one 'ł' would make an SMS of two segments.
 */
static const char *
cut(char dst[static CUT_MAX], const char *text, bool host)
{
	size_t n = 0;

	for (; *text != '\0' && n < MESSAGE_CUT; text++) {
		bool plain = text_is_alnum(*text) || strchr("-_.@$", *text);

		if (host && *text == '.')
			break;
		if (((unsigned char)*text & 0xc0) != 0x80)
			dst[n++] = plain ? *text : '?';
	}
	dst[n] = '\0';
	return dst;
}

enum mfa_err
message_put(const struct message *m, struct buf *ret, struct mfa_why *why)
{
	char host[CUT_MAX], user[CUT_MAX], service[CUT_MAX], minutes[12];
	const struct template_value values[] = {
		{ "code", m->code },
		{ "host", cut(host, m->door->host, true) },
		{ "user", cut(user, m->door->user, false) },
		{ "service", cut(service, m->door->service, false) },
		{ "minutes", minutes },
	};
	const struct template_env env = { .values = values,
	    .nvalues = sizeof(values) / sizeof(*values) };
	enum mfa_err r;

	snprintf(minutes, sizeof(minutes), "%d", MINUTES(OTC_TTL));
	if ((r = template_expand(m->template, &env, TEMPLATE_RAW, ret, why)))
		return r;
	return *m->webotp ? buf_printf(ret, "\n@%s #%s", m->webotp, m->code) :
	    MFA_OK;
}

/* An SMS of more segments costs twice, and may arrive in pieces. */
static enum mfa_err
fits(const struct buf *text, struct mfa_why *why)
{
	struct gsm_size size;
	enum mfa_err r;

	if ((r = gsm_measure(buf_str(text), &size)))
		return mfa_fail(why, r, "the text is not UTF-8");
	if (size.segments > 1)
		return mfa_fail(why, MFA_ERANGE, "the text may need %u "
		    "segments; one has %s characters: shorten it",
		    size.segments, size.charset == GSM_UCS2 ? "70" : "160");
	return MFA_OK;
}

enum mfa_err
message_check(enum sending_kind kind, const char *template,
    const char *webotp, struct mfa_why *why)
{
	static const char longest[] = "wwwwwwwwwwwwwwwwwwww";
	static const struct otc_door door = { longest, longest, longest };
	struct message m = { .template = template, .webotp = webotp,
	    .code = "123456", .door = &door };
	struct buf text = { 0 };
	enum mfa_err r;

	_Static_assert(sizeof(longest) == MESSAGE_CUT + 1, "the longest name");
	r = message_put(&m, &text, why);
	if (!r && !template_uses(template, "code"))
		r = mfa_fail(why, MFA_ESYNTAX, "{code} is missing");
	if (!r && kind == SENDING_SMS)
		r = fits(&text, why);
	buf_wipe(&text);
	return r;
}
