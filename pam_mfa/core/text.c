/* Text that comes from outside, made safe. */
#include <stdio.h>
#include <string.h>

#include "say.h"
#include "text.h"
#include "utf8.h"

#define NEAREST_MAX 32	/* bytes of a word worth comparing */

bool
text_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

bool
text_is_alnum(int c)
{
	return text_is_digit(c) || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z');
}

bool
text_is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

char
text_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool
text_case_equal(const char *a, const char *b)
{
	while (*a && text_upper(*a) == text_upper(*b)) {
		a++;
		b++;
	}
	return text_upper(*a) == text_upper(*b);
}

const char *
text_word(const char **list, size_t *ret_len)
{
	const char *word = *list + strspn(*list, " \t");

	if (*word == '\0')
		return NULL;
	*ret_len = strcspn(word, " \t");
	*list = word + *ret_len;
	return word;
}

size_t
text_leading_word(const char *s, const char *list)
{
	const char *word;
	size_t len;

	while ((word = text_word(&list, &len)) != NULL)
		if (!strncmp(s, word, len))
			return len;
	return 0;
}

/*
 * What is not seen, and changes what is: control characters of eight bits as
 * well, line and paragraph ends, and what turns the direction of writing.
 */
static bool
is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
	    c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}

char *
text_clean(char *dst, size_t cap, const char *src)
{
	size_t n = 0;

	if (src == NULL)
		src = "";
	while (*src != '\0') {
		uint32_t c = 0;
		size_t len = utf8_next(src, &c);
		bool hide = len == 0 || is_hidden(c);

		if (n + (hide ? 1 : len) >= cap)
			break;
		if (hide)
			dst[n++] = '?';
		for (size_t i = 0; !hide && i < len; i++)
			dst[n++] = src[i];
		src += len > 0 ? len : 1;
	}
	dst[n] = '\0';
	return dst;
}

/* The ASCII character that a wide one stands for, else 0. */
static char
narrow(uint32_t c)
{
	if (c == 0x3000)
		return ' ';
	return c >= 0xff01 && c <= 0xff5e ? (char)(c - 0xff01 + '!') : 0;
}

size_t
text_fold(char *s)
{
	char *start = s, *to = s;

	while (*s != '\0') {
		uint32_t c = 0;
		size_t n = utf8_next(s, &c);
		char ascii = narrow(c);

		if (n == 0)
			n = 1;
		if (ascii)
			*to++ = ascii;
		else {
			memmove(to, s, n);
			to += n;
		}
		s += n;
	}
	*to = '\0';
	return (size_t)(to - start);
}

char *
text_field(char *dst, size_t cap, const char *src)
{
	text_clean(dst, cap, src == NULL || *src == '\0' ? "-" : src);
	for (char *p = dst; *p; p++)
		if (strchr(" \"=%", *p) != NULL)
			*p = '?';
	return dst;
}

static bool
name_byte_stays(const char *name, size_t i)
{
	return text_is_alnum(name[i]) || name[i] == '_' || name[i] == '@' ||
	    (i > 0 && (name[i] == '-' || name[i] == '.'));
}

enum mfa_err
text_name_escape(const char *name, char ret_file[static TEXT_NAME_MAX + 1])
{
	char file[TEXT_NAME_MAX + 1];
	size_t n = 0;

	for (size_t i = 0; name[i] != '\0'; i++) {
		bool stays = name_byte_stays(name, i);

		if (n + (stays ? 1 : 3) > TEXT_NAME_MAX)
			return MFA_ERANGE;
		if (stays)
			file[n++] = name[i];
		else
			n += (size_t)snprintf(file + n, sizeof(file) - n,
			    "%%%02X", (unsigned char)name[i]);
	}
	if (n == 0)
		return MFA_ERANGE;
	file[n] = '\0';
	memcpy(ret_file, file, n + 1);
	return MFA_OK;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *p = c ? strchr(digits, text_upper(c)) : NULL;

	return p == NULL ? -1 : (int)(p - digits);
}

enum mfa_err
text_name_unescape(const char *file, char ret_name[static TEXT_NAME_MAX + 1])
{
	char name[TEXT_NAME_MAX + 1], again[TEXT_NAME_MAX + 1];
	size_t n = 0;

	if (strlen(file) > TEXT_NAME_MAX)
		return MFA_ESYNTAX;
	for (const char *p = file; *p; p++) {
		if (*p != '%') {
			name[n++] = *p;
			continue;
		}
		if (hex_digit(p[1]) < 0 || hex_digit(p[2]) < 0)
			return MFA_ESYNTAX;
		name[n++] = (char)(hex_digit(p[1]) << 4 | hex_digit(p[2]));
		p += 2;
	}
	name[n] = '\0';
	/* One name, one file: what we would not have written is refused. */
	if (text_name_escape(name, again) || strcmp(again, file))
		return MFA_ESYNTAX;
	memcpy(ret_name, name, n + 1);
	return MFA_OK;
}

