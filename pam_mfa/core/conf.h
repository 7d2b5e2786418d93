/*
 * mfa.conf: one table of keys (conf.c), one struct, no lenience. An unknown
 * key, section or word, a number out of bounds, a key set twice in one
 * section: refused with file, line, and the nearest right word.
 *
 * Keys before the first heading hold for the host. [service NAME] and
 * [group NAME] override, for logins through that PAM service and for members
 * of that group, the keys that the table allows there; so does [policy NAME],
 * for logins that meet its conditions (core/when.h).
 */
#ifndef MFA_CONF_H
#define MFA_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "language.h"
#include "sending.h"
#include "when.h"

#define CONF_FILE "/etc/mfa/mfa.conf"
#define CONF_PATH_MAX 256	/* bytes, NUL included */
#define CONF_RULES_MAX 64	/* sections in all */
#define CONF_POLICIES_MAX 32	/* [policy] sections of them */
#define CONF_GROUPS_MAX 64	/* different groups that are named */
#define CONF_NAME_MAX 128	/* bytes of a name, NUL included */

enum conf_store { CONF_STORE_SYSTEM, CONF_STORE_HOME };

/* Where the password stands in the PAM stack. */
enum conf_first_factor {
	CONF_BEFORE,	/* a module before us refused a wrong one: we talk */
	CONF_AFTER,	/* it comes later: all refusals must look alike */
	CONF_JOINED,	/* typed in one answer with the code; checked later */
};

enum conf_no_yes { CONF_NO, CONF_YES };

enum conf_not_enrolled { CONF_DENY, CONF_ALLOW, CONF_ENROL };

/* How an enrolment at login shows the key of an app. */
enum conf_qr { CONF_QR_UTF8, CONF_QR_ASCII, CONF_QR_NONE };

/* What a [policy] section says; ENROL becomes ASK with not_enrolled = enrol. */
enum conf_then { CONF_THEN_ASK, CONF_THEN_SKIP, CONF_THEN_ENROL,
    CONF_THEN_DENY };

/* Kinds of factors that a person must have: a set; "any" is the empty one. */
enum conf_kinds { CONF_APP = 1, CONF_PHONE = 2 };

/* What may differ per service, some of it per group. */
struct conf_login {
	enum conf_first_factor first_factor;
	enum conf_not_enrolled not_enrolled;
	enum conf_then then;
	unsigned require_enrolled;	/* enum conf_kinds */
	unsigned deadline;	/* last day without, core/date.h; 0 = none */
	unsigned methods;	/* a list of core/method.h: which may be used */
	unsigned tries;		/* codes evaluated in one login, 1-10 */
	unsigned time_limit;	/* seconds for the whole dialogue, 10-600 */
	unsigned enrol_time;	/* seconds for an enrolment in it, 60-3600 */
	unsigned enrol_after_reset;	/* seconds; 0 = a reset opens none */
	enum conf_qr qr;
	unsigned window_back;	/* steps of a TOTP, 0-10 */
	unsigned window_ahead;	/* steps of a TOTP, 0-10 */
	unsigned look_ahead;	/* counters of a HOTP, 0-20 */
	unsigned drift_max;	/* steps a TOTP's clock is learned off, 0-4 */
	enum language language;	/* of people who have not chosen */
	unsigned ascii;		/* 1: the program can show nothing else */
	enum conf_no_yes app_passwords;	/* one instead of password and code */
	unsigned remember;	/* seconds a key of sshd's is; 0 = not */
	unsigned remember_sk;	/* only security keys are: 0, 1 */
	unsigned remember_prefix;	/* CONF_PREFIX; 0 = from anywhere */
	unsigned grace;		/* seconds for a session; 0 = none, to 900 */
};

/* Guesses, counted per person over all services (RFC 4226 7.3). */
struct conf_limit {
	unsigned free_failures;	/* before the first wait, 1-20 */
	unsigned delay_first;	/* seconds, doubling */
	unsigned delay_max;	/* seconds */
	unsigned lock_after;	/* in a row, 2-100 (SP 800-63B-4 3.2.2) */
};

/* A prefix "24 56": bits of IPv4 addresses, 1-32, and of IPv6, 1-128. */
#define CONF_PREFIX(v4, v6) ((v4) << 8 | (v6))
#define CONF_PREFIX_V4(prefix) ((prefix) >> 8)
#define CONF_PREFIX_V6(prefix) ((prefix) & 0xff)

#define CONF_TEXT_MAX 512	/* bytes of a list or a text, NUL included */

/* Codes by SMS and call: who carries them, where to, and in which words. */
struct conf_send {
	char senders[CONF_TEXT_MAX];	/* profiles, a blank between */
	char dir[CONF_PATH_MAX];	/* of the profiles */
	char program[CONF_PATH_MAX];	/* mfa-send */
	char run_as[65];		/* the account it becomes */
	unsigned time;			/* seconds for handing one over */
	char numbers[CONF_TEXT_MAX];	/* where to: phone_allowed */
	char country[3];		/* of numbers without one; "" = none */
	char template[SENDING_KINDS][LANGUAGES][CONF_TEXT_MAX];
	char webotp[129];		/* domain; "" = no such line */
};

/* How many messages; core/quota.h. */
struct conf_quota {
	unsigned resend_after;		/* seconds, doubling */
	unsigned user_hourly, user_daily;
	unsigned number_burst;		/* in ten minutes */
	unsigned call_every;		/* seconds between calls to a person */
	unsigned range_daily;		/* numbers alike but for four digits */
	unsigned host_hourly, host_daily;
};

