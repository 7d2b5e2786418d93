/* One HTTP exchange; the only code that sees libcurl. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "certificate.h"
#include "http.h"
#include "net.h"

#define HEADERS_MAX (64 * 1024)	/* bytes of header lines that are taken */

struct exchange {
	const struct http_request *req;
	struct http_response *res;
	CURL *curl;
	struct curl_slist *headers;
	size_t header_bytes;
	bool tls;		/* the URL is https */
	bool refused;		/* an address that may not be connected to */
	bool too_long;
	char error[CURL_ERROR_SIZE];
};

/* What libcurl does by itself, or takes from elsewhere, it is not to do. */
static const struct { CURLoption what; long value; } settings[] = {
	{ CURLOPT_NOSIGNAL, 1 },
	{ CURLOPT_QUICK_EXIT, 1 },	/* joins no thread that waits for DNS */
	{ CURLOPT_FOLLOWLOCATION, 0 },
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_HTTP09_ALLOWED, 0 },
	{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_SSL_VERIFYPEER, 1 },
	{ CURLOPT_SSL_VERIFYHOST, 2 },
	{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
	{ CURLOPT_HTTP_CONTENT_DECODING, 0 },
	{ CURLOPT_FRESH_CONNECT, 1 },
	{ CURLOPT_FORBID_REUSE, 1 },
};

static size_t
on_body(char *bytes, size_t size, size_t n, void *ctx)
{
	struct exchange *x = ctx;

	if (size * n > HTTP_ANSWER_MAX - x->res->body.len) {
		x->too_long = true;
		return CURL_WRITEFUNC_ERROR;
	}
	return buf_put(&x->res->body, bytes, size * n) ? CURL_WRITEFUNC_ERROR :
	    size * n;
}

static size_t
on_header(char *bytes, size_t size, size_t n, void *ctx)
{
	struct exchange *x = ctx;

	(void)bytes;
	if (size * n > HEADERS_MAX - x->header_bytes) {
		x->too_long = true;
		return CURL_WRITEFUNC_ERROR;
	}
	x->header_bytes += size * n;
	return size * n;
}

/* The address is what a name became, so that no name gets around it. */
static curl_socket_t
on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *addr)
{
	struct exchange *x = ctx;

	(void)purpose;
	if (!net_allowed(&addr->addr, x->req->allow_http, x->tls)) {
		x->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(addr->family, addr->socktype | SOCK_CLOEXEC,
	    addr->protocol);
}

static bool
set_fixed(CURL *c)
{
	CURLcode r = CURLE_OK;

	for (size_t i = 0; !r && i < sizeof(settings) / sizeof(*settings); i++)
		r = curl_easy_setopt(c, settings[i].what, settings[i].value);
	return !r &&
	    !curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") &&
	    !curl_easy_setopt(c, CURLOPT_NOPROXY, "");
}

static bool
set_callbacks(struct exchange *x)
{
	CURL *c = x->curl;

	return !curl_easy_setopt(c, CURLOPT_ERRORBUFFER, x->error) &&
	    !curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body) &&
	    !curl_easy_setopt(c, CURLOPT_WRITEDATA, x) &&
	    !curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header) &&
	    !curl_easy_setopt(c, CURLOPT_HEADERDATA, x) &&
	    !curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION,
	    certificate_strict) &&
	    !curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket) &&
	    !curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, x);
}

/* For libcurl, "Name:" is a header to leave out and "Name;" an empty one. */
static bool
add_header(struct exchange *x, const char *header)
{
	const char *colon = strchr(header, ':');
	struct buf empty = { 0 };
	struct curl_slist *list = NULL;

	if (colon == NULL || colon[1 + strspn(colon + 1, " \t")] != '\0')
		list = curl_slist_append(x->headers, header);
	else if (!buf_put(&empty, header, (size_t)(colon - header)) &&
	    !buf_puts(&empty, ";"))
		list = curl_slist_append(x->headers, buf_str(&empty));
	buf_wipe(&empty);
	if (list == NULL)
		return false;
	x->headers = list;
	return true;
}

static bool
set_headers(struct exchange *x)
{
	static const char *const no[] = { "Accept:", "Content-Type:",
	    "Expect:", "User-Agent:" };
	/* Names that are left out are signed all the same (libcurl 7.88). */
	size_t nno = x->req->sigv4.len ? 0 : sizeof(no) / sizeof(*no);

	for (size_t i = 0; i < x->req->nheaders; i++)
		if (!add_header(x, buf_str(&x->req->header[i])))
			return false;
	for (size_t i = 0; i < nno; i++) {
		struct curl_slist *list = curl_slist_append(x->headers, no[i]);

		if (list == NULL)
			return false;
		x->headers = list;
	}
	return !curl_easy_setopt(x->curl, CURLOPT_HTTPHEADER, x->headers);
}

