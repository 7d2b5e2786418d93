/*
 * Local time: what a file of the zone database says (TZif, RFC 8536). libc
 * knows too, but asks the variable TZ, which may be the user's, and opens
 * files.
 */
#ifndef MFA_ZONE_H
#define MFA_ZONE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define ZONE_FILE_MAX 65536	/* bytes; the largest there is has about 4000 */
#define ZONE_RULE_MAX 128	/* bytes of a footer, NUL included */

/*
 * Seconds east of UTC at a moment. All versions of the format; before the
 * first transition type 0, after the last what the footer says, else the last
 * type. Leap seconds of a right/ zone are not counted: under half a minute.
 * MFA_ESYNTAX: not such a file; MFA_ERANGE: before 1970 or after 9999.
 */
enum mfa_err zone_offset(const uint8_t *tzif, size_t len, int64_t unix_time,
    int32_t *ret) MFA_MUST_CHECK;

/*
 * The same by the text of a footer: "CET-1CEST,M3.5.0,M10.5.0/3" (POSIX, and
 * hours from -167 to 167 in times). Errors as zone_offset.
 */
enum mfa_err zone_rule_offset(const char *rule, int64_t unix_time,
    int32_t *ret) MFA_MUST_CHECK;

#endif
