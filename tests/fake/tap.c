#include "tap.h"

#include <stdarg.h>
#include <stdio.h>

static struct {
	int done, failed;
} tap;

bool
tap_ok(bool ok, const char *fmt, ...)
{
	va_list ap;

	tap.done++;
	if (!ok)
		tap.failed++;
	printf("%sok %d - ", ok ? "" : "not ", tap.done);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	return ok;
}

void
tap_note(const char *fmt, ...)
{
	va_list ap;

	fputs("# ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

int
tap_done(void)
{
	printf("1..%d\n", tap.done);
	return tap.failed || !tap.done;
}
