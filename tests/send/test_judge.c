/* Answers of providers, and what they mean. */
#include <stdlib.h>

#include "sample.h"

#define YES (-1)	/* handed over; else an enum sending_class */

static const struct {
	const char *profile;	/* of conf/senders */
	enum sending_kind kind;
	unsigned status;
	const char *body;
	int class;
	const char *text;	/* the id, or a part of the reason */
} answers[] = {
	{ "twilio", SENDING_SMS, 201, "{\"sid\":\"SM12\",\"status\":\"queued\","
	    "\"error_code\":null}", YES, "SM12" },
	{ "twilio", SENDING_SMS, 201, "{\"sid\":\"SM12\",\"error_code\":30003}",
	    SENDING_UNKNOWN, "HTTP 201" },
	{ "twilio", SENDING_SMS, 429, "{\"code\":20429,\"message\":\"Too many "
	    "requests\",\"status\":429}", SENDING_TRANSIENT,
	    "code 20429: Too many requests" },
	{ "twilio", SENDING_SMS, 400, "{\"code\":21211,\"message\":\"The 'To' "
	    "number +819000001234 is not valid\",\"status\":400}",
	    SENDING_PERMANENT,
	    "code 21211: The 'To' number +81********** is not valid" },
	{ "twilio", SENDING_SMS, 401, "{\"code\":20003,\"message\":"
	    "\"Authenticate\"}", SENDING_CONFIG, "20003: Authenticate" },
	{ "twilio", SENDING_SMS, 401, "", SENDING_CONFIG, "HTTP 401" },
	{ "twilio", SENDING_SMS, 500, "{\"code\":20500}", SENDING_UNKNOWN,
	    "20500" },
	{ "twilio", SENDING_SMS, 503, "<html>", SENDING_TRANSIENT, "503" },
	{ "twilio", SENDING_SMS, 302, "", SENDING_CONFIG, "HTTP 302" },
	{ "twilio", SENDING_VOICE, 201, "{\"sid\":\"CA1\"}", YES, "CA1" },
	/* Cut off, twice the same name, too deep: no clear answer. */
	{ "twilio", SENDING_SMS, 201, "{\"sid\":\"SM12\",\"err",
	    SENDING_UNKNOWN, "HTTP 201" },
	{ "twilio", SENDING_SMS, 201, "{\"error_code\":1,\"error_code\":null}",
	    SENDING_UNKNOWN, "HTTP 201" },
	{ "vonage", SENDING_SMS, 200, "{\"message-count\":\"1\",\"messages\":[{"
	    "\"status\":\"0\",\"message-id\":\"0A0000000123ABCD1\"}]}", YES,
	    "0A0000000123ABCD1" },
	/* 0 is not "0". */
	{ "vonage", SENDING_SMS, 200, "{\"messages\":[{\"status\":0}]}",
	    SENDING_UNKNOWN, "code 0" },
	{ "vonage", SENDING_SMS, 200, "{\"messages\":[{\"status\":\"1\","
	    "\"error-text\":\"Throttled\"}]}", SENDING_TRANSIENT, "Throttled" },
	{ "vonage", SENDING_SMS, 200, "{\"messages\":[{\"status\":\"4\"}]}",
	    SENDING_CONFIG, "code 4" },
	{ "vonage", SENDING_SMS, 200, "{\"messages\":[{\"status\":\"5\"}]}",
	    SENDING_UNKNOWN, "code 5" },
	{ "vonage", SENDING_SMS, 200, "{\"messages\":[{\"status\":\"9\"}]}",
	    SENDING_QUOTA, "code 9" },
	{ "vonage", SENDING_SMS, 200, "{\"messages\":[]}", SENDING_UNKNOWN,
	    "HTTP 200" },
	{ "aws-sns", SENDING_SMS, 200, "<PublishResponse xmlns=\"http://sns."
	    "amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>94f20"
	    "ce6-13c5</MessageId></PublishResult><ResponseMetadata/>"
	    "</PublishResponse>", YES, "94f20ce6-13c5" },
	{ "aws-sns", SENDING_SMS, 400, "<ErrorResponse><Error><Type>Sender"
	    "</Type><Code>Throttling</Code><Message>Rate exceeded</Message>"
	    "</Error></ErrorResponse>", SENDING_TRANSIENT,
	    "code Throttling: Rate exceeded" },
	{ "aws-sns", SENDING_SMS, 403, "<ErrorResponse><Error><Code>Signature"
	    "DoesNotMatch</Code></Error></ErrorResponse>", SENDING_CONFIG,
	    "SignatureDoesNotMatch" },
	/* Entities are not for answers; and half of XML is none. */
	{ "aws-sns", SENDING_SMS, 200, "<!DOCTYPE a [<!ENTITY b \"c\">]>"
	    "<PublishResponse><PublishResult><MessageId>&b;</MessageId>"
	    "</PublishResult></PublishResponse>", SENDING_UNKNOWN, "200" },
	{ "aws-sns", SENDING_SMS, 200, "<PublishResponse><PublishResult>"
	    "<MessageId>1</MessageId></PublishResult>", SENDING_UNKNOWN,
	    "200" },
	{ "aws-eum", SENDING_SMS, 200, "{\"MessageId\":\"abc\"}", YES, "abc" },
	{ "aws-eum", SENDING_VOICE, 400, "{\"__type\":\"com.amazonaws.sms#"
	    "ThrottlingException\",\"Message\":\"slow down\"}",
	    SENDING_TRANSIENT, "code ThrottlingException: slow down" },
	{ "aws-eum", SENDING_SMS, 400, "{\"__type\":\"ServiceQuotaExceeded"
	    "Exception\"}", SENDING_QUOTA, "ServiceQuota" },
	{ "telnyx", SENDING_SMS, 200, "{\"data\":{\"id\":\"40385f64\"}}", YES,
	    "40385f64" },
	{ "telnyx", SENDING_SMS, 422, "{\"errors\":[{\"code\":\"40310\","
	    "\"title\":\"Invalid 'to'\"}]}", SENDING_PERMANENT,
	    "40310: Invalid 'to'" },
	{ "plivo", SENDING_SMS, 202, "{\"message_uuid\":[\"db3c\"]}", YES,
	    "db3c" },
	{ "plivo", SENDING_SMS, 202, "{\"error\":\"x\"}", SENDING_UNKNOWN,
	    "x" },
	{ "messagebird", SENDING_SMS, 201, "{\"id\":\"e8077d80\"}", YES,
	    "e8077d80" },
	{ "messagebird", SENDING_VOICE, 401, "{\"errors\":[{\"code\":2,"
	    "\"description\":\"Request not allowed\"}]}", SENDING_CONFIG,
	    "code 2: Request not allowed" },
	{ "sinch", SENDING_SMS, 201, "{\"id\":\"01FC\"}", YES, "01FC" },
	{ "sinch", SENDING_SMS, 400, "{\"code\":\"syntax_invalid_parameter_"
	    "format\",\"text\":\"bad\"}", SENDING_PERMANENT, "format: bad" },
	{ "sinch", SENDING_VOICE, 200, "{\"callId\":\"1234abc\"}", YES,
	    "1234abc" },
	{ "infobip", SENDING_SMS, 200, "{\"messages\":[{\"messageId\":\"2250\","
	    "\"status\":{\"groupName\":\"PENDING\"}}]}", YES, "2250" },
	{ "infobip", SENDING_SMS, 200, "{\"messages\":[{\"messageId\":\"2250\","
	    "\"status\":{\"groupName\":\"REJECTED\",\"description\":\"no "
	    "route\"}}]}", SENDING_PERMANENT, "REJECTED: no route" },
	{ "infobip", SENDING_VOICE, 429, "{\"requestError\":{\"service"
	    "Exception\":{\"messageId\":\"TOO_MANY_REQUESTS\",\"text\":"
	    "\"slow\"}}}", SENDING_TRANSIENT, "TOO_MANY_REQUESTS: slow" },
	{ "infobip", SENDING_SMS, 400, "{\"errorCode\":\"E400\",\"description"
	    "\":\"Request cannot be processed\"}", SENDING_PERMANENT,
	    "E400: Request cannot" },
	{ "clicksend", SENDING_SMS, 200, "{\"response_code\":\"SUCCESS\","
	    "\"data\":{\"messages\":[{\"message_id\":\"BF7A\",\"status\":"
	    "\"SUCCESS\"}]}}", YES, "BF7A" },
	{ "clicksend", SENDING_SMS, 200, "{\"response_code\":\"SUCCESS\","
	    "\"data\":{\"messages\":[{\"status\":\"INSUFFICIENT_CREDIT\"}]}}",
	    SENDING_QUOTA, "INSUFFICIENT_CREDIT" },
	{ "46elks", SENDING_SMS, 200, "{\"status\":\"created\",\"id\":"
	    "\"s17a\"}", YES, "s17a" },
	{ "46elks", SENDING_SMS, 403, "Not enough credits\n", SENDING_CONFIG,
	    "HTTP 403: Not enough credits" },
	{ "ovh", SENDING_SMS, 200, "{\"ids\":[27814656],\"invalidReceivers\":"
	    "[]}", YES, "27814656" },
	{ "ovh", SENDING_SMS, 200, "{\"ids\":[],\"invalidReceivers\":"
	    "[\"+819000001234\"]}", SENDING_PERMANENT, "code +81******" },
	{ "smsapi", SENDING_SMS, 200, "{\"count\":1,\"list\":[{\"id\":\"609D\","
	    "\"status\":\"QUEUE\"}]}", YES, "609D" },
	{ "smsapi", SENDING_SMS, 200, "{\"message\":\"No correct numbers\","
	    "\"error\":13,\"invalid_numbers\":[]}", SENDING_PERMANENT,
	    "code 13: No correct numbers" },
	{ "smsapi", SENDING_SMS, 200, "{\"error\":{\"x\":1},\"list\":[{\"id\":"
	    "\"1\"}]}", SENDING_UNKNOWN, "200" },
	{ "kannel", SENDING_SMS, 202, "0: Accepted for delivery", YES, "" },
	{ "kannel", SENDING_SMS, 202, "3: Queued for later delivery\r\n", YES,
	    "" },
	{ "kannel", SENDING_SMS, 202, "Sent.", SENDING_UNKNOWN, "Sent." },
	{ "kannel", SENDING_SMS, 403, "Authorization failed for sendsms",
	    SENDING_CONFIG, "Authorization failed for sendsms" },
	{ "kannel", SENDING_SMS, 400, "Missing receiver number, rejected",
	    SENDING_PERMANENT, "Missing receiver" },
	{ "kannel", SENDING_SMS, 503, "Temporal failure, try again later.",
	    SENDING_TRANSIENT, "Temporal" },
	{ "karaden", SENDING_SMS, 200, "{\"id\":\"82bdf9de\",\"object\":"
	    "\"message\"}", YES, "82bdf9de" },
	{ "media4u", SENDING_SMS, 200, "200\r\n4711\r\n", YES, "4711" },
	{ "media4u", SENDING_SMS, 200, "402\n", SENDING_UNKNOWN, "code 402" },
	{ "ntfy", SENDING_SMS, 200, "{\"id\":\"sPs71M8A2T\",\"event\":"
	    "\"message\"}", YES, "sPs71M8A2T" },
	{ "ntfy", SENDING_SMS, 429, "{\"code\":42908,\"http\":429,\"error\":"
	    "\"limit reached: daily message quota\"}", SENDING_QUOTA,
	    "code 42908: limit reached" },
	{ "gotify", SENDING_SMS, 200, "{\"id\":25,\"appid\":5}", YES, "25" },
	{ "gotify", SENDING_SMS, 401, "{\"error\":\"Unauthorized\",\"errorCode"
	    "\":401,\"errorDescription\":\"no key\"}", SENDING_CONFIG,
	    "no key" },
	{ "webhook", SENDING_VOICE, 202, "{\"id\":\"7\"}", YES, "7" },
	{ "webhook", SENDING_SMS, 200, "", YES, "" },
	{ "webhook", SENDING_SMS, 402, "", SENDING_QUOTA, "HTTP 402" },
	/* A key, quoted back, is not passed on. */
	{ "webhook", SENDING_SMS, 400, "{\"message\":\"Bearer zK+/=webhook."
	    "token is unknown, text 102938\"}", SENDING_PERMANENT,
	    "HTTP 400: Bearer ****************** is unknown, text ******" },
};

