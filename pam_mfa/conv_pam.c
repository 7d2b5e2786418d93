/* The conversation port over a PAM application. */
#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>

#include "conv_pam.h"

/* One message to the application. *ret_resp is NULL or to be freed. */
static enum mfa_err
converse(pam_handle_t *pamh, int style, const char *text,
    struct pam_response **ret_resp)
{
	const struct pam_message msg = { .msg_style = style, .msg = text };
	const struct pam_message *msgs = &msg;
	const void *item = NULL;
	const struct pam_conv *conv;

	*ret_resp = NULL;
	if (pam_get_item(pamh, PAM_CONV, &item) != PAM_SUCCESS || item == NULL)
		return MFA_ECONV;
	conv = item;
	if (conv->conv == NULL ||
	    conv->conv(1, &msgs, ret_resp, conv->appdata_ptr) != PAM_SUCCESS)
		return MFA_ECONV;
	return MFA_OK;
}

static void
drop(struct pam_response *resp)
{
	if (resp == NULL)
		return;
	if (resp->resp != NULL) {
		mfa_wipe(resp->resp, strlen(resp->resp));
		free(resp->resp);
	}
	free(resp);
}

/* Does the application log what it is told? See the header. */
static bool
logs_messages(const struct conv_pam *c)
{
	const void *item = NULL;

	return pam_get_item(c->pamh, PAM_SERVICE, &item) == PAM_SUCCESS &&
	    item != NULL && !strcmp(item, "cockpit");
}

static enum mfa_err
ask(void *ctx, const char *prompt, bool echo, struct buf *ret)
{
	struct conv_pam *c = ctx;
	struct pam_response *resp = NULL;
	enum mfa_err r;

	if (!(r = buf_puts(&c->held, prompt)))
		r = converse(c->pamh, echo ? PAM_PROMPT_ECHO_ON :
		    PAM_PROMPT_ECHO_OFF, buf_str(&c->held), &resp);
	buf_wipe(&c->held);
	if (!r && (resp == NULL || resp->resp == NULL))
		r = MFA_ECONV;
	if (!r)
		r = buf_puts(ret, resp->resp);
	drop(resp);
	return r;
}

static void
say(void *ctx, const char *text, bool is_error)
{
	struct conv_pam *c = ctx;
	struct pam_response *resp;

	/* Nothing depends on whether it was shown. */
	if (!is_error && logs_messages(c)) {
		(void)!buf_printf(&c->held, "%s\n", text);
		return;
	}
	(void)!converse(c->pamh, is_error ? PAM_ERROR_MSG : PAM_TEXT_INFO,
	    text, &resp);
	drop(resp);
}

struct mfa_conv
conv_pam(struct conv_pam *c)
{
	return (struct mfa_conv){ .ctx = c, .ask = ask, .say = say };
}

void
conv_pam_end(struct conv_pam *c)
{
	buf_wipe(&c->held);
}
