/* What a profile says about the answer: places, rules, lists of statuses. */
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "profile_data.h"

/* "429", or "5xx" for a whole hundred. */
static bool
is_status(const char *word, size_t len)
{
	return len == 3 && word[0] >= '1' && word[0] <= '5' &&
	    ((text_is_digit(word[1]) && text_is_digit(word[2])) ||
	    (word[1] == 'x' && word[2] == 'x'));
}

static enum mfa_err
check_statuses(const struct profile *p, const struct profile_line *l,
    struct mfa_why *why)
{
	const char *list = l->value, *word;
	size_t n;

	if (*list == '\0')
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s: expected HTTP statuses such as 429 5xx", l->name);
	while ((word = text_word(&list, &n)) != NULL)
		if (!is_status(word, n))
			return profile_fail(p, l->number, why, MFA_ESYNTAX,
			    "%s: \"%.*s\" is no HTTP status", l->name, (int)n,
			    word);
	return MFA_OK;
}

bool
profile_status_listed(const char *list, unsigned status)
{
	char digits[3] = { (char)('0' + status / 100 % 10),
	    (char)('0' + status / 10 % 10), (char)('0' + status % 10) };
	const char *word;
	size_t n;

	while ((word = text_word(&list, &n)) != NULL)
		if (word[0] == digits[0] && (word[1] == 'x' ||
		    !memcmp(word, digits, sizeof(digits))))
			return true;
	return false;
}

static enum mfa_err
add_rule(const struct profile *p, struct profile_section *s,
    const struct profile_line *l, struct mfa_why *why)
{
	struct mfa_why cause = { "" };
	struct rule *ok;
	enum mfa_err r;

	ok = reallocarray(s->ok, s->nok + 1, sizeof(*ok));
	if (ok == NULL)
		return MFA_ENOMEM;
	s->ok = ok;
	/* Counted even if it fails: what was made of it is to be freed. */
	if ((r = rule_parse(l->value, &s->ok[s->nok++], &cause)))
		return profile_fail(p, l->number, why, r, "%s", cause.text);
	return MFA_OK;
}

static enum mfa_err
parse_place(const struct profile *p, const struct profile_line *l,
    struct place *ret, struct mfa_why *why)
{
	struct mfa_why cause = { "" };
	enum mfa_err r;

	if ((r = place_parse(l->value, ret, &cause)))
		return profile_fail(p, l->number, why, r, "%s", cause.text);
	return MFA_OK;
}

static enum mfa_err
add_place(const struct profile *p, const struct profile_line *l,
    struct profile_places *to, struct mfa_why *why)
{
	struct place *place;

	place = reallocarray(to->place, to->n + 1, sizeof(*place));
	if (place == NULL)
		return MFA_ENOMEM;
	to->place = place;
	return parse_place(p, l, &to->place[to->n++], why);
}

static enum mfa_err
check_codes(const struct profile *p, const struct profile_section *s,
    const struct profile_line *l, struct mfa_why *why)
{
	if (profile_value(s, KEY_ERROR_CODE) == NULL)
		return profile_fail(p, l->number, why, MFA_ESYNTAX,
		    "%s without error_code, which says where the code stands",
		    l->name);
	return *l->value != '\0' ? MFA_OK : profile_fail(p, l->number, why,
	    MFA_ESYNTAX, "%s: expected codes of the provider, or *", l->name);
}

static enum mfa_err
check_line(const struct profile *p, struct profile_section *s,
    const struct profile_line *l, struct mfa_why *why)
{
	switch (l->key) {
	case KEY_OK_STATUS:
	case KEY_TRANSIENT_STATUS:
	case KEY_PERMANENT_STATUS:
	case KEY_CONFIG_STATUS:
	case KEY_QUOTA_STATUS:
		return check_statuses(p, l, why);
	case KEY_OK:
		return add_rule(p, s, l, why);
	case KEY_ID:
		return parse_place(p, l, &s->id, why);
	case KEY_ERROR_CODE:
		return add_place(p, l, &s->code, why);
	case KEY_ERROR_TEXT:
		return add_place(p, l, &s->text, why);
	case KEY_TRANSIENT_CODE:
	case KEY_PERMANENT_CODE:
	case KEY_CONFIG_CODE:
	case KEY_QUOTA_CODE:
		return check_codes(p, s, l, why);
	default:
		return MFA_OK;
	}
}

enum mfa_err
profile_check_answer(const struct profile *p, struct profile_section *s,
    struct mfa_why *why)
{
	enum mfa_err r;

	if (profile_value(s, KEY_OK_STATUS) == NULL)
		return profile_fail(p, s->number, why, MFA_ESYNTAX,
		    "[%s] needs ok_status: with which HTTP status the "
		    "provider says yes", profile_section_name(s->kind));
	for (size_t i = 0; i < s->nlines; i++)
		if ((r = check_line(p, s, &s->line[i], why)))
			return r;
	return MFA_OK;
}
