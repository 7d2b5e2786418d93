/* The table of mfa.conf's keys. */
#include <stdio.h>
#include <string.h>

#include "conf_key.h"
#include "country.h"
#include "date.h"
#include "message.h"
#include "method.h"
#include "phone.h"
#include "text.h"

/* The Makefile's; a tree that is built by hand has this. */
#ifndef MFA_PREFIX
#define MFA_PREFIX "/usr"
#endif

#define HOST(field) offsetof(struct mfa_conf, field)
#define LOGIN(field) offsetof(struct conf_login, field)
#define SIZE(field) sizeof(((struct mfa_conf *)0)->field)
#define NAMED(field) .offset = HOST(field), .cap = SIZE(field)

static enum mfa_err
check_country(const char *s, struct mfa_why *why)
{
	if (*s == '\0' || (strlen(s) == 2 && country_find(s) != NULL))
		return MFA_OK;
	return mfa_fail(why, MFA_ESYNTAX, "expected an ISO 3166 code such as "
	    "JP");
}

static enum mfa_err
check_account(const char *s, struct mfa_why *why)
{
	if (*s != '\0' && strpbrk(s, " \t:/") == NULL)
		return MFA_OK;
	return mfa_fail(why, MFA_ESYNTAX, "expected the name of an account");
}

static enum mfa_err
check_domain(const char *s, struct mfa_why *why)
{
	for (; *s != '\0'; s++)
		if (!text_is_alnum(*s) && *s != '-' && *s != '.')
			return mfa_fail(why, MFA_ESYNTAX, "expected a domain "
			    "such as example.com");
	return MFA_OK;
}

static enum mfa_err
check_sms(const char *s, struct mfa_why *why)
{
	return message_check(SENDING_SMS, s, "", why);
}

static enum mfa_err
check_voice(const char *s, struct mfa_why *why)
{
	return message_check(SENDING_VOICE, s, "", why);
}

#define NUMBER(a, b) .key.kind = "number", .key.min = (a), .key.max = (b)
#define SECONDS(a, b) .key.kind = "seconds", .key.min = (a), .key.max = (b)
#define ROW(n, v) .key.name = (n), .key.value = (v)
#define PER_SERVICE .key.service = true, .key.policy = true
#define PER_GROUP PER_SERVICE, .key.group = true

