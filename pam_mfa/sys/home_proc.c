/* Somebody's home, from a process that is theirs. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../core/text.h"
#include "child.h"
#include "home_proc.h"

#define HEAD 10			/* bytes: "EE LLLLLL\n" */
#define NOBODY_ID "65534"
#define NOBODY_HOME "/nonexistent"

enum mfa_err
home_proc_answer(enum mfa_err err, const struct buf *factors,
    const struct mfa_why *why, struct buf *ret)
{
	const char *text = err ? why->text : buf_str(factors);
	size_t len = err ? strlen(text) : factors->len;
	enum mfa_err r;

	if ((r = buf_printf(ret, "%02u %06zu\n", (unsigned)err, len)))
		return r;
	return buf_put(ret, text, len);
}

static enum mfa_err
head(const struct buf *in, uint64_t *ret_err, uint64_t *ret_len)
{
	char err[3] = "", len[7] = "";

	if (in->len < HEAD)
		return MFA_ENOENT;
	memcpy(err, in->data, 2);
	memcpy(len, in->data + 3, 6);
	if (in->data[2] != ' ' || in->data[HEAD - 1] != '\n' ||
	    text_u64(err, MFA_OK, MFA_ECRYPTO, ret_err) ||
	    text_u64(len, 0, HOME_MAX, ret_len))
		return MFA_ESYNTAX;
	return MFA_OK;
}

static enum mfa_err
whole(const struct buf *in)
{
	uint64_t err, len;
	enum mfa_err r = head(in, &err, &len);

	if (r)
		return r;
	return in->len < HEAD + len ? MFA_ENOENT :
	    in->len > HEAD + len ? MFA_ESYNTAX : MFA_OK;
}

static enum mfa_err
run(const struct home_job *job, struct buf *in, struct mfa_why *why)
{
	const struct mfa_subject *who = job->who;
	char uid[12] = NOBODY_ID, gid[12] = NOBODY_ID;
	const char *const argv[] = { "mfactl", "at-home", job->what, uid, gid,
	    who->known ? who->home : NOBODY_HOME, who->user, NULL };
	const struct child c = { .path = job->program, .argv = argv,
	    .limit_ms = job->limit_ms, .whole = whole };
	const struct buf nothing = { 0 };
	bool started;

	if (who->known) {
		snprintf(uid, sizeof(uid), "%u", who->uid);
		snprintf(gid, sizeof(gid), "%u", who->gid);
	}
	return child_run(&c, &nothing, in, &started, why);
}

/* MFA_ENOENT is "no factors", and so only ever what was answered. */
static enum mfa_err
ask(const struct home_job *job, struct buf *ret, struct mfa_why *why)
{
	struct buf in = { 0 };
	uint64_t err, len;
	enum mfa_err r = run(job, &in, why);

	if (r == MFA_ETIME)
		mfa_fail(why, r, "%s/" HOME_DIR ": nothing came from there in "
		    "%u seconds: see whether its disk or server answers",
		    job->who->home, job->limit_ms / 1000);
	if (r)
		r = r == MFA_ENOMEM ? r : MFA_EIO;
	else if (!(r = head(&in, &err, &len)))
		r = err ? mfa_fail(why, (enum mfa_err)err, "%s",
		    buf_str(&in) + HEAD) : buf_put(ret, in.data + HEAD, len);
	buf_wipe(&in);
	return r;
}

enum mfa_err
home_proc(const struct home_job *job, struct buf *ret, struct mfa_why *why)
{
	const struct mfa_subject *who = job->who;
	struct buf unread = { 0 };

	if (!who->known) {
		(void)!ask(job, &unread, NULL);
		buf_wipe(&unread);
		return MFA_ENOENT;
	}
	if (geteuid() == 0 && who->uid != 0)
		return ask(job, ret, why);
	return strcmp(job->what, HOME_PROC_READ) == 0 ?
	    home_read(who->home, who->uid, ret, why) :
	    home_remove(who->home, who->uid, why);
}
