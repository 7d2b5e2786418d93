#include "standin.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pamhost.h"

static char here[] = "/run/test-standin-XXXXXX", program[64], seen[64];

const char *const standin_program = program, *const standin_seen = seen;

int
standin_setup(void **state)
{
	(void)state;
	if (mkdtemp(here) == NULL)
		return -1;
	snprintf(program, sizeof(program), "%s/program", here);
	snprintf(seen, sizeof(seen), "%s/seen", here);
	return 0;
}

int
standin_teardown(void **state)
{
	(void)state;
	unlink(program);
	unlink(seen);
	return rmdir(here);
}

void
standin_is(const char *lines)
{
	pamhost_write(program, 0755, "#!/bin/sh\ncd %s || exit 1\n%s\n", here,
	    lines);
}
