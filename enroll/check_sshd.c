/* What is wrong with sshd's settings where a code is to be asked. */
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "check.h"

#define SSHD "sshd"

enum { USE_PAM, KEYBOARD, PASSWORD, PUBKEY, HOSTBASED, GSSAPI, METHODS,
    GRACE };

static const struct { const char *word; int what; } keywords[] = {
	{ "usepam", USE_PAM }, { "kbdinteractiveauthentication", KEYBOARD },
	{ "challengeresponseauthentication", KEYBOARD },
	{ "passwordauthentication", PASSWORD },
	{ "pubkeyauthentication", PUBKEY },
	{ "hostbasedauthentication", HOSTBASED },
	{ "gssapiauthentication", GSSAPI },
	{ "authenticationmethods", METHODS }, { "logingracetime", GRACE },
};

static void
set(struct sshd_settings *s, int what, const char *value)
{
	bool *const flags[] = { &s->use_pam, &s->keyboard, &s->password,
	    &s->pubkey, &s->hostbased, &s->gssapi };

	uint64_t seconds;

	if (what == METHODS)
		snprintf(s->methods, sizeof(s->methods), "%s", value);
	else if (what == GRACE) {
		if (!text_seconds(value, 0, UINT32_MAX, &seconds))
			s->grace = (unsigned)seconds;
	} else
		*flags[what] = text_case_equal(value, "yes");
}

void
sshd_parse(const char *text, struct sshd_settings *ret)
{
	char line[1024], *value;
	size_t n;

	*ret = (struct sshd_settings){ .keyboard = true, .password = true,
	    .pubkey = true, .methods = "any", .grace = 120 };
	for (; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)n, text);
		if ((value = strchr(line, ' ')) == NULL)
			continue;
		*value++ = '\0';
		for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords);
		    i++)
			if (text_case_equal(line, keywords[i].word))
				set(ret, keywords[i].what, value);
	}
}

/* One list of AuthenticationMethods: "publickey,keyboard-interactive:pam". */
struct way {
	char text[256];
	bool keyboard, password;	/* goes through PAM's auth */
	bool other_first;		/* another method comes before those */
	bool key_first;			/* and that is a person's key */
};

static void
read_way(const char *text, size_t len, struct way *ret)
{
	char copy[sizeof(ret->text)], *save = NULL;

	*ret = (struct way){ .other_first = false };
	snprintf(ret->text, sizeof(ret->text), "%.*s", (int)len, text);
	memcpy(copy, ret->text, sizeof(copy));
	for (char *m = strtok_r(copy, ",", &save); m != NULL;
	    m = strtok_r(NULL, ",", &save)) {
		m[strcspn(m, ":")] = '\0';
		if (!strcmp(m, "keyboard-interactive"))
			ret->keyboard = true;
		else if (!strcmp(m, "password"))
			ret->password = true;
		else if (!ret->keyboard && !ret->password) {
			ret->other_first = true;
			ret->key_first |= !strcmp(m, "publickey");
		}
	}
}

/* The next list; NULL after the last. */
static const char *
next_way(const char *methods, struct way *ret)
{
	size_t n;

	methods += strspn(methods, " ");
	if ((n = strcspn(methods, " ")) == 0)
		return NULL;
	read_way(methods, n, ret);
	return methods + n;
}

static bool
is_any(const struct sshd_settings *s)
{
	return text_case_equal(s->methods, "any") || !*s->methods;
}

bool
sshd_first_factor(const struct sshd_settings *s)
{
	const char *p = s->methods;
	bool all = !is_any(s);
	struct way w;

	while (all && (p = next_way(p, &w)) != NULL)
		if (w.keyboard || w.password)
			all = w.other_first;
	return all;
}

bool
sshd_key_first(const struct sshd_settings *s)
{
	const char *p = s->methods;
	bool any = false;
	struct way w;

	while ((p = next_way(p, &w)) != NULL)
		any |= w.keyboard && w.key_first;
	return any;
}

/* Ways in that never ask PAM for a code. */
static void
judge_any(const struct sshd_settings *s, struct findings *f)
{
	if (!s->keyboard && !s->password)
		check_find(f, CHECK_ERROR, SSHD,
		    "KbdInteractiveAuthentication yes", "no code is ever "
		    "asked: KbdInteractiveAuthentication and "
		    "PasswordAuthentication are no");
	else if (s->pubkey || s->hostbased || s->gssapi)
		check_find(f, CHECK_WARNING, SSHD, "AuthenticationMethods "
		    "publickey,keyboard-interactive:pam keyboard-interactive:"
		    "pam", "no code is asked of who logs in by%s%s%s: PAM's "
		    "auth is not called then", s->pubkey ? " public key" : "",
		    s->hostbased ? " host key" : "",
		    s->gssapi ? " Kerberos ticket" : "");
}

static void
judge_way(const struct sshd_settings *s, const struct way *w,
    struct findings *f)
{
	char remedy[320];

	if (!w->keyboard && !w->password) {
		snprintf(remedy, sizeof(remedy), "AuthenticationMethods %s,"
		    "keyboard-interactive:pam", w->text);
		check_find(f, CHECK_WARNING, SSHD, remedy,
		    "AuthenticationMethods %s: no code is asked there",
		    w->text);
	}
	if (w->keyboard && !s->keyboard)
		check_find(f, CHECK_ERROR, SSHD,
		    "KbdInteractiveAuthentication yes", "AuthenticationMethods "
		    "%s: nobody gets in, because KbdInteractiveAuthentication "
		    "is no", w->text);
}

/*
 * The password method answers every hidden prompt with the password and fails
 * at one that is not hidden: it can only do password and code in one.
 */
static void
judge_password(const struct sshd_settings *s, struct findings *f)
{
	const char *p = s->methods;
	bool used = s->password;
	struct way w;

	if (!is_any(s))
		for (used = false; (p = next_way(p, &w)) != NULL;)
			used |= w.password && !w.keyboard;
	if (!used)
		return;
	if (s->keyboard)
		check_find(f, CHECK_NOTE, SSHD, "PasswordAuthentication no",
		    "the password method cannot ask for a code: logins by it "
		    "are refused");
	else
		check_find(f, CHECK_ERROR, SSHD, "KbdInteractiveAuthentication "
		    "yes; or first_factor = joined in [service sshd]", "the "
		    "password method cannot ask for a code, and "
		    "KbdInteractiveAuthentication is no");
}

void
sshd_judge(const struct sshd_settings *s, enum conf_first_factor first,
    struct findings *f)
{
	const char *p = s->methods;
	struct way w;

	if (!s->use_pam) {
		check_find(f, CHECK_ERROR, SSHD, "UsePAM yes", "UsePAM is no: "
		    "the stack in /etc/pam.d is not run, and no code is asked");
		return;
	}
	if (is_any(s))
		judge_any(s, f);
	else
		while ((p = next_way(p, &w)) != NULL)
			judge_way(s, &w, f);
	if (first != CONF_JOINED)
		judge_password(s, f);
}
