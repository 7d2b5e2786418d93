/*
 * What must hold of a login. Nothing here asks the product whether a code is
 * right: values are liboath's, and what was used up is remembered here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/base32.h"
#include "../../pam_mfa/core/phone.h"
#include "../../pam_mfa/core/text.h"
#include "machine_judge.h"

#define SLACK 16	/* steps: the widest window, drift, and slow calls */
#define AHEAD 20	/* counters: the widest there is */
#define PERIOD 30
#define CODE_MS 300000	/* a code that was sent is good for so long */
#define HOUR_MS (3540 * 1000)	/* less: calls take time */
#define DAY_MS (86340 * 1000)

/* Without blanks and hyphens, in upper case, as Crockford reads letters. */
static void
plain(const char *text, char ret[static MACHINE_TYPED_MAX])
{
	char all[MACHINE_TYPED_MAX];
	size_t n = 0;

	snprintf(all, sizeof(all), "%s", text);
	text_fold(all);
	for (const char *s = all; *s != '\0'; s++) {
		char c = text_upper(*s);

		if (!text_is_space(c) && c != '-')
			ret[n++] = c == 'O' ? '0' : c == 'I' || c == 'L' ?
			    '1' : c;
	}
	ret[n] = '\0';
}

/* Is it this code, or does it end so: a password may stand before it. */
static bool
is_code(const struct machine *m, const char *code)
{
	char typed[MACHINE_TYPED_MAX], want[MACHINE_TYPED_MAX];
	size_t a, b;

	plain(m->typed, typed);
	plain(code, want);
	a = strlen(typed);
	b = strlen(want);
	return b > 0 && a >= b && !strcmp(typed + a - b, want);
}

static uint64_t
unused_from(const struct machine *m, const char *id)
{
	for (size_t i = 0; i < m->nused; i++)
		if (!strcmp(m->used[i].id, id))
			return m->used[i].next;
	return 0;
}

static bool
is_value(const struct machine *m, const struct factor *f, int64_t from,
    int64_t to, uint64_t *ret_next)
{
	int64_t unused = (int64_t)unused_from(m, f->id);
	bool found = false;
	char code[9];

	for (int64_t i = from > unused ? from : unused; i <= to; i++) {
		machine_code(&f->otp, (uint64_t)i, code);
		if (is_code(m, code)) {
			found = true;
			*ret_next = (uint64_t)i + 1;
		}
	}
	return found;
}

static bool
is_good(const struct machine *m, const struct machine_sent *c)
{
	return c->open && m->fake.now.boot_ms - c->ms < CODE_MS;
}

/* At any service, or at this one. */
static bool
is_sent(const struct machine *m, const char *service)
{
	const struct machine_sent *const both[] = { &m->code, &m->earlier };
	bool found = false;

	for (int i = 0; i < 2; i++)
		found |= is_good(m, both[i]) && is_code(m, both[i]->code) &&
		    (service == NULL || !strcmp(both[i]->service, service));
	return found;
}

static bool
is_right(const struct machine *m, const struct factor *f,
    struct machine_hit *ret)
{
	int64_t step = m->fake.now.real / PERIOD;
	int64_t unused = (int64_t)unused_from(m, f->id);

	switch (f->kind) {
	case FACTOR_TOTP:
		return is_value(m, f, step - SLACK < 0 ? 0 : step - SLACK,
		    step + SLACK, &ret->next);
	case FACTOR_HOTP:
		return is_value(m, f, unused, unused + AHEAD, &ret->next);
	case FACTOR_RECOVERY:
		for (ret->code = 0; ret->code < RECOVERY_CODES; ret->code++)
			if (!(m->codes_used >> ret->code & 1) &&
			    is_code(m, m->recovery[ret->code]))
				return true;
		return false;
	case FACTOR_PHONE:
		return is_sent(m, m->who.service);
	case FACTOR_APP:
		return !strcmp(m->who.service, "imap") && is_code(m, m->app);
	}
	return false;
}

bool
machine_shown(const struct machine *m, struct otp_key *ret)
{
	const char *all = buf_str(&m->fake.transcript), *s;
	char base32[BASE32_LEN(TOTP_KEY_NEW) + 1] = "";
	size_t n = 0;

	if ((s = strstr(all, "secret=")) != NULL)
		s += strlen("secret=");
	else if ((s = strstr(all, "type the key ")) != NULL)
		s += strlen("type the key ");
	for (; s && *s && !strchr("&:\n", *s) && n < sizeof(base32) - 1; s++)
		if (*s != ' ')
			base32[n++] = *s;
	*ret = (struct otp_key){ .digits = 6, .period = PERIOD };
	return !base32_decode(base32, ret->key, sizeof(ret->key), &ret->len) &&
	    ret->len == TOTP_KEY_NEW;
}

