/* Takes over a .google_authenticator file. */
#include <string.h>

#include "../pam_mfa/core/base32.h"
#include "../pam_mfa/core/text.h"
#include "import.h"

#define LINE_MAX_BYTES 2048	/* used steps may be many */
#define STEP_SIZE_DEFAULT 30	/* seconds */

struct google {
	struct otp_key otp;
	uint64_t next;
	bool totp;
	unsigned scratch;
};

/* The numbers behind an option's name; false if they are none. */
static bool
highest(const char *s, uint64_t *ret)
{
	char word[24];
	size_t n;

	for (*ret = 0; *(s += strspn(s, " \t")) != '\0'; s += n) {
		uint64_t v;

		n = strcspn(s, " \t");
		if (n >= sizeof(word))
			return false;
		memcpy(word, s, n);
		word[n] = '\0';
		if (text_u64(word, 0, UINT64_MAX - 1, &v))
			return false;
		if (v > *ret)
			*ret = v;
	}
	return true;
}

/* The text after "NAME", or NULL: it is another option. */
static const char *
option(const char *line, const char *name)
{
	size_t n = strlen(name);

	return strncmp(line, name, n) == 0 && (line[n] == ' ' || !line[n]) ?
	    line + n : NULL;
}

/* Options that we have no use for, or another rule for, are passed over. */
static enum mfa_err
read_option(struct google *g, const char *line)
{
	const char *rest;
	uint64_t n;

	if (option(line, "TOTP_AUTH")) {
		g->totp = true;
	} else if ((rest = option(line, "HOTP_COUNTER"))) {
		if (!highest(rest, &n))
			return MFA_ESYNTAX;
		g->otp.counter = n;
	} else if ((rest = option(line, "STEP_SIZE"))) {
		if (!highest(rest, &n))
			return MFA_ESYNTAX;
		if (n < 1 || n > TOTP_PERIOD_MAX)
			return MFA_ERANGE;
		g->otp.period = (unsigned)n;
	} else if ((rest = option(line, "DISALLOW_REUSE"))) {
		if (!highest(rest, &n))
			return MFA_ESYNTAX;
		g->next = n ? n + 1 : 0;
	}
	return MFA_OK;
}

static enum mfa_err
read_line(struct google *g, unsigned number, const char *line,
    struct mfa_why *why)
{
	enum mfa_err r = MFA_OK;

	if (number == 1) {
		if ((r = base32_decode(line, g->otp.key, sizeof(g->otp.key),
		    &g->otp.len)))
			return mfa_fail(why, r, r == MFA_ERANGE ?
			    "line 1: the key has over %d bytes" :
			    "line 1: the key is not base 32 (A-Z, 2-7)",
			    TOTP_KEY_MAX);
		if (g->otp.len < TOTP_KEY_MIN)
			return mfa_fail(why, MFA_ERANGE, "line 1: the key has "
			    "%zu "
			    "bits, and under %d are not taken over: enrol anew "
			    "with mfactl add totp", g->otp.len * 8,
			    TOTP_KEY_MIN * 8);
	} else if (line[0] == '"' && line[1] == ' ') {
		if ((r = read_option(g, line + 2)))
			return mfa_fail(why, r, "line %u: this is no number, "
			    "or "
			    "out of bounds: %s", number, line);
	} else if (line[0] != '\0' &&
	    strspn(line, "0123456789") == strlen(line)) {
		g->scratch++;
	} else if (line[0] != '\0') {
		return mfa_fail(why, MFA_ESYNTAX, "line %u: neither an option "
		    "nor "
		    "a scratch code", number);
	}
	return MFA_OK;
}

static enum mfa_err
read_lines(struct google *g, const char *text, struct mfa_why *why)
{
	char line[LINE_MAX_BYTES];
	enum mfa_err r = MFA_OK;
	unsigned number = 1;

	for (; !r && (*text || number == 1); number++) {
		size_t n = strcspn(text, "\r\n");

		if (n >= sizeof(line))
			return mfa_fail(why, MFA_ESYNTAX, "line %u is too long",
			    number);
		memcpy(line, text, n);
		line[n] = '\0';
		r = read_line(g, number, line, why);
		text += n;
		text += *text == '\r';
		text += *text == '\n';
	}
	mfa_wipe(line, sizeof(line));
	return r;
}

enum mfa_err
import_google(const char *text, struct import *ret, unsigned *ret_scratch,
    struct mfa_why *why)
{
	struct google g = { .otp = { .digits = 6, .hash = CRYPTO_SHA1,
	    .period = STEP_SIZE_DEFAULT } };
	enum mfa_err r;

	r = read_lines(&g, text, why);
	if (!r && !g.totp && !g.otp.counter)
		r = mfa_fail(why, MFA_ESYNTAX, "neither TOTP_AUTH nor a "
		    "HOTP_COUNTER is in it: this key was good for no code");
	if (!r) {
		*ret = (struct import){ .next = g.next };
		/* A counter wins there, whatever else stands in the file. */
		ret->factor.kind = g.otp.counter ? FACTOR_HOTP : FACTOR_TOTP;
		if (ret->factor.kind == FACTOR_HOTP)
			g.otp.period = 0;
		ret->factor.otp = g.otp;
		*ret_scratch = g.scratch;
	}
	mfa_wipe(&g, sizeof(g));
	return r;
}

static int
take_over(const struct tool *t, const struct person *p, const char *file,
    const char *text)
{
	struct mfa_why why = { "" };
	struct import from;
	unsigned scratch;
	int status;

	if (import_google(text, &from, &scratch, &why))
		return tool_fail(TOOL_NO, "%s: %s", file, why.text);
	status = import_add(t, p, &from);
	if (!status && scratch)
		tool_say(t, "Scratch codes were not taken over (%u); make "
		    "recovery codes: mfactl add recovery %s", scratch,
		    p->who.user);
	mfa_wipe(&from, sizeof(from));
	return status;
}

/* With --self the file would be read as root for somebody who is not. */
int
verb_import_google(struct tool *t, int argc, char **argv)
{
	struct buf text = { 0 };
	struct person p;
	int status;

	if (t->prove)
		return tool_fail(TOOL_CONFIG, "import does not go with --self; "
		    "ask your administrator for: mfactl import "
		    "google-authenticator FILE %s", t->self);
	if ((status = person_open(t, argc > 1 ? argv[1] : NULL, PERSON_CHANGE,
	    &p)))
		return status;
	if (!(status = import_read(argv[0], &text)))
		status = take_over(t, &p, argv[0], buf_str(&text));
	person_close(&p);
	buf_wipe(&text);
	return status;
}
