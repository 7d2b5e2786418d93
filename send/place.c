/* Places in a provider's answer, and what must stand there. */
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "place.h"
#include "xml.h"

#define REGEX_MAX 512	/* bytes */

void
place_free(struct place *p)
{
	free(p->path);
	if (p->has_regex)
		regfree(&p->regex);
	*p = (struct place){ .kind = PLACE_NONE };
}

void
rule_free(struct rule *rule)
{
	place_free(&rule->at);
	json_decref(rule->value);
	rule->value = NULL;
}

static const char *
skip(const char *s)
{
	return s + strspn(s, " \t");
}

static enum mfa_err
set_regex(struct place *p, const char *pattern, struct mfa_why *why)
{
	char text[128];
	int r;

	if (*pattern == '\0' || strlen(pattern) > REGEX_MAX)
		return mfa_fail(why, MFA_ESYNTAX, "after ~ stands a regular "
		    "expression of at most %d bytes", REGEX_MAX);
	if ((r = regcomp(&p->regex, pattern, REG_EXTENDED))) {
		regerror(r, &p->regex, text, sizeof(text));
		return mfa_fail(why, MFA_ESYNTAX, "~ %.80s: %s", pattern, text);
	}
	p->has_regex = true;
	return MFA_OK;
}

/* In RFC 6901, '~' comes as ~0 ('~') or ~1 ('/') only. */
static bool
is_pointer(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] == '~' && (i + 1 == len || (s[i + 1] != '0' &&
		    s[i + 1] != '1')))
			return false;
	return true;
}

static bool
is_elements(const char *s, size_t len)
{
	if (len == 0 || s[0] == '/' || s[len - 1] == '/')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!text_is_alnum(s[i]) && strchr("/_.:-", s[i]) == NULL)
			return false;
	return true;
}

static enum mfa_err
parse_line_number(const char **pos, struct place *p, struct mfa_why *why)
{
	const char *s = skip(*pos + 4);
	size_t n = strspn(s, "0123456789");
	uint64_t v;
	char *digits;

	if ((digits = strndup(s, n)) == NULL)
		return MFA_ENOMEM;
	if (text_u64(digits, 1, 1000, &v)) {
		free(digits);
		return mfa_fail(why, MFA_ESYNTAX, "after \"line\" stands a "
		    "number from 1 to 1000");
	}
	free(digits);
	p->kind = PLACE_LINE;
	p->line = (unsigned)v;
	*pos = s + n;
	return MFA_OK;
}

/* Takes the place from the front of a text and leaves pos at what follows. */
static enum mfa_err
parse_front(const char **pos, struct place *p, struct mfa_why *why)
{
	const char *s = *pos;
	size_t n = strcspn(s, " \t");

	if (*s == '/' && is_pointer(s, n)) {
		p->kind = PLACE_JSON;
	} else if (*s == '<' && n > 2 && s[n - 1] == '>' &&
	    is_elements(s + 1, n - 2)) {
		p->kind = PLACE_XML;
		s++;
		n -= 2;
	} else if (!strncmp(s, "line", 4) && (s[4] == ' ' || s[4] == '\t')) {
		return parse_line_number(pos, p, why);
	} else {
		return mfa_fail(why, MFA_ESYNTAX, "\"%.40s\" is no place in an "
		    "answer: expected /json/pointer, <XmlElement> or line 1",
		    s);
	}
	if ((p->path = strndup(s, n)) == NULL)
		return MFA_ENOMEM;
	*pos = s + n + (p->kind == PLACE_XML);
	return MFA_OK;
}

enum mfa_err
place_parse(const char *text, struct place *ret, struct mfa_why *why)
{
	enum mfa_err r;

	*ret = (struct place){ .kind = PLACE_NONE };
	if ((r = parse_front(&text, ret, why)))
		return r;
	text = skip(text);
	if (*text == '~')
		return set_regex(ret, skip(text + 1), why);
	if (*text != '\0')
		return mfa_fail(why, MFA_ESYNTAX, "\"%.40s\" after the place: "
		    "only \"~ REGEX\" can follow", text);
	return MFA_OK;
}

