/* mfactl: enrols factors, and shows, checks and resets them. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/account.h"
#include "../pam_mfa/sys/conf_load.h"
#include "../pam_mfa/sys/os.h"
#include "../pam_mfa/sys/send_proc.h"
#include "mail.h"
#include "tool.h"
#include "tty.h"
#include "verbs.h"

#define VERBS_MAX 64	/* more than there are */

static void
option_set(struct tool *t, enum option_id id, const char *value)
{
	struct tool_options *o = &t->opt;
	const char **const text[OPTIONS] = {
		[OPT_CONF] = &t->conf_path, [OPT_LABEL] = &o->label,
		[OPT_DIGITS] = &o->digits, [OPT_PERIOD] = &o->period,
		[OPT_ALGORITHM] = &o->algorithm, [OPT_USER] = &o->user,
		[OPT_SERVICE] = &o->service, [OPT_RHOST] = &o->rhost,
		[OPT_EXTENSION] = &o->extension, [OPT_TO] = &o->to,
		[OPT_LANGUAGE] = &o->language, [OPT_TTY] = &o->tty,
		[OPT_GROUP] = &o->group, [OPT_EXPIRES] = &o->expires,
		[OPT_REASON] = &o->reason, [OPT_HOURS] = &o->hours,
	};

	if (text[id] != NULL)
		*text[id] = value;
	o->json |= id == OPT_JSON;
	o->csv |= id == OPT_CSV;
	o->secret_stdin |= id == OPT_SECRET;
	o->sms |= id == OPT_SMS;
	o->voice |= id == OPT_VOICE;
	o->unverified |= id == OPT_UNVERIFIED;
	o->revoke |= id == OPT_REVOKE;
	o->all |= id == OPT_ALL;
	o->first |= id == OPT_FIRST;
}

