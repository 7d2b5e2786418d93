/* mfactl's verbs and options. */
#include <string.h>

#include "verbs.h"

const struct option_row options[OPTIONS] = {
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
	[OPT_SMS] = { "sms", NULL,
	    "codes come by SMS (so, if neither is said)" },
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
	[OPT_FIRST] = { "first", NULL, "only if the host has no key yet" },
};

static const struct verb_row verbs[] = {
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
	    BIT(OPT_TTY), true, verb_check,
	    "check this host's set-up, or explain a login" },
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
	{ "sender show", "NAME", BIT(OPT_TO) | BIT(OPT_VOICE), true,
	    verb_sender_show,
	    "print the request as it would be sent, its secrets masked" },
	{ "sender test", "NAME", BIT(OPT_TO) | BIT(OPT_VOICE), true,
	    verb_sender_test,
	    "send a message with a code that is good for nothing" },
	{ "devices", "[USER]", BIT(OPT_JSON), false, verb_devices,
	    "what is let in without a code: remembered keys, sessions" },
	{ "forget", "[DEVICE] [USER]", BIT(OPT_ALL), false, verb_forget,
	    "forget one of these, or all" },
	{ "pass", "USER", BIT(OPT_HOURS) | BIT(OPT_REVOKE) | BIT(OPT_REASON),
	    true, verb_pass, "make a pass for one login, to be read out" },
	{ "rekey", "", BIT(OPT_FIRST), true, verb_rekey,
	    "a new key of the host: seal everybody's secrets with it" },
};

#define VERBS (sizeof(verbs) / sizeof(*verbs))

const struct verb_row *
verb_at(size_t i)
{
	return i < VERBS ? &verbs[i] : NULL;
}

bool
verb_begins_with(const char *name, const char *word)
{
	size_t n = strlen(word);

	return strncmp(name, word, n) == 0 && (!name[n] || name[n] == ' ');
}

const struct verb_row *
verb_find(int argc, char **argv, int *ret_words)
{
	for (size_t i = 0; i < VERBS; i++) {
		const char *rest = strchr(verbs[i].name, ' ');

		if (!verb_begins_with(verbs[i].name, argv[0]) ||
		    (rest && (argc < 2 || strcmp(rest + 1, argv[1]) != 0)))
			continue;
		*ret_words = rest != NULL ? 2 : 1;
		return &verbs[i];
	}
	return NULL;
}
