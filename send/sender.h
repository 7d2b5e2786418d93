/* One of the senders that a request names: loaded as root, asked without. */
#ifndef MFA_SEND_SENDER_H
#define MFA_SEND_SENDER_H

#include <stdbool.h>

#include "profile.h"
#include "token.h"

struct sender {
	char name[SENDING_NAME_MAX];
	struct profile *profile;	/* NULL: it cannot be used, see why */
	const char *program;		/* exec kind; else NULL */
	bool has_token;
	struct token token;
	struct mfa_why why;
};

/*
 * As root: DIR/NAME.conf, its secrets, its token's file or its program; before
 * it is asked, token_read takes what is in that file. Whatever is wrong is told
 * when it is asked, so that the others can be used.
 */
void sender_load(struct sender *, const struct sending_request *);
void sender_free(struct sender *);

/* Hands the message over, within limit_ms. Fills ret. */
void sender_ask(struct sender *, const struct sending_request *,
    unsigned limit_ms, struct sending_answer *ret);

/* As sender_ask, but sends nothing: SHOW appends to ret->show. */
void sender_inspect(const struct sender *, const struct sending_request *,
    struct sending_answer *ret);

#endif
