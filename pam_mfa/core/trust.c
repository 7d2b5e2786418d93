/* What is let in without a code for a while. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base64.h"
#include "text.h"
#include "trust.h"

#define METHOD "publickey "
#define OF_KEY "SHA256:"
#define OF_SESSION "SESSION:"

/* The next line: *ret_len bytes of it. NULL after the last. */
static const char *
next_line(const char **text, size_t *ret_len)
{
	const char *line = *text;

	if (*line == '\0')
		return NULL;
	*ret_len = strcspn(line, "\n");
	*text = line + *ret_len + (line[*ret_len] == '\n');
	return line;
}

/* prefix and the hash of len bytes, as OpenSSH writes one. */
static enum mfa_err
name(struct crypto *c, const char *prefix, const void *bytes, size_t len,
    char ret[static TRUST_OF_MAX])
{
	char hash64[BASE64_LEN(CRYPTO_SHA256_LEN) + 1];
	uint8_t hash[CRYPTO_SHA256_LEN];
	enum mfa_err r;

	if (!(r = crypto_sha256(c, bytes, len, hash)))
		snprintf(ret, TRUST_OF_MAX, "%s%s", prefix,
		    base64_encode(hash64, hash, sizeof(hash)));
	return r;
}

enum mfa_err
trust_session(struct crypto *c, const char *session,
    char ret[static TRUST_OF_MAX])
{
	return name(c, OF_SESSION, session, strlen(session), ret);
}

bool
trust_is_sshd(const char *service)
{
	return !strncmp(service, "sshd", 4) &&
	    (service[4] == '\0' || service[4] == '-');
}

bool
trust_is_key(const struct trust *t)
{
	return !strncmp(t->of, OF_KEY, strlen(OF_KEY));
}

static enum mfa_err
fingerprint(struct crypto *c, const char *blob, size_t len,
    char ret[static TRUST_OF_MAX])
{
	struct buf key = { 0 };
	enum mfa_err r;

	if (len == 0)
		return MFA_ESYNTAX;
	if (!(r = base64_decode(blob, len, &key)))
		r = name(c, OF_KEY, buf_str(&key), key.len, ret);
	buf_wipe(&key);
	return r;
}

enum mfa_err
trust_fingerprint(struct crypto *c, const char *auth_info, bool only_sk,
    char ret[static TRUST_OF_MAX])
{
	const char *line;
	size_t len;

	while ((line = next_line(&auth_info, &len)) != NULL) {
		const char *type = line + strlen(METHOD);
		size_t n;

		if (strncmp(line, METHOD, strlen(METHOD)) != 0)
			continue;
		if (only_sk && strncmp(type, "sk-", 3) != 0)
			return MFA_ENOENT;
		n = strcspn(type, " \n");
		if (type[n] != ' ')
			return MFA_ESYNTAX;
		return fingerprint(c, type + n + 1,
		    strcspn(type + n + 1, " \n"), ret);
	}
	return MFA_ENOENT;
}

static enum mfa_err
put_ids(const struct record *rec, struct buf *b)
{
	enum mfa_err r;

	for (size_t i = 0; i < rec->n; i++)
		if ((r = buf_printf(b, "factor = %s\n", rec->factor[i].id)))
			return r;
	return MFA_OK;
}

/*
 * The person's name comes last: whatever it holds, nothing follows that it
 * could be taken for.
 */
static enum mfa_err
seal(const struct trust_scope *in, const struct trust *t,
    uint8_t ret[static TRUST_SEAL_LEN])
{
	uint8_t mac[CRYPTO_HASH_MAX];
	struct buf b = { 0 };
	enum mfa_err r;

	if (!(r = buf_printf(&b, "of = %s\nservice = %s\n", t->of,
	    t->service)) &&
	    (*t->from == '\0' || !(r = buf_printf(&b, "from = %s\n",
	    t->from))) &&
	    !(r = buf_printf(&b, "lasts = %" PRIu32 "\n", t->lasts)) &&
	    !(r = moment_put(&t->since, "since", &b)) &&
	    !(r = put_ids(in->record, &b)) &&
	    !(r = buf_printf(&b, "user = %s", in->user)) &&
	    !(r = crypto_hmac(in->crypto, CRYPTO_SHA256, in->key, TRUST_KEY,
	    b.data, b.len, mac)))
		memcpy(ret, mac, TRUST_SEAL_LEN);
	buf_wipe(&b);
	return r;
}

enum mfa_err
trust_check(const struct trust_scope *in, const struct trust *t,
    uint32_t lasts, const struct mfa_time *now, bool *ret)
{
	uint8_t expected[TRUST_SEAL_LEN];
	enum mfa_err r;

	if ((r = seal(in, t, expected)))
		return r;
	*ret = crypto_equal(expected, t->seal, sizeof(expected)) &&
	    moment_within(&t->since, lasts < t->lasts ? lasts : t->lasts, now);
	return MFA_OK;
}

static bool
same(const struct trust *t, const struct trust_claim *claim)
{
	return !strcmp(t->of, claim->of) &&
	    !strcmp(t->service, claim->service) &&
	    (claim->prefix == 0 || when_same_network(t->from, claim->from,
	    CONF_PREFIX_V4(claim->prefix), CONF_PREFIX_V6(claim->prefix)));
}

bool
trust_claimed(const struct state *st, const struct trust_claim *claim)
{
	for (size_t i = 0; i < st->trusts; i++)
		if (same(&st->trust[i], claim))
			return true;
	return false;
}

enum mfa_err
trust_find(const struct trust_scope *in, const struct state *st,
    const struct trust_claim *claim, const struct mfa_time *now, size_t *ret_i)
{
	enum mfa_err r;
	bool good;

	for (size_t i = 0; i < st->trusts; i++) {
		if (!same(&st->trust[i], claim))
			continue;
		if ((r = trust_check(in, &st->trust[i], claim->lasts, now,
		    &good)))
			return r;
		if (!good)
			continue;
		*ret_i = i;
		return MFA_OK;
	}
	return MFA_ENOENT;
}

/* In the order of their making, so the first is the oldest. */
static void
make_room(struct state *st, const struct trust_claim *claim,
    const struct mfa_time *now)
{
	for (size_t i = st->trusts; i-- > 0;)
		if (same(&st->trust[i], claim) ||
		    !moment_within(&st->trust[i].since, st->trust[i].lasts,
		    now))
			trust_remove(st, i);
	if (st->trusts == TRUST_MAX)
		trust_remove(st, 0);
}

enum mfa_err
trust_add(const struct trust_scope *in, struct state *st,
    const struct trust_claim *claim, const struct mfa_time *now)
{
	struct trust t = { .lasts = claim->lasts };
	enum mfa_err r;

	memcpy(t.of, claim->of, sizeof(t.of));
	memcpy(t.service, claim->service, sizeof(t.service));
	memcpy(t.from, claim->from, sizeof(t.from));
	moment_set(&t.since, now);
	if ((r = seal(in, &t, t.seal)))
		return r;
	text_hex(t.id, t.seal, (TRUST_ID_MAX - 1) / 2);
	make_room(st, claim, now);
	st->trust[st->trusts++] = t;
	return MFA_OK;
}

void
trust_remove(struct state *st, size_t i)
{
	st->trusts--;
	memmove(&st->trust[i], &st->trust[i + 1],
	    (st->trusts - i) * sizeof(st->trust[0]));
}
