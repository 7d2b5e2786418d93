/* Keys of mfa.conf that do nothing where they stand, or that others undo. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/core/trust.h"
#include "check.h"

#define LOGIN_TIMEOUT 60	/* seconds, of login(1) without a word */

/* On a terminal of the person's own, where there is a session to remember. */
static const char *const on_terminals[] = { "sudo", "sudo-i", "su", "su-l",
    "doas", "run0", NULL };

/* They give more than a program's access to mail. */
static const char *const shells[] = { "sshd", "login", "sudo", "sudo-i", "su",
    "su-l", "doas", "run0", "polkit-1", "cockpit", "gdm-password", "lightdm",
    "sddm", NULL };

struct keys {
	const struct keys_host *host;
	struct findings *f;
	struct pam_stack *stack;	/* the one being looked at */
};

static bool
is_in(const char *const *list, const char *name)
{
	while (*list != NULL && strcmp(*list, name) != 0)
		list++;
	return *list != NULL;
}

/* Where a section sets the key; the file, if that is not known. */
static const char *
where(const struct keys *k, const struct conf_rule *rule, const char *key,
    char dst[static CONF_WHERE_MAX])
{
	return *conf_where(k->host->conf, rule, key, dst) ? dst :
	    k->host->conf_path;
}

static bool
sets(const struct keys *k, const struct conf_rule *rule, const char *key)
{
	char dst[CONF_WHERE_MAX];

	return *conf_where(k->host->conf, rule, key, dst) != '\0';
}

/* Can it be a login through this service? */
static bool
may_be(const struct mfa_conf *conf, const struct conf_rule *rule,
    const char *service)
{
	const struct when_login l = { .service = service };
	struct when only = { 0 };

	if (rule->kind != CONF_POLICY)
		return rule->kind == CONF_GROUP || !strcmp(rule->name, service);
	memcpy(only.list[WHEN_SERVICE],
	    conf->when[rule->when].list[WHEN_SERVICE], WHEN_LIST_MAX);
	return when_check(&only, &l, NULL) != WHEN_NO;
}

/* The section of one service alone, or NULL. */
static const char *
service_of(const struct conf_rule *rule)
{
	return rule->kind == CONF_SERVICE ? rule->name : NULL;
}

static void
judge_remember(const struct keys *k, const struct conf_rule *rule)
{
	char at[CONF_WHERE_MAX];
	bool sshd = rule->kind == CONF_SERVICE ? trust_is_sshd(rule->name) :
	    may_be(k->host->conf, rule, "sshd");

	if (rule->login.remember > 0 && sets(k, rule, "remember") && !sshd)
		check_find(k->f, CHECK_WARNING, where(k, rule, "remember", at),
		    "remove it; for sudo and su there is grace", "remember "
		    "does nothing in [%s %s]: only sshd tells which key a "
		    "person has", conf_rule_kind_name(rule->kind), rule->name);
}

static void
judge_grace(const struct keys *k, const struct conf_rule *rule)
{
	const char *service = service_of(rule);
	char at[CONF_WHERE_MAX];

	if (service == NULL || rule->login.grace == 0 ||
	    !sets(k, rule, "grace") || is_in(on_terminals, service))
		return;
	if (trust_is_sshd(service))
		check_find(k->f, CHECK_WARNING, where(k, rule, "grace", at),
		    "move it to [service sudo]; for sshd there is remember",
		    "grace does nothing in [service %s]: a login has no "
		    "session yet", service);
	else
		check_find(k->f, CHECK_NOTE, where(k, rule, "grace", at), "",
		    "grace holds where people call the program on a terminal, "
		    "as sudo: is %s called so?", service);
}

static bool
has_module(const struct keys *k, const char *service)
{
	stack_read(k->host->dir, service, "auth", k->stack);
	return stack_find(k->stack, "pam_mfa.so") < k->stack->n;
}

static void
judge_app(const struct keys *k, const struct conf_rule *rule)
{
	const char *service = service_of(rule);
	char at[CONF_WHERE_MAX], remedy[192];

	if (service == NULL || !rule->login.app_passwords)
		return;
	if (is_in(shells, service) || trust_is_sshd(service))
		check_find(k->f, CHECK_WARNING, where(k, rule, "app_passwords",
		    at), "remove it: app passwords are for mail and the like",
		    "nothing but an app password is asked by %s, which gives "
		    "more than one program may need", service);
	if (has_module(k, service))
		return;
	snprintf(remedy, sizeof(remedy), "put pam_mfa.so into /etc/pam.d/%.64s "
	    "as its only auth line, or correct the name", service);
	check_find(k->f, CHECK_WARNING, where(k, rule, "app_passwords", at),
	    remedy, "no app password is ever asked for by %s: there is no "
	    "pam_mfa.so in its stack", service);
}

/* Where is it said that this service enrols? NULL: nowhere. */
static const char *
enrols(const struct keys *k, const char *service,
    char at[static CONF_WHERE_MAX])
{
	const struct mfa_conf *conf = k->host->conf;
	struct conf_login login;

	for (size_t i = 0; i < conf->nrules; i++) {
		const struct conf_rule *rule = &conf->rule[i];

		if (!may_be(conf, rule, service))
			continue;
		if (rule->login.not_enrolled == CONF_ENROL &&
		    sets(k, rule, "not_enrolled"))
			return where(k, rule, "not_enrolled", at);
		if (rule->login.then == CONF_THEN_ENROL)
			return where(k, rule, "then", at);
	}
	conf_service(conf, service, &login);
	return login.not_enrolled != CONF_ENROL ? NULL : where(k, NULL,
	    conf->login.then == CONF_THEN_ENROL ? "then" : "not_enrolled", at);
}

