/* How much of a short message a text takes. */
#include <stddef.h>
#include <stdint.h>

#include "gsm.h"
#include "utf8.h"

/* What one segment holds: the only one, or one of several. */
static const struct {
	unsigned alone, of_many;
} room[] = {
	[GSM_7BIT] = { 160, 153 },
	[GSM_UCS2] = { 70, 67 },
};

/* The default alphabet beyond ASCII (TS 23.038 6.2.1). */
static const uint16_t beyond_ascii[] = {
	0xa1, 0xa3, 0xa4, 0xa5, 0xa7, 0xbf, 0xc4, 0xc5, 0xc6, 0xc7, 0xc9, 0xd1,
	0xd6, 0xd8, 0xdc, 0xdf, 0xe0, 0xe4, 0xe5, 0xe6, 0xe8, 0xe9, 0xec, 0xf1,
	0xf2, 0xf6, 0xf8, 0xf9, 0xfc, 0x393, 0x394, 0x398, 0x39b, 0x39e, 0x3a0,
	0x3a3, 0x3a6, 0x3a8, 0x3a9,
};

#define BEYOND (sizeof(beyond_ascii) / sizeof(*beyond_ascii))

/* Septets of a character, 0 if the alphabet does not have it. */
static unsigned
septets(uint32_t c)
{
	/* Behind an escape (6.2.1.1); of ASCII, these and not '`'. */
	static const char extension[] = "\f^{}\\[~]|";

	for (const char *p = extension; *p; p++)
		if (c == (unsigned char)*p)
			return 2;
	if (c == 0x20ac)	/* euro */
		return 2;
	if (c == '\n' || c == '\r' || (c >= ' ' && c < 0x7f && c != '`'))
		return 1;
	for (size_t i = 0; i < BEYOND; i++)
		if (c == beyond_ascii[i])
			return 1;
	return 0;
}

static unsigned
units_of(uint32_t c, enum gsm_charset charset)
{
	return charset == GSM_7BIT ? septets(c) : c > 0xffff ? 2 : 1;
}

static void
measure(const char *text, enum gsm_charset charset, struct gsm_size *size)
{
	unsigned used = 0;	/* of the last segment */
	uint32_t c;

	*size = (struct gsm_size){ .charset = charset, .segments = 1 };
	for (const char *p = text; *p; ) {
		unsigned n;

		p += utf8_next(p, &c);
		n = units_of(c, charset);
		size->units += n;
		used += n;
		if (used > room[charset].of_many) {
			size->segments++;
			used = n;
		}
	}
	if (size->units <= room[charset].alone)
		size->segments = 1;
}

enum mfa_err
gsm_measure(const char *text, struct gsm_size *ret)
{
	enum gsm_charset charset = GSM_7BIT;
	uint32_t c;
	size_t n;

	for (const char *p = text; *p; p += n) {
		if ((n = utf8_next(p, &c)) == 0)
			return MFA_ESYNTAX;
		if (septets(c) == 0)
			charset = GSM_UCS2;
	}
	measure(text, charset, ret);
	return MFA_OK;
}
