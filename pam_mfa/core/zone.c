/* Files of the zone database. */
#include <string.h>

#include "zone.h"

#define HEADER 44
#define YEAR_10000 INT64_C(253402300800)

/* One of the file's blocks: RFC 8536, 3.2. */
struct block {
	unsigned version;	/* 1 to 4 */
	size_t wide;		/* bytes of a time */
	uint32_t times, types;
	const uint8_t *time, *index, *type;
	const uint8_t *end;	/* the first byte behind it */
};

static uint64_t
number(const uint8_t *p, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | p[i];
	return v;
}

/* Two's complement, whatever C makes of a cast. */
static int64_t
moment(const struct block *b, uint32_t i)
{
	uint64_t v = number(b->time + i * b->wide, b->wide);

	if (b->wide == 4)
		return v >> 31 ? (int64_t)v - (INT64_C(1) << 32) : (int64_t)v;
	return v >> 63 ? -(int64_t)(~v) - 1 : (int64_t)v;
}

/* The counts stand in the header in this order. */
enum { ISUT, ISSTD, LEAP, TIME, TYPE, CHAR, COUNTS };

static enum mfa_err
read_block(const uint8_t *p, size_t len, size_t wide, struct block *ret)
{
	uint64_t n[COUNTS], size;

	if (len < HEADER || memcmp(p, "TZif", 4) != 0)
		return MFA_ESYNTAX;
	for (unsigned i = 0; i < COUNTS; i++)
		n[i] = number(p + 20 + 4 * i, 4);
	size = n[TIME] * (wide + 1) + n[TYPE] * 6 + n[CHAR] +
	    n[LEAP] * (wide + 4) + n[ISSTD] + n[ISUT];
	if (n[TYPE] < 1 || size > len - HEADER)
		return MFA_ESYNTAX;
	*ret = (struct block){ .version = p[4] == 0 ? 1 : p[4] - '0',
	    .wide = wide, .times = (uint32_t)n[TIME],
	    .types = (uint32_t)n[TYPE], .time = p + HEADER };
	ret->index = ret->time + n[TIME] * wide;
	ret->type = ret->index + n[TIME];
	ret->end = p + HEADER + size;
	return ret->version >= 1 && ret->version <= 4 ? MFA_OK : MFA_ESYNTAX;
}

static enum mfa_err
type_offset(const struct block *b, uint32_t type, int32_t *ret)
{
	int64_t v;

	if (type >= b->types)
		return MFA_ESYNTAX;
	v = (int64_t)number(b->type + 6 * type, 4);
	v -= v >> 31 ? INT64_C(1) << 32 : 0;
	if (v < -93599 || v > 93599)	/* under 26 hours */
		return MFA_ESYNTAX;
	*ret = (int32_t)v;
	return MFA_OK;
}

/* "\nRULE\n"; "" if there is none. */
static enum mfa_err
footer(const uint8_t *p, size_t len, char ret[static ZONE_RULE_MAX])
{
	const uint8_t *end;

	if (len < 2 || p[0] != '\n' ||
	    (end = memchr(p + 1, '\n', len - 1)) == NULL ||
	    end - p > ZONE_RULE_MAX)
		return MFA_ESYNTAX;
	memcpy(ret, p + 1, (size_t)(end - p - 1));
	ret[end - p - 1] = '\0';
	return MFA_OK;
}

static enum mfa_err
block_offset(const struct block *b, const char *rule, int64_t t, int32_t *ret)
{
	uint32_t low = 0, high = b->times;

	/* How many transitions lie behind us. */
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (moment(b, mid) <= t)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == b->times && *rule != '\0')
		return zone_rule_offset(rule, t, ret);
	return type_offset(b, low == 0 ? 0 : b->index[low - 1], ret);
}

enum mfa_err
zone_offset(const uint8_t *tzif, size_t len, int64_t t, int32_t *ret)
{
	char rule[ZONE_RULE_MAX] = "";
	struct block b;
	size_t left;
	enum mfa_err r;

	if (t < 0 || t >= YEAR_10000)
		return MFA_ERANGE;
	if ((r = read_block(tzif, len, 4, &b)))
		return r;
	if (b.version >= 2) {
		left = len - (size_t)(b.end - tzif);
		if ((r = read_block(b.end, left, 8, &b)))
			return r;
		left = len - (size_t)(b.end - tzif);
		if ((r = footer(b.end, left, rule)))
			return r;
	}
	return block_offset(&b, rule, t, ret);
}
