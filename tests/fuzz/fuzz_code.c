/*
 * What people type as a code. Line: how ("j" joined), then the answer. The
 * person has an app of 6 and one of 8 digits, and recovery codes.
 */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/verify.h"
#include "../../pam_mfa/core/text.h"
#include "fuzz.h"

static struct record
somebody(struct crypto *crypto)
{
	char shown[RECOVERY_CODES][RECOVERY_SHOWN + 1];
	struct record rec = { 0 };
	struct factor f = { .id = "totp-aaaa", .kind = FACTOR_TOTP,
	    .label = "A", .otp = { .key = "12345678901234567890", .len = 20,
	    .hash = CRYPTO_SHA1, .digits = 6, .period = 30 } };
	struct factor g = { .id = "recovery-aaaa", .kind = FACTOR_RECOVERY,
	    .label = "C" };

	fuzz_must(!record_add(&rec, &f));
	memcpy(f.id, "totp-bbbb", sizeof("totp-bbbb"));
	f.otp.digits = 8;
	fuzz_must(!record_add(&rec, &f));
	fuzz_must(!recovery_new(crypto, &g.recovery, shown));
	fuzz_must(!record_add(&rec, &g));
	return rec;
}

/* Canonical is canonical once more, and what is one has the shape of one. */
static void
spelling(const char *typed)
{
	char code[TOTP_DIGITS_MAX + 1], same[TOTP_DIGITS_MAX + 1];
	char rec[RECOVERY_CHARS + 1], again[RECOVERY_CHARS + 1];
	char app[APP_CHARS + 1];

	if (totp_canonical(typed, code)) {
		fuzz_must(totp_canonical(code, same) && !strcmp(code, same));
		fuzz_must(verify_shape(typed, false));
	} else
		fuzz_must(*code == '\0');
	if (recovery_canonical(typed, rec)) {
		fuzz_must(recovery_canonical(rec, again));
		fuzz_must(!strcmp(rec, again) && verify_shape(typed, false));
	} else
		fuzz_must(*rec == '\0');
	fuzz_must(app_canonical(typed, app) == app_shape(typed));
}

static void
answer(struct crypto *crypto, const char *typed, bool joined)
{
	static const struct otc_door door = { "alice", "sshd", "host" };
	const struct verify_rules rules = {
	    .limit = { 5, 30, 900, 50 }, .login = { .methods = METHOD_ALL,
	    .window_back = 1, .window_ahead = 1, .drift_max = 4 } };
	const struct mfa_time now = { .real = 150, .boot_ms = 150000,
	    .boot_id = "boot-1" };
	struct record rec = somebody(crypto);
	struct state st = { 0 };
	struct verify_result res, twice;
	const struct verify_input in = { .crypto = crypto, .record = &rec,
	    .rules = &rules, .now = &now, .door = &door, .typed = typed,
	    .joined = joined };

	fuzz_must(!verify_answer(&in, &st, &res));
	if (res.outcome == VERIFY_RIGHT) {
		fuzz_must(verify_shape(typed, joined));
		fuzz_must(res.at <= strlen(typed) && (joined || res.at == 0));
		fuzz_must(verify_shape(typed + res.at, false));
		fuzz_must(st.failures == 0);
		fuzz_must(!verify_answer(&in, &st, &twice));
		fuzz_must(twice.outcome == VERIFY_USED ||
		    twice.outcome == VERIFY_WRONG);
	} else if (res.outcome == VERIFY_WRONG)
		fuzz_must(st.failures == 1);
	record_free(&rec);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *how = fuzz_line(&in), *typed = fuzz_line(&in);
	struct crypto *crypto;

	fuzz_random(1);
	fuzz_must(!crypto_new("", &crypto, NULL));
	spelling(typed);
	answer(crypto, typed, *how == 'j');
	crypto_free(crypto);
	free(how);
	free(typed);
	return 0;
}
