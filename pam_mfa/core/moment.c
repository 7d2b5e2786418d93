/* Moments. */
#include <inttypes.h>
#include <string.h>

#include "moment.h"
#include "text.h"

void
moment_set(struct moment *m, const struct mfa_time *now)
{
	m->real = now->real;
	m->boottime = now->boot_ms / 1000;
	memcpy(m->boot, now->boot_id, sizeof(m->boot));
}

bool
moment_this_boot(const struct moment *m, const struct mfa_time *now)
{
	return !strcmp(m->boot, now->boot_id);
}

uint64_t
moment_age(const struct moment *m, const struct mfa_time *now)
{
	int64_t boottime = now->boot_ms / 1000, t;

	if (moment_this_boot(m, now))
		t = boottime - m->boottime;
	else if (now->real - m->real > boottime)
		t = now->real - m->real;
	else
		t = boottime;
	return t > 0 ? (uint64_t)t : 0;
}

bool
moment_within(const struct moment *m, uint64_t seconds,
    const struct mfa_time *now)
{
	/* As an unsigned number, what is to come is a very long time ago. */
	return (uint64_t)(now->real - m->real) < seconds &&
	    moment_age(m, now) < seconds;
}

enum mfa_err
moment_put(const struct moment *m, const char *name, struct buf *ret)
{
	return buf_printf(ret, "%s_at = %" PRId64 "\n%s_boottime = %" PRId64
	    "\n%s_boot = %s\n", name, m->real, name, m->boottime, name,
	    m->boot);
}

static enum mfa_err
set_boot(struct moment *m, const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || len >= sizeof(m->boot))
		return MFA_ERANGE;
	for (size_t i = 0; i < len; i++)
		if (!text_is_alnum(s[i]) && s[i] != '-')
			return MFA_ESYNTAX;
	memcpy(m->boot, s, len + 1);
	return MFA_OK;
}

enum mfa_err
moment_key(struct moment *m, const char *name, const char *key,
    const char *value)
{
	size_t len = strlen(name);

	if (strncmp(key, name, len))
		return MFA_ENOENT;
	if (!strcmp(key + len, "_at"))
		return text_i64(value, INT64_MIN / 4, INT64_MAX / 4, &m->real);
	if (!strcmp(key + len, "_boottime"))
		return text_i64(value, 0, INT64_MAX / 4, &m->boottime);
	return strcmp(key + len, "_boot") ? MFA_ENOENT : set_boot(m, value);
}
