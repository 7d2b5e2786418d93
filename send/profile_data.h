/* A profile in memory, for the files that make, check, use and judge by it. */
#ifndef MFA_SEND_PROFILE_DATA_H
#define MFA_SEND_PROFILE_DATA_H

#include <jansson.h>

#include "../pam_mfa/core/template.h"
#include "place.h"
#include "profile.h"

#define PROFILE_SECTIONS_MAX 48
#define PROFILE_LINES_MAX 96	/* of a section */

enum profile_key {
	KEY_OWN,	/* the administrator's, of [value] [secret] [map] */
	/* [profile] */
	KEY_CONNECT_LIMIT, KEY_TOTAL_LIMIT, KEY_CA_FILE, KEY_CLIENT_CERT,
	KEY_CLIENT_KEY, KEY_PROXY, KEY_ALLOW_HTTP, KEY_SECRET_IN_URL,
	/* the message */
	KEY_EXEC, KEY_TO_FORMAT, KEY_MAX_SEGMENTS,
	/* the request */
	KEY_METHOD, KEY_URL, KEY_QUERY, KEY_HEADER, KEY_BASIC, KEY_SIGV4,
	KEY_SIGV4_ID, KEY_SIGV4_KEY, KEY_FORM, KEY_JSON, KEY_XML, KEY_TEXT,
	/* the answer */
	KEY_OK_STATUS, KEY_OK, KEY_ID, KEY_ERROR_CODE, KEY_ERROR_TEXT,
	/* in the order of enum sending_class */
	KEY_TRANSIENT_STATUS, KEY_PERMANENT_STATUS, KEY_CONFIG_STATUS,
	KEY_QUOTA_STATUS,
	KEY_TRANSIENT_CODE, KEY_PERMANENT_CODE, KEY_CONFIG_CODE,
	KEY_QUOTA_CODE,
};

enum profile_section_kind { SECTION_PROFILE, SECTION_VALUE, SECTION_SECRET,
    SECTION_MAP, SECTION_PART, SECTION_SMS, SECTION_VOICE, SECTION_OAUTH2 };

/* One "key = value", or "form = NAME = value", taken apart. */
struct profile_line {
	enum profile_key key;
	unsigned number;
	char *name;	/* the key; NAME of form, query, header; "value.NAME" */
	char *value;
};

/* The first of these that is there counts. */
struct profile_places {
	struct place *place;
	size_t n;
};

struct profile_section {
	enum profile_section_kind kind;
	char arg[64];		/* of [map ARG]; "test" of [sms test]; "" */
	char title[80];		/* "part.ARG", as templates call it */
	unsigned number;	/* the heading's line */
	struct profile_line *line;
	size_t nlines;
	/* Made from the lines by profile_check: */
	json_t *json;		/* the json lines, parsed; NULL = none */
	struct place id;
	struct profile_places code, text;
	struct rule *ok;
	size_t nok;
	unsigned max_segments;	/* 0 = any number */
};

struct profile {
	char *file;
	struct profile_section section[PROFILE_SECTIONS_MAX];
	size_t nsections;
	struct buf *secret;	/* for each line of [secret], or none yet */
	size_t nsecrets;
	struct buf client_key;		/* PEM; empty = none */
	const struct profile_section *main;	/* [sms] or [voice] */
	const struct profile_section *test;	/* [... test]; NULL = none */
	unsigned connect_ms, total_ms;
};

/* NULL if there is none. */
const struct profile_section *profile_section(const struct profile *,
    enum profile_section_kind, const char *arg);

/* The first line with this key after the one given (NULL: of all), or NULL. */
const struct profile_line *profile_next(const struct profile_section *,
    enum profile_key, const struct profile_line *after);

/* The value of a key that stands once at most; NULL if it does not. */
const char *profile_value(const struct profile_section *, enum profile_key);

/* "FILE:LINE: " and the sentence into why; returns the error. */
enum mfa_err profile_fail(const struct profile *, unsigned line,
    struct mfa_why *, enum mfa_err, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* profile_keys.c: the words. MFA_ESYNTAX with the nearest right one. */
enum mfa_err profile_section_named(const char *word,
    enum profile_section_kind *ret, struct mfa_why *) MFA_MUST_CHECK;
const char *profile_section_name(enum profile_section_kind);
bool profile_section_has_arg(enum profile_section_kind);
enum mfa_err profile_key_named(enum profile_section_kind, const char *word,
    enum profile_key *ret, struct mfa_why *) MFA_MUST_CHECK;
bool profile_key_repeats(enum profile_key);
char profile_key_separator(enum profile_key);	/* behind NAME; 0 = no NAME */

/*
 * profile_check.c: makes what the sections make up, and refuses what cannot
 * work. profile_answer.c: the same for what they say about the answer.
 */
enum mfa_err profile_check(struct profile *, struct mfa_why *) MFA_MUST_CHECK;
enum mfa_err profile_check_answer(const struct profile *,
    struct profile_section *, struct mfa_why *) MFA_MUST_CHECK;

/* Does a list such as "429 5xx" hold this status? */
bool profile_status_listed(const char *list, unsigned status);

/* profile_secret.c: the files that [secret] and client_key name. */
enum mfa_err profile_check_secrets(const struct profile *, struct mfa_why *)
    MFA_MUST_CHECK;
enum mfa_err profile_read_secrets(struct profile *,
    const struct profile_source *, struct mfa_why *) MFA_MUST_CHECK;

/*
 * profile_url.c: "https://HOST/..." without a value in front of the path, or
 * http:// where that is let. Of a url or a proxy line.
 */
enum mfa_err profile_check_url(const struct profile *,
    const struct profile_line *, struct mfa_why *) MFA_MUST_CHECK;

/* A key of [profile]; "" if it does not stand there. */
const char *profile_setting(const struct profile *, enum profile_key);

/* profile_body.c: the body that json, xml or text lines make up. */
enum mfa_err profile_body_check(const struct profile *,
    struct profile_section *, const struct template_env *, struct mfa_why *)
    MFA_MUST_CHECK;
enum mfa_err profile_body_put(const struct profile *,
    const struct profile_section *, const struct template_env *,
    struct buf *ret, struct mfa_why *) MFA_MUST_CHECK;

/* Which values go into a request. */
struct profile_use {
	const struct profile *p;
	const struct profile_section *s;	/* [oauth2] knows no message */
	const struct sending_request *req;	/* NULL: names alone */
	const char *token;	/* NULL: none */
	bool masked;		/* names instead of secrets */
};

struct profile_env {
	struct template_env env;
	struct template_value *value, *pair;
	struct template_map map[PROFILE_SECTIONS_MAX];
	struct buf *own;	/* what was made for it */
	size_t nown;
};

/*
 * profile_env.c: all values in the order [value], [secret], the message's,
 * {token}, [part]s. A part knows only the parts above it, and before its own
 * text was made it is not in the env. Free with profile_env_free, also after
 * a failure.
 */
enum mfa_err profile_env_fill(const struct profile_use *,
    struct profile_env *ret, struct mfa_why *) MFA_MUST_CHECK;
void profile_env_free(struct profile_env *);

#endif
