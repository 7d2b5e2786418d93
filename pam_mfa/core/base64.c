/* Base 64. */
#include <string.h>

#include "base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

char *
base64_encode(char *dst, const uint8_t *bytes, size_t len)
{
	unsigned bits = 0, have = 0;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8 | bytes[i]) & 0xffff;
		for (have += 8; have >= 6; have -= 6)
			dst[n++] = alphabet[bits >> (have - 6) & 63];
	}
	if (have > 0)
		dst[n++] = alphabet[bits << (6 - have) & 63];
	dst[n] = '\0';
	return dst;
}

enum mfa_err
base64_put(struct buf *ret, const void *bytes, size_t len)
{
	enum mfa_err r = buf_reserve(ret, ret->len + (len + 2) / 3 * 4);

	if (r)
		return r;
	base64_encode((char *)ret->data + ret->len, bytes, len);
	ret->len += BASE64_LEN(len);
	return buf_put(ret, "==", (3 - len % 3) % 3);
}

enum mfa_err
base64_decode(const char *text, size_t len, struct buf *ret)
{
	unsigned bits = 0, have = 0;
	enum mfa_err r;

	for (unsigned n = 0; n < 2 && len > 0 && text[len - 1] == '='; n++)
		len--;
	if (len % 4 == 1)
		return MFA_ESYNTAX;
	for (size_t i = 0; i < len; i++) {
		const char *p = text[i] ? strchr(alphabet, text[i]) : NULL;
		uint8_t byte;

		if (p == NULL)
			return MFA_ESYNTAX;
		bits = (bits << 6 | (unsigned)(p - alphabet)) & 0xffff;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		byte = (uint8_t)(bits >> have);
		if ((r = buf_put(ret, &byte, 1)))
			return r;
	}
	return bits & ((1U << have) - 1) ? MFA_ESYNTAX : MFA_OK;
}
