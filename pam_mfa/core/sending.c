/* What travels between a login and mfa-send. */
#include <stdio.h>
#include <string.h>

#include "sending.h"
#include "text.h"

#define LENGTH_DIGITS 5		/* of SENDING_FRAME_MAX */
#define LIMIT_MS_MAX 600000

static const char *const ops[] = { "send", "show", "check", "test" };
static const char *const kinds[] = { "sms", "voice" };
static const char *const classes[] = { "transient", "permanent", "config",
    "quota", "unknown" };
static const char *const flags[] = { "no", "yes" };

enum type {
	TEXT,	/* const char *, into the reader's copy */
	LINE,	/* char[size]: printable */
	LONG,	/* struct buf: printable, with line ends */
	NUMBER,	/* uint32_t up to size */
	WORD,	/* an enum: one of size words */
	FLAG,	/* bool */
};

struct field {
	const char *name;
	enum type type;
	size_t at;		/* in the struct */
	size_t size;
	const char *const *words;
};

#define REQ(f) #f, TEXT, offsetof(struct sending_request, f), 0, NULL
#define NWORDS(w) sizeof(w) / sizeof(*(w)), (w)

static const struct field request_fields[] = {
	{ "op", WORD, offsetof(struct sending_request, op), NWORDS(ops) },
	{ "kind", WORD, offsetof(struct sending_request, kind), NWORDS(kinds) },
	{ REQ(dir) }, { REQ(state) }, { REQ(senders) }, { REQ(run_as) },
	{ REQ(to) }, { REQ(extension) }, { REQ(code) }, { REQ(text) },
	{ REQ(language) }, { REQ(user) }, { REQ(service) }, { REQ(rhost) },
	{ REQ(host) }, { REQ(nonce) },
	{ "ttl", NUMBER, offsetof(struct sending_request, ttl), UINT32_MAX,
	    NULL },
	{ "limit_ms", NUMBER, offsetof(struct sending_request, limit_ms),
	    LIMIT_MS_MAX, NULL },
};

#define ANS(f, type, size) #f, type, offsetof(struct sending_answer, f), size
#define ANS_LINE(f) ANS(f, LINE, sizeof(((struct sending_answer *)0)->f)), NULL

static const struct field answer_fields[] = {
	{ ANS(handed_over, FLAG, NWORDS(flags)) },
	{ ANS(class, WORD, NWORDS(classes)) },
	{ ANS_LINE(provider) }, { ANS_LINE(id) }, { ANS_LINE(reason) },
	{ ANS(show, LONG, 0), NULL },
};

struct frame {
	const struct field *field;
	size_t n;
};

static const struct frame request_frame = { request_fields,
    sizeof(request_fields) / sizeof(*request_fields) };
static const struct frame answer_frame = { answer_fields,
    sizeof(answer_fields) / sizeof(*answer_fields) };

const char *
sending_kind_name(enum sending_kind k)
{
	return kinds[k];
}

enum mfa_err
sending_kind_named(const char *s, enum sending_kind *ret)
{
	for (unsigned i = 0; i < SENDING_KINDS; i++)
		if (!strcmp(s, kinds[i])) {
			*ret = (enum sending_kind)i;
			return MFA_OK;
		}
	return MFA_ESYNTAX;
}

const char *
sending_class_name(enum sending_class c)
{
	return classes[c];
}

void
sending_refuse(struct sending_answer *a, enum sending_class class,
    const char *reason)
{
	a->handed_over = false;
	a->class = class;
	text_clean(a->reason, sizeof(a->reason), reason);
}

static enum mfa_err
put_netstring(struct buf *b, const void *bytes, size_t len)
{
	enum mfa_err r;

	if ((r = buf_printf(b, "%zu:", len)) || (r = buf_put(b, bytes, len)))
		return r;
	return buf_puts(b, ",");
}

static enum mfa_err
put_string(struct buf *b, const char *s)
{
	return put_netstring(b, s, strlen(s));
}

static enum mfa_err
put_word(struct buf *b, const struct field *f, unsigned v)
{
	return v < f->size ? put_string(b, f->words[v]) : MFA_ERANGE;
}

