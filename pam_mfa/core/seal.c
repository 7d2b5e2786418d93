/* Secrets of factors at rest. */
#include <string.h>

#include "base64.h"
#include "ini.h"
#include "record.h"
#include "seal.h"

#define MARK "sealed:"
/* The longest value whose envelope is a line that the lexer takes. */
#define VALUE_MAX 640
_Static_assert(BASE64_LEN(VALUE_MAX + CRYPTO_GCM_MORE) + KEYRING_ID_MAX + 64 <
    INI_LINE_MAX, "a line");

/* A value that is sealed, or to be. */
struct place {
	const struct seal_scope *in;
	char factor[RECORD_ID_MAX];	/* "": before the first */
	const char *field;
	struct mfa_why *why;
};

typedef enum mfa_err value_fn(const struct place *, const char *value,
    struct buf *ret);

static bool
is_sealed(const char *value)
{
	return !strncmp(value, MARK, strlen(MARK));
}

/*
 * What the tag is about besides the value. The person's name comes last:
 * whatever it holds, nothing follows that it could be taken for.
 */
static enum mfa_err
aad_of(const struct place *p, const char *key, struct buf *ret)
{
	return buf_printf(ret, "version = 1\nkey = %s\nfactor = %s\n"
	    "field = %s\nuser = %s", key, p->factor, p->field, p->in->user);
}

static enum mfa_err
close_value(const struct place *p, const char *value, struct buf *ret)
{
	const struct host_key *key = keyring_current(p->in->ring);
	uint8_t raw[VALUE_MAX + CRYPTO_GCM_MORE];
	char text[BASE64_LEN(sizeof(raw)) + 1];
	struct crypto_gcm gcm = { .key = key->key };
	size_t len = strlen(value);
	struct buf aad = { 0 };
	enum mfa_err r;

	if (len > VALUE_MAX)
		return mfa_fail(p->why, MFA_ERANGE, "%s: the secret is too "
		    "long to be sealed", p->factor);
	if ((r = aad_of(p, key->id, &aad)))
		return r;
	gcm.aad = aad.data;
	gcm.aadlen = aad.len;
	r = crypto_gcm_seal(p->in->crypto, &gcm, (const uint8_t *)value, len,
	    raw);
	buf_wipe(&aad);
	if (r)
		return mfa_fail(p->why, r, "%s cannot be sealed: the crypto "
		    "library refuses AES-256-GCM", p->factor);
	base64_encode(text, raw, len + CRYPTO_GCM_MORE);
	return buf_printf(ret, MARK "%s:%s", key->id, text);
}

static enum mfa_err
does_not_open(const struct place *p, const char *key, const char *reason)
{
	return mfa_fail(p->why, MFA_ECRYPTO, "%.64s, factor %s: sealed with "
	    "key %s, %s %s: restore what belongs together from a backup, or: "
	    "mfactl reset %.64s", p->in->user, p->factor, key, reason,
	    p->in->file, p->in->user);
}

/* As the lexer lets through: who sealed it had the key, but makes no lines. */
static bool
is_value(const uint8_t *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
			return false;
	return true;
}

/* raw: what the envelope holds. Appends the value. */
static enum mfa_err
open_raw(const struct place *p, const struct host_key *key,
    const struct buf *raw, struct buf *ret)
{
	struct crypto_gcm gcm = { .key = key->key };
	uint8_t plain[INI_LINE_MAX];
	struct buf aad = { 0 };
	enum mfa_err r;
	size_t len;

	if (raw->len < CRYPTO_GCM_MORE)
		return MFA_ERANGE;
	len = raw->len - CRYPTO_GCM_MORE;
	if ((r = aad_of(p, key->id, &aad)))
		return r;
	gcm.aad = aad.data;
	gcm.aadlen = aad.len;
	r = crypto_gcm_open(p->in->crypto, &gcm, raw->data, raw->len, plain);
	buf_wipe(&aad);
	if (!r)
		r = is_value(plain, len) ? buf_put(ret, plain, len) :
		    MFA_ERANGE;
	mfa_wipe(plain, sizeof(plain));
	return r;
}

