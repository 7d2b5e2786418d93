/*
 * A change whose factors cannot be written, or are in place and not sure to
 * stay: never one whose first code is not used up.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/sys/edit.h"
#include "../fake/fake_ports.h"

#define FACTOR(id) "[factor " id "]\nkind = totp\nlabel = Phone\n" \
	"created = 1\nsecret = GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n" \
	"algorithm = SHA1\ndigits = 6\nperiod = 30\n"
#define NEW "totp-bbbb"
#define STATE "version = 1\nfailures = 1\n[factor totp-aaaa]\nnext = 3\n"

/* How a write of the factors ends. */
enum how { WELL, FAILS, LANDS /* and fails all the same */ };

struct fixture {
	struct fake fake;
	enum how how[2];	/* of the change, and of what undoes it */
	unsigned writes;
	bool blind;		/* after it nothing can be read */
};

static enum mfa_err
one_write(struct fixture *f, const struct buf *factors, struct mfa_why *why)
{
	enum how how = f->how[f->writes++ > 0];
	enum mfa_err r = MFA_OK;

	if (how != FAILS)
		r = factors != NULL ? fake_save(&f->fake, factors, why) :
		    fake_remove(&f->fake, why);
	if (r || how == WELL)
		return r;
	return mfa_fail(why, MFA_EIO, "fault");
}

static enum mfa_err
save(void *ctx, const struct buf *factors, struct mfa_why *why)
{
	return one_write(ctx, factors, why);
}

static enum mfa_err
take_away(void *ctx, struct mfa_why *why)
{
	return one_write(ctx, NULL, why);
}

static enum mfa_err
look(void *ctx, struct buf *ret, struct mfa_why *why)
{
	struct fixture *f = ctx;
	struct mfa_store real = fake_ports(&f->fake).store;

	return f->blind && f->writes > 0 ? MFA_EIO :
	    real.factors(real.ctx, ret, why);
}

static enum mfa_err
begin(void *ctx, int wait_ms, struct buf *ret, struct mfa_why *why)
{
	struct fixture *f = ctx;
	struct mfa_store real = fake_ports(&f->fake).store;

	return real.begin(real.ctx, wait_ms, ret, why);
}

static enum mfa_err
commit(void *ctx, const struct buf *state, struct mfa_why *why)
{
	struct fixture *f = ctx;
	struct mfa_store real = fake_ports(&f->fake).store;

	return real.commit(real.ctx, state, why);
}

static void
end(void *ctx)
{
	struct fixture *f = ctx;
	struct mfa_store real = fake_ports(&f->fake).store;

	real.end(real.ctx);
}

/* A second app, whose first code is that of step 6. */
static enum mfa_err
add(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	struct factor f = { .id = NEW, .kind = FACTOR_TOTP, .created = 1,
	    .otp = { .len = 20, .hash = CRYPTO_SHA1, .digits = 6,
	    .period = 30 } };
	enum mfa_err r;

	(void)ctx;
	(void)why;
	if ((r = record_add(rec, &f)))
		return r;
	state_align(st, rec);
	st->factor[rec->n - 1].next = 7;
	return MFA_OK;
}

static enum mfa_err
take_out(void *ctx, struct record *rec, struct state *st, struct mfa_why *why)
{
	(void)ctx;
	(void)st;
	(void)why;
	record_remove(rec, 0);
	return MFA_OK;
}

static enum mfa_err
change(struct fixture *f, edit_fn *fn, const char *factors,
    struct mfa_why *why)
{
	const struct mfa_store store = { f, look, begin, commit, end };
	const struct mfa_writer writer = { f, save, take_away };
	const struct edit e = { .store = &store, .writer = &writer };

	fake_free(&f->fake);
	if (*factors)
		fake_set(&f->fake.factors, factors);
	fake_set(&f->fake.state, STATE);
	f->writes = 0;
	*why = (struct mfa_why){ "" };
	return edit_run(&e, 0, fn, NULL, why);
}

static void
added(void **unused)
{
	static const char *const before[] = { "",
	    "version = 1\n" FACTOR("totp-aaaa") };
	static const struct {
		enum how how[2];
		bool blind;
		const char *why;
		bool new, marked;	/* is it there; its first code used? */
	} table[] = {
		{ { WELL }, false, "", true, true },
		{ { FAILS }, false, "fault", false, false },
		{ { LANDS, WELL }, false, "fault", false, false },
		{ { LANDS, LANDS }, false, "put back; check", false, true },
		{ { LANDS, FAILS }, false, "put back; check", true, true },
		{ { FAILS, FAILS }, true, "put back; check", false, true },
		{ { LANDS, FAILS }, true, "put back; check", true, true },
		{ { LANDS, WELL }, true, "fault", false, false },
	};
	struct fixture f = { .writes = 0 };
	struct mfa_why why;

	(void)unused;
	for (size_t i = 0; i < 2 * sizeof(table) / sizeof(*table); i++) {
		memcpy(f.how, table[i / 2].how, sizeof(f.how));
		f.blind = table[i / 2].blind;
		assert_int_equal(change(&f, add, before[i % 2], &why),
		    i / 2 == 0 ? MFA_OK : MFA_EIO);
		if (strstr(why.text, table[i / 2].why) == NULL ||
		    fake_has(&f.fake.factors, NEW) != table[i / 2].new ||
		    fake_has(&f.fake.state, NEW "]\nnext = 7") !=
		    table[i / 2].marked)
			fail_msg("%zu: %s\n%s%s", i, why.text,
			    buf_str(&f.fake.factors), buf_str(&f.fake.state));
		if (!table[i / 2].marked)
			assert_string_equal(buf_str(&f.fake.state), STATE);
		assert_false(fake_has(&f.fake.factors, NEW) &&
		    !fake_has(&f.fake.state, NEW));
		assert_int_equal(f.fake.breaches, 0);
	}
	fake_free(&f.fake);
}

/* The last one, and one of two: as before, or the error says so. */
static void
taken_out(void **unused)
{
	static const char *const before[] = {
	    "version = 1\n" FACTOR("totp-aaaa"),
	    "version = 1\n" FACTOR("totp-aaaa") FACTOR("totp-bbbb") };
	struct fixture f = { .how = { LANDS, WELL } };
	struct mfa_why why;

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		f.how[1] = i < 2 ? WELL : FAILS;
		assert_int_equal(change(&f, take_out, before[i % 2], &why),
		    MFA_EIO);
		assert_int_equal(fake_has(&f.fake.factors, "totp-aaaa"),
		    i < 2);
		assert_non_null(strstr(why.text, i < 2 ? "fault" :
		    "put back; check"));
		assert_string_equal(buf_str(&f.fake.state), STATE);
	}
	fake_free(&f.fake);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(added),
	    cmocka_unit_test(taken_out) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
