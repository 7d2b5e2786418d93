/*
 * Who is let in without a code: what sshd says of a login; after a line "%%"
 * lines of what is claimed (a fingerprint, service, seconds), how many more
 * seconds pass, and whether ("boot") the host starts anew; and after another
 * "%%" a state as it may lie on the disk.
 */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/base64.h"
#include "../../pam_mfa/core/text.h"
#include "../../pam_mfa/core/trust.h"
#include "fuzz.h"

static const uint8_t key[TRUST_KEY] = "of this host alone";

static void
fingerprint(struct crypto *c, const char *info)
{
	char plain[TRUST_OF_MAX] = "", sk[TRUST_OF_MAX] = "";
	char session[TRUST_OF_MAX] = "";
	enum mfa_err r = trust_fingerprint(c, info, false, plain);
	struct trust t = { .id = "" };

	fuzz_must((r == MFA_OK) == !strncmp(plain, "SHA256:", 7));
	fuzz_must(r || strlen(plain) == 50);
	if (!trust_fingerprint(c, info, true, sk))
		fuzz_must(!r && !strcmp(plain, sk));
	fuzz_must(!trust_session(c, info, session));
	memcpy(t.of, session, sizeof(t.of));
	fuzz_must(!trust_is_key(&t));
}

static void
base64(const char *text)
{
	struct buf b = { 0 };
	char *again;

	if (!base64_decode(text, strlen(text), &b)) {
		size_t n = strcspn(text, "=");

		again = malloc(BASE64_LEN(b.len) + 1);
		fuzz_must(again != NULL);
		base64_encode(again, (const uint8_t *)buf_str(&b), b.len);
		fuzz_must(strlen(again) == n && !strncmp(again, text, n));
		free(again);
	}
	buf_wipe(&b);
}

static void
claim_of(struct fuzz_input *in, struct trust_claim *ret)
{
	char *of = fuzz_line(in), *service = fuzz_line(in);
	char *lasts = fuzz_line(in);

	*ret = (struct trust_claim){ .lasts =
	    (uint32_t)strtoul(lasts, NULL, 10) };
	text_field(ret->of, sizeof(ret->of), of);
	text_field(ret->service, sizeof(ret->service), service);
	free(of);
	free(service);
	free(lasts);
}

/* Whatever lies there, none of it has our seal. */
static void
forged(const struct trust_scope *in, const struct state *st,
    const struct mfa_time *now)
{
	for (size_t i = 0; i < st->trusts; i++) {
		bool good = true;

		fuzz_must(!trust_check(in, &st->trust[i], UINT32_MAX, now,
		    &good) && !good);
	}
}

static bool
found(const struct trust_scope *in, const struct state *st,
    const struct trust_claim *claim, const struct mfa_time *now)
{
	size_t i = TRUST_MAX;
	enum mfa_err r = trust_find(in, st, claim, now, &i);

	fuzz_must(r == MFA_OK || r == MFA_ENOENT);
	fuzz_must((r == MFA_OK) == (i < st->trusts));
	fuzz_must(r || trust_claimed(st, claim));
	return r == MFA_OK;
}

/* It is theirs, here, now, for so long, and nobody else's. */
static void
ours(struct trust_scope *in, struct state *st, struct trust_claim *claim,
    struct fuzz_input *then)
{
	struct mfa_time now = { 1700000000, 5000000, "boot-1" };
	char *seconds = fuzz_line(then), *boot = fuzz_line(then);
	uint32_t passed = (uint32_t)strtoul(seconds, NULL, 10);
	struct record other = *in->record;

	fuzz_must(!trust_add(in, st, claim, &now));
	fuzz_must(st->trusts >= 1 && st->trusts <= TRUST_MAX);
	fuzz_must(found(in, st, claim, &now) == (claim->lasts > 0));
	now.real += passed;
	now.boot_ms += (int64_t)passed * 1000;
	if (!strcmp(boot, "boot")) {
		memcpy(now.boot_id, "boot-2", sizeof("boot-2"));
		now.boot_ms = 1000;
		passed += passed == 0;	/* it is up for a second */
	}
	fuzz_must(found(in, st, claim, &now) == (passed < claim->lasts));
	other.n--;
	in->record = &other;
	fuzz_must(!found(in, st, claim, &now));
	other.n++;
	in->user = "bob";
	fuzz_must(!found(in, st, claim, &now));
	in->user = "alice";
	claim->service[0] ^= 1;
	fuzz_must(!found(in, st, claim, &now));
	while (st->trusts > 0)
		trust_remove(st, st->trusts / 2);
	free(seconds);
	free(boot);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct factor factors[2] = { { .id = "totp-aaaa" },
	    { .id = "phone-bbbb" } };
	const struct record rec = { .factor = factors, .n = 2 };
	const struct mfa_time now = { 1700000000, 5000000, "boot-1" };
	struct fuzz_input in = { data, len }, then;
	char *info = fuzz_part(&in, "\n%%\n"), *mid = fuzz_part(&in, "\n%%\n");
	struct trust_scope scope = { .key = key, .user = "alice",
	    .record = &rec };
	struct trust_claim claim;
	struct crypto *crypto;
	struct state st;

	fuzz_must(!crypto_new("", &crypto, NULL));
	scope.crypto = crypto;
	fingerprint(crypto, info);
	base64(info);
	then = (struct fuzz_input){ (const uint8_t *)mid, strlen(mid) };
	claim_of(&then, &claim);
	if (!state_parse((const char *)in.at, in.left, &st, NULL)) {
		forged(&scope, &st, &now);
		ours(&scope, &st, &claim, &then);
	}
	crypto_free(crypto);
	free(info);
	free(mid);
	return 0;
}
