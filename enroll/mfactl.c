/* mfactl: enrols factors, and shows, checks and resets them. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/conf_load.h"
#include "../pam_mfa/sys/os.h"
#include "../pam_mfa/sys/send_proc.h"
#include "mail.h"
#include "tool.h"
#include "tty.h"

enum option_id {
	OPT_CONF, OPT_SELF, OPT_LANGUAGE, OPT_HELP,	/* of every verb */
	OPT_JSON, OPT_LABEL, OPT_DIGITS, OPT_PERIOD, OPT_ALGORITHM, OPT_SECRET,
	OPT_SMS, OPT_VOICE, OPT_EXTENSION, OPT_UNVERIFIED, OPT_TO,
	OPT_USER, OPT_SERVICE, OPT_RHOST, OPT_TTY, OPT_CSV, OPT_GROUP,
	OPT_EXPIRES, OPT_REASON, OPT_HOURS, OPT_REVOKE, OPT_ALL, OPTIONS,
};

#define BIT(option) (1u << (option))
#define GLOBAL (BIT(OPT_CONF) | BIT(OPT_SELF) | BIT(OPT_LANGUAGE) | \
    BIT(OPT_HELP))

static const struct option_row {
	const char *name, *operand, *help;
} options[OPTIONS] = {
	[OPT_CONF] = { "conf", "FILE", "configuration, for /etc/mfa/mfa.conf" },
	[OPT_SELF] = { "self", NULL,
	    "under sudo: act only for the person who called it" },
	[OPT_LANGUAGE] = { "language", LANGUAGE_CHOICE,
	    "in which to speak (the person's own, else the terminal's)" },
	[OPT_HELP] = { "help", NULL, "this, or with a verb all about it" },
	[OPT_JSON] = { "json", NULL, "machine-readable output" },
	[OPT_LABEL] = { "label", "TEXT", "name of the new factor" },
	[OPT_DIGITS] = { "digits", "6|7|8", "digits of a code (6)" },
	[OPT_PERIOD] = { "period", "SECONDS", "life of a code, 1-120 (30)" },
	[OPT_ALGORITHM] = { "algorithm", "SHA1|SHA256|SHA512",
	    "hash of the code (SHA1)" },
	[OPT_SECRET] = { "secret-stdin", NULL,
	    "root: take the base 32 key from stdin, ask nothing" },
	[OPT_SMS] = { "sms", NULL, "codes come by SMS (so, if neither is said)" },
	[OPT_VOICE] = { "voice", NULL, "codes come by call" },
	[OPT_EXTENSION] = { "extension", "DIGITS",
	    "dialled after the call is answered" },
	[OPT_UNVERIFIED] = { "unverified", NULL,
	    "root: enrol the number without a code" },
	[OPT_TO] = { "to", "NUMBER", "where the message is to go" },
	[OPT_USER] = { "user", "NAME", "explain a login of this person" },
	[OPT_SERVICE] = { "service", "NAME",
	    "through this PAM service; app password: NAME,NAME ..." },
	[OPT_RHOST] = { "rhost", "HOST", "... from this host" },
	[OPT_TTY] = { "tty", "NAME", "... on this terminal" },
	[OPT_CSV] = { "csv", NULL, "output for a spreadsheet" },
	[OPT_GROUP] = { "group", "NAME", "only members of this group" },
	[OPT_EXPIRES] = { "expires", "TIME",
	    "of an app password: 90d, 12h; without it, never" },
	[OPT_REASON] = { "reason", "TEXT", "why, for the log" },
	[OPT_HOURS] = { "hours", "HOURS", "how long the pass is good (24)" },
	[OPT_REVOKE] = { "revoke", NULL, "take the pass back" },
	[OPT_ALL] = { "all", NULL, "every device and session" },
};

