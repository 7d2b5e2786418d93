/*
 * mfactl check: one list of findings, and the parts that fill it. The judges
 * of text (PAM stacks, sshd's settings, the clock) touch nothing; check.c,
 * check_read.c, check_files.c and check_login.c look at the host.
 */
#ifndef MFA_CHECK_H
#define MFA_CHECK_H

#include <stdbool.h>
#include <stdio.h>

#include "check_stack.h"
#include "tool.h"

#define CHECK_MAX 200	/* findings; what comes after is only counted */

enum check_level {
	CHECK_OK,	/* was looked at, and is right */
	CHECK_NOTE,	/* good to know; needs no action of the host's owner */
	CHECK_WARNING,	/* weaker than it looks, or does not work for some */
	CHECK_ERROR,	/* lets people in who should not be, or keeps all out */
};

struct finding {
	enum check_level level;
	char where[128];	/* a file, FILE:LINE, or a few words */
	char what[384];
	char remedy[256];	/* what to do; "" = nothing */
};

struct findings {
	struct finding list[CHECK_MAX];
	size_t n;
	size_t count[CHECK_ERROR + 1];	/* per level, also of those left out */
};

/*
 * Adds one; control bytes become '?', long text is cut. The same finding is
 * kept once: many stacks share a file.
 */
void check_find(struct findings *, enum check_level, const char *where,
    const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Each with its remedy; and how many there are. */
void check_print(const struct findings *, FILE *out);
void check_sum(const struct findings *, FILE *out);

/* TOOL_NO if there is a warning or an error, else TOOL_OK. */
int check_status(const struct findings *);

/* What sshd -T says, as far as it matters here. */
struct sshd_settings {
	bool use_pam, keyboard, password;
	bool pubkey, hostbased, gssapi;		/* ways in without PAM's auth */
	char methods[512];	/* AuthenticationMethods; "any" if unset */
	unsigned grace;		/* LoginGraceTime, seconds; 0 = for ever */
};

/* Keywords of either case; what is not named keeps sshd's default. */
void sshd_parse(const char *text, struct sshd_settings *ret);

/*
 * Is another factor (a key) behind everybody whom sshd sends to PAM? Then a
 * stack needs no password before the code.
 */
bool sshd_first_factor(const struct sshd_settings *);

/* Is there a way by which a key is verified before the code is asked? */
bool sshd_key_first(const struct sshd_settings *);

/* For a host whose sshd stack asks for a code. */
void sshd_judge(const struct sshd_settings *, enum conf_first_factor,
    struct findings *);

/* What is judged of a stack besides its text. */
struct stack_place {
	const struct mfa_conf *conf;
	const char *conf_path;
	const char *service;
	bool outside;	/* the application had a first factor before PAM */
};

/* Every rule and every result, by playing the stack through. */
void stack_judge(const struct pam_stack *, const struct stack_place *,
    struct findings *);

/* All stacks of the host. sshd: its settings, or NULL. */
void pam_judge(const struct pam_dir *, const char *conf_path,
    const struct mfa_conf *, const struct sshd_settings *sshd,
    struct findings *);

/* What keys of mfa.conf are held against. */
struct keys_host {
	const struct mfa_conf *conf;
	const char *conf_path;
	const struct pam_dir *dir;
	const struct sshd_settings *sshd;	/* or NULL */
	const char *login_defs;		/* the text of /etc/login.defs, or "" */
};

/* Keys that do nothing where they stand, or that something else undoes. */
void keys_judge(const struct keys_host *, struct findings *);

/* synced: by the kernel's word. now: Unix time. */
void clock_judge(bool synced, int64_t now, struct findings *);

/*
 * The host's PAM files into ret (free with pam_dir_free), sshd's settings for
 * a user and an address (NULL: anybody) into ret. False: there are none, and
 * if that is wrong a finding says so.
 */
bool check_read_pam(struct pam_dir *ret, struct findings *);
bool check_read_sshd(const char *user, const char *rhost,
    struct sshd_settings *ret, struct findings *);

/* /etc/login.defs; a host may have none. */
void check_read_defs(struct buf *ret, struct findings *);

/* Is the module that a rule names there, and root's? */
void check_module(const struct pam_rule *, struct findings *);

/* Owners, modes and content of what lies on disk, and how people stand. */
void check_files(const struct tool *, struct findings *);

/* How many people's secrets are sealed, and with which key. */
void check_seal(const struct tool *, struct findings *);

/* One line of that story: "name  text"; control bytes become '?'. */
void check_step(FILE *out, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Each section and whether it holds, then each value and where it is from. */
void check_policy(const struct policy_ctx *, const struct policy_decision *,
    FILE *out);

/* Senders, their account and profiles. t->sender is asked. */
void check_send(const struct tool *, struct findings *);

/* --user: tells what a login would do, and why. TOOL_OK if it can succeed. */
int check_login(struct tool *);

#endif
