/* One HTTP exchange, as a value: what to do, and what came of it. */
#ifndef MFA_SEND_HTTP_H
#define MFA_SEND_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../pam_mfa/core/buf.h"
#include "../pam_mfa/core/err.h"

#define HTTP_HEADERS_MAX 24
#define HTTP_ANSWER_MAX (64 * 1024)	/* bytes of body that are taken */

/*
 * Everything is spelt out here: what http.c adds of its own is Host,
 * Content-Length, and Authorization where SigV4 computes it. Secret all over:
 * http_request_wipe.
 */
struct http_request {
	char method[8];			/* GET, POST, PUT */
	struct buf url;
	struct buf header[HTTP_HEADERS_MAX];	/* "Name: value" */
	size_t nheaders;
	struct buf body;
	bool has_body;
	struct buf sigv4;	/* "aws:amz:REGION:SERVICE"; empty = none */
	struct buf user, password;	/* of sigv4; empty = none */
	struct buf proxy;	/* URL; empty = none, whatever others say */
	char ca_file[256];		/* "" = the system's */
	char cert_file[256];		/* mutual TLS, PEM; "" = none */
	struct buf key;			/* its key, PEM: root's alone to read */
	char allow_http[512];	/* networks (net.h) reached without TLS */
	unsigned connect_ms, total_ms;
};

enum http_outcome {
	HTTP_ANSWERED,		/* status and body are there */
	HTTP_NOT_SENT,		/* nobody was reached: name, connection, TLS */
	HTTP_UNTRUSTED,		/* bad certificate or address: not sent */
	HTTP_UNCLEAR,		/* sent, no whole answer: it may have come */
};

struct http_response {
	enum http_outcome outcome;
	unsigned status;
	struct buf body;
	char reason[129];	/* when not answered: in a few words */
};

/*
 * Never longer than total_ms. ret is filled whatever happens; wipe it. A
 * thread that still waits for a name may be left behind: end by _exit.
 */
void http_exchange(const struct http_request *, struct http_response *ret);

void http_request_wipe(struct http_request *);
void http_response_wipe(struct http_response *);

#endif
