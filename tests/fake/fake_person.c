/* A person before mfactl, on fake ports. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_person.h"

#define PERIOD 30	/* seconds, of "@N" */

static void
must(bool ok)
{
	if (!ok)
		abort();
}

void
fake_person_code(const char *key, unsigned digits, int64_t step,
    char ret[static FAKE_CODE_MAX])
{
	char *secret;
	size_t len;

	must(oath_base32_decode(key, strlen(key), &secret, &len) == OATH_OK);
	must(oath_hotp_generate(secret, len, (uint64_t)step, digits, false,
	    OATH_HOTP_DYNAMIC_TRUNCATION, ret) == OATH_OK);
	free(secret);
}

void
fake_person_shown_key(const struct fake_person *fp, char *ret, size_t cap)
{
	const char *text = buf_str(&fp->fake.transcript), *at;
	size_t n;

	must((at = strstr(text, "secret=")) != NULL);
	at += strlen("secret=");
	n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
	must(n > 0 && n < cap);
	memcpy(ret, at, n);
	ret[n] = '\0';
}

static bool
is_near(const char *key, int64_t step, const char *code)
{
	char near[FAKE_CODE_MAX];

	for (int i = -30; i <= 30; i++) {
		fake_person_code(key, 6, step + i, near);
		if (strcmp(near, code) == 0)
			return true;
	}
	return false;
}

/* ">N TEXT": the fake's time goes on. */
static enum mfa_err
later(struct fake *f, const char *answer, struct buf *ret)
{
	int64_t seconds = atoi(answer + 1);

	f->now.boot_ms += seconds * 1000;
	f->now.real += seconds;
	return buf_puts(ret, strchr(answer, ' ') + 1);
}

/* What the script does not answer itself. */
static enum mfa_err
on_ask(struct fake *f, const char *prompt, struct buf *ret)
{
	const struct fake_person *fp = f->ctx;
	const char *answer = f->asked < f->nanswers ? f->answers[f->asked] : "";
	int64_t step = f->now.real / PERIOD;
	char key[128], code[16] = "000000";

	(void)prompt;
	if (answer == NULL || *answer == '\0' || !strchr("@~$>", *answer))
		return MFA_OK;
	f->asked++;
	if (*answer == '>')
		return later(f, answer, ret);
	if (*answer == '$')
		return buf_puts(ret, f->code);
	snprintf(key, sizeof(key), "%s", fp->key);
	if (*key == '\0')
		fake_person_shown_key(fp, key, sizeof(key));
	if (*answer == '@')
		fake_person_code(key, 6, step + atoi(answer + 1), code);
	for (unsigned i = 1; *answer == '~' && is_near(key, step, code); i++)
		snprintf(code, sizeof(code), "%06u", i);
	return buf_puts(ret, code);
}

struct fake_person *
fake_person_new(const char *conf)
{
	struct fake_person *fp = calloc(1, sizeof(*fp));
	struct mfa_ports ports;

	must(fp != NULL);
	ports = fake_ports(&fp->fake);
	fp->fake.now = (struct mfa_time){ .real = 1700000000, .boot_ms = 5000,
	    .boot_id = "boot-1" };
	fp->fake.on_ask = on_ask;
	fp->fake.ctx = fp;
	fp->tool = (struct tool){ .conv = ports.conv, .clock = ports.clock,
	    .sender = ports.sender, .log = ports.log, .root = true,
	    .tty = true, .utf8 = true, .self = "alice" };
	fake_conf(&fp->tool.conf, conf);
	must(crypto_new("", &fp->tool.crypto, NULL) == MFA_OK);
	fp->person = (struct person){ .who = { .user = "alice", .known = true },
	    .store = ports.store, .ledger = ports.ledger,
	    .hostkey = ports.hostkey,
	    .ctx = &fp->fake, .save = fake_save, .remove = fake_remove,
	    .peek = fake_peek, .sent = fake_sent, .conf = &fp->tool.conf };
	fp->factors = fp->state = "";
	return fp;
}

