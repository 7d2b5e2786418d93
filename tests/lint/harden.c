/* What the compiler's flags make of these: looked at by harden.sh. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void *harden_fortify(size_t, const void *, size_t);
int harden_clash(int (*)(char *), size_t);

/* _FORTIFY_SOURCE 3 sees a size that 2 does not, and calls __memcpy_chk. */
void *
harden_fortify(size_t size, const void *from, size_t len)
{
	char *p = malloc(size);

	if (p != NULL)
		memcpy(p, from, len);
	return p;
}

/* Page by page, each touched. */
int
harden_clash(int (*use)(char *), size_t size)
{
	return use(__builtin_alloca(size));
}
