/*
 * The host's keys as a file, and the store with them: what is written is
 * sealed, what is read is opened, and whatever is wrong with the keys is an
 * error that is not "there is none".
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../pam_mfa/sys/vault.h"
#include "../fake/badfile.h"
#include "../fake/filetest.h"
#include "../fake/pamhost.h"
#include "../fake/storetest.h"

#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define RECORD "version = 1\n[factor a]\nkind = totp\nlabel = x\n" \
    "created = 1\nsecret = " SECRET "\nalgorithm = SHA1\ndigits = 6\n" \
    "period = 30\n"

/* alice's store, or another's, on a host whose keys are dir/host.key. */
static struct one *
open_keyed(const char *user, enum conf_store store)
{
	struct one *o = one_open(user, store);

	strcpy(o->conf.host_key, "dir/host.key");
	return o;
}

static void
new_key(struct one *o)
{
	struct keyring ring = { 0 };
	struct crypto *c = NULL;
	enum mfa_err r = vault_keys(&o->conf, &ring, &o->why);

	assert_true(r == MFA_OK || r == MFA_ENOENT);
	assert_int_equal(crypto_new("", &c, NULL), MFA_OK);
	assert_int_equal(keyring_add(&ring, c, 1), MFA_OK);
	assert_int_equal(vault_replace(&o->conf, &ring, &o->why), MFA_OK);
	crypto_free(c);
}

/* What lies on the disk as alice's, to be freed. */
static char *
on_disk(void)
{
	char *text = calloc(1, 4096);
	FILE *f = fopen("dir/users/alice", "re");

	pamhost_must(f != NULL && text != NULL, "dir/users/alice");
	text[fread(text, 1, 4095, f)] = '\0';
	fclose(f);
	return text;
}

static void
is_sealed(bool want)
{
	char *text = on_disk();

	assert_int_equal(strstr(text, "secret = sealed:") != NULL, want);
	assert_int_equal(strstr(text, SECRET) == NULL, want);
	free(text);
}

static void
reads(struct one *o, enum mfa_err want)
{
	enum mfa_err r = one_factors(o);

	if (r != want)
		fail_msg("%d, not %d: %s", r, want, o->why.text);
	assert_string_equal(buf_str(&o->text), r ? "" : RECORD);
}

