/* QR codes, drawn outside of the host process. */
#include <string.h>

#include "../core/utf8.h"
#include "child.h"
#include "draw_proc.h"

#define LIMIT_MS 5000
#define PICTURE_MAX (32 * 1024)	/* bytes; the largest that we draw has half */

/* An empty line ends it. */
static enum mfa_err
whole(const struct buf *in)
{
	if (in->len > PICTURE_MAX)
		return MFA_ERANGE;
	return in->len > 2 && !memcmp(in->data + in->len - 2, "\n\n", 2) ?
	    MFA_OK : MFA_ENOENT;
}

/* It goes to a terminal: block elements, '#' and blanks, whatever answered. */
static bool
harmless(const struct buf *in)
{
	uint32_t c;
	size_t len;

	for (const char *s = buf_str(in); *s != '\0'; s += len) {
		if ((len = utf8_next(s, &c)) == 0)
			return false;
		if (c != '#' && c != ' ' && c != '\n' &&
		    (c < 0x2580 || c > 0x259f))
			return false;
	}
	return true;
}

static enum mfa_err
draw(void *ctx, const char *text, bool utf8, struct buf *ret,
    struct mfa_why *why)
{
	const char *const argv[] = { "mfactl", "draw-qr",
	    utf8 ? "utf8" : "ascii", NULL };
	const struct child c = { .path = ctx, .argv = argv,
	    .limit_ms = LIMIT_MS, .whole = whole };
	struct buf out = { 0 }, in = { 0 };
	bool started;
	enum mfa_err r;

	if (*c.path == '\0')
		return MFA_ENOENT;
	if (!(r = buf_printf(&out, "%s\n", text)) &&
	    !(r = child_run(&c, &out, &in, &started, why)) && !harmless(&in))
		r = mfa_fail(why, MFA_ESYNTAX, "%s drew no QR code", c.path);
	if (!r)	/* without the empty line */
		r = buf_put(ret, in.data, in.len - 1);
	buf_wipe(&out);
	buf_wipe(&in);
	return r;
}

struct mfa_drawer
draw_proc(const char *program)
{
	return (struct mfa_drawer){ .ctx = (void *)(uintptr_t)program,
	    .draw = draw };
}
