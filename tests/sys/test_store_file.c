/*
 * The store over files: which file is whose, who waits for whom, and that only
 * "there is none" is not an error. See test_store_home.c for store = home.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../pam_mfa/sys/edit.h"
#include "../fake/badfile.h"
#include "../fake/filetest.h"
#include "../fake/storetest.h"

static void
begins(const char *user, enum mfa_err want)
{
	struct one *o = one_open(user, CONF_STORE_SYSTEM);
	enum mfa_err r = one_begin(o);

	if (r != want)
		fail_msg("%d, not %d: %s", r, want, o->why.text);
	one_close(o);
}

/* Whose file is it? What a name holds does not lead out of the directory. */
static void
at44_file_names(void **unused)
{
	static const struct {
		const char *user, *file;
	} table[] = { { "alice", "alice" }, { "..", "%2E." },
	    { "../x", "%2E.%2Fx" }, { "a/b", "a%2Fb" }, { "-n", "%2Dn" },
	    { "%unknown", "%25unknown" }, { ".lock.alice", "%2Elock.alice" } };
	char path[80];

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct one *o = one_open(table[i].user, CONF_STORE_SYSTEM);

		assert_int_equal(one_begin(o), MFA_OK);
		assert_int_equal(one_commit(o, "state"), MFA_OK);
		assert_int_equal(one_save(o, "factors"), MFA_OK);
		one_end(o);
		one_close(o);
		snprintf(path, sizeof(path), "dir/state/%s", table[i].file);
		assert_int_equal(unlink(path), 0);
		snprintf(path, sizeof(path), "dir/state/.lock.%s",
		    table[i].file);
		assert_int_equal(unlink(path), 0);
		snprintf(path, sizeof(path), "dir/users/%s", table[i].file);
		assert_int_equal(unlink(path), 0);
	}
	/* Nothing else was made. */
	storetest_run("rmdir dir/users dir/state");
}

/* The states of unknown people, as many as there are. */
static unsigned
nobodies(void)
{
	struct dirent *e;
	unsigned n = 0;
	DIR *dir = opendir("dir/state");

	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL)
		n += !strncmp(e->d_name, "%unknown", 8);
	closedir(dir);
	return n;
}

static void
nobody_commits(struct one *o, const char *name)
{
	o->who.known = false;
	snprintf(o->who.user, sizeof(o->who.user), "%s", name);
	assert_int_equal(store_file_open(&o->conf, &o->who, &o->store,
	    &o->why), MFA_OK);
	o->port = store_file_port(o->store);
	assert_int_equal(one_begin(o), MFA_OK);
	assert_int_equal(one_commit(o, "x"), MFA_OK);
	store_file_close(o->store);
	o->store = NULL;
}

/* Unknown people share a few states, whatever they call themselves. */
static void
unknown_people(void **unused)
{
	struct one *o = one_open("alice", CONF_STORE_SYSTEM);
	struct store_file *none = NULL;
	char longest[SUBJECT_NAME_MAX];

	(void)unused;
	store_file_close(o->store);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memcpy(o->who.user, longest, sizeof(longest) - 1);
	assert_int_equal(store_file_open(&o->conf, &o->who, &none, &o->why),
	    MFA_ERANGE);
	assert_null(none);
	store_file_close(NULL);
	nobody_commits(o, longest);
	nobody_commits(o, longest);
	assert_int_equal(nobodies(), 1);
	/* One of 256: that all these are in one is as good as impossible. */
	for (int i = 0; i < 600; i++) {
		snprintf(longest, sizeof(longest), "nobody%d", i);
		nobody_commits(o, longest);
	}
	assert_true(nobodies() > 100 && nobodies() <= 256);
	one_close(o);
}

