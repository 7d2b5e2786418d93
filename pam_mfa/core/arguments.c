/* The module's arguments. */
#include <string.h>

#include "arguments.h"

enum mfa_err
arguments_read(int argc, const char *const *argv, const char *usual,
    const char **ret_conf, struct mfa_why *why)
{
	const char *path = usual;

	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "conf=/", 6))
			return mfa_fail(why, MFA_ESYNTAX, "unknown module "
			    "argument \"%s\": conf=/PATH is the only one",
			    argv[i]);
		path = argv[i] + strlen("conf=");
	}
	*ret_conf = path;
	return MFA_OK;
}
