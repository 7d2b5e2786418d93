/* Mail to a person: what it says, and how it is handed to sendmail. */
#include <string.h>

#include "../pam_mfa/core/base64.h"
#include "../pam_mfa/core/text.h"
#include "../pam_mfa/core/utf8.h"
#include "mail.h"

#define WORD_BYTES 45	/* 60 characters: an encoded-word has up to 75 */
#define LINE_BYTES 57	/* 76 characters, the longest line of RFC 2045 6.8 */

static bool
is_ascii(const char *s)
{
	while (*s != '\0' && (unsigned char)*s < 0x80)
		s++;
	return *s == '\0';
}

/* How many bytes, of whole characters, have room. */
static size_t
whole(const char *s, size_t max)
{
	size_t len = 0, n;
	uint32_t c;

	while (s[len] != '\0') {
		n = utf8_next(s + len, &c);
		n = n == 0 ? 1 : n;
		if (len + n > max)
			break;
		len += n;
	}
	return len;
}

static enum mfa_err
put_subject(struct buf *b, const char *subject)
{
	enum mfa_err r = buf_puts(b, "Subject:");
	size_t n;

	if (!r && is_ascii(subject))
		return buf_printf(b, " %s\n", subject);
	for (; !r && *subject != '\0'; subject += n) {
		n = whole(subject, WORD_BYTES);
		if (!(r = buf_puts(b, " =?UTF-8?B?")) &&
		    !(r = base64_put(b, subject, n)))
			r = buf_puts(b, subject[n] != '\0' ? "?=\n" : "?=");
	}
	return r ? r : buf_puts(b, "\n");
}

static enum mfa_err
put_body(struct buf *b, const char *body)
{
	bool ascii = is_ascii(body);
	enum mfa_err r = buf_printf(b, "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=%s\n"
	    "Content-Transfer-Encoding: %s\n\n", ascii ? "US-ASCII" : "UTF-8",
	    ascii ? "7bit" : "base64");
	size_t left = strlen(body), n;

	if (ascii)
		return r ? r : buf_puts(b, body);
	for (; !r && left > 0; body += n, left -= n) {
		n = left < LINE_BYTES ? left : LINE_BYTES;
		if (!(r = base64_put(b, body, n)))
			r = buf_puts(b, "\n");
	}
	return r;
}

enum mfa_err
mail_compose(const char *to, const char *subject, const char *body,
    struct buf *ret)
{
	char name[SUBJECT_NAME_MAX], title[256];
	enum mfa_err r;

	text_clean(name, sizeof(name), to);
	text_clean(title, sizeof(title), subject);
	/* A name that no header can have is on the envelope alone. */
	if ((is_ascii(name) && (r = buf_printf(ret, "To: %s\n", name))) ||
	    (r = put_subject(ret, title)) ||
	    (r = buf_puts(ret, "Auto-Submitted: auto-generated\n")) ||
	    (r = put_body(ret, body)))
		return r;
	return ret->len > MAIL_MAX ? MFA_ERANGE : MFA_OK;
}

enum language
mail_language(const struct tool *t, const struct person *p)
{
	enum language language = t->conf.login.language;
	struct record rec = { 0 };

	if (*t->conf.mail_program == '\0' || person_record(p, &rec, NULL))
		return language;
	language = language_or(rec.language, language);
	record_free(&rec);
	return language;
}

void
mail_tell(const struct tool *t, const struct person *p, const char *subject,
    const char *body)
{
	const char *program = t->conf.mail_program, *user = p->who.user;
	struct buf text = { 0 };

	if (*program == '\0' || t->mail == NULL)
		return;
	if (mail_compose(user, subject, body, &text) ||
	    !t->mail(program, user, buf_str(&text)))
		(void)!tool_fail(TOOL_OK, "%s: the mail to %s did not go; tell "
		    "them yourself", program, user);
	buf_wipe(&text);
}
