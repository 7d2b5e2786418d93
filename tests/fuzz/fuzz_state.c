/* What moves of a person: read, written, read: the same. */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/limit.h"
#include "../../pam_mfa/core/state.h"
#include "fuzz.h"

static void
again(const struct state *st)
{
	struct buf text = { 0 }, same = { 0 };
	struct mfa_why why = { "" };
	struct state back;

	fuzz_must(!state_format(st, &text));
	fuzz_must(!state_parse(buf_str(&text), text.len, &back, &why));
	fuzz_must(!state_format(&back, &same));
	fuzz_must(!strcmp(buf_str(&text), buf_str(&same)));
	fuzz_must(back.n == st->n && back.failures == st->failures);
	fuzz_must(!memcmp(back.factor, st->factor,
	    st->n * sizeof(*st->factor)));
	fuzz_must(!memcmp(back.code.mac, st->code.mac, sizeof(st->code.mac)));
	fuzz_must(!strcmp(back.code.factor, st->code.factor));
	buf_wipe(&text);
	buf_wipe(&same);
}

/* A lock holds whatever the clocks say. */
static void
limits(struct state *st)
{
	const struct conf_limit limit = { .free_failures = 5,
	    .delay_first = 30, .delay_max = 900, .lock_after = 50 };
	const struct mfa_time times[] = { { .real = 0, .boot_ms = 0 },
	    { .real = INT64_MAX / 4, .boot_ms = INT64_MAX / 4,
	    .boot_id = "boot-1" },
	    { .real = 1790000000, .boot_ms = 4711000, .boot_id = "boot-1" } };
	uint32_t before = st->failures;

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		uint64_t wait = 0;
		enum limit_verdict v = limit_check(&limit, st, &times[i],
		    &wait);

		fuzz_must((v == LIMIT_LOCKED) == (st->failures >= 50));
		fuzz_must(v != LIMIT_WAIT || (wait >= 1 && wait <= 900));
		fuzz_must(v != LIMIT_WAIT || st->failures >= 5);
		(void)limit_check_app(&limit, &st->app, &times[i], &wait);
		(void)state_code_open(&st->code, &times[i]);
	}
	limit_charge(st, &times[2]);
	fuzz_must(st->failures == before + (before < UINT32_MAX));
	limit_clear(st);
	fuzz_must(st->failures == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = fuzz_bytes(data, len);
	struct mfa_why why = { "" };
	struct state st;

	if (!state_parse(text, len, &st, &why)) {
		again(&st);
		limits(&st);
	}
	fuzz_why(&why);
	free(text);
	return 0;
}
