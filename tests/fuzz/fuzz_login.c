/* AT-73, AT-96: logins of somebody with a factor of each kind: machine.h. */
#include "fuzz.h"
#include "machine.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	machine_run(data, len, true);
	return 0;
}