static struct profile *
load(const char *name, enum sending_kind kind)
{
	struct buf text = { 0 };
	struct mfa_why why = { "" };
	struct profile *p;
	char path[128];

	snprintf(path, sizeof(path), "conf/senders/%s.conf", name);
	sample_file(path, &text);
	if (sample_load(buf_str(&text), kind, &p, &why))
		fail_msg("%s: %s", name, why.text);
	buf_wipe(&text);
	return p;
}

static void
judge(const struct profile *p, struct http_response *h, const char *body,
    size_t len, struct sending_answer *ret)
{
	struct sending_request req = sample_request(SENDING_SMS, "en");

	h->body = (struct buf){ 0 };
	assert_int_equal(buf_put(&h->body, body, len), MFA_OK);
	*ret = (struct sending_answer){ .provider = "asked" };
	profile_judge(p, &req, h, ret);
	assert_string_equal(ret->provider, "asked");
	buf_wipe(&h->body);
}

static void
table(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		struct profile *p = load(answers[i].profile, answers[i].kind);
		struct http_response h = { .outcome = HTTP_ANSWERED,
		    .status = answers[i].status };
		struct sending_answer a;

		judge(p, &h, answers[i].body, strlen(answers[i].body), &a);
		if (a.handed_over != (answers[i].class == YES) ||
		    (!a.handed_over && (int)a.class != answers[i].class))
			fail_msg("row %zu, %s, %s: handed over %d, class %s: "
			    "%s", i, answers[i].profile, answers[i].body,
			    a.handed_over, sending_class_name(a.class),
			    a.reason);
		if (a.handed_over ? strcmp(a.id, answers[i].text) != 0 :
		    strstr(a.reason, answers[i].text) == NULL)
			fail_msg("row %zu: id \"%s\", reason \"%s\"", i, a.id,
			    a.reason);
		profile_free(p);
	}
}

