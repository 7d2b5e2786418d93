/* What lies on disk: owners, modes, content; and how people stand. */
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/file.h"
#include "../pam_mfa/sys/home.h"
#include "check.h"
#include "report.h"

#define FEW_CODES 3	/* recovery codes; then it is time for new ones */

/* People of one kind, as many as fit in a line. */
struct names {
	char list[144];
	size_t n;
};

struct people {
	const struct tool *t;
	struct findings *f;
	bool stateless;		/* the directory of the states is broken */
	size_t enrolled;
	size_t phones;		/* people with one */
	struct names locked, few, barred;
};

static void
add_name(struct names *names, const char *user)
{
	size_t at = strlen(names->list);

	names->n++;
	if (at + strlen(user) + 2 < sizeof(names->list))
		snprintf(names->list + at, sizeof(names->list) - at, "%s%s",
		    at ? " " : "", user);
}

/* Whose phone gets no code: this host sends none to its number. */
static void
phones(struct people *p, const struct person *person,
    const struct report *rep)
{
	const char *numbers = p->t->conf.send.numbers;
	bool barred = false;

	p->phones += report_has_phone(rep);
	for (size_t i = 0; i < rep->rec.n; i++)
		barred |= rep->rec.factor[i].kind == FACTOR_PHONE &&
		    phone_allowed(rep->rec.factor[i].phone.number, numbers) !=
		    PHONE_ALLOWED;
	if (barred)
		add_name(&p->barred, person->who.user);
}

static void
stand(struct people *p, const struct person *person, const struct report *rep)
{
	p->enrolled += rep->factors > 0;
	if (rep->limit == LIMIT_LOCKED || rep->app_limit == LIMIT_LOCKED)
		add_name(&p->locked, person->who.user);
	phones(p, person, rep);
	for (size_t i = 0; rep->state_known && i < rep->rec.n; i++)
		if (rep->rec.factor[i].kind == FACTOR_RECOVERY &&
		    report_codes_left(rep, i) < FEW_CODES)
			add_name(&p->few, person->who.user);
}

/* what: which of the person's files; a parser names only the line. */
static void
broken(struct people *p, const char *user, const char *what, enum mfa_err r,
    const struct mfa_why *why)
{
	bool parser = r == MFA_ESYNTAX || r == MFA_ERANGE;
	char remedy[128], shown[65];

	text_clean(shown, sizeof(shown), user);
	snprintf(remedy, sizeof(remedy), "restore the file, or: mfactl reset "
	    "%s", shown);
	check_find(p->f, CHECK_ERROR, shown, parser ? remedy : "",
	    "cannot log in: %s%s%s", parser ? what : "", parser ? ": " : "",
	    *why->text ? why->text : mfa_strerror(r));
}

/* Read as a login reads it, but for the lock: the same rules are kept. */
static void
one(struct people *p, struct person *person)
{
	struct mfa_why why = { "" };
	struct report rep;
	struct record rec;
	enum mfa_err r;

	if ((r = person_attach(p->t, person, &why))) {
		broken(p, person->who.user, "the name", r, &why);
		return;
	}
	person->stateless |= p->stateless;
	if (!report_read(p->t, person, &rep, &why)) {
		stand(p, person, &rep);
		report_free(&rep);
	} else if ((r = person_record(person, &rec, &why)))
		broken(p, person->who.user, "the factors", r, &why);
	else	/* it is the state, of which walk() has told */
		record_free(&rec);
	person_close(person);
}

static enum mfa_err
each(void *ctx, const char *user)
{
	struct person person = { .file = NULL };

	snprintf(person.who.user, sizeof(person.who.user), "%s", user);
	person.who.known = true;
	one(ctx, &person);
	return MFA_OK;
}

