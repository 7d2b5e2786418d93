/* A QR code for a terminal. */
#include <errno.h>
#include <qrencode.h>

#include "qr.h"

#define COLUMNS 80
#define LINES 24
#define WHITE_ON_BLACK "\033[97;40m"
#define WHITE_ON_WHITE "\033[97;107m"
#define PLAIN "\033[0m"

struct grid {
	const QRcode *code;
	int quiet;	/* modules around it */
	int side;	/* modules, quiet zone included */
};

/* Below the last row, where half a line is left over, all is dark. */
static bool
light(const struct grid *g, int x, int y)
{
	int w = g->code->width;

	x -= g->quiet;
	y -= g->quiet;
	if (x < 0 || y < 0 || x >= w || y >= w)
		return y < w + g->quiet;
	return !(g->code->data[y * w + x] & 1);
}

static enum mfa_err
half_blocks(const struct grid *g, int y, struct buf *ret)
{
	static const char *const ink[2][2] = { { " ", "▄" }, { "▀", "█" } };
	enum mfa_err r = MFA_OK;

	for (int x = 0; x < g->side && !r; x++)
		r = buf_puts(ret, ink[light(g, x, y)][light(g, x, y + 1)]);
	return r;
}

/* A '#' has holes, which a phone sees: a colour behind it fills them. */
static enum mfa_err
ascii(const struct grid *g, int y, bool colour, struct buf *ret)
{
	enum mfa_err r = MFA_OK;
	bool before = false;

	for (int x = 0; x < g->side && !r; x++) {
		bool now = light(g, x, y);

		if (colour && now != before)
			r = buf_puts(ret, now ? WHITE_ON_WHITE :
			    WHITE_ON_BLACK);
		if (!r)
			r = buf_puts(ret, now ? "##" : "  ");
		before = now;
	}
	return r;
}

static enum mfa_err
draw(const struct grid *g, bool utf8, bool colour, struct buf *ret)
{
	enum mfa_err r = MFA_OK;

	for (int y = 0; y < g->side && !r; y += utf8 ? 2 : 1) {
		if (colour && (r = buf_puts(ret, WHITE_ON_BLACK)))
			break;
		if ((r = utf8 ? half_blocks(g, y, ret) :
		    ascii(g, y, colour, ret)))
			break;
		r = buf_puts(ret, colour ? PLAIN "\n" : "\n");
	}
	return r;
}

/* In ASCII no code fits the lines; a row that is folded could not be read. */
static int
quiet_zone(int width, bool utf8)
{
	int wide = width + 8;

	if (utf8)	/* One line is left for the prompt. */
		return wide <= COLUMNS && wide / 2 + 1 < LINES ? 4 : 2;
	while (2 * wide > COLUMNS && wide > width + 2)
		wide -= 2;
	return (wide - width) / 2;
}

enum mfa_err
qr_render(const char *text, bool utf8, bool colour, struct buf *ret)
{
	QRcode *code;
	struct grid g;
	enum mfa_err r;

	if ((code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8,
	    1)) == NULL)
		return errno == ENOMEM ? MFA_ENOMEM : MFA_ERANGE;
	g = (struct grid){ .code = code,
	    .quiet = quiet_zone(code->width, utf8) };
	g.side = code->width + 2 * g.quiet;
	r = draw(&g, utf8, colour, ret);
	mfa_wipe(code->data, (size_t)(code->width * code->width));
	QRcode_free(code);
	return r;
}
