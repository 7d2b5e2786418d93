/* PAM stacks, read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "check_stack.h"

#define DEPTH_MAX 16	/* of includes; Linux-PAM has 32 */
#define LINE_MAX_BYTES 1024	/* as Linux-PAM's */
#define UNSET (-100)

static const char *const results[RESULTS] = {
	"success", "ignore", "auth_err", "maxtries", "authinfo_unavail",
	"service_err", "conv_err", "buf_err", "module_unknown",
};

static const struct { const char *word, *brackets; } controls[] = {
	{ "required", "success=ok ignore=ignore default=bad" },
	{ "requisite", "success=ok ignore=ignore default=die" },
	{ "sufficient", "success=done default=ignore" },
	{ "optional", "success=ok default=ignore" },
};

static const struct { const char *word; int action; } actions[] = {
	{ "ignore", ACTION_IGNORE }, { "ok", ACTION_OK },
	{ "done", ACTION_DONE }, { "bad", ACTION_BAD }, { "die", ACTION_DIE },
	{ "reset", ACTION_RESET },
};

struct reader {
	const struct pam_dir *dir;
	const char *facility;
	struct pam_stack *stack;
	const char *open[DEPTH_MAX];	/* names of the files being read */
	unsigned nopen, depth;
};

const char *
pam_result_name(enum pam_result result)
{
	return results[result];
}

void
pam_dir_free(struct pam_dir *dir)
{
	for (size_t i = 0; i < dir->n; i++)
		buf_wipe(&dir->file[i].text);
	free(dir->file);
	*dir = (struct pam_dir){ 0 };
}

const struct pam_file *
pam_dir_find(const struct pam_dir *dir, const char *name)
{
	for (size_t i = 0; i < dir->n; i++)
		if (!strcmp(dir->file[i].name, name))
			return &dir->file[i];
	return NULL;
}

/* Bytes of this physical line without its comment and the blanks before it. */
static size_t
content(const char *text)
{
	size_t n = strcspn(text, "#\n");

	while (n > 0 && text_is_space(text[n - 1]))
		n--;
	return n;
}

/*
 * One logical line: '\' at its end goes on. Returns the rest of the text, NULL
 * after the end; *line counts the physical ones.
 */
static const char *
next_line(const char *text, char ret[static LINE_MAX_BYTES], unsigned *line)
{
	size_t at = 0, n;
	bool more;

	if (!*text)
		return NULL;
	do {
		n = content(text);
		more = n > 0 && text[n - 1] == '\\';
		for (size_t i = 0; i < n; i++)
			if (at + 1 < LINE_MAX_BYTES)
				ret[at++] = i + more == n ? ' ' : text[i];
		text += strcspn(text, "\n");
		text += *text == '\n';
		++*line;
	} while (more && *text);
	ret[at] = '\0';
	return text;
}

/*
 * The next word, or a whole [bracket] without its end, cut out in place; ""
 * after the last.
 */
static char *
next_word(char **p)
{
	char *word = *p + strspn(*p, " \t\r"), *end;

	end = word + strcspn(word, *word == '[' ? "]" : " \t\r");
	*p = end + (*end != '\0');
	*end = '\0';
	return word;
}

static bool
parse_action(const char *word, int *ret)
{
	uint64_t jump;

	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (text_case_equal(word, actions[i].word)) {
			*ret = actions[i].action;
			return true;
		}
	if (text_u64(word, 1, STACK_MAX, &jump))
		return false;
	*ret = (int)jump;
	return true;
}

/* "default" fills only what was not set before it, as in Linux-PAM. */
static bool
parse_pair(const char *name, const char *value, int on[static RESULTS])
{
	bool others = text_case_equal(name, "default");
	int action;

	if (!parse_action(value, &action))
		return false;
	for (size_t i = 0; i < RESULTS; i++)
		if (others ? on[i] == UNSET : text_case_equal(name, results[i]))
			on[i] = action;
	return true;
}

static bool
parse_brackets(const char *text, int on[static RESULTS])
{
	char copy[256], *p = copy, *word, *value;

	snprintf(copy, sizeof(copy), "%s", text);
	for (size_t i = 0; i < RESULTS; i++)
		on[i] = UNSET;
	while (*(word = next_word(&p))) {
		if ((value = strchr(word, '=')) == NULL)
			return false;
		*value++ = '\0';
		if (!parse_pair(word, value, on))
			return false;
	}
	for (size_t i = 0; i < RESULTS; i++)
		if (on[i] == UNSET)
			on[i] = ACTION_BAD;
	return true;
}

static bool
parse_control(const char *control, struct pam_rule *rule)
{
	bool brackets = *control == '[';

	snprintf(rule->control, sizeof(rule->control), "%s%s", control,
	    brackets ? "]" : "");
	if (brackets)
		return parse_brackets(control + 1, rule->on);
	for (size_t i = 0; i < sizeof(controls) / sizeof(*controls); i++)
		if (text_case_equal(control, controls[i].word))
			return parse_brackets(controls[i].brackets, rule->on);
	return false;
}

