/*
 * mfa.conf, and what it says about a login: after a line "%%" the lines
 * service, user, rhost, tty, group, and how: "k" known, "m" in the group, "?"
 * that cannot be told, digits the methods they have.
 */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/denial.h"
#include "../../pam_mfa/core/method.h"
#include "../../pam_mfa/core/policy.h"
#include "fuzz.h"

/* As it is written, so it is read. */
static void
values(const struct conf_login *login)
{
	const struct conf_key *key;
	char text[CONF_TEXT_MAX], again[CONF_TEXT_MAX];
	struct mfa_conf *conf = malloc(sizeof(*conf));
	struct mfa_why why = { "" };
	struct buf line = { 0 };

	fuzz_must(conf != NULL);
	for (size_t i = 0; (key = conf_key(i)) != NULL; i++) {
		if (!key->service ||
		    !*conf_value(login, key->name, text, sizeof(text)))
			continue;
		buf_wipe(&line);
		fuzz_must(!buf_printf(&line, "%s = %s\n", key->name, text));
		conf_init(conf);
		fuzz_must(!conf_parse(conf, "again", buf_str(&line), line.len,
		    &why));
		conf_value(&conf->login, key->name, again, sizeof(again));
		fuzz_must(!strcmp(text, again));
	}
	buf_wipe(&line);
	free(conf);
}

static void
origins(const struct mfa_conf *conf, const struct when_login *l)
{
	const struct conf_key *key;
	char where[CONF_WHERE_MAX];

	for (size_t i = 0; (key = conf_key(i)) != NULL; i++) {
		(void)conf_where(conf, NULL, key->name, where);
		fuzz_must(*where == '\0' ||
		    !strncmp(where, "mfa.conf:", 9));
		if (key->service)
			(void)conf_origin(conf, l, key->name);
	}
}

/* One line that ends, and says something, in each language. */
static void
turned_away(const struct policy_decision *d, const struct mfa_subject *who)
{
	char words[DENIAL_WORDS_MAX];

	for (int l = LANGUAGE_EN; l <= LANGUAGE_JA; l++) {
		denial_words(d, who, (enum language)l, words);
		fuzz_must(*words != '\0' && strlen(words) < sizeof(words));
	}
}

static void
decide(const struct mfa_conf *conf, const struct mfa_subject *who,
    unsigned methods)
{
	const struct policy_ctx ctx = { conf, who };
	const struct when_login l = policy_login(&ctx);
	struct policy_decision d;

	policy_decide(conf, who, methods, &d);
	values(&d.login);
	origins(conf, &l);
	fuzz_must(policy_reason(d.cause) != NULL);
	fuzz_must(policy_wants_time(conf) || d.login.deadline == 0);
	if (d.verdict == POLICY_DENY)
		turned_away(&d, who);
	if (d.guarded)
		fuzz_must(!d.send && !d.enrol && d.verdict != POLICY_DENY);
	if (!who->known)
		fuzz_must(d.guarded && d.verdict == POLICY_ASK);
	if (d.login.app_passwords)
		fuzz_must(d.verdict == POLICY_ASK && !d.enrol);
	if (d.verdict == POLICY_EXEMPT)
		fuzz_must(conf_exempts(conf, who->service));
	if (d.verdict == POLICY_EXEMPT || d.verdict == POLICY_DENY)
		fuzz_must(d.cause != POLICY_ENROLLED);
}

static void
line_into(struct fuzz_input *in, char *dst, size_t cap)
{
	char *line = fuzz_line(in);
	size_t len = strnlen(line, cap - 1);

	memcpy(dst, line, len);
	dst[len] = '\0';
	free(line);
}

static void
who_asks(const struct mfa_conf *conf, struct fuzz_input *in)
{
	struct mfa_subject who = { .uid = 1000, .gid = 1000, .minute = -1 };
	char group[CONF_NAME_MAX], how[64];
	enum when_met member;
	int i;

	line_into(in, who.service, sizeof(who.service));
	line_into(in, who.user, sizeof(who.user));
	line_into(in, who.rhost, sizeof(who.rhost));
	line_into(in, who.tty, sizeof(who.tty));
	line_into(in, group, sizeof(group));
	line_into(in, how, sizeof(how));
	who.known = strchr(how, 'k') != NULL;
	member = strchr(how, 'm') != NULL ? WHEN_YES :
	    strchr(how, '?') != NULL ? WHEN_UNKNOWN : WHEN_NO;
	if ((i = conf_group_index(conf, group)) >= 0)
		who.member[i] = (uint8_t)member;
	if (strchr(how, 't') != NULL)
		who.minute = (int64_t)strtoul(strchr(how, 't') + 1, NULL, 10);
	decide(conf, &who, (unsigned)strtoul(how, NULL, 10) &
	    (METHOD_BIT(METHOD_KINDS + 1) - 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *text = fuzz_part(&in, "\n%%\n");
	struct mfa_conf *conf = malloc(sizeof(*conf));
	struct mfa_why why = { "" };
	enum mfa_err r;

	fuzz_must(conf != NULL);
	conf_init(conf);
	r = conf_parse(conf, "mfa.conf", text, strlen(text), &why);
	fuzz_must(!r || *why.text != '\0');
	if (!r && !(r = conf_finish(conf, &why)))
		who_asks(conf, &in);
	fuzz_why(&why);
	free(conf);
	free(text);
	return 0;
}