static void
system_factors(void **unused)
{
	static char most[STORE_FILE_MAX + 2];

	(void)unused;
	one_factors_are("alice", CONF_STORE_SYSTEM, MFA_ENOENT, "");
	badfile_good("dir/users/alice", "hers", 0);
	one_factors_are("alice", CONF_STORE_SYSTEM, MFA_OK, "hers");
	one_factors_are("bob", CONF_STORE_SYSTEM, MFA_ENOENT, "");
	memset(most, 'x', STORE_FILE_MAX);
	badfile_good("dir/users/alice", most, 0);
	one_factors_are("alice", CONF_STORE_SYSTEM, MFA_OK, most);
	most[STORE_FILE_MAX] = 'x';
	badfile_good("dir/users/alice", most, 0);
	one_factors_are("alice", CONF_STORE_SYSTEM, MFA_EPERM, "");
	for (size_t i = 0; badfile_name(i) != NULL; i++) {
		badfile_make(i, "dir/users/alice", "hers", 0);
		one_factors_are("alice", CONF_STORE_SYSTEM, MFA_EPERM, "");
		one_factors_are("bob", CONF_STORE_SYSTEM, MFA_ENOENT, "");
	}
	badfile_good("dir/users/alice", "hers", 0);
	storetest_run("chmod 0755 dir/users");
	one_factors_are("alice", CONF_STORE_SYSTEM, MFA_EPERM, "");
	storetest_run("chmod 0700 dir/users && chown 4711 dir/users");
	one_factors_are("alice", CONF_STORE_SYSTEM, MFA_EPERM, "");
	storetest_run("chown 0 dir/users && mv dir/users dir/u");
	one_factors_are("alice", CONF_STORE_SYSTEM, MFA_EIO, "");
	storetest_run("ln -s u dir/users");
	one_factors_are("alice", CONF_STORE_SYSTEM, MFA_EPERM, "");
}

static void
state_files(void **unused)
{
	static const char *const places[] = { "dir/state/alice",
	    "dir/state/.lock.alice" };
	struct one *o = one_open("alice", CONF_STORE_SYSTEM);

	(void)unused;
	assert_int_equal(one_begin(o), MFA_OK);
	assert_string_equal(buf_str(&o->text), "");
	assert_int_equal(one_commit(o, "first"), MFA_OK);
	one_end(o);
	assert_int_equal(one_begin(o), MFA_OK);
	assert_string_equal(buf_str(&o->text), "first");
	assert_int_equal(one_commit(o, "second"), MFA_OK);
	/* Seen without the lock, too. */
	buf_wipe(&o->text);
	assert_int_equal(store_file_peek(o->store, &o->text, &o->why), MFA_OK);
	assert_string_equal(buf_str(&o->text), "second");
	one_close(o);
	for (size_t at = 0; at < 2; at++) {
		for (size_t i = 0; badfile_name(i) != NULL; i++) {
			badfile_make(i, places[at], "x", 0);
			begins("alice", at == 1 && !strcmp(badfile_name(i),
			    "a directory") ? MFA_EIO : MFA_EPERM);
			begins("bob", MFA_OK);
		}
		badfile_clear(places[at]);
		begins("alice", MFA_OK);
	}
	storetest_run("chmod 0750 dir/state");
	begins("alice", MFA_EPERM);
	storetest_run("rm -rf dir/state");
	begins("alice", MFA_EIO);
}

/* An empty state is none, whether there was one or not. */
static void
no_state(void **unused)
{
	struct one *o = one_open("alice", CONF_STORE_SYSTEM);

	(void)unused;
	assert_int_equal(one_begin(o), MFA_OK);
	assert_int_equal(one_commit(o, ""), MFA_OK);
	assert_string_equal(o->why.text, "");
	assert_int_equal(access("dir/state/alice", F_OK), -1);
	assert_int_equal(one_commit(o, "first"), MFA_OK);
	assert_int_equal(one_commit(o, ""), MFA_OK);
	assert_int_equal(access("dir/state/alice", F_OK), -1);
	one_end(o);
	storetest_run("mkdir dir/state/alice");
	assert_int_equal(one_commit(o, ""), MFA_EIO);
	assert_string_not_equal(o->why.text, "");
	one_close(o);
}

static enum mfa_err
token(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	const struct factor f = { .id = "hotp-aaaa", .kind = FACTOR_HOTP,
	    .label = "Token", .created = 1, .otp = { .len = 20, .digits = 6 } };

	(void)ctx;
	(void)why;
	st->failures++;
	return record_add(rec, &f);
}

