/* Addresses: which may be connected to. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "net.h"

#define WORD_MAX 64	/* of "ADDRESS/BITS" */

/* IPv4 as ::ffff:a.b.c.d, so that there is one kind. */
struct network {
	struct in6_addr addr;
	unsigned bits;
};

static const char LOOPBACK[] = "127.0.0.0/8 ::1";
static const char NO_PROVIDER[] = "0.0.0.0/8 169.254.0.0/16 224.0.0.0/3 "
    "100.100.100.200 ::/128 fe80::/10 ff00::/8 fd00:ec2::254";

static void
map(const struct in_addr *v4, struct in6_addr *ret)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(ret->s6_addr, prefix, sizeof(prefix));
	memcpy(ret->s6_addr + sizeof(prefix), v4, sizeof(*v4));
}

static enum mfa_err
parse(char *word, struct network *ret)
{
	char *slash = strchr(word, '/');
	struct in_addr v4;
	unsigned size = 128;
	uint64_t bits;

	if (slash != NULL)
		*slash++ = '\0';
	if (inet_pton(AF_INET, word, &v4) == 1) {
		map(&v4, &ret->addr);
		size = 32;
	} else if (inet_pton(AF_INET6, word, &ret->addr) != 1)
		return MFA_ESYNTAX;
	bits = size;
	if (slash != NULL && text_u64(slash, 0, size, &bits))
		return MFA_ESYNTAX;
	ret->bits = 128 - size + (unsigned)bits;
	return MFA_OK;
}

/* The next word of the list; MFA_ENOENT: there is none. */
static enum mfa_err
next(const char **list, struct network *ret, struct mfa_why *why)
{
	char word[WORD_MAX];
	size_t len;

	*list += strspn(*list, " \t");
	len = strcspn(*list, " \t");
	if (len == 0)
		return MFA_ENOENT;
	snprintf(word, sizeof(word), "%.*s", (int)len, *list);
	*list += len;
	if (len >= sizeof(word) || parse(word, ret))
		return mfa_fail(why, MFA_ESYNTAX, "\"%.*s\" is no network: "
		    "write it as 10.0.5.0/24 or fd00::/8", (int)len,
		    *list - len);
	return MFA_OK;
}

enum mfa_err
net_check(const char *networks, struct mfa_why *why)
{
	struct network n;
	enum mfa_err r;

	while (!(r = next(&networks, &n, why)))
		;
	return r == MFA_ENOENT ? MFA_OK : r;
}

static bool
contains(const struct network *n, const struct in6_addr *a)
{
	unsigned bytes = n->bits / 8, rest = n->bits % 8;

	return !memcmp(n->addr.s6_addr, a->s6_addr, bytes) && (rest == 0 ||
	    (n->addr.s6_addr[bytes] ^ a->s6_addr[bytes]) >> (8 - rest) == 0);
}

static bool
listed(const struct in6_addr *a, const char *networks)
{
	struct network n;

	while (!next(&networks, &n, NULL))
		if (contains(&n, a))
			return true;
	return false;
}

bool
net_allowed(const struct sockaddr *sa, const char *networks, bool tls)
{
	struct in6_addr a;

	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof(in));
		map(&in.sin_addr, &a);
	} else if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sa, sizeof(in6));
		a = in6.sin6_addr;
	} else
		return false;
	if (listed(&a, networks))
		return true;
	return tls ? !listed(&a, NO_PROVIDER) : listed(&a, LOOPBACK);
}
