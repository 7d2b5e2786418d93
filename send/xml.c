/* A look into an XML answer. */
#include <expat.h>
#include <stdbool.h>
#include <string.h>

#include "xml.h"

#define PATH_MAX_BYTES 1024	/* of nested names; deeper is no answer */

struct search {
	XML_Parser parser;
	const char *wanted;
	char path[PATH_MAX_BYTES];	/* "/Response/Error/Code" */
	size_t len;
	size_t found;		/* length of path in the element; 0 = not yet */
	bool done;
	enum mfa_err err;
	struct buf text;
};

static void
stop(struct search *s, enum mfa_err err)
{
	s->err = err;
	XML_StopParser(s->parser, XML_FALSE);
}

static bool
is_wanted(const struct search *s)
{
	size_t n = strlen(s->wanted);

	return s->len > n && s->path[s->len - n - 1] == '/' &&
	    !strcmp(s->path + s->len - n, s->wanted);
}

static void XMLCALL
on_start(void *ctx, const char *name, const char **attributes)
{
	struct search *s = ctx;
	size_t n = strlen(name);

	(void)attributes;
	if (s->len + n + 2 > sizeof(s->path)) {
		stop(s, MFA_ESYNTAX);
		return;
	}
	s->path[s->len++] = '/';
	memcpy(s->path + s->len, name, n + 1);
	s->len += n;
	if (!s->done && s->found == 0 && is_wanted(s))
		s->found = s->len;
}

static void XMLCALL
on_end(void *ctx, const char *name)
{
	struct search *s = ctx;

	/* Of an empty element that is told even after a stop. */
	if (s->err)
		return;
	if (s->found == s->len) {
		s->done = true;
		s->found = 0;
	}
	s->len -= strlen(name) + 1;
	s->path[s->len] = '\0';
}

static void XMLCALL
on_text(void *ctx, const char *text, int len)
{
	struct search *s = ctx;
	enum mfa_err r;

	if (!s->err && s->found && (r = buf_put(&s->text, text, (size_t)len)))
		stop(s, r);
}

static void XMLCALL
on_doctype(void *ctx, const char *name, const char *system_id,
    const char *public_id, int has_internal)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal;
	stop(ctx, MFA_ESYNTAX);
}

enum mfa_err
xml_find(const char *text, size_t len, const char *path, struct buf *ret)
{
	struct search s = { .wanted = path };
	enum mfa_err r;

	if ((s.parser = XML_ParserCreate(NULL)) == NULL)
		return MFA_ENOMEM;
	XML_SetUserData(s.parser, &s);
	XML_SetElementHandler(s.parser, on_start, on_end);
	XML_SetCharacterDataHandler(s.parser, on_text);
	XML_SetStartDoctypeDeclHandler(s.parser, on_doctype);
	if (len > BUF_MAX || XML_Parse(s.parser, text, (int)len, XML_TRUE) !=
	    XML_STATUS_OK)
		r = s.err ? s.err : MFA_ESYNTAX;
	else
		r = s.done ? buf_put(ret, s.text.data, s.text.len) : MFA_ENOENT;
	XML_ParserFree(s.parser);
	buf_wipe(&s.text);
	return r;
}
