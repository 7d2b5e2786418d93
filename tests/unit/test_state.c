/* What moves, as text: there and back, and every line that is not right. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/state.h"
#include "../fake/lines.h"

#define BOOT "1b4e28ba-2fa1-11d2-883f-0016d3cca427"

#define HEX16 "00112233445566778899aabbccddeeff"

static const char GOOD[] =
    "version = 1\n"
    "failures = 4294967295\n"
    "failed_at = -5\n"			/* 3 */
    "failed_boottime = 4711\n"
    "failed_boot = " BOOT "\n"
    "[factor totp-k3fq]\n"		/* 6 */
    "next = 18446744073709551615\n"
    "drift = -4\n"
    "used_at = 1790000000\n"		/* 9 */
    "[factor recovery-a]\n"
    "next = 0\n"
    "used = 1023\n";			/* 12 */

static const char APPS[] =
    "version = 1\n"
    "failures = 0\n"
    "app_failures = 4294967295\n"	/* 3 */
    "app_wrong = " HEX16 HEX16 "\n"
    "app_failed_at = -5\n"
    "app_failed_boottime = 4711\n"
    "app_failed_boot = " BOOT "\n"
    "[factor app-a]\n"			/* 8 */
    "next = 0\n"
    "used_at = 1790000000\n";

static enum mfa_err
parse(const char *text, struct state *ret, struct mfa_why *why)
{
	*why = (struct mfa_why){ "" };
	return state_parse(text, strlen(text), ret, why);
}

static void
refuses(const char *text, unsigned line)
{
	struct state st = { .failures = 99 };
	struct mfa_why why = { "" };
	char start[32];

	snprintf(start, sizeof(start), "line %u: ", line);
	if (!parse(text, &st, &why) || st.failures != 99 ||
	    strncmp(why.text, start, strlen(start)) != 0)
		fail_msg("expected %s got: %s; for:\n%s", start, why.text,
		    text);
}

static void
round_trip(void **unused)
{
	struct buf text = { 0 };
	struct state st;
	struct mfa_why why = { "" };

	(void)unused;
	assert_int_equal(parse(GOOD, &st, &why), MFA_OK);
	assert_true(st.failures == UINT32_MAX);
	assert_int_equal(st.failed.real, -5);
	assert_int_equal(st.failed.boottime, 4711);
	assert_string_equal(st.failed.boot, BOOT);
	assert_int_equal(st.n, 2);
	assert_string_equal(st.factor[0].id, "totp-k3fq");
	assert_true(st.factor[0].next == UINT64_MAX);
	assert_int_equal(st.factor[0].drift, -4);
	assert_int_equal(st.factor[0].used_at, 1790000000);
	assert_int_equal(st.factor[1].used, 1023);
	assert_int_equal(state_format(&st, &text), MFA_OK);
	assert_string_equal(buf_str(&text), GOOD);
	buf_wipe(&text);
}

static void
app_passwords(void **unused)
{
	static const char *const bad[] = { "app_failures = -1",
	    "app_failures = 4294967296", "app_wrong = 00",
	    "app_wrong = " HEX16 HEX16 "0", "app_failed_at = x",
	    "app_failed_boottime = ", "app_fail = 1" };
	struct buf text = { 0 };
	struct state st;
	struct mfa_why why;

	(void)unused;
	assert_int_equal(parse(APPS, &st, &why), MFA_OK);
	assert_true(st.app.n == UINT32_MAX);
	assert_int_equal(st.app.wrong[1], 0x11);
	assert_int_equal(st.app.wrong[31], 0xff);
	assert_int_equal(st.app.last.boottime, 4711);
	assert_int_equal(st.failures, 0);
	assert_int_equal(state_format(&st, &text), MFA_OK);
	assert_string_equal(buf_str(&text), APPS);
	buf_wipe(&text);
	for (unsigned n = 3; n <= 7; n++) {
		char *line = lines_get(APPS, n), twice[256], *changed;

		snprintf(twice, sizeof(twice), "%s\n%s", line, line);
		changed = lines_with(APPS, n, twice);
		refuses(changed, n + 1);
		free(line);
		free(changed);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char *changed = lines_with(APPS, 3, bad[i]);

		refuses(changed, 3);
		free(changed);
	}
	/* Not in a section. */
	refuses("version = 1\n[factor app-a]\napp_failures = 1\n", 3);
}

