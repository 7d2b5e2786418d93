/* The log port over pam_syslog. */
#include <security/pam_ext.h>
#include <syslog.h>

#include "log_pam.h"

static void
write_line(void *ctx, enum mfa_level level, const char *line)
{
	static const int priority[] = { [MFA_LOG_INFO] = LOG_INFO,
	    [MFA_LOG_NOTICE] = LOG_NOTICE, [MFA_LOG_ERROR] = LOG_ERR };

	pam_syslog(ctx, priority[level], "%s", line);
}

struct mfa_log
log_pam(pam_handle_t *pamh)
{
	return (struct mfa_log){ .ctx = pamh, .write = write_line };
}
