/*
 * The QR code as drawn, read back from its characters, is libqrencode's
 * matrix, with a quiet zone, and fits a terminal. tests/e2e/mfactl.sh has a
 * decoder read it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../enroll/qr.h"

#define USUAL "otpauth://totp/host.example.com:alice@host.example.com?" \
    "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=host.example.com"
#define SHORT "otpauth://totp/mfa-test:alice@mfa-test?" \
    "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=mfa-test"
#define SIDE_MAX 200
#define ON "\033[97;40m"
#define OFF "\033[0m\n"

struct modules {
	int columns, lines;	/* characters */
	int width, height;
	bool light[SIDE_MAX][SIDE_MAX];
};

/* One character, or a pair of them, at s; bytes used. */
static size_t
one(const char *s, bool utf8, bool ret[static 2])
{
	static const struct { const char *glyph; bool top, bottom; } ink[] = {
		{ " ", false, false }, { "\342\226\200", true, false },
		{ "\342\226\204", false, true }, { "\342\226\210", true, true },
	};

	if (!utf8) {
		assert_true(!strncmp(s, "##", 2) || !strncmp(s, "  ", 2));
		ret[0] = *s == '#';
		return 2;
	}
	for (size_t i = 0; i < 4; i++) {
		if (strncmp(s, ink[i].glyph, strlen(ink[i].glyph)) != 0)
			continue;
		ret[0] = ink[i].top;
		ret[1] = ink[i].bottom;
		return strlen(ink[i].glyph);
	}
	fail_msg("no block: %.4s", s);
	return 1;
}

/* The colour at s, if it changes there; bytes of it. */
static size_t
colour_at(const char *s, bool *white)
{
	const char *end = *s == '\033' ? strchr(s, 'm') + 1 : s;

	if (end > s)
		*white = strncmp(s, "\033[97;107m", (size_t)(end - s)) == 0;
	if (end > s && !*white)
		assert_true(strncmp(s, ON, (size_t)(end - s)) == 0);
	return (size_t)(end - s);
}

static void
read_back(const char *text, bool utf8, bool colour, struct modules *ret)
{
	*ret = (struct modules){ .columns = 0 };
	for (const char *s = text; *s; ret->lines++) {
		const char *end = strstr(s, colour ? OFF : "\n");
		bool white = false;
		int x = 0;

		assert_non_null(end);
		assert_true(!colour || strncmp(s, ON, strlen(ON)) == 0);
		for (s += colour ? strlen(ON) : 0; s < end; x++) {
			bool pair[2] = { false, false };

			s += utf8 ? 0 : colour_at(s, &white);
			s += one(s, utf8, pair);
			/* The ink is solid: '##' stands on white. */
			assert_int_equal(white, colour && !utf8 && pair[0]);
			ret->light[ret->height][x] = pair[0];
			ret->light[ret->height + 1][x] = pair[1];
		}
		assert_true(ret->width == 0 || ret->width == x);
		ret->width = x;
		ret->height += utf8 ? 2 : 1;
		s = end + strlen(colour ? OFF : "\n");
	}
	ret->columns = utf8 ? ret->width : 2 * ret->width;
}

static void
render(const char *text, bool utf8, bool colour, struct modules *ret)
{
	struct buf b = { 0 };

	assert_int_equal(qr_render(text, utf8, colour, &b), MFA_OK);
	read_back(buf_str(&b), utf8, colour, ret);
	buf_wipe(&b);
}

static void
same_as_matrix(const struct modules *m, const char *text, int quiet)
{
	QRcode *q = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
	int side;

	assert_non_null(q);
	side = q->width + 2 * quiet;
	assert_int_equal(m->width, side);
	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++) {
			int qx = x - quiet, qy = y - quiet;
			bool inside = qx >= 0 && qy >= 0 && qx < q->width &&
			    qy < q->width;

			assert_int_equal(m->light[y][x], !inside ||
			    !(q->data[qy * q->width + qx] & 1));
		}
	QRcode_free(q);
}

static void
usual_fits(void **state)
{
	static struct modules m;

	(void)state;
	for (int colour = 0; colour < 2; colour++) {
		render(USUAL, true, colour, &m);
		assert_true(m.columns <= 80);
		assert_true(m.lines <= 23);
		same_as_matrix(&m, USUAL, 2);
		/* Not square in pairs: the half line that is over is dark. */
		assert_int_equal(m.height, m.width + 1);
		for (int x = 0; x < m.width; x++)
			assert_false(m.light[m.width][x]);
	}
}

/* As long an account as fits, and one byte more. */
static void
short_one_has_its_quiet_zone(void **state)
{
	static struct modules m;
	char text[128];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[106] = '\0';	/* version 5, error correction L */
	render(text, true, false, &m);
	same_as_matrix(&m, text, 4);
	assert_int_equal(m.lines, 23);
	text[106] = 'x';
	text[107] = '\0';
	render(text, true, false, &m);
	same_as_matrix(&m, text, 2);
	assert_int_equal(m.lines, 23);
}

static void
ascii(void **state)
{
	static struct modules m;

	(void)state;
	for (int colour = 0; colour < 2; colour++) {
		render(SHORT, false, colour, &m);
		same_as_matrix(&m, SHORT, 1);
		assert_int_equal(m.height, m.width);
		assert_int_equal(m.columns, 78);
	}
	render("otpauth", false, false, &m);
	same_as_matrix(&m, "otpauth", 4);
}

static void
too_long(void **state)
{
	struct buf b = { 0 };
	static char text[4001];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(qr_render(text, true, false, &b), MFA_ERANGE);
	assert_int_equal(b.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(usual_fits),
	    cmocka_unit_test(short_one_has_its_quiet_zone),
	    cmocka_unit_test(ascii), cmocka_unit_test(too_long) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
