/*
 * "mfactl at-home read|remove UID GID HOME USER": root becomes that person, and
 * their factors go to standard output (sys/home_proc.h). It is for the module,
 * and for mfactl, and so no verb of the table: it needs no configuration.
 */
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/file.h"
#include "../pam_mfa/sys/home_proc.h"
#include "tool.h"

/* The change of user undoes what had us die with who started us. */
static bool
become(const char *user, uid_t uid, gid_t gid)
{
	pid_t parent = getppid();
	uid_t u[3];

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	    !initgroups(user, gid) && !setresgid(gid, gid, gid) &&
	    !setresuid(uid, uid, uid) && !getresuid(&u[0], &u[1], &u[2]) &&
	    u[0] == uid && u[1] == uid && u[2] == uid &&
	    !prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == parent;
}

int
tool_at_home(char *const *argv)
{
	bool remove = !strcmp(argv[0], HOME_PROC_REMOVE);
	const char *home = argv[3], *user = argv[4];
	struct buf factors = { 0 }, answer = { 0 };
	struct mfa_why why = { "" };
	uint64_t uid, gid;
	enum mfa_err r;

	if ((!remove && strcmp(argv[0], HOME_PROC_READ) != 0) ||
	    text_u64(argv[1], 1, UINT32_MAX - 1, &uid) ||
	    text_u64(argv[2], 0, UINT32_MAX - 1, &gid))
		return tool_fail(TOOL_USAGE, "at-home read|remove UID GID HOME "
		    "USER");
	if (!become(user, (uid_t)uid, (gid_t)gid))
		r = mfa_fail(&why, MFA_EIO, "%s: cannot be read with the "
		    "rights of uid %s", home, argv[1]);
	else if (remove)
		r = home_remove(home, (uid_t)uid, &why);
	else
		r = home_read(home, (uid_t)uid, &factors, &why);
	/* Not by stdio, which would keep a copy. */
	if (!(r = home_proc_answer(r, &factors, &why, &answer)) &&
	    !file_write_all(STDOUT_FILENO, answer.data, answer.len))
		r = MFA_EIO;
	buf_wipe(&factors);
	buf_wipe(&answer);
	return r ? TOOL_SYSTEM : TOOL_OK;
}
