/* What clock.so keeps in memory that is shared with all its children. */
#ifndef MFA_CLOCK_SHIM_H
#define MFA_CLOCK_SHIM_H

#include <stdatomic.h>
#include <stdint.h>

struct clock_shim {
	/* Seconds added to the kernel's; stands: what they are, to the ns. */
	_Atomic int64_t real, boot;
	_Atomic int stands;
	/* At this reading of the clock from now, 1 the next, it steps. */
	_Atomic long at;		/* 0: it never does */
	_Atomic int64_t step;		/* seconds, of the real time alone */
	_Atomic int stepped;		/* it has */
};

/* NULL: it is not preloaded. */
struct clock_shim *clock_shim(void) __attribute__((weak));

#endif