static enum mfa_err
put_number(struct buf *b, const struct field *f, uint32_t v)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", v);
	return v <= f->size ? put_string(b, text) : MFA_ERANGE;
}

static enum mfa_err
put_value(struct buf *b, const struct field *f, const void *at)
{
	const struct buf *bytes = at;
	const char *s;

	switch (f->type) {
	case TEXT:
		s = *(const char *const *)at;
		return put_string(b, s != NULL ? s : "");
	case LINE:
		return put_netstring(b, at, strnlen(at, f->size));
	case LONG:
		return put_netstring(b, buf_str(bytes), bytes->len);
	case NUMBER:
		return put_number(b, f, *(const uint32_t *)at);
	case WORD:
		return put_word(b, f, *(const unsigned *)at);
	case FLAG:
		return put_word(b, f, *(const bool *)at);
	}
	return MFA_ERANGE;
}

static enum mfa_err
put_frame(const struct frame *frame, const void *from, struct buf *ret)
{
	const struct field *f = frame->field;
	struct buf pairs = { 0 };
	size_t old = ret->len;
	enum mfa_err r = MFA_OK;

	for (size_t i = 0; !r && i < frame->n; i++, f++)
		if (!(r = put_string(&pairs, f->name)))
			r = put_value(&pairs, f, (const char *)from + f->at);
	if (!r)
		r = put_netstring(ret, buf_str(&pairs), pairs.len);
	if (!r && ret->len - old > SENDING_FRAME_MAX)
		r = MFA_ERANGE;
	if (r && ret->len > old) {
		mfa_wipe(ret->data + old, ret->len - old);
		ret->len = old;
	}
	buf_wipe(&pairs);
	return r;
}

enum mfa_err
sending_put_request(const struct sending_request *req, struct buf *ret)
{
	return put_frame(&request_frame, req, ret);
}

enum mfa_err
sending_put_answer(const struct sending_answer *ans, struct buf *ret)
{
	return put_frame(&answer_frame, ans, ret);
}

/* Where the content of "LEN:content," starts, and how long it is. */
static enum mfa_err
netstring(const uint8_t *p, size_t len, size_t *ret_start, size_t *ret_len)
{
	size_t i, n = 0;

	for (i = 0; i < len && text_is_digit(p[i]); i++) {
		if (i == LENGTH_DIGITS)
			return MFA_ERANGE;
		n = n * 10 + (size_t)(p[i] - '0');
	}
	if (i > 1 && p[0] == '0')
		return MFA_ESYNTAX;
	if (i == len)
		return MFA_ENOENT;
	if (i == 0 || p[i] != ':')
		return MFA_ESYNTAX;
	*ret_start = i + 1;
	*ret_len = n;
	return MFA_OK;
}

enum mfa_err
sending_frame_len(const uint8_t *p, size_t len, size_t *ret_whole)
{
	size_t start, n;
	enum mfa_err r;

	if ((r = netstring(p, len, &start, &n)))
		return r;
	if (start + n + 1 > SENDING_FRAME_MAX)
		return MFA_ERANGE;
	*ret_whole = start + n + 1;
	return MFA_OK;
}

/* A frame's pairs, in a copy in which each ',' becomes a NUL. */
struct reader {
	uint8_t *p;
	size_t left;
};

/* The next string, ending in NUL and holding none; NULL: there is none. */
static char *
next_string(struct reader *in)
{
	size_t start, n;
	char *s;

	if (netstring(in->p, in->left, &start, &n) ||
	    n >= in->left - start || in->p[start + n] != ',')
		return NULL;
	s = (char *)in->p + start;
	s[n] = '\0';
	in->p += start + n + 1;
	in->left -= start + n + 1;
	return strlen(s) == n ? s : NULL;
}

static enum mfa_err
get_word(const struct field *f, const char *s, unsigned *ret)
{
	for (unsigned i = 0; i < f->size; i++)
		if (!strcmp(s, f->words[i])) {
			*ret = i;
			return MFA_OK;
		}
	return MFA_ESYNTAX;
}

