#include "no_crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct crypto *
no_crypto(void)
{
	static const char conf[] = "openssl_conf = init\n[init]\n"
	    "providers = all\n[all]\nnull = none\n[none]\nactivate = 1\n";
	int fd = memfd_create("openssl.cnf", MFD_CLOEXEC);
	struct crypto *c = NULL;
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, conf, strlen(conf)) != (ssize_t)strlen(conf) ||
	    crypto_new(path, &c, NULL))
		abort();
	close(fd);
	return c;
}
