/*
 * Conditions of a [policy]: lines user, group, service, from, tty, time, and
 * then of the login: user, service, rhost, tty, minute of the week.
 */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/when.h"
#include "fuzz.h"

/* Which groups cannot be told is in the name. */
static enum when_met
member(const void *ctx, const char *group)
{
	(void)ctx;
	return strchr(group, '?') != NULL ? WHEN_UNKNOWN :
	    strchr(group, 'a') != NULL ? WHEN_YES : WHEN_NO;
}

static void
items(const char *list)
{
	struct when_item item;
	enum mfa_err r;

	while (!(r = when_next(&list, &item)))
		fuzz_must(*item.text != '\0' && *item.text != ' ');
	fuzz_must(r == MFA_ENOENT);
}

/* More conditions never make it easier: each alone must be met as well. */
static void
alone(const struct when *all, const struct when_login *l, enum when_met met)
{
	for (int k = 0; k < WHEN_KEYS; k++) {
		struct when one = { 0 };
		enum when_met m;

		memcpy(one.list[k], all->list[k], WHEN_LIST_MAX);
		m = when_check(&one, l, NULL);
		fuzz_must(met != WHEN_YES || m == WHEN_YES);
		fuzz_must(m != WHEN_NO || met == WHEN_NO);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	struct mfa_why why = { "" };
	struct when when = { 0 };
	struct when_login l = { .member = member };
	char *line[WHEN_KEYS], *login[5];
	enum when_key key = WHEN_USER;

	for (int k = 0; k < WHEN_KEYS; k++) {
		line[k] = fuzz_line(&in);
		if (!when_set(&when, (enum when_key)k, line[k], &why))
			items(when.list[k]);
		else
			fuzz_must(*why.text && !*when.list[k]);
		fuzz_why(&why);
	}
	for (int i = 0; i < 5; i++)
		login[i] = fuzz_line(&in);
	l.user = login[0];
	l.service = login[1];
	l.rhost = login[2];
	l.tty = login[3];
	l.minute = (int)(strtoul(login[4], NULL, 10) % 10081) - 1;
	alone(&when, &l, when_check(&when, &l, &key));
	for (int k = 0; k < WHEN_KEYS; k++)
		free(line[k]);
	for (int i = 0; i < 5; i++)
		free(login[i]);
	return 0;
}
