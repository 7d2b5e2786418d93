/* What moves of a person, as text: writing. */
#include <inttypes.h>

#include "state.h"
#include "text.h"

static enum mfa_err
format_app(const struct app_failures *app, struct buf *ret)
{
	char wrong[2 * APP_HASH + 1];
	enum mfa_err r;

	if (app->n == 0)
		return MFA_OK;
	if ((r = buf_printf(ret, "app_failures = %" PRIu32 "\napp_wrong = %s\n",
	    app->n, text_hex(wrong, app->wrong, APP_HASH))))
		return r;
	return *app->last.boot ? moment_put(&app->last, "app_failed", ret) :
	    MFA_OK;
}

/* Without a boot: as it was written before there was one. */
static enum mfa_err
format_reset(const struct reset *reset, struct buf *ret)
{
	enum mfa_err r;

	r = *reset->at.boot ? moment_put(&reset->at, "reset", ret) :
	    buf_printf(ret, "reset_at = %" PRId64 "\n", reset->at.real);
	if (r)
		return r;
	return reset->told ? buf_puts(ret, "reset_told = 1\n") : MFA_OK;
}

static enum mfa_err
format_factor(const struct factor_state *f, struct buf *ret)
{
	enum mfa_err r;

	if ((r = buf_printf(ret, "[factor %s]\nnext = %" PRIu64 "\n", f->id,
	    f->next)))
		return r;
	if (f->drift && (r = buf_printf(ret, "drift = %d\n", f->drift)))
		return r;
	if (f->used_at && (r = buf_printf(ret, "used_at = %" PRId64 "\n",
	    f->used_at)))
		return r;
	return f->used ? buf_printf(ret, "used = %" PRIu32 "\n", f->used) :
	    MFA_OK;
}

static enum mfa_err
format_code(const struct sent_code *code, struct buf *ret)
{
	char mac[2 * OTC_MAC + 1];
	enum mfa_err r;

	if ((r = buf_printf(ret, "[code %s]\nway = %s\nservice = %s\n"
	    "mac = %s\nwrong = %u\n", code->factor,
	    sending_kind_name(code->way), code->service,
	    text_hex(mac, code->mac, OTC_MAC), code->wrong)))
		return r;
	if (code->used && (r = buf_puts(ret, "used = 1\n")))
		return r;
	return moment_put(&code->sent, "sent", ret);
}

static enum mfa_err
format_trust(const struct trust *t, struct buf *ret)
{
	char seal[2 * TRUST_SEAL_LEN + 1];
	enum mfa_err r;

	if ((r = buf_printf(ret, "[trust %s]\nof = %s\nservice = %s\n", t->id,
	    t->of, t->service)))
		return r;
	if (*t->from && (r = buf_printf(ret, "from = %s\n", t->from)))
		return r;
	if ((r = moment_put(&t->since, "since", ret)))
		return r;
	if (t->used_at && (r = buf_printf(ret, "used_at = %" PRId64 "\n",
	    t->used_at)))
		return r;
	return buf_printf(ret, "lasts = %" PRIu32 "\nseal = %s\n", t->lasts,
	    text_hex(seal, t->seal, TRUST_SEAL_LEN));
}

static enum mfa_err
format_pass(const struct pass *pass, struct buf *ret)
{
	char salt[2 * RECOVERY_SALT + 1], hash[2 * RECOVERY_HASH + 1];
	enum mfa_err r;

	if ((r = buf_printf(ret, "[pass once]\nsalt = %s\niterations = %u\n"
	    "hash = %s\nlasts = %" PRIu32 "\n",
	    text_hex(salt, pass->code.salt, RECOVERY_SALT),
	    pass->code.iterations,
	    text_hex(hash, pass->code.hash, RECOVERY_HASH), pass->lasts)))
		return r;
	return moment_put(&pass->since, "since", ret);
}

enum mfa_err
state_format(const struct state *st, struct buf *ret)
{
	enum mfa_err r;

	if ((r = buf_printf(ret, "version = 1\nfailures = %" PRIu32 "\n",
	    st->failures)))
		return r;
	if (*st->failed.boot && (r = moment_put(&st->failed, "failed", ret)))
		return r;
	if (state_was_reset(&st->reset) && (r = format_reset(&st->reset, ret)))
		return r;
	if ((r = format_app(&st->app, ret)))
		return r;
	for (size_t i = 0; i < st->n; i++)
		if ((r = format_factor(&st->factor[i], ret)))
			return r;
	if (*st->code.factor && (r = format_code(&st->code, ret)))
		return r;
	if (*st->before.factor && (r = format_code(&st->before, ret)))
		return r;
	for (size_t i = 0; i < st->trusts; i++)
		if ((r = format_trust(&st->trust[i], ret)))
			return r;
	return st->pass.lasts ? format_pass(&st->pass, ret) : MFA_OK;
}
