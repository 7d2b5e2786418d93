/* The ports as values in memory, and a login on them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_ports.h"

static void
must(enum mfa_err r)
{
	if (r)
		abort();
}

static void
pass_time(struct fake *f)
{
	int64_t before = f->now.boot_ms / 1000;

	f->now.boot_ms += f->ms_per_call;
	f->now.real += f->now.boot_ms / 1000 - before;
}

/* Counts one call that can fail; MFA_OK, or the error it is to have. */
static enum mfa_err
step(struct fake *f, enum mfa_err usual, struct mfa_why *why)
{
	pass_time(f);
	if (++f->calls != f->fail_at)
		return MFA_OK;
	return mfa_fail(why, f->fail_with ? f->fail_with : usual,
	    "fault at call %u", f->calls);
}

static enum mfa_err
factors(void *ctx, struct buf *ret, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	if ((r = step(f, MFA_EIO, why)))
		return r;
	if (f->factors.len == 0)
		return mfa_fail(why, MFA_ENOENT, "no factors");
	return buf_put(ret, f->factors.data, f->factors.len);
}

static enum mfa_err
begin(void *ctx, int wait_ms, struct buf *ret, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	(void)wait_ms;
	if ((r = step(f, MFA_EIO, why)))
		return r;
	f->breaches += f->locked;
	f->begins++;
	f->locked = true;
	return buf_put(ret, buf_str(&f->state), f->state.len);
}

static enum mfa_err
commit(void *ctx, const struct buf *state, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	f->breaches += !f->locked;
	if ((r = step(f, MFA_EIO, why)))
		return r;
	f->commits++;
	fake_set(&f->state, buf_str(state));
	return MFA_OK;
}

static void
end(void *ctx)
{
	struct fake *f = ctx;

	f->breaches += !f->locked;
	f->ends++;
	f->locked = false;
}

enum mfa_err
fake_save(void *ctx, const struct buf *text, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	f->breaches += !f->locked;
	if ((r = step(f, MFA_EIO, why)))
		return r;
	f->saves++;
	fake_set(&f->factors, buf_str(text));
	return MFA_OK;
}

enum mfa_err
fake_remove(void *ctx, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	f->breaches += !f->locked;
	if ((r = step(f, MFA_EIO, why)))
		return r;
	if (f->factors.len == 0)
		return mfa_fail(why, MFA_ENOENT, "no factors");
	f->removes++;
	buf_wipe(&f->factors);
	return MFA_OK;
}

enum mfa_err
fake_peek(void *ctx, struct buf *ret, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	if ((r = step(f, MFA_EIO, why)))
		return r;
	return buf_put(ret, buf_str(&f->state), f->state.len);
}

enum mfa_err
fake_sent(void *ctx, struct buf *ret, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	if ((r = step(f, MFA_EIO, why)))
		return r;
	return buf_put(ret, buf_str(&f->ledger), f->ledger.len);
}

static enum mfa_err
ask(void *ctx, const char *prompt, bool echo, struct buf *ret)
{
	struct fake *f = ctx;
	const char *answer;
	enum mfa_err r;

	(void)echo;
	f->breaches += f->locked;
	must(buf_printf(&f->transcript, "? %s\n", prompt));
	if ((r = step(f, MFA_ECONV, NULL)))
		return r;
	if (f->on_ask != NULL && ((r = f->on_ask(f, prompt, ret)) || ret->len))
		return r;
	answer = f->asked < f->nanswers ? f->answers[f->asked] : NULL;
	f->asked++;
	return answer == NULL ? MFA_ECONV : buf_puts(ret, answer);
}

static void
say(void *ctx, const char *text, bool is_error)
{
	struct fake *f = ctx;

	pass_time(f);
	must(buf_printf(&f->transcript, "%c %s\n", is_error ? '!' : '-', text));
}

static void
log_write(void *ctx, enum mfa_level level, const char *line)
{
	struct fake *f = ctx;

	(void)level;
	must(buf_printf(&f->log, "%s\n", line));
}

