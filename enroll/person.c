/* One person's factors, to be seen and changed. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/account.h"
#include "../pam_mfa/sys/attempt.h"
#include "person.h"

static enum mfa_err
save(void *ctx, const struct buf *text, struct mfa_why *why)
{
	const struct person *p = ctx;

	return store_file_save(p->file, text, why);
}

static enum mfa_err
take_away(void *ctx, struct mfa_why *why)
{
	const struct person *p = ctx;

	return store_file_remove(p->file, why);
}

/* A list of a million people must not lock out their logins. */
static enum mfa_err
peek(void *ctx, struct buf *ret, struct mfa_why *why)
{
	const struct person *p = ctx;

	return store_file_peek(p->file, ret, why);
}

static enum mfa_err
sent(void *ctx, struct buf *ret, struct mfa_why *why)
{
	const struct person *p = ctx;

	return store_file_peek(p->ledger_file, ret, why);
}

enum mfa_err
person_attach(const struct tool *t, struct person *p, struct mfa_why *why)
{
	enum mfa_err r;

	p->conf = &t->conf;
	p->proved = t->prove ? calloc(1, sizeof(*p->proved)) : NULL;
	r = t->prove && p->proved == NULL ? MFA_ENOMEM : MFA_OK;
	if (r || (r = store_file_open(p->conf, &p->who, &p->file, why)) ||
	    (r = store_file_ledger(p->conf, &p->ledger_file)) ||
	    (r = store_file_hostkey(p->conf, &p->hostkey_file))) {
		person_close(p);
		return r;
	}
	p->store = store_file_port(p->file);
	p->ledger = store_file_port(p->ledger_file);
	p->hostkey = store_file_port(p->hostkey_file);
	p->ctx = p;
	p->save = save;
	p->remove = take_away;
	p->peek = peek;
	p->sent = sent;
	p->stateless = geteuid() != 0;
	return MFA_OK;
}

/* Root writes in nobody's home, and only root may open the system's store. */
static int
may(const struct tool *t, const char *user, enum person_use use)
{
	bool root = geteuid() == 0;

	if (t->conf.store == CONF_STORE_SYSTEM && !root)
		return tool_refuse(t, TOOL_CONFIG, "%s: only root reads this "
		    "store; run: sudo mfactl --self VERB ...", t->conf.users);
	if (t->conf.store == CONF_STORE_HOME && use == PERSON_CHANGE && root &&
	    (t->prove || strcmp(user, "root") != 0))
		return tool_refuse(t, TOOL_CONFIG, "store = home: factors lie "
		    "in ~%s/.mfa, where root does not write; run it as %s, "
		    "without sudo", user, user);
	return TOOL_OK;
}

/* Factors that cannot be read are told of by whoever needs them. */
static void
speak_to(struct tool *t, const struct person *p)
{
	struct record rec = { 0 };

	if (!t->utf8 || t->opt.language != NULL ||
	    strcmp(p->who.user, t->self) != 0 || person_record(p, &rec, NULL))
		return;
	t->language = language_or(rec.language, t->language);
	record_free(&rec);
}

int
person_open(struct tool *t, const char *name, enum person_use use,
    struct person *ret)
{
	struct mfa_why why = { .language = t->language };
	enum mfa_err r;
	int status;

	*ret = (struct person){ 0 };
	if (use == PERSON_RESET && t->conf.store == CONF_STORE_SYSTEM) {
		if (strlen(name) >= sizeof(ret->who.user))
			return tool_refuse(t, TOOL_NO, "the name is too long");
		snprintf(ret->who.user, sizeof(ret->who.user), "%s", name);
		/* They may be gone; but it may be a slip of the pen, too. */
		if (account_find(name, &ret->who, &why) == MFA_ENOENT)
			(void)!tool_refuse(t, TOOL_OK, "%s: there is no such "
			    "account", name);
		else
			tool_policy(t, &ret->who);
		ret->who.known = true;	/* or the store has them as nobody */
	} else if ((status = tool_subject(t, name, &ret->who)))
		return status;
	if ((status = may(t, ret->who.user, use)))
		return status;
	if ((r = person_attach(t, ret, &why)))
		return tool_error(r, &why);
	speak_to(t, ret);
	return TOOL_OK;
}

void
person_close(struct person *p)
{
	store_file_close(p->file);
	store_file_close(p->ledger_file);
	store_file_close(p->hostkey_file);
	p->file = p->ledger_file = p->hostkey_file = NULL;
	if (p->proved != NULL)
		buf_wipe(p->proved);
	free(p->proved);
	p->proved = NULL;
}

int
person_with(struct tool *t, const char *name, enum person_use use,
    person_verb *verb)
{
	struct person p;
	int status;

	if ((status = person_open(t, name, use, &p)))
		return status;
	status = verb(t, &p);
	person_close(&p);
	return status;
}

int
person_with_word(struct tool *t, const char *name, enum person_use use,
    person_word_verb *verb, const char *word)
{
	struct person p;
	int status;

	if ((status = person_open(t, name, use, &p)))
		return status;
	status = verb(t, &p, word);
	person_close(&p);
	return status;
}

void
person_log(const struct tool *t, const struct person *p, const char *event,
    const char *fmt, ...)
{
	char user[SUBJECT_NAME_MAX], fields[TOOL_SHOWN_MAX + 64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fields, sizeof(fields), fmt, ap);
	va_end(ap);
	tool_log(t, "event=%s user=%s %s", event, text_field(user,
	    sizeof(user), p->who.user), fields);
}

enum mfa_err
person_record(const struct person *p, struct record *ret, struct mfa_why *why)
{
	struct record rec = { 0 };
	enum mfa_err r = attempt_factors(&p->store, &rec, why);

	if (r && r != MFA_ENOENT)
		return r;
	*ret = rec;
	return MFA_OK;
}

int
person_error(const struct person *p, enum mfa_err r, const struct mfa_why *why)
{
	const char *user = p->who.user;

	if (r != MFA_ESYNTAX && r != MFA_ERANGE)
		return tool_error(r, why);
	return tool_fail(TOOL_SYSTEM, "%s: %s; mfactl check tells in which "
	    "file. Restore it from a backup, or: mfactl reset %s", user,
	    *why->text ? why->text : mfa_strerror(r), user);
}

enum mfa_err
person_text(const struct person *p, struct buf *ret, struct mfa_why *why)
{
	enum mfa_err r;

	buf_wipe(ret);
	r = p->store.factors(p->store.ctx, ret, why);
	if (r != MFA_ENOENT)
		return r;
	*why->text = '\0';
	return MFA_OK;
}
