/*
 * AES-256-GCM by published vectors; the secrets of a record sealed and opened:
 * only in their own place, and not after any change.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/base64.h"
#include "../../pam_mfa/core/record.h"
#include "../../pam_mfa/core/seal.h"
#include "../../pam_mfa/core/text.h"
#include "../fake/memory.h"
#include "../fake/no_crypto.h"

#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define ZERO16 "00000000000000000000000000000000"
#define HEX16 "8123456789abcdef0123456789abcdef"
#define KEY HEX16 HEX16

/* A line of each factor holds a secret: 6, 14 and 24. */
static const char PLAIN[] =
    "version = 1\n"
    "[factor totp-k3fq]\n"
    "kind = totp\n"
    "label = secret=sealed:no\n"
    "created = 1790000000\n"
    "secret = " SECRET "\n"
    "algorithm = SHA1\n"
    "digits = 6\n"
    "period = 30\n"
    "[factor hotp-k3fq]\n"
    "kind = hotp\n"
    "label = Token\n"
    "created = 1790000000\n"
    "secret = " SECRET "\n"
    "algorithm = SHA1\n"
    "digits = 6\n"
    "counter = 5\n"
    "[factor phone-k3fq]\n"
    "kind = phone\n"
    "label = Mobile\n"
    "created = 1790000000\n"
    "number = +15550100\n"
    "extension = \n"
    "ways = sms\n"
    "key = " KEY "\n"
    "[factor app-k3fq]\n"
    "kind = app\n"
    "label = Mail\n"
    "created = 1790000000\n"
    "salt = " ZERO16 "\n"
    "hash = " ZERO16 ZERO16 "\n"
    "services = imap\n"
    "expires = 0\n";
#define SECRETS 3

struct sealed {
	struct crypto *crypto;
	struct keyring ring;
	struct seal_scope in;
	struct buf text;	/* PLAIN, sealed for alice */
	struct buf out;		/* of the last call */
	struct mfa_why why;
};

static int
setup(void **state)
{
	struct sealed *s = calloc(1, sizeof(*s));
	struct buf plain = { 0 };

	if (s == NULL || crypto_new("", &s->crypto, NULL) ||
	    keyring_add(&s->ring, s->crypto, 1790000000) ||
	    buf_puts(&plain, PLAIN))
		return -1;
	s->in = (struct seal_scope){ s->crypto, &s->ring, "/etc/mfa/host.key",
	    "alice" };
	*state = s;
	if (seal_record(&s->in, &plain, &s->text, &s->why))
		return -1;
	buf_wipe(&plain);
	return 0;
}

static int
teardown(void **state)
{
	struct sealed *s = *state;

	buf_wipe(&s->text);
	buf_wipe(&s->out);
	crypto_free(s->crypto);
	free(s);
	return 0;
}

static enum mfa_err
opens(struct sealed *s)
{
	buf_wipe(&s->out);
	*s->why.text = '\0';
	return seal_open_record(&s->in, &s->text, &s->out, &s->why);
}

/* It does not, and nothing of the secret is in what is said. */
static void
stays_shut(struct sealed *s, const char *words)
{
	assert_int_equal(opens(s), MFA_ECRYPTO);
	assert_null(strstr(s->why.text, SECRET));
	if (strstr(s->why.text, words) == NULL)
		fail_msg("not \"%s\": %s", words, s->why.text);
}

/* Replaces the first that is there with another. */
static void
put(struct sealed *s, const char *old, const char *new)
{
	const char *at = strstr(buf_str(&s->text), old);
	struct buf b = { 0 };

	assert_non_null(at);
	assert_int_equal(buf_put(&b, s->text.data,
	    (size_t)(at - buf_str(&s->text))), MFA_OK);
	assert_int_equal(buf_puts(&b, new), MFA_OK);
	assert_int_equal(buf_puts(&b, at + strlen(old)), MFA_OK);
	buf_wipe(&s->text);
	s->text = b;
}

/*
 * McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", the paper
 * that NIST SP 800-38D standardises, appendix B: test cases 13 to 16.
 */
#define K15 "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
#define P16 "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" \
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
#define C16 "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" \
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"

static const struct {
	const char *key, *nonce, *plain, *aad, *text, *tag;
} vectors[] = {
	{ ZERO16 ZERO16, "000000000000000000000000", "", "", "",
	    "530f8afbc74536b9a963b4f1c4cb738b" },
	{ ZERO16 ZERO16, "000000000000000000000000", ZERO16, "",
	    "cea7403d4d606b6e074ec5d3baf39d18",
	    "d0d1c8a799996bf0265b98b5d48ab919" },
	{ K15, "cafebabefacedbaddecaf888", P16 "1aafd255", "",
	    C16 "898015ad", "b094dac5d93471bdec1a502270e3cc6c" },
	{ K15, "cafebabefacedbaddecaf888", P16,
	    "feedfacedeadbeeffeedfacedeadbeefabaddad2", C16,
	    "76fc6ece0f4e1768cddf8853bb2d551b" },
};