/* Nobody was reached, somebody else was, or nobody knows. */
static void
no_answer(void **unused)
{
	static const struct { enum http_outcome o; enum sending_class c; }
	    row[] = { { HTTP_NOT_SENT, SENDING_TRANSIENT },
	    { HTTP_UNTRUSTED, SENDING_CONFIG },
	    { HTTP_UNCLEAR, SENDING_UNKNOWN } };
	struct profile *p = load("twilio", SENDING_SMS);
	struct sending_answer a;

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		/* What was left in the response counts for nothing. */
		struct http_response h = { .outcome = row[i].o, .status = 201,
		    .reason = "no route" };

		judge(p, &h, "{\"sid\":\"SM1\"}", 13, &a);
		assert_false(a.handed_over);
		assert_int_equal(a.class, row[i].c);
		assert_string_equal(a.reason, "no route");
	}
	profile_free(p);
}

/* "*" is for those that are named nowhere, in whatever list it stands. */
static void
other_codes(void **unused)
{
	static const struct { const char *body; enum sending_class class; }
	    row[] = { { "{\"c\":9}", SENDING_QUOTA },
	    { "{\"c\":10}", SENDING_CONFIG },
	    { "{\"c\":11}", SENDING_TRANSIENT },
	    { "{\"c\":\"\"}", SENDING_TRANSIENT }, { "{}", SENDING_UNKNOWN } };
	struct http_response h = { .outcome = HTTP_ANSWERED, .status = 500 };
	struct sending_answer a;
	struct mfa_why why = { "" };
	struct profile *p;

	(void)unused;
	assert_int_equal(sample_load(SAMPLE_SMS "error_code = /c\n"
	    "transient_code = *\nquota_code = 8\nquota_code = 9\n"
	    "config_code = 10\n", SENDING_SMS, &p, &why), MFA_OK);
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		judge(p, &h, row[i].body, strlen(row[i].body), &a);
		assert_int_equal(a.class, row[i].class);
	}
	profile_free(p);
}

