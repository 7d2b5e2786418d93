/*
 * The host's keys and records with envelopes: what opens is sealed and opened
 * again, and is the same; another person's does not open.
 */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/seal.h"
#include "fuzz.h"

static void
keys(const char *text, size_t len)
{
	struct keyring ring, back;
	struct mfa_why why = { "" };
	struct buf b = { 0 };

	memset(&ring, 0, sizeof(ring));
	memset(&back, 0, sizeof(back));
	if (!keyring_parse(text, len, &ring, &why)) {
		fuzz_must(keyring_current(&ring) != NULL);
		fuzz_must(!keyring_format(&ring, &b));
		fuzz_must(!keyring_parse(buf_str(&b), b.len, &back, &why));
		fuzz_must(!memcmp(&ring, &back, sizeof(ring)));
	}
	fuzz_why(&why);
	buf_wipe(&b);
}

/* Everything in it is plain now. */
static void
again(struct seal_scope *in, const struct buf *plain)
{
	struct buf sealed = { 0 }, back = { 0 };
	struct mfa_why why = { "" };
	struct seal_count n;

	if (!seal_record(in, plain, &sealed, &why)) {
		fuzz_must(!seal_look(&sealed, in->ring, &n, &why));
		fuzz_must(n.plain + n.other == 0);
		fuzz_must(!seal_open_record(in, &sealed, &back, &why));
		fuzz_must(back.len == plain->len &&
		    !memcmp(back.data, plain->data, back.len));
		in->user = "bob";
		buf_wipe(&back);
		fuzz_must((n.current > 0) == (seal_open_record(in, &sealed,
		    &back, &why) == MFA_ECRYPTO));
	}
	fuzz_why(&why);
	buf_wipe(&sealed);
	buf_wipe(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = fuzz_bytes(data, len);
	struct keyring ring = { .n = 0 };
	struct mfa_why why = { "" };
	struct buf in = { 0 }, out = { 0 };
	struct seal_scope scope = { .ring = &ring, .file = "host.key",
	    .user = "alice" };

	fuzz_random(1);
	keys(text, len);
	fuzz_must(!crypto_new("", &scope.crypto, NULL));
	fuzz_must(!keyring_add(&ring, scope.crypto, 1));
	if (!buf_put(&in, data, len) &&
	    !seal_open_record(&scope, &in, &out, &why) && !seal_any(&out))
		again(&scope, &out);
	fuzz_why(&why);
	crypto_free(scope.crypto);
	buf_wipe(&in);
	buf_wipe(&out);
	free(text);
	return 0;
}