static size_t
unhex(const char *hex, uint8_t *ret)
{
	assert_int_equal(text_unhex(hex, ret, strlen(hex) / 2), MFA_OK);
	return strlen(hex) / 2;
}

/* The library makes the nonce itself, so the vectors are opened. */
static void
gcm_vectors(void **state)
{
	struct sealed *s = *state;
	uint8_t key[32], aad[32], sealed[128], plain[128], want[128];

	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		struct crypto_gcm gcm = { .key = key, .aad = aad };
		size_t len = unhex(vectors[i].nonce, sealed), n;

		unhex(vectors[i].key, key);
		gcm.aadlen = unhex(vectors[i].aad, aad);
		len += unhex(vectors[i].text, sealed + len);
		len += unhex(vectors[i].tag, sealed + len);
		n = unhex(vectors[i].plain, want);
		assert_int_equal(len, n + CRYPTO_GCM_MORE);
		assert_int_equal(crypto_gcm_open(s->crypto, &gcm, sealed, len,
		    plain), MFA_OK);
		assert_memory_equal(plain, want, n);
		for (size_t bit = 0; bit < 8 * len; bit++) {
			sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(crypto_gcm_open(s->crypto, &gcm,
			    sealed, len, plain), MFA_ERANGE);
			sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		for (size_t cut = 0; cut < len; cut++)
			assert_int_equal(crypto_gcm_open(s->crypto, &gcm,
			    sealed, cut, plain), MFA_ERANGE);
	}
}

/* A nonce that comes twice gives the key away. */
static void
gcm_nonces(void **state)
{
	struct sealed *s = *state;
	uint8_t key[32] = { 1 }, out[8 + CRYPTO_GCM_MORE], back[8];
	struct crypto_gcm gcm = { .key = key, .aad = "a", .aadlen = 1 };
	static uint8_t seen[1000][CRYPTO_GCM_NONCE];

	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(crypto_gcm_seal(s->crypto, &gcm,
		    (const uint8_t *)"constant", 8, out), MFA_OK);
		memcpy(seen[i], out, CRYPTO_GCM_NONCE);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(seen[k], out,
			    CRYPTO_GCM_NONCE);
		assert_int_equal(crypto_gcm_open(s->crypto, &gcm, out,
		    sizeof(out), back), MFA_OK);
		assert_memory_equal(back, "constant", 8);
	}
}

static void
gcm_refusals(void **unused)
{
	struct crypto *c = no_crypto();
	uint8_t key[32] = { 1 }, in[40] = { 0 }, out[80];
	struct crypto_gcm gcm = { .key = key };

	(void)unused;
	assert_int_equal(crypto_gcm_seal(c, &gcm, in, 40, out), MFA_ECRYPTO);
	assert_int_equal(crypto_gcm_open(c, &gcm, in, 40, out), MFA_ECRYPTO);
	crypto_free(c);
}

static void
round_trip(void **state)
{
	struct sealed *s = *state;
	struct record rec = { 0 };
	struct seal_count n;

	assert_null(strstr(buf_str(&s->text), SECRET));
	assert_null(strstr(buf_str(&s->text), HEX16));
	assert_non_null(strstr(buf_str(&s->text), "\nsecret = sealed:"));
	assert_non_null(strstr(buf_str(&s->text), "\nkey = sealed:"));
	assert_int_equal(seal_look(&s->text, &s->ring, &n, &s->why), MFA_OK);
	assert_int_equal(n.current, SECRETS);
	assert_int_equal(n.plain + n.other, 0);
	assert_int_equal(opens(s), MFA_OK);
	assert_string_equal(buf_str(&s->out), PLAIN);
	assert_int_equal(record_parse(buf_str(&s->out), s->out.len, &rec,
	    &s->why), MFA_OK);
	assert_int_equal(rec.n, 4);
	record_free(&rec);
	/* Who does not know of envelopes takes none for a secret. */
	assert_int_not_equal(record_parse(buf_str(&s->text), s->text.len, &rec,
	    &s->why), MFA_OK);
}

