/* Logins of somebody who has no factor yet, and enrols: machine.h. */
#include "fuzz.h"
#include "machine.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	machine_run(data, len, false);
	return 0;
}