static void
add_rule(struct reader *r, const struct pam_rule *rule)
{
	if (r->stack->n == STACK_MAX)
		r->stack->cut = true;
	else
		r->stack->rule[r->stack->n++] = *rule;
}

static void read_file(struct reader *, const struct pam_file *);

static void
read_include(struct reader *r, const char *name, struct pam_rule *rule,
    bool substack)
{
	const char *base = strrchr(name, '/');
	const struct pam_file *file = pam_dir_find(r->dir,
	    base != NULL ? base + 1 : name);
	bool again = r->nopen == DEPTH_MAX;

	for (unsigned i = 0; file != NULL && i < r->nopen; i++)
		again |= !strcmp(r->open[i], file->name);
	snprintf(rule->module, sizeof(rule->module), "%s", name);
	if (file == NULL || again) {
		rule->kind = RULE_MISSING;
		for (size_t i = 0; i < RESULTS; i++)
			rule->on[i] = ACTION_BAD;
		add_rule(r, rule);
		return;
	}
	rule->kind = RULE_SUBSTACK;
	if (substack)
		add_rule(r, rule);
	r->depth += substack;
	read_file(r, file);
	r->depth -= substack;
}

static void
read_args(char *p, struct pam_rule *rule)
{
	char *word;
	size_t at = 0;

	while (*(word = next_word(&p)) && at < sizeof(rule->args))
		at += (size_t)snprintf(rule->args + at, sizeof(rule->args) - at,
		    "%s%s", at ? " " : "", *word == '[' ? word + 1 : word);
}

/* A line of our facility, from its control on. */
static void
read_rule(struct reader *r, char *p, struct pam_rule *rule)
{
	const char *control = next_word(&p), *module, *base;

	module = next_word(&p);
	if (text_case_equal(control, "include") ||
	    text_case_equal(control, "substack")) {
		read_include(r, module, rule,
		    text_case_equal(control, "substack"));
		return;
	}
	if (!parse_control(control, rule) || !*module) {
		rule->kind = RULE_BROKEN;
		for (size_t i = 0; i < RESULTS; i++)
			rule->on[i] = ACTION_BAD;
	}
	base = strrchr(module, '/');
	snprintf(rule->path, sizeof(rule->path), "%s", module);
	snprintf(rule->module, sizeof(rule->module), "%s",
	    base != NULL ? base + 1 : module);
	read_args(p, rule);
	add_rule(r, rule);
}

static void
read_line(struct reader *r, char *line, const char *where)
{
	struct pam_rule rule = { .kind = RULE_MODULE, .depth = r->depth };
	const char *word = next_word(&line);

	snprintf(rule.where, sizeof(rule.where), "%s", where);
	if (!strcmp(word, "@include")) {
		read_include(r, next_word(&line), &rule, false);
		return;
	}
	rule.optional = *word == '-';
	if (text_case_equal(word + rule.optional, r->facility))
		read_rule(r, line, &rule);
}

static void
read_file(struct reader *r, const struct pam_file *file)
{
	char line[LINE_MAX_BYTES], where[160];
	const char *text = buf_str(&file->text);
	unsigned at = 0, first = 1;

	r->open[r->nopen++] = file->name;
	while ((text = next_line(text, line, &at)) != NULL) {
		snprintf(where, sizeof(where), "%s:%u", file->path, first);
		first = at + 1;
		read_line(r, line, where);
	}
	r->nopen--;
}

void
stack_read(const struct pam_dir *dir, const char *service,
    const char *facility, struct pam_stack *ret)
{
	struct reader r = { .dir = dir, .facility = facility, .stack = ret };
	const struct pam_file *file = pam_dir_find(dir, service);

	ret->n = 0;
	ret->cut = false;
	if (file == NULL)
		file = pam_dir_find(dir, "other");
	if (file != NULL)
		read_file(&r, file);
}

bool
stack_includes(const struct pam_file *file, const char *name)
{
	char line[LINE_MAX_BYTES];
	const char *text = buf_str(&file->text), *word, *base;
	unsigned at = 0;

	while ((text = next_line(text, line, &at)) != NULL) {
		char *p = line;

		if (strcmp(next_word(&p), "@include") != 0) {
			word = next_word(&p);
			if (!text_case_equal(word, "include") &&
			    !text_case_equal(word, "substack"))
				continue;
		}
		word = next_word(&p);
		base = strrchr(word, '/');
		if (!strcmp(base != NULL ? base + 1 : word, name))
			return true;
	}
	return false;
}

size_t
stack_find(const struct pam_stack *s, const char *module)
{
	size_t i = 0;

	while (i < s->n && ((s->rule[i].kind != RULE_MODULE &&
	    s->rule[i].kind != RULE_BROKEN) ||
	    strcmp(s->rule[i].module, module) != 0))
		i++;
	return i;
}