/* A fresh state, and the fullest there can be. */
static void
extremes(void **unused)
{
	static const struct state fresh = { 0 };
	static struct state full = { .failures = 7, .failed.real =
	    INT64_MIN / 4,
	    .failed.boottime = INT64_MAX / 4, .n = RECORD_FACTORS_MAX }, back;
	struct buf text = { 0 };
	struct mfa_why why = { "" };

	(void)unused;
	assert_int_equal(parse("", &back, &why), MFA_OK);
	assert_memory_equal(&back, &fresh, sizeof(back));
	assert_int_equal(state_format(&fresh, &text), MFA_OK);
	assert_string_equal(buf_str(&text), "version = 1\nfailures = 0\n");
	assert_int_equal(parse(buf_str(&text), &back, &why), MFA_OK);
	assert_memory_equal(&back, &fresh, sizeof(back));
	buf_wipe(&text);
	memset(full.failed.boot, 'b', MOMENT_BOOT_MAX - 1);
	for (int i = 0; i < RECORD_FACTORS_MAX; i++)
		full.factor[i] = (struct factor_state){ .drift = i % 9 - 4,
		    .next = UINT64_MAX - (uint64_t)i, .used = 1023U >> i % 10,
		    .used_at = i % 2 ? INT64_MIN / 4 : INT64_MAX / 4 };
	for (int i = 0; i < RECORD_FACTORS_MAX; i++)
		snprintf(full.factor[i].id, RECORD_ID_MAX, "%0*d",
		    RECORD_ID_MAX - 1, i);
	assert_int_equal(state_format(&full, &text), MFA_OK);
	assert_int_equal(parse(buf_str(&text), &back, &why), MFA_OK);
	assert_memory_equal(&back, &full, sizeof(back));
	assert_int_equal(buf_puts(&text, "[factor more]\n"), MFA_OK);
	refuses(buf_str(&text), lines_count(buf_str(&text)));
	buf_wipe(&text);
}

/* Each line twice; and no version. */
static void
once_each(void **unused)
{
	char *changed;

	(void)unused;
	for (unsigned n = 1; n <= 12; n++) {
		char *line = lines_get(GOOD, n), twice[256];

		snprintf(twice, sizeof(twice), "%s\n%s", line, line);
		changed = lines_with(GOOD, n, twice);
		refuses(changed, n + 1);
		free(line);
		free(changed);
	}
	changed = lines_with(GOOD, 1, NULL);
	refuses(changed, 1);
	free(changed);
}

