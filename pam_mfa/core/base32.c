/* Base 32 (RFC 4648 6). */
#include <string.h>

#include "base32.h"
#include "text.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

char *
base32_encode(char *dst, const uint8_t *bytes, size_t len)
{
	uint32_t bits = 0;
	unsigned have = 0;
	char *p = dst;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | bytes[i];
		have += 8;
		while (have >= 5) {
			have -= 5;
			*p++ = alphabet[bits >> have & 31];
		}
	}
	if (have)
		*p++ = alphabet[bits << (5 - have) & 31];
	*p = '\0';
	return dst;
}

static const char *
next_digit(const char *p)
{
	while (text_is_space(*p) || *p == '-')
		p++;
	return p;
}

enum mfa_err
base32_decode(const char *text, uint8_t *ret, size_t cap, size_t *ret_len)
{
	uint32_t bits = 0;
	unsigned have = 0;
	const char *p, *digit;
	size_t n = 0;

	for (p = next_digit(text); *p && *p != '='; p = next_digit(p + 1)) {
		if ((digit = strchr(alphabet, text_upper(*p))) == NULL)
			return MFA_ESYNTAX;
		bits = (bits << 5 | (uint32_t)(digit - alphabet)) & 0xfff;
		have += 5;
		if (have < 8)
			continue;
		if (n == cap)
			return MFA_ERANGE;
		have -= 8;
		ret[n++] = (uint8_t)(bits >> have);
	}
	while (*p == '=')
		p = next_digit(p + 1);
	if (*p != '\0' || have >= 5 || (bits & ((1U << have) - 1)) != 0)
		return MFA_ESYNTAX;
	*ret_len = n;
	return MFA_OK;
}
