/* Unknown names share a few states; this says which name goes where. */
#ifndef MFA_SHARE_H
#define MFA_SHARE_H

#include <stdint.h>

#define SHARES 256

/*
 * 0 to SHARES - 1, the same for a name each time: FNV-1a from a start that
 * differs from host to host, so that nobody far away can tell which names go
 * together.
 */
unsigned share_of(const char *name, uint64_t host);

#endif
