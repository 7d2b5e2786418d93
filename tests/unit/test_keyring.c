/* The host's keys as text: there and back, and every line that is not right. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/keyring.h"
#include "../fake/lines.h"
#include "../fake/no_crypto.h"

#define HEX16 "0123456789abcdef0123456789abcdef"
#define HEX HEX16 HEX16

static const char GOOD[] =
    "version = 1\n"
    "current = b2\n"
    "[key a1]\n"
    "created = 1790000000\n"
    "secret = " HEX "\n"
    "[key b2]\n"
    "created = -5\n"
    "secret = " HEX16 HEX16 "\n";

static enum mfa_err
parse(const char *text, struct keyring *ret, struct mfa_why *why)
{
	*why = (struct mfa_why){ "" };
	return keyring_parse(text, strlen(text), ret, why);
}

static void
refuses(const char *text, unsigned line)
{
	struct keyring ring = { .n = 77 };
	struct mfa_why why;
	char start[32];

	snprintf(start, sizeof(start), "line %u: ", line);
	if (!parse(text, &ring, &why) || ring.n != 77 ||
	    strncmp(why.text, start, strlen(start)) != 0)
		fail_msg("expected %s got: %s; for:\n%s", start, why.text,
		    text);
	assert_null(strstr(why.text, "456789"));
}

static void
round_trip(void **unused)
{
	struct buf text = { 0 };
	struct keyring ring;
	struct mfa_why why;

	(void)unused;
	assert_int_equal(parse(GOOD, &ring, &why), MFA_OK);
	assert_int_equal(ring.n, 2);
	assert_string_equal(keyring_current(&ring)->id, "b2");
	assert_int_equal(keyring_find(&ring, "a1")->created, 1790000000);
	assert_int_equal(keyring_find(&ring, "a1")->key[31], 0xef);
	assert_null(keyring_find(&ring, "a"));
	assert_int_equal(keyring_format(&ring, &text), MFA_OK);
	assert_string_equal(buf_str(&text), GOOD);
	buf_wipe(&text);
}

static void
mistakes(void **unused)
{
	static const struct { unsigned n; const char *line; unsigned at; }
	    table[] = { { 1, "version = 2", 1 }, { 1, "current = b2", 1 },
	    { 2, "current = c3", 8 }, { 2, "current = ", 2 },
	    { 2, "current = B2", 2 }, { 2, "current = b2\ncurrent = b2", 3 },
	    { 2, "current = a123456789012345", 2 }, { 2, "created = 1", 2 },
	    { 3, "[key]", 3 }, { 3, "[key a_1]", 3 }, { 3, "[factor a1]", 3 },
	    { 3, "[key b2]", 6 }, { 3, "[key a123456789012345]", 3 },
	    { 4, "created = x", 4 }, { 4, "created = 1\ncreated = 1", 5 },
	    { 5, "secret = " HEX16, 5 }, { 5, "secret = " HEX "0", 5 },
	    { 5, "secret = " HEX "\nsecret = " HEX, 6 },
	    { 5, "secret = sealed:" HEX, 5 }, { 5, "label = x", 5 } };
	static const unsigned without[] = { 1, 2, 3, 5, 5, 6, 7, 7 };
	char *text;

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		text = lines_with(GOOD, table[i].n, table[i].line);
		refuses(text, table[i].at);
		free(text);
	}
	for (unsigned n = 1; n <= lines_count(GOOD); n++) {
		text = lines_with(GOOD, n, NULL);
		refuses(text, without[n - 1]);
		free(text);
	}
	refuses("", 0);
	for (size_t cut = 1; cut < sizeof(GOOD) - 2; cut++) {
		struct keyring ring = { .n = 0 };
		struct mfa_why why = { "" };

		assert_int_not_equal(keyring_parse(GOOD, cut, &ring, &why),
		    MFA_OK);
	}
}

static void
adding_and_dropping(void **unused)
{
	struct keyring ring = { 0 }, old, after;
	struct crypto *c = NULL, *none = no_crypto();
	uint8_t zero[CRYPTO_GCM_KEY] = { 0 };
	struct buf text = { 0 };
	struct mfa_why why;

	(void)unused;
	assert_null(keyring_current(&ring));
	assert_int_equal(crypto_new("", &c, NULL), MFA_OK);
	assert_int_equal(keyring_add(&ring, none, 1), MFA_ECRYPTO);
	assert_int_equal(ring.n, 0);
	for (size_t i = 0; i < KEYRING_MAX; i++) {
		old = ring;
		assert_int_equal(keyring_add(&ring, c, (int64_t)i), MFA_OK);
		assert_ptr_equal(keyring_current(&ring), &ring.key[i]);
		assert_int_equal(ring.key[i].created, i);
		assert_memory_not_equal(ring.key[i].key, zero, sizeof(zero));
		assert_null(keyring_find(&old, ring.current));
	}
	after = ring;
	assert_int_equal(keyring_add(&ring, c, 1), MFA_ERANGE);
	assert_memory_equal(&after, &ring, sizeof(ring));
	assert_int_equal(keyring_format(&ring, &text), MFA_OK);
	assert_int_equal(parse(buf_str(&text), &after, &why), MFA_OK);
	assert_memory_equal(&after, &ring, sizeof(ring));
	buf_wipe(&text);
	/* The last but two stay: they came after. */
	old.n = KEYRING_MAX - 2;
	keyring_drop(&after, &old);
	assert_int_equal(after.n, 2);
	assert_memory_equal(&after.key[0], &ring.key[KEYRING_MAX - 2],
	    2 * sizeof(*ring.key));
	assert_memory_equal(after.key[2].key, zero, sizeof(zero));
	/* And never the current one. */
	keyring_drop(&after, &ring);
	assert_int_equal(after.n, 1);
	assert_string_equal(after.key[0].id, ring.current);
	crypto_free(c);
	crypto_free(none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(round_trip),
	    cmocka_unit_test(mistakes),
	    cmocka_unit_test(adding_and_dropping) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
