/* The ledger of what was sent, and that nothing is sent over a limit. */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/quota.h"
#include "fuzz.h"

static const struct mfa_time now = { .real = 1790000100, .boot_ms = 4811000,
    .boot_id = "boot-1" };

static void
again(const struct quota *q)
{
	struct mfa_why why = { "" };
	struct buf text = { 0 };
	struct quota back = { 0 };

	fuzz_must(!quota_format(q, &now, &text));
	fuzz_must(!quota_parse(buf_str(&text), text.len, &now, &back, &why));
	fuzz_must(back.n == q->n);
	for (size_t i = 0; i < q->n; i++) {
		fuzz_must(q->sent[i].age < QUOTA_DAY);
		fuzz_must(back.sent[i].age == q->sent[i].age);
		fuzz_must(back.sent[i].way == q->sent[i].way);
		fuzz_must(back.sent[i].proof == q->sent[i].proof);
		fuzz_must(!strcmp(back.sent[i].number, q->sent[i].number));
		fuzz_must(!strcmp(back.sent[i].user, q->sent[i].user));
	}
	quota_free(&back);
	buf_wipe(&text);
}

static unsigned
count(const struct quota *q, const char *user, uint64_t within)
{
	unsigned n = 0;

	for (size_t i = 0; i < q->n; i++)
		n += !q->sent[i].refused && q->sent[i].age < within &&
		    (user == NULL || !strcmp(q->sent[i].user, user));
	return n;
}

static void
send_more(struct quota *q)
{
	const struct conf_quota limit = { .resend_after = 30, .user_hourly = 5,
	    .user_daily = 10, .number_burst = 3, .call_every = 60,
	    .range_daily = 20, .host_hourly = 20, .host_daily = 40 };
	struct quota_sent s = { .way = SENDING_SMS };
	struct quota_answer a;
	size_t n = q->n;

	memcpy(s.number, "+819000001234", sizeof("+819000001234"));
	memcpy(s.user, "alice", sizeof("alice"));
	for (unsigned i = 0; i < 8; i++) {
		s.way = i % 2 ? SENDING_VOICE : SENDING_SMS;
		s.proof = i % 4 == 3;
		quota_check(&limit, q, &s, &a);
		fuzz_must((a.verdict == QUOTA_GO) == (a.key == NULL));
		fuzz_must(a.verdict != QUOTA_WAIT || a.wait >= 1);
		(void)quota_alert(&limit, q, &s);
		if (a.verdict != QUOTA_GO || quota_charge(q, &s))
			continue;
		fuzz_must(q->n == n + 1);
		fuzz_must(count(q, "alice", 3600) <= limit.user_hourly);
		fuzz_must(count(q, "alice", QUOTA_DAY) <= limit.user_daily);
		fuzz_must(count(q, NULL, 3600) <= limit.host_hourly);
		fuzz_must(count(q, NULL, QUOTA_DAY) <= limit.host_daily);
		if (i % 3 == 0)
			quota_refund(q, &s);
		/* One that was refused stays, and is counted no more. */
		fuzz_must(q->n == n + 1);
		fuzz_must(q->sent[n].refused == (i % 3 == 0));
		n = q->n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = fuzz_bytes(data, len);
	struct mfa_why why = { "" };
	struct quota q = { 0 };

	if (!quota_parse(text, len, &now, &q, &why)) {
		again(&q);
		send_more(&q);
	}
	fuzz_why(&why);
	quota_free(&q);
	free(text);
	return 0;
}
