/* The ways in which a code can be sent. */
#include <stdio.h>
#include <string.h>

#include "say.h"
#include "text.h"
#include "ways.h"

static const char letters[SENDING_KINDS] = { [SENDING_SMS] = 's',
    [SENDING_VOICE] = 'c' };

static void
add(struct ways *ways, const struct factor *f, enum sending_kind kind,
    unsigned number)
{
	struct way *w = &ways->way[ways->n++];

	memcpy(w->factor, f->id, sizeof(w->factor));
	w->kind = kind;
	w->number = number;
	phone_mask(w->to, f->phone.number);
	text_clean(w->label, sizeof(w->label), f->label);
}

void
ways_of(const struct record *rec, unsigned methods, struct ways *ret)
{
	ret->n = 0;
	for (unsigned kind = 0; kind < SENDING_KINDS; kind++) {
		unsigned number = 0;

		if (!method_in(methods, factor_method(FACTOR_PHONE,
		    (enum sending_kind)kind)))
			continue;
		for (size_t i = 0; i < rec->n; i++)
			if (rec->factor[i].kind == FACTOR_PHONE &&
			    rec->factor[i].phone.way[kind] &&
			    ret->n < WAYS_MAX)
				add(ret, &rec->factor[i],
				    (enum sending_kind)kind, ++number);
	}
}

size_t
ways_first(const struct ways *ways, enum sending_kind kind)
{
	for (size_t i = 0; i < ways->n; i++)
		if (ways->way[i].kind == kind)
			return i;
	return WAYS_NONE;
}

size_t
ways_typed(const struct ways *ways, const char *typed)
{
	char letter, digit = '1';

	while (text_is_space(*typed))
		typed++;
	letter = text_upper(*typed);
	if (letter != '\0' && text_is_digit(typed[1]))
		digit = *++typed;
	if (letter == '\0' || typed[1 + strspn(typed + 1, " \t\r\n")] != '\0')
		return WAYS_NONE;
	for (size_t i = 0; i < ways->n; i++)
		if (text_upper(letters[ways->way[i].kind]) == letter &&
		    ways->way[i].number == (unsigned)(digit - '0'))
			return i;
	return WAYS_NONE;
}

/* Of one: ", ", "c8", ": ", "SMS to ", number, " (", label, ")". */
#define ITEM_MAX (13 + PHONE_MASK_MAX + 2 + 24 + 1)

char *
ways_menu(const struct ways *ways, enum language language,
    char dst[static WAYS_MENU_MAX])
{
	size_t len = 0;

	_Static_assert(WAYS_SHOWN * ITEM_MAX < WAYS_MENU_MAX, "all are whole");
	*dst = '\0';
	for (size_t i = 0; i < ways->n && i < WAYS_SHOWN; i++) {
		const struct way *w = &ways->way[i];
		char number[12] = "", what[ITEM_MAX];

		if (w->number > 1)
			snprintf(number, sizeof(number), "%u", w->number);
		snprintf(what, sizeof(what), say(language,
		    w->kind == SENDING_SMS ? "SMS to %s (%s)" :
		    "call %s (%s)"), w->to, w->label);
		len += (size_t)snprintf(dst + len, WAYS_MENU_MAX - len,
		    "%s%c%s: %s", i > 0 ? ", " : "", letters[w->kind], number,
		    what);
	}
	return dst;
}