struct fake_person *
fake_person_with(const char *conf, const char *factors, const char *state)
{
	struct fake_person *fp = fake_person_new(conf);

	snprintf(fp->key, sizeof(fp->key), FAKE_KEY);
	fake_set(&fp->fake.factors, fp->factors = factors);
	fake_set(&fp->fake.state, fp->state = state);
	return fp;
}

void
fake_person_free(struct fake_person *fp)
{
	fake_free(&fp->fake);
	buf_wipe(&fp->out);
	buf_wipe(&fp->err);
	buf_wipe(&fp->proved);
	crypto_free(fp->tool.crypto);
	free(fp);
}

int
fake_person_teardown(void **state)
{
	fake_person_free(*state);
	return 0;
}

static void
read_back(FILE *from, struct buf *ret)
{
	char bytes[1024];
	size_t n;

	rewind(from);
	while ((n = fread(bytes, 1, sizeof(bytes), from)) > 0)
		must(buf_put(ret, bytes, n) == MFA_OK);
	fclose(from);
}

int
fake_person_run(struct fake_person *fp, person_verb *verb,
    const char *const *answers)
{
	FILE *out = tmpfile(), *err = tmpfile();
	int status, before = dup(STDERR_FILENO);

	must(out != NULL && err != NULL && before >= 0);
	fake_begin(&fp->fake, answers);
	buf_wipe(&fp->out);
	buf_wipe(&fp->err);
	fp->fake.calls = 0;
	fp->tool.out = out;
	fp->person.proved = fp->tool.prove ? &fp->proved : NULL;
	must(dup2(fileno(err), STDERR_FILENO) >= 0);
	status = verb(&fp->tool, &fp->person);
	must(dup2(before, STDERR_FILENO) >= 0);
	close(before);
	read_back(out, &fp->out);
	read_back(err, &fp->err);
	return status;
}

static void
as_before(struct fake_person *fp, const struct buf *factors,
    const struct buf *state)
{
	fp->fake.fail_at = 0;
	fake_set(&fp->fake.factors, buf_str(factors));
	fake_set(&fp->fake.state, buf_str(state));
}

unsigned
fake_person_faults(struct fake_person *fp, person_verb *verb,
    const char *const *answers, bool moves)
{
	struct fake *f = &fp->fake;
	struct buf factors = { 0 }, state = { 0 };
	unsigned n = 0;
	int status;

	fake_set(&factors, buf_str(&f->factors));
	fake_set(&state, buf_str(&f->state));
	for (;;) {
		f->fail_at = ++n;
		status = fake_person_run(fp, verb, answers);
		assert_int_equal(f->breaches, 0);
		assert_int_equal(f->begins, f->ends);
		if (f->calls < n)
			break;
		assert_int_not_equal(status, TOOL_OK);
		assert_true(fp->err.len > 0);
		assert_string_equal(buf_str(&f->factors), buf_str(&factors));
		if (!moves)
			assert_string_equal(buf_str(&f->state),
			    buf_str(&state));
		as_before(fp, &factors, &state);
		assert_int_equal(fake_person_run(fp, verb, answers), TOOL_OK);
		as_before(fp, &factors, &state);
	}
	assert_int_equal(status, TOOL_OK);
	as_before(fp, &factors, &state);
	buf_wipe(&factors);
	buf_wipe(&state);
	return n - 1;
}

void
untouched(const struct fake_person *fp)
{
	assert_string_equal(buf_str(&fp->fake.factors), fp->factors);
	assert_string_equal(buf_str(&fp->fake.state), fp->state);
	assert_int_equal(fp->fake.saves + fp->fake.removes + fp->fake.commits,
	    0);
}

struct record
record_of(const struct fake_person *fp)
{
	struct record rec = { 0 };

	assert_int_equal(record_parse(buf_str(&fp->fake.factors),
	    fp->fake.factors.len, &rec, NULL), MFA_OK);
	return rec;
}
