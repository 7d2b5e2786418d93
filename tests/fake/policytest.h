/* Rows of a table of decisions: a configuration, a login, what comes of it. */
#ifndef POLICYTEST_H
#define POLICYTEST_H

#include <stdbool.h>
#include <stddef.h>

/* A row leaves out what is as usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* NULL is: alice, in no group, sshd, 192.0.2.7, ssh, a Tuesday, with an app. */
struct policy_row {
	const char *conf;
	/*
	 * "VERDICT REASON", then of these what holds: "guarded", "send",
	 * "enrol" or "enrol N", "until H" (hours after a reset), "missing
	 * KIND", "[POLICY]".
	 */
	const char *want;
	const char *user;
	const char *groups;	/* "|" between */
	const char *unsure;	/* groups that cannot be looked up */
	const char *service, *rhost, *tty;
	const char *when;	/* "2027-03-30 10:00"; "" = not known */
	const char *methods;	/* as in mfa.conf; "" = not enrolled */
	bool app_password;	/* has one besides */
	bool unknown;		/* no such account */
	unsigned reset;		/* hours since they were; 0 = never */
};

/* Fails at the first that comes out otherwise, with its number. */
void policy_rows(const struct policy_row *, size_t n);

#endif
