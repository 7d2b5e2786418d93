/*
 * What is let in without a code for a while, because a right code was typed
 * with it: a public key that sshd verified, or a session on a terminal.
 *
 * A record counts only as long as its seal fits: an HMAC-SHA-256 by a key of
 * this host over everything that it says, the person's name, and the ids of
 * their factors. So one that was copied to another person, host or service, or
 * changed, is nothing; and any new enrolment or removal ends all of them.
 */
#ifndef MFA_TRUST_H
#define MFA_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "crypto.h"
#include "err.h"
#include "record.h"
#include "state.h"

#define TRUST_KEY 32	/* bytes of the host's key */

/* Whose records these are, and by which key. */
struct trust_scope {
	struct crypto *crypto;
	const uint8_t *key;		/* TRUST_KEY bytes */
	const char *user;
	const struct record *record;	/* with at least one factor */
};

/* A record that is asked for. */
struct trust_claim {
	char of[TRUST_OF_MAX];		/* "" = none */
	char service[STATE_SERVICE_MAX];	/* text_field */
	uint32_t lasts;			/* seconds, as configured now */
	unsigned prefix;		/* CONF_PREFIX as now; 0 = anywhere */
	char from[TRUST_FROM_MAX];	/* of this login; "" = no address */
};

/*
 * The fingerprint, as "ssh-keygen -l" shows it (SHA256:...), of the first
 * public key in SSH_AUTH_INFO_0 (lines "publickey TYPE BASE64"); only_sk: if
 * that is a security key's. MFA_ENOENT: there is none. MFA_ESYNTAX,
 * MFA_ECRYPTO, MFA_ENOMEM.
 */
enum mfa_err trust_fingerprint(struct crypto *, const char *auth_info,
    bool only_sk, char ret[static TRUST_OF_MAX]) MFA_MUST_CHECK;

/* The same of a session, as os_session describes it: "SESSION:...". */
enum mfa_err trust_session(struct crypto *, const char *session,
    char ret[static TRUST_OF_MAX]) MFA_MUST_CHECK;

/*
 * Does the program behind it tell which key a person has? By this name, and
 * "sshd-..." as several of them are told apart.
 */
bool trust_is_sshd(const char *service);

/* Of a public key, and not a session? */
bool trust_is_key(const struct trust *);

/*
 * *ret: is it genuine, and its time not over? It counts no longer than
 * lasts, what is configured now, either. MFA_ECRYPTO, MFA_ENOMEM.
 */
enum mfa_err trust_check(const struct trust_scope *, const struct trust *,
    uint32_t lasts, const struct mfa_time *now, bool *ret) MFA_MUST_CHECK;

/*
 * Is there a record of the claim, genuine or not? With a prefix only one that
 * was made in the network of this login.
 */
bool trust_claimed(const struct state *, const struct trust_claim *);

/*
 * The genuine record of the claim: its place. MFA_ENOENT: none, or its time
 * is over; else as trust_check.
 */
enum mfa_err trust_find(const struct trust_scope *, const struct state *,
    const struct trust_claim *, const struct mfa_time *now, size_t *ret_i)
    MFA_MUST_CHECK;

/*
 * A new record from now on, in place of those of the same claim, or of the
 * oldest if TRUST_MAX still run. MFA_ECRYPTO, MFA_ENOMEM.
 */
enum mfa_err trust_add(const struct trust_scope *, struct state *,
    const struct trust_claim *, const struct mfa_time *now) MFA_MUST_CHECK;

/* Takes record i out. */
void trust_remove(struct state *, size_t i);

#endif