enum mfa_err
text_u64(const char *s, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	if (*s == '\0')
		return MFA_ESYNTAX;
	for (const char *p = s; *p; p++)
		if (!text_is_digit(*p))
			return MFA_ESYNTAX;
	for (const char *p = s; *p; p++) {
		uint64_t digit = (uint64_t)(*p - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return MFA_ERANGE;
		v = v * 10 + digit;
	}
	if (v < min || v > max)
		return MFA_ERANGE;
	*ret = v;
	return MFA_OK;
}

enum mfa_err
text_i64(const char *s, int64_t min, int64_t max, int64_t *ret)
{
	bool negative = *s == '-';
	enum mfa_err r;
	uint64_t u;
	int64_t v;

	if ((r = text_u64(s + negative, 0, INT64_MAX, &u)))
		return r;
	v = negative ? -(int64_t)u : (int64_t)u;
	if (v < min || v > max)
		return MFA_ERANGE;
	*ret = v;
	return MFA_OK;
}

static uint64_t
unit_seconds(char unit)
{
	switch (unit) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 60 * 60;
	case 'd':
		return 24 * 60 * 60;
	}
	return 0;
}

enum mfa_err
text_seconds(const char *s, uint64_t min, uint64_t max, uint64_t *ret)
{
	char number[24];
	size_t len = strlen(s);
	uint64_t unit = 1, v;
	enum mfa_err r;

	if (len > 0 && !text_is_digit(s[len - 1]))
		unit = unit_seconds(s[--len]);
	if (unit == 0 || len >= sizeof(number))
		return MFA_ESYNTAX;
	memcpy(number, s, len);
	number[len] = '\0';
	if ((r = text_u64(number, 0, UINT64_MAX / unit, &v)))
		return r;
	if (v * unit < min || v * unit > max)
		return MFA_ERANGE;
	*ret = v * unit;
	return MFA_OK;
}

#define DAY (24 * 3600)

static const char *
unit_name(enum language language, uint64_t unit, bool one)
{
	switch (unit) {
	case DAY:
		return say(language, one ? "day" : "days");
	case 3600:
		return say(language, one ? "hour" : "hours");
	case 60:
		return say(language, one ? "minute" : "minutes");
	}
	return say(language, one ? "second" : "seconds");
}

char *
text_duration(char *dst, size_t cap, uint64_t seconds, enum language language)
{
	uint64_t unit = seconds >= 2 * DAY ? DAY : seconds >= 90 * 60 ? 3600 :
	    seconds >= 90 ? 60 : 1;
	uint64_t n = seconds / unit + (seconds % unit != 0);

	snprintf(dst, cap, say(language, "%llu %s"), (unsigned long long)n,
	    unit_name(language, unit, n == 1));
	return dst;
}

/* Levenshtein's distance, one row at a time. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[NEAREST_MAX + 1], la = strlen(a), lb = strlen(b);

	if (la > NEAREST_MAX || lb > NEAREST_MAX)
		return NEAREST_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t best = corner + (text_upper(a[i - 1]) !=
			    text_upper(b[j - 1]));

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb];
}

const char *
text_nearest(const char *wrong, const char *const *words)
{
	const char *nearest = NULL;
	size_t best = 3;

	for (; *words != NULL; words++) {
		size_t d = distance(wrong, *words);

		if (d < best && d * 2 <= strlen(*words)) {
			best = d;
			nearest = *words;
		}
	}
	return nearest;
}

char *
text_hex(char *dst, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		dst[2 * i] = digits[bytes[i] >> 4];
		dst[2 * i + 1] = digits[bytes[i] & 15];
	}
	dst[2 * len] = '\0';
	return dst;
}

enum mfa_err
text_unhex(const char *hex, uint8_t *ret, size_t len)
{
	if (strlen(hex) != 2 * len)
		return MFA_ESYNTAX;
	for (size_t i = 0; i < 2 * len; i++)
		if (hex_digit(hex[i]) < 0)
			return MFA_ESYNTAX;
	for (size_t i = 0; i < len; i++)
		ret[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 |
		    hex_digit(hex[2 * i + 1]));
	return MFA_OK;
}
