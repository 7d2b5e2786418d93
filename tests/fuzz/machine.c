/* Logins by a script, on fake ports. Codes are liboath's, not our own. */
#include <liboath/oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/date.h"
#include "../../pam_mfa/core/text.h"
#include "fuzz.h"
#include "machine.h"
#include "machine_judge.h"

#define LOGINS_MAX 12
#define PERIOD 30	/* seconds */

static void
person(struct machine *m, bool enrolled)
{
	struct factor f[] = {
	    { .id = "totp-aaaa", .kind = FACTOR_TOTP, .label = "App",
	    .otp = { .key = "12345678901234567890", .len = 20, .digits = 6,
	    .period = PERIOD } },
	    { .id = "hotp-bbbb", .kind = FACTOR_HOTP, .label = "Token",
	    .otp = { .key = "09876543210987654321", .len = 20, .digits = 6 } },
	    { .id = "phone-cccc", .kind = FACTOR_PHONE, .label = "Mobile",
	    .phone = { .number = MACHINE_NUMBER, .way = { true, true },
	    .key = { 1 } } },
	    { .id = "recovery-dddd", .kind = FACTOR_RECOVERY,
	    .label = "Codes" },
	    { .id = "app-eeee", .kind = FACTOR_APP, .label = "Mail",
	    .app = { .services = "imap" } } };
	struct record rec = { 0 };
	struct crypto *crypto;

	fuzz_must(!crypto_new("", &crypto, NULL));
	fuzz_must(!recovery_new(crypto, &f[3].recovery, m->recovery));
	f[3].recovery.iterations = RECOVERY_ITERATIONS_MIN;
	fuzz_must(!app_new(crypto, &f[4].app, m->app));
	memcpy(f[4].app.services, "imap", sizeof("imap"));
	for (size_t i = 0; i < sizeof(f) / sizeof(*f); i++)
		fuzz_must(!record_add(&rec, &f[i]));
	if (enrolled)
		fuzz_must(!record_format(&rec, &m->fake.factors));
	record_free(&rec);
	crypto_free(crypto);
}

void
machine_code(const struct otp_key *key, uint64_t counter, char ret[static 9])
{
	fuzz_must(oath_hotp_generate((const char *)key->key, key->len, counter,
	    key->digits, false, OATH_HOTP_DYNAMIC_TRUNCATION, ret) == OATH_OK);
}

/* The key that is shown to them; else the one of a kind that they have. */
static bool
key_of(const struct machine *m, enum factor_kind kind, struct otp_key *ret)
{
	struct record rec = { 0 };
	bool found = false;

	if (kind == FACTOR_TOTP && machine_shown(m, ret))
		return true;
	(void)!record_parse(buf_str(&m->fake.factors), m->fake.factors.len,
	    &rec, NULL);
	for (size_t i = 0; i < rec.n && !found; i++)
		if ((found = rec.factor[i].kind == kind))
			*ret = rec.factor[i].otp;
	record_free(&rec);
	return found;
}

static void
fail_later(struct fake *f, const char *how)
{
	static const enum mfa_err errors[] = { MFA_OK, MFA_ENOMEM, MFA_EPERM,
	    MFA_EBUSY, MFA_ESYNTAX, MFA_ECRYPTO, MFA_EEXIST, MFA_ETIME,
	    MFA_ENOENT };
	const char *with = strchr(how, ' ');

	f->fail_at = f->calls + 1 + (unsigned)atoi(how) % 64;
	f->fail_with = errors[with != NULL ? (unsigned)atoi(with) %
	    (sizeof(errors) / sizeof(*errors)) : 0];
}

/* Not so far that a sum of many leaves 64 bits, or time its first day. */
static int64_t
seconds(const char *text)
{
	return strtol(text, NULL, 10) % 1000000;
}

/* Who comes next. All that nobody knows share a state of their own. */
static void
next_person(struct machine *m)
{
	struct buf state = m->fake.state;

	memcpy(m->who.service, m->next_service, sizeof(m->who.service));
	if (m->next_known == m->who.known)
		return;
	m->fake.state = m->other_state;
	m->other_state = state;
	m->who.known = m->next_known;
}

/* What happens before an answer; false: the line is one. */
static bool
event(struct machine *m, const char *line)
{
	struct fake *f = &m->fake;

	switch (*line) {
	case '+':
		f->now.boot_ms += llabs(seconds(line + 1)) * 1000;
		f->now.real += llabs(seconds(line + 1));
		return true;
	case '~':
		f->now.real += seconds(line + 1);
		return true;
	case '^':
		snprintf(f->now.boot_id, sizeof(f->now.boot_id), "boot-%u",
		    ++m->boots);
		f->now.boot_ms = 1000;
		m->nsent = 0;
		m->deaf = m->next = true;
		return true;
	case '!':
		fail_later(f, line + 1);
		return true;
	case '%':
		f->send_fails = line[1] != '\0';
		f->answer = (struct sending_answer){ .provider = "fake",
		    .class = (enum sending_class)((unsigned)line[1] % 5) };
		return true;
	case 'X':
		buf_wipe(&f->factors);
		return true;
	case 'T':
		f->ms_per_call = llabs(seconds(line + 1)) % 3000;
		return true;
	case 'P':
		snprintf(m->password, sizeof(m->password), "%s", line + 1);
		return true;
	case 'U':
		m->next_known = !m->who.known;
		m->next = true;
		return true;
	case 'L':
		line += line[1] == ' ' ? 2 : 1;
		snprintf(m->next_service, sizeof(m->next_service), "%.*s",
		    (int)strspn(line, "abcdefghijklmnopqrstuvwxyz"), line);
		m->next = true;
		return true;
	default:
		return false;
	}
}

