/* Records of trust: whose they are, how long, and that nothing else counts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/trust.h"

/* ssh-keygen -l says that of the key. */
#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8Q" \
    "ERITFBUWFxgZGhscHR4f"
#define PRINT "SHA256:ZkAslGjFiUHdGf/WUL8rQvkib4PTvQatUV0OUQSncCA"
#define DAY 86400

static const uint8_t host_key[TRUST_KEY] = "0123456789abcdef0123456789abcde";
static const struct mfa_time then = { 1700000000, 5000000, "boot-1" };

struct fixture {
	struct crypto *crypto;
	struct factor factor[2];
	struct record rec;
	struct state st;
	struct trust_scope scope;
	struct trust_claim claim;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL || crypto_new("", &f->crypto, NULL))
		return -1;
	strcpy(f->factor[0].id, "totp-aaaa");
	strcpy(f->factor[1].id, "totp-bbbb");
	f->rec = (struct record){ .factor = f->factor, .n = 1 };
	f->scope = (struct trust_scope){ .crypto = f->crypto, .key = host_key,
	    .user = "alice", .record = &f->rec };
	f->claim = (struct trust_claim){ .of = PRINT, .service = "sshd",
	    .from = "192.0.2.7", .lasts = 14 * DAY };
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	crypto_free(f->crypto);
	free(f);
	return 0;
}

static enum mfa_err
found_at(const struct fixture *f, const struct mfa_time *now)
{
	size_t i = 99;
	enum mfa_err r;

	r = trust_find(&f->scope, &f->st, &f->claim, now, &i);
	assert_true(r ? i == 99 : i < f->st.trusts);
	return r;
}

static void
added(struct fixture *f)
{
	assert_int_equal(trust_add(&f->scope, &f->st, &f->claim, &then),
	    MFA_OK);
	assert_int_equal(found_at(f, &then), MFA_OK);
}

/* What sshd says of a login, and the key that is taken from it. */
static void
fingerprints(void **state)
{
	static const struct {
		const char *info;
		bool only_sk;
		enum mfa_err r;
	} table[] = {
		{ "publickey ssh-ed25519 " KEY, false, MFA_OK },
		{ "publickey ssh-ed25519 " KEY "\n", false, MFA_OK },
		{ "password\npublickey ssh-ed25519 " KEY "\n", false, MFA_OK },
		{ "publickey ssh-ed25519 " KEY "\npublickey ssh-rsa AAAA\n",
		    false, MFA_OK },
		{ "publickey ssh-ed25519 " KEY " comment", false, MFA_OK },
		{ "publickey ssh-ed25519 " KEY, true, MFA_ENOENT },
		{ "publickey sk-ssh-ed25519@openssh.com " KEY, true, MFA_OK },
		/* The first key is no security key: it may be anybody's. */
		{ "publickey ssh-rsa AAAA\n"
		    "publickey sk-ssh-ed25519@openssh.com " KEY, true,
		    MFA_ENOENT },
		{ "", false, MFA_ENOENT }, { "\n", false, MFA_ENOENT },
		{ "password", false, MFA_ENOENT },
		{ "keyboard-interactive/pam\n", false, MFA_ENOENT },
		{ "hostbased ssh-ed25519 " KEY, false, MFA_ENOENT },
		{ "x publickey ssh-ed25519 " KEY, false, MFA_ENOENT },
		{ "Publickey ssh-ed25519 " KEY, false, MFA_ENOENT },
		{ "publickey", false, MFA_ENOENT },
		{ "publickey ", false, MFA_ESYNTAX },
		{ "publickey ssh-ed25519", false, MFA_ESYNTAX },
		{ "publickey ssh-ed25519 ", false, MFA_ESYNTAX },
		{ "publickey ssh-ed25519\n" KEY, false, MFA_ESYNTAX },
		{ "publickey ssh-ed25519 A*" KEY, false, MFA_ESYNTAX },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		char of[TRUST_OF_MAX] = "as it was";

		if (trust_fingerprint(f->crypto, table[i].info,
		    table[i].only_sk, of) != table[i].r)
			fail_msg("%s", table[i].info);
		assert_string_equal(of, table[i].r ? "as it was" : PRINT);
	}
}

