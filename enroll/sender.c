/* Providers, tried without a login: check, show, test. */
#include <string.h>

#include "../pam_mfa/core/country.h"
#include "../pam_mfa/core/language.h"
#include "../pam_mfa/core/message.h"
#include "../pam_mfa/core/phone.h"
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/courier.h"
#include "../pam_mfa/sys/os.h"
#include "phone.h"
#include "sender.h"

#define TRIAL_NUMBER "+12125550100"	/* of fiction */
#define NO_NONCE "00000000000000000000000000000000"

/* What a login of this host would send to the number. */
struct trial {
	const struct tool *t;
	const char *name;
	enum sending_op op;
	char to[PHONE_MAX + 1];
	char host[OS_HOST_MAX];
	struct buf text;
};

static int
make_text(struct trial *x, enum sending_kind kind, enum language language,
    struct sending_request *req)
{
	const struct conf_send *send = &x->t->conf.send;
	const struct otc_door door = { req->user, req->service, req->host };
	const struct message m = {
	    .template = conf_template(send, kind, language),
	    .webotp = kind == SENDING_SMS ? send->webotp : "",
	    .code = req->code, .door = &door };
	struct mfa_why why = { "" };
	enum mfa_err r;

	if ((r = message_put(&m, &x->text, &why)))
		return tool_error(r, &why);
	req->text = buf_str(&x->text);
	return TOOL_OK;
}

static bool
is_sent(enum sending_op op)
{
	return op == SENDING_SEND || op == SENDING_TEST;
}

static int
run(struct trial *x, enum sending_kind kind, struct sending_answer *ret)
{
	const struct conf_send *send = &x->t->conf.send;
	char nonce[COURIER_NONCE_MAX] = NO_NONCE;
	enum language lang = language_or(x->t->opt.language != NULL ?
	    x->t->opt.language : "", x->t->conf.login.language);
	struct sending_request req = { .op = x->op, .kind = kind,
	    .dir = send->dir, .state = x->t->conf.state,
	    .senders = x->name, .run_as = send->run_as,
	    .to = x->to, .extension = x->t->opt.extension != NULL ?
	    x->t->opt.extension : "", .code = "123456", .nonce = nonce,
	    .user = x->t->self, .service = "mfactl", .rhost = "",
	    .host = os_hostname(x->host, sizeof(x->host)), .ttl = OTC_TTL,
	    .limit_ms = send->time * 1000 };
	struct mfa_why why = { "" };
	enum mfa_err r;
	int status;

	/* A provider that has seen one may drop what bears it again. */
	if (is_sent(x->op) && (r = courier_nonce(x->t->crypto, nonce)))
		return tool_error(r, &why);
	req.language = language_name(lang);
	buf_wipe(&x->text);
	if ((status = make_text(x, kind, lang, &req)))
		return status;
	x->t->sender.send(x->t->sender.ctx, &req, ret);
	return TOOL_OK;
}

/* What to do about a failure. */
static const char *
remedy(const struct sending_answer *a)
{
	if (!*a->provider)
		return "see sender_program in mfa.conf(5)";
	switch (a->class) {
	case SENDING_TRANSIENT:
		return "try again in a minute";
	case SENDING_PERMANENT:
		return "look at the number; another provider may reach it";
	case SENDING_CONFIG:
		return "see mfa-sender(5); what would be sent: mfactl sender "
		    "show";
	case SENDING_QUOTA:
		return "pay, or raise the limit there; or name another "
		    "provider in senders, behind this one";
	case SENDING_UNKNOWN:
		break;
	}
	return "it may have been sent: look for it at the provider";
}

static int
report(const struct trial *x, const struct sending_answer *a)
{
	if (x->op == SENDING_SHOW && a->handed_over) {
		fputs(buf_str(&a->show), x->t->out);
		return TOOL_OK;
	}
	if (a->handed_over && x->op == SENDING_CHECK)
		tool_say(x->t, "%s: in order.", x->name);
	else if (a->handed_over && *a->id)
		tool_say(x->t, "%s took it, id %s.", x->name, a->id);
	else if (a->handed_over)
		tool_say(x->t, "%s took it.", x->name);
	else
		tool_fail(TOOL_NO, "%s: %s: %s -> %s", x->name,
		    sending_class_name(a->class), a->reason, remedy(a));
	return a->handed_over ? TOOL_OK : TOOL_NO;
}