static const struct conf_row rows[] = {
	{ ROW("store", "system"), .key.kind = "system home",
	    .offset = HOST(store) },
	{ ROW("home_program", MFA_PREFIX "/bin/mfactl"), .key.kind = "path",
	    NAMED(home_program) },
	{ ROW("users", "/etc/mfa/users"), .key.kind = "path", NAMED(users) },
	{ ROW("host_key", "/etc/mfa/host.key"), .key.kind = "path",
	    NAMED(host_key) },
	{ ROW("state", "/var/lib/mfa"), .key.kind = "path", NAMED(state) },
	{ ROW("issuer", ""), .key.kind = "text", NAMED(issuer) },
	{ ROW("qr_program", MFA_PREFIX "/bin/mfactl"), .key.kind = "path",
	    NAMED(qr_program) },
	{ ROW("openssl_config", ""), .key.kind = "path",
	    NAMED(openssl_config) },
	{ ROW("free_failures", "5"), NUMBER(1, 20),
	    .offset = HOST(limit.free_failures) },
	{ ROW("delay_first", "30s"), SECONDS(1, 3600),
	    .offset = HOST(limit.delay_first) },
	{ ROW("delay_max", "1h"), SECONDS(1, 86400),
	    .offset = HOST(limit.delay_max) },
	{ ROW("lock_after", "50"), NUMBER(2, 100),
	    .offset = HOST(limit.lock_after) },
	{ ROW("first_factor", "before"), .key.kind = "before after joined",
	    .key.service = true, .offset = LOGIN(first_factor) },
	{ ROW("app_passwords", "no"), .key.kind = "no yes",
	    .key.service = true, .offset = LOGIN(app_passwords) },
	{ ROW("not_enrolled", "deny"), .key.kind = "deny allow enrol",
	    PER_GROUP, .offset = LOGIN(not_enrolled) },
	{ ROW("require_enrolled", "any"), .key.kind = "any app phone app+phone",
	    PER_GROUP, .offset = LOGIN(require_enrolled) },
	{ ROW("deadline", ""), .key.kind = "date", PER_GROUP,
	    .offset = LOGIN(deadline) },
	{ ROW("then", "ask"), .key.kind = "ask skip enrol deny",
	    PER_GROUP, .offset = LOGIN(then) },
	{ ROW("methods", "totp, sms, call, recovery"), .key.kind = "methods",
	    PER_GROUP, .offset = LOGIN(methods) },
	{ ROW("tries", "3"), NUMBER(1, 10), PER_SERVICE,
	    .offset = LOGIN(tries) },
	{ ROW("time_limit", "2m"), SECONDS(10, 600), PER_SERVICE,
	    .offset = LOGIN(time_limit) },
	{ ROW("enrol_time", "10m"), SECONDS(60, 3600), PER_SERVICE,
	    .offset = LOGIN(enrol_time) },
	{ ROW("enrol_after_reset", "24h"), SECONDS(0, 2592000), PER_GROUP,
	    .offset = LOGIN(enrol_after_reset) },
	{ ROW("qr", "utf8"), .key.kind = "utf8 ascii none", PER_SERVICE,
	    .offset = LOGIN(qr) },
	{ ROW("window_back", "1"), NUMBER(0, 10), PER_SERVICE,
	    .offset = LOGIN(window_back) },
	{ ROW("window_ahead", "1"), NUMBER(0, 10), PER_SERVICE,
	    .offset = LOGIN(window_ahead) },
	{ ROW("look_ahead", "10"), NUMBER(0, 20), PER_SERVICE,
	    .offset = LOGIN(look_ahead) },
	{ ROW("drift_max", "2"), NUMBER(0, 4), PER_SERVICE,
	    .offset = LOGIN(drift_max) },
	{ ROW("language", "en"), .key.kind = LANGUAGE_WORDS, PER_SERVICE,
	    .offset = LOGIN(language) },
	{ ROW("ascii", "no"), .key.kind = "no yes", PER_SERVICE,
	    .offset = LOGIN(ascii) },
	{ ROW("senders", ""), .key.kind = "names", NAMED(send.senders) },
	{ ROW("senders_dir", "/etc/mfa/senders"), .key.kind = "path",
	    NAMED(send.dir) },
	{ ROW("sender_program", MFA_PREFIX "/libexec/pam_mfa/mfa-send"),
	    .key.kind = "path", NAMED(send.program) },
	{ ROW("sender_user", "mfa-send"), .key.kind = "account",
	    NAMED(send.run_as), .check = check_account },
	{ ROW("send_time", "10s"), SECONDS(1, 60),
	    .offset = HOST(send.time) },
	{ ROW("numbers", ""), .key.kind = "numbers", NAMED(send.numbers),
	    .check = phone_prefixes_valid },
	{ ROW("country", ""), .key.kind = "country", NAMED(send.country),
	    .check = check_country },
	{ ROW("sms_en", "Login to {host}. Never tell anybody this code, which "
	    "is good for {minutes} minutes: {code}"), .key.kind = "template",
	    NAMED(send.template[SENDING_SMS][LANGUAGE_EN]),
	    .check = check_sms },
	{ ROW("sms_ja", "{host}のログイン確認コード({minutes}分間有効)です。"
	    "誰にも教えないでください: {code}"), .key.kind = "template",
	    NAMED(send.template[SENDING_SMS][LANGUAGE_JA]),
	    .check = check_sms },
	{ ROW("voice_en", "Your login code is {code|spaced:, }. Again: "
	    "{code|spaced:, }. Goodbye."), .key.kind = "template",
	    NAMED(send.template[SENDING_VOICE][LANGUAGE_EN]),
	    .check = check_voice },
	{ ROW("voice_ja", "ログインの確認コードは、{code|spaced:、}、です。繰り"
	    "返します。{code|spaced:、}、です。"), .key.kind = "template",
	    NAMED(send.template[SENDING_VOICE][LANGUAGE_JA]),
	    .check = check_voice },
	{ ROW("webotp", ""), .key.kind = "domain", NAMED(send.webotp),
	    .check = check_domain },
	{ ROW("resend_after", "30s"), SECONDS(1, 3600),
	    .offset = HOST(quota.resend_after) },
	{ ROW("user_hourly", "5"), NUMBER(0, 100),
	    .offset = HOST(quota.user_hourly) },
	{ ROW("user_daily", "10"), NUMBER(0, 1000),
	    .offset = HOST(quota.user_daily) },
	{ ROW("number_burst", "3"), NUMBER(0, 100),
	    .offset = HOST(quota.number_burst) },
	{ ROW("call_every", "10m"), SECONDS(0, 86400),
	    .offset = HOST(quota.call_every) },
	{ ROW("range_daily", "100"), NUMBER(0, 10000),
	    .offset = HOST(quota.range_daily) },
	{ ROW("host_hourly", "200"), NUMBER(0, 10000),
	    .offset = HOST(quota.host_hourly) },
	{ ROW("host_daily", "1000"), NUMBER(0, 10000),
	    .offset = HOST(quota.host_daily) },
	{ ROW("remember", "0"), SECONDS(0, 90 * 86400), PER_SERVICE,
	    .offset = LOGIN(remember) },
	{ ROW("remember_sk", "no"), .key.kind = "no yes", PER_SERVICE,
	    .offset = LOGIN(remember_sk) },
	{ ROW("remember_prefix", ""), .key.kind = "prefix", PER_SERVICE,
	    .offset = LOGIN(remember_prefix) },
	{ ROW("grace", "0"), SECONDS(0, 900), PER_SERVICE,
	    .offset = LOGIN(grace) },
	{ ROW("mail_program", ""), .key.kind = "path", NAMED(mail_program) },
};