static void
sessions(void **state)
{
	const struct fixture *f = *state;
	char a[TRUST_OF_MAX], b[TRUST_OF_MAX];
	struct trust t = { .of = PRINT };

	assert_int_equal(trust_session(f->crypto, "session 1", a), MFA_OK);
	assert_int_equal(trust_session(f->crypto, "session 2", b), MFA_OK);
	assert_string_not_equal(a, b);
	assert_true(trust_is_key(&t));
	strcpy(t.of, a);
	assert_false(trust_is_key(&t));
}

/* Everything that a record says, and whose it is, is under its seal. */
static void
at85_sealed(void **state)
{
	static const uint8_t other_key[TRUST_KEY] = "another";
	static struct fixture was;
	struct fixture *f = *state;
	struct trust *t = &f->st.trust[0];

	added(f);
	assert_int_equal(strlen(t->id), TRUST_ID_MAX - 1);
	was = *f;
#define NONE(change) do { change; \
	assert_int_equal(found_at(f, &then), MFA_ENOENT); \
	*f = was; } while (0)
	NONE(f->scope.user = "bob");
	NONE(f->scope.user = "alice\n");
	NONE(f->scope.key = other_key);
	NONE(f->rec.n = 0);
	NONE(f->rec.n = 2);
	NONE(strcpy(f->factor[0].id, "totp-aaab"));
	NONE(t->lasts++);
	NONE(strcpy(t->from, "192.0.2.8"));
	NONE(*t->from = '\0');
	NONE(t->since.real--);
	NONE(t->since.boottime--);
	NONE(strcpy(t->since.boot, "boot-0"));
	NONE(t->seal[0] ^= 1);
	NONE(t->seal[TRUST_SEAL_LEN - 1] ^= 0x80);
	NONE(strcpy(t->service, "ssh"));
	NONE(strcpy(t->of, "SHA256:x"));
	NONE(strcpy(f->claim.service, "ssh"));
	NONE(strcpy(f->claim.of, "SHA256:x"));
	/* Also where claim and record agree. */
	NONE(strcpy(t->service, "sudo"); strcpy(f->claim.service, "sudo"));
	NONE(strcpy(t->of, "SHA256:x"); strcpy(f->claim.of, "SHA256:x"));
	/* The id, the last use and the order are of no account. */
	strcpy(t->id, "x");
	t->used_at = 5;
	f->st.trust[1] = *t;
	t->seal[0] ^= 1;
	f->st.trusts = 2;
	assert_int_equal(found_at(f, &then), MFA_OK);
}

static void
times(void **state)
{
	static const struct {
		int64_t later, up;	/* seconds: after then; since boot */
		const char *boot;
		uint32_t lasts;		/* as configured now; 0 = as then */
		enum mfa_err r;
	} table[] = {
		{ 14 * DAY - 1, 14 * DAY, "boot-1", 0, MFA_OK },
		{ 14 * DAY, 5001, "boot-1", 0, MFA_ENOENT },
		/* The clock was set back. */
		{ 1, 5000 + 14 * DAY, "boot-1", 0, MFA_ENOENT },
		{ -1, 5001, "boot-1", 0, MFA_ENOENT },
		{ -1, 1, "boot-2", 0, MFA_ENOENT },
		{ 1, 14 * DAY, "boot-2", 0, MFA_ENOENT },
		/* Rebooted. */
		{ 14 * DAY - 1, 1, "boot-2", 0, MFA_OK },
		{ 14 * DAY, 1, "boot-2", 0, MFA_ENOENT },
		{ INT64_MAX / 4, 1, "boot-2", 0, MFA_ENOENT },
		/* What is granted now is less, or more. */
		{ DAY - 1, 5001, "boot-1", DAY, MFA_OK },
		{ DAY, 5001, "boot-1", DAY, MFA_ENOENT },
		{ 14 * DAY, 5001, "boot-1", 90 * DAY, MFA_ENOENT },
	};
	struct fixture *f = *state;

	added(f);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct mfa_time now = { .real = then.real + table[i].later,
		    .boot_ms = table[i].up * 1000 };

		strcpy(now.boot_id, table[i].boot);
		f->claim.lasts = table[i].lasts ? table[i].lasts : 14 * DAY;
		if (found_at(f, &now) != table[i].r)
			fail_msg("row %zu", i);
	}
}

