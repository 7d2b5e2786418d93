/* The ways in which a person can answer. */
#include <stdio.h>
#include <string.h>

#include "method.h"

#define BITS 4

static const char *const names[METHOD_KINDS] = { "totp", "sms", "call",
    "recovery" };

const char *
method_name(enum method m)
{
	return names[m];
}

enum method
method_at(unsigned list, unsigned i)
{
	unsigned place = i < METHOD_KINDS ? list >> BITS * i & 15 : 0;

	return place == 0 ? METHOD_KINDS : (enum method)(place - 1);
}

unsigned
method_set(unsigned list)
{
	unsigned set = 0;
	enum method m;

	for (unsigned i = 0; (m = method_at(list, i)) != METHOD_KINDS; i++)
		set |= METHOD_BIT(m);
	return set;
}

bool
method_in(unsigned list, enum method m)
{
	return method_set(list) >> m & 1;
}

unsigned
method_both(unsigned a, unsigned b)
{
	unsigned list = 0, n = 0;
	enum method m;

	for (unsigned i = 0; (m = method_at(a, i)) != METHOD_KINDS; i++)
		if (method_in(b, m))
			list |= (m + 1U) << BITS * n++;
	return list;
}

static enum method
find(const char *word, size_t len)
{
	unsigned m = 0;

	while (m < METHOD_KINDS && (strlen(names[m]) != len ||
	    memcmp(names[m], word, len) != 0))
		m++;
	return (enum method)m;
}

enum mfa_err
method_list(const char *text, unsigned *ret)
{
	static const char gap[] = ", \t";
	unsigned list = 0, n = 0;
	size_t len;

	for (text += strspn(text, gap); *text != '\0';
	    text += strspn(text, gap)) {
		enum method m = find(text, len = strcspn(text, gap));

		if (m == METHOD_KINDS || method_in(list, m))
			return MFA_ESYNTAX;
		list |= (m + 1U) << BITS * n++;
		text += len;
	}
	if (n == 0)
		return MFA_ESYNTAX;
	*ret = list;
	return MFA_OK;
}

char *
method_format(unsigned list, char *dst, size_t cap)
{
	size_t len = 0;
	enum method m;

	*dst = '\0';
	for (unsigned i = 0; len < cap &&
	    (m = method_at(list, i)) != METHOD_KINDS; i++)
		len += (size_t)snprintf(dst + len, cap - len, "%s%s",
		    i > 0 ? ", " : "", names[m]);
	return dst;
}
