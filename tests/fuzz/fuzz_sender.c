/*
 * All the work of mfa-send: the request's fields in lines "name=value", those
 * that are not there having a usual value, and after a line "%%" the world
 * (world.h). It is asked twice, as two logins ask: a token may be kept. What
 * MUST hold: one frame comes back, printable and without a secret; nobody is
 * asked for what sends nothing; and each message is sent at most once for each
 * sender.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../pam_mfa/core/text.h"
#include "../../send/serve.h"
#include "world.h"

static const struct { const char *name, *value; } usual[] = {
	{ "op", "send" }, { "kind", "sms" }, { "dir", "/etc/mfa/senders" },
	{ "state", "/var/lib/mfa" }, { "senders", "a" }, { "run_as", "nobody" },
	{ "to", "+819000001234" }, { "extension", "" }, { "code", "102938" },
	{ "text", "102938 is your code" }, { "language", "en" },
	{ "user", "alice" }, { "service", "sshd" }, { "rhost", "192.0.2.1" },
	{ "host", "host.example.com" },
	{ "nonce", "00112233445566778899aabbccddeeff" }, { "ttl", "300" },
	{ "limit_ms", "10000" },
};
#define USUAL (sizeof(usual) / sizeof(*usual))

static void
put(struct buf *b, const char *text)
{
	fuzz_must(!buf_printf(b, "%zu:%s,", strlen(text), text));
}

/* The request's frame; a field that is there twice is there twice. */
static void
frame(char *lines, struct buf *ret)
{
	struct fuzz_input in = { (const uint8_t *)lines, strlen(lines) };
	struct buf pairs = { 0 };
	bool given[USUAL] = { false };

	while (in.left > 0) {
		char *name = fuzz_part(&in, "="), *value = fuzz_line(&in);

		for (size_t i = 0; i < USUAL; i++)
			given[i] |= !strcmp(name, usual[i].name);
		put(&pairs, name);
		put(&pairs, value);
		free(name);
		free(value);
	}
	for (size_t i = 0; i < USUAL; i++)
		if (!given[i]) {
			put(&pairs, usual[i].name);
			put(&pairs, usual[i].value);
		}
	put(ret, buf_str(&pairs));
	buf_wipe(&pairs);
}

static void
is_printable(const char *s)
{
	for (; *s != '\0'; s++)
		fuzz_must((unsigned char)*s >= ' ' && *s != 0x7f);
}

/* As the one who asked reads it. */
static void
read_answer(int fd, const struct sending_request *req, bool open_secret)
{
	static uint8_t bytes[SENDING_FRAME_MAX];
	ssize_t n = pread(fd, bytes, sizeof(bytes), 0);
	struct sending_answer a = { 0 };
	struct mfa_why why = { "" };
	size_t whole = 0;

	/* What is shown may be too long for a frame; then there is none. */
	if (n == 0 && req->op == SENDING_SHOW)
		return;
	fuzz_must(n > 0 && !sending_frame_len(bytes, (size_t)n, &whole));
	fuzz_must(whole == (size_t)n);
	fuzz_must(!sending_get_answer(bytes, whole, &a, &why));
	if (getenv("FUZZ_SHOW") != NULL)
		fprintf(stderr, "%s %s by %s, id %s: %s\n%s", a.handed_over ?
		    "sent" : "refused", sending_class_name(a.class),
		    a.provider, a.id, a.reason, buf_str(&a.show));
	is_printable(a.reason);
	is_printable(a.id);
	is_printable(a.provider);
	/* Of one sender, that knows what is a secret of its own. */
	if (world_secrets() > 0 && !open_secret && !strchr(req->senders, ' '))
		fuzz_must(!strstr(a.reason, WORLD_SECRET));
	if (a.handed_over && (req->op == SENDING_SEND ||
	    req->op == SENDING_TEST))
		fuzz_must(world_asked() > 0);
	buf_wipe(&a.show);
}

static void
asked(const struct sending_request *req)
{
	size_t senders = 1;

	for (const char *s = req->senders; *s != '\0'; s++)
		senders += *s == ' ';
	/* Each once, and once more with a new token; and the tokens. */
	fuzz_must(world_asked() <= 4 * senders);
	if (req->op == SENDING_SHOW || req->op == SENDING_CHECK)
		fuzz_must(world_asked() == 0);
}

/* What main() does, but for timers. */
static void
login(const struct buf *request, bool open_secret)
{
	int in = memfd_create("in", 0), out = memfd_create("out", 0);
	struct sending_answer ans = { .class = SENDING_CONFIG };
	struct buf got = { 0 }, hold = { 0 };
	struct mfa_why why = { "" };
	struct sending_request req;

	world_login();
	fuzz_must(write(in, request->data, request->len) ==
	    (ssize_t)request->len && lseek(in, 0, SEEK_SET) == 0);
	if (!serve_read(in, &got) && !sending_get_request(got.data, got.len,
	    &req, &hold, &why)) {
		serve(&req, getppid(), world_now(), &ans);
		serve_write(out, &ans);
		read_answer(out, &req, open_secret);
		asked(&req);
	}
	fuzz_why(&why);
	buf_wipe(&ans.show);
	buf_wipe(&hold);
	buf_wipe(&got);
	close(in);
	close(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *text = fuzz_part(&in, "\n%%%%\n"), *lines;
	struct buf request = { 0 };

	in = (struct fuzz_input){ data, len };
	lines = fuzz_part(&in, "\n%%\n");
	world_new(&in);
	frame(lines, &request);
	/* A key is no text to look for; nor what stands in the profile. */
	for (int i = 0; i < 2 && !fuzz_slow_regex(text); i++)
		login(&request, strstr(text, "client_key") != NULL ||
		    strstr(text, WORLD_SECRET) != NULL);
	buf_wipe(&request);
	world_end();
	free(lines);
	free(text);
	return 0;
}
