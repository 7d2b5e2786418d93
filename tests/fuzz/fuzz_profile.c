/*
 * A provider's profile, the request it makes, and what its answer means:
 * after lines "%%" the message's text and rhost in two lines, the status in a
 * line, and the body.
 */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/text.h"
#include "../../send/exec.h"
#include "../../send/profile.h"
#include "fuzz.h"

#define MARK "\n%%\n"
#define SECRET "zKqQ7secret"

static enum mfa_err
read_secret(void *ctx, const char *path, struct buf *ret, struct mfa_why *why)
{
	(void)ctx;
	(void)path;
	(void)why;
	return buf_puts(ret, SECRET);
}

/* What is sent goes where the profile says, in headers of one line each. */
static void
requests(const struct profile *p, struct sending_request *req)
{
	for (int op = SENDING_SEND; op <= SENDING_TEST; op++) {
		struct http_request q = { 0 };
		struct mfa_why why = { "" };

		req->op = (enum sending_op)op;
		if (!profile_request(p, req, "token", &q, &why)) {
			fuzz_must(!strncmp(buf_str(&q.url), "http", 4));
			fuzz_must(strpbrk(buf_str(&q.url), "\r\n ") == NULL);
			for (size_t i = 0; i < q.nheaders; i++)
				fuzz_must(strpbrk(buf_str(&q.header[i]),
				    "\r\n") == NULL);
		}
		http_request_wipe(&q);
		fuzz_why(&why);
	}
}

static void
shown(const struct profile *p, const struct sending_request *req,
    const char *text)
{
	struct http_request q = { 0 };
	struct mfa_why why = { "" };
	struct buf show = { 0 };

	if (!profile_show(p, req, &show, &why) && !strstr(text, "zKq"))
		fuzz_must(strstr(buf_str(&show), SECRET) == NULL);
	fuzz_why(&why);
	if (!profile_token_request(p, &q, &why))
		fuzz_must(q.url.len > 0);
	fuzz_why(&why);
	http_request_wipe(&q);
	buf_wipe(&show);
}

/* Not even with blanks or signs in between. */
static void
hides(const char *said, const char *digits)
{
	char all[sizeof(((struct sending_answer *)0)->reason)];
	size_t n = 0;

	for (; *said != '\0'; said++)
		if (text_is_alnum(*said) || *said == '*')
			all[n++] = *said;
	all[n] = '\0';
	fuzz_must(strstr(all, digits) == NULL);
}

/* A reason shows nobody's code or number. */
static void
judged(const struct profile *p, const struct sending_request *req,
    const char *status, const char *body)
{
	struct http_response res = { .outcome = HTTP_ANSWERED };
	struct sending_answer a = { 0 };
	struct mfa_why why = { "" };
	unsigned digits = 0;

	res.status = (unsigned)strtoul(status, NULL, 10) % 600;
	fuzz_must(!buf_puts(&res.body, body));
	for (int o = HTTP_ANSWERED; o <= HTTP_UNCLEAR; o++) {
		res.outcome = (enum http_outcome)o;
		memcpy(res.reason, "no answer", sizeof("no answer"));
		profile_judge(p, req, &res, &a);
		fuzz_must(o == HTTP_ANSWERED || !a.handed_over);
		for (const char *s = a.reason; *s != '\0'; s++) {
			digits = text_is_digit(*s) ? digits + 1 : 0;
			fuzz_must(digits < 6);
		}
		memcpy(why.text, a.reason, sizeof(a.reason));
		fuzz_why(&why);
		hides(a.reason, req->code);
		hides(a.id, req->code);
		hides(a.id, "9000001234");
		memcpy(why.text, a.id, sizeof(a.id));
		fuzz_why(&why);
		buf_wipe(&a.show);
	}
	http_response_wipe(&res);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *text = fuzz_part(&in, MARK), *message = fuzz_line(&in);
	char *rhost = fuzz_part(&in, MARK), *status = fuzz_line(&in);
	char *body = fuzz_part(&in, MARK);
	const struct profile_source src = { .file = "t.conf", .text = text,
	    .len = strlen(text), .read_secret = read_secret };
	struct sending_request req = { .dir = "/", .state = "",
	    .senders = "t", .run_as = "nobody", .to = "+819000001234",
	    .extension = "12", .code = "102938", .text = message,
	    .language = "ja", .user = "taro", .service = "sshd",
	    .rhost = rhost, .host = "host.example.com",
	    .nonce = "00112233445566778899aabbccddeeff", .ttl = 300,
	    .limit_ms = 10000 };
	struct buf json = { 0 };

	(void)!exec_json(&req, &json);
	buf_wipe(&json);
	for (int k = 0; k < SENDING_KINDS && !fuzz_slow_regex(text); k++) {
		struct profile *p = NULL;
		struct mfa_why why = { "" };

		req.kind = (enum sending_kind)k;
		if (!profile_load(&src, req.kind, &p, &why)) {
			if (profile_exec(p) == NULL) {
				requests(p, &req);
				judged(p, &req, status, body);
			} else
				(void)!profile_fits(p, &req, &why);
			req.op = SENDING_SHOW;
			shown(p, &req, text);
			profile_free(p);
		}
		fuzz_why(&why);
	}
	free(text);
	free(message);
	free(rhost);
	free(status);
	free(body);
	return 0;
}