/* Of a message that was refused, there was one before it nevertheless. */
static const char *
sent_code(const struct machine *m, bool before)
{
	return !before ? m->fake.code : strcmp(m->code.code, m->fake.code) ?
	    m->code.code : m->earlier.code;
}

static void
answer(struct machine *m, const char *line, char *ret)
{
	int64_t step = m->fake.now.real / PERIOD, n = seconds(line + !!*line);
	enum factor_kind kind = *line == '@' ? FACTOR_TOTP : FACTOR_HOTP;
	struct otp_key key;
	char code[9] = "";

	if ((*line == '@' || *line == 'H') && key_of(m, kind, &key))
		machine_code(&key, (uint64_t)llabs(kind == FACTOR_TOTP ?
		    step + n : n), code);
	snprintf(ret, MACHINE_TYPED_MAX, "%s%s", m->password,
	    *line == '@' || *line == 'H' ? code :
	    *line == '$' ? sent_code(m, line[1] == '-') :
	    *line == '#' ? m->recovery[llabs(n) % RECOVERY_CODES] :
	    *line == 'A' ? m->app : line + (*line == '>'));
	*m->password = '\0';
}

static enum mfa_err
on_ask(struct fake *f, const char *prompt, struct buf *ret)
{
	struct machine *m = f->ctx;
	char *line = NULL;

	fuzz_must(strlen(prompt) > 0 && strlen(prompt) < 512);
	if (m->again)
		return m->told++ ? MFA_ECONV : buf_puts(ret, m->good);
	machine_kept(m);
	do {
		free(line);
		if (m->in.left == 0 || m->next)
			return MFA_ECONV;
		line = fuzz_line(&m->in);
	} while (event(m, line));
	answer(m, line, m->typed);
	machine_typed(m);
	free(line);
	/* Where that is empty, the fake's own script has an empty answer. */
	f->asked = 0;
	return buf_puts(ret, m->typed);
}

static void
send(void *ctx, const struct sending_request *req, struct sending_answer *ret)
{
	struct machine *m = ctx;

	fake_ports(&m->fake).sender.send(&m->fake, req, ret);
	machine_sent(m, req, ret);
}

/* True if a code was accepted that must not be accepted again. */
static bool
login(struct machine *m)
{
	static const char *const empty[] = { "" };
	struct mfa_ports ports = fake_ports(&m->fake);
	struct login_report rep;

	ports.sender = (struct mfa_sender){ .ctx = m, .send = send };
	m->fake.answers = empty;
	m->fake.nanswers = 1;
	m->told = 0;
	m->proved = m->next = false;
	m->nhits = 0;
	buf_wipe(&m->fake.transcript);
	buf_wipe(&m->fake.log);
	buf_wipe(&m->fake.drawn);
	next_person(m);
	machine_before(m);
	login_run(&ports, &m->conf, &m->who, &rep);
	login_audit(&ports.log, &m->who, &rep);
	/* For whoever replays one. */
	if (getenv("FUZZ_SHOW") != NULL)
		fprintf(stderr, "%s%s\n", buf_str(&m->fake.transcript),
		    buf_str(&m->fake.log));
	machine_after(m, &rep);
	buf_wipe(&rep.password);
	return rep.verdict == MFA_GRANTED && strcmp(rep.method, "app") != 0;
}

/* By the same person at the same door, whoever comes next. */
static void
again_as(struct machine *m)
{
	char service[sizeof(m->next_service)];
	bool known = m->next_known;

	memcpy(service, m->next_service, sizeof(service));
	memcpy(m->next_service, m->who.service, sizeof(service));
	m->next_known = m->who.known;
	login(m);
	memcpy(m->next_service, service, sizeof(service));
	m->next_known = known;
}

/* One, and if it was granted, another with the same answer. */
static void
logins(struct machine *m)
{
	size_t left = m->in.left;
	char *line;

	if (login(m)) {
		m->fake.fail_at = 0;
		m->again = true;
		again_as(m);
		m->again = false;
	}
	if (left > m->in.left)
		return;
	/* It asked nothing. */
	line = fuzz_line(&m->in);
	(void)event(m, line);
	free(line);
}

static bool
configure(struct machine *m)
{
	char *text = fuzz_part(&m->in, "\n%%\n");
	struct mfa_why why = { "" };
	bool ok;

	conf_init(&m->conf);
	/* A file of the host's is none of ours. */
	ok = !conf_parse(&m->conf, "t", text, strlen(text), &why) &&
	    !conf_finish(&m->conf, &why) && !*m->conf.openssl_config;
	m->deadline = strstr(text, "deadline") != NULL;
	free(text);
	return ok;
}

void
machine_run(const uint8_t *data, size_t len, bool enrolled)
{
	struct machine *m = calloc(1, sizeof(*m));

	fuzz_must(m != NULL);
	fuzz_random(1);
	m->in = (struct fuzz_input){ data, len };
	m->who = (struct mfa_subject){ .user = "alice", .service = "sshd",
	    .rhost = "192.0.2.1", .tty = "ssh", .known = true,
	    .minute = date_days(2027, 3, 20) * 24 * 60 };
	memcpy(m->next_service, m->who.service, sizeof(m->next_service));
	m->next_known = true;
	m->fake.now = (struct mfa_time){ .real = 1800000000,
	    .boot_ms = 1000000, .boot_id = "boot-0" };
	m->fake.on_ask = on_ask;
	m->fake.ctx = m;
	if (configure(m)) {
		person(m, enrolled);
		for (unsigned n = 0; m->in.left > 0 && n < LOGINS_MAX; n++)
			logins(m);
	}
	buf_wipe(&m->factors);
	buf_wipe(&m->state);
	buf_wipe(&m->other_state);
	fake_free(&m->fake);
	free(m);
}