/* A program that ends the login before we do. limit 0: it never does. */
static void
judge_time(const struct keys *k, const char *service, const char *setting,
    unsigned limit)
{
	char at[CONF_WHERE_MAX], remedy[160], has[40], wants[40];
	const char *place = enrols(k, service, at);
	struct conf_login login;
	unsigned most;
	bool enrol;

	conf_service(k->host->conf, service, &login);
	enrol = place != NULL && login.enrol_time > login.time_limit;
	most = enrol ? login.enrol_time : login.time_limit;
	if (limit == 0 || limit >= most)
		return;
	if (place == NULL)
		place = where(k, NULL, "time_limit", at);
	snprintf(remedy, sizeof(remedy), "%s %u", setting, most);
	/* A code takes seconds, an enrolment minutes. */
	check_find(k->f, enrol ? CHECK_WARNING : CHECK_NOTE, place, remedy,
	    "%s ends a login after %s (%s), though %s gives it %s", service,
	    text_duration(has, sizeof(has), limit, LANGUAGE_EN), setting,
	    enrol ? "enrol_time" : "time_limit",
	    text_duration(wants, sizeof(wants), most, LANGUAGE_EN));
}

/* "LOGIN_TIMEOUT 60", the last of them. */
static unsigned
login_timeout(const char *defs)
{
	static const char name[] = "LOGIN_TIMEOUT";
	uint64_t found = LOGIN_TIMEOUT, v;
	char value[24];

	for (const char *s = defs; *s != '\0'; s += *s == '\n') {
		s += strspn(s, " \t");
		if (!strncmp(s, name, sizeof(name) - 1)) {
			s += sizeof(name) - 1;
			s += strspn(s, " \t");
			snprintf(value, sizeof(value), "%.*s",
			    (int)strcspn(s, " \t\r\n"), s);
			if (!text_u64(value, 0, 1000000, &v))
				found = v;
		}
		s += strcspn(s, "\n");
	}
	return (unsigned)found;
}

/* Is a key of sshd's remembered by any part of mfa.conf? Where it is said. */
static const char *
remembers(const struct keys *k, char at[static CONF_WHERE_MAX])
{
	const struct mfa_conf *conf = k->host->conf;

	for (size_t i = 0; i < conf->nrules; i++)
		if (conf->rule[i].login.remember > 0 &&
		    sets(k, &conf->rule[i], "remember") &&
		    may_be(conf, &conf->rule[i], "sshd"))
			return where(k, &conf->rule[i], "remember", at);
	return conf->login.remember > 0 ? where(k, NULL, "remember", at) :
	    NULL;
}

static void
judge_sshd(const struct keys *k)
{
	const struct sshd_settings *sshd = k->host->sshd;
	char at[CONF_WHERE_MAX];
	const char *place = remembers(k, at);

	if (sshd == NULL || !has_module(k, "sshd"))
		return;
	if (place != NULL && !sshd_key_first(sshd))
		check_find(k->f, CHECK_WARNING, place, "AuthenticationMethods "
		    "publickey,keyboard-interactive:pam in sshd_config",
		    "nothing can be remembered: sshd verifies no key before "
		    "the code (AuthenticationMethods %s)", sshd->methods);
	judge_time(k, "sshd", "LoginGraceTime", sshd->grace);
}

/* Root runs it. without: what comes of there being none. */
static void
judge_program(const struct keys *k, const char *key, const char *path,
    enum check_level level, const char *without)
{
	char at[CONF_WHERE_MAX];
	struct stat st;

	where(k, NULL, key, at);
	if (stat(path, &st) || !S_ISREG(st.st_mode) || access(path, X_OK))
		check_find(k->f, level, at, "install one, or correct the path",
		    "%s: there is no program %s", without, path);
	else if (st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH))
		check_find(k->f, CHECK_ERROR, at, "chown root it, and chmod "
		    "go-w", "%s is run as root, and others can write it", path);
}

void
keys_judge(const struct keys_host *host, struct findings *f)
{
	const struct keys k = { host, f, malloc(sizeof(*k.stack)) };

	if (k.stack == NULL) {
		check_find(f, CHECK_ERROR, host->conf_path, "", "no memory");
		return;
	}
	for (size_t i = 0; i < host->conf->nrules; i++) {
		const struct conf_rule *rule = &host->conf->rule[i];

		judge_remember(&k, rule);
		judge_grace(&k, rule);
		judge_app(&k, rule);
	}
	judge_sshd(&k);
	if (pam_dir_find(host->dir, "login") != NULL && has_module(&k, "login"))
		judge_time(&k, "login", "LOGIN_TIMEOUT",
		    login_timeout(host->login_defs));
	if (*host->conf->mail_program != '\0')
		judge_program(&k, "mail_program", host->conf->mail_program,
		    CHECK_WARNING, "nobody is told of a reset by mail");
	if (host->conf->store == CONF_STORE_HOME)
		judge_program(&k, "home_program", host->conf->home_program,
		    CHECK_ERROR, "no home can be read, and so nobody can log "
		    "in");
	free(k.stack);
}
