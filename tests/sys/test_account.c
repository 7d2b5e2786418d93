/* Known, unknown, and not to be told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "../../pam_mfa/sys/account.h"
#include "../fake/pamhost.h"

#define GECOS 20000	/* bytes: more than the first buffer */

/* /etc/passwd is a file of this directory: see pamhost_enter. */
static void
passwd_is(const char *name, size_t gecos, const char *home)
{
	FILE *f = fopen("passwd", "we");

	assert_non_null(f);
	fprintf(f, "root:x:0:0::/root:/bin/sh\n%s:x:1234:567:%0*d:%s:/bin/sh\n",
	    name, (int)gecos, 0, home);
	assert_int_equal(fclose(f), 0);
}

static void
known(void **unused)
{
	struct mfa_subject who = { .service = "sshd" };
	struct mfa_why why = { "" };

	(void)unused;
	passwd_is("alice", 1, "/home/alice");
	assert_int_equal(account_find("alice", &who, &why), MFA_OK);
	assert_string_equal(who.user, "alice");
	assert_string_equal(who.home, "/home/alice");
	assert_string_equal(who.service, "sshd");
	assert_int_equal(who.uid, 1234);
	assert_int_equal(who.gid, 567);
	assert_true(who.known);
	assert_string_equal(why.text, "");
	who = (struct mfa_subject){ .known = false };
	assert_int_equal(account_of(1234, &who, &why), MFA_OK);
	assert_string_equal(who.user, "alice");
	assert_int_equal(account_of(0, &who, &why), MFA_OK);
	assert_string_equal(who.user, "root");
	assert_int_equal(account_of(1235, &who, &why), MFA_ENOENT);
	assert_string_equal(who.user, "root");
	assert_string_equal(why.text, "uid 1235: there is no such account");
}

static void
long_entry(void **unused)
{
	struct mfa_subject who = { 0 };
	struct mfa_why why = { "" };

	(void)unused;
	passwd_is("alice", GECOS, "/home/alice");
	assert_int_equal(account_find("alice", &who, &why), MFA_OK);
	assert_string_equal(who.home, "/home/alice");
	/* Nothing is left of the buffers that were too small. */
	assert_string_equal(why.text, "");
}

static void
refused(const char *name, enum mfa_err r, const char *words)
{
	struct mfa_subject who = { .user = "as before", .uid = 9 };
	struct mfa_why why = { "" };

	assert_int_equal(account_find(name, &who, &why), r);
	assert_string_equal(who.user, "as before");
	assert_int_equal(who.uid, 9);
	assert_false(who.known);
	if (strstr(why.text, words) == NULL)
		fail_msg("no \"%s\" in: %s", words, why.text);
}

static void
unknown(void **unused)
{
	(void)unused;
	passwd_is("alice", 1, "/home/alice");
	refused("bob", MFA_ENOENT, "bob: there is no such account");
	refused("", MFA_ENOENT, "there is no such account");
	refused("alice:x", MFA_ENOENT, "there is no such account");
}

static void
too_long(void **unused)
{
	char name[SUBJECT_NAME_MAX + 1], home[1025];

	(void)unused;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	passwd_is(name, 1, "/home/alice");
	refused(name, MFA_ERANGE, "too long");
	memset(home, '/', sizeof(home) - 1);
	home[sizeof(home) - 1] = '\0';
	passwd_is("alice", 1, home);
	refused("alice", MFA_ERANGE, "alice: the name or the home directory");
}

/* It opens, and reading address 0 of a process is EIO. */
static void
cannot_be_told(void **unused)
{
	(void)unused;
	passwd_is("alice", 1, "/home/alice");
	pamhost_must(mount("/proc/self/mem", "/etc/passwd", NULL, MS_BIND,
	    NULL) == 0, "bind /etc/passwd");
	refused("alice", MFA_EIO, "alice: the account cannot be looked up: "
	    "Input/output error");
	refused("bob", MFA_EIO, "bob: the account cannot be looked up");
	pamhost_must(umount("/etc/passwd") == 0, "umount /etc/passwd");
	refused("bob", MFA_ENOENT, "there is no such account");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known),
		cmocka_unit_test(long_entry),
		cmocka_unit_test(unknown),
		cmocka_unit_test(too_long),
		cmocka_unit_test(cannot_be_told),
	};

	pamhost_enter(0, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
