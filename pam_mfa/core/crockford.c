/* Crockford's base 32. */
#include <string.h>

#include "buf.h"
#include "crockford.h"
#include "text.h"

#define GROUP 4

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* As Crockford reads: what looks like a digit is one. */
static char
canonical_char(char typed)
{
	char c = text_upper(typed);

	if (c == 'I' || c == 'L')
		return '1';
	if (c == 'O')
		return '0';
	return c != '\0' && strchr(alphabet, c) != NULL ? c : '\0';
}

bool
crockford_canonical(const char *typed, char *ret, size_t chars)
{
	size_t n = 0;

	for (; *typed != '\0'; typed++) {
		char c = canonical_char(*typed);

		if (text_is_space(*typed) || *typed == '-')
			continue;
		if (c == '\0' || n == chars) {
			mfa_wipe(ret, n);
			n = 0;
			break;
		}
		ret[n++] = c;
	}
	ret[n == chars ? n : 0] = '\0';
	return n == chars;
}

void
crockford_spell(const uint8_t *bits, size_t chars, char *ret_canonical,
    char *ret_shown)
{
	size_t n = 0;

	for (size_t i = 0; i < chars; i++) {
		size_t bit = 5 * i, at = bit / 8;
		unsigned two = (unsigned)bits[at] << 8 |
		    (at + 1 < CROCKFORD_BYTES(chars) ? bits[at + 1] : 0);

		ret_canonical[i] = alphabet[two >> (11 - bit % 8) & 31];
		if (i > 0 && i % GROUP == 0)
			ret_shown[n++] = '-';
		ret_shown[n++] = ret_canonical[i];
	}
	ret_canonical[chars] = ret_shown[n] = '\0';
}
