/* The ways in which a person can answer. */
#include <string.h>

#include "method.h"

#define BITS 4

static const char *const names[METHODS] = { "totp", "sms", "call",
    "recovery" };

const char *
method_name(enum method m)
{
	return names[m];
}

enum method
method_at(unsigned list, unsigned i)
{
	unsigned place = i < METHODS ? list >> BITS * i & 15 : 0;

	return place == 0 ? (enum method)METHODS : (enum method)(place - 1);
}

bool
method_in(unsigned list, enum method m)
{
	for (unsigned i = 0; i < METHODS; i++)
		if (method_at(list, i) == m)
			return true;
	return false;
}

static enum method
find(const char *word, size_t len)
{
	unsigned m = 0;

	while (m < METHODS && (strlen(names[m]) != len ||
	    memcmp(names[m], word, len) != 0))
		m++;
	return (enum method)m;
}

enum mfa_err
method_list(const char *text, unsigned *ret)
{
	unsigned list = 0, n = 0;
	size_t len;

	while (text += strspn(text, ", \t"), (len = strcspn(text, ", \t")) > 0) {
		enum method m = find(text, len);

		if (m == (enum method)METHODS || method_in(list, m))
			return MFA_ESYNTAX;
		list |= (m + 1U) << BITS * n++;
		text += len;
	}
	if (n == 0)
		return MFA_ESYNTAX;
	*ret = list;
	return MFA_OK;
}
