/*
 * What every verb of mfactl works with. A verb is one function in one file;
 * mfactl.c holds the table, reads the options and the configuration, and
 * turns the result into an exit status.
 */
#ifndef MFA_TOOL_H
#define MFA_TOOL_H

#include <stdbool.h>
#include <stdio.h>

#include "../pam_mfa/core/conf.h"
#include "../pam_mfa/core/crypto.h"
#include "../pam_mfa/core/policy.h"
#include "../pam_mfa/core/record.h"
#include "../pam_mfa/core/say.h"
#include "../pam_mfa/core/state.h"
#include "../pam_mfa/sys/ports.h"
#include "../pam_mfa/sys/store_file.h"

#define TOOL_SHOWN_MAX 260	/* bytes of a text to be shown, NUL included */

/* Exit statuses, as mfactl(1) lists them. */
enum tool_exit {
	TOOL_OK = 0,
	TOOL_NO = 1,		/* a finding, a wrong code, nobody enrolled */
	TOOL_USAGE = 2,
	TOOL_CONFIG = 3,	/* configuration, or not allowed */
	TOOL_SYSTEM = 4,	/* store, memory, crypto */
	TOOL_ABORTED = 5,	/* given up at the prompt; nothing changed */
};

/* Options of any verb; a verb's row in the table says which it takes. */
struct tool_options {
	bool json;
	const char *label, *digits, *period, *algorithm; /* NULL = not given */
	bool secret_stdin;
	bool sms, voice, unverified;			/* add phone */
	const char *extension, *to, *language;
	const char *expires;			/* add app-password */
	const char *user, *service, *rhost, *tty;	/* check */
	const char *group;			/* report */
	bool csv;
	const char *reason, *hours;		/* reset, pass */
	bool revoke, all;			/* pass, forget */
	bool first;				/* rekey */
};

struct tool {
	const char *conf_path;
	struct mfa_conf conf;		/* loaded, but not for check */
	struct crypto *crypto;		/* likewise */
	struct mfa_conv conv;		/* the terminal */
	struct mfa_clock clock;
	struct mfa_sender sender;
	struct mfa_log log;
	/* mail_send, or NULL: nobody is written to. */
	bool (*mail)(const char *program, const char *to, const char *text);
	FILE *out;			/* stdout */
	struct tool_options opt;
	bool root;			/* may name any USER */
	bool prove;			/* --self: a code before each change */
	bool tty;			/* is somebody there to be asked? */
	bool utf8;			/* may the terminal be shown UTF-8? */
	bool colour;			/* does it know colours? */
	enum language language;		/* in which we speak */
	char self[SUBJECT_NAME_MAX];	/* the person on whose behalf we run */
};

/* One verb: argv[0..argc-1] are its operands. Returns enum tool_exit. */
typedef int tool_verb(struct tool *, int argc, char **argv);

tool_verb verb_status, verb_list, verb_add_totp, verb_add_recovery,
    verb_remove, verb_rename, verb_report, verb_test, verb_reset, verb_unlock,
    verb_import_google, verb_import_oath, verb_check, verb_add_phone,
    verb_first, verb_language, verb_sender_check, verb_sender_show,
    verb_sender_test, verb_add_app,
    verb_devices, verb_forget, verb_pass, verb_rekey;

/*
 * What the terminal can show, and the language: --language, else the locale's
 * name, which need not be installed. English if it cannot show UTF-8.
 * TOOL_USAGE, said: a language that we do not speak.
 */
int speak(struct tool *);

/* Groups and time of somebody from passwd, as policy looks at them. */
void tool_policy(const struct tool *, struct mfa_subject *);

/*
 * Fills who from passwd for name (NULL: self). Says on stderr what is wrong
 * and returns the exit status: TOOL_CONFIG for another USER without root,
 * TOOL_NO for an unknown one, TOOL_SYSTEM if that cannot be told.
 */
int tool_subject(const struct tool *, const char *name,
    struct mfa_subject *ret);

/* The hidden verbs of draw.c and at_home.c. They return enum tool_exit. */
int tool_draw(const char *charset);
int tool_at_home(char *const *argv);

/*
 * Two voices. What a person is told is said in their language by tool_say,
 * tool_warn, tool_ask and tool_refuse, and for a mfa_why by the language in
 * it. What only an administrator meets is English: tool_fail, tool_error.
 */

/* "mfactl: ..." on stderr, control bytes made '?'; returns status. */
int tool_fail(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

int tool_refuse(const struct tool *, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Says why, and returns the status that goes with the error. */
int tool_error(enum mfa_err, const struct mfa_why *);

/* One line for the log, after "by=" and who runs us. */
void tool_log(const struct tool *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* --reason as a quoted field of the log; "-" if there is none. Returns dst. */
char *tool_reason(const struct tool *, char dst[static TOOL_SHOWN_MAX]);

/*
 * Tells the person, on stdout or on stderr; what was formatted is wiped: it
 * may be a secret.
 */
void tool_say(const struct tool *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void tool_warn(const struct tool *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Asks. Appends the answer, its wide characters made ASCII (text_fold), to
 * ret, which is empty. Errors as mfa_conv's.
 */
enum mfa_err tool_ask(const struct tool *, const char *prompt, bool echo,
    struct buf *ret) MFA_MUST_CHECK;

/* A label or a name for this terminal: what it might not show is '?'. */
char *tool_shown(char dst[static TOOL_SHOWN_MAX], const char *text);

/* "2026-11-24T02:34:07Z"; 0 is "never". Returns dst. */
#define TOOL_TIME_MAX 32	/* bytes, NUL included */
char *tool_time(char dst[static TOOL_TIME_MAX], int64_t unix_time);

#endif
