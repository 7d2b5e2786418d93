/* The list of findings. */
#include <stdarg.h>
#include <string.h>

#include "../pam_mfa/core/text.h"
#include "check.h"

static const char *const words[] = {
	[CHECK_OK] = "ok", [CHECK_NOTE] = "note", [CHECK_WARNING] = "warning",
	[CHECK_ERROR] = "error",
};

static bool
is_known(const struct findings *f, const struct finding *one)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->list[i].where, one->where) &&
		    !strcmp(f->list[i].what, one->what))
			return true;
	return false;
}

void
check_find(struct findings *f, enum check_level level, const char *where,
    const char *remedy, const char *fmt, ...)
{
	struct finding one = { .level = level };
	char what[sizeof(one.what)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	text_clean(one.what, sizeof(one.what), what);
	text_clean(one.where, sizeof(one.where), where);
	text_clean(one.remedy, sizeof(one.remedy), remedy);
	if (is_known(f, &one))
		return;
	f->count[level]++;
	if (f->n < CHECK_MAX)
		f->list[f->n++] = one;
}

void
check_sum(const struct findings *f, FILE *out)
{
	size_t errors = f->count[CHECK_ERROR];
	size_t warnings = f->count[CHECK_WARNING];

	if (errors + warnings == 0)
		fputs("All is well.\n", out);
	else
		fprintf(out, "%zu error%s, %zu warning%s.\n", errors,
		    errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
}

void
check_print(const struct findings *f, FILE *out)
{
	size_t total = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = &f->list[i];

		fprintf(out, "%-8s %s: %s\n", words[one->level], one->where,
		    one->what);
		if (*one->remedy)
			fprintf(out, "%-8s -> %s\n", "", one->remedy);
	}
	for (size_t i = 0; i <= CHECK_ERROR; i++)
		total += f->count[i];
	if (total > f->n)
		fprintf(out, "... and %zu more.\n", total - f->n);
}

int
check_status(const struct findings *f)
{
	return f->count[CHECK_ERROR] + f->count[CHECK_WARNING] > 0 ? TOOL_NO :
	    TOOL_OK;
}