static const struct verb_row {
	const char *name, *operands;
	unsigned options;	/* besides the global ones */
	bool admin;		/* needs root, and not --self */
	tool_verb *run;
	const char *help;
} verbs[] = {
	{ "status", "[USER]", BIT(OPT_JSON), false, verb_status,
	    "what is enrolled, when it was last used, failures, locks" },
	{ "add totp", "[USER]", BIT(OPT_LABEL) | BIT(OPT_DIGITS) |
	    BIT(OPT_PERIOD) | BIT(OPT_ALGORITHM) | BIT(OPT_SECRET), false,
	    verb_add_totp, "enrol an authenticator app by QR code" },
	{ "add recovery", "[USER]", 0, false, verb_add_recovery,
	    "make ten recovery codes, in place of the old ones" },
	{ "add phone", "[USER] [NUMBER]", BIT(OPT_SMS) | BIT(OPT_VOICE) |
	    BIT(OPT_LABEL) | BIT(OPT_EXTENSION) | BIT(OPT_UNVERIFIED), false,
	    verb_add_phone, "enrol a telephone for codes by SMS or call" },
	{ "add app-password", "NAME [USER]", BIT(OPT_SERVICE) |
	    BIT(OPT_EXPIRES), false, verb_add_app,
	    "for a program that cannot ask for a code, such as mail" },
	{ "remove", "FACTOR [USER]", 0, false, verb_remove,
	    "remove a factor, named by its id or label" },
	{ "rename", "FACTOR LABEL [USER]", 0, false, verb_rename,
	    "give a factor another label" },
	{ "first", "totp|sms|voice [USER]", 0, false, verb_first,
	    "what is asked for first at a login" },
	{ "language", LANGUAGE_CHOICE " [USER]", 0, false, verb_language,
	    "the language of prompts and messages" },
	{ "test", "[USER]", 0, false, verb_test,
	    "verify a code without using it up" },
	{ "list", "", BIT(OPT_JSON), true, verb_list,
	    "everybody who is enrolled" },
	{ "report", "", BIT(OPT_JSON) | BIT(OPT_CSV) | BIT(OPT_GROUP) |
	    BIT(OPT_SERVICE), true, verb_report,
	    "who lacks which factor, and until when" },
	{ "check", "", BIT(OPT_USER) | BIT(OPT_SERVICE) | BIT(OPT_RHOST) |
	    BIT(OPT_TTY), true, verb_check, "check this host's set-up, or explain a login" },
	{ "reset", "USER", BIT(OPT_REASON), true, verb_reset,
	    "remove all factors of a person, and what is known of them" },
	{ "unlock", "USER", 0, true, verb_unlock,
	    "forget a person's wrong codes" },
	{ "import google-authenticator", "FILE [USER]", BIT(OPT_LABEL), false,
	    verb_import_google, "take over a .google_authenticator file" },
	{ "import oath", "FILE", BIT(OPT_LABEL), true, verb_import_oath,
	    "take over everybody in a users.oath file" },
	{ "sender check", "[NAME]", 0, true, verb_sender_check,
	    "check the profiles of providers and their secrets" },
	{ "sender show", "NAME", BIT(OPT_TO) | BIT(OPT_VOICE), true, verb_sender_show,
	    "print the request as it would be sent, its secrets masked" },
	{ "sender test", "NAME", BIT(OPT_TO) | BIT(OPT_VOICE), true, verb_sender_test,
	    "send a message with a code that is good for nothing" },
	{ "devices", "[USER]", BIT(OPT_JSON), false, verb_devices,
	    "what is let in without a code: remembered keys, sessions" },
	{ "forget", "[DEVICE] [USER]", BIT(OPT_ALL), false, verb_forget,
	    "forget one of these, or all" },
	{ "pass", "USER", BIT(OPT_HOURS) | BIT(OPT_REVOKE) | BIT(OPT_REASON),
	    true, verb_pass, "make a pass for one login, to be read out" },
};

#define VERBS (sizeof(verbs) / sizeof(*verbs))

static void
print_option(const struct tool *t, enum option_id id)
{
	const struct option_row *o = &options[id];
	char left[48];

	snprintf(left, sizeof(left), "--%s %s", o->name,
	    o->operand != NULL ? o->operand : "");
	printf("  %-32s %s\n", left, say(t->language, o->help));
}

static void
print_options(const struct tool *t, unsigned which)
{
	for (unsigned i = 0; i < OPTIONS; i++)
		if (which & BIT(i))
			print_option(t, i);
}

static void
print_usage(const struct tool *t, FILE *out, const struct verb_row *v)
{
	fprintf(out, "%s mfactl %s%s%s", say(t->language, "usage:"), v->name,
	    *v->operands ? " " : "", v->operands);
	for (unsigned i = 0; i < OPTIONS; i++)
		if (v->options & BIT(i))
			fprintf(out, " [--%s%s%s]", options[i].name,
			    options[i].operand != NULL ? " " : "",
			    options[i].operand != NULL ? options[i].operand :
			    "");
	putc('\n', out);
}

