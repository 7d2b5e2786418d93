/*
 * "mfactl draw-qr utf8|ascii": a line of standard input as a QR code on
 * standard output, and an empty line. It is for the module at an enrolment
 * (sys/draw_proc.h), and so no verb of the table: it needs no configuration.
 */
#include <string.h>
#include <unistd.h>

#include "../pam_mfa/sys/file.h"
#include "qr.h"
#include "tool.h"
#include "tty.h"

int
tool_draw(const char *charset)
{
	bool lost = false, utf8 = !strcmp(charset, "utf8");
	const struct mfa_conv conv = tty_conv(&lost);
	struct buf line = { 0 }, picture = { 0 };
	enum mfa_err r;

	if (!utf8 && strcmp(charset, "ascii") != 0)
		return tool_fail(TOOL_USAGE, "draw-qr utf8|ascii");
	if (!(r = conv.ask(conv.ctx, "", false, &line)) &&
	    !(r = qr_render(buf_str(&line), utf8, false, &picture)) &&
	    !(r = buf_puts(&picture, "\n")) &&
	    !file_write_all(STDOUT_FILENO, picture.data, picture.len))
		r = MFA_EIO;
	buf_wipe(&line);
	buf_wipe(&picture);
	return r ? TOOL_SYSTEM : TOOL_OK;
}
