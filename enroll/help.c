/* mfactl --help, from the tables. */
#include <string.h>

#include "verbs.h"

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

void
help_usage(const struct tool *t, FILE *out, const struct verb_row *v)
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

static void
help_row(const struct tool *t, const struct verb_row *v)
{
	help_usage(t, stdout, v);
	printf("  %s%s\n", say(t->language, v->help), v->admin ? " (root)" :
	    "");
	print_options(t, v->options | GLOBAL);
}

bool
help_verb(const struct tool *t, int argc, char **argv)
{
	int words;
	const struct verb_row *v = verb_find(argc, argv, &words);
	bool any = v != NULL, some = false;

	if (v != NULL)
		help_row(t, v);
	for (size_t i = 0; !any && (v = verb_at(i)) != NULL; i++)
		if (verb_begins_with(v->name, argv[0])) {
			help_row(t, v);
			some = true;
		}
	return any || some;
}

void
help(const struct tool *t)
{
	const struct verb_row *v;
	char left[64];

	puts(say(t->language, "usage: mfactl VERB [OPTION ...]\n\nVerbs:"));
	for (size_t i = 0; (v = verb_at(i)) != NULL; i++) {
		snprintf(left, sizeof(left), "%s %s", v->name, v->operands);
		printf("  %-40s %s%s\n", left, say(t->language, v->help),
		    v->admin ? " (root)" : "");
	}
	puts(say(t->language, "\nOptions:"));
	print_options(t, BIT(OPTIONS) - 1);
	puts(say(t->language, "\nWithout USER: yourself. More: mfactl VERB "
	    "--help, mfactl(1)"));
}