/* Is word the name's first word, or the whole name? */
static bool
begins_with(const char *name, const char *word)
{
	size_t n = strlen(word);

	return strncmp(name, word, n) == 0 && (!name[n] || name[n] == ' ');
}

/* The row that the operands begin with; *ret_words of them are its name. */
static const struct verb_row *
find_verb(int argc, char **argv, int *ret_words)
{
	for (size_t i = 0; i < VERBS; i++) {
		const char *rest = strchr(verbs[i].name, ' ');

		if (!begins_with(verbs[i].name, argv[0]) ||
		    (rest && (argc < 2 || strcmp(rest + 1, argv[1]) != 0)))
			continue;
		*ret_words = rest != NULL ? 2 : 1;
		return &verbs[i];
	}
	return NULL;
}

static void
help_row(const struct tool *t, const struct verb_row *v)
{
	print_usage(t, stdout, v);
	printf("  %s%s\n", say(t->language, v->help), v->admin ? " (root)" :
	    "");
	print_options(t, v->options | GLOBAL);
}

/* All about the verb, or about those that begin with this word. */
static bool
help_verb(const struct tool *t, int argc, char **argv)
{
	int words;
	const struct verb_row *v = find_verb(argc, argv, &words);
	bool any = v != NULL;

	if (v != NULL)
		help_row(t, v);
	for (size_t i = 0; v == NULL && i < VERBS; i++)
		if (begins_with(verbs[i].name, argv[0])) {
			help_row(t, &verbs[i]);
			any = true;
		}
	return any;
}

static void
help(const struct tool *t)
{
	char left[64];

	puts(say(t->language, "usage: mfactl VERB [OPTION ...]\n\nVerbs:"));
	for (size_t i = 0; i < VERBS; i++) {
		snprintf(left, sizeof(left), "%s %s", verbs[i].name,
		    verbs[i].operands);
		printf("  %-40s %s%s\n", left, say(t->language, verbs[i].help),
		    verbs[i].admin ? " (root)" : "");
	}
	puts(say(t->language, "\nOptions:"));
	print_options(t, BIT(OPTIONS) - 1);
	puts(say(t->language, "\nWithout USER: yourself. More: mfactl VERB "
	    "--help, mfactl(1)"));
}

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
	const char *names[VERBS + 1] = { NULL }, *near;
	char typed[128];

	for (size_t i = 0; i < VERBS; i++)
		names[i] = verbs[i].name;
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
	print_usage(t, stderr, v);
	return TOOL_USAGE;
}

/* Who runs us, and so for whom. */
static int
identify(struct tool *t, bool only_self)
{
	const char *name = getenv("SUDO_USER"), *uid = getenv("SUDO_UID");
	const struct passwd *pw;
	uint64_t id;

	if (geteuid() != getuid())
		return tool_refuse(t, TOOL_CONFIG, "mfactl must not be "
		    "set-user-ID");
	t->root = geteuid() == 0 && !only_self;
	t->prove = geteuid() == 0 && only_self;
	if (t->prove && (name == NULL || uid == NULL))
		return tool_refuse(t, TOOL_CONFIG, "--self is for sudo, and "
		    "SUDO_USER is not set; run: sudo mfactl --self VERB ...");
	pw = geteuid() == 0 && name != NULL ? getpwnam(name) :
	    getpwuid(getuid());
	if (pw == NULL || strlen(pw->pw_name) >= sizeof(t->self))
		return tool_refuse(t, TOOL_CONFIG, "your account has no passwd "
		    "entry");
	if (t->prove && (text_u64(uid, 0, (uid_t)-2, &id) || id != pw->pw_uid))
		return tool_refuse(t, TOOL_CONFIG, "SUDO_USER and SUDO_UID are "
		    "not the same person; run: sudo mfactl --self VERB ...");
	snprintf(t->self, sizeof(t->self), "%s", pw->pw_name);
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

	if (v->run == verb_check)	/* a configuration may be what is wrong */
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
	if ((v = find_verb(argc, argv, &words)) == NULL)
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