static void
good_and_bad_lines(void **unused)
{
	static const struct {
		unsigned at;
		const char *line;
		unsigned refused;	/* 0: taken */
	} table[] = {
		{ 1, "version = 2", 1 }, { 1, "Version = 1", 1 },
		{ 1, "[factor a]", 1 }, { 1, "# c\n\nversion = 1", 0 },
		{ 2, "failures = 0", 0 }, { 2, "failures = 4294967296", 2 },
		{ 2, "failures = -1", 2 }, { 2, "failures = many", 2 },
		{ 2, "failures =", 2 }, { 2, "failure = 1", 2 },
		{ 2, "next = 1", 2 },
		{ 3, "failed_at = 2305843009213693951", 0 },
		{ 3, "failed_at = 2305843009213693952", 3 },
		{ 3, "failed_at = -2305843009213693953", 3 },
		{ 4, "failed_boottime = 0", 0 },
		{ 4, "failed_boottime = -1", 4 },
		{ 4, "failed_boottime = 2305843009213693952", 4 },
		{ 5, "failed_boot =", 5 }, { 5, "failed_boot = a b", 5 },
		{ 5, "failed_boot = " BOOT "xyz", 0 },
		{ 5, "failed_boot = " BOOT "xyz4", 5 },
		{ 6, "[factor]", 6 }, { 6, "[user a]", 6 },
		{ 6, "[factor abcdefghijklmnopqrstuvw]", 0 },
		{ 6, "[factor abcdefghijklmnopqrstuvwx]", 6 },
		{ 7, "next = 18446744073709551616", 7 }, { 7, "next = -1", 7 },
		{ 7, "failures = 1", 7 }, { 7, "version = 1", 7 },
		{ 8, "drift = 4", 0 }, { 8, "drift = 5", 8 },
		{ 8, "drift = -5", 8 }, { 8, "drift = x", 8 },
		{ 9, "used_at = 2305843009213693952", 9 },
		{ 10, "[factor totp-k3fq]", 10 },
		{ 12, "used = 1024", 12 }, { 12, "used = 0", 0 },
		{ 12, "used", 12 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		char *text = lines_with(GOOD, table[i].at, table[i].line);
		static struct state st;
		struct mfa_why why = { "" };

		if (table[i].refused)
			refuses(text, table[i].refused);
		else if (parse(text, &st, &why))
			fail_msg("%s: %s", table[i].line, why.text);
		free(text);
	}
	/* Cut short, it would be read as never used, or never be read again. */
	refuses("version = 1\n[factor totp-a]\n", 2);
	refuses("version = 1\n[factor totp-a]\n[factor totp-b]\nnext = 1\n", 3);
	refuses("version = 1\n[code phone-a]\nway = sms\nservice = sshd\n"
	    "mac = " HEX16 HEX16 "\nwrong = 1\n", 6);
	refuses("version = 1\n[code phone-a]\nway = sms\nservice = sshd\n"
	    "mac = " HEX16 HEX16 "\nwrong = 1\nused = 2\n", 7);
	/* Not a fresh state: a file that has lost its content. */
	refuses("\n", 1);
	refuses("# c", 1);
}

static const char TRUSTING[] =
    "version = 1\n"
    "failures = 0\n"
    "reset_at = 1790000000\n"		/* 3 */
    "[trust 1f3a9c04]\n"
    "of = SHA256:x\n"
    "service = sshd\n"			/* 6 */
    "since_at = 1790000000\n"
    "since_boottime = 4711\n"
    "since_boot = " BOOT "\n"		/* 9 */
    "used_at = 1790000001\n"
    "lasts = 1209600\n"
    "seal = 00112233445566778899aabbccddeeff"	/* 12 */
    "00112233445566778899aabbccddeeff\n"
    "[pass once]\n"
    "salt = 00112233445566778899aabbccddeeff\n"
    "iterations = 20000\n"		/* 15 */
    "hash = 00112233445566778899aabbccddeeff"
    "00112233445566778899aabbccddeeff\n"
    "lasts = 86400\n"
    "since_at = 1790000002\n"		/* 18 */
    "since_boottime = 4712\n"
    "since_boot = " BOOT "\n";

/* A whole section: eight lines. */
#define ONE(id) "[trust " id "]\nof = x\nservice = s\nsince_at = 1\n" \
    "since_boottime = 1\nsince_boot = b\nlasts = 1\n" \
    "seal = 00000000000000000000000000000000" \
    "00000000000000000000000000000000\n"

static void
trusting(void **unused)
{
	static const struct {
		unsigned at;
		const char *line;
		unsigned refused;	/* the line, or 0: it is taken */
	} table[] = {
		{ 3, "reset_at = x", 3 }, { 4, "[trust 123456789]", 4 },
		{ 4, "[trust]", 4 }, { 4, "[trusts a]", 4 },
		{ 5, "of =", 5 }, { 5, "of = " BOOT BOOT, 5 },
		{ 6, "service = x\nfrom = 2001:db8::1", 0 },
		{ 6, "service = x\nfrom = host", 7 },
		{ 6, "service = x\nfrom =", 7 },
		{ 6, "service =", 6 }, { 9, "since_boot = a b", 9 },
		{ 10, "next = 1", 10 }, { 11, "lasts = -1", 11 },
		{ 11, "lasts = 4294967296", 11 }, { 12, "seal = 00", 12 },
		{ 13, "[pass]", 13 }, { 13, "[trust a]", 14 },
		{ 14, "salt = 0", 14 }, { 15, "iterations = 999", 15 },
		{ 15, "iterations = 200001", 15 },
		{ 15, "iterations = 1000", 0 }, { 16, "hash = 0g", 16 },
		{ 17, "of = SHA256:x", 17 }, { 17, "[pass again]", 17 },
		{ 13, ONE("a") ONE("b") ONE("c") ONE("d") "[pass once]", 0 },
		{ 13, ONE("a") ONE("b") ONE("c") ONE("d") "[trust e]", 45 },
		{ 13, "[trust a]\n[pass once]", 14 },
	};
	static struct state st;
	struct buf text = { 0 };
	struct mfa_why why;

	(void)unused;
	assert_int_equal(parse(TRUSTING, &st, &why), MFA_OK);
	assert_int_equal(st.reset.at.real, 1790000000);
	assert_false(st.reset.told);
	assert_int_equal(st.trusts, 1);
	assert_string_equal(st.trust[0].id, "1f3a9c04");
	assert_string_equal(st.trust[0].of, "SHA256:x");
	assert_int_equal(st.trust[0].since.boottime, 4711);
	assert_int_equal(st.trust[0].lasts, 1209600);
	assert_int_equal(st.trust[0].used_at, 1790000001);
	assert_int_equal(st.trust[0].seal[31], 0xff);
	assert_int_equal(st.pass.lasts, 86400);
	assert_int_equal(st.pass.since.real, 1790000002);
	assert_int_equal(st.pass.code.iterations, 20000);
	assert_int_equal(state_format(&st, &text), MFA_OK);
	assert_string_equal(buf_str(&text), TRUSTING);
	buf_wipe(&text);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		char *changed = lines_with(TRUSTING, table[i].at,
		    table[i].line);

		if (table[i].refused)
			refuses(changed, table[i].refused);
		else if (parse(changed, &st, &why))
			fail_msg("%s: %s", table[i].line, why.text);
		free(changed);
	}
}