static enum mfa_err
set_value(struct rule *rule, const char *text, struct mfa_why *why)
{
	bool only_text = rule->op == RULE_STARTS || rule->at.kind != PLACE_JSON;

	rule->value = json_loads(text, JSON_DECODE_ANY |
	    JSON_REJECT_DUPLICATES, NULL);
	if (rule->value == NULL || json_is_array(rule->value) ||
	    json_is_object(rule->value) ||
	    (only_text && !json_is_string(rule->value)))
		return mfa_fail(why, MFA_ESYNTAX, "%.60s: expected a text in "
		    "double quotes%s", text, only_text ? "" :
		    ", a number, true, false or null");
	return MFA_OK;
}

static enum mfa_err
set_op(struct rule *rule, const char *s, struct mfa_why *why)
{
	static const struct { const char *name; enum rule_op op; } ops[] = {
		{ "==", RULE_EQUAL }, { "!=", RULE_DIFFERS },
		{ "starts", RULE_STARTS }, { "~", RULE_MATCHES },
		{ "present", RULE_PRESENT }, { "absent", RULE_ABSENT },
	};
	size_t n = strcspn(s, " \t"), i = 0;
	const char *operand = skip(s + n);

	while (i < sizeof(ops) / sizeof(*ops) &&
	    (strlen(ops[i].name) != n || memcmp(ops[i].name, s, n)))
		i++;
	if (i == sizeof(ops) / sizeof(*ops))
		return mfa_fail(why, MFA_ESYNTAX, "after the place, \"%.20s\" "
		    "is none of == != starts ~ present absent", s);
	rule->op = ops[i].op;
	if (rule->op == RULE_MATCHES)
		return set_regex(&rule->at, operand, why);
	if (rule->op != RULE_PRESENT && rule->op != RULE_ABSENT)
		return set_value(rule, operand, why);
	return *operand == '\0' ? MFA_OK : mfa_fail(why, MFA_ESYNTAX,
	    "\"%.40s\" after \"%s\": nothing can follow", operand,
	    ops[i].name);
}

enum mfa_err
rule_parse(const char *text, struct rule *ret, struct mfa_why *why)
{
	enum mfa_err r;

	*ret = (struct rule){ .op = RULE_EQUAL };
	if ((r = parse_front(&text, &ret->at, why)))
		return r;
	return set_op(ret, skip(text), why);
}

void
answer_read(const char *body, size_t len, struct answer *ret)
{
	*ret = (struct answer){ .body = body, .len = len };
	ret->json = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
}

void
answer_free(struct answer *a)
{
	json_decref(a->json);
	a->json = NULL;
}

/* One step of a pointer: "~1" is '/', "~0" is '~'. */
static bool
step_equals(const char *step, size_t len, const char *key)
{
	for (; len > 0; len--, step++, key++) {
		char c = *step;

		if (c == '~') {
			c = *++step == '0' ? '~' : '/';
			len--;
		}
		if (*key == '\0' || *key != c)
			return false;
	}
	return *key == '\0';
}

static const json_t *
child(const json_t *v, const char *step, size_t len)
{
	const char *key;
	json_t *member;
	size_t i = 0;

	if (json_is_array(v) && len > 0 && len < 8 &&
	    strspn(step, "0123456789") >= len) {
		for (size_t d = 0; d < len; d++)
			i = i * 10 + (size_t)(step[d] - '0');
		return json_array_get(v, i);
	}
	/* jansson only asks for a json_t that is not const. */
	for (void *it = json_object_iter((json_t *)(uintptr_t)v); it != NULL;
	    it = json_object_iter_next((json_t *)(uintptr_t)v, it)) {
		key = json_object_iter_key(it);
		member = json_object_iter_value(it);
		if (step_equals(step, len, key))
			return member;
	}
	return NULL;
}

/* NULL: the pointer leads nowhere. */
static const json_t *
follow(const json_t *v, const char *pointer)
{
	while (v != NULL && *pointer == '/') {
		size_t n = strcspn(++pointer, "/");

		v = child(v, pointer, n);
		pointer += n;
	}
	return v;
}