/* Of the control bytes only line ends are left. */
static enum mfa_err
get_long(const char *s, struct buf *ret)
{
	enum mfa_err r = buf_puts(ret, s);

	for (size_t i = 0; i < ret->len; i++)
		if ((ret->data[i] < ' ' && ret->data[i] != '\n') ||
		    ret->data[i] == 0x7f)
			ret->data[i] = '?';
	return r;
}

static enum mfa_err
get_value(const struct field *f, char *s, void *at)
{
	enum mfa_err r = MFA_ESYNTAX;
	uint64_t number;
	unsigned word;

	switch (f->type) {
	case TEXT:
		*(const char **)at = s;
		return MFA_OK;
	case LINE:
		if (strlen(s) >= f->size)
			return MFA_ERANGE;
		text_clean(at, f->size, s);
		return MFA_OK;
	case LONG:
		return get_long(s, at);
	case NUMBER:
		if (!(r = text_u64(s, 0, f->size, &number)))
			*(uint32_t *)at = (uint32_t)number;
		return r;
	case WORD:
		return get_word(f, s, at);
	case FLAG:
		if (!(r = get_word(f, s, &word)))
			*(bool *)at = word;
		return r;
	}
	return r;
}

/* The field of this name; NULL: there is none. */
static const struct field *
find(const struct frame *frame, const char *name)
{
	for (size_t i = 0; i < frame->n; i++)
		if (!strcmp(frame->field[i].name, name))
			return &frame->field[i];
	return NULL;
}

/* Each field once, in any order, and no other. */
static enum mfa_err
get_pairs(struct reader *in, const struct frame *frame, void *ret,
    struct mfa_why *why)
{
	unsigned seen = 0;

	while (in->left > 0) {
		const char *name = next_string(in);
		char *value = name != NULL ? next_string(in) : NULL;
		const struct field *f;
		unsigned bit;

		if (value == NULL)
			return mfa_fail(why, MFA_ESYNTAX, "a frame is cut");
		f = find(frame, name);
		bit = f != NULL ? 1U << (f - frame->field) : seen;
		if (f == NULL || seen & bit)
			return mfa_fail(why, MFA_ESYNTAX, "a frame has "
			    "\"%.32s\" twice, or should not have it", name);
		seen |= bit;
		if (get_value(f, value, (char *)ret + f->at))
			return mfa_fail(why, MFA_ERANGE, "a frame's %s is no "
			    "such value", name);
	}
	return seen == (1U << frame->n) - 1 ? MFA_OK : mfa_fail(why,
	    MFA_ESYNTAX, "a frame lacks a field: is all of one version?");
}

/* Into the copy that the reader works on. */
static enum mfa_err
open_frame(const uint8_t *p, size_t len, struct reader *ret, struct buf *hold,
    struct mfa_why *why)
{
	size_t whole, start, n;
	enum mfa_err r;

	if (sending_frame_len(p, len, &whole) || whole != len ||
	    p[len - 1] != ',' || netstring(p, len, &start, &n))
		return mfa_fail(why, MFA_ESYNTAX, "this is no frame");
	if ((r = buf_put(hold, p + start, n)))
		return mfa_fail(why, r, "no memory");
	*ret = (struct reader){ hold->data, n };
	return MFA_OK;
}

enum mfa_err
sending_get_request(const uint8_t *p, size_t len, struct sending_request *ret,
    struct buf *ret_hold, struct mfa_why *why)
{
	struct sending_request req = { 0 };
	struct buf hold = { 0 };
	struct reader in;
	enum mfa_err r;

	if ((r = open_frame(p, len, &in, &hold, why)) ||
	    (r = get_pairs(&in, &request_frame, &req, why))) {
		buf_wipe(&hold);
		return r;
	}
	*ret = req;
	*ret_hold = hold;
	return MFA_OK;
}

enum mfa_err
sending_get_answer(const uint8_t *p, size_t len, struct sending_answer *ret,
    struct mfa_why *why)
{
	struct sending_answer ans = { 0 };
	struct buf hold = { 0 };
	struct reader in;
	enum mfa_err r;

	if (!(r = open_frame(p, len, &in, &hold, why)))
		r = get_pairs(&in, &answer_frame, &ans, why);
	buf_wipe(&hold);
	if (r)
		buf_wipe(&ans.show);
	else
		*ret = ans;
	return r;
}
