/* The module's arguments, one in a line. */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/arguments.h"
#include "fuzz.h"

#define ARGS_MAX 8

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	const char *usual = "/etc/mfa/mfa.conf", *path = NULL;
	struct mfa_why why = { "" };
	char *argv[ARGS_MAX];
	enum mfa_err r;
	int n = 0;

	while (in.left > 0 && n < ARGS_MAX)
		argv[n++] = fuzz_line(&in);
	r = arguments_read(n, (const char *const *)argv, usual, &path, &why);
	fuzz_must((r == MFA_OK) == (path != NULL));
	fuzz_must(r || *path == '/');
	fuzz_must(r || (n == 0) == (path == usual));
	for (int i = 0; i < n; i++) {
		fuzz_must(r || !strncmp(argv[i], "conf=/", 6));
		free(argv[i]);
	}
	fuzz_must((r != MFA_OK) == (*why.text != '\0'));
	fuzz_why(&why);
	return 0;
}
