/* Frames: what is written is read, and nothing else is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/sending.h"

static const struct sending_request request = { .op = SENDING_SHOW,
    .kind = SENDING_VOICE, .dir = "/etc/mfa/senders", .state = "/var/lib/mfa",
    .senders = "one two", .run_as = "_mfa", .to = "+15550100",
    .extension = "12", .code = "123456",
    .text = "Your code, 3:abc,\n\xe3\x82\xb3: 123456", .language = "ja",
    .user = "alice", .service = "su", .rhost = "", .host = "h.example.com",
    .nonce = "00112233445566778899aabbccddeeff", .ttl = 300,
    .limit_ms = 10000 };

static void
put(const struct sending_request *q, struct buf *ret)
{
	*ret = (struct buf){ 0 };
	assert_int_equal(sending_put_request(q, ret), MFA_OK);
}

static void
request_travels(void **unused)
{
	struct sending_request q;
	struct mfa_why why = { "" };
	struct buf b, hold;

	(void)unused;
	put(&request, &b);
	assert_int_equal(sending_get_request(b.data, b.len, &q, &hold, &why),
	    MFA_OK);
	buf_wipe(&b);
	assert_int_equal(q.op, SENDING_SHOW);
	assert_int_equal(q.kind, SENDING_VOICE);
	assert_string_equal(q.dir, request.dir);
	assert_string_equal(q.state, request.state);
	assert_string_equal(q.senders, request.senders);
	assert_string_equal(q.run_as, request.run_as);
	assert_string_equal(q.to, request.to);
	assert_string_equal(q.extension, request.extension);
	assert_string_equal(q.code, request.code);
	assert_string_equal(q.text, request.text);
	assert_string_equal(q.language, request.language);
	assert_string_equal(q.user, request.user);
	assert_string_equal(q.service, request.service);
	assert_string_equal(q.rhost, "");
	assert_string_equal(q.host, request.host);
	assert_string_equal(q.nonce, request.nonce);
	assert_int_equal(q.ttl, 300);
	assert_int_equal(q.limit_ms, 10000);
	buf_wipe(&hold);
}

static void
answer_travels(void **unused)
{
	struct sending_answer a = { .class = SENDING_QUOTA, .provider = "one",
	    .id = "m-1", .reason = "no credit" }, got;
	struct mfa_why why = { "" };
	struct buf b = { 0 };

	(void)unused;
	assert_int_equal(buf_puts(&a.show, "POST /\nX: y\n"), MFA_OK);
	assert_int_equal(sending_put_answer(&a, &b), MFA_OK);
	assert_int_equal(sending_get_answer(b.data, b.len, &got, &why), MFA_OK);
	assert_false(got.handed_over);
	assert_int_equal(got.class, SENDING_QUOTA);
	assert_string_equal(got.provider, "one");
	assert_string_equal(got.id, "m-1");
	assert_string_equal(got.reason, "no credit");
	assert_string_equal(buf_str(&got.show), "POST /\nX: y\n");
	buf_wipe(&got.show);
	buf_wipe(&a.show);
	buf_wipe(&b);
	a = (struct sending_answer){ .handed_over = true };
	assert_int_equal(sending_put_answer(&a, &b), MFA_OK);
	assert_int_equal(sending_get_answer(b.data, b.len, &got, &why), MFA_OK);
	assert_true(got.handed_over);
	assert_string_equal(got.id, "");
	buf_wipe(&got.show);
	buf_wipe(&b);
}

static void
refused(void **unused)
{
	struct sending_answer a = { .handed_over = true, .provider = "one",
	    .reason = "of before" };
	char text[400] = "a\033b\n";

	(void)unused;
	memset(text + 4, 'x', sizeof(text) - 5);
	sending_refuse(&a, SENDING_QUOTA, text);
	assert_false(a.handed_over);
	assert_int_equal(a.class, SENDING_QUOTA);
	assert_int_equal(strlen(a.reason), sizeof(a.reason) - 1);
	assert_memory_equal(a.reason, "a?b?xxx", 7);
	assert_string_equal(a.provider, "one");
}

/* The answer comes from a process that reads what strangers say. */
static void
answer_is_printable(void **unused)
{
	struct sending_answer a = { .id = "a\033[2Jb\r\nc", .reason =
	    "\x7f\t" };
	struct sending_answer got;
	struct buf b = { 0 };

	(void)unused;
	assert_int_equal(buf_puts(&a.show, "a\033b\r\nc"), MFA_OK);
	assert_int_equal(sending_put_answer(&a, &b), MFA_OK);
	assert_int_equal(sending_get_answer(b.data, b.len, &got, NULL), MFA_OK);
	assert_string_equal(got.id, "a?[2Jb??c");
	assert_string_equal(got.reason, "??");
	assert_string_equal(buf_str(&got.show), "a?b?\nc");
	buf_wipe(&got.show);
	buf_wipe(&a.show);
	buf_wipe(&b);
}