static void
sealed_and_opened(void **unused)
{
	struct one *o = open_keyed("alice", CONF_STORE_SYSTEM);
	struct seal_count n;
	struct stat st;

	(void)unused;
	assert_int_equal(one_save(o, RECORD), MFA_OK);
	assert_string_equal(o->why.text, "");
	is_sealed(false);
	reads(o, MFA_OK);
	new_key(o);
	assert_int_equal(stat("dir/host.key", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* What was in plain still counts. */
	reads(o, MFA_OK);
	assert_int_equal(one_save(o, RECORD), MFA_OK);
	is_sealed(true);
	reads(o, MFA_OK);
	assert_int_equal(store_file_seals(o->store, NULL, &n, NULL), MFA_OK);
	assert_int_equal(n.other, 1);
	assert_int_equal(n.plain + n.current, 0);
	/* An older key opens; what is written has the current one. */
	new_key(o);
	reads(o, MFA_OK);
	assert_int_equal(chmod("dir/host.key", 0400), 0);
	reads(o, MFA_OK);
	*o->conf.host_key = '\0';
	reads(o, MFA_ECRYPTO);
	assert_int_equal(one_save(o, RECORD), MFA_OK);
	is_sealed(false);
	one_close(o);
}

/* Nobody needs the keys whose record has no envelope. */
static void
not_read_in_vain(void **unused)
{
	struct one *o = open_keyed("alice", CONF_STORE_SYSTEM);

	(void)unused;
	assert_int_equal(one_save(o, RECORD), MFA_OK);
	pamhost_write("dir/host.key", 0644, "garbage");
	reads(o, MFA_OK);
	assert_int_equal(one_save(o, RECORD), MFA_EPERM);
	is_sealed(false);
	one_close(o);
}

/* How often the keys are read when factors are. */
static int
key_reads(struct one *o, enum mfa_err want)
{
	char event[sizeof(struct inotify_event)];
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), n = 0;

	/* A watch of the file alone: events have no name, and one is whole. */
	assert_true(fd >= 0);
	assert_true(inotify_add_watch(fd, "dir/host.key", IN_OPEN |
	    IN_CLOSE_NOWRITE) >= 0);
	reads(o, want);
	while (read(fd, event, sizeof(event)) > 0)
		n++;
	close(fd);
	return n / 2;
}

/* For a login, who has nothing that is sealed costs the same. */
static void
even_for_nobody(void **unused)
{
	struct one *o = open_keyed("alice", CONF_STORE_SYSTEM);
	struct one *bob = open_keyed("bob", CONF_STORE_SYSTEM);
	struct vault v = { .conf = &o->conf };

	(void)unused;
	vault_even(&v);
	assert_null(v.crypto);
	assert_int_equal(one_save(bob, RECORD), MFA_OK);
	new_key(o);
	vault_even(&v);
	assert_non_null(v.crypto);
	vault_free(&v);
	assert_int_equal(key_reads(o, MFA_ENOENT), 0);
	store_file_even(o->store);
	assert_int_equal(key_reads(o, MFA_ENOENT), 1);
	o->who.known = false;
	assert_int_equal(key_reads(o, MFA_ENOENT), 1);
	store_file_even(bob->store);
	assert_int_equal(key_reads(bob, MFA_OK), 1);
	assert_int_equal(one_save(bob, RECORD), MFA_OK);
	assert_int_equal(key_reads(bob, MFA_OK), 1);
	/* Keys that cannot be read are no matter of theirs. */
	o->who.known = true;
	badfile_good("dir/host.key", "garbage", 0);
	reads(o, MFA_ENOENT);
	assert_string_equal(buf_str(&o->text), "");
	one_close(bob);
	one_close(o);
}

static void
bad_keys(void **unused)
{
	struct one *o = open_keyed("alice", CONF_STORE_SYSTEM);
	char good[1024] = "", *before, *after;
	FILE *f;

	(void)unused;
	new_key(o);
	assert_int_equal(one_save(o, RECORD), MFA_OK);
	before = on_disk();
	f = fopen("dir/host.key", "re");
	assert_true(f != NULL && fread(good, 1, sizeof(good) - 1, f) > 0);
	fclose(f);
	for (size_t i = 0; badfile_name(i) != NULL; i++) {
		badfile_make(i, "dir/host.key", good, 0);
		reads(o, MFA_EPERM);
		assert_non_null(strstr(o->why.text, "dir/host.key"));
		assert_int_equal(one_save(o, RECORD), MFA_EPERM);
	}
	badfile_good("dir/host.key", "version = 1\n", 0);
	reads(o, MFA_ESYNTAX);
	assert_non_null(strstr(o->why.text, "dir/host.key: line 1: "));
	assert_int_equal(one_save(o, RECORD), MFA_ESYNTAX);
	badfile_clear("dir/host.key");
	reads(o, MFA_ECRYPTO);
	assert_non_null(strstr(o->why.text, "there is no "));
	new_key(o);
	reads(o, MFA_ECRYPTO);
	assert_non_null(strstr(o->why.text, "which is not in "));
	badfile_good("dir/host.key", good, 0);
	reads(o, MFA_OK);
	/* Through all of this the record stayed as it was. */
	after = on_disk();
	assert_string_equal(after, before);
	free(after);
	free(before);
	one_close(o);
}

static void
of_another_person(void **unused)
{
	struct one *o = open_keyed("alice", CONF_STORE_SYSTEM), *bob;

	(void)unused;
	new_key(o);
	assert_int_equal(one_save(o, RECORD), MFA_OK);
	storetest_run("cp -p dir/users/alice dir/users/bob");
	bob = open_keyed("bob", CONF_STORE_SYSTEM);
	reads(bob, MFA_ECRYPTO);
	assert_non_null(strstr(bob->why.text, "bob, factor a: sealed with "));
	one_close(bob);
	one_close(o);
}

/* A person cannot read the host's keys. */
static void
homes_are_not_sealed(void **unused)
{
	struct one *o = open_keyed("u", CONF_STORE_HOME);

	(void)unused;
	new_key(o);
	storetest_run("mkdir -m 700 " ONE_HOME "/.mfa");
	badfile_good(ONE_HOME "/.mfa/factors", RECORD, ONE_UID);
	storetest_run("chown 23456:23456 " ONE_HOME "/.mfa");
	reads(o, MFA_OK);
	badfile_good(ONE_HOME "/.mfa/factors", "[factor a]\nsecret = "
	    "sealed:a:a\n", ONE_UID);
	reads(o, MFA_ECRYPTO);
	assert_non_null(strstr(o->why.text, "store = home never is"));
	/* A label is not sealed, whatever it says. */
	badfile_good(ONE_HOME "/.mfa/factors", "[factor a]\nlabel = "
	    "sealed: no\nsecret = x\n", ONE_UID);
	assert_int_equal(one_factors(o), MFA_OK);
	one_close(o);
}

/* Nobody writes while the keys change; nothing is written then. */
static void
waits_for_the_lock(void **unused)
{
	struct one *o = open_keyed("alice", CONF_STORE_SYSTEM);
	int lock;

	(void)unused;
	assert_int_equal(one_save(o, RECORD), MFA_OK);
	assert_int_equal(vault_lock(&o->conf, &lock, &o->why), MFA_OK);
	assert_int_equal(one_save(o, "version = 1\n"), MFA_EBUSY);
	reads(o, MFA_OK);
	close(lock);
	assert_int_equal(one_save(o, RECORD), MFA_OK);
	storetest_run("chmod 755 dir/state");
	assert_int_equal(one_save(o, RECORD), MFA_EPERM);
	one_close(o);
}

static void
places_of_the_file(void **unused)
{
	struct one *o = open_keyed("alice", CONF_STORE_SYSTEM);
	struct keyring ring = { 0 };

	(void)unused;
	assert_int_equal(vault_keys(&o->conf, &ring, &o->why), MFA_ENOENT);
	storetest_run("chmod 775 dir");
	assert_int_equal(vault_replace(&o->conf, &ring, &o->why), MFA_EPERM);
	storetest_run("chmod 755 dir");
	*o->conf.host_key = '\0';
	assert_int_equal(vault_keys(&o->conf, &ring, &o->why), MFA_ENOENT);
	assert_int_equal(vault_replace(&o->conf, &ring, &o->why), MFA_ERANGE);
	strcpy(o->conf.host_key, "/nowhere/host.key");
	assert_int_equal(vault_replace(&o->conf, &ring, &o->why), MFA_EIO);
	one_close(o);
}

enum mfa_err __real_file_read(const struct file_dir *, const char *name,
    const struct file_rule *, struct buf *ret, struct mfa_why *);
enum mfa_err __wrap_file_read(const struct file_dir *, const char *name,
    const struct file_rule *, struct buf *ret, struct mfa_why *);

/* With this reading of alice's factors the keys that fit are there. */
static int keys_come_at, looks;

enum mfa_err
__wrap_file_read(const struct file_dir *dir, const char *name,
    const struct file_rule *rule, struct buf *ret, struct mfa_why *why)
{
	if (!strcmp(name, "alice") && ++looks == keys_come_at)
		storetest_run("mv dir/fits dir/host.key");
	return __real_file_read(dir, name, rule, ret, why);
}

/* Keys that are replaced during a login: what went wrong first is over. */
static void
looks_again(void **unused)
{
	struct one *o = open_keyed("alice", CONF_STORE_SYSTEM);

	(void)unused;
	new_key(o);
	assert_int_equal(one_save(o, RECORD), MFA_OK);
	storetest_run("mv dir/host.key dir/fits");
	new_key(o);
	for (keys_come_at = 4; keys_come_at > 1; keys_come_at--) {
		storetest_run("cp -p dir/host.key dir/other");
		looks = 0;
		reads(o, keys_come_at > 3 ? MFA_ECRYPTO : MFA_OK);
		assert_int_equal(looks, keys_come_at > 3 ? 3 : keys_come_at);
		assert_int_equal(*o->why.text == '\0', keys_come_at <= 3);
		if (keys_come_at <= 3)
			storetest_run("mv dir/host.key dir/fits && "
			    "mv dir/other dir/host.key");
	}
	keys_come_at = 0;
	one_close(o);
}

#define T(f) cmocka_unit_test_setup_teardown(f, \
	storetest_setup, filetest_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(sealed_and_opened),
	    T(not_read_in_vain), T(even_for_nobody),
	    T(bad_keys), T(of_another_person),
	    T(homes_are_not_sealed), T(waits_for_the_lock),
	    T(places_of_the_file), T(looks_again) };

	return cmocka_run_group_tests(tests, storetest_enter, NULL);
}
