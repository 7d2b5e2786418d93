/*
 * A person's factors, as they lie in /etc/mfa/users/NAME or ~/.mfa/factors:
 *
 *	version = 1
 *	language = ja			the person's; may be left out
 *	first = sms			totp, sms or voice; may be left out
 *	[factor totp-k3fq]
 *	kind = totp			totp, hotp, recovery, phone or app
 *	label = Phone
 *	created = 1790000000		Unix time
 *	secret = JBSW...		totp, hotp: base 32
 *	algorithm = SHA1		totp, hotp: SHA1, SHA256, SHA512
 *	digits = 6			totp, hotp
 *	period = 30			totp
 *	counter = 0			hotp
 *	salt = 00..			recovery, app: hex
 *	iterations = 20000		recovery
 *	code1 = 00..			recovery: hex; to code10
 *	number = +819000001234		phone: E.164
 *	extension = 123			phone: dialled after the answer
 *	ways = sms voice		phone: how codes reach it, one or both
 *	key = 00..			phone: hex, of the hashes of its codes
 *	hash = 00..			app: hex
 *	services = imap smtp		app: where it is good
 *	expires = 1790000000		app: Unix time, 0 for never
 *
 * "version" comes first. Each key of a kind is given, once; others are refused.
 */
#ifndef MFA_RECORD_H
#define MFA_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app.h"
#include "buf.h"
#include "err.h"
#include "method.h"
#include "otc.h"
#include "phone.h"
#include "recovery.h"
#include "sending.h"
#include "totp.h"

#define RECORD_FACTORS_MAX 16
#define RECORD_ID_MAX 24	/* bytes, NUL included; a-z 0-9 '-' */
#define RECORD_LABEL_MAX 65	/* bytes, NUL included; no control bytes */
#define RECORD_LANGUAGE_MAX 3	/* bytes, NUL included; a language we speak */

enum factor_kind { FACTOR_TOTP, FACTOR_HOTP, FACTOR_RECOVERY, FACTOR_PHONE,
    FACTOR_APP };
#define FACTOR_KINDS 5

struct phone_factor {
	char number[PHONE_MAX + 1];		/* E.164 */
	char extension[PHONE_EXT_MAX + 1];	/* "" = none */
	bool way[SENDING_KINDS];		/* may it be reached so? */
	uint8_t key[OTC_KEY];			/* random */
};

/* What a person is asked for before they choose. */
enum record_first { RECORD_FIRST_NONE, RECORD_FIRST_TOTP, RECORD_FIRST_SMS,
    RECORD_FIRST_VOICE };

struct factor {
	char id[RECORD_ID_MAX];
	enum factor_kind kind;
	char label[RECORD_LABEL_MAX];
	int64_t created;
	struct otp_key otp;		/* totp, hotp */
	struct recovery_set recovery;	/* recovery */
	struct phone_factor phone;	/* phone */
	struct app_password app;	/* app */
};

struct record {
	struct factor *factor;	/* n of them; owned, secret */
	size_t n;		/* at most RECORD_FACTORS_MAX */
	char language[RECORD_LANGUAGE_MAX];	/* "" = the host's */
	enum record_first first;
};

/* "totp", "hotp", "recovery", "phone", "app" */
const char *factor_kind_name(enum factor_kind);

/* A key in an app or a token? */
bool factor_is_otp(enum factor_kind);

/*
 * Has the person what this door takes? An app password is taken at doors for
 * app passwords, which take nothing else; it is nobody's second factor.
 */
bool record_opens(const struct record *, bool app_passwords);
/* How a factor of a kind answers; way counts for a phone. */
enum method factor_method(enum factor_kind, enum sending_kind way);

/* The set of methods by which somebody with these factors can answer. */
unsigned record_methods(const struct record *);

/* "", "totp", "sms", "voice"; and the way back: MFA_ESYNTAX for another. */
const char *record_first_name(enum record_first);
enum mfa_err record_first_named(const char *, enum record_first *ret)
    MFA_MUST_CHECK;

/*
 * MFA_ESYNTAX, MFA_ERANGE with the line in why; MFA_ENOMEM. A record without
 * a factor is an error: no file is how "none" is written. Free with
 * record_free, which wipes and leaves an empty record.
 */
enum mfa_err record_parse(const char *text, size_t len, struct record *ret,
    struct mfa_why *) MFA_MUST_CHECK;
void record_free(struct record *);

/*
 * Wipes what answers are compared with, for what only has to know which
 * factors there are: not to be formatted any more.
 */
void record_forget(struct record *);

/* Appends the text that record_parse reads back as the same record. */
enum mfa_err record_format(const struct record *, struct buf *ret)
    MFA_MUST_CHECK;

/*
 * Appends a copy. MFA_ERANGE when full, MFA_EEXIST when the id is taken,
 * MFA_ENOMEM; the record is then as it was.
 */
enum mfa_err record_add(struct record *, const struct factor *) MFA_MUST_CHECK;

/* Takes factor i out and wipes it. */
void record_remove(struct record *, size_t i);

/* The factor with exactly that id, or NULL: a label may be anything. */
const struct factor *record_by_id(const struct record *, const char *id);

/*
 * The factor with that id, else with that label (any ASCII case). MFA_ENOENT;
 * MFA_ERANGE if two labels match. *ret_i is its place.
 */
enum mfa_err record_find(const struct record *, const char *id_or_label,
    size_t *ret_i) MFA_MUST_CHECK;

/*
 * A new id: the kind, '-', four characters a-z 2-7 from 3 random bytes.
 * Not yet in the record? The caller asks again with other bytes if it is.
 */
void record_new_id(enum factor_kind, const uint8_t random[static 3],
    char ret_id[static RECORD_ID_MAX]);

#endif
