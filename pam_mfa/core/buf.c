/* A growing buffer of bytes that may be secret. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

#define BUF_FIRST 256	/* bytes; fewer growths leave fewer copies to wipe */

void
mfa_wipe(void *p, size_t len)
{
	if (len)
		explicit_bzero(p, len);
}

/* Not realloc: it would leave the old copy behind. */
enum mfa_err
buf_reserve(struct buf *b, size_t len)
{
	size_t cap = b->cap ? b->cap : BUF_FIRST;
	uint8_t *data;

	if (len > BUF_MAX)
		return MFA_ERANGE;
	if (len < b->cap)
		return MFA_OK;
	while (cap <= len)
		cap *= 2;
	if ((data = malloc(cap)) == NULL)
		return MFA_ENOMEM;
	if (b->len)
		memcpy(data, b->data, b->len);
	data[b->len] = '\0';
	mfa_wipe(b->data, b->cap);
	free(b->data);
	b->data = data;
	b->cap = cap;
	return MFA_OK;
}

enum mfa_err
buf_put(struct buf *b, const void *bytes, size_t len)
{
	enum mfa_err r;

	if (len > BUF_MAX)
		return MFA_ERANGE;
	if ((r = buf_reserve(b, b->len + len)))
		return r;
	if (len)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
	return MFA_OK;
}

enum mfa_err
buf_puts(struct buf *b, const char *s)
{
	return buf_put(b, s, strlen(s));
}

enum mfa_err
buf_printf(struct buf *b, const char *fmt, ...)
{
	enum mfa_err r;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return MFA_ERANGE;
	if ((r = buf_reserve(b, b->len + (size_t)n)))
		return r;
	va_start(ap, fmt);
	vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return MFA_OK;
}

const char *
buf_str(const struct buf *b)
{
	return b->data != NULL ? (const char *)b->data : "";
}

void
buf_wipe(struct buf *b)
{
	mfa_wipe(b->data, b->cap);
	free(b->data);
	*b = (struct buf){ 0 };
}
