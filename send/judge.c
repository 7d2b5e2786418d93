/* What the provider's answer means. */
#include <stdio.h>
#include <string.h>

#include "../pam_mfa/core/country.h"
#include "../pam_mfa/core/phone.h"
#include "../pam_mfa/core/text.h"
#include "profile_data.h"

#define HIDE_DIGITS 6	/* a run of so many may be a code or a number */

static bool
take_first(const struct profile_places *l, const struct answer *answer,
    struct buf *ret)
{
	for (size_t i = 0; i < l->n; i++)
		if (!place_find(&l->place[i], answer, ret))
			return true;
	return false;
}

static bool
in_list(const char *list, const char *code)
{
	size_t n, len = strlen(code);
	const char *word;

	while ((word = text_word(&list, &n)) != NULL)
		if (n == len && !memcmp(word, code, n))
			return true;
	return false;
}

static bool
code_listed(const struct profile_section *s, enum sending_class class,
    const char *code)
{
	enum profile_key key = (enum profile_key)(KEY_TRANSIENT_CODE + class);
	const struct profile_line *l = NULL;

	while ((l = profile_next(s, key, l)) != NULL)
		if (in_list(l->value, code))
			return true;
	return false;
}

/* A code that is named goes before "*", whatever their order. */
static bool
class_by_code(const struct profile_section *s, const char *code,
    enum sending_class *ret)
{
	const char *const tries[] = { code, "*" };

	for (size_t i = 0; i < 2; i++)
		for (unsigned c = SENDING_TRANSIENT; c <= SENDING_QUOTA; c++)
			if (code_listed(s, (enum sending_class)c, tries[i])) {
				*ret = (enum sending_class)c;
				return true;
			}
	return false;
}

static bool
class_by_list(const struct profile_section *s, unsigned status,
    enum sending_class *ret)
{
	for (unsigned c = SENDING_TRANSIENT; c <= SENDING_QUOTA; c++) {
		const char *list = profile_value(s,
		    (enum profile_key)(KEY_TRANSIENT_STATUS + c));

		if (list != NULL && profile_status_listed(list, status)) {
			*ret = (enum sending_class)c;
			return true;
		}
	}
	return false;
}

/* Where the profile has no word for it (RFC 9110 15, RFC 6585 4). */
static enum sending_class
class_by_status(unsigned status)
{
	switch (status) {
	case 401:
	case 403:
	case 404:
	case 405:
	case 407:
	case 415:
		return SENDING_CONFIG;
	case 402:
		return SENDING_QUOTA;
	case 429:
		return SENDING_TRANSIENT;
	}
	if (status >= 300 && status < 400)
		return SENDING_CONFIG;	/* redirects are not followed */
	return status >= 400 && status < 500 ? SENDING_PERMANENT :
	    SENDING_UNKNOWN;
}

static bool
is_ok(const struct profile_section *s, const struct http_response *h,
    const struct answer *answer)
{
	if (!profile_status_listed(profile_value(s, KEY_OK_STATUS), h->status))
		return false;
	for (size_t i = 0; i < s->nok; i++)
		if (!rule_holds(&s->ok[i], answer))
			return false;
	return true;
}

static void
star_secret(char *text, const struct buf *secret)
{
	while ((text = strstr(text, buf_str(secret))) != NULL) {
		memset(text, '*', secret->len);
		text += secret->len;
	}
}

/* In this order, whatever blanks and signs stand between them. */
static void
star_digits(char *text, const char *digits)
{
	size_t n, len = strlen(digits);
	char *p;

	for (; len > 0 && *text != '\0'; text++) {
		for (p = text, n = 0; n < len; p++)
			if (*p == digits[n])
				n++;
			else if (n == 0 || *p == '\0' || text_is_alnum(*p))
				break;
		while (n == len && p > text)
			if (text_is_digit(*--p))
				*p = '*';
	}
}

/* What every spelling of a number has: all behind the calling code. */
static const char *
national(const char *to)
{
	const struct country *c;

	if (!phone_is_e164(to))
		return "";
	c = country_of(to + 1);
	return to + 1 + (c != NULL ? strlen(c->code) : 0);
}

void
profile_hide(const struct profile *p, const struct sending_request *req,
    const char *text, char *dst, size_t cap)
{
	struct buf b = { 0 };

	if (!buf_put(&b, text, strlen(text) + 1)) {
		for (size_t i = 0; i < p->nsecrets; i++)
			star_secret((char *)b.data, &p->secret[i]);
		star_digits((char *)b.data, req->code);
		star_digits((char *)b.data, national(req->to));
	}
	/* Cut only now, when no half of a secret can be left. */
	text_clean(dst, cap, buf_str(&b));
	buf_wipe(&b);
}

/* Numbers and codes that are not of this message. */
static void
star_runs(char *text)
{
	size_t n;

	for (; *text != '\0'; text += n + (n == 0)) {
		n = strspn(text, "0123456789");
		if (n >= HIDE_DIGITS)
			memset(text, '*', n);
	}
}

/* "HTTP 400, code 21211: The 'To' number is not valid". */
static void
explain(const struct profile *p, const struct sending_request *req,
    const struct http_response *h, const struct answer *answer,
    struct sending_answer *a)
{
	struct buf code = { 0 }, text = { 0 }, all = { 0 };
	char said[sizeof(a->reason)] = "";

	take_first(&p->main->code, answer, &code);
	take_first(&p->main->text, answer, &text);
	if (!buf_printf(&all, "HTTP %u%s%s%s%s", h->status,
	    code.len > 0 ? ", code " : "", buf_str(&code),
	    text.len > 0 ? ": " : "", buf_str(&text)))
		profile_hide(p, req, buf_str(&all), said, sizeof(said));
	star_runs(said);
	sending_refuse(a, a->class, said);
	buf_wipe(&code);
	buf_wipe(&text);
	buf_wipe(&all);
}

static enum sending_class
class_of(const struct profile_section *s, const struct http_response *h,
    const struct answer *answer)
{
	enum sending_class class;
	struct buf code = { 0 };

	if (!(take_first(&s->code, answer, &code) &&
	    class_by_code(s, buf_str(&code), &class)) &&
	    !class_by_list(s, h->status, &class))
		class = class_by_status(h->status);
	buf_wipe(&code);
	return class;
}

static void
not_answered(const struct http_response *h, struct sending_answer *a)
{
	sending_refuse(a, h->outcome == HTTP_NOT_SENT ? SENDING_TRANSIENT :
	    h->outcome == HTTP_UNTRUSTED ? SENDING_CONFIG : SENDING_UNKNOWN,
	    h->reason);
}

void
profile_judge(const struct profile *p, const struct sending_request *req,
    const struct http_response *h, struct sending_answer *ret)
{
	struct sending_answer a = { .class = SENDING_UNKNOWN };
	struct buf id = { 0 };
	struct answer answer;

	memcpy(a.provider, ret->provider, sizeof(a.provider));
	a.show = ret->show;
	if (h->outcome != HTTP_ANSWERED) {
		not_answered(h, &a);
		*ret = a;
		return;
	}
	answer_read(buf_str(&h->body), h->body.len, &answer);
	if (is_ok(p->main, h, &answer)) {
		a.handed_over = true;
		if (!place_find(&p->main->id, &answer, &id))
			profile_hide(p, req, buf_str(&id), a.id, sizeof(a.id));
		buf_wipe(&id);
	} else {
		a.class = class_of(p->main, h, &answer);
		explain(p, req, h, &answer, &a);
	}
	answer_free(&answer);
	*ret = a;
}
