/* The one lexer for everything we read and write. */
#include <stdbool.h>
#include <string.h>

#include "ini.h"
#include "text.h"

struct line {
	const char *p;
	size_t len;
};

void
ini_init(struct ini *ini, const char *text, size_t len)
{
	*ini = (struct ini){ .text = text, .len = len };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct line
trim(struct line l)
{
	while (l.len > 0 && is_blank(l.p[0])) {
		l.p++;
		l.len--;
	}
	while (l.len > 0 && is_blank(l.p[l.len - 1]))
		l.len--;
	return l;
}

static enum mfa_err
check_line(const struct ini *ini, struct line l, struct mfa_why *why)
{
	if (l.len > INI_LINE_MAX)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: longer than %d "
		    "bytes", ini->line, INI_LINE_MAX);
	for (size_t i = 0; i < l.len; i++) {
		unsigned char c = (unsigned char)l.p[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return mfa_fail(why, MFA_ESYNTAX, "line %u: a control "
			    "byte (0x%02x): remove it", ini->line, c);
	}
	return MFA_OK;
}

/* The next line without its end, CR LF or LF. */
static struct line
take_line(struct ini *ini)
{
	struct line l = { ini->text + ini->pos, 0 };
	size_t left = ini->len - ini->pos;
	const char *end = memchr(l.p, '\n', left);

	l.len = end != NULL ? (size_t)(end - l.p) : left;
	ini->pos += l.len + (end != NULL);
	ini->line++;
	if (l.len > 0 && l.p[l.len - 1] == '\r')
		l.len--;
	return l;
}

static void
copy(char *dst, struct line l)
{
	memcpy(dst, l.p, l.len);
	dst[l.len] = '\0';
}

static bool
is_key(struct line l, size_t cap)
{
	if (l.len == 0 || l.len >= cap)
		return false;
	for (size_t i = 0; i < l.len; i++)
		if (!text_is_digit(l.p[i]) && l.p[i] != '_' &&
		    (l.p[i] < 'a' || l.p[i] > 'z'))
			return false;
	return true;
}

static enum mfa_err
section(struct line l, struct ini_item *it, struct mfa_why *why)
{
	struct line word, rest;
	size_t n = 0;

	if (l.p[l.len - 1] != ']')
		return mfa_fail(why, MFA_ESYNTAX, "line %u: a heading must end "
		    "in ']'", it->line);
	word = trim((struct line){ l.p + 1, l.len - 2 });
	while (n < word.len && !is_blank(word.p[n]))
		n++;
	rest = trim((struct line){ word.p + n, word.len - n });
	word.len = n;
	if (!is_key(word, sizeof(it->name)))
		return mfa_fail(why, MFA_ESYNTAX, "line %u: a heading is "
		    "[name] or [name argument]", it->line);
	it->kind = INI_SECTION;
	copy(it->name, word);
	copy(it->value, rest);
	return MFA_OK;
}

static enum mfa_err
key(struct line l, struct ini_item *it, struct mfa_why *why)
{
	const char *eq = memchr(l.p, '=', l.len);
	struct line name;

	if (eq == NULL)
		return mfa_fail(why, MFA_ESYNTAX, "line %u: expected "
		    "\"key = value\" or \"[section]\"", it->line);
	name = trim((struct line){ l.p, (size_t)(eq - l.p) });
	if (!is_key(name, sizeof(it->name)))
		return mfa_fail(why, MFA_ESYNTAX, "line %u: a key has only "
		    "a-z 0-9 and _", it->line);
	it->kind = INI_KEY;
	copy(it->name, name);
	copy(it->value, trim((struct line){ eq + 1,
	    l.len - (size_t)(eq + 1 - l.p) }));
	return MFA_OK;
}

enum mfa_err
ini_next(struct ini *ini, struct ini_item *ret, struct mfa_why *why)
{
	struct line l;
	enum mfa_err r;

	while (ini->pos < ini->len) {
		l = take_line(ini);
		if ((r = check_line(ini, l, why)))
			return r;
		l = trim(l);
		if (l.len == 0 || l.p[0] == '#' || l.p[0] == ';')
			continue;
		ret->line = ini->line;
		return l.p[0] == '[' ? section(l, ret, why) : key(l, ret, why);
	}
	ret->kind = INI_END;
	ret->line = ini->line;
	*ret->name = *ret->value = '\0';
	return MFA_OK;
}
