/*
 * What is asked of mfa-send and what it may answer, and the frames in which
 * both travel: netstring pairs ("4:kind,3:sms,") behind the length of it all.
 * Pure; the module and mfactl write requests and read answers, mfa-send the
 * other way round. There is no answer that lets anybody in.
 */
#ifndef MFA_SENDING_H
#define MFA_SENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

#define SENDING_FRAME_MAX (64 * 1024)	/* bytes of a frame, header included */
#define SENDING_NAME_MAX 65		/* of a profile, NUL included */

enum sending_kind { SENDING_SMS, SENDING_VOICE };
#define SENDING_KINDS 2

enum sending_op {
	SENDING_SEND,	/* send it */
	SENDING_SHOW,	/* the request, its secrets masked, sending nothing */
	SENDING_CHECK,	/* only: are profile and secrets in order? */
	SENDING_TEST,	/* the profile's self-test: goes out, reaches nobody */
};

/* Strings are owned by the caller, never NULL but where it says so. */
struct sending_request {
	enum sending_op op;
	enum sending_kind kind;
	const char *dir;	/* of the profiles: "/etc/mfa/senders" */
	const char *state;	/* for tokens: "/var/lib/mfa"; "" = not kept */
	const char *senders;	/* names, a blank between, in order */
	const char *run_as;	/* the account mfa-send becomes */
	const char *to;		/* E.164 */
	const char *extension;	/* "" = none */
	const char *code;	/* digits */
	const char *text;	/* the message, ready, UTF-8; may hold '\n' */
	const char *language;	/* "en", "ja" */
	const char *user, *service, *rhost, *host;	/* cleaned; "" = none */
	const char *nonce;	/* 32 hex digits, new for each message */
	uint32_t ttl;		/* seconds that the code will be good */
	uint32_t limit_ms;	/* for everything mfa-send does */
};

/* Why a message was not handed over; only UNKNOWN may have arrived. */
enum sending_class {
	SENDING_TRANSIENT,	/* try again later, or another provider */
	SENDING_PERMANENT,	/* this number or this message: never */
	SENDING_CONFIG,		/* profile, secret, account: for the admin */
	SENDING_QUOTA,		/* no credit, or a limit of the provider's */
	SENDING_UNKNOWN,	/* sent, and no clear answer: not again */
};

struct sending_answer {
	bool handed_over;	/* SHOW, CHECK: all is in order */
	enum sending_class class;	/* if not handed over */
	char provider[SENDING_NAME_MAX];	/* asked last; "" = none */
	char id[129];		/* what the provider calls it; "" = none */
	/*
	 * Printable, one line, no secret; "" = none. If it was handed over: why
	 * those who were asked before did not take it.
	 */
	char reason[257];
	struct buf show;	/* SHOW: text for the administrator; wipe */
};

const char *sending_kind_name(enum sending_kind);	/* "sms", "voice" */
enum mfa_err sending_kind_named(const char *, enum sending_kind *ret)
    MFA_MUST_CHECK;		/* MFA_ESYNTAX */
const char *sending_class_name(enum sending_class);	/* "transient", ... */

/* Not handed over: the class, and the reason, cleaned and cut to fit. */
void sending_refuse(struct sending_answer *, enum sending_class,
    const char *reason);

/* Append the whole frame. MFA_ENOMEM, MFA_ERANGE over SENDING_FRAME_MAX. */
enum mfa_err sending_put_request(const struct sending_request *,
    struct buf *ret) MFA_MUST_CHECK;
enum mfa_err sending_put_answer(const struct sending_answer *,
    struct buf *ret) MFA_MUST_CHECK;

/*
 * Bytes of the frame that these first bytes begin: MFA_OK; MFA_ENOENT: more
 * bytes are needed to tell; MFA_ESYNTAX, MFA_ERANGE: it is none.
 */
enum mfa_err sending_frame_len(const uint8_t *, size_t len, size_t *ret_whole)
    MFA_MUST_CHECK;

/*
 * One whole frame. A request's strings point into a copy kept in *ret_hold,
 * to be wiped after use. Every field is given exactly once and no other is;
 * MFA_ESYNTAX, MFA_ERANGE, MFA_ENOMEM with why.
 */
enum mfa_err sending_get_request(const uint8_t *, size_t len,
    struct sending_request *ret, struct buf *ret_hold, struct mfa_why *)
    MFA_MUST_CHECK;
enum mfa_err sending_get_answer(const uint8_t *, size_t len,
    struct sending_answer *ret, struct mfa_why *) MFA_MUST_CHECK;

#endif
