/* What the tests of profiles send, and with which secrets. */
#ifndef MFA_TESTS_SEND_SAMPLE_H
#define MFA_TESTS_SEND_SAMPLE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../send/profile.h"

#define SAMPLE_NONCE "00112233445566778899aabbccddeeff"

/* Each in its own language, and of one segment. */
static inline struct sending_request
sample_request(enum sending_kind kind, const char *language)
{
	bool ja = !strcmp(language, "ja");

	return (struct sending_request){ .op = SENDING_SEND, .kind = kind,
	    .dir = "/etc/mfa/senders", .senders = "x", .run_as = "mfa-send",
	    .to = "+819000001234", .extension = "", .code = "102938",
	    .text = ja ? "確認コード: 102938 (5分間有効)\n"
	    "心当たりがなければ管理者へ" :
	    "sudo on host1: your code is 102938 & good for 5 min.",
	    .language = language, .user = "taro", .service = "sshd",
	    .rhost = "192.0.2.7", .host = "host1.example.com",
	    .nonce = SAMPLE_NONCE, .ttl = 300, .limit_ms = 10000 };
}

/* The secret of a file is "zK+/=" and its name. */
static inline enum mfa_err
sample_secret(void *ctx, const char *path, struct buf *ret,
    struct mfa_why *why)
{
	(void)ctx;
	(void)why;
	return buf_printf(ret, "zK+/=%s", strrchr(path, '/') + 1);
}

static inline void
sample_file(const char *path, struct buf *ret)
{
	FILE *f = fopen(path, "r");
	char chunk[1024];
	size_t n;

	if (f == NULL)
		fail_msg("%s: cannot open; run this from the top", path);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		assert_int_equal(buf_put(ret, chunk, n), MFA_OK);
	fclose(f);
}

static inline enum mfa_err
sample_load(const char *text, enum sending_kind kind, struct profile **ret,
    struct mfa_why *why)
{
	struct profile_source src = { .file = "t.conf", .text = text,
	    .len = strlen(text), .read_secret = sample_secret };

	return profile_load(&src, kind, ret, why);
}

/* A profile of one section that is in order, and more lines for it. */
#define SAMPLE_SMS "[sms]\nurl = https://example.com/\nok_status = 200\n"

#endif
