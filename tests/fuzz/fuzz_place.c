/* Lines: a place or rule; the rest is a provider's answer. And addresses. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "../../send/net.h"
#include "../../send/place.h"
#include "../../send/xml.h"
#include "fuzz.h"

/* glibc's regular expressions have no bound; the profile is root's. */
#define REGEX_MAX 24

static bool
is_too_much(const char *line)
{
	const char *regex = strchr(line, '~');

	return regex != NULL && (strlen(regex) > REGEX_MAX ||
	    strpbrk(regex, "{+*\\") != NULL);
}

static void
places(const char *line, const struct answer *a)
{
	struct place place = { 0 };
	struct rule rule = { 0 };
	struct mfa_why why = { "" };
	struct buf found = { 0 };

	if (!place_parse(line, &place, &why))
		(void)!place_find(&place, a, &found);
	else
		fuzz_must(*why.text != '\0');
	place_free(&place);
	fuzz_why(&why);
	if (!rule_parse(line, &rule, &why))
		(void)rule_holds(&rule, a);
	rule_free(&rule);
	fuzz_why(&why);
	buf_wipe(&found);
}

static void
networks(const char *line)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(0xa9fea9fe) };	/* 169.254.169.254 */
	struct mfa_why why = { "" };
	const struct sockaddr *sa = (const struct sockaddr *)&sin;

	fuzz_must(!net_allowed(sa, "", true));
	if (!net_check(line, &why))
		(void)net_allowed(sa, line, false);
	fuzz_why(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *line = fuzz_line(&in), *body = fuzz_part(&in, "\n%%\n");
	struct buf found = { 0 };
	struct answer a;

	answer_read(body, strlen(body), &a);
	if (!is_too_much(line))
		places(line, &a);
	if (*line != '\0')
		(void)!xml_find(body, strlen(body), line, &found);
	networks(line);
	answer_free(&a);
	buf_wipe(&found);
	free(line);
	free(body);
	return 0;
}
