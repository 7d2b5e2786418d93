/*
 * A provider as data: /etc/mfa/senders/NAME.conf (mfa-sender(5)) in memory.
 * Everything is checked at load: keys, templates, JSON, pointers, URLs,
 * numbers; a mistake names file, line and remedy.
 */
#ifndef MFA_SEND_PROFILE_H
#define MFA_SEND_PROFILE_H

#include "../pam_mfa/core/sending.h"
#include "http.h"

struct profile;

/*
 * text: the file's. read_secret hands over the content of a file that the
 * profile names under [secret] or as client_key (file:PATH), without its line
 * end. All sections are checked, whatever the kind. MFA_ENOENT if there is none
 * for this kind; else MFA_ESYNTAX, MFA_ERANGE, or read_secret's error, with
 * why. Free with profile_free.
 */
typedef enum mfa_err profile_secret_fn(void *ctx, const char *path,
    struct buf *ret, struct mfa_why *);
struct profile_source {
	const char *file, *text;
	size_t len;
	profile_secret_fn *read_secret;
	void *ctx;
};
enum mfa_err profile_load(const struct profile_source *, enum sending_kind,
    struct profile **ret, struct mfa_why *) MFA_MUST_CHECK;
void profile_free(struct profile *);

/* Is it a program (an absolute path) rather than a request? NULL: a request. */
const char *profile_exec(const struct profile *);

/*
 * Is the text within max_segments? For a program; profile_request looks by
 * itself. MFA_ERANGE.
 */
enum mfa_err profile_fits(const struct profile *,
    const struct sending_request *, struct mfa_why *) MFA_MUST_CHECK;

/*
 * The request for a message, or for the self-test if req->op is SENDING_TEST.
 * token: of OAuth2, NULL if the profile has none. MFA_ERANGE: a value cannot
 * travel there, the text is over the profile's segments, the number is not one
 * of those it reaches, the extension is not dialled; MFA_ENOENT: no self-test;
 * MFA_ENOMEM.
 */
enum mfa_err profile_request(const struct profile *,
    const struct sending_request *, const char *token,
    struct http_request *ret, struct mfa_why *) MFA_MUST_CHECK;

/* OAuth2 client credentials: the request for a token, or MFA_ENOENT. */
enum mfa_err profile_token_request(const struct profile *,
    struct http_request *ret, struct mfa_why *) MFA_MUST_CHECK;

/* Text for "mfactl sender show": the request as it would go, secrets masked. */
enum mfa_err profile_show(const struct profile *,
    const struct sending_request *, struct buf *ret, struct mfa_why *)
    MFA_MUST_CHECK;

/*
 * What the provider's answer to this request means. Fills all of ret but
 * provider and show. An answer that fits nothing the profile says is
 * SENDING_UNKNOWN if its status is 1xx, 2xx or 5xx: it may have been sent; a
 * 3xx or 4xx was not, and is SENDING_PERMANENT unless the status tells more
 * (mfa-sender(5)). Id and reason are hidden as below, and of the reason each
 * run of six digits.
 */
void profile_judge(const struct profile *, const struct sending_request *,
    const struct http_response *, struct sending_answer *ret);

/*
 * What a provider or a program says, into dst (cap bytes; may be text), fit
 * for a log: with stars for what they may quote, the profile's secrets and the
 * digits of the request's number and code in any spelling; then cleaned and
 * cut. text is to be whole: half a secret is not found.
 */
void profile_hide(const struct profile *, const struct sending_request *,
    const char *text, char *dst, size_t cap);

#endif
