/* What the provider's answer means. */
#include <stdio.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "profile_data.h"

#define HIDE_DIGITS 6	/* a run of so many may be a code or a number */

/* What stands there, in ret (cap bytes); false: nothing. */
static bool
take(const struct place *place, const struct answer *answer, char *ret,
    size_t cap)
{
	struct buf b = { 0 };
	bool found = place->kind != PLACE_NONE &&
	    !place_find(place, answer, &b);

	if (found)
		text_clean(ret, cap, buf_str(&b));
	buf_wipe(&b);
	return found;
}

static bool
take_first(const struct profile_places *l, const struct answer *answer,
    char *ret, size_t cap)
{
	for (size_t i = 0; i < l->n; i++)
		if (take(&l->place[i], answer, ret, cap))
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

void
profile_hide(const struct profile *p, char *text)
{
	size_t n;

	for (size_t i = 0; i < p->nsecrets; i++)
		for (char *at = text; (at = strstr(at,
		    buf_str(&p->secret[i]))) != NULL; at += p->secret[i].len)
			memset(at, '*', p->secret[i].len);
	for (char *at = text; *at != '\0'; at += n + (n == 0)) {
		n = strspn(at, "0123456789");
		if (n >= HIDE_DIGITS)
			memset(at, '*', n);
	}
}

/* "HTTP 400, code 21211: The 'To' number is not valid". */
static void
explain(const struct profile *p, const struct http_response *h,
    const struct answer *answer, struct sending_answer *a)
{
	const struct profile_section *s = p->main;
	char code[65] = "", text[1024] = "", cut[161], all[sizeof(a->reason)];

	take_first(&s->code, answer, code, sizeof(code));
	take_first(&s->text, answer, text, sizeof(text));
	profile_hide(p, code);
	profile_hide(p, text);
	/* Cut only now, when no half of a secret can be left. */
	text_clean(cut, sizeof(cut), text);
	snprintf(all, sizeof(all), "HTTP %u%s%s%s%s", h->status,
	    *code ? ", code " : "", code, *cut ? ": " : "", cut);
	sending_refuse(a, a->class, all);
}

static void
refused(const struct profile *p, const struct http_response *h,
    const struct answer *answer, struct sending_answer *a)
{
	const struct profile_section *s = p->main;
	char code[65];

	if (!(take_first(&s->code, answer, code, sizeof(code)) &&
	    class_by_code(s, code, &a->class)) &&
	    !class_by_list(s, h->status, &a->class))
		a->class = class_by_status(h->status);
	explain(p, h, answer, a);
}

static void
not_answered(const struct http_response *h, struct sending_answer *a)
{
	sending_refuse(a, h->outcome == HTTP_NOT_SENT ? SENDING_TRANSIENT :
	    h->outcome == HTTP_UNTRUSTED ? SENDING_CONFIG : SENDING_UNKNOWN,
	    h->reason);
}

void
profile_judge(const struct profile *p, const struct http_response *h,
    struct sending_answer *ret)
{
	const struct profile_section *s = p->main;
	struct sending_answer a = { .class = SENDING_UNKNOWN };
	struct answer answer;

	memcpy(a.provider, ret->provider, sizeof(a.provider));
	a.show = ret->show;
	if (h->outcome != HTTP_ANSWERED) {
		not_answered(h, &a);
		*ret = a;
		return;
	}
	answer_read(buf_str(&h->body), h->body.len, &answer);
	if (is_ok(s, h, &answer)) {
		a.handed_over = true;
		take(&s->id, &answer, a.id, sizeof(a.id));
	} else {
		refused(p, h, &answer, &a);
	}
	answer_free(&answer);
	*ret = a;
}
