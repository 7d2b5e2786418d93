/* A token for many logins. */
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../pam_mfa/core/crypto.h"
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/file.h"
#include "token.h"

#define TOKEN_MAX 16384		/* bytes; those of some clouds have 4 KiB */
#define FILE_MAX (TOKEN_MAX + 256)
#define EARLY 60		/* seconds before its end it is not used */
#define LONGEST 86400		/* seconds that a token is kept at most */
#define WORD_CHARS "abcdefghijklmnopqrstuvwxyz_"
#define WORD_MAX 64		/* bytes */
#define LIFETIME 300		/* seconds, where the provider does not tell */

/* Which request, without keeping any of its secrets. */
static bool
digest(const struct http_request *q, char ret[static 65])
{
	static const uint8_t key[] = "mfa-send token";
	uint8_t mac[CRYPTO_HASH_MAX];
	struct crypto *crypto = NULL;
	struct buf b = { 0 };
	bool ok;

	ok = !buf_printf(&b, "%s\n%s\n%s\n%s\n", q->method, buf_str(&q->url),
	    buf_str(&q->user), buf_str(&q->password));
	for (size_t i = 0; ok && i < q->nheaders; i++)
		ok = !buf_printf(&b, "%s\n", buf_str(&q->header[i]));
	ok = ok && !buf_put(&b, buf_str(&q->body), q->body.len) &&
	    !crypto_new("", &crypto, NULL) && !crypto_hmac(crypto,
	    CRYPTO_SHA256, key, sizeof(key), b.data, b.len, mac);
	if (ok)
		text_hex(ret, mac, 32);
	crypto_free(crypto);
	buf_wipe(&b);
	return ok;
}

/* What may stand in a header: RFC 6750 2.1 and a little more. */
static bool
is_token(const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || len > TOKEN_MAX)
		return false;
	while (*s > ' ' && *s < 0x7f)
		s++;
	return *s == '\0';
}

static void
take(struct token *t, const char *text, size_t len)
{
	json_t *j = json_loadb(text, len, 0, NULL);
	const char *asked, *value;
	json_int_t expires, now = time(NULL);

	if (!json_unpack(j, "{s:s,s:I,s:s}", "request", &asked, "expires",
	    &expires, "token", &value) && !strcmp(asked, t->asked) &&
	    expires > now + EARLY && expires <= now + LONGEST &&
	    is_token(value))
		t->kept = !buf_puts(&t->value, value);
	json_decref(j);
}

static void
unlock(int fd)
{
	struct flock whole = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

	(void)!fcntl(fd, F_OFD_SETLK, &whole);
}

void
token_open(struct token *t, const char *state, const char *name, int wait_ms)
{
	static const struct file_rule in_dir = { .owner = 0, .mode = 0755 };
	static const struct file_rule rule = { .owner = 0, .mode = 0600,
	    .max = FILE_MAX };
	char file[SENDING_NAME_MAX + 8];
	struct file_dir dir;

	t->fd = -1;
	if (*state == '\0' || !digest(&t->request, t->asked) ||
	    file_dir(state, &in_dir, &dir, NULL))
		return;
	snprintf(file, sizeof(file), ".token.%s", name);
	if (file_lock(&dir, file, &rule, wait_ms, &t->fd, NULL))
		t->fd = -1;
	close(dir.fd);
}

void
token_read(struct token *t)
{
	struct buf text = { 0 };
	ssize_t n;

	if (t->fd < 0)
		return;
	if (!buf_reserve(&text, FILE_MAX) &&
	    (n = pread(t->fd, text.data, FILE_MAX, 0)) > 0)
		take(t, (char *)text.data, (size_t)n);
	if (t->kept)
		unlock(t->fd);
	buf_wipe(&text);
}

/* A crash here leaves text that take() does not take. */
static void
keep(const struct token *t, json_int_t seconds)
{
	json_t *j;
	char *text;

	if (t->fd < 0 || seconds <= EARLY)
		return;
	if (seconds > LONGEST)
		seconds = LONGEST;
	j = json_pack("{s:s,s:I,s:s}", "request", t->asked, "expires",
	    (json_int_t)time(NULL) + seconds, "token", buf_str(&t->value));
	text = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	if (text == NULL)
		return;
	if (!ftruncate(t->fd, 0))
		(void)!pwrite(t->fd, text, strlen(text), 0);
	mfa_wipe(text, strlen(text));
	free(text);
}

/* "expires_in" is a number, and at some providers a string. */
static json_int_t
lifetime(const json_t *j)
{
	const json_t *e = json_object_get(j, "expires_in");
	uint64_t n;

	if (json_is_integer(e))
		return json_integer_value(e);
	if (json_is_string(e) &&
	    !text_u64(json_string_value(e), 0, LONGEST, &n))
		return (json_int_t)n;
	return LIFETIME;
}

/*
 * The word for what is wrong (RFC 6749 5.2), if it is a word: whole, so that
 * who knows the secrets can find one in it, or not at all.
 */
static const char *
word_of(const json_t *j)
{
	const char *s = json_string_value(json_object_get(j, "error"));
	size_t n = s != NULL ? strspn(s, WORD_CHARS) : 0;

	return n > 0 && n <= WORD_MAX && s[n] == '\0' ? s : "";
}

static enum mfa_err
refused(const struct http_response *res, const json_t *j,
    struct sending_answer *ret)
{
	bool later = res->outcome == HTTP_ANSWERED ? res->status == 429 ||
	    res->status >= 500 : res->outcome != HTTP_UNTRUSTED;

	ret->class = later ? SENDING_TRANSIENT : SENDING_CONFIG;
	if (res->outcome == HTTP_ANSWERED)
		snprintf(ret->reason, sizeof(ret->reason), "no token: HTTP %u "
		    "%s", res->status, word_of(j));
	else
		snprintf(ret->reason, sizeof(ret->reason), "no token: %s",
		    res->reason);
	return MFA_ENOENT;
}

enum mfa_err
token_get(struct token *t, unsigned limit_ms, struct sending_answer *ret)
{
	struct http_response res;
	const char *value;
	enum mfa_err r = MFA_OK;
	json_t *j;

	if (t->value.len > 0)
		return MFA_OK;
	if (t->request.total_ms > limit_ms)
		t->request.total_ms = limit_ms;
	http_exchange(&t->request, &res);
	j = json_loadb(buf_str(&res.body), res.body.len, JSON_REJECT_DUPLICATES,
	    NULL);
	value = json_string_value(json_object_get(j, "access_token"));
	if (res.outcome == HTTP_ANSWERED && res.status == 200 &&
	    value != NULL && is_token(value) && !buf_puts(&t->value, value))
		keep(t, lifetime(j));
	else
		r = refused(&res, j, ret);
	if (t->fd >= 0)
		unlock(t->fd);
	json_decref(j);
	http_response_wipe(&res);
	return r;
}

void
token_forget(struct token *t)
{
	if (t->fd >= 0)
		(void)!ftruncate(t->fd, 0);
	buf_wipe(&t->value);
	t->kept = false;
}

void
token_close(struct token *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	buf_wipe(&t->value);
	http_request_wipe(&t->request);
}
