/* A request for the eyes of an administrator. */
#include "profile_build.h"

static enum mfa_err
put_request(const struct http_request *q, struct buf *ret)
{
	enum mfa_err r;

	r = buf_printf(ret, "%s %s\n", q->method, buf_str(&q->url));
	if (!r && q->sigv4.len)
		r = buf_printf(ret, "Authorization: (%s, signed by key %s)\n",
		    buf_str(&q->sigv4), buf_str(&q->user));
	for (size_t i = 0; i < q->nheaders && !r; i++)
		r = buf_printf(ret, "%s\n", buf_str(&q->header[i]));
	if (!r && q->has_body && !(r = buf_puts(ret, "\n")) &&
	    !(r = buf_put(ret, q->body.data, q->body.len)))
		r = buf_puts(ret, "\n");
	return r;
}

static enum mfa_err
put_masked(struct profile_use use, struct buf *ret, struct mfa_why *why)
{
	struct http_request q;
	enum mfa_err r;

	use.masked = true;
	if ((r = profile_build(&use, &q, why)))
		return r;
	r = put_request(&q, ret);
	http_request_wipe(&q);
	return r;
}

enum mfa_err
profile_show(const struct profile *p, const struct sending_request *req,
    struct buf *ret, struct mfa_why *why)
{
	const struct profile_section *token = profile_section(p,
	    SECTION_OAUTH2, "");
	struct profile_use use;
	enum mfa_err r;

	if ((r = profile_use_for(p, req, &use, why)))
		return r;
	if (profile_exec(p) != NULL)
		return buf_printf(ret, "%s v1\n", profile_exec(p));
	if (token != NULL) {
		struct profile_use first = { .p = p, .s = token };

		if ((r = put_masked(first, ret, why)) ||
		    (r = buf_puts(ret, "\n")))
			return r;
	}
	return put_masked(use, ret, why);
}