/* Some may be in plain: what configuration management has put there. */
static void
half_plain(void **state)
{
	struct sealed *s = *state;
	char *line = strstr(buf_str(&s->text), "secret = sealed:");
	struct seal_count n;

	line = strndup(line, strcspn(line, "\n"));
	put(s, line, "secret = " SECRET);
	free(line);
	assert_int_equal(seal_look(&s->text, NULL, &n, &s->why), MFA_OK);
	assert_int_equal(n.plain, 1);
	assert_int_equal(n.other, SECRETS - 1);
	assert_int_equal(opens(s), MFA_OK);
	assert_string_equal(buf_str(&s->out), PLAIN);
}

/* Comments and empty lines go; a mistake is told of with its own number. */
static void
lines_keep_their_numbers(void **state)
{
	struct sealed *s = *state;

	put(s, "[factor hotp-k3fq]", "# a comment\n\n  ;another\n"
	    "[factor hotp-k3fq]");
	assert_int_equal(opens(s), MFA_OK);
	assert_non_null(strstr(buf_str(&s->out), "period = 30\n\n\n\n"
	    "[factor hotp-k3fq]\n"));
	put(s, "period = 30", "period");
	assert_int_equal(opens(s), MFA_ESYNTAX);
	assert_memory_equal(s->why.text, "line 9: ", 8);
}

static void
swaps(void **state)
{
	struct sealed *s = *state;

	s->in.user = "bob";
	stays_shut(s, "bob, factor totp-k3fq: sealed with key ");
	s->in.user = "alice ";
	stays_shut(s, "but changed, or of another person");
	s->in.user = "alice";
	put(s, "[factor totp-k3fq]", "[factor totp-k3fr]");
	stays_shut(s, "alice, factor totp-k3fr: sealed with key ");
	put(s, "[factor totp-k3fr]", "[factor totp-k3fq]");
	put(s, "\nkey = ", "\nsecret = ");
	stays_shut(s, "alice, factor phone-k3fq: ");
	put(s, "\nsecret = sealed:", "\nkey = sealed:");
	stays_shut(s, "alice, factor totp-k3fq: ");
}

/* The same bytes as key of another id; and, by another key, the same id. */
static void
key_ids(void **state)
{
	struct sealed *s = *state;
	struct keyring lost = { 0 };
	char now[KEYRING_ID_MAX + 8], other[KEYRING_ID_MAX + 8];

	snprintf(now, sizeof(now), "sealed:%s", s->ring.current);
	s->ring.key[1] = s->ring.key[0];
	memcpy(s->ring.key[1].id, "zz", 3);
	s->ring.n = 2;
	snprintf(other, sizeof(other), "sealed:zz");
	put(s, now, other);
	stays_shut(s, "sealed with key zz, but changed, or of another");
	put(s, other, now);
	assert_int_equal(opens(s), MFA_OK);
	s->ring.key[0].key[31] ^= 1;
	stays_shut(s, "but changed, or of another person, factor or key than "
	    "the one in /etc/mfa/host.key: restore ");
	s->in.ring = &lost;
	stays_shut(s, "which is not in /etc/mfa/host.key: restore");
	s->in.ring = NULL;
	stays_shut(s, "and there is no /etc/mfa/host.key: restore what belongs "
	    "together from a backup, or: mfactl reset alice");
}

/* Every character of every envelope, with another in its place, or cut off. */
static void
tampering(void **state)
{
	struct sealed *s = *state;
	unsigned envelopes = 0;
	char *at = (char *)s->text.data;

	while ((at = strstr(at, "= sealed:")) != NULL) {
		at += strlen("= sealed:");
		for (envelopes++; *at != '\n'; at++) {
			char c = *at;

			*at = c == 'A' ? 'B' : 'A';
			stays_shut(s, "mfactl reset alice");
			*at = c == '/' ? '=' : '/';
			stays_shut(s, "mfactl reset alice");
			*at = '\n';
			assert_int_not_equal(opens(s), MFA_OK);
			*at = c;
		}
	}
	assert_int_equal(envelopes, SECRETS);
	assert_int_equal(opens(s), MFA_OK);
}

static void
no_envelopes(void **state)
{
	static const char *const values[] = { "sealed:", "sealed::", "sealed:a",
	    "sealed:a:", "sealed:a:!", "sealed:aaaaaaaaaaaaaaaaaaaa:AAAA" };
	struct sealed *s = *state;
	char line[80];

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		buf_wipe(&s->text);
		snprintf(line, sizeof(line), "version = 1\n[factor a]\nsecret "
		    "= %s\n", values[i]);
		assert_int_equal(buf_puts(&s->text, line), MFA_OK);
		assert_true(seal_any(&s->text));
		stays_shut(s, "alice, factor a: ");
	}
}