/* Who has no ~/.mfa has no factors: their home is their own affair. */
static bool
has_factors(const char *home)
{
	char path[CONF_PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/" HOME_DIR, home);

	if (len < 0 || (size_t)len >= sizeof(path))
		return true;	/* the store will say */
	return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
homes(struct people *p)
{
	const struct passwd *pw;

	setpwent();
	while ((pw = getpwent()) != NULL) {
		struct person person = { .who = { .uid = pw->pw_uid,
		    .gid = pw->pw_gid, .known = true } };

		if (strlen(pw->pw_name) >= sizeof(person.who.user) ||
		    strlen(pw->pw_dir) >= sizeof(person.who.home) ||
		    !has_factors(pw->pw_dir))
			continue;
		snprintf(person.who.user, sizeof(person.who.user), "%s",
		    pw->pw_name);
		snprintf(person.who.home, sizeof(person.who.home), "%s",
		    pw->pw_dir);
		one(p, &person);
	}
	endpwent();
}

/* Can the states be read at all? Said once, and not for each person. */
static bool
state_dir(const struct people *p)
{
	const struct mfa_subject nobody = { .known = false };
	struct mfa_why why = { "" };
	struct store_file *s;
	struct buf text = { 0 };
	enum mfa_err r;

	if (!(r = store_file_open(&p->t->conf, &nobody, &s, &why))) {
		r = store_file_peek(s, &text, &why);
		store_file_close(s);
	}
	buf_wipe(&text);
	if (r)
		check_find(p->f, CHECK_ERROR, p->t->conf.state, "", "nobody "
		    "can log in: %s", *why.text ? why.text : mfa_strerror(r));
	return !r;
}

/* A directory of ours, name by name. */
struct walk {
	struct people *p;
	const char *dir;
	bool states;
	struct person person;	/* the one being looked at */
};

/* Also of somebody without factors: the login reads it all the same. */
static void
state_of(struct walk *w, const char *user)
{
	struct person *person = &w->person;
	struct mfa_why why = { "" };
	struct state *st = malloc(sizeof(*st));
	struct buf text = { 0 };
	enum mfa_err r = MFA_ENOMEM;

	*person = (struct person){ .who.known = true };
	snprintf(person->who.user, sizeof(person->who.user), "%s", user);
	if (st != NULL && !(r = person_attach(w->p->t, person, &why))) {
		if (!(r = person->peek(person->ctx, &text, &why)))
			r = state_parse(buf_str(&text), text.len, st, &why);
		person_close(person);
	}
	buf_wipe(&text);
	free(st);
	if (r)
		broken(w->p, user, "the state", r, &why);
}

static enum mfa_err
name(void *ctx, const char *file)
{
	struct walk *w = ctx;
	char user[TEXT_NAME_MAX + 1], path[2 * CONF_PATH_MAX];

	snprintf(path, sizeof(path), "%.255s/%.255s", w->dir, file);
	if (!text_name_unescape(file, user)) {
		if (w->states)
			state_of(w, user);
	} else if (strncmp(file, "%unknown", 8) != 0 &&
	    strcmp(file, "%sent") != 0 && strcmp(file, "%key") != 0)
		check_find(w->p->f, CHECK_NOTE, path, "if it is somebody's "
		    "copy, remove it: it may hold keys", "is nobody's: no "
		    "account's name is written so");
	return MFA_OK;
}

static void
walk(struct people *p, const char *path, bool states)
{
	const struct file_rule rule = { .owner = 0, .mode = 0700 };
	struct walk w = { .p = p, .dir = path, .states = states };
	struct mfa_why why = { "" };
	struct file_dir dir;

	/* What is wrong with the directory itself was said before. */
	if (file_dir(path, &rule, &dir, &why))
		return;
	if (file_each(&dir, name, &w, &why))
		check_find(p->f, CHECK_ERROR, path, "", "%s", why.text);
	close(dir.fd);
}

/* Whoever can write above a file can put another in its place. */
static void
parents(const char *path, struct findings *f)
{
	struct mfa_why why = { "" };
	enum mfa_err r = file_above(path, &why);

	/* What is missing is said where it is missed. */
	if (r && r != MFA_ENOENT)
		check_find(f, CHECK_ERROR, path, "", "%s", why.text);
}

static void
sum_phones(const struct people *p)
{
	const struct conf_send *send = &p->t->conf.send;
	struct findings *f = p->f;

	if (p->phones > 0 && *send->senders == '\0')
		check_find(f, CHECK_WARNING, "senders", "set up a provider: "
		    "see senders in mfa.conf(5), and mfa-sender(5)", "%zu %s "
		    "a phone, but this host sends no codes", p->phones,
		    p->phones == 1 ? "person has" : "people have");
	else if (p->barred.n > 0 && *send->numbers != '\0')
		check_find(f, CHECK_WARNING, "numbers", "add their countries "
		    "to numbers in mfa.conf, or: mfactl remove FACTOR NAME",
		    "phones that get no code, because numbers does not allow "
		    "theirs, %zu in all: %s", p->barred.n, p->barred.list);
}

static void
sum(const struct people *p)
{
	struct findings *f = p->f;

	check_find(f, CHECK_OK, p->t->conf.store == CONF_STORE_HOME ? "~/.mfa" :
	    p->t->conf.users, "", "%zu %s enrolled", p->enrolled,
	    p->enrolled == 1 ? "person is" : "people are");
	if (p->locked.n > 0)
		check_find(f, CHECK_NOTE, p->t->conf.state, "mfactl unlock "
		    "NAME", "locked after too many wrong codes, %zu in all: %s",
		    p->locked.n, p->locked.list);
	if (p->few.n > 0)
		check_find(f, CHECK_NOTE, p->t->conf.state, "each may run: "
		    "mfactl add recovery", "under %d recovery codes left, %zu "
		    "in all: %s", FEW_CODES, p->few.n, p->few.list);
	sum_phones(p);
}

void
check_files(const struct tool *t, struct findings *f)
{
	struct people p = { .t = t, .f = f };
	struct mfa_why why = { "" };
	enum mfa_err r = MFA_OK;

	parents(t->conf_path, f);
	parents(t->conf.state, f);
	p.stateless = !state_dir(&p);
	walk(&p, t->conf.state, true);
	if (t->conf.store == CONF_STORE_HOME)
		homes(&p);
	else {
		parents(t->conf.users, f);
		walk(&p, t->conf.users, false);
		r = store_file_each(&t->conf, each, &p, &why);
	}
	if (r)
		check_find(f, CHECK_ERROR, t->conf.users, "", "nobody can log "
		    "in: %s", *why.text ? why.text : mfa_strerror(r));
	else
		sum(&p);
}