/* rule, body, does it hold? */
static const struct {
	const char *rule, *body;
	bool holds;
} rules[] = {
	{ "/a/b == \"c\"", "{\"a\":{\"b\":\"c\"}}", true },
	{ "/a/b == \"c\"", "{\"a\":{\"b\":\"d\"}}", false },
	{ "/a~1b~0 == 1", "{\"a/b~\":1}", true },
	{ "/a~1b~0 == 1", "{\"a/b\":1}", false },
	{ "/ == 1", "{\"\":1}", true },
	{ "/1 == true", "[false,true]", true },
	{ "/2 == true", "[false,true]", false },
	{ "/-1 == true", "[true]", false },
	{ "/0x == true", "[true]", false },
	{ "/a == null", "{\"a\":null}", true },
	{ "/a == null", "{}", false },
	{ "/a == 1.5", "{\"a\":1.5}", true },
	{ "/a != 1", "{\"a\":2}", true },
	{ "/a != 1", "{\"a\":1}", false },
	{ "/a != 1", "{}", true },
	{ "/a present", "{\"a\":[]}", true },
	{ "/a present", "{\"a\":null}", false },
	{ "/a absent", "{\"a\":null}", true },
	{ "/a absent", "{\"a\":{}}", false },
	{ "/a absent", "{\"b\":1}", true },
	{ "/a absent", "not JSON", false },
	{ "/a absent", "", false },
	{ "/a != 1", "[", false },
	{ "/a starts \"ab\"", "{\"a\":\"abc\"}", true },
	{ "/a starts \"ab\"", "{\"a\":\"ba\"}", false },
	{ "/a ~ ^[0-9]+$", "{\"a\":123}", true },
	{ "/a ~ ^[0-9]+$", "{\"a\":\"12x\"}", false },
	{ "line 1 == \"OK\"", "OK\r\n", true },
	{ "line 1 == \"OK\"", "OK 1\n", false },
	{ "line 2 present", "OK\n", false },
	{ "line 2 absent", "OK\n", true },
	{ "line 2 == \"\"", "OK\n\nx", true },
	{ "line 1 != \"ERR\"", "OK", true },
	{ "line 1 starts \"ERR\"", "ERR: no", true },
	{ "<a/b> == \"x\"", "<r><a><b>x</b></a></r>", true },
	{ "<a/b> == \"x\"", "<r><ca><b>x</b></ca></r>", false },
	{ "<b> == \"x\"", "<r><b>x</b><b>y</b></r>", true },
	{ "<b> == \"xyz\"", "<r><b>x<i>y</i>z</b></r>", true },
	{ "<b> == \"<&>\"", "<b>&lt;&amp;&gt;</b>", true },
	{ "<b> absent", "<r/>", true },
	{ "<b> absent", "<r>", false },
	{ "<b> absent", "plain", false },
};