/* The same key again is one record; what has run out goes, then the oldest. */
static void
room(void **state)
{
	struct fixture *f = *state;
	struct mfa_time now = then;

	added(f);
	added(f);
	assert_int_equal(f->st.trusts, 1);
	f->claim.lasts = DAY;
	for (int i = 1; i < TRUST_MAX; i++) {
		snprintf(f->claim.of, sizeof(f->claim.of), "SHA256:%d", i);
		added(f);
	}
	assert_int_equal(f->st.trusts, TRUST_MAX);
	strcpy(f->claim.of, "SHA256:more");
	added(f);
	assert_int_equal(f->st.trusts, TRUST_MAX);
	assert_string_equal(f->st.trust[0].of, "SHA256:1");
	assert_string_equal(f->st.trust[TRUST_MAX - 1].of, "SHA256:more");
	now.real += DAY;
	strcpy(f->claim.of, "SHA256:later");
	assert_int_equal(trust_add(&f->scope, &f->st, &f->claim, &now),
	    MFA_OK);
	assert_int_equal(f->st.trusts, 1);
	assert_string_equal(f->st.trust[0].of, "SHA256:later");
	assert_true(trust_claimed(&f->st, &f->claim));
	trust_remove(&f->st, 0);
	assert_int_equal(f->st.trusts, 0);
	assert_false(trust_claimed(&f->st, &f->claim));
}

/* A key counts only in the network where it was remembered, if one counts. */
static void
networks(void **state)
{
	static const struct {
		const char *kept, *now;
		unsigned v4, v6;
		enum mfa_err r;
	} table[] = {
		{ "192.0.2.7", "192.0.2.7", 32, 128, MFA_OK },
		{ "192.0.2.7", "192.0.2.6", 32, 128, MFA_ENOENT },
		{ "192.0.2.7", "192.0.2.6", 31, 128, MFA_OK },
		{ "192.0.2.7", "192.0.2.200", 24, 128, MFA_OK },
		{ "192.0.2.7", "192.0.3.7", 24, 128, MFA_ENOENT },
		{ "192.0.2.7", "192.0.3.7", 23, 128, MFA_OK },
		{ "192.0.2.7", "::ffff:192.0.2.9", 24, 128, MFA_OK },
		{ "192.0.2.7", "2001:db8::7", 1, 1, MFA_ENOENT },
		{ "2001:db8:7::1", "2001:db8:7::ffff", 32, 56, MFA_OK },
		{ "2001:db8:7:ff::1", "2001:db8:7:100::1", 32, 56,
		    MFA_ENOENT },
		{ "2001:db8:7:ff::1", "2001:db8:7:100::1", 32, 48, MFA_OK },
		/* Somewhere that cannot be told is no network. */
		{ "", "192.0.2.7", 24, 56, MFA_ENOENT },
		{ "192.0.2.7", "", 24, 56, MFA_ENOENT },
		{ "", "", 24, 56, MFA_ENOENT },
		/* None counts, whatever was the case then. */
		{ "192.0.2.7", "198.51.100.1", 0, 0, MFA_OK },
		{ "192.0.2.7", "", 0, 0, MFA_OK },
		{ "", "192.0.2.7", 0, 0, MFA_OK },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		f->st.trusts = 0;
		f->claim.prefix = 0;
		strcpy(f->claim.from, table[i].kept);
		added(f);
		strcpy(f->claim.from, table[i].now);
		f->claim.prefix = CONF_PREFIX(table[i].v4, table[i].v6);
		if (found_at(f, &then) != table[i].r)
			fail_msg("row %zu", i);
		assert_int_equal(trust_claimed(&f->st, &f->claim),
		    table[i].r == MFA_OK);
	}
	/* At home and at work are two records, and neither ends the other. */
	f->st.trusts = 0;
	f->claim.prefix = CONF_PREFIX(24, 56);
	strcpy(f->claim.from, "192.0.2.7");
	added(f);
	strcpy(f->claim.from, "198.51.100.1");
	added(f);
	assert_int_equal(f->st.trusts, 2);
	strcpy(f->claim.from, "198.51.100.2");
	added(f);
	assert_int_equal(f->st.trusts, 2);
	strcpy(f->claim.from, "192.0.2.1");
	assert_int_equal(found_at(f, &then), MFA_OK);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(fingerprints), T(sessions),
	    T(at85_sealed), T(times), T(room), T(networks) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
