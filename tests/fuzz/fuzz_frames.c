/* The frames to and from mfa-send: read, written, read: the same. */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/delivery.h"
#include "../../pam_mfa/core/sending.h"
#include "fuzz.h"

static void
request(const uint8_t *frame, size_t len)
{
	struct buf hold = { 0 }, again = { 0 }, text = { 0 }, same = { 0 };
	struct sending_request req, back;
	struct mfa_why why = { "" };

	if (!sending_get_request(frame, len, &req, &hold, &why)) {
		fuzz_must(!sending_put_request(&req, &text));
		fuzz_must(text.len <= SENDING_FRAME_MAX);
		fuzz_must(!sending_get_request(text.data, text.len, &back,
		    &again, &why));
		fuzz_must(!strcmp(req.to, back.to));
		fuzz_must(!strcmp(req.code, back.code));
		fuzz_must(!strcmp(req.text, back.text));
		fuzz_must(req.ttl == back.ttl && req.op == back.op);
		fuzz_must(!sending_put_request(&back, &same));
		fuzz_must(text.len == same.len &&
		    !memcmp(text.data, same.data, same.len));
	}
	fuzz_why(&why);
	buf_wipe(&hold);
	buf_wipe(&again);
	buf_wipe(&text);
	buf_wipe(&same);
}

/* What becomes of it for a person, and in the log: one line each. */
static void
told(const struct sending_answer *a)
{
	const struct otc_door door = { "alice", "sshd", "host" };
	const struct way way = { .to = "+81 ********78" };
	char words[DELIVERY_WORDS_MAX], line[DELIVERY_LINE_MAX];
	struct delivery d = { .answer = *a, .wait = 61 };

	for (int o = DELIVERY_SENT; o <= DELIVERY_NOWHERE; o++) {
		d.outcome = (enum delivery_outcome)o;
		for (int l = LANGUAGE_EN; l <= LANGUAGE_JA; l++) {
			delivery_words(&d, &way, (enum language)l, words);
			fuzz_must(*words && !strpbrk(words, "\r\n\033"));
		}
		delivery_line(&d, &way, &door, line);
		fuzz_must(strlen(line) < sizeof(line) &&
		    !strpbrk(line, "\r\n\033"));
	}
}

static void
answer(const uint8_t *frame, size_t len)
{
	struct sending_answer a = { 0 }, back = { 0 };
	struct buf text = { 0 }, same = { 0 };
	struct mfa_why why = { "" };

	if (!sending_get_answer(frame, len, &a, &why)) {
		fuzz_must(!sending_put_answer(&a, &text));
		fuzz_must(!sending_get_answer(text.data, text.len, &back,
		    &why));
		told(&a);
		fuzz_must(a.handed_over == back.handed_over);
		fuzz_must(a.handed_over || a.class == back.class);
		fuzz_must(!strcmp(a.reason, back.reason));
		fuzz_must(!strcmp(a.id, back.id));
		fuzz_must(!sending_put_answer(&back, &same));
		fuzz_must(text.len == same.len &&
		    !memcmp(text.data, same.data, same.len));
	}
	fuzz_why(&why);
	buf_wipe(&a.show);
	buf_wipe(&back.show);
	buf_wipe(&text);
	buf_wipe(&same);
}

/* More bytes never change what the first ones said. */
static void
length(const uint8_t *frame, size_t len)
{
	size_t whole = 0, first = 0;

	for (size_t n = 0; n <= len && n < 16; n++) {
		enum mfa_err r = sending_frame_len(frame, n, &whole);

		if (r == MFA_ENOENT)
			fuzz_must(first == 0);
		if (r)
			continue;
		fuzz_must(whole > 0 && whole <= SENDING_FRAME_MAX);
		fuzz_must(first == 0 || first == whole);
		first = whole;
	}
}

/*
 * A frame; or, so that fields are reached without counting bytes, lines
 * "name=value" from which one is made.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	struct buf pairs = { 0 }, frame = { 0 };
	uint8_t *bytes = fuzz_bytes(data, len);

	length(bytes, len);
	request(bytes, len);
	answer(bytes, len);
	while (in.left > 0) {
		char *name = fuzz_part(&in, "="), *value = fuzz_line(&in);

		fuzz_must(!buf_printf(&pairs, "%zu:%s,%zu:%s,", strlen(name),
		    name, strlen(value), value));
		free(name);
		free(value);
	}
	fuzz_must(!buf_printf(&frame, "%zu:%s,", pairs.len, buf_str(&pairs)));
	request(frame.data, frame.len);
	answer(frame.data, frame.len);
	buf_wipe(&pairs);
	buf_wipe(&frame);
	free(bytes);
	return 0;
}
