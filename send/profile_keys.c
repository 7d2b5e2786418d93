/* The words of a profile: sections, and which key may stand in which. */
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "profile_data.h"

#define IN(kind) (1U << SECTION_##kind)
#define MESSAGE (IN(SMS) | IN(VOICE))
#define REQUEST (MESSAGE | IN(OAUTH2))

static const struct section_name {
	const char *name;
	bool has_arg;		/* [map NAME] */
	bool own_keys;
} section_names[] = {
	[SECTION_PROFILE] = { "profile", false, false },
	[SECTION_VALUE] = { "value", false, true },
	[SECTION_SECRET] = { "secret", false, true },
	[SECTION_MAP] = { "map", true, true },
	[SECTION_PART] = { "part", true, false },
	[SECTION_SMS] = { "sms", false, false },
	[SECTION_VOICE] = { "voice", false, false },
	[SECTION_OAUTH2] = { "oauth2", false, false },
};

#define NSECTION_NAMES (sizeof(section_names) / sizeof(*section_names))

static const struct key_row {
	const char *name;
	unsigned where;		/* IN() of sections */
	bool repeats;
	char named;		/* '=' or ':' behind a NAME of its own, or 0 */
} key_rows[] = {
	[KEY_OWN] = { "", 0, false, 0 },
	[KEY_CONNECT_LIMIT] = { "connect_limit", IN(PROFILE), false, 0 },
	[KEY_TOTAL_LIMIT] = { "total_limit", IN(PROFILE), false, 0 },
	[KEY_CA_FILE] = { "ca_file", IN(PROFILE), false, 0 },
	[KEY_CLIENT_CERT] = { "client_cert", IN(PROFILE), false, 0 },
	[KEY_CLIENT_KEY] = { "client_key", IN(PROFILE), false, 0 },
	[KEY_PROXY] = { "proxy", IN(PROFILE), false, 0 },
	[KEY_ALLOW_HTTP] = { "allow_http", IN(PROFILE), false, 0 },
	[KEY_SECRET_IN_URL] = { "secret_in_url", IN(PROFILE), false, 0 },
	[KEY_EXEC] = { "exec", MESSAGE, false, 0 },
	[KEY_TO_FORMAT] = { "to_format", MESSAGE, false, 0 },
	[KEY_MAX_SEGMENTS] = { "max_segments", MESSAGE, false, 0 },
	[KEY_METHOD] = { "method", REQUEST, false, 0 },
	[KEY_URL] = { "url", REQUEST, false, 0 },
	[KEY_QUERY] = { "query", REQUEST, true, '=' },
	[KEY_HEADER] = { "header", REQUEST, true, ':' },
	[KEY_BASIC] = { "basic", REQUEST, false, 0 },
	[KEY_SIGV4] = { "sigv4", MESSAGE, false, 0 },
	[KEY_SIGV4_ID] = { "sigv4_id", MESSAGE, false, 0 },
	[KEY_SIGV4_KEY] = { "sigv4_key", MESSAGE, false, 0 },
	[KEY_FORM] = { "form", REQUEST, true, '=' },
	[KEY_JSON] = { "json", REQUEST | IN(PART), true, 0 },
	[KEY_XML] = { "xml", MESSAGE | IN(PART), true, 0 },
	[KEY_TEXT] = { "text", MESSAGE | IN(PART), true, 0 },
	[KEY_OK_STATUS] = { "ok_status", MESSAGE, false, 0 },
	[KEY_OK] = { "ok", MESSAGE, true, 0 },
	[KEY_ID] = { "id", MESSAGE, false, 0 },
	[KEY_ERROR_CODE] = { "error_code", MESSAGE, true, 0 },
	[KEY_ERROR_TEXT] = { "error_text", MESSAGE, true, 0 },
	[KEY_TRANSIENT_STATUS] = { "transient_status", MESSAGE, false, 0 },
	[KEY_PERMANENT_STATUS] = { "permanent_status", MESSAGE, false, 0 },
	[KEY_CONFIG_STATUS] = { "config_status", MESSAGE, false, 0 },
	[KEY_QUOTA_STATUS] = { "quota_status", MESSAGE, false, 0 },
	[KEY_TRANSIENT_CODE] = { "transient_code", MESSAGE, true, 0 },
	[KEY_PERMANENT_CODE] = { "permanent_code", MESSAGE, true, 0 },
	[KEY_CONFIG_CODE] = { "config_code", MESSAGE, true, 0 },
	[KEY_QUOTA_CODE] = { "quota_code", MESSAGE, true, 0 },
};

#define NKEYS (sizeof(key_rows) / sizeof(*key_rows))

static enum mfa_err
unknown_section(const char *word, struct mfa_why *why)
{
	const char *names[NSECTION_NAMES + 1], *nearest;

	for (size_t i = 0; i < NSECTION_NAMES; i++)
		names[i] = section_names[i].name;
	names[NSECTION_NAMES] = NULL;
	nearest = text_nearest(word, names);
	return mfa_fail(why, MFA_ESYNTAX, "unknown section [%s]%s%s%s", word,
	    nearest != NULL ? "; did you mean [" : "",
	    nearest != NULL ? nearest : "", nearest != NULL ? "]?" : "");
}

enum mfa_err
profile_section_named(const char *word, enum profile_section_kind *ret,
    struct mfa_why *why)
{
	for (size_t i = 0; i < NSECTION_NAMES; i++)
		if (!strcmp(section_names[i].name, word)) {
			*ret = (enum profile_section_kind)i;
			return MFA_OK;
		}
	return unknown_section(word, why);
}

const char *
profile_section_name(enum profile_section_kind kind)
{
	return section_names[kind].name;
}

bool
profile_section_has_arg(enum profile_section_kind kind)
{
	return section_names[kind].has_arg;
}

static enum mfa_err
unknown_key(enum profile_section_kind kind, const char *word,
    struct mfa_why *why)
{
	const char *names[NKEYS + 1], *nearest;
	size_t n = 0;

	for (size_t i = 0; i < NKEYS; i++)
		if (key_rows[i].where & 1U << kind)
			names[n++] = key_rows[i].name;
	names[n] = NULL;
	nearest = text_nearest(word, names);
	return mfa_fail(why, MFA_ESYNTAX, "unknown key \"%s\" in "
	    "[%s]%s%s%s", word, section_names[kind].name,
	    nearest != NULL ? "; did you mean \"" : "",
	    nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
}

enum mfa_err
profile_key_named(enum profile_section_kind kind, const char *word,
    enum profile_key *ret, struct mfa_why *why)
{
	if (section_names[kind].own_keys) {
		*ret = KEY_OWN;
		return MFA_OK;
	}
	for (size_t i = KEY_OWN + 1; i < NKEYS; i++)
		if (key_rows[i].where & 1U << kind &&
		    !strcmp(key_rows[i].name, word)) {
			*ret = (enum profile_key)i;
			return MFA_OK;
		}
	return unknown_key(kind, word, why);
}

bool
profile_key_repeats(enum profile_key key)
{
	return key_rows[key].repeats;
}

char
profile_key_separator(enum profile_key key)
{
	return key_rows[key].named;
}