#define CONF_FILES_MAX 16	/* whose names are kept */
#define CONF_KEYS_MAX 64	/* at least as many as there are */
#define CONF_WHERE_MAX 320	/* bytes of "FILE:LINE", NUL included */

/* Where each key was set, for who has to change it. line 0: it was not. */
struct conf_places {
	struct { unsigned short file, line; }
	    key[CONF_RULES_MAX + 1][CONF_KEYS_MAX];	/* [0]: the host's */
	char file[CONF_FILES_MAX][CONF_WHERE_MAX - 8];
	unsigned short files;
};

enum conf_rule_kind { CONF_SERVICE, CONF_GROUP, CONF_POLICY };

struct conf_rule {
	enum conf_rule_kind kind;
	char name[CONF_NAME_MAX];	/* of the service, group or policy */
	uint64_t set;		/* bit i: row i of the key table was given */
	struct conf_login login;
	size_t when;		/* POLICY: its conditions are when[when] */
};

struct mfa_conf {
	enum conf_store store;
	char users[CONF_PATH_MAX];	/* directory of the factors */
	char host_key[CONF_PATH_MAX];	/* file of the keys that seal factors */
	char state[CONF_PATH_MAX];	/* directory of what moves */
	char issuer[65];		/* shown by an app; "" = host name */
	char openssl_config[CONF_PATH_MAX];	/* "" = none is read */
	char mail_program[CONF_PATH_MAX];	/* sendmail; "" = no mail */
	char qr_program[CONF_PATH_MAX];	/* mfactl */
	char home_program[CONF_PATH_MAX];	/* mfactl, for store = home */
	struct conf_limit limit;
	struct conf_send send;
	struct conf_quota quota;
	struct conf_login login;	/* the host's own values */
	struct conf_rule rule[CONF_RULES_MAX];	/* in order of appearance */
	size_t nrules;
	struct when when[CONF_POLICIES_MAX];
	size_t npolicies;
	char group[CONF_GROUPS_MAX][CONF_NAME_MAX];	/* all that are named */
	size_t ngroups;
	struct conf_places places;
};

/* One row of the table, for the lint, the man page and mfactl. */
struct conf_key {
	const char *name;
	const char *value;	/* the default, as written in mfa.conf */
	/*
	 * "number", "seconds", "path", "text", "names", "numbers", "country",
	 * "template", "domain", "account", "methods", "date", "prefix", or the
	 * words: "deny allow"
	 */
	const char *kind;
	uint64_t min, max;	/* of a number or of seconds */
	bool service, group, policy;	/* may it stand in such a section? */
};

/* Row i, or NULL after the last. */
const struct conf_key *conf_key(size_t i);

/* Every key at its default. */
void conf_init(struct mfa_conf *);

/*
 * Adds the text of one file; what it sets wins over what was set before.
 * file is only named in why. MFA_ESYNTAX, MFA_ERANGE; conf is then unusable.
 */
enum mfa_err conf_parse(struct mfa_conf *, const char *file, const char *text,
    size_t len, struct mfa_why *) MFA_MUST_CHECK;

/* What an SMS or a call says; English for a language that has no such key. */
const char *conf_template(const struct conf_send *, enum sending_kind,
    enum language);

/*
 * After the last file: what must hold between keys (delay_first <= delay_max,
 * free_failures < lock_after, templates with webotp in one segment, app
 * passwords in place of everything else and not for all services).
 * MFA_ERANGE.
 */
enum mfa_err conf_finish(const struct mfa_conf *, struct mfa_why *)
    MFA_MUST_CHECK;

/* Adds one, if it is not there. MFA_ERANGE: too many are named. */
enum mfa_err conf_name_group(struct mfa_conf *, const char *name,
    struct mfa_why *) MFA_MUST_CHECK;

/* The place of a group in conf->group, or -1. */
int conf_group_index(const struct mfa_conf *, const char *name);

/*
 * "FILE:LINE" where a section (NULL: the host's part) sets the key, into dst;
 * "" if it does not, or nobody knows. Returns dst.
 */
char *conf_where(const struct mfa_conf *, const struct conf_rule *,
    const char *key, char dst[static CONF_WHERE_MAX]);

/* "service", "group", "policy" */
const char *conf_rule_kind_name(enum conf_rule_kind);

/*
 * Is this a section for the login? UNKNOWN: it cannot be told. *ret_key, if
 * it is not NULL, is for a [policy] the condition that decided, if one did.
 */
enum when_met conf_rule_met(const struct mfa_conf *, const struct conf_rule *,
    const struct when_login *, enum when_key *ret_key);

/*
 * The values for one login. Every [service] and [group] section that is the
 * login's overrides the host's values, and then, of the [policy] sections, the
 * first whose conditions are met. Where several [service] and [group] sections
 * set the same key, the strictest wins. A section of which it cannot be told
 * whether it holds only makes each value stricter. Where app_passwords is yes,
 * first_factor is CONF_BEFORE: there is none. Returns the policy that is met,
 * or NULL.
 */
const struct conf_rule *conf_login_for(const struct mfa_conf *,
    const struct when_login *, struct conf_login *ret);

/*
 * The section from which a key of struct conf_login has its value; NULL: set
 * for the host, or the default.
 */
const struct conf_rule *conf_origin(const struct mfa_conf *,
    const struct when_login *, const char *key);

/* The value of such a key, as it would be written, into dst. Returns dst. */
char *conf_value(const struct conf_login *, const char *key, char *dst,
    size_t cap);

/* The values of a service, for people in no group, without any policy. */
void conf_service(const struct mfa_conf *, const char *service,
    struct conf_login *ret);

/* Can a login through this service be let in without a code? */
bool conf_exempts(const struct mfa_conf *, const char *service);

#endif