static enum mfa_err
now(void *ctx, struct mfa_time *ret)
{
	struct fake *f = ctx;
	enum mfa_err r;

	if ((r = step(f, MFA_EIO, NULL)))
		return r;
	*ret = f->now;
	return MFA_OK;
}

static enum mfa_err
ledger_begin(void *ctx, int wait_ms, struct buf *ret, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	(void)wait_ms;
	if ((r = step(f, MFA_EIO, why)))
		return r;
	f->breaches += f->ledger_locked;
	f->ledger_locked = true;
	return buf_put(ret, buf_str(&f->ledger), f->ledger.len);
}

static enum mfa_err
ledger_commit(void *ctx, const struct buf *text, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	f->breaches += !f->ledger_locked;
	if ((r = step(f, MFA_EIO, why)))
		return r;
	fake_set(&f->ledger, buf_str(text));
	return MFA_OK;
}

static void
ledger_end(void *ctx)
{
	struct fake *f = ctx;

	f->breaches += !f->ledger_locked;
	f->ledger_locked = false;
}

static enum mfa_err
hostkey_begin(void *ctx, int wait_ms, struct buf *ret, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	(void)wait_ms;
	if ((r = step(f, MFA_EIO, why)))
		return r;
	f->breaches += f->hostkey_locked;
	f->hostkey_locked = true;
	return buf_put(ret, buf_str(&f->hostkey), f->hostkey.len);
}

static enum mfa_err
hostkey_commit(void *ctx, const struct buf *key, struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	f->breaches += !f->hostkey_locked;
	if ((r = step(f, MFA_EIO, why)))
		return r;
	buf_wipe(&f->hostkey);
	return buf_put(&f->hostkey, key->data, key->len);
}

static void
hostkey_end(void *ctx)
{
	struct fake *f = ctx;

	f->breaches += !f->hostkey_locked;
	f->hostkey_locked = false;
}

/* No lock may be held while a provider is asked. */
static void
send(void *ctx, const struct sending_request *req, struct sending_answer *ret)
{
	struct fake *f = ctx;

	if (f->on_send != NULL)
		f->on_send(f, req);
	pass_time(f);
	f->breaches += f->locked || f->ledger_locked;
	if (req->op == SENDING_CHECK) {
		*ret = (struct sending_answer){ .provider = "fake",
		    .handed_over = !f->lacks[req->kind],
		    .class = SENDING_CONFIG };
		if (f->lacks[req->kind])
			snprintf(ret->reason, sizeof(ret->reason), "fake.conf "
			    "has no section [%s]: this provider sends none",
			    sending_kind_name(req->kind));
		return;
	}
	f->sends++;
	snprintf(f->to, sizeof(f->to), "%s", req->to);
	snprintf(f->code, sizeof(f->code), "%s", req->code);
	snprintf(f->language, sizeof(f->language), "%s", req->language);
	snprintf(f->nonce, sizeof(f->nonce), "%s", req->nonce);
	fake_set(&f->text, req->text);
	*ret = f->answer;
	if (!f->send_fails)
		*ret = (struct sending_answer){ .handed_over = true,
		    .provider = "fake", .id = "id-1" };
}

static enum mfa_err
draw(void *ctx, const char *text, bool utf8, struct buf *ret,
    struct mfa_why *why)
{
	struct fake *f = ctx;
	enum mfa_err r;

	f->breaches += f->locked || f->ledger_locked;
	if ((r = step(f, MFA_EIO, why)))
		return r;
	fake_set(&f->drawn, text);
	return buf_puts(ret, utf8 ? "[blocks]\n[code]\n" : "[hashes]\n");
}

