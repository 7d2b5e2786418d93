/* Where a request may go, as far as its text tells. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "net.h"
#include "profile_data.h"

#define HOST_MAX 256

struct authority {
	char host[HOST_MAX];	/* without brackets */
	bool v6;
};

static bool
is_host(const char *s, bool v6)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (!text_is_alnum(*s) && strchr(v6 ? ":." : ".-", *s) == NULL)
			return false;
	return true;
}

/* HOST, HOST:PORT, [V6] or [V6]:PORT of len bytes; false: it is none. */
static bool
parse(const char *s, size_t len, struct authority *ret)
{
	char text[HOST_MAX], *port, *host = text;
	uint64_t v;

	if (len >= sizeof(text))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	ret->v6 = *text == '[';
	if (ret->v6) {
		if ((port = strchr(++host, ']')) == NULL)
			return false;
		*port++ = '\0';
		if (*port != ':' && *port != '\0')
			return false;
	} else if ((port = strchr(text, ':')) == NULL)
		port = text + len;
	if (*port == ':') {
		*port++ = '\0';
		if (text_u64(port, 1, 65535, &v))
			return false;
	}
	snprintf(ret->host, sizeof(ret->host), "%s", host);
	return is_host(ret->host, ret->v6);
}

/*
 * What is wrong with a host that is reached without TLS, or NULL. An address
 * that is written out can be judged now; http.c judges what a name becomes,
 * but of one that the proxy looks up it sees nothing.
 */
static const char *
plain_refused(const struct profile *p, const struct authority *a)
{
	static const char unlisted[] = "http:// sends codes unencrypted: use "
	    "https://, or list the network in allow_http";
	const char *networks = profile_setting(p, KEY_ALLOW_HTTP);
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	bool good;

	if (inet_pton(AF_INET, a->host, &v4.sin_addr) == 1)
		good = net_allowed((struct sockaddr *)&v4, networks, false);
	else if (inet_pton(AF_INET6, a->host, &v6.sin6_addr) == 1)
		good = net_allowed((struct sockaddr *)&v6, networks, false);
	else if (*profile_setting(p, KEY_PROXY) != '\0')
		return "http:// by a proxy, which looks up the name itself: "
		    "use https://, or write the host as its address";
	else
		good = !strcmp(a->host, "localhost") || *networks != '\0';
	return good ? NULL : unlisted;
}

static bool
is_printable(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || strchr("\"<>\\^`#", *s) != NULL)
			return false;
	return true;
}

enum mfa_err
profile_check_url(const struct profile *p, const struct profile_line *l,
    struct mfa_why *why)
{
	const char *url = l->value, *rest, *plain;
	bool tls = !strncmp(url, "https://", 8);
	struct authority a;
	size_t n;

	if (!tls && strncmp(url, "http://", 7))
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s: expected https://HOST/...", l->name);
	rest = url + (tls ? 8 : 7);
	n = strcspn(rest, "/?");
	if (memchr(rest, '{', n) != NULL || memchr(rest, '}', n) != NULL)
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s: host and port are fixed: write them out, no {value}",
		    l->name);
	if (memchr(rest, '@', n) != NULL)
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s: no name and password here: use \"basic\"", l->name);
	if (!parse(rest, n, &a))
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s: \"%.*s\" is no host", l->name, (int)n, rest);
	if (!is_printable(url))
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s: a blank, '#' or other byte that no URL has: write it "
		    "as %%XX", l->name);
	if (!tls && l->key != KEY_PROXY &&
	    (plain = plain_refused(p, &a)) != NULL)
		return profile_fail(p, l->number, why, MFA_ESYNTAX, "%s: %s",
		    l->name, plain);
	if (rest[n] != '/' && l->key != KEY_PROXY)
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s: after the host comes a path: \"/\" at least", l->name);
	return MFA_OK;
}
