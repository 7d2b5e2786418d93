/* What became of a code: the words for the person, the line for the log. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../../pam_mfa/core/delivery.h"

static const struct way sms = { .factor = "phone-aaaa", .kind = SENDING_SMS,
    .to = "+81 ********34" };
static const struct way call = { .factor = "phone-aaaa",
    .kind = SENDING_VOICE, .to = "+81 ********34" };

static void
words(void **unused)
{
	static const struct {
		struct delivery d;
		const struct way *way;
		const char *words;
	} rows[] = {
		{ { .outcome = DELIVERY_SENT }, &sms,
		    "A code was sent by SMS to +81 ********34. " },
		{ { .outcome = DELIVERY_SENT }, &call,
		    "+81 ********34 is being called: the voice says a code. " },
		{ { .outcome = DELIVERY_EARLIER, .wait = 12 }, &sms,
		    "The code sent by SMS to +81 ********34 a moment ago is "
		    "still good; a new one can be sent in 12 seconds. " },
		{ { .outcome = DELIVERY_UNCLEAR }, &call,
		    "The call to +81 ********34 may or may not come: the "
		    "provider did not answer. Wait a minute for it. " },
		{ { .outcome = DELIVERY_REFUSED,
		    .answer.class = SENDING_PERMANENT }, &sms,
		    "No SMS to +81 ********34: the provider does not reach "
		    "this number. " },
		{ { .outcome = DELIVERY_REFUSED,
		    .answer.class = SENDING_QUOTA }, &call,
		    "No call to +81 ********34: the provider's limit is "
		    "reached; tell your administrator. " },
		{ { .outcome = DELIVERY_REFUSED,
		    .answer.class = SENDING_CONFIG }, &sms,
		    "No SMS to +81 ********34: this host's provider is not set "
		    "up right; tell your administrator. " },
		{ { .outcome = DELIVERY_REFUSED,
		    .answer.class = SENDING_TRANSIENT }, &sms,
		    "No SMS to +81 ********34: the provider cannot be reached "
		    "now; try again in a minute. " },
		{ { .outcome = DELIVERY_WAIT, .wait = 3000 }, &sms,
		    "No SMS now: the next can be sent in 50 minutes. " },
		{ { .outcome = DELIVERY_HOST }, &call,
		    "No call: this host has sent as many as it may for now. "
		    "Use another way, or tell your administrator. " },
		{ { .outcome = DELIVERY_FAULT }, &sms,
		    "No SMS: a fault of this host, not yours. Use another way, "
		    "or ask your administrator for: mfactl check. " },
		{ { .outcome = DELIVERY_NOWHERE }, &sms,
		    "No SMS: this host sends no codes to numbers like "
		    "+81 ********34. Use another way, or tell your "
		    "administrator. " },
	};
	char dst[DELIVERY_WORDS_MAX];

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(delivery_words(&rows[i].d, rows[i].way,
		    LANGUAGE_EN, dst), rows[i].words);
}

static void
line(void **unused)
{
	static const struct otc_door door = { "alice", "sshd", "host" };
	static const struct {
		struct delivery d;
		const char *line;
	} rows[] = {
		{ { .outcome = DELIVERY_SENT, .answer = { .handed_over = true,
		    .provider = "kannel", .id = "id-7" } }, "event=send "
		    "outcome=sent user=alice service=sshd method=sms "
		    "factor=phone-aaaa to=+81********34 provider=kannel "
		    "id=id-7 class=- limit=- reason=-" },
		{ { .outcome = DELIVERY_REFUSED, .answer = {
		    .class = SENDING_QUOTA, .provider = "kannel",
		    .reason = "402 no\ncredit" } }, "event=send "
		    "outcome=refused user=alice service=sshd method=sms "
		    "factor=phone-aaaa to=+81********34 provider=kannel id=- "
		    "class=quota limit=- reason=402?no?credit" },
		{ { .outcome = DELIVERY_WAIT, .key = "user_hourly" },
		    "event=send outcome=wait user=alice service=sshd "
		    "method=sms factor=phone-aaaa to=+81********34 provider=- "
		    "id=- class=- limit=user_hourly reason=-" },
	};
	char dst[DELIVERY_LINE_MAX];

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(delivery_line(&rows[i].d, &sms, &door, dst),
		    rows[i].line);
}

/* Whatever a provider or a client says, it is one line, and it is all there. */
static void
hostile_line(void **unused)
{
	static struct delivery d = { .outcome = DELIVERY_UNCLEAR,
	    .answer.class = SENDING_UNKNOWN };
	char name[300], dst[DELIVERY_LINE_MAX];
	const struct otc_door door = { name, name, name };

	(void)unused;
	memset(name, '\n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memset(d.answer.provider, '=', sizeof(d.answer.provider) - 1);
	memset(d.answer.id, '\033', sizeof(d.answer.id) - 1);
	memset(d.answer.reason, '%', sizeof(d.answer.reason) - 1);
	delivery_line(&d, &sms, &door, dst);
	for (const char *p = dst; *p; p++)
		assert_in_range((unsigned char)*p, ' ', 0x7e);
	assert_non_null(strstr(dst, " reason=????"));
	assert_true(strlen(dst) + 1 < sizeof(dst));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(line),
		cmocka_unit_test(hostile_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
