/* Lines: a key in base 32, issuer, account. Keys survive every spelling. */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/base32.h"
#include "../../pam_mfa/core/otpauth.h"
#include "fuzz.h"

static void
same_key(const char *text, const uint8_t *key, size_t len)
{
	uint8_t back[256];
	size_t n;

	fuzz_must(!base32_decode(text, back, sizeof(back), &n));
	fuzz_must(n == len && !memcmp(back, key, len));
}

static void
any_bytes(const uint8_t *data, size_t len)
{
	char text[BASE32_LEN(200) + 1];

	if (len > 200)
		len = 200;
	same_key(base32_encode(text, data, len), data, len);
}

/* Only what needs no escaping in a URI, and each part where it belongs. */
static void
uri_is(const char *uri, const struct otp_key *key)
{
	const char *secret = strstr(uri, "secret=");
	char text[BASE32_LEN(TOTP_KEY_MAX) + 1];
	size_t n;

	fuzz_must(!strncmp(uri, key->period ? "otpauth://totp/" :
	    "otpauth://hotp/", 15));
	fuzz_must(strspn(uri, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
	    "qrstuvwxyz0123456789-._~%:/?&=@") == strlen(uri));
	fuzz_must(strchr(uri, '?') != NULL && secret != NULL);
	n = strcspn(secret += strlen("secret="), "&");
	base32_encode(text, key->key, key->len);
	fuzz_must(n == strlen(text) && !strncmp(secret, text, n));
}

static void
shown(const struct otp_key *key, const char *issuer, const char *account)
{
	struct buf uri = { 0 }, typed = { 0 };

	if (!otpauth_format(key, issuer, account, &uri))
		uri_is(buf_str(&uri), key);
	buf_wipe(&uri);
	if (!otpauth_for(key, issuer, account, "host.example.com", &uri))
		uri_is(buf_str(&uri), key);
	fuzz_must(!otpauth_typed_key(key, &typed));
	same_key(buf_str(&typed), key->key, key->len);
	buf_wipe(&uri);
	buf_wipe(&typed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *text = fuzz_line(&in), *issuer = fuzz_line(&in);
	char *account = fuzz_line(&in), again[BASE32_LEN(TOTP_KEY_MAX) + 1];
	struct otp_key key = { .digits = 6, .period = 30 };

	any_bytes(data, len);
	if (!base32_decode(text, key.key, sizeof(key.key), &key.len)) {
		fuzz_must(key.len <= sizeof(key.key));
		same_key(base32_encode(again, key.key, key.len), key.key,
		    key.len);
		shown(&key, issuer, account);
		key.period = len % 2 ? 0 : 60;
		key.hash = (enum crypto_hash)(len % 3);
		key.digits = 6 + (unsigned)(len % 3);
		key.counter = len;
		shown(&key, issuer, account);
	}
	free(text);
	free(issuer);
	free(account);
	return 0;
}