struct mfa_ports
fake_ports(struct fake *f)
{
	return (struct mfa_ports){
		.store = { .ctx = f, .factors = factors, .begin = begin,
		    .commit = commit, .end = end },
		.conv = { .ctx = f, .ask = ask, .say = say },
		.log = { .ctx = f, .write = log_write },
		.clock = { .ctx = f, .now = now, .now_and_boot = now },
		.ledger = { .ctx = f, .begin = ledger_begin,
		    .commit = ledger_commit, .end = ledger_end },
		.hostkey = { .ctx = f, .begin = hostkey_begin,
		    .commit = hostkey_commit, .end = hostkey_end },
		.sender = { .ctx = f, .send = send },
		.writer = { .ctx = f, .save = fake_save,
		    .remove = fake_remove },
		.drawer = { .ctx = f, .draw = draw },
	};
}

void
fake_begin(struct fake *f, const char *const *answers)
{
	f->answers = answers;
	f->asked = f->nanswers = 0;
	while (answers[f->nanswers] != NULL)
		f->nanswers++;
	buf_wipe(&f->transcript);
	buf_wipe(&f->log);
}

enum mfa_err
fake_reset_now(struct fake *f, const char *prompt, struct buf *ret)
{
	(void)prompt;
	(void)ret;
	buf_wipe(&f->factors);
	return MFA_OK;
}

void
fake_conf(struct mfa_conf *conf, const char *text)
{
	struct mfa_why why = { "" };

	conf_init(conf);
	if (conf_parse(conf, "t", text, strlen(text), &why))
		fail_msg("%s", why.text);
}

void
fake_set(struct buf *b, const char *text)
{
	struct buf copy = { 0 };

	must(buf_puts(&copy, text));
	buf_wipe(b);
	*b = copy;
}

bool
fake_has(const struct buf *b, const char *text)
{
	return strstr(buf_str(b), text) != NULL;
}

void
assert_has(const struct buf *b, const char *text)
{
	if (!fake_has(b, text))
		fail_msg("no \"%s\" in: %s", text, buf_str(b));
}

void
assert_has_not(const struct buf *b, const char *text)
{
	if (fake_has(b, text))
		fail_msg("\"%s\" in: %s", text, buf_str(b));
}

void
fake_free(struct fake *f)
{
	buf_wipe(&f->factors);
	buf_wipe(&f->state);
	buf_wipe(&f->ledger);
	buf_wipe(&f->hostkey);
	buf_wipe(&f->text);
	buf_wipe(&f->drawn);
	buf_wipe(&f->transcript);
	buf_wipe(&f->log);
}

void *
fake_login_new(size_t size, const char *factors)
{
	struct fake_login *f = calloc(1, size);

	must(f != NULL ? MFA_OK : MFA_ENOMEM);
	conf_init(&f->conf);
	f->who = (struct mfa_subject){ .user = "alice", .service = "sshd",
	    .rhost = "192.0.2.1", .tty = "ssh", .known = true };
	f->fake.now = (struct mfa_time){ .real = 150, .boot_ms = 5000,
	    .boot_id = "boot-1" };
	fake_set(&f->fake.factors, factors);
	f->fake.ctx = f;
	return f;
}

int
fake_login_teardown(void **state)
{
	struct fake_login *f = *state;

	fake_free(&f->fake);
	buf_wipe(&f->rep.password);
	free(f);
	return 0;
}

enum mfa_verdict
fake_login_run(struct fake_login *f, const char *const *answers)
{
	const struct fake *fake = &f->fake;
	struct mfa_ports ports = fake_ports(&f->fake);

	fake_begin(&f->fake, answers);
	buf_wipe(&f->rep.password);
	login_run(&ports, &f->conf, &f->who, &f->rep);
	login_audit(&ports.log, &f->who, &f->rep);
	assert_int_equal(fake->begins, fake->ends);
	assert_false(fake->locked || fake->ledger_locked ||
	    fake->hostkey_locked);
	assert_int_equal(fake->breaches, 0);
	return f->rep.verdict;
}

void
logs(const struct fake_login *f, const char *text)
{
	assert_has(&f->fake.log, text);
}

void
tells(const struct fake_login *f, const char *text)
{
	assert_has(&f->fake.transcript, text);
}
