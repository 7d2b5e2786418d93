/* Records of trust, used and made under the lock. */
#include <string.h>

#include "../core/limit.h"
#include "remember.h"

#define KEY_LOCK_MS 2000

/* The store is locked, and holds text. */
static enum mfa_err
key_of(const struct mfa_store *hostkey, struct crypto *c, struct buf *text,
    struct mfa_why *why)
{
	enum mfa_err r;

	if (text->len == TRUST_KEY)
		return MFA_OK;
	if (text->len > 0)
		return mfa_fail(why, MFA_ERANGE, "%%key in the directory of "
		    "the state is no key: remove it, and nobody's device is "
		    "remembered any more");
	if ((r = buf_reserve(text, TRUST_KEY)) ||
	    (r = crypto_random(c, text->data, TRUST_KEY)))
		return r;
	text->len = TRUST_KEY;
	text->data[TRUST_KEY] = '\0';
	return hostkey->commit(hostkey->ctx, text, why);
}

enum mfa_err
remember_key(const struct mfa_store *hostkey, struct crypto *c,
    uint8_t ret[static TRUST_KEY], struct mfa_why *why)
{
	struct buf text = { 0 };
	enum mfa_err r;

	if ((r = hostkey->begin(hostkey->ctx, KEY_LOCK_MS, &text, why)))
		return r;
	if (!(r = key_of(hostkey, c, &text, why)))
		memcpy(ret, text.data, TRUST_KEY);
	hostkey->end(hostkey->ctx);
	buf_wipe(&text);
	return r;
}

/* One change to a person's state. */
struct change {
	const struct attempt *a;
	const struct mfa_store *hostkey;
	const struct trust_claim *claim;
	const char *factor;		/* NULL: a use */
	struct mfa_time now;
};

/* Is there a point in looking closer? */
static bool
may(const struct change *ch, const struct record *rec,
    const struct state *st)
{
	uint64_t wait;

	if (ch->factor != NULL)
		return record_by_id(rec, ch->factor) != NULL;
	return limit_check(&ch->a->rules.limit, st, &ch->now, &wait) ==
	    LIMIT_GO && trust_claimed(st, ch->claim);
}

static enum mfa_err
use(const struct change *ch, const struct trust_scope *scope,
    struct state *st)
{
	enum mfa_err r;
	size_t i;

	if (!(r = trust_find(scope, st, ch->claim, &ch->now, &i)))
		st->trust[i].used_at = ch->now.real;
	return r;
}

static enum mfa_err
apply(const struct change *ch, const struct record *rec, struct state *st,
    struct mfa_why *why)
{
	uint8_t key[TRUST_KEY];
	const struct trust_scope scope = { .crypto = ch->a->crypto,
	    .key = key, .user = ch->a->door->user, .record = rec };
	enum mfa_err r;

	if (!may(ch, rec, st))
		return MFA_ENOENT;
	if (!(r = remember_key(ch->hostkey, scope.crypto, key, why)))
		r = ch->factor == NULL ? use(ch, &scope, st) :
		    trust_add(&scope, st, ch->claim, &ch->now);
	mfa_wipe(key, sizeof(key));
	return r;
}

static enum mfa_err
locked(const struct change *ch, const struct record *rec,
    const struct buf *text, struct mfa_why *why)
{
	struct state st;
	enum mfa_err r;

	if ((r = state_parse(buf_str(text), text->len, &st, why)) ||
	    (r = apply(ch, rec, &st, why)))
		return r;
	return attempt_commit(ch->a->store, &st, why);
}

static enum mfa_err
change(struct change *ch, struct mfa_why *why)
{
	const struct mfa_store *store = ch->a->store;
	struct record rec = { 0 };
	struct buf text = { 0 };
	enum mfa_err r;

	if ((r = attempt_begin(ch->a, &ch->now, &text, why)))
		return r;
	if (!(r = attempt_factors(store, &rec, why)))
		r = locked(ch, &rec, &text, why);
	store->end(store->ctx);
	record_free(&rec);
	buf_wipe(&text);
	return r;
}

enum mfa_err
remember_use(const struct attempt *a, const struct mfa_store *hostkey,
    const struct trust_claim *claim, struct mfa_why *why)
{
	struct change ch = { .a = a, .hostkey = hostkey, .claim = claim };

	return change(&ch, why);
}

enum mfa_err
remember_keep(const struct attempt *a, const struct mfa_store *hostkey,
    const struct trust_claim *claim, const char *factor, struct mfa_why *why)
{
	struct change ch = { .a = a, .hostkey = hostkey, .claim = claim,
	    .factor = factor };

	return change(&ch, why);
}
