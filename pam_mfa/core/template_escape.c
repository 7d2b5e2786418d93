/* What a value must look like to stay a value. */
#include <stdint.h>
#include <string.h>

#include "base64.h"
#include "template.h"
#include "text.h"
#include "utf8.h"

static bool
is_utf8(const char *s)
{
	uint32_t c;
	size_t n;

	for (; *s != '\0'; s += n)
		if ((n = utf8_next(s, &c)) == 0)
			return false;
	return true;
}

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static enum mfa_err
put_url(char c, bool form, struct buf *ret)
{
	if (text_is_alnum(c) || strchr("-._~", c) != NULL)
		return buf_put(ret, &c, 1);
	if (form && c == ' ')
		return buf_puts(ret, "+");
	return buf_printf(ret, "%%%02X", (unsigned char)c);
}

static enum mfa_err
put_json(char c, struct buf *ret)
{
	if (is_control(c))
		return buf_printf(ret, "\\u%04x", (unsigned char)c);
	if (c == '"' || c == '\\')
		return buf_printf(ret, "\\%c", c);
	return buf_put(ret, &c, 1);
}

static enum mfa_err
put_xml(char c, struct buf *ret)
{
	if (strchr("&<>\"'\t\r\n", c) != NULL)
		return buf_printf(ret, "&#%d;", c);
	return is_control(c) && c != 0x7f ? MFA_ERANGE : buf_put(ret, &c, 1);
}

static enum mfa_err
put_byte(enum template_escape how, char c, struct buf *ret)
{
	switch (how) {
	case TEMPLATE_RAW:
	case TEMPLATE_BASE64:	/* is no escape of single bytes */
		break;
	case TEMPLATE_URL:
		return put_url(c, false, ret);
	case TEMPLATE_FORM:
		return put_url(c, true, ret);
	case TEMPLATE_JSON:
		return put_json(c, ret);
	case TEMPLATE_XML:
		return put_xml(c, ret);
	case TEMPLATE_HEADER:
		if (is_control(c))
			return MFA_ERANGE;
		break;
	}
	return buf_put(ret, &c, 1);
}

enum mfa_err
template_escape_put(enum template_escape how, const char *value,
    struct buf *ret)
{
	enum mfa_err r = MFA_OK;

	if ((how == TEMPLATE_JSON || how == TEMPLATE_XML) && !is_utf8(value))
		return MFA_ERANGE;
	/* U+FFFE and U+FFFF are no characters of XML 1.0. */
	if (how == TEMPLATE_XML && (strstr(value, "\xef\xbf\xbe") != NULL ||
	    strstr(value, "\xef\xbf\xbf") != NULL))
		return MFA_ERANGE;
	if (how == TEMPLATE_URL && (!strcmp(value, ".") ||
	    !strcmp(value, "..")))
		return MFA_ERANGE;
	if (how == TEMPLATE_BASE64)
		return base64_put(ret, value, strlen(value));
	for (; *value != '\0' && !r; value++)
		r = put_byte(how, *value, ret);
	return r;
}