static void
rule(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		struct http_response h = { .outcome = HTTP_ANSWERED,
		    .status = 200 };
		struct sending_answer a;
		struct mfa_why why = { "" };
		struct profile *p;
		char text[256];

		snprintf(text, sizeof(text), SAMPLE_SMS "ok = %s\n",
		    rules[i].rule);
		if (sample_load(text, SENDING_SMS, &p, &why))
			fail_msg("%s", why.text);
		judge(p, &h, rules[i].body, strlen(rules[i].body), &a);
		if (a.handed_over != rules[i].holds)
			fail_msg("row %zu: %s on %s", i, rules[i].rule,
			    rules[i].body);
		profile_free(p);
	}
}

/* 64 KiB of what a hostile server may say: an answer, and soon. */
static void
at57_hostile(void **unused)
{
	static const struct { const char *lines, *unit; } row[] = {
		{ "id = /0\n", "[" }, { "id = /a\n", "{\"a\":" },
		{ "id = <a>\n", "<a>" }, { "id = line 9\n", "\n" },
		{ "id = line 1\n", "\xff" }, { "id = line 1\n", "" },
	};
	struct http_response h = { .outcome = HTTP_ANSWERED, .status = 200 };

	(void)unused;
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		size_t unit = strlen(row[i].unit) ? strlen(row[i].unit) : 1;
		char *body = malloc(HTTP_ANSWER_MAX), text[256];
		struct sending_answer a;
		struct mfa_why why = { "" };
		struct profile *p;

		assert_non_null(body);
		memset(body, 0, HTTP_ANSWER_MAX);	/* the last row: NULs */
		for (size_t j = 0; j + unit <= HTTP_ANSWER_MAX; j += unit)
			memcpy(body + j, row[i].unit, unit);
		snprintf(text, sizeof(text), SAMPLE_SMS "%s", row[i].lines);
		assert_int_equal(sample_load(text, SENDING_SMS, &p, &why),
		    MFA_OK);
		judge(p, &h, body, HTTP_ANSWER_MAX, &a);
		assert_true(a.handed_over);
		assert_true(strlen(a.id) < sizeof(a.id));
		profile_free(p);
		free(body);
	}
}

