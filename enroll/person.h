/*
 * One person's factors, to be seen and changed. The store is a port and
 * the writes are functions, so that tests put values in their place.
 */
#ifndef MFA_PERSON_H
#define MFA_PERSON_H

#include "tool.h"

#define PERSON_LOCK_MS 5000	/* the longest wait for a login's lock */

/* What the verb is about to do decides who may. */
enum person_use {
	PERSON_SEE,
	PERSON_CHANGE,
	PERSON_RESET,	/* as root; the account may be gone (store = system) */
};

struct person {
	struct mfa_subject who;
	struct mfa_store store;
	struct mfa_store ledger;	/* of what was sent to everybody */
	struct mfa_store hostkey;	/* which seals what is trusted */
	void *ctx;	/* of these four, which store_file.h explains */
	enum mfa_err (*save)(void *ctx, const struct buf *, struct mfa_why *);
	enum mfa_err (*remove)(void *ctx, struct mfa_why *);
	/* The state without the lock, for showing only; "" if there is none. */
	enum mfa_err (*peek)(void *ctx, struct buf *ret, struct mfa_why *);
	/* The ledger, likewise. */
	enum mfa_err (*sent)(void *ctx, struct buf *ret, struct mfa_why *);
	bool stateless;	/* store = home, as the person: the state is root's */
	/* --self: the factors that person_prove was about; else NULL. */
	struct buf *proved;
	const struct mfa_conf *conf;
	struct store_file *file, *ledger_file, *hostkey_file;
};

/* A line for the log: "event=EVENT user=USER", and behind a blank these. */
void person_log(const struct tool *, const struct person *, const char *event,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * name as tool_subject has it. Says what is wrong and returns the exit
 * status. To somebody who manages their own factors the tool speaks the
 * language that they have chosen from then on. ret must stay where it is until
 * person_close.
 */
int person_open(struct tool *, const char *name, enum person_use,
    struct person *ret);
void person_close(struct person *);

/* Opens, runs, closes. */
typedef int person_verb(const struct tool *, const struct person *);
int person_with(struct tool *, const char *name, enum person_use,
    person_verb *);

/* The same with one operand before USER; NULL where it was not given. */
typedef int person_word_verb(const struct tool *, const struct person *,
    const char *word);
int person_with_word(struct tool *t, const char *name, enum person_use use,
    person_word_verb *verb, const char *word);

/* The same for who, which is already in ret, with nothing asked or checked. */
enum mfa_err person_attach(const struct tool *, struct person *ret,
    struct mfa_why *);

/* The factors; none is an empty record. Errors as attempt_factors. */
enum mfa_err person_record(const struct person *, struct record *ret,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * As tool_error, of reading their files: a parser names only the line, so it
 * also says whose it is, what tells which, and the ways out.
 */
int person_error(const struct person *, enum mfa_err, const struct mfa_why *);

/* The same as the text that is there, in place of what ret held; or "". */
enum mfa_err person_text(const struct person *, struct buf *ret,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Changes factors and state under the lock, with what is on the disk then.
 * What the function leaves unchanged is not written; an empty record means
 * no factors. On an error nothing has changed: should the factors not be
 * saved, the state is put back. With --self MFA_EEXIST, if the factors are not
 * those that person_prove was about.
 */
typedef enum mfa_err person_edit_fn(void *ctx, struct record *,
    struct state *, struct mfa_why *);
enum mfa_err person_edit(const struct person *, person_edit_fn *, void *ctx,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Would the function take the change? It runs on a copy that nobody keeps,
 * before anything is asked. TOOL_OK, or it has said why not.
 */
int person_dry(const struct tool *, const struct person *, person_edit_fn *,
    void *ctx);

/*
 * With --self, somebody who has factors types a code before a change; it is
 * charged and spent as at a login. TOOL_OK, or the exit status.
 */
int person_prove(const struct tool *, const struct person *);

#endif