static enum mfa_err
open_envelope(const struct place *p, const char *value, struct buf *ret)
{
	const char *id = value + strlen(MARK);
	size_t n = strcspn(id, ":");
	const struct host_key *key;
	char name[KEYRING_ID_MAX];
	struct buf raw = { 0 };
	enum mfa_err r;

	if (id[n] != ':' || n >= sizeof(name))
		return does_not_open(p, "?", "as it is not by");
	memcpy(name, id, n);
	name[n] = '\0';
	if (p->in->ring == NULL)
		return does_not_open(p, name, "and there is no");
	if ((key = keyring_find(p->in->ring, name)) == NULL)
		return does_not_open(p, name, "which is not in");
	if (!(r = base64_decode(id + n + 1, strlen(id + n + 1), &raw)))
		r = open_raw(p, key, &raw, ret);
	buf_wipe(&raw);
	if (r == MFA_ERANGE || r == MFA_ESYNTAX)
		return does_not_open(p, name, "but changed, or of another "
		    "person, factor or key than the one in");
	return r;
}

static enum mfa_err
open_value(const struct place *p, const char *value, struct buf *ret)
{
	return is_sealed(value) ? open_envelope(p, value, ret) :
	    buf_puts(ret, value);
}

/* Is this where a secret stands? Keeps whose factor we are in. */
static bool
is_secret(const struct ini_item *it, struct place *p)
{
	size_t len = strlen(it->value);

	if (it->kind == INI_SECTION) {
		bool good = !strcmp(it->name, "factor") &&
		    len < sizeof(p->factor);

		memcpy(p->factor, good ? it->value : "", good ? len + 1 : 1);
		return false;
	}
	p->field = it->name;
	return *p->factor != '\0' && (!strcmp(it->name, "secret") ||
	    !strcmp(it->name, "key"));
}

static enum mfa_err
put_item(const struct ini_item *it, struct place *p, value_fn *fn,
    struct buf *ret)
{
	bool secret = is_secret(it, p);
	enum mfa_err r;

	if (it->kind == INI_SECTION)
		return buf_printf(ret, "[%s%s%s]", it->name, *it->value ?
		    " " : "", it->value);
	if ((r = buf_printf(ret, "%s = ", it->name)))
		return r;
	return secret ? fn(p, it->value, ret) : buf_puts(ret, it->value);
}

static enum mfa_err
each(const struct seal_scope *in, const struct buf *text, value_fn *fn,
    struct buf *ret, struct mfa_why *why)
{
	struct place p = { .in = in, .why = why };
	unsigned line = 1;
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, buf_str(text), text->len);
	while (!(r = ini_next(&ini, &it, why)) && it.kind != INI_END) {
		for (; line < it.line && !r; line++)
			r = buf_puts(ret, "\n");
		if (r || (r = put_item(&it, &p, fn, ret)))
			break;
	}
	mfa_wipe(&it, sizeof(it));
	return r ? r : buf_puts(ret, "\n");
}

enum mfa_err
seal_record(const struct seal_scope *in, const struct buf *text,
    struct buf *ret, struct mfa_why *why)
{
	return each(in, text, close_value, ret, why);
}

enum mfa_err
seal_open_record(const struct seal_scope *in, const struct buf *text,
    struct buf *ret, struct mfa_why *why)
{
	return each(in, text, open_value, ret, why);
}

/* With which key? Compared in full: "ab" is not "abc". */
static bool
is_current(const char *value, const struct keyring *ring)
{
	size_t n = strlen(ring->current);
	const char *id = value + strlen(MARK);

	return !strncmp(id, ring->current, n) && id[n] == ':';
}

enum mfa_err
seal_look(const struct buf *text, const struct keyring *ring,
    struct seal_count *ret, struct mfa_why *why)
{
	struct seal_count count = { 0 };
	struct place p = { .field = "" };
	struct ini_item it;
	struct ini ini;
	enum mfa_err r;

	ini_init(&ini, buf_str(text), text->len);
	while (!(r = ini_next(&ini, &it, why)) && it.kind != INI_END) {
		if (!is_secret(&it, &p))
			continue;
		if (!is_sealed(it.value))
			count.plain++;
		else if (ring != NULL && is_current(it.value, ring))
			count.current++;
		else
			count.other++;
	}
	mfa_wipe(&it, sizeof(it));
	if (!r)
		*ret = count;
	return r;
}

/* The word alone may stand in a label. */
bool
seal_any(const struct buf *text)
{
	struct seal_count n;

	return strstr(buf_str(text), MARK) != NULL &&
	    (seal_look(text, NULL, &n, NULL) || n.other > 0);
}
