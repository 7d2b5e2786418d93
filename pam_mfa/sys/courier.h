/*
 * One code to one phone: allowed, counted, handed over, and no longer counted
 * if it was certainly not accepted. Used by the login and, with
 * a number that is no factor yet, by mfactl.
 *
 * What MUST hold: it is counted on the disk before anybody is asked to send;
 * if it cannot be counted, nothing is sent.
 */
#ifndef MFA_COURIER_H
#define MFA_COURIER_H

#include "../core/conf.h"
#include "../core/delivery.h"
#include "../core/otc.h"
#include "../core/record.h"
#include "ports.h"

struct courier {
	const struct mfa_store *ledger;	/* store_file_ledger */
	const struct mfa_sender *sender;
	const struct mfa_clock *clock;
	struct crypto *crypto;
	const struct mfa_conf *conf;
	const struct otc_door *door;
	const char *rhost;		/* "" = none */
	bool proof;			/* to a number that is no factor yet */
	enum language language;
	int64_t deadline_ms;		/* on mfa_time.boot_ms */
};

/*
 * Sends the code. MFA_OK: ret says what became of it (wipe nothing: show is
 * empty). An error: it was not sent. MFA_ETIME, MFA_EBUSY, MFA_EIO, ... as
 * the ledger's, with the cause in why.
 */
enum mfa_err courier_send(const struct courier *, const struct phone_factor *,
    enum sending_kind, const char *code, struct delivery *ret,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * The same in a dialogue, which has other ways than this: an error but
 * MFA_ETIME is DELIVERY_FAULT, its cause the answer's reason.
 */
enum mfa_err courier_try(const struct courier *, const struct phone_factor *,
    enum sending_kind, const char *code, struct delivery *ret) MFA_MUST_CHECK;

/*
 * What makes a message one of its kind to a provider: 32 hex digits, random.
 * MFA_ECRYPTO.
 */
#define COURIER_NONCE_MAX 33	/* bytes, NUL included */
enum mfa_err courier_nonce(struct crypto *, char ret[static COURIER_NONCE_MAX])
    MFA_MUST_CHECK;

/* What was sent, and what it cost: one line each. */
void courier_log(const struct courier *, const struct mfa_log *,
    const struct way *, const struct delivery *);

#endif