/* Only where a secret stands, and never for one that is no line any more. */
static void
places(void **state)
{
	struct sealed *s = *state;
	char line[900], *end = line;

	buf_wipe(&s->text);
	assert_false(seal_any(&s->text));
	assert_int_equal(buf_puts(&s->text, "secret = a\n[host x]\nkey = b\n"
	    "[factor abcdefghijklmnopqrstuvwxyz]\nkey = c\n"), MFA_OK);
	assert_int_equal(seal_record(&s->in, &s->text, &s->out, &s->why),
	    MFA_OK);
	assert_string_equal(buf_str(&s->out), buf_str(&s->text));
	buf_wipe(&s->text);
	end += sprintf(line, "[factor a]\nsecret = ");
	memset(end, 'A', 700);
	end[700] = '\0';
	assert_int_equal(buf_puts(&s->text, line), MFA_OK);
	assert_int_equal(seal_record(&s->in, &s->text, &s->out, &s->why),
	    MFA_ERANGE);
	s->text.len -= 60;
	s->text.data[s->text.len] = '\0';
	buf_wipe(&s->out);
	assert_int_equal(seal_record(&s->in, &s->text, &s->out, &s->why),
	    MFA_OK);
	buf_wipe(&s->text);
	s->text = s->out;
	s->out = (struct buf){ 0 };
	assert_int_equal(opens(s), MFA_OK);
}

/*
 * An envelope made here, by the words of seal.h: from whoever has the key, and
 * one line all the same.
 */
static void
line_ends(void **state)
{
	static const struct { const char *value; enum mfa_err r; } table[] = {
	    { "one", MFA_OK }, { "a\tb", MFA_OK }, { "", MFA_OK },
	    { "a\nb", MFA_ECRYPTO }, { "a\n", MFA_ECRYPTO },
	    { "a\177", MFA_ECRYPTO } };
	struct sealed *s = *state;
	uint8_t raw[64];
	char aad[128], text[128], want[64];
	struct crypto_gcm gcm = { s->ring.key[0].key, aad, 0 };

	gcm.aadlen = (size_t)snprintf(aad, sizeof(aad), "version = 1\nkey = %s"
	    "\nfactor = a\nfield = secret\nuser = alice", s->ring.current);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		size_t len = strlen(table[i].value);

		assert_int_equal(crypto_gcm_seal(s->crypto, &gcm,
		    (const uint8_t *)table[i].value, len, raw), MFA_OK);
		buf_wipe(&s->text);
		assert_int_equal(buf_printf(&s->text, "[factor a]\nsecret = "
		    "sealed:%s:%s\n", s->ring.current, base64_encode(text, raw,
		    len + CRYPTO_GCM_MORE)), MFA_OK);
		assert_int_equal(opens(s), table[i].r);
		snprintf(want, sizeof(want), "[factor a]\nsecret = %s\n",
		    table[i].value);
		if (!table[i].r)
			assert_string_equal(buf_str(&s->out), want);
	}
}

static void
library_refuses(void **state)
{
	struct sealed *s = *state;
	struct crypto *none = no_crypto();

	s->in.crypto = none;
	assert_int_equal(opens(s), MFA_ECRYPTO);
	buf_wipe(&s->out);
	assert_int_equal(seal_record(&s->in, &s->text, &s->out, &s->why),
	    MFA_ECRYPTO);
	crypto_free(none);
}

static void
memory_is_wiped(void **state)
{
	struct sealed *s = *state;
	char secret[MEMORY_MARK + 1] = "";
	struct buf plain = { 0 };

	for (size_t i = 0; i < MEMORY_MARK; i++)
		secret[i] = (char)memory_mark(i);
	assert_int_equal(buf_printf(&plain, "[factor a]\nsecret = %s\n",
	    secret), MFA_OK);
	mfa_wipe(secret, sizeof(secret));
	buf_wipe(&s->text);
	assert_int_equal(seal_record(&s->in, &plain, &s->text, &s->why),
	    MFA_OK);
	assert_true(memory_marks() > 0);
	buf_wipe(&plain);
	assert_int_equal(memory_marks(), 0);
	assert_int_equal(opens(s), MFA_OK);
	assert_true(memory_marks() > 0);
	buf_wipe(&s->out);
	assert_int_equal(memory_marks(), 0);
	s->in.user = "bob";
	assert_int_equal(opens(s), MFA_ECRYPTO);
	assert_int_equal(memory_marks(), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(gcm_vectors), T(gcm_nonces),
	    cmocka_unit_test(gcm_refusals), T(round_trip), T(half_plain),
	    T(lines_keep_their_numbers), T(swaps), T(key_ids), T(tampering),
	    T(no_envelopes), T(places), T(line_ends), T(library_refuses),
	    T(memory_is_wiped) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
