/* A message and a profile make a request. */
#include <stdio.h>
#include <string.h>

#include "../pam_mfa/core/gsm.h"
#include "../pam_mfa/core/text.h"
#include "profile_build.h"
#include "profile_data.h"

/* What all the steps below need. */
struct build {
	const struct profile_use *use;
	const struct template_env *env;
	struct http_request *to;
	struct mfa_why *why;
};

static enum mfa_err
fail(const struct build *b, const struct profile_line *l, enum mfa_err r,
    const char *cause)
{
	return profile_fail(b->use->p, l->number, b->why, r, "%s: %s", l->name,
	    *cause ? cause : mfa_strerror(r));
}

static enum mfa_err
expand(const struct build *b, const struct profile_line *l,
    enum template_escape escape, struct buf *ret)
{
	struct mfa_why cause = { "" };
	enum mfa_err r = template_expand(l->value, b->env, escape, ret, &cause);

	return r ? fail(b, l, r, cause.text) : MFA_OK;
}

/*
 * Appends "NAME=value", both escaped whole; nothing at all if a value is not
 * there.
 */
static enum mfa_err
put_pair(const struct build *b, const struct profile_line *l,
    const char *separator, struct buf *ret)
{
	struct buf value = { 0 };
	struct mfa_why cause = { "" };
	enum mfa_err r;

	if ((r = template_expand(l->value, b->env, TEMPLATE_RAW, &value,
	    &cause))) {
		r = r == MFA_ENOENT ? MFA_OK : fail(b, l, r, cause.text);
		goto out;
	}
	if (!(r = buf_puts(ret, separator)) &&
	    !(r = template_escape_put(TEMPLATE_FORM, l->name, ret)) &&
	    !(r = buf_puts(ret, "=")))
		r = template_escape_put(TEMPLATE_FORM, buf_str(&value), ret);
out:
	buf_wipe(&value);
	return r;
}

static enum mfa_err
put_url(const struct build *b)
{
	const struct profile_section *s = b->use->s;
	const struct profile_line *l = profile_next(s, KEY_URL, NULL);
	struct buf *url = &b->to->url;
	enum mfa_err r;

	if ((r = expand(b, l, TEMPLATE_URL, url)))
		return r;
	l = NULL;
	while (!r && (l = profile_next(s, KEY_QUERY, l)) != NULL)
		r = put_pair(b, l, strchr(buf_str(url), '?') != NULL ? "&" :
		    "?", url);
	return r;
}

static enum mfa_err
put_body(const struct build *b)
{
	const struct profile_section *s = b->use->s;
	const struct profile_line *l = NULL;
	struct buf *body = &b->to->body;
	enum mfa_err r = MFA_OK;

	if (profile_next(s, KEY_FORM, NULL) == NULL) {
		r = profile_body_put(b->use->p, s, b->env, body, b->why);
		b->to->has_body = !r;
		return r == MFA_ENOENT ? MFA_OK : r;
	}
	b->to->has_body = true;
	while (!r && (l = profile_next(s, KEY_FORM, l)) != NULL)
		r = put_pair(b, l, body->len ? "&" : "", body);
	return r;
}

/* A new header of the request; NULL: there are too many. */
static struct buf *
header(const struct build *b)
{
	return b->to->nheaders < HTTP_HEADERS_MAX ?
	    &b->to->header[b->to->nheaders++] : NULL;
}

/* Unless the profile says another. */
static enum mfa_err
put_content_type(const struct build *b)
{
	static const struct {
		enum profile_key key;
		const char *type;
	} row[] = {
		{ KEY_FORM, "application/x-www-form-urlencoded" },
		{ KEY_JSON, "application/json" },
		{ KEY_XML, "text/xml; charset=UTF-8" },
		{ KEY_TEXT, "text/plain; charset=UTF-8" },
	};
	const struct profile_section *s = b->use->s;
	const struct profile_line *l = NULL;

	while ((l = profile_next(s, KEY_HEADER, l)) != NULL)
		if (text_case_equal(l->name, "Content-Type"))
			return MFA_OK;
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++)
		if (profile_next(s, row[i].key, NULL) != NULL)
			return buf_printf(header(b), "Content-Type: %s",
			    row[i].type);
	return MFA_OK;
}

/* RFC 7617 */
static enum mfa_err
put_basic(const struct build *b)
{
	const struct profile_line *l = profile_next(b->use->s, KEY_BASIC, NULL);
	struct buf pair = { 0 }, *h;
	enum mfa_err r;

	if (l == NULL)
		return MFA_OK;
	h = header(b);
	if (!(r = expand(b, l, TEMPLATE_RAW, &pair)) &&
	    !(r = buf_puts(h, "Authorization: Basic ")))
		r = b->use->masked ?
		    buf_printf(h, "(base64 of %s)", buf_str(&pair)) :
		    template_escape_put(TEMPLATE_BASE64, buf_str(&pair), h);
	buf_wipe(&pair);
	return r;
}

static enum mfa_err
put_headers(const struct build *b)
{
	const struct profile_line *l = NULL;
	enum mfa_err r;

	if ((r = put_content_type(b)) || (r = put_basic(b)))
		return r;
	while ((l = profile_next(b->use->s, KEY_HEADER, l)) != NULL) {
		struct mfa_why cause = { "" };
		struct buf *h = header(b);

		if (h == NULL)
			return fail(b, l, MFA_ERANGE, "too many headers");
		if ((r = buf_printf(h, "%s: ", l->name)) ||
		    (r = template_expand(l->value, b->env, TEMPLATE_HEADER, h,
		    &cause))) {
			if (r != MFA_ENOENT)
				return fail(b, l, r, cause.text);
			b->to->nheaders--;
			buf_wipe(h);
		}
	}
	return MFA_OK;
}

