/* One-time codes that travel. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "otc.h"

#define CODES 1000000			/* 10^OTC_DIGITS */
#define FAIR (UINT32_MAX / CODES * CODES)	/* below, none is favoured */
#define DRAWS_MAX 64			/* one in 4,900 draws is not fair */

enum mfa_err
otc_new(struct crypto *c, char ret[static OTC_DIGITS + 1])
{
	uint32_t v = UINT32_MAX;
	uint8_t raw[sizeof(v)];
	enum mfa_err r;

	for (int i = 0; v >= FAIR; i++) {
		if (i == DRAWS_MAX)
			return MFA_ECRYPTO;
		if ((r = crypto_random(c, raw, sizeof(raw))))
			return r;
		memcpy(&v, raw, sizeof(v));
	}
	snprintf(ret, OTC_DIGITS + 1, "%0*" PRIu32, OTC_DIGITS, v % CODES);
	mfa_wipe(raw, sizeof(raw));
	mfa_wipe(&v, sizeof(v));
	return MFA_OK;
}

/* Each part with its end, so that no two doors read the same. */
static enum mfa_err
put_part(struct buf *b, const char *part)
{
	return buf_put(b, part, strlen(part) + 1);
}

enum mfa_err
otc_mac(struct crypto *c, const uint8_t key[static OTC_KEY],
    const struct otc_door *door, const char *code,
    uint8_t ret[static OTC_MAC])
{
	uint8_t mac[CRYPTO_HASH_MAX];
	struct buf msg = { 0 };
	enum mfa_err r;

	if (!(r = put_part(&msg, door->user)) &&
	    !(r = put_part(&msg, door->service)) &&
	    !(r = put_part(&msg, door->host)) && !(r = put_part(&msg, code)) &&
	    !(r = crypto_hmac(c, CRYPTO_SHA256, key, OTC_KEY, msg.data, msg.len,
	    mac)))
		memcpy(ret, mac, OTC_MAC);
	mfa_wipe(mac, sizeof(mac));
	buf_wipe(&msg);
	return r;
}