/* A factor more, less, or in another's place: nothing is trusted. */
static void
no_longer_trusted(void **unused)
{
	struct factor f[] = { { .id = "a" }, { .id = "b" }, { .id = "c" } };
	static const struct {
		size_t from, n, trusts;
	} table[] = { { 0, 2, 2 }, { 0, 1, 0 }, { 0, 3, 0 }, { 1, 2, 0 },
	    { 0, 0, 0 } };

	(void)unused;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const struct record rec = { .factor = f + table[i].from,
		    .n = table[i].n };
		static struct state st;

		st = (struct state){ .n = 2, .trusts = 2,
		    .factor = { { .id = "a" }, { .id = "b" } } };
		state_align(&st, &rec);
		if (st.trusts != table[i].trusts)
			fail_msg("row %zu", i);
	}
}

static void
aligned(void **unused)
{
	struct factor f[] = { { .id = "new-hotp", .kind = FACTOR_HOTP,
	    .otp.counter = 42 }, { .id = "kept", .kind = FACTOR_HOTP,
	    .otp.counter = 1 }, { .id = "new-totp", .otp.counter = 42 } };
	const struct record rec = { .factor = f, .n = 3 }, nobody = { .n = 0 };
	static struct state st = { .failures = 3, .n = 2, .factor = {
	    { .id = "gone", .next = 7 },
	    { .id = "kept", .next = 99, .drift = 1, .used_at = 5 } } };

	(void)unused;
	state_align(&st, &rec);
	assert_int_equal(st.n, 3);
	assert_int_equal(st.failures, 3);
	assert_string_equal(st.factor[0].id, "new-hotp");
	assert_int_equal(st.factor[0].next, 42);
	assert_string_equal(st.factor[1].id, "kept");
	assert_int_equal(st.factor[1].next, 99);
	assert_int_equal(st.factor[1].drift, 1);
	assert_int_equal(st.factor[1].used_at, 5);
	assert_string_equal(st.factor[2].id, "new-totp");
	assert_int_equal(st.factor[2].next, 0);
	/* What is gone is gone, also if it comes again. */
	state_align(&st, &nobody);
	assert_int_equal(st.n, 0);
	state_align(&st, &rec);
	assert_int_equal(st.factor[1].next, 1);
	assert_int_equal(st.failures, 3);
}

/* Wherever the room ends, that is said. */
static void
no_room(void **unused)
{
	static char most[BUF_MAX];
	static struct state st;
	struct buf b = { 0 };
	struct mfa_why why = { "" };

	(void)unused;
	assert_int_equal(parse(GOOD, &st, &why), MFA_OK);
	for (size_t left = 0; left < sizeof(GOOD); left++) {
		assert_int_equal(buf_put(&b, most, BUF_MAX - left), MFA_OK);
		assert_int_equal(state_format(&st, &b), left <
		    sizeof(GOOD) - 1 ? MFA_ERANGE : MFA_OK);
		buf_wipe(&b);
	}
}

