/*
 * What moves of a person, as it lies in /var/lib/mfa/NAME:
 *
 *	version = 1
 *	failures = 2			in a row, over all services and factors
 *	failed_at = 1790000000		Unix time of the last one
 *	failed_boottime = 4711		seconds since that boot
 *	failed_boot = 1b4e28ba-...	the kernel's boot_id
 *	reset_at = 1790000000		the last reset, until they have enrolled
 *	reset_boottime = 4711		anew and know of it: as failed_at and so
 *	reset_boot = 1b4e28ba-...	on
 *	reset_told = 1			they know of it, or had no factor then
 *	app_failures = 2		the same four of wrong app passwords
 *	app_failed_at = 1790000000
 *	app_failed_boottime = 4711
 *	app_failed_boot = 1b4e28ba-...
 *	app_wrong = 00..		hex, of the last one, core/app.h
 *	[factor totp-k3fq]
 *	next = 59666668			lowest step or counter not used yet
 *	drift = -1			steps, learned
 *	used_at = 1790000000		Unix time of the last success
 *	used = 3			recovery: bit i = code i+1 was used
 *	[code phone-k3fq]		a code that was sent and may still come
 *	way = sms			sms or voice
 *	service = sshd			where it was asked for (text_field)
 *	mac = 00..			hex, core/otc.h
 *	sent_at = 1790000000		as failed_at and so on
 *	sent_boottime = 4711
 *	sent_boot = 1b4e28ba-...
 *	wrong = 0			wrong answers since then
 *	used = 1			it was right once; left out: not yet
 *	[code phone-k3fq]		of the one before, if it is good as well
 *	[trust 1f3a9c04]		let in without a code; core/trust.h
 *	of = SHA256:...			a public key, or SESSION:... of one
 *	service = sshd			where (text_field)
 *	from = 192.0.2.7		the host it was made from, if an address
 *	since_at = 1790000000		as failed_at and so on
 *	since_boottime = 4711
 *	since_boot = 1b4e28ba-...
 *	used_at = 1790000000		Unix time of the last use
 *	lasts = 1209600			seconds since then
 *	seal = 00..			hex: all of this, by a key of the host
 *	[pass once]			a pass that an administrator reads out
 *	salt = 00..			hex; with iterations and hash as of a
 *	iterations = 20000		recovery code
 *	hash = 00..
 *	lasts = 86400
 *	since_at = 1790000000		and the other two
 *
 * No file, or an empty one, is the state of somebody who never typed a code.
 */
#ifndef MFA_STATE_H
#define MFA_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "moment.h"
#include "record.h"

struct factor_state {
	char id[RECORD_ID_MAX];
	uint64_t next;		/* the high-water mark; never goes down */
	int drift;		/* -4..4 */
	int64_t used_at;	/* 0 = never */
	uint32_t used;		/* recovery codes, bit 0..9 */
};

/*
 * App passwords are counted apart. A mail program logs in all day: were its
 * success one, the count of wrong codes would never get far, and were its old
 * password a wrong code, it would lock its owner out of every other door.
 */
struct app_failures {
	uint32_t n;			/* in a row */
	struct moment last;
	uint8_t wrong[APP_HASH];	/* app_trace of that one */
};

#define STATE_SERVICE_MAX 65	/* bytes, NUL included */

/* A code that is under way. */
struct sent_code {
	char factor[RECORD_ID_MAX];	/* the phone; "" = no code */
	enum sending_kind way;
	char service[STATE_SERVICE_MAX];
	uint8_t mac[OTC_MAC];
	struct moment sent;
	unsigned wrong;
	unsigned used;		/* 0, 1: kept to say so, should it come again */
};

#define TRUST_MAX 5		/* of a person; then the oldest goes */
#define TRUST_ID_MAX 9		/* bytes, NUL included */
#define TRUST_OF_MAX 56		/* bytes, NUL included */
#define TRUST_SEAL_LEN 32	/* bytes */
#define TRUST_FROM_MAX 46	/* bytes, NUL included */

struct trust {
	char id[TRUST_ID_MAX];
	char of[TRUST_OF_MAX];
	char service[STATE_SERVICE_MAX];
	char from[TRUST_FROM_MAX];	/* when_address; "" = not known */
	struct moment since;
	uint32_t lasts;
	int64_t used_at;	/* 0 = never */
	uint8_t seal[TRUST_SEAL_LEN];
};

/* All zero: there was none, or it is over and done with. */
struct reset {
	struct moment at;
	bool told;
};

struct pass {
	struct recovery_one code;
	struct moment since;
	uint32_t lasts;		/* seconds; 0 = there is none */
};

struct state {
	uint32_t failures;
	struct moment failed;		/* the last failure */
	struct reset reset;
	struct app_failures app;
	struct factor_state factor[RECORD_FACTORS_MAX];
	size_t n;
	struct sent_code code;		/* the newest */
	struct sent_code before;	/* still good: does the newest come? */
	struct trust trust[TRUST_MAX];
	size_t trusts;
	struct pass pass;
};

/*
 * MFA_ESYNTAX, MFA_ERANGE with the line in why; MFA_ENOMEM. len 0 is a fresh
 * state.
 */
enum mfa_err state_parse(const char *text, size_t len, struct state *ret,
    struct mfa_why *) MFA_MUST_CHECK;

enum mfa_err state_format(const struct state *, struct buf *ret)
    MFA_MUST_CHECK;

/*
 * Drops the entries of factors that are gone, a code sent to one too, and adds
 * fresh ones (next = the HOTP counter, else 0), so that entry i belongs to
 * factor i of the record. If there was any such change, nothing is trusted any
 * more.
 */
void state_align(struct state *, const struct record *);

/* Is there one that counts? */
bool state_was_reset(const struct reset *);

/*
 * They know of it now: Unix time of the reset, or 0 if there was none to be
 * told. With enrolled, they have a factor again, and it is forgotten; else the
 * time to enrol is still counted from it.
 */
int64_t state_tell_reset(struct state *, bool enrolled);

/*
 * A code is under way, in place of those before; but if it may not come, one
 * of them stays good beside it.
 */
void state_put_code(struct state *, const struct sent_code *, bool unclear,
    const struct mfa_time *now);

/*
 * None is under way any more. used: the one that was right, which is kept so
 * that it is known when it is typed again; or NULL.
 */
void state_end_codes(struct state *, const struct sent_code *used);

/* Sent in this boot, and not too long ago? */
bool state_code_recent(const struct sent_code *, const struct mfa_time *now);

/* May it still be typed: recent, and neither tried out nor used? */
bool state_code_open(const struct sent_code *, const struct mfa_time *now);

/* Is there a pass, and is it good now? */
bool state_pass_open(const struct pass *, const struct mfa_time *now);

/*
 * By which methods of the record somebody can answer, where those in the set
 * accepted are; by an open pass, if they have none of them, as by a recovery
 * code.
 */
unsigned state_methods(const struct state *, const struct record *,
    unsigned accepted, const struct mfa_time *now);

#endif
