/*
 * mfactl check: looks at everything a login depends on. Exit status TOOL_OK:
 * nothing is wrong (notes do not count); TOOL_NO: a warning or an error. With
 * --user, TOOL_OK: that login can succeed; TOOL_NO: it cannot, or there is an
 * error on its way.
 */
#include <grp.h>
#include <stdlib.h>
#include <sys/timex.h>

#include "../pam_mfa/sys/conf_load.h"
#include "../pam_mfa/sys/send_proc.h"
#include "check.h"

static void
check_clock(const struct tool *t, struct findings *f)
{
	struct timex tx = { .modes = 0 };
	int state = adjtimex(&tx);
	struct mfa_time now;

	if (t->clock.now(t->clock.ctx, &now))
		check_find(f, CHECK_ERROR, "clock", "", "cannot be read");
	else
		clock_judge(state >= 0 && state != TIME_ERROR &&
		    !(tx.status & STA_UNSYNC), now.real, f);
}

/* libpam loads what each of our lines names. */
static void
check_modules(const struct pam_dir *dir, struct findings *f)
{
	struct pam_stack *s = malloc(sizeof(*s));

	for (size_t i = 0; s != NULL && i < dir->n; i++) {
		size_t at;

		stack_read(dir, dir->file[i].name, "auth", s);
		if ((at = stack_find(s, "pam_mfa.so")) < s->n)
			check_module(&s->rule[at], f);
	}
	free(s);
}

static void
check_pam(const struct tool *t, struct findings *f)
{
	struct sshd_settings sshd;
	struct buf defs = { 0 };
	struct pam_dir dir;
	bool there = check_read_sshd(NULL, NULL, &sshd, f);

	if (check_read_pam(&dir, f)) {
		check_modules(&dir, f);
		pam_judge(&dir, t->conf_path, &t->conf,
		    there ? &sshd : NULL, f);
		check_read_defs(&defs, f);
		keys_judge(&(struct keys_host){ &t->conf, t->conf_path, &dir,
		    there ? &sshd : NULL, buf_str(&defs) }, f);
		buf_wipe(&defs);
	}
	pam_dir_free(&dir);
}

/* A name that is mistyped makes its sections hold where they are strict. */
static void
check_groups(const struct tool *t, struct findings *f)
{
	for (size_t i = 0; i < t->conf.ngroups; i++)
		if (getgrnam(t->conf.group[i]) == NULL)
			check_find(f, CHECK_WARNING, t->conf_path, "correct "
			    "the name; see: getent group", "there is no group "
			    "\"%s\": what is said of it counts only where it "
			    "is stricter, and then for everybody",
			    t->conf.group[i]);
}

/* Without a configuration there is no knowing where anything lies. */
static void
check_conf(struct tool *t, struct findings *f)
{
	struct mfa_why why = { "" };

	if (conf_load(t->conf_path, &t->conf, &why)) {
		check_find(f, CHECK_ERROR, t->conf_path, "correct it; until "
		    "then every login that asks for a code is refused", "%s",
		    why.text);
		conf_init(&t->conf);
		return;
	}
	check_find(f, CHECK_OK, t->conf_path, "", "the configuration is "
	    "understood");
	if (crypto_new(t->conf.openssl_config, &t->crypto, &why))
		check_find(f, CHECK_ERROR, t->conf_path, "see openssl_config",
		    "the crypto library refuses: %s", why.text);
	crypto_free(t->crypto);
	t->crypto = NULL;
	check_groups(t, f);
	check_files(t, f);
	check_seal(t, f);
	t->sender = send_proc(t->conf.send.program);
	check_send(t, f);
}

int
verb_check(struct tool *t, int argc, char **argv)
{
	struct findings *f;
	int status;

	(void)argc;
	(void)argv;
	if (t->opt.user != NULL)
		return check_login(t);
	if (t->opt.service != NULL || t->opt.rhost != NULL ||
	    t->opt.tty != NULL)
		return tool_fail(TOOL_USAGE, "--service, --rhost and --tty "
		    "go with --user NAME");
	if ((f = calloc(1, sizeof(*f))) == NULL)
		return tool_fail(TOOL_SYSTEM, "no memory");
	check_conf(t, f);
	check_clock(t, f);
	check_pam(t, f);
	check_print(f, t->out);
	check_sum(f, t->out);
	status = check_status(f);
	free(f);
	return status;
}
