/* The one list of errors. */
#include <stdarg.h>
#include <stdio.h>

#include "err.h"
#include "say.h"
#include "text.h"

const char *
mfa_strerror(enum mfa_err err)
{
	switch (err) {
	case MFA_OK:
		return "no error";
	case MFA_ENOMEM:
		return "out of memory";
	case MFA_ESYNTAX:
		return "the text is not understood";
	case MFA_ERANGE:
		return "a value is out of bounds";
	case MFA_ENOENT:
		return "there is none";
	case MFA_EEXIST:
		return "there is one already";
	case MFA_EPERM:
		return "wrong owner, mode or kind of file";
	case MFA_EIO:
		return "input or output failed";
	case MFA_EBUSY:
		return "locked by another process";
	case MFA_ETIME:
		return "the time is over";
	case MFA_ECONV:
		return "no answer from the person";
	case MFA_ECRYPTO:
		return "the crypto library refused";
	}
	return "unknown error";
}

enum mfa_err
mfa_fail(struct mfa_why *why, enum mfa_err err, const char *fmt, ...)
{
	/* One byte more, so that text_clean sees where it cuts. */
	char text[sizeof(why->text) + 1];
	va_list ap;

	if (why == NULL)
		return err;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), say(why->language, fmt), ap);
	va_end(ap);
	text_clean(why->text, sizeof(why->text), text);
	return err;
}
