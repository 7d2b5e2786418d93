/*
 * PAM stacks as Linux-PAM reads and runs them (pam.d(5), pam.conf(5); the
 * rules of libpam/pam_handlers.c and pam_dispatch.c), over text in memory.
 */
#ifndef MFA_CHECK_STACK_H
#define MFA_CHECK_STACK_H

#include <stdbool.h>
#include <stddef.h>

#include "../pam_mfa/core/buf.h"

#define STACK_MAX 96	/* rules of one expanded stack */

/* What a module may answer, as far as a stack can tell it apart here. */
enum pam_result {
	RESULT_SUCCESS, RESULT_IGNORE, RESULT_AUTH_ERR, RESULT_MAXTRIES,
	RESULT_AUTHINFO_UNAVAIL, RESULT_SERVICE_ERR, RESULT_CONV_ERR,
	RESULT_BUF_ERR, RESULT_MODULE_UNKNOWN, RESULTS,
};

const char *pam_result_name(enum pam_result);	/* as in a control's brackets */

/* What a control does with an answer; above 0: jump over so many modules. */
enum pam_action {
	ACTION_IGNORE = 0, ACTION_OK = -1, ACTION_DONE = -2, ACTION_BAD = -3,
	ACTION_DIE = -4, ACTION_RESET = -5,
};

struct pam_file {
	char path[128];
	char name[64];		/* the service, or what an include names */
	struct buf text;
};

struct pam_dir {
	struct pam_file *file;	/* n of them, owned */
	size_t n;
};

void pam_dir_free(struct pam_dir *);

/* NULL: there is none. */
const struct pam_file *pam_dir_find(const struct pam_dir *, const char *name);

enum rule_kind {
	RULE_MODULE,
	RULE_SUBSTACK,	/* stands before its rules, whose depth is one more */
	RULE_MISSING,	/* includes a file that is not there, or itself */
	RULE_BROKEN,	/* a line that Linux-PAM does not understand */
};

struct pam_rule {
	enum rule_kind kind;
	char where[160];	/* FILE:LINE */
	char control[64];	/* as written, for a message */
	char path[160];		/* of the module, as written */
	char module[64];	/* without its directory; MISSING: the file */
	char args[192];		/* one blank between */
	bool optional;		/* "-auth": silent if the module is missing */
	unsigned depth;		/* of substacks */
	int on[RESULTS];	/* enum pam_action, or a jump */
};

struct pam_stack {
	struct pam_rule rule[STACK_MAX];
	size_t n;
	bool cut;		/* there were more */
};

/*
 * All rules of a facility ("auth") for a service, with @include, include and
 * substack resolved. A service without a file gets "other".
 */
void stack_read(const struct pam_dir *, const char *service,
    const char *facility, struct pam_stack *ret);

/* Does a file include that name, for any facility? */
bool stack_includes(const struct pam_file *, const char *name);

/* The first rule of that module; n if none. */
size_t stack_find(const struct pam_stack *, const char *module);

/* The answer of rule i in this play. */
typedef enum pam_result stack_answer(const void *ctx,
    const struct pam_stack *, size_t i);

struct stack_end {
	bool success;
	size_t last;			/* the rule that was run last */
	bool ran[STACK_MAX];
};

/* Plays the stack. */
void stack_run(const struct pam_stack *s, stack_answer *answer,
    const void *ctx, struct stack_end *ret);

#endif
