/* The keys of a host that seal the secrets of factors. */
#include <inttypes.h>
#include <string.h>

#include "ini.h"
#include "keyring.h"
#include "text.h"

#define ID_LETTERS 6	/* five bits each */

struct parser {
	struct keyring ring;
	struct host_key *key;		/* NULL before the first heading */
	bool version, created, secret;	/* seen; the last two of this key */
};

static bool
is_id(const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || len >= KEYRING_ID_MAX)
		return false;
	for (; *s != '\0'; s++)
		if (!text_is_digit(*s) && (*s < 'a' || *s > 'z'))
			return false;
	return true;
}

const struct host_key *
keyring_find(const struct keyring *ring, const char *id)
{
	for (size_t i = 0; i < ring->n; i++)
		if (!strcmp(ring->key[i].id, id))
			return &ring->key[i];
	return NULL;
}

const struct host_key *
keyring_current(const struct keyring *ring)
{
	return keyring_find(ring, ring->current);
}

/* The key that ends here is whole. */
static bool
finished(const struct parser *p)
{
	return p->key == NULL || (p->created && p->secret);
}

static enum mfa_err
heading(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	struct keyring *ring = &p->ring;

	if (*ring->current == '\0' || !finished(p) ||
	    strcmp(it->name, "key") != 0 || !is_id(it->value) ||
	    keyring_find(ring, it->value) != NULL || ring->n == KEYRING_MAX)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: expected [key ID], "
		    "at most %d, each whole and once", it->line, KEYRING_MAX);
	p->key = &ring->key[ring->n++];
	memcpy(p->key->id, it->value, strlen(it->value) + 1);
	p->created = p->secret = false;
	return MFA_OK;
}

/* MFA_ESYNTAX: not here, not twice, not so. */
static enum mfa_err
set(struct parser *p, const struct ini_item *it)
{
	if (!p->version) {
		p->version = !strcmp(it->name, "version") &&
		    !strcmp(it->value, "1");
		return p->version ? MFA_OK : MFA_ESYNTAX;
	}
	if (p->key == NULL) {
		if (strcmp(it->name, "current") != 0 ||
		    *p->ring.current != '\0' || !is_id(it->value))
			return MFA_ESYNTAX;
		memcpy(p->ring.current, it->value, strlen(it->value) + 1);
		return MFA_OK;
	}
	if (!strcmp(it->name, "created") && !p->created) {
		p->created = true;
		return text_i64(it->value, INT64_MIN / 4, INT64_MAX / 4,
		    &p->key->created);
	}
	if (!strcmp(it->name, "secret") && !p->secret) {
		p->secret = true;
		return text_unhex(it->value, p->key->key, CRYPTO_GCM_KEY);
	}
	return MFA_ESYNTAX;
}

static enum mfa_err
item(struct parser *p, const struct ini_item *it, struct mfa_why *why)
{
	enum mfa_err r;

	if (it->kind == INI_SECTION)
		return heading(p, it, why);
	/* The value may be a key: it is not repeated. */
	if ((r = set(p, it)))
		return mfa_fail(why, r, "line %u: \"%s\" is unknown here, or "
		    "there twice, or has no good value", it->line, it->name);
	return MFA_OK;
}

enum mfa_err
keyring_parse(const char *text, size_t len, struct keyring *ret,
    struct mfa_why *why)
{
	struct parser p = { .key = NULL };
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, text, len);
	while (!(r = ini_next(&ini, &it, why)) && it.kind != INI_END)
		if ((r = item(&p, &it, why)))
			break;
	if (!r && (!finished(&p) || keyring_current(&p.ring) == NULL))
		r = mfa_fail(why, MFA_ESYNTAX, "line %u: the current key is "
		    "not there: the file is cut short", it.line);
	if (!r)
		*ret = p.ring;
	mfa_wipe(&p, sizeof(p));
	mfa_wipe(&it, sizeof(it));
	return r;
}

enum mfa_err
keyring_format(const struct keyring *ring, struct buf *ret)
{
	char hex[2 * CRYPTO_GCM_KEY + 1];
	enum mfa_err r;

	r = buf_printf(ret, "version = 1\ncurrent = %s\n", ring->current);
	for (size_t i = 0; i < ring->n && !r; i++) {
		const struct host_key *k = &ring->key[i];

		r = buf_printf(ret, "[key %s]\ncreated = %" PRId64 "\nsecret = "
		    "%s\n", k->id, k->created, text_hex(hex, k->key,
		    CRYPTO_GCM_KEY));
	}
	mfa_wipe(hex, sizeof(hex));
	return r;
}

static void
new_id(const uint8_t random[static 4], char ret[static ID_LETTERS + 1])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint32_t bits;

	memcpy(&bits, random, sizeof(bits));
	for (unsigned i = 0; i < ID_LETTERS; i++, bits >>= 5)
		ret[i] = letters[bits & 31];
	ret[ID_LETTERS] = '\0';
}

enum mfa_err
keyring_add(struct keyring *ring, struct crypto *c, int64_t now)
{
	struct host_key k = { .created = now };
	uint8_t random[4];
	enum mfa_err r;

	if (ring->n == KEYRING_MAX)
		return MFA_ERANGE;
	if ((r = crypto_random(c, random, sizeof(random))) ||
	    (r = crypto_random(c, k.key, sizeof(k.key))))
		return r;
	new_id(random, k.id);
	if (keyring_find(ring, k.id) != NULL)
		r = MFA_ECRYPTO;	/* one in a hundred million */
	else {
		ring->key[ring->n++] = k;
		memcpy(ring->current, k.id, sizeof(ring->current));
	}
	mfa_wipe(&k, sizeof(k));
	return r;
}

void
keyring_drop(struct keyring *ring, const struct keyring *old)
{
	size_t n = 0;

	for (size_t i = 0; i < ring->n; i++)
		if (keyring_find(old, ring->key[i].id) == NULL ||
		    !strcmp(ring->key[i].id, ring->current))
			ring->key[n++] = ring->key[i];
	mfa_wipe(&ring->key[n], (ring->n - n) * sizeof(*ring->key));
	ring->n = n;
}
