/*
 * Prints the table of mfa.conf: name, default, kind, bounds, where it may
 * stand. keys FILE: is what FILE sets the same as nothing set at all?
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/conf.h"

static void
print_table(void)
{
	const struct conf_key *k;

	for (size_t i = 0; (k = conf_key(i)) != NULL; i++)
		printf("%s\t%s\t%s\t%" PRIu64 "\t%" PRIu64 "\t%s%s%s\n",
		    k->name, k->value, k->kind, k->min, k->max,
		    k->service ? "[service]" : "", k->group ? "[group]" : "",
		    k->policy ? "[policy]" : "");
}

static int
is_default(const char *file)
{
	static char text[65536];
	static struct mfa_conf plain, read;
	struct mfa_why why = { "" };
	FILE *f = fopen(file, "re");
	size_t n;

	if (f == NULL) {
		perror(file);
		return 1;
	}
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	conf_init(&plain);
	conf_init(&read);
	if (conf_parse(&read, file, text, n, &why) ||
	    conf_finish(&read, &why)) {
		puts(why.text);
		return 1;
	}
	memset(&read.places, 0, sizeof(read.places));
	if (memcmp(&plain, &read, sizeof(read)) == 0)
		return 0;
	printf("%s: a value is not the default\n", file);
	return 1;
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		return is_default(argv[1]);
	print_table();
	return 0;
}