static enum mfa_err
disk_full(void *ctx, const struct buf *factors, struct mfa_why *why)
{
	(void)ctx;
	(void)factors;
	return mfa_fail(why, MFA_EIO, "no room");
}

/* What an enrolment that could not be saved leaves: what was there. */
static void
put_back(void **unused)
{
	static const char before[] = "version = 1\nfailures = 2\n";
	struct one *o = one_open("alice", CONF_STORE_SYSTEM);
	const struct mfa_writer writer = { .save = disk_full };
	const struct edit e = { .store = &o->port, .writer = &writer };

	(void)unused;
	assert_int_equal(edit_run(&e, 10, token, NULL, &o->why), MFA_EIO);
	assert_string_equal(o->why.text, "no room");
	assert_int_equal(access("dir/state/alice", F_OK), -1);
	assert_int_equal(one_begin(o), MFA_OK);
	assert_int_equal(one_commit(o, before), MFA_OK);
	one_end(o);
	assert_int_equal(edit_run(&e, 10, token, NULL, &o->why), MFA_EIO);
	assert_int_equal(one_begin(o), MFA_OK);
	assert_string_equal(buf_str(&o->text), before);
	one_close(o);
}

static void
one_at_a_time(void **unused)
{
	struct one *first = one_open("alice", CONF_STORE_SYSTEM);
	struct one *second = one_open("alice", CONF_STORE_SYSTEM);
	struct one *other = one_open("bob", CONF_STORE_SYSTEM);

	(void)unused;
	assert_int_equal(one_begin(first), MFA_OK);
	assert_int_equal(one_begin(second), MFA_EBUSY);
	assert_int_equal(one_begin(other), MFA_OK);
	/* Who did not get it does not give it back. */
	one_end(second);
	assert_int_equal(one_begin(second), MFA_EBUSY);
	one_end(first);
	assert_int_equal(one_begin(second), MFA_OK);
	assert_int_equal(one_begin(first), MFA_EBUSY);
	one_close(second);
	assert_int_equal(one_begin(first), MFA_OK);
	one_end(first);
	/* A state that cannot be read keeps nobody locked. */
	badfile_make(0, "dir/state/alice", "", 0);
	assert_int_equal(one_begin(first), MFA_EPERM);
	badfile_clear("dir/state/alice");
	begins("alice", MFA_OK);
	one_close(first);
	one_close(other);
}

static enum mfa_err
collect(void *ctx, const char *user)
{
	return buf_printf(ctx, "%s,", user);
}

static void
saving_and_listing(void **unused)
{
	static const char *const users[] = { "bob", "alice", "../x", "Zoe" };
	struct buf list = { 0 };
	struct one *o;

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		o = one_open(users[i], CONF_STORE_SYSTEM);
		assert_int_equal(one_remove(o), MFA_ENOENT);
		assert_int_equal(one_save(o, "old"), MFA_OK);
		assert_int_equal(one_save(o, users[i]), MFA_OK);
		assert_int_equal(one_factors(o), MFA_OK);
		assert_string_equal(buf_str(&o->text), users[i]);
		one_close(o);
	}
	/* Copies that somebody made are not people. */
	storetest_run("cd dir/users && touch alice~ %41 .tmp.alice");
	o = one_open("alice", CONF_STORE_SYSTEM);
	assert_int_equal(store_file_each(&o->conf, collect, &list, &o->why),
	    MFA_OK);
	assert_string_equal(buf_str(&list), "../x,Zoe,alice,bob,");
	assert_int_equal(one_remove(o), MFA_OK);
	assert_int_equal(one_factors(o), MFA_ENOENT);
	buf_wipe(&list);
	storetest_run("rm -rf dir/users");
	assert_int_equal(store_file_each(&o->conf, collect, &list, &o->why),
	    MFA_EIO);
	one_close(o);
}

#define T(f) cmocka_unit_test_setup_teardown(f, \
	storetest_setup, filetest_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(at44_file_names),
	    T(unknown_people), T(system_factors), T(state_files),
	    T(no_state), T(put_back), T(one_at_a_time),
	    T(saving_and_listing) };

	return cmocka_run_group_tests(tests, storetest_enter, NULL);
}
