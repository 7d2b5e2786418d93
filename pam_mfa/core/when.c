/* The conditions of a [policy] section. */
#include <arpa/inet.h>
#include <string.h>

#include "text.h"
#include "when.h"

#define DAY (24 * 60)	/* minutes */

static const char *const names[WHEN_KEYS] = { "user", "group", "service",
    "from", "tty", "time" };
static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat",
    "Sun" };

/* A network, or one address. */
struct network {
	int family;
	uint8_t addr[16];
	unsigned bits;
};

struct span {
	unsigned first, last;	/* days, 0 = Monday */
	unsigned from, to;	/* minutes of the day; to is not included */
};

const char *
when_key_name(enum when_key key)
{
	return names[key];
}

enum mfa_err
when_next(const char **list, struct when_item *ret)
{
	const char *p = *list + strspn(*list, " \t,");
	size_t len = strcspn(p, ",");

	*list = p + len;
	if (len == 0)
		return MFA_ENOENT;
	ret->not = *p == '!';
	if (ret->not) {
		size_t skip = 1 + strspn(p + 1, " \t");

		skip = skip < len ? skip : len;
		p += skip;
		len -= skip;
	}
	while (len > 0 && text_is_space(p[len - 1]))
		len--;
	if (len == 0 || len >= sizeof(ret->text))
		return MFA_ERANGE;
	memcpy(ret->text, p, len);
	ret->text[len] = '\0';
	return MFA_OK;
}

/* An IPv4 address within IPv6 is one of IPv4. */
static void
unmap(struct network *n)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	if (n->family != AF_INET6 || memcmp(n->addr, prefix, 12) != 0 ||
	    n->bits < 96)
		return;
	n->family = AF_INET;
	memmove(n->addr, n->addr + 12, 4);
	n->bits -= 96;
}

/* "192.0.2.1", "192.0.2.0/24", "2001:db8::/32", "fe80::1%eth0". */
static enum mfa_err
parse_network(const char *text, struct network *ret)
{
	char addr[INET6_ADDRSTRLEN];
	struct network n = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };
	unsigned max = n.family == AF_INET ? 32 : 128;
	const char *slash = strchr(text, '/');
	size_t len = strcspn(text, "/%");
	uint64_t bits = max;

	if (len >= sizeof(addr))
		return MFA_ESYNTAX;
	memcpy(addr, text, len);
	addr[len] = '\0';
	if (inet_pton(n.family, addr, n.addr) != 1 ||
	    (slash != NULL && text_u64(slash + 1, 0, max, &bits)))
		return MFA_ESYNTAX;
	n.bits = (unsigned)bits;
	unmap(&n);
	*ret = n;
	return MFA_OK;
}

static bool
contains(const struct network *net, const struct network *addr)
{
	unsigned whole = net->bits / 8, rest = net->bits % 8;
	uint8_t mask = (uint8_t)(0xff00 >> rest);

	return net->family == addr->family &&
	    memcmp(net->addr, addr->addr, whole) == 0 &&
	    (rest == 0 || ((net->addr[whole] ^ addr->addr[whole]) & mask) == 0);
}

static enum mfa_err
parse_address(const char *text, struct network *ret)
{
	return strchr(text, '/') != NULL ? MFA_ESYNTAX :
	    parse_network(text, ret);
}

enum mfa_err
when_address(const char *text, char ret[static WHEN_ADDRESS_MAX])
{
	struct network n;
	enum mfa_err r;

	_Static_assert(WHEN_ADDRESS_MAX == INET6_ADDRSTRLEN, "any has room");
	if (!(r = parse_address(text, &n)) && inet_ntop(n.family, n.addr, ret,
	    WHEN_ADDRESS_MAX) == NULL)
		r = MFA_ESYNTAX;
	return r;
}

bool
when_same_network(const char *a, const char *b, unsigned v4, unsigned v6)
{
	struct network net, addr;

	if (parse_address(a, &net) || parse_address(b, &addr))
		return false;
	net.bits = net.family == AF_INET ? v4 : v6;
	return contains(&net, &addr);
}

/* "Mon", at most len bytes of text; 7 if it is no day. */
static unsigned
day_of(const char *text, size_t len)
{
	unsigned i = 0;

	while (i < 7 && (len != 3 || strncmp(text, days[i], 3) != 0))
		i++;
	return i;
}

/* "08:00", exactly five bytes, up to 24:00. */
static enum mfa_err
parse_minute(const char *s, unsigned *ret)
{
	unsigned v;

	for (int i = 0; i < 5; i++)
		if (i == 2 ? s[i] != ':' : !text_is_digit(s[i]))
			return MFA_ESYNTAX;
	v = (unsigned)((s[0] - '0') * 10 + s[1] - '0') * 60 +
	    (unsigned)((s[3] - '0') * 10 + s[4] - '0');
	if (s[3] > '5' || v > DAY)
		return MFA_ERANGE;
	*ret = v;
	return MFA_OK;
}

/* "Mon-Fri 08:00-18:00", "Sat", "22:00-06:00". */
static enum mfa_err
parse_span(const char *s, struct span *ret)
{
	struct span span = { .last = 6, .to = DAY };
	enum mfa_err r;

	if (!text_is_digit(*s)) {
		size_t len = strcspn(s, " -");

		span.first = span.last = day_of(s, len);
		s += len;
		if (*s == '-') {
			len = strcspn(++s, " ");
			span.last = day_of(s, len);
			s += len;
		}
		s += strspn(s, " ");
	}
	if (span.first > 6 || span.last > 6)
		return MFA_ESYNTAX;
	if (*s != '\0') {
		if (strlen(s) != strlen("08:00-18:00") || s[5] != '-')
			return MFA_ESYNTAX;
		if ((r = parse_minute(s, &span.from)) ||
		    (r = parse_minute(s + 6, &span.to)))
			return r;
	}
	*ret = span;
	return MFA_OK;
}

