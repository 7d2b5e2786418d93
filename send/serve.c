/* A request's way through the senders. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/file.h"
#include "clock.h"
#include "sandbox.h"
#include "sender.h"
#include "serve.h"

#define SENDERS_MAX 8
#define LEAST_MS 100		/* less is no time to ask anybody */

struct senders {
	struct sender sender[SENDERS_MAX];
	size_t n;
};

enum mfa_err
serve_read(int fd, struct buf *ret)
{
	size_t whole = 0;
	enum mfa_err r = MFA_ENOENT;

	while (r == MFA_ENOENT || (!r && ret->len < whole)) {
		ssize_t n;

		if ((r = buf_reserve(ret, ret->len + 4096)))
			return r;
		n = read(fd, ret->data + ret->len, 4096);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return MFA_EIO;
		ret->len += (size_t)n;
		r = sending_frame_len(ret->data, ret->len, &whole);
	}
	return r;
}

void
serve_write(int fd, const struct sending_answer *ans)
{
	struct buf out = { 0 };

	if (!sending_put_answer(ans, &out))
		(void)!file_write_all(fd, out.data, out.len);
	buf_wipe(&out);
}

static enum mfa_err
load(const struct sending_request *req, struct senders *ret,
    struct sandbox *box, struct mfa_why *why)
{
	const char *p = req->senders;
	size_t len;

	for (; p += strspn(p, " "), (len = strcspn(p, " ")) > 0; p += len) {
		struct sender *s = &ret->sender[ret->n];

		if (ret->n == SENDERS_MAX || len >= sizeof(s->name))
			return mfa_fail(why, MFA_ERANGE, "senders: at most %d "
			    "names of at most %d bytes", SENDERS_MAX,
			    SENDING_NAME_MAX - 1);
		ret->n++;
		memcpy(s->name, p, len);
		sender_load(s, req);
		box->may_exec |= s->program != NULL;
	}
	return ret->n > 0 ? MFA_OK : mfa_fail(why, MFA_ENOENT, "no sender is "
	    "configured: write a profile into %s and name it in mfa.conf",
	    req->dir);
}

static enum mfa_err
prepare(const struct sending_request *req, pid_t parent, struct senders *ret,
    struct mfa_why *why)
{
	struct sandbox box = { .seconds = req->limit_ms / 1000 + 2,
	    .parent = parent };
	enum mfa_err r;

	if (geteuid() != 0)
		return mfa_fail(why, MFA_EPERM, "mfa-send has to be started "
		    "by root: it reads the providers' secrets");
	if ((r = sandbox_account(req->run_as, &box, why)) ||
	    (r = load(req, ret, &box, why)))
		return r;
	return sandbox_enter(&box, why);
}

/* With several senders each one's reason, after its name. */
static enum mfa_err
note(struct buf *reasons, const struct senders *all,
    const struct sending_answer *ans)
{
	if (ans->handed_over)
		return MFA_OK;
	if (all->n == 1)
		return buf_puts(reasons, ans->reason);
	return buf_printf(reasons, "%s%s: %s", reasons->len > 0 ? "; " : "",
	    ans->provider, ans->reason);
}

static void
send_by(struct senders *all, const struct sending_request *req, int64_t until,
    struct sending_answer *ret)
{
	struct buf reasons = { 0 };

	/* All, so that a slow provider keeps nobody from another's token. */
	for (size_t i = 0; i < all->n; i++)
		token_read(&all->sender[i].token);
	for (size_t i = 0; i < all->n; i++) {
		int64_t left = until - clock_ms();
		struct sender *s = &all->sender[i];

		if (i > 0 && left < LEAST_MS)
			break;
		*ret = (struct sending_answer){ 0 };
		sender_ask(s, req, left > 1 ? (unsigned)left : 1, ret);
		memcpy(ret->provider, s->name, sizeof(s->name));
		if (note(&reasons, all, ret) || ret->handed_over ||
		    ret->class == SENDING_UNKNOWN)
			break;
	}
	text_clean(ret->reason, sizeof(ret->reason), buf_str(&reasons));
	buf_wipe(&reasons);
}

/* All of them, up to the first that is not in order. */
static void
inspect(const struct senders *all, const struct sending_request *req,
    struct sending_answer *ret)
{
	for (size_t i = 0; i < all->n; i++) {
		ret->handed_over = false;
		memcpy(ret->provider, all->sender[i].name, SENDING_NAME_MAX);
		sender_inspect(&all->sender[i], req, ret);
		if (!ret->handed_over)
			break;
	}
}

void
serve(const struct sending_request *req, pid_t parent, int64_t start,
    struct sending_answer *ret)
{
	static struct senders all;
	struct mfa_why why = { "" };

	if (prepare(req, parent, &all, &why)) {
		sending_refuse(ret, SENDING_CONFIG, why.text);
	} else if (req->op == SENDING_SHOW || req->op == SENDING_CHECK) {
		inspect(&all, req, ret);
	} else {
		/* Some is left for the answer's way back. */
		send_by(&all, req, start + req->limit_ms -
		    (req->limit_ms / 20 + 20), ret);
	}
	while (all.n > 0)
		sender_free(&all.sender[--all.n]);
}
