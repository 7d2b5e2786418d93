/*
 * The token of OAuth2 client credentials (RFC 6749 4.4): fetched, and kept for
 * the next login in STATE/.token.NAME, which is root's alone.
 */
#ifndef MFA_SEND_TOKEN_H
#define MFA_SEND_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "../pam_mfa/core/sending.h"
#include "http.h"

struct token {
	struct http_request request;	/* that fetches it */
	char asked[65];			/* hex: which request it belongs to */
	int fd;				/* of the file; -1 = none is kept */
	struct buf value;		/* empty = there is none */
	bool kept;			/* it comes from the file */
};

/*
 * As root: opens and locks the file, and does not look into it, for it was
 * written without root's rights. Who waits for wait_ms in vain keeps no token.
 * state "": nothing is kept. That a file cannot be used is no failure.
 */
void token_open(struct token *, const char *state, const char *name,
    int wait_ms);

/*
 * Without root's rights: takes what was kept, if that is for this request and
 * good for a while. If not, the file stays locked until a token was fetched,
 * so that of many logins one fetches.
 */
void token_read(struct token *);

/* Makes value hold a token, within limit_ms. Not MFA_OK: ret says why. */
enum mfa_err token_get(struct token *, unsigned limit_ms,
    struct sending_answer *ret) MFA_MUST_CHECK;

/* The provider did not take it: it is not to be used again. */
void token_forget(struct token *);

void token_close(struct token *);

#endif