static enum mfa_err
put_scalar(const json_t *v, struct buf *ret)
{
	switch (v != NULL ? json_typeof(v) : JSON_NULL) {
	case JSON_STRING:
		return buf_puts(ret, json_string_value(v));
	case JSON_INTEGER:
		return buf_printf(ret, "%lld",
		    (long long)json_integer_value(v));
	case JSON_REAL:
		return buf_printf(ret, "%.17g", json_real_value(v));
	case JSON_TRUE:
		return buf_puts(ret, "true");
	case JSON_FALSE:
		return buf_puts(ret, "false");
	default:
		return MFA_ENOENT;
	}
}

static enum mfa_err
put_line(const struct answer *a, unsigned line, struct buf *ret)
{
	const char *p = a->body, *end = a->body + a->len, *lf;

	for (; line > 1; line--) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			return MFA_ENOENT;
		p = lf + 1;
	}
	lf = memchr(p, '\n', (size_t)(end - p));
	if (lf == NULL && p == end)
		return MFA_ENOENT;
	if (lf != NULL)
		end = lf;
	while (end > p && text_is_space(end[-1]))
		end--;
	/* What stands behind a NUL was not meant to be read. */
	return buf_put(ret, p, strnlen(p, (size_t)(end - p)));
}

static enum mfa_err
find_whole(const struct place *p, const struct answer *a, struct buf *ret)
{
	switch (p->kind) {
	case PLACE_JSON:
		return a->json == NULL ? MFA_ESYNTAX :
		    put_scalar(follow(a->json, p->path), ret);
	case PLACE_XML:
		return xml_find(a->body, a->len, p->path, ret);
	case PLACE_LINE:
		return put_line(a, p->line, ret);
	case PLACE_NONE:
		break;
	}
	return MFA_ENOENT;
}

enum mfa_err
place_find(const struct place *p, const struct answer *a, struct buf *ret)
{
	struct buf whole = { 0 };
	regmatch_t m[2];
	enum mfa_err r;
	size_t i;

	if (!p->has_regex)
		return find_whole(p, a, ret);
	if ((r = find_whole(p, a, &whole)))
		goto out;
	r = MFA_ENOENT;
	if (regexec(&p->regex, buf_str(&whole), 2, m, 0))
		goto out;
	i = m[1].rm_so >= 0;
	r = buf_put(ret, whole.data + m[i].rm_so,
	    (size_t)(m[i].rm_eo - m[i].rm_so));
out:
	buf_wipe(&whole);
	return r;
}

/* r is what place_find said, found what it found. */
static bool
is_there(const struct rule *rule, const struct answer *a, enum mfa_err r)
{
	const json_t *v;

	if (rule->at.kind != PLACE_JSON || rule->at.has_regex)
		return !r;
	v = follow(a->json, rule->at.path);
	return v != NULL && !json_is_null(v);
}

/* In JSON "0" and 0 are not the same; elsewhere all is text. */
static bool
equals(const struct rule *rule, const struct answer *a, enum mfa_err r,
    const char *found)
{
	const json_t *v;

	if (rule->at.kind != PLACE_JSON)
		return !r && !strcmp(found, json_string_value(rule->value));
	v = follow(a->json, rule->at.path);
	return v != NULL && json_equal(v, rule->value);
}

static bool
holds(const struct rule *rule, const struct answer *a, enum mfa_err r,
    const char *found)
{
	const char *start;

	switch (rule->op) {
	case RULE_EQUAL:
		return equals(rule, a, r, found);
	case RULE_DIFFERS:
		return !equals(rule, a, r, found);
	case RULE_STARTS:
		start = json_string_value(rule->value);
		return !r && !strncmp(found, start, strlen(start));
	case RULE_MATCHES:
	case RULE_PRESENT:
		return is_there(rule, a, r);
	case RULE_ABSENT:
		return !is_there(rule, a, r);
	}
	return false;
}

bool
rule_holds(const struct rule *rule, const struct answer *a)
{
	struct buf found = { 0 };
	enum mfa_err r = place_find(&rule->at, a, &found);
	bool yes = (!r || r == MFA_ENOENT) &&
	    holds(rule, a, r, buf_str(&found));

	buf_wipe(&found);
	return yes;
}