/* Both ends may lie beyond midnight, or beyond Sunday. */
static bool
during(const struct span *span, unsigned minute)
{
	unsigned day = minute / DAY, at = minute % DAY;
	bool over = span->to <= span->from;

	if (over && at < span->to) {
		day = (day + 6) % 7;
		at += DAY;
	}
	if (at < span->from || (!over && at >= span->to))
		return false;
	return span->first <= span->last ?
	    day >= span->first && day <= span->last :
	    day >= span->first || day <= span->last;
}

static enum mfa_err
check_item(enum when_key key, const char *text, struct mfa_why *why)
{
	struct network n;
	struct span s;

	if (key == WHEN_FROM && strcmp(text, "local") != 0 &&
	    parse_network(text, &n))
		return mfa_fail(why, MFA_ESYNTAX, "\"%s\" is no address, no "
		    "network such as 192.0.2.0/24, and not \"local\"", text);
	if (key == WHEN_TIME && parse_span(text, &s))
		return mfa_fail(why, MFA_ESYNTAX, "\"%s\" is no time such as "
		    "Mon-Fri 08:00-18:00", text);
	return MFA_OK;
}

enum mfa_err
when_set(struct when *when, enum when_key key, const char *value,
    struct mfa_why *why)
{
	const char *list = value;
	struct when_item item;
	enum mfa_err r;
	size_t n = 0;

	if (strlen(value) >= WHEN_LIST_MAX)
		return mfa_fail(why, MFA_ERANGE, "expected a list of at most "
		    "%d bytes: write a second policy", WHEN_LIST_MAX - 1);
	for (; !(r = when_next(&list, &item)); n++)
		if ((r = check_item(key, item.text, why)))
			return r;
	if (r != MFA_ENOENT || n == 0)
		return mfa_fail(why, MFA_ESYNTAX, "expected a list with ',' "
		    "between, of entries of at most %d bytes",
		    WHEN_ITEM_MAX - 1);
	memcpy(when->list[key], value, strlen(value) + 1);
	return MFA_OK;
}

static enum when_met
met(bool yes)
{
	return yes ? WHEN_YES : WHEN_NO;
}

static enum when_met
from_item(const char *text, const char *rhost)
{
	struct network net, addr;

	if (!strcmp(text, "local"))
		return met(*rhost == '\0');
	if (*rhost == '\0' || parse_network(text, &net))
		return WHEN_NO;
	/* A name: what it stands for is not ours to believe. */
	if (parse_address(rhost, &addr))
		return WHEN_UNKNOWN;
	return met(contains(&net, &addr));
}

static enum when_met
tty_item(const char *text, const char *tty)
{
	size_t len = strlen(text);

	if (!strncmp(tty, "/dev/", 5))
		tty += 5;
	if (text[len - 1] == '*')
		return met(!strncmp(text, tty, len - 1));
	return met(!strcmp(text, tty));
}

static enum when_met
time_item(const char *text, int minute)
{
	struct span span;

	if (minute < 0 || parse_span(text, &span))
		return WHEN_UNKNOWN;
	return met(during(&span, (unsigned)minute));
}

static enum when_met
check_one(enum when_key key, const char *text, const struct when_login *l)
{
	switch (key) {
	case WHEN_USER:
		return met(!strcmp(text, l->user));
	case WHEN_GROUP:
		return l->member(l->ctx, text);
	case WHEN_SERVICE:
		return met(!strcmp(text, l->service));
	case WHEN_FROM:
		return from_item(text, l->rhost);
	case WHEN_TTY:
		return tty_item(text, l->tty);
	case WHEN_TIME:
		break;
	}
	return time_item(text, l->minute);
}

/* One list: NO as soon as one with "!" is met, or if none without is. */
static enum when_met
check_list(enum when_key key, const char *list, const struct when_login *l)
{
	enum when_met any = WHEN_NO;
	bool wants = false, unknown = false;
	struct when_item item;

	while (!when_next(&list, &item)) {
		enum when_met one = check_one(key, item.text, l);

		if (item.not && one == WHEN_YES)
			return WHEN_NO;
		unknown |= item.not && one == WHEN_UNKNOWN;
		if (item.not)
			continue;
		wants = true;
		if (any != WHEN_YES && one != WHEN_NO)
			any = one;
	}
	if (wants && any != WHEN_YES)
		return any;
	return unknown ? WHEN_UNKNOWN : WHEN_YES;
}

enum when_met
when_check(const struct when *when, const struct when_login *l,
    enum when_key *ret_key)
{
	enum when_met all = WHEN_YES;

	for (unsigned i = 0; i < WHEN_KEYS; i++) {
		enum when_met one = *when->list[i] == '\0' ? WHEN_YES :
		    check_list((enum when_key)i, when->list[i], l);

		if (one == WHEN_YES || (one == WHEN_UNKNOWN && all != WHEN_YES))
			continue;
		all = one;
		if (ret_key != NULL)
			*ret_key = (enum when_key)i;
		if (one == WHEN_NO)
			break;
	}
	return all;
}