static bool
set_message(CURL *c, const struct http_request *q)
{
	bool body = q->has_body || strcmp(q->method, "GET");

	return !curl_easy_setopt(c, CURLOPT_URL, buf_str(&q->url)) &&
	    (!body || (
	    !curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)q->body.len) &&
	    !curl_easy_setopt(c, CURLOPT_POSTFIELDS, buf_str(&q->body)))) &&
	    !curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, q->method) &&
	    !curl_easy_setopt(c, CURLOPT_PROXY, buf_str(&q->proxy)) &&
	    !curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)q->connect_ms) &&
	    !curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)q->total_ms);
}

/*
 * Where libcurl was built to know a directory of the system's certificates,
 * the one that is needed is read from there, not all of them from a bundle:
 * that took 25 ms.
 */
static bool
set_trust(CURL *c, const struct http_request *q)
{
	const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);

	if (*q->ca_file != '\0')
		return !curl_easy_setopt(c, CURLOPT_CAINFO, q->ca_file) &&
		    !curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	return v->age < CURLVERSION_SEVENTH || v->capath == NULL ||
	    !curl_easy_setopt(c, CURLOPT_CAINFO, NULL);
}

static bool
set_credentials(CURL *c, const struct http_request *q)
{
	struct curl_blob key = { q->key.data, q->key.len, CURL_BLOB_COPY };

	return (q->user.len == 0 || (
	    !curl_easy_setopt(c, CURLOPT_USERNAME, buf_str(&q->user)) &&
	    !curl_easy_setopt(c, CURLOPT_PASSWORD, buf_str(&q->password)))) &&
	    (q->sigv4.len == 0 ||
	    !curl_easy_setopt(c, CURLOPT_AWS_SIGV4, buf_str(&q->sigv4))) &&
	    (*q->cert_file == '\0' || (
	    !curl_easy_setopt(c, CURLOPT_SSLCERT, q->cert_file) &&
	    !curl_easy_setopt(c, CURLOPT_SSLKEY_BLOB, &key)));
}

/*
 * Whether a byte of the request may have left. With TLS what went to a proxy
 * before the handshake does not count.
 */
static bool
was_sent(const struct exchange *x)
{
	curl_off_t handshake = 0;
	long bytes = 0;

	if (curl_easy_getinfo(x->curl, CURLINFO_REQUEST_SIZE, &bytes) ||
	    curl_easy_getinfo(x->curl, CURLINFO_APPCONNECT_TIME_T, &handshake))
		return true;
	return bytes > 0 && (!x->tls || handshake > 0);
}

static enum http_outcome
outcome(const struct exchange *x, CURLcode r)
{
	if (r == CURLE_OK)
		return HTTP_ANSWERED;
	if (was_sent(x))
		return HTTP_UNCLEAR;
	switch (r) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return HTTP_UNTRUSTED;
	default:
		return x->refused ? HTTP_UNTRUSTED : HTTP_NOT_SENT;
	}
}

static void
conclude(const struct exchange *x, CURLcode r, struct http_response *ret)
{
	const char *why = *x->error ? x->error : curl_easy_strerror(r);
	long status = 0;

	ret->outcome = outcome(x, r);
	curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &status);
	ret->status = (unsigned)status;
	if (r == CURLE_OK)
		return;
	if (x->too_long)
		why = "the answer is too long";
	else if (x->refused)
		why = x->tls ? "this address is no provider's" : "only over "
		    "https: the address is not in allow_http";
	text_clean(ret->reason, sizeof(ret->reason), why);
}

void
http_exchange(const struct http_request *req, struct http_response *ret)
{
	struct exchange x = { .req = req, .res = ret };

	*ret = (struct http_response){ .outcome = HTTP_NOT_SENT };
	x.tls = !strncmp(buf_str(&req->url), "https:", 6);
	if ((x.curl = curl_easy_init()) != NULL && set_fixed(x.curl) &&
	    set_callbacks(&x) && set_headers(&x) &&
	    set_message(x.curl, req) && set_trust(x.curl, req) &&
	    set_credentials(x.curl, req))
		conclude(&x, curl_easy_perform(x.curl), ret);
	else
		snprintf(ret->reason, sizeof(ret->reason),
		    "no memory, or libcurl lacks a part");
	curl_easy_cleanup(x.curl);
	curl_slist_free_all(x.headers);
}

void
http_request_wipe(struct http_request *q)
{
	for (size_t i = 0; i < q->nheaders; i++)
		buf_wipe(&q->header[i]);
	buf_wipe(&q->url);
	buf_wipe(&q->body);
	buf_wipe(&q->sigv4);
	buf_wipe(&q->user);
	buf_wipe(&q->password);
	buf_wipe(&q->proxy);
	buf_wipe(&q->key);
	*q = (struct http_request){ 0 };
}

void
http_response_wipe(struct http_response *r)
{
	buf_wipe(&r->body);
	*r = (struct http_response){ 0 };
}