static void
length_of_a_frame(void **unused)
{
	static const struct { const char *bytes; enum mfa_err r; size_t whole; }
	cases[] = {
		{ "", MFA_ENOENT, 0 }, { "1", MFA_ENOENT, 0 },
		{ "12345", MFA_ENOENT, 0 }, { "5:", MFA_OK, 8 },
		{ "0:,", MFA_OK, 3 }, { "65529:", MFA_OK, 65536 },
		{ "65530:", MFA_ERANGE, 0 }, { "99999:", MFA_ERANGE, 0 },
		{ "123456", MFA_ERANGE, 0 }, { "05:", MFA_ESYNTAX, 0 },
		{ ":", MFA_ESYNTAX, 0 }, { "-1:", MFA_ESYNTAX, 0 },
		{ " 1:", MFA_ESYNTAX, 0 }, { "1x", MFA_ESYNTAX, 0 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *s = cases[i].bytes;
		size_t whole = 0;

		if (sending_frame_len((const uint8_t *)s, strlen(s), &whole) !=
		    cases[i].r || whole != cases[i].whole)
			fail_msg("\"%s\"", s);
	}
}

/* An exact copy, so that a reader that goes too far is seen by asan. */
static enum mfa_err
read_request(const void *bytes, size_t len)
{
	struct sending_request q;
	struct buf hold = { 0 };
	uint8_t *copy = malloc(len > 0 ? len : 1);
	enum mfa_err r;

	memcpy(copy, bytes, len);
	r = sending_get_request(copy, len, &q, &hold, NULL);
	buf_wipe(&hold);
	free(copy);
	return r;
}

static void
cut_or_changed(void **unused)
{
	struct buf b;

	(void)unused;
	put(&request, &b);
	for (size_t i = 0; i < b.len; i++)
		if (!read_request(b.data, i))
			fail_msg("cut after %zu", i);
	/* A NUL is in no value; neither is the structure changed by one. */
	for (size_t i = 0; i < b.len; i++) {
		uint8_t was = b.data[i];

		b.data[i] = '\0';
		if (!read_request(b.data, b.len))
			fail_msg("NUL at %zu", i);
		b.data[i] = was;
	}
	assert_int_equal(read_request(b.data, b.len), MFA_OK);
	buf_wipe(&b);
}

static void
replaced(const char *from, const char *to)
{
	struct buf b;
	char *at;

	put(&request, &b);
	at = strstr((char *)b.data, from);
	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
	if (!read_request(b.data, b.len))
		fail_msg("%s", to);
	buf_wipe(&b);
}

static void
wrong_fields(void **unused)
{
	(void)unused;
	replaced("2:op,4:show", "2:op,4:shew");
	replaced("4:kind,5:voice", "4:kind,5:vOice");
	replaced("3:ttl,3:300", "3:ttl,3:3x0");
	replaced("3:ttl,3:300", "3:ttl,3:-30");
	replaced("8:limit_ms,5:10000", "8:limit_ms,5:x0000");
	replaced("8:limit_ms", "8:limit_xx");
	replaced("4:host", "4:code");	/* twice */
	replaced("2:op,4:show", "2:xx,4:show");
}

static void
too_long(void **unused)
{
	struct sending_request q = request;
	struct buf b = { 0 };
	char *text = calloc(1, SENDING_FRAME_MAX + 1);

	(void)unused;
	memset(text, 'x', SENDING_FRAME_MAX);
	q.text = text;
	assert_int_equal(sending_put_request(&q, &b), MFA_ERANGE);
	assert_int_equal(b.len, 0);
	text[SENDING_FRAME_MAX - 1000] = '\0';
	assert_int_equal(sending_put_request(&q, &b), MFA_OK);
	assert_int_equal(read_request(b.data, b.len), MFA_OK);
	buf_wipe(&b);
	q = request;
	q.limit_ms = 600001;
	assert_int_equal(sending_put_request(&q, &b), MFA_ERANGE);
	buf_wipe(&b);
	free(text);
}

static void
names(void **unused)
{
	(void)unused;
	assert_string_equal(sending_kind_name(SENDING_SMS), "sms");
	assert_string_equal(sending_kind_name(SENDING_VOICE), "voice");
	assert_string_equal(sending_class_name(SENDING_TRANSIENT), "transient");
	assert_string_equal(sending_class_name(SENDING_PERMANENT), "permanent");
	assert_string_equal(sending_class_name(SENDING_CONFIG), "config");
	assert_string_equal(sending_class_name(SENDING_QUOTA), "quota");
	assert_string_equal(sending_class_name(SENDING_UNKNOWN), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_travels),
		cmocka_unit_test(answer_travels),
		cmocka_unit_test(refused),
		cmocka_unit_test(answer_is_printable),
		cmocka_unit_test(length_of_a_frame),
		cmocka_unit_test(cut_or_changed),
		cmocka_unit_test(wrong_fields),
		cmocka_unit_test(too_long),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
