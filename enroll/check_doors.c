/* Which doors of the host ask for a code, and which do not. */
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define MODULE "pam_mfa.so"

/* The same program under two names: one that is left open opens both. */
static const char *const twins[][2] = { { "su", "su-l" },
    { "sudo", "sudo-i" } };

/* Where a process of the person could step up by itself. */
static const char *const step_ups[] = { "sudo", "sudo-i", "su", "su-l",
    "polkit-1", "doas", NULL };

struct doors {
	const struct pam_dir *dir;
	const struct mfa_conf *conf;
	const char *conf_path;
	const struct sshd_settings *sshd;
	struct findings *f;
	struct pam_stack *stack;	/* the one being looked at */
	char asking[256], silent[256];	/* names of services */
};

static void
append(char *list, size_t cap, const char *name)
{
	size_t at = strlen(list);

	snprintf(list + at, cap - at, "%s%s", at ? " " : "", name);
}

static bool
has_section(const struct mfa_conf *conf, const char *service)
{
	for (size_t i = 0; i < conf->nrules; i++)
		if (conf->rule[i].kind == CONF_SERVICE &&
		    !strcmp(conf->rule[i].name, service))
			return true;
	return false;
}

/* Is it only there to be included, and judged in the stacks that do so? */
static bool
is_part(const struct doors *d, const char *name)
{
	bool included = !strncmp(name, "common-", 7);

	for (size_t i = 0; i < sizeof(twins) / sizeof(*twins); i++)
		if (!strcmp(name, twins[i][0]))
			return false;	/* su-l includes su */
	for (size_t i = 0; i < d->dir->n; i++)
		included |= stack_includes(&d->dir->file[i], name);
	return included && !has_section(d->conf, name);
}

static void
other_facility(const struct doors *d, const char *service)
{
	static const char *const others[] = { "account", "session",
	    "password" };
	struct pam_stack *s = d->stack;

	for (size_t k = 0; k < sizeof(others) / sizeof(*others); k++) {
		stack_read(d->dir, service, others[k], s);
		for (size_t i = 0; i < s->n; i++)
			if (!strcmp(s->rule[i].module, MODULE))
				check_find(d->f, CHECK_ERROR, s->rule[i].where,
				    "remove this line", MODULE " works in "
				    "auth only; in %s it fails", others[k]);
	}
}

static bool
asks(const struct doors *d, const char *service)
{
	stack_read(d->dir, service, "auth", d->stack);
	return stack_find(d->stack, MODULE) < d->stack->n;
}

static bool
asks_password(const struct pam_stack *s)
{
	return stack_find(s, "pam_unix.so") < s->n ||
	    stack_find(s, "pam_sss.so") < s->n;
}

static void
judge_service(struct doors *d, const char *service)
{
	const struct stack_place place = { d->conf, d->conf_path, service,
	    !strcmp(service, "sshd") && d->sshd && sshd_first_factor(d->sshd) };

	if (asks(d, service)) {
		append(d->asking, sizeof(d->asking), service);
		stack_judge(d->stack, &place, d->f);
	} else if (asks_password(d->stack))
		append(d->silent, sizeof(d->silent), service);
	other_facility(d, service);
}

static void
judge_twins(const struct doors *d)
{
	for (size_t i = 0; i < sizeof(twins) / sizeof(*twins); i++)
		for (int k = 0; k < 2; k++) {
			const struct pam_file *open = pam_dir_find(d->dir,
			    twins[i][!k]);

			if (open != NULL && asks(d, twins[i][k]) &&
			    !asks(d, twins[i][!k]))
				check_find(d->f, CHECK_WARNING, open->path,
				    "put the line of the other file here too",
				    "asks for no code, though %s does: the "
				    "same program has both names", twins[i][k]);
		}
}

static void
judge_home(const struct doors *d)
{
	if (d->conf->store != CONF_STORE_HOME)
		return;
	for (size_t i = 0; step_ups[i] != NULL; i++)
		if (pam_dir_find(d->dir, step_ups[i]) != NULL &&
		    asks(d, step_ups[i])) {
			check_find(d->f, CHECK_WARNING, d->conf_path,
			    "store = system", "store = home does not protect "
			    "%s against the person's own programs: each can "
			    "read or replace ~/.mfa/factors", step_ups[i]);
			return;
		}
}

/* Its page takes the bytes of a prompt for letters. */
static void
judge_cockpit(const struct doors *d)
{
	struct conf_login login;

	conf_service(d->conf, "cockpit", &login);
	if (pam_dir_find(d->dir, "cockpit") == NULL || !asks(d, "cockpit") ||
	    login.ascii)
		return;
	check_find(d->f, CHECK_WARNING, d->conf_path, "[service cockpit] with "
	    "ascii = yes", "cockpit can show nothing but ASCII: "
	    "Japanese prompts and QR codes cannot be read there");
}

static void
judge_sshd(const struct doors *d)
{
	struct conf_login login;

	if (d->sshd == NULL || !asks(d, "sshd"))
		return;
	conf_service(d->conf, "sshd", &login);
	sshd_judge(d->sshd, login.first_factor, d->f);
}

void
pam_judge(const struct pam_dir *dir, const char *conf_path,
    const struct mfa_conf *conf, const struct sshd_settings *sshd,
    struct findings *f)
{
	struct doors d = { .dir = dir, .conf = conf, .conf_path = conf_path,
	    .sshd = sshd, .f = f, .stack = malloc(sizeof(*d.stack)) };

	if (d.stack == NULL) {
		check_find(f, CHECK_ERROR, "PAM", "", "no memory");
		return;
	}
	for (size_t i = 0; i < dir->n; i++)
		if (!is_part(&d, dir->file[i].name))
			judge_service(&d, dir->file[i].name);
	judge_twins(&d);
	judge_home(&d);
	judge_sshd(&d);
	judge_cockpit(&d);
	if (*d.asking)
		check_find(f, CHECK_OK, "PAM", "", "a code is asked by: %s",
		    d.asking);
	else
		check_find(f, CHECK_WARNING, "PAM", "see pam_mfa(8) for the "
		    "line, and try it with one service first", "no service "
		    "asks for a code yet");
	if (*d.asking && *d.silent)
		check_find(f, CHECK_NOTE, "PAM", "", "a password, but no code, "
		    "is asked by: %s", d.silent);
	free(d.stack);
}
