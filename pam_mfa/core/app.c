/* App passwords. */
#include <string.h>

#include "app.h"
#include "buf.h"
#include "text.h"

bool
app_canonical(const char *typed, char ret[static APP_CHARS + 1])
{
	return crockford_canonical(typed, ret, APP_CHARS);
}

bool
app_shape(const char *typed)
{
	char canonical[APP_CHARS + 1];
	bool is = app_canonical(typed, canonical);

	mfa_wipe(canonical, sizeof(canonical));
	return is;
}

static enum mfa_err
hash(struct crypto *c, const uint8_t *salt, size_t saltlen,
    const char *canonical, uint8_t ret[static APP_HASH])
{
	uint8_t mac[CRYPTO_HASH_MAX];
	enum mfa_err r;

	if (!(r = crypto_hmac(c, CRYPTO_SHA256, salt, saltlen,
	    (const uint8_t *)canonical, strlen(canonical), mac)))
		memcpy(ret, mac, APP_HASH);
	mfa_wipe(mac, sizeof(mac));
	return r;
}

enum mfa_err
app_new(struct crypto *c, struct app_password *ret,
    char ret_shown[static APP_SHOWN + 1])
{
	uint8_t bits[CROCKFORD_BYTES(APP_CHARS)];
	char canonical[APP_CHARS + 1] = "", shown[APP_SHOWN + 1] = "";
	struct app_password app = *ret;
	enum mfa_err r;

	if (!(r = crypto_random(c, app.salt, sizeof(app.salt))) &&
	    !(r = crypto_random(c, bits, sizeof(bits)))) {
		crockford_spell(bits, APP_CHARS, canonical, shown);
		r = hash(c, app.salt, sizeof(app.salt), canonical, app.hash);
	}
	if (!r) {
		*ret = app;
		memcpy(ret_shown, shown, sizeof(shown));
	}
	mfa_wipe(bits, sizeof(bits));
	mfa_wipe(canonical, sizeof(canonical));
	mfa_wipe(shown, sizeof(shown));
	return r;
}

enum mfa_err
app_matches(struct crypto *c, const struct app_password *app,
    const char *canonical, bool *ret)
{
	uint8_t typed[APP_HASH];
	enum mfa_err r;

	if (!(r = hash(c, app->salt, sizeof(app->salt), canonical, typed)))
		*ret = crypto_equal(typed, app->hash, sizeof(typed));
	mfa_wipe(typed, sizeof(typed));
	return r;
}

enum mfa_err
app_trace(struct crypto *c, const char *canonical,
    uint8_t ret[static APP_HASH])
{
	static const char label[] = "pam_mfa: a wrong app password";

	return hash(c, (const uint8_t *)label, sizeof(label) - 1, canonical,
	    ret);
}

static bool
is_listed(const char *list, const char *word, size_t len)
{
	const char *each;
	size_t n;

	while ((each = text_word(&list, &n)) != NULL)
		if (n == len && !memcmp(each, word, n))
			return true;
	return false;
}

/* The same list with blanks between, in lower case; "" if it is none. */
static void
tidy(const char *list, char ret[static APP_SERVICES_MAX])
{
	size_t n = 0;

	for (; *list != '\0'; list++) {
		char c = *list == ',' ? ' ' : *list;
		bool plain = text_is_alnum(c) || c == '-' || c == '_' ||
		    c == '.';

		if (!plain && !text_is_space(c)) {
			n = 0;
			break;
		}
		ret[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	ret[n] = '\0';
}

enum mfa_err
app_services(const char *list, char ret[static APP_SERVICES_MAX])
{
	char all[APP_SERVICES_MAX], kept[APP_SERVICES_MAX] = "";
	const char *rest = all, *word;
	size_t len, n = 0;

	if (strlen(list) >= sizeof(all))
		return MFA_ERANGE;
	tidy(list, all);
	while ((word = text_word(&rest, &len)) != NULL) {
		if (is_listed(kept, word, len))
			return MFA_ESYNTAX;
		if (n > 0)
			kept[n++] = ' ';
		memcpy(kept + n, word, len);
		kept[n += len] = '\0';
	}
	if (n == 0)
		return MFA_ESYNTAX;
	memcpy(ret, kept, sizeof(kept));
	return MFA_OK;
}

bool
app_serves(const struct app_password *app, const char *service)
{
	return is_listed(app->services, service, strlen(service));
}

bool
app_expired(const struct app_password *app, int64_t now)
{
	return app->expires != 0 && now >= app->expires;
}