#define SENT(id) "[code " id "]\nway = sms\nservice = sshd\nmac = " HEX16 \
    HEX16 "\nwrong = 0\nsent_at = 1\nsent_boottime = 1\nsent_boot = b\n"

/* The newest, and one that stays good beside it; no third. */
static void
two_codes(void **unused)
{
	static const char text[] = "version = 1\nfailures = 0\n"
	    SENT("phone-a") SENT("phone-b");
	const struct mfa_time now = { 1, 2000, "b" }, late = { 400, 400000,
	    "b" };
	struct sent_code one = { .factor = "c", .sent = { 1, 1, "b" } };
	static struct state st;
	struct buf again = { 0 };
	struct mfa_why why;

	(void)unused;
	assert_int_equal(parse(text, &st, &why), MFA_OK);
	assert_string_equal(st.code.factor, "phone-a");
	assert_string_equal(st.before.factor, "phone-b");
	assert_int_equal(state_format(&st, &again), MFA_OK);
	assert_string_equal(buf_str(&again), text);
	buf_wipe(&again);
	refuses("version = 1\nfailures = 0\n" SENT("a") SENT("b") SENT("c"),
	    19);
	/* An unclear one leaves the one before; one that was sent does not. */
	st.before = (struct sent_code){ 0 };
	state_put_code(&st, &one, true, &now);
	assert_string_equal(st.code.factor, "c");
	assert_string_equal(st.before.factor, "phone-a");
	state_put_code(&st, &one, true, &now);
	assert_string_equal(st.before.factor, "phone-a");
	state_put_code(&st, &one, false, &now);
	assert_string_equal(st.before.factor, "");
	/* One that is too old is none. */
	state_put_code(&st, &one, true, &late);
	assert_string_equal(st.before.factor, "");
	assert_string_equal(st.code.factor, "c");
	/* The phone of the newest is gone: the other one is the newest. */
	assert_int_equal(parse(text, &st, &why), MFA_OK);
	state_align(&st, &(struct record){ .factor = &(struct factor){
	    .id = "phone-b", .kind = FACTOR_PHONE }, .n = 1 });
	assert_string_equal(st.code.factor, "phone-b");
	assert_string_equal(st.before.factor, "");
	state_align(&st, &(struct record){ .n = 0 });
	assert_string_equal(st.code.factor, "");
}

/* A reset, with the boot and as it was written without. */
static void
was_reset(void **unused)
{
	static const char *const texts[] = {
		"version = 1\nfailures = 0\nreset_at = 17\n",
		"version = 1\nfailures = 0\nreset_at = 17\nreset_told = 1\n",
		"version = 1\nfailures = 0\nreset_at = 17\n"
		"reset_boottime = 4\nreset_boot = b\n",
		"version = 1\nfailures = 0\nreset_at = 17\n"
		"reset_boottime = 4\nreset_boot = b\nreset_told = 1\n",
	};
	static struct state st;
	struct buf again = { 0 };
	struct mfa_why why;

	(void)unused;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(parse(texts[i], &st, &why), MFA_OK);
		assert_true(state_was_reset(&st.reset));
		assert_int_equal(state_format(&st, &again), MFA_OK);
		assert_string_equal(buf_str(&again), texts[i]);
		buf_wipe(&again);
		/* Told once; counted from until there is a factor. */
		assert_int_equal(state_tell_reset(&st, false), i % 2 ? 0 : 17);
		assert_int_equal(state_tell_reset(&st, false), 0);
		assert_int_equal(st.reset.at.real, 17);
		assert_int_equal(state_tell_reset(&st, true), 0);
		assert_false(state_was_reset(&st.reset));
	}
	assert_int_equal(state_tell_reset(&st, false), 0);
	assert_false(st.reset.told);
	refuses("version = 1\nreset_told = 2\n", 2);
	refuses("version = 1\nreset_boot =\n", 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(round_trip),
	    cmocka_unit_test(app_passwords),
	    cmocka_unit_test(extremes), cmocka_unit_test(once_each),
	    cmocka_unit_test(good_and_bad_lines),
	    cmocka_unit_test(trusting), cmocka_unit_test(no_longer_trusted),
	    cmocka_unit_test(aligned), cmocka_unit_test(no_room),
	    cmocka_unit_test(two_codes), cmocka_unit_test(was_reset) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