static int
try(struct trial *x, enum sending_kind kind)
{
	struct sending_answer answer = { .handed_over = false };
	int status;

	if (!(status = run(x, kind, &answer)))
		status = report(x, &answer);
	buf_wipe(&answer.show);
	return status;
}

/* --to, in any usual spelling. */
static int
parse_to(const struct tool *t, char ret[static PHONE_MAX + 1])
{
	struct mfa_why why = { "" };

	if (t->opt.to == NULL)
		return tool_fail(TOOL_USAGE, "--to NUMBER is missing");
	if (phone_parse(t->opt.to, country_find(t->conf.send.country), ret,
	    &why))
		return tool_fail(TOOL_USAGE, "--to: %s", why.text);
	return TOOL_OK;
}

/* A trial goes where a login's code would not: this is said, no more. */
static void
warn_barred(const struct tool *t, const char *to)
{
	enum phone_reach reach = phone_allowed(to, t->conf.send.numbers);

	if (reach != PHONE_ALLOWED)
		tool_fail(TOOL_OK, "a login sends no code there, for numbers "
		    "in mfa.conf does not allow it: %s; %s",
		    phone_reach_name(reach), phone_remedy(reach));
}

static int
one(const struct tool *t, const char *name, enum sending_op op)
{
	struct trial x = { .t = t, .name = name, .op = op };
	int status;

	if (!(status = parse_to(t, x.to))) {
		warn_barred(t, x.to);
		status = try(&x, t->opt.voice ? SENDING_VOICE : SENDING_SMS);
	}
	buf_wipe(&x.text);
	return status;
}

int
verb_sender_show(struct tool *t, int argc, char **argv)
{
	(void)argc;
	return one(t, argv[0], SENDING_SHOW);
}

int
verb_sender_test(struct tool *t, int argc, char **argv)
{
	struct trial x = { .t = t, .name = argv[0], .op = SENDING_TEST,
	    .to = TRIAL_NUMBER };
	int status;

	(void)argc;
	if (t->opt.to != NULL)
		return one(t, argv[0], SENDING_SEND);
	/* The profile's own test reaches nobody. */
	status = try(&x, t->opt.voice ? SENDING_VOICE : SENDING_SMS);
	buf_wipe(&x.text);
	return status;
}

/* A profile needs not have both kinds. */
static bool
lacks_kind(const struct sending_answer *a)
{
	return !a->handed_over &&
	    strstr(a->reason, " has no section [") != NULL;
}

int
sender_try(const struct tool *t, const char *name, struct sending_answer *ret)
{
	struct trial x = { .t = t, .name = name, .op = SENDING_CHECK,
	    .to = TRIAL_NUMBER };
	struct sending_answer sms = { .handed_over = false }, voice = sms;
	int status;

	if (!(status = run(&x, SENDING_SMS, &sms)) &&
	    (sms.handed_over || lacks_kind(&sms)))
		status = run(&x, SENDING_VOICE, &voice);
	buf_wipe(&x.text);
	*ret = !*voice.provider || lacks_kind(&voice) ? sms : voice;
	return status;
}

bool
sender_can(const struct tool *t, enum sending_kind kind)
{
	char names[CONF_TEXT_MAX], *rest = names, *name;
	bool can = false;

	snprintf(names, sizeof(names), "%s", t->conf.send.senders);
	while (!can && (name = strsep(&rest, " ")) != NULL) {
		struct trial x = { .t = t, .name = name, .op = SENDING_CHECK,
		    .to = TRIAL_NUMBER };
		struct sending_answer a = { .handed_over = false };

		can = run(&x, kind, &a) || !lacks_kind(&a);
		buf_wipe(&x.text);
		buf_wipe(&a.show);
	}
	return can;
}

/* Without a name: those of mfa.conf. */
int
verb_sender_check(struct tool *t, int argc, char **argv)
{
	char names[CONF_TEXT_MAX], *rest = names, *name;
	int status = TOOL_OK;

	snprintf(names, sizeof(names), "%s", argc > 0 ? argv[0] :
	    t->conf.send.senders);
	if (*names == '\0')
		return tool_fail(TOOL_NO, "mfa.conf names no senders");
	while ((name = strsep(&rest, " ")) != NULL) {
		struct trial x = { .t = t, .name = name, .op = SENDING_CHECK };
		struct sending_answer a = { .handed_over = false };

		if (sender_try(t, name, &a) || report(&x, &a))
			status = TOOL_NO;
	}
	return status;
}
