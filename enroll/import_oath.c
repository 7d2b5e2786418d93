/* Takes over everybody in a users.oath file. */
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "import.h"

enum { TYPE, USER, PASSWD, KEY, COUNTER, LAST_OTP };

/* "HOTP", "HOTP/E", "HOTP/T30", the last two with "/6", "/7" or "/8". */
static bool
read_type(const char *s, struct otp_key *otp)
{
	otp->digits = 6;
	otp->period = 0;
	if (strncmp(s, "HOTP", 4) != 0)
		return false;
	s += 4;
	if (strncmp(s, "/T30", 4) == 0 || strncmp(s, "/T60", 4) == 0) {
		otp->period = s[2] == '3' ? 30 : 60;
		s += 4;
	} else if (strncmp(s, "/E", 2) == 0) {
		s += 2;
	} else {
		return *s == '\0';
	}
	if (s[0] == '/' && s[1] >= '6' && s[1] <= '8') {
		otp->digits = (unsigned)(s[1] - '0');
		s += 2;
	}
	return *s == '\0';
}

static enum mfa_err
read_key(const char *hex, struct otp_key *otp, struct mfa_why *why)
{
	otp->hash = CRYPTO_SHA1;
	otp->len = strlen(hex) / 2;
	if (otp->len > sizeof(otp->key) || strlen(hex) % 2 != 0 ||
	    text_unhex(hex, otp->key, otp->len))
		return mfa_fail(why, MFA_ESYNTAX, "the key is not hexadecimal, "
		    "or over %zu bytes", sizeof(otp->key));
	if (otp->len < TOTP_KEY_MIN)
		return mfa_fail(why, MFA_ERANGE, "the key has %zu bits, and "
		    "under %d are not taken over: enrol anew with mfactl "
		    "add totp",
		    otp->len * 8, TOTP_KEY_MIN * 8);
	return MFA_OK;
}

static unsigned
cut(char *line, char *field[static IMPORT_FIELDS])
{
	unsigned n = 0;
	char *save = NULL;

	for (char *s = strtok_r(line, " \t\r", &save);
	    s != NULL && n < IMPORT_FIELDS; s = strtok_r(NULL, " \t\r", &save))
		field[n++] = s;
	return n;
}

enum mfa_err
import_oath(char *line, struct import *ret, const char **ret_user,
    const char **ret_last_otp, struct mfa_why *why)
{
	struct import im = { .factor.kind = FACTOR_HOTP };
	struct otp_key *otp = &im.factor.otp;
	char *field[IMPORT_FIELDS];
	unsigned n = cut(line, field);
	enum mfa_err r;

	if (n == 0 || field[TYPE][0] == '#')
		return MFA_ENOENT;
	if (!read_type(field[TYPE], otp))
		return mfa_fail(why, MFA_ESYNTAX, "unknown type \"%s\"",
		    field[TYPE]);
	if (n <= KEY)
		return mfa_fail(why, MFA_ESYNTAX, "the key is missing");
	if ((r = read_key(field[KEY], otp, why)))
		goto out;
	if (otp->period)
		im.factor.kind = FACTOR_TOTP;
	else if (n > COUNTER && text_u64(field[COUNTER], 0, UINT64_MAX - 1,
	    &otp->counter)) {
		r = mfa_fail(why, MFA_ESYNTAX, "the counter is no number");
		goto out;
	}
	*ret = im;
	*ret_user = field[USER];
	*ret_last_otp = n > LAST_OTP ? field[LAST_OTP] : NULL;
out:
	mfa_wipe(&im, sizeof(im));
	return r;
}

/* There the counter is the last used one's, told from a new one by the code. */
static enum mfa_err
skip_used(struct crypto *crypto, const char *last_otp, struct import *im)
{
	struct otp_key *otp = &im->factor.otp;
	char value[TOTP_DIGITS_MAX + 1];
	enum mfa_err r;

	if (otp->period || last_otp == NULL)
		return MFA_OK;
	if ((r = totp_value(crypto, otp, otp->counter, value)))
		return r;
	if (strcmp(value, last_otp) == 0)
		otp->counter++;
	mfa_wipe(value, sizeof(value));
	return MFA_OK;
}

/* One line; what is wrong with it is said with its place. */
static int
take_line(struct tool *t, const char *file, unsigned number, char *line)
{
	struct mfa_why why = { "" };
	struct import im;
	const char *user, *last_otp;
	struct person p;
	enum mfa_err r = import_oath(line, &im, &user, &last_otp, &why);
	int status;

	if (r == MFA_ENOENT)
		return TOOL_OK;
	if (r)
		return tool_fail(TOOL_NO, "%s: line %u: %s", file, number,
		    why.text);
	if ((r = skip_used(t->crypto, last_otp, &im))) {
		status = tool_error(r, &why);
	} else if (!(status = person_open(t, user, PERSON_CHANGE, &p))) {
		status = import_add(t, &p, &im);
		person_close(&p);
	}
	if (status)
		tool_fail(status, "%s: line %u: not taken over", file, number);
	mfa_wipe(&im, sizeof(im));
	return status;
}

/* A bad line does not keep the others out; the exit status tells of it. */
int
verb_import_oath(struct tool *t, int argc, char **argv)
{
	struct buf text = { 0 };
	unsigned number = 0, bad = 0;
	int status;

	(void)argc;
	if ((status = import_read(argv[0], &text))) {
		buf_wipe(&text);
		return status;
	}
	for (char *line = (char *)text.data, *end; line; line = end) {
		if ((end = strchr(line, '\n')) != NULL)
			*end++ = '\0';
		bad += take_line(t, argv[0], ++number, line) != TOOL_OK;
	}
	buf_wipe(&text);
	if (bad)
		return tool_fail(TOOL_NO, "%s: %u line%s not taken over",
		    argv[0], bad, bad == 1 ? " was" : "s were");
	return TOOL_OK;
}