static enum mfa_err
put_sigv4(const struct build *b)
{
	const struct profile_section *s = b->use->s;
	const struct profile_line *l = profile_next(s, KEY_SIGV4, NULL);
	size_t n;
	enum mfa_err r;

	if (l == NULL)
		return MFA_OK;
	n = strcspn(l->value, " \t");
	if ((r = buf_printf(&b->to->sigv4, "aws:amz:%.*s:%s", (int)n, l->value,
	    l->value + n + strspn(l->value + n, " \t"))) ||
	    (r = expand(b, profile_next(s, KEY_SIGV4_ID, NULL), TEMPLATE_RAW,
	    &b->to->user)))
		return r;
	return expand(b, profile_next(s, KEY_SIGV4_KEY, NULL), TEMPLATE_RAW,
	    &b->to->password);
}

static void
copy_setting(const struct profile *p, enum profile_key key, char *dst,
    size_t cap)
{
	snprintf(dst, cap, "%s", profile_setting(p, key));
}

static enum mfa_err
put_transport(const struct build *b)
{
	const char *method = profile_value(b->use->s, KEY_METHOD);
	const struct profile *p = b->use->p;
	struct http_request *q = b->to;
	enum mfa_err r;

	snprintf(q->method, sizeof(q->method), "%s", method != NULL ? method :
	    "POST");
	copy_setting(p, KEY_CA_FILE, q->ca_file, sizeof(q->ca_file));
	copy_setting(p, KEY_CLIENT_CERT, q->cert_file, sizeof(q->cert_file));
	copy_setting(p, KEY_ALLOW_HTTP, q->allow_http, sizeof(q->allow_http));
	q->connect_ms = p->connect_ms;
	q->total_ms = p->total_ms;
	if ((r = buf_puts(&q->proxy, profile_setting(p, KEY_PROXY))) ||
	    b->use->masked)
		return r;
	return buf_put(&q->key, p->client_key.data, p->client_key.len);
}

enum mfa_err
profile_build(const struct profile_use *use, struct http_request *ret,
    struct mfa_why *why)
{
	struct http_request q = { .method = "" };
	struct profile_env e;
	struct build b = { use, &e.env, &q, why };
	enum mfa_err r;

	r = profile_env_fill(use, &e, why);
	if (!r && !(r = put_transport(&b)) && !(r = put_url(&b)) &&
	    !(r = put_headers(&b)) && !(r = put_body(&b)))
		r = put_sigv4(&b);
	profile_env_free(&e);
	if (r)
		http_request_wipe(&q);
	else
		*ret = q;
	return r;
}

enum mfa_err
profile_fits(const struct profile *p, const struct sending_request *req,
    struct mfa_why *why)
{
	const struct profile_section *s = p->main;
	const struct profile_line *l = profile_next(s, KEY_MAX_SEGMENTS, NULL);
	struct gsm_size size;

	if (l == NULL)
		return MFA_OK;
	if (gsm_measure(req->text, &size))
		return mfa_fail(why, MFA_ERANGE, "the text is no UTF-8");
	if (size.segments <= s->max_segments)
		return MFA_OK;
	return profile_fail(p, l->number, why, MFA_ERANGE, "the text has %u "
	    "characters%s, which takes %u messages: shorten it, or raise "
	    "max_segments", size.units, size.charset == GSM_UCS2 ?
	    " (70 fit)" : " (160 fit)", size.segments);
}

/* Which nobody would dial otherwise, so that the call would reach no one. */
static enum mfa_err
check_extension(const struct profile *p, const struct profile_section *s,
    const struct sending_request *req, struct mfa_why *why)
{
	if (*req->extension == '\0' || profile_exec(p) != NULL)
		return MFA_OK;
	for (size_t i = 0; i < p->nsections; i++)
		if (&p->section[i] == s || p->section[i].kind == SECTION_PART)
			for (size_t j = 0; j < p->section[i].nlines; j++)
				if (template_uses(p->section[i].line[j].value,
				    "extension"))
					return MFA_OK;
	return profile_fail(p, s->number, why, MFA_ERANGE, "the phone has an "
	    "extension, and [%s] does not dial {extension}",
	    profile_section_name(s->kind));
}

enum mfa_err
profile_use_for(const struct profile *p, const struct sending_request *req,
    struct profile_use *ret, struct mfa_why *why)
{
	const struct profile_section *s = req->op == SENDING_TEST ? p->test :
	    p->main;
	enum mfa_err r;

	if (s == NULL)
		return mfa_fail(why, MFA_ENOENT, "%s has no [%s test]: this "
		    "provider can only be tried by sending", p->file,
		    profile_section_name(p->main->kind));
	if ((r = profile_fits(p, req, why)) ||
	    (r = check_extension(p, s, req, why)))
		return r;
	*ret = (struct profile_use){ .p = p, .s = s, .req = req };
	return MFA_OK;
}

enum mfa_err
profile_request(const struct profile *p, const struct sending_request *req,
    const char *token, struct http_request *ret, struct mfa_why *why)
{
	struct profile_use use;
	enum mfa_err r;

	if ((r = profile_use_for(p, req, &use, why)))
		return r;
	use.token = token;
	return profile_build(&use, ret, why);
}

enum mfa_err
profile_token_request(const struct profile *p, struct http_request *ret,
    struct mfa_why *why)
{
	struct profile_use use = { .p = p,
	    .s = profile_section(p, SECTION_OAUTH2, "") };

	return use.s == NULL ? MFA_ENOENT : profile_build(&use, ret, why);
}