_Static_assert(sizeof(rows) / sizeof(*rows) + WHEN_KEYS <= CONF_KEYS_MAX,
    "keys and conditions share the bits of what was seen");

const struct conf_row *
conf_row(size_t i)
{
	return i < sizeof(rows) / sizeof(*rows) ? &rows[i] : NULL;
}

size_t
conf_row_named(const char *name)
{
	size_t i = 0;

	while (conf_row(i) != NULL && strcmp(conf_row(i)->key.name, name) != 0)
		i++;
	return i;
}

const struct conf_key *
conf_key(size_t i)
{
	return conf_row(i) != NULL ? &conf_row(i)->key : NULL;
}

static bool
is(const struct conf_row *row, const char *kind)
{
	return !strcmp(row->key.kind, kind);
}

/* The place of a word in a list with blanks between, or -1. */
static int
word_index(const char *list, const char *word)
{
	size_t len = strlen(word);
	int i = 0;

	for (const char *p = list; len > 0 && *p; i++) {
		size_t n = strcspn(p, " ");

		if (n == len && !memcmp(p, word, n))
			return i;
		p += n + (p[n] == ' ');
	}
	return -1;
}

/* "24 56"; "": 0. */
static enum mfa_err
parse_prefix(const char *s, unsigned *ret)
{
	size_t len = strcspn(s, " ");
	uint64_t v4, v6;
	char first[4];
	enum mfa_err r;

	if (*s == '\0')
		return MFA_OK;
	if (len >= sizeof(first) || s[len] == '\0')
		return MFA_ESYNTAX;
	snprintf(first, sizeof(first), "%.*s", (int)len, s);
	if ((r = text_u64(first, 1, 32, &v4)) ||
	    (r = text_u64(s + len + strspn(s + len, " "), 1, 128, &v6)))
		return r;
	*ret = (unsigned)CONF_PREFIX(v4, v6);
	return MFA_OK;
}

static enum mfa_err
parse_unsigned(const struct conf_row *row, const char *s, uint64_t *ret)
{
	const struct conf_key *key = &row->key;
	unsigned u = 0;
	enum mfa_err r = MFA_OK;
	int i;

	if (is(row, "seconds"))
		return text_seconds(s, key->min, key->max, ret);
	if (is(row, "number"))
		return text_u64(s, key->min, key->max, ret);
	if (is(row, "methods"))
		r = method_list(s, &u);
	else if (is(row, "prefix"))
		r = parse_prefix(s, &u);
	else if (is(row, "date"))
		r = *s != '\0' ? date_parse(s, &u) : MFA_OK;
	else if ((i = word_index(key->kind, s)) < 0)
		r = MFA_ESYNTAX;
	else
		u = (unsigned)i;
	*ret = u;
	return r;
}

