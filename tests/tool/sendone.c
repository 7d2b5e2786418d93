/*
 * sendone PROGRAM NAME=VALUE ...: one call of the sender port over PROGRAM, its
 * request made of the names of struct sending_request, and its answer, a line
 * for each field, with the milliseconds it took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../pam_mfa/sys/send_proc.h"

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
set(struct sending_request *q, const char *name, const char *value)
{
	const struct { const char *name, **field; } text[] = {
		{ "dir", &q->dir }, { "state", &q->state },
		{ "senders", &q->senders }, { "run_as", &q->run_as },
		{ "to", &q->to }, { "extension", &q->extension },
		{ "code", &q->code }, { "text", &q->text },
		{ "language", &q->language }, { "user", &q->user },
		{ "service", &q->service }, { "rhost", &q->rhost },
		{ "host", &q->host }, { "nonce", &q->nonce },
	};

	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++)
		if (!strcmp(name, text[i].name)) {
			*text[i].field = value;
			return;
		}
	if (!strcmp(name, "op"))
		q->op = *value == 'c' ? SENDING_CHECK : strcmp(value, "show") ?
		    SENDING_SEND : SENDING_SHOW;
	else if (!strcmp(name, "kind"))
		q->kind = *value == 'v' ? SENDING_VOICE : SENDING_SMS;
	else if (!strcmp(name, "limit_ms"))
		q->limit_ms = (uint32_t)atoi(value);
	else
		exit(2);
}

int
main(int argc, char **argv)
{
	struct sending_request q = { .dir = "/etc/mfa/senders",
	    .state = "/var/lib/mfa", .senders = "", .run_as = "_mfa",
	    .to = "+15550100", .extension = "", .code = "123456",
	    .text = "Your code: 123456", .language = "en", .user = "alice",
	    .service = "su", .rhost = "", .host = "test.example.com",
	    .nonce = "00112233445566778899aabbccddeeff", .ttl = 300,
	    .limit_ms = 5000 };
	struct sending_answer a;
	struct mfa_sender port;
	long start;

	if (argc < 2)
		return 2;
	for (int i = 2; i < argc; i++) {
		char *eq = strchr(argv[i], '=');

		if (eq == NULL)
			return 2;
		*eq = '\0';
		set(&q, argv[i], eq + 1);
	}
	port = send_proc(argv[1]);
	start = now_ms();
	port.send(port.ctx, &q, &a);
	printf("handed_over=%s\nclass=%s\nprovider=%s\nid=%s\nreason=%s\n"
	    "ms=%ld\n%s", a.handed_over ? "yes" : "no",
	    sending_class_name(a.class), a.provider, a.id, a.reason,
	    now_ms() - start, buf_str(&a.show));
	buf_wipe(&a.show);
	return 0;
}