/* The first code of what is not enrolled yet. */
static bool
is_first(const struct machine *m)
{
	int64_t step = m->fake.now.real / PERIOD;
	struct factor f = { .id = "" };
	uint64_t next;

	return is_sent(m, NULL) || (machine_shown(m, &f.otp) &&
	    is_value(m, &f, step < 3 ? 0 : step - 3, step + 3, &next));
}

static struct machine_hit *
hit_of(struct machine *m, const char *id)
{
	for (size_t i = 0; i < m->nhits; i++)
		if (!strcmp(m->hit[i].id, id))
			return &m->hit[i];
	return NULL;
}

/* Does a state say that this code was used? Of a message: that none is open. */
static bool
is_used(const struct buf *state, const struct machine_hit *hit)
{
	struct state st;
	size_t i = 0;

	if (state_parse(buf_str(state), state->len, &st, NULL))
		return false;
	while (i < st.n && strcmp(st.factor[i].id, hit->id) != 0)
		i++;
	if (i == st.n || hit->kind == FACTOR_APP)
		return false;
	if (hit->kind == FACTOR_PHONE)
		return st.failures == 0 &&
		    (*st.code.factor == '\0' || st.code.used);
	return hit->kind == FACTOR_RECOVERY ?
	    st.factor[i].used >> hit->code & 1 :
	    st.factor[i].next >= hit->next;
}

/* Behind what was taken or saved are prompts that take no code. */
void
machine_kept(struct machine *m)
{
	if (m->kept)
		return;
	snprintf(m->good, sizeof(m->good), "%s", m->typed);
	m->kept = m->fake.saves > m->saves;
	for (size_t i = 0; i < m->nhits; i++)
		m->kept |= is_used(&m->fake.state, &m->hit[i]) &&
		    (m->hit[i].kind == FACTOR_PHONE ||
		    !is_used(&m->state, &m->hit[i]));
}

static void
remember(struct machine *m, const struct machine_hit *hit)
{
	struct machine_hit *h = hit_of(m, hit->id);

	if (m->kept)
		return;
	if (h == NULL && m->nhits < RECORD_FACTORS_MAX)
		h = &m->hit[m->nhits++];
	if (h != NULL)
		*h = *hit;
}

void
machine_typed(struct machine *m)
{
	struct record rec = { 0 };

	(void)!record_parse(buf_str(&m->fake.factors), m->fake.factors.len,
	    &rec, NULL);
	for (size_t i = 0; i < rec.n; i++) {
		struct machine_hit hit = { .kind = rec.factor[i].kind };

		if (!is_right(m, &rec.factor[i], &hit))
			continue;
		memcpy(hit.id, rec.factor[i].id, sizeof(hit.id));
		remember(m, &hit);
	}
	record_free(&rec);
	m->proved |= is_first(m);
}

/* A code that may not come leaves one before it good. */
static void
under_way(struct machine *m, bool unclear)
{
	if (!unclear)
		m->earlier.open = false;
	else if (!is_good(m, &m->earlier))
		m->earlier = m->code;
	m->code = (struct machine_sent){ .open = true,
	    .ms = m->fake.now.boot_ms };
	snprintf(m->code.code, sizeof(m->code.code), "%s", m->fake.code);
	snprintf(m->code.service, sizeof(m->code.service), "%s",
	    m->who.service);
}

void
machine_sent(struct machine *m, const struct sending_request *req,
    const struct sending_answer *a)
{
	const struct conf_quota *q = &m->conf.quota;
	unsigned hour = 1, day = 1;

	fuzz_must(*m->conf.send.senders != '\0' && m->who.known);
	fuzz_must(phone_allowed(req->to, m->conf.send.numbers) ==
	    PHONE_ALLOWED);
	for (size_t i = 0; i < m->nsent; i++) {
		hour += m->fake.now.boot_ms - m->sent[i] < HOUR_MS;
		day += m->fake.now.boot_ms - m->sent[i] < DAY_MS;
	}
	if (!m->deaf) {
		fuzz_must(hour <= q->user_hourly && hour <= q->host_hourly);
		fuzz_must(day <= q->user_daily && day <= q->host_daily);
	}
	if (!a->handed_over && a->class != SENDING_UNKNOWN)
		return;
	under_way(m, !a->handed_over);
	if (m->nsent < MACHINE_SENT_MAX)
		m->sent[m->nsent++] = m->fake.now.boot_ms;
}

