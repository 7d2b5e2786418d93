/* The sender port over mfa-send. */
#include "../core/text.h"
#include "child.h"
#include "send_proc.h"

static void
answer(struct sending_answer *ret, enum sending_class class, const char *why)
{
	*ret = (struct sending_answer){ .class = class };
	text_clean(ret->reason, sizeof(ret->reason), why);
}

static enum mfa_err
whole(const struct buf *in)
{
	size_t len;
	enum mfa_err r = sending_frame_len(in->data, in->len, &len);

	if (r)
		return r;
	return in->len < len ? MFA_ENOENT : MFA_OK;
}

static void
exchange(const struct child *c, const struct buf *out,
    struct sending_answer *ret)
{
	struct mfa_why why = { "" };
	struct buf in = { 0 };
	bool started;

	if (child_run(c, out, &in, &started, &why))
		answer(ret, started ? SENDING_UNKNOWN : SENDING_CONFIG,
		    why.text);
	else if (sending_get_answer(in.data, in.len, ret, &why))
		answer(ret, SENDING_UNKNOWN, "mfa-send gave no valid answer");
	buf_wipe(&in);
}

static void
send_one(void *ctx, const struct sending_request *req,
    struct sending_answer *ret)
{
	static const char *const argv[] = { "mfa-send", NULL };
	const struct child c = { .path = ctx, .argv = argv,
	    .limit_ms = req->limit_ms, .whole = whole };
	struct buf out = { 0 };

	if (sending_put_request(req, &out))
		answer(ret, SENDING_CONFIG, "the message is too long");
	else
		exchange(&c, &out, ret);
	buf_wipe(&out);
}

struct mfa_sender
send_proc(const char *program)
{
	return (struct mfa_sender){ .ctx = (void *)(uintptr_t)program,
	    .send = send_one };
}
