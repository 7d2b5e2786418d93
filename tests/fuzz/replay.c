/*
 * replay DIR ...: each file there through the target that this is linked with;
 * results in TAP. Without libFuzzer, so that gcc will do. A property that does
 * not hold ends the process, and the plan is missing.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fake/tap.h"
#include "fuzz.h"

#define INPUT_MAX 65536	/* bytes */

static int
is_file(const struct dirent *e)
{
	return *e->d_name != '.';
}

static void
replay(const char *dir, const char *name)
{
	uint8_t *data = malloc(INPUT_MAX);
	char path[512];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	if (f == NULL || data == NULL) {
		tap_ok(false, "%s cannot be read", path);
		return;
	}
	len = fread(data, 1, INPUT_MAX, f);
	fclose(f);
	tap_note("%s", path);
	tap_ok(LLVMFuzzerTestOneInput(data, len) == 0, "%s", name);
	free(data);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct dirent **e;
		int n = scandir(argv[i], &e, is_file, alphasort);

		if (n < 0)
			tap_ok(false, "%s: no such folder", argv[i]);
		for (int k = 0; k < n; k++) {
			replay(argv[i], e[k]->d_name);
			free(e[k]);
		}
		if (n >= 0)
			free(e);
	}
	return tap_done();
}