/* Every number and every enum of the structs is one unsigned wide. */
static enum mfa_err
set_unsigned(const struct conf_row *row, const char *s, void *dst)
{
	enum mfa_err r;
	uint64_t v = 0;
	unsigned u;

	_Static_assert(sizeof(enum conf_store) == sizeof(unsigned), "enums");
	if ((r = parse_unsigned(row, s, &v)))
		return r;
	u = (unsigned)v;
	memcpy(dst, &u, sizeof(u));
	return MFA_OK;
}

/* "a, b c" becomes "a b c". */
static enum mfa_err
set_names(const char *s, char *dst)
{
	size_t n = 0;

	for (; *s != '\0'; s++) {
		bool gap = *s == ',' || text_is_space(*s);

		if (!gap && !text_is_alnum(*s) && *s != '-' && *s != '_')
			return MFA_ESYNTAX;
		if (gap && (n == 0 || dst[n - 1] == ' '))
			continue;
		dst[n++] = gap ? ' ' : *s;
	}
	while (n > 0 && dst[n - 1] == ' ')
		n--;
	dst[n] = '\0';
	return MFA_OK;
}

static enum mfa_err
set_text(const struct conf_row *row, const char *s, char *dst,
    struct mfa_why *why)
{
	enum mfa_err r;

	if (row->check != NULL && (r = row->check(s, why)))
		return r;
	if (strlen(s) >= row->cap)
		return MFA_ERANGE;
	if (is(row, "names"))
		return set_names(s, dst);
	if (is(row, "path") && *s != '/' &&
	    (*s != '\0' || *row->key.value != '\0'))
		return MFA_ESYNTAX;
	snprintf(dst, row->cap, "%s", s);
	return MFA_OK;
}

static enum mfa_err
expected(const struct conf_row *row, enum mfa_err r, struct mfa_why *why)
{
	if (is(row, "seconds") || is(row, "number"))
		return mfa_fail(why, r, "expected %s from %llu to %llu",
		    is(row, "number") ? "a number" :
		    "a time such as 90, 90s, 2m or 1h",
		    (unsigned long long)row->key.min,
		    (unsigned long long)row->key.max);
	if (is(row, "methods"))
		return mfa_fail(why, r, "expected some of: totp, sms, call, "
		    "recovery");
	if (is(row, "date"))
		return mfa_fail(why, r, "expected a date such as 2027-03-31");
	if (is(row, "prefix"))
		return mfa_fail(why, r, "expected bits of IPv4 and of IPv6 "
		    "addresses such as 24 56");
	if (row->cap == 0)
		return mfa_fail(why, r, "expected one of: %s", row->key.kind);
	return mfa_fail(why, r, "expected %s of at most %zu bytes",
	    is(row, "path") ? "an absolute path" : is(row, "names") ?
	    "names (A-Z a-z 0-9 - _)" : "a text", row->cap - 1);
}

static char *
place(const struct conf_row *row, struct mfa_conf *conf,
    struct conf_login *login)
{
	return (row->key.service ? (char *)login : (char *)conf) + row->offset;
}

/* test_conf holds the defaults to their checks: no login has to. */
void
conf_set_default(const struct conf_row *row, struct mfa_conf *conf,
    struct conf_login *login)
{
	char *dst = place(row, conf, login);

	if (row->cap)
		snprintf(dst, row->cap, "%s", row->key.value);
	else
		(void)!set_unsigned(row, row->key.value, dst);
}

enum mfa_err
conf_set(const struct conf_row *row, const char *s, struct mfa_conf *conf,
    struct conf_login *login, struct mfa_why *why)
{
	char *dst = place(row, conf, login);
	struct mfa_why mine = { "" };
	enum mfa_err r;

	r = row->cap ? set_text(row, s, dst, &mine) :
	    set_unsigned(row, s, dst);
	if (r && *mine.text)
		return mfa_fail(why, r, "%s", mine.text);
	return r ? expected(row, r, why) : MFA_OK;
}
