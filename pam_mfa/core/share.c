/* A hash of a name, and no more: it need not withstand anybody. */
#include "share.h"

unsigned
share_of(const char *name, uint64_t host)
{
	uint64_t h = host ^ UINT64_C(0xcbf29ce484222325);

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	h ^= h >> 32;
	return (unsigned)(h * UINT64_C(0x9e3779b97f4a7c15) >> 56) % SHARES;
}