/* A name that is too long ends it, and its own end tag is told all the same. */
static void
at57_long_name(void **unused)
{
	struct http_response h = { .outcome = HTTP_ANSWERED, .status = 200 };
	char body[1600], a[513], b[524];
	struct sending_answer ans;
	struct mfa_why why = { "" };
	struct profile *p;

	(void)unused;
	memset(a, 'a', sizeof(a) - 1);
	memset(b, 'b', sizeof(b) - 1);
	a[sizeof(a) - 1] = b[sizeof(b) - 1] = '\0';
	snprintf(body, sizeof(body), "<%s><%s/></%s>", a, b, a);
	assert_int_equal(sample_load(SAMPLE_SMS "ok = <x> absent\n",
	    SENDING_SMS, &p, &why), MFA_OK);
	judge(p, &h, body, strlen(body), &ans);
	assert_false(ans.handed_over);
	profile_free(p);
}

/* An id is for a log: one line, nothing in it that moves a terminal. */
static void
clean(void **unused)
{
	static const char id[] = "{\"i\":\"a\\nb\\u001b[31m\",\"o\":1}";
	static const char error[] = "{\"e\":\"x\\r\\ny\"}";
	struct http_response h = { .outcome = HTTP_ANSWERED, .status = 200 };
	struct sending_answer a;
	struct mfa_why why = { "" };
	struct profile *p;

	(void)unused;
	assert_int_equal(sample_load(SAMPLE_SMS "id = /i\nok = /o present\n"
	    "error_text = /e\n", SENDING_SMS, &p, &why), MFA_OK);
	judge(p, &h, id, strlen(id), &a);
	assert_string_equal(a.id, "a?b?[31m");
	judge(p, &h, error, strlen(error), &a);
	assert_string_equal(a.reason, "HTTP 200: x??y");
	profile_free(p);
}

#define LONG "a_secret_of_over_64_bytes_abcdefghijklmnopqrstuvwxyz_0123456789"
#define STARS "**********************************" \
    "**********************************"

/*
 * What is said of +81 90 0000 1234, 102938 and the secret "zK+/=" LONG: as an
 * id, and as the code and the words of an error.
 */
static const struct { const char *said, *id, *reason; } quoted[] = {
	{ "to 090-0000-1234", "to 0**-****-****",
	    "HTTP 200, code to 0**-****-****: to 0**-****-****" },
	{ "+81 90 0000 1234", "+81 ** **** ****",
	    "HTTP 200, code +81 ** **** ****: +81 ** **** ****" },
	{ "+81 (0)90.0000.1234", "+81 (0)**.****.****",
	    "HTTP 200, code +81 (0)**.****.****: +81 (0)**.****.****" },
	{ "009000001234", "00**********",
	    "HTTP 200, code 00**********: 00**********" },
	{ "102 938", "*** ***", "HTTP 200, code *** ***: *** ***" },
	{ "1, 0, 2, 9, 3, 8", "*, *, *, *, *, *",
	    "HTTP 200, code *, *, *, *, *, *: *, *, *, *, *, *" },
	{ "a-102938-27814656", "a-******-27814656",
	    "HTTP 200, code a-******-********: a-******-********" },
	{ "1029 of 38, 10293", "1029 of 38, 10293",
	    "HTTP 200, code 1029 of 38, 10293: 1029 of 38, 10293" },
	{ "zK+/=" LONG, STARS, "HTTP 200, code " STARS ": " STARS },
};

static void
hidden(void **unused)
{
	struct http_response h = { .outcome = HTTP_ANSWERED, .status = 200 };
	struct sending_answer a;
	struct mfa_why why = { "" };
	struct profile *p;

	(void)unused;
	assert_int_equal(sample_load("[secret]\nk = file:/s/" LONG "\n"
	    SAMPLE_SMS "ok = /i present\nid = /i\nerror_code = /e\n"
	    "error_text = /e\n", SENDING_SMS, &p, &why), MFA_OK);
	for (size_t i = 0; i < sizeof(quoted) / sizeof(*quoted); i++) {
		char body[256];

		snprintf(body, sizeof(body), "{\"i\":\"%s\"}",
		    quoted[i].said);
		judge(p, &h, body, strlen(body), &a);
		assert_string_equal(a.id, quoted[i].id);
		body[2] = 'e';
		judge(p, &h, body, strlen(body), &a);
		assert_string_equal(a.reason, quoted[i].reason);
	}
	profile_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(table),
	    cmocka_unit_test(no_answer),
	    cmocka_unit_test(other_codes), cmocka_unit_test(rule),
	    cmocka_unit_test(at57_hostile),
	    cmocka_unit_test(at57_long_name), cmocka_unit_test(clean),
	    cmocka_unit_test(hidden) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
