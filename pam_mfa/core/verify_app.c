/* The decision about an app password. */
#include <string.h>

#include "limit.h"
#include "verify_app.h"

#define NONE RECORD_FACTORS_MAX

static enum mfa_err
find(const struct verify_input *in, const char *canonical, size_t *ret_i)
{
	static const struct factor nobody = { .id = "" };
	size_t found = NONE;
	enum mfa_err r;
	bool same;

	for (size_t i = 0; i < RECORD_FACTORS_MAX; i++) {
		bool is = i < in->record->n &&
		    in->record->factor[i].kind == FACTOR_APP;
		const struct factor *f = is ? &in->record->factor[i] : &nobody;

		if ((r = app_matches(in->crypto, &f->app, canonical, &same)))
			return r;
		if (same && is)
			found = i;
	}
	*ret_i = found;
	return MFA_OK;
}

static void
charge(const struct verify_input *in, const uint8_t trace[static APP_HASH],
    struct app_failures *app)
{
	if (app->n > 0 && crypto_equal(trace, app->wrong, APP_HASH))
		return;
	limit_charge_app(app, in->now);
	memcpy(app->wrong, trace, APP_HASH);
}

static void
settle(const struct verify_input *in, size_t i, struct state *st,
    struct verify_result *res)
{
	const struct factor *f = &in->record->factor[i];

	memcpy(res->factor, f->id, sizeof(res->factor));
	res->kind = FACTOR_APP;
	if (!app_serves(&f->app, in->door->service)) {
		res->outcome = VERIFY_ELSEWHERE;
	} else if (app_expired(&f->app, in->now->real)) {
		res->outcome = VERIFY_EXPIRED;
	} else if (in->rules->shut) {
		res->outcome = VERIFY_NOT_HERE;
	} else {
		res->outcome = VERIFY_RIGHT;
		st->app = (struct app_failures){ 0 };
		st->factor[i].used_at = in->now->real;
	}
}

enum mfa_err
verify_app(const struct verify_input *in, struct state *st,
    struct verify_result *res)
{
	uint8_t trace[APP_HASH];
	char canonical[APP_CHARS + 1];
	enum mfa_err r;
	size_t i;

	/* What is none is "", which is nobody's. */
	(void)!app_canonical(in->typed, canonical);
	if (!(r = find(in, canonical, &i)) &&
	    !(r = app_trace(in->crypto, canonical, trace))) {
		if (i == NONE)
			charge(in, trace, &st->app);
		else
			settle(in, i, st, res);
	}
	mfa_wipe(canonical, sizeof(canonical));
	return r;
}
