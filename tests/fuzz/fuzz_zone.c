/* A line with a Unix time, then a file of the zone database, or a rule. */
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/date.h"
#include "../../pam_mfa/core/zone.h"
#include "fuzz.h"

#define DAY 86400

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, len };
	char *line = fuzz_line(&in), *rule, date[DATE_MAX];
	uint8_t *file = fuzz_bytes(in.at, in.left);
	int64_t at = strtoll(line, NULL, 10);
	int32_t east = INT32_MAX;
	unsigned days;

	if (zone_offset(file, in.left, at, &east))
		fuzz_must(east == INT32_MAX);
	else
		fuzz_must(at >= 0 && memcmp(file, "TZif", 4) == 0);
	free(file);
	rule = fuzz_line(&in);
	east = INT32_MAX;
	if (zone_rule_offset(rule, at, &east))
		fuzz_must(east == INT32_MAX);
	else
		fuzz_must(east > -26 * 3600 && east < 26 * 3600);
	free(rule);
	if (!date_parse(line, &days))
		fuzz_must(!strcmp(date_format(days, date), line));
	free(line);
	return 0;
}