void
machine_before(struct machine *m)
{
	struct state st;

	fake_set(&m->factors, buf_str(&m->fake.factors));
	fake_set(&m->state, buf_str(&m->fake.state));
	m->kept = false;
	m->commits = m->fake.commits;
	m->saves = m->fake.saves;
	m->failures = state_parse(buf_str(&m->fake.state), m->fake.state.len,
	    &st, NULL) ? UINT32_MAX : st.failures;
}

/* Used up on the disk, and from now on here. */
static void
used_up(struct machine *m, struct machine_hit *hit)
{
	struct state st;
	size_t i = 0;

	fuzz_must(!state_parse(buf_str(&m->fake.state), m->fake.state.len, &st,
	    NULL));
	fuzz_must(m->fake.commits > m->commits);
	while (i < st.n && strcmp(st.factor[i].id, hit->id) != 0)
		i++;
	if (hit->kind == FACTOR_APP)
		return;
	fuzz_must(is_used(&m->fake.state, hit) && st.failures == 0);
	if (hit->kind == FACTOR_RECOVERY)
		m->codes_used |= 1U << hit->code;
	/* No success leaves a code that was sent open. */
	fuzz_must(*st.code.factor == '\0' || st.code.used);
	fuzz_must(*st.before.factor == '\0');
	m->code.open = m->earlier.open = false;
	hit->next = st.factor[i].next;
	for (i = 0; i < m->nused && strcmp(m->used[i].id, hit->id); i++)
		;
	fuzz_must(i < RECORD_FACTORS_MAX);
	m->used[i] = *hit;
	m->nused += i == m->nused;
}

/* The recovery codes that came with an enrolment. */
static void
new_codes(struct machine *m)
{
	const char *s = strstr(buf_str(&m->fake.transcript),
	    "Recovery codes:");

	for (int i = 0; s != NULL && i < RECOVERY_CODES; i++) {
		if ((s = strchr(s, '\n')) == NULL || strlen(s) < 29)
			return;
		snprintf(m->recovery[i], sizeof(m->recovery[i]), "%s", s + 9);
		s++;
		m->codes_used = 0;
	}
}

static void
enrolled(struct machine *m)
{
	struct record rec = { 0 };
	struct mfa_why why = { "" };
	bool fits = false;

	fuzz_must(m->proved);
	/* An administrator may have removed them again. */
	if (m->fake.factors.len == 0)
		return;
	fuzz_must(!record_parse(buf_str(&m->fake.factors),
	    m->fake.factors.len, &rec, &why));
	for (size_t i = 0; i < rec.n; i++)
		fits |= rec.factor[i].kind == FACTOR_TOTP ||
		    (rec.factor[i].kind == FACTOR_PHONE &&
		    (!strcmp(rec.factor[i].phone.number, m->fake.to) ||
		    !strcmp(rec.factor[i].phone.number, MACHINE_NUMBER)));
	fuzz_must(fits);
	record_free(&rec);
	new_codes(m);
}

static void
granted(struct machine *m, const struct login_report *rep)
{
	struct machine_hit *hit = hit_of(m, rep->factor);
	bool now = !strcmp(rep->reason, "enrolled_now");

	fuzz_must(m->who.known && !m->again);
	fuzz_must(now || !strcmp(rep->reason, "right_code"));
	fuzz_must(!now || m->fake.saves > m->saves);
	if (m->factors.len > 0 && m->failures >= m->conf.limit.lock_after)
		fuzz_must(!strcmp(rep->factor, "app-eeee"));
	if (now) {
		fuzz_must(m->proved && (m->nhits > 0 || m->factors.len == 0 ||
		    !strstr(buf_str(&m->factors), "kind = t")));
		return;
	}
	fuzz_must(hit != NULL);
	used_up(m, hit);
}

void
machine_after(struct machine *m, const struct login_report *rep)
{
	const struct fake *f = &m->fake;

	if (!m->again)
		machine_kept(m);
	fuzz_must(f->begins == f->ends && f->breaches == 0);
	fuzz_must(!f->locked && !f->ledger_locked);
	fuzz_must(!fake_has(&f->log, MACHINE_NUMBER));
	fuzz_must(!fake_has(&f->transcript, MACHINE_NUMBER));
	fuzz_why(&rep->why);
	if (f->saves > m->saves)
		enrolled(m);
	else
		fuzz_must(f->factors.len == 0 || !strcmp(buf_str(&f->factors),
		    buf_str(&m->factors)));
	if (rep->verdict == MFA_EXEMPT)
		fuzz_must(m->who.known && (m->deadline ||
		    conf_exempts(&m->conf, m->who.service)));
	else if (rep->verdict == MFA_GRANTED)
		granted(m, rep);
	else
		fuzz_must(rep->verdict >= MFA_DENY_CONF &&
		    rep->verdict <= MFA_DENY_CONV);
}