/* Sorts the operands to the end. *ret_given: which options there were. */
static int
parse_options(struct tool *t, int argc, char **argv, unsigned *ret_given)
{
	struct option longs[OPTIONS + 1] = { { 0 } };
	int id;

	for (int i = 0; i < OPTIONS; i++)
		longs[i] = (struct option){ .name = options[i].name,
		    .has_arg = options[i].operand != NULL, .val = i };
	*ret_given = 0;
	while ((id = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (id == '?')
			return tool_fail(TOOL_USAGE, "try: mfactl --help");
		*ret_given |= BIT((unsigned)id);
		option_set(t, (enum option_id)id, optarg);
	}
	return TOOL_OK;
}

static int
unknown_verb(const struct tool *t, int argc, char **argv)
{
	const char *names[VERBS_MAX + 1] = { NULL }, *near;
	char typed[128];

	for (size_t i = 0; verb_at(i) != NULL && i < VERBS_MAX; i++)
		names[i] = verb_at(i)->name;
	snprintf(typed, sizeof(typed), "%s %s", argv[0],
	    argc > 1 ? argv[1] : "");
	near = text_nearest(typed, names);
	if (near == NULL)
		near = text_nearest(argv[0], names);
	if (near != NULL)
		return tool_refuse(t, TOOL_USAGE, "there is no verb \"%s\"; "
		    "did you mean %s?", argv[0], near);
	return tool_refuse(t, TOOL_USAGE, "\"%s\" is no whole verb; try: "
	    "mfactl --help", argv[0]);
}

/* Operands and options against the row. */
static int
check_usage(const struct tool *t, const struct verb_row *v, int operands,
    unsigned given)
{
	int max = *v->operands != '\0', min = 0;
	unsigned extra = given & ~(v->options | GLOBAL);

	for (const char *s = v->operands; *s; s++)
		max += *s == ' ';
	for (const char *s = v->operands; *s && *s != '['; s++)
		min += s == v->operands || s[-1] == ' ';
	for (unsigned i = 0; i < OPTIONS; i++)
		if (extra & BIT(i))
			return tool_refuse(t, TOOL_USAGE, "%s takes no --%s",
			    v->name, options[i].name);
	if (operands >= min && operands <= max)
		return TOOL_OK;
	help_usage(t, stderr, v);
	return TOOL_USAGE;
}

/* Who runs us, and so for whom. */
static int
identify(struct tool *t, bool only_self)
{
	const char *name = getenv("SUDO_USER"), *uid = getenv("SUDO_UID");
	struct mfa_why why = { .language = t->language };
	struct mfa_subject who = { 0 };
	enum mfa_err r;
	uint64_t id;

	if (geteuid() != getuid())
		return tool_refuse(t, TOOL_CONFIG, "mfactl must not be "
		    "set-user-ID");
	t->root = geteuid() == 0 && !only_self;
	t->prove = geteuid() == 0 && only_self;
	if (t->prove && (name == NULL || uid == NULL))
		return tool_refuse(t, TOOL_CONFIG, "--self is for sudo, and "
		    "SUDO_USER is not set; run: sudo mfactl --self VERB ...");
	r = geteuid() == 0 && name != NULL ? account_find(name, &who, &why) :
	    account_of(getuid(), &who, &why);
	if (r == MFA_ENOENT)
		return tool_refuse(t, TOOL_CONFIG, "your account has no passwd "
		    "entry");
	if (r)
		return tool_error(r, &why);
	if (t->prove && (text_u64(uid, 0, (uid_t)-2, &id) || id != who.uid))
		return tool_refuse(t, TOOL_CONFIG, "SUDO_USER and SUDO_UID are "
		    "not the same person; run: sudo mfactl --self VERB ...");
	snprintf(t->self, sizeof(t->self), "%s", who.user);
	return TOOL_OK;
}

static int
check_rights(const struct tool *t, const struct verb_row *v, unsigned given)
{
	if (v->admin && !t->root)
		return tool_refuse(t, TOOL_CONFIG, "%s is for administrators; "
		    "run: sudo mfactl %s ...", v->name, v->name);
	if (t->prove && given & BIT(OPT_CONF))
		return tool_refuse(t, TOOL_CONFIG, "--conf does not go with "
		    "--self");
	return TOOL_OK;
}

static int
run(struct tool *t, const struct verb_row *v, int argc, char **argv)
{
	struct mfa_why why = { "" };
	enum mfa_err r;
	int status;

	/* A configuration may be what is wrong. */
	if (v->run == verb_check)
		return v->run(t, argc, argv);
	if ((r = conf_load(t->conf_path, &t->conf, &why)))
		return tool_fail(TOOL_CONFIG, "%s", why.text);
	if ((r = crypto_new(t->conf.openssl_config, &t->crypto, &why)))
		return tool_error(r, &why);
	t->sender = send_proc(t->conf.send.program);
	status = v->run(t, argc, argv);
	crypto_free(t->crypto);
	return status;
}

static int
dispatch(struct tool *t, int argc, char **argv)
{
	const struct verb_row *v;
	unsigned given;
	int status, words;

	if ((status = parse_options(t, argc, argv, &given)) ||
	    (status = speak(t)))
		return status;
	argc -= optind;
	argv += optind;
	if (given & BIT(OPT_HELP) && (argc == 0 || !help_verb(t, argc, argv)))
		help(t);
	if (given & BIT(OPT_HELP))
		return TOOL_OK;
	if (argc == 0)
		return tool_refuse(t, TOOL_USAGE, "no verb; try: mfactl "
		    "--help");
	if ((v = verb_find(argc, argv, &words)) == NULL)
		return unknown_verb(t, argc, argv);
	if ((status = check_usage(t, v, argc - words, given)) ||
	    (status = identify(t, given & BIT(OPT_SELF))) ||
	    (status = check_rights(t, v, given)))
		return status;
	return run(t, v, argc - words, argv + words);
}

/* Keys pass through this process: none may outlive it in a file. */
static int
harden(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return TOOL_SYSTEM;	/* a file would be fd 1 */
	umask(077);
	if (setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }) ||
	    prctl(PR_SET_DUMPABLE, 0))
		return tool_fail(TOOL_SYSTEM, "core dumps cannot be turned "
		    "off: %s", strerror(errno));
	return TOOL_OK;
}

static void
write_log(void *ctx, enum mfa_level level, const char *line)
{
	(void)ctx;
	(void)level;
	openlog("mfactl", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_NOTICE, "%s", line);
}

int
main(int argc, char **argv)
{
	const char *term = getenv("TERM");
	struct tool *t;
	bool lost = false;
	int status;

	if ((status = harden()))
		return status;
	if (argc == 3 && strcmp(argv[1], "draw-qr") == 0)
		return tool_draw(argv[2]);
	if (argc == 7 && strcmp(argv[1], "at-home") == 0)
		return tool_at_home(argv + 2);
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return tool_fail(TOOL_SYSTEM, "no memory");
	t->conf_path = CONF_FILE;
	t->out = stdout;
	t->conv = tty_conv(&lost);
	t->clock = os_clock();
	t->log.write = write_log;
	t->mail = mail_send;
	t->tty = isatty(STDIN_FILENO);
	t->colour = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
	status = dispatch(t, argc, argv);
	free(t);
	if ((fflush(stdout) || ferror(stdout) || lost) && !status)
		status = tool_fail(TOOL_SYSTEM, "stdout: not all of the output "
		    "could be written");
	return status;
}
