/* What the judges read: PAM's files, and what sshd says of itself. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/file.h"
#include "check.h"

#define PAM_FILE_MAX (64 * 1024)	/* bytes */
#define SSHD_TEXT_MAX (256 * 1024)	/* bytes */
#define SSHD_WAIT_MS 10000		/* for each piece of it */

static const struct file_rule root_only = { .owner = 0, .mode = 0755,
    .max = PAM_FILE_MAX };
static const struct file_rule whatever = { .owner = FILE_ANYONE,
    .mode = 07777, .max = PAM_FILE_MAX };

struct loader {
	const char *dir;
	struct pam_dir *pam;
	struct findings *f;
};

/* What editors and packages leave behind is no service. */
static bool
is_leftover(const char *name)
{
	size_t len = strlen(name);

	return name[len - 1] == '~' || strstr(name, ".dpkg-") != NULL ||
	    strstr(name, ".rpm") != NULL || strstr(name, ".ucf-") != NULL;
}

/* Links are usual here (authselect): the file they lead to is judged. */
static enum mfa_err
read_pam_file(struct loader *l, struct pam_file *file)
{
	const struct file_dir root = { AT_FDCWD, "" };
	char *real = realpath(file->path, NULL);
	struct mfa_why why = { "" };
	enum mfa_err r;

	if (real == NULL)
		r = mfa_fail(&why, MFA_EPERM, "leads nowhere: %m");
	else if ((r = file_read(&root, real, &root_only, &file->text, &why)) ==
	    MFA_EPERM) {
		check_find(l->f, CHECK_ERROR, file->path, "", "%s", why.text);
		r = file_read(&root, real, &whatever, &file->text, &why);
	}
	if (r)
		check_find(l->f, CHECK_WARNING, file->path, "", "cannot be "
		    "looked at: %s", why.text);
	free(real);
	return r;
}

static enum mfa_err
load(void *ctx, const char *name)
{
	struct loader *l = ctx;
	struct pam_dir *dir = l->pam;
	struct pam_file one = { .text = { 0 } }, *more;

	if (is_leftover(name) || strlen(name) >= sizeof(one.name) ||
	    pam_dir_find(dir, name) != NULL)
		return MFA_OK;
	snprintf(one.name, sizeof(one.name), "%s", name);
	snprintf(one.path, sizeof(one.path), "%s/%s", l->dir, name);
	if (read_pam_file(l, &one))
		return MFA_OK;
	more = realloc(dir->file, (dir->n + 1) * sizeof(*more));
	if (more == NULL) {
		buf_wipe(&one.text);
		return MFA_ENOMEM;
	}
	dir->file = more;
	dir->file[dir->n++] = one;
	return MFA_OK;
}

bool
check_read_pam(struct pam_dir *ret, struct findings *f)
{
	static const char *const dirs[] = { "/etc/pam.d", "/usr/lib/pam.d" };
	struct loader l = { .pam = ret, .f = f };

	*ret = (struct pam_dir){ 0 };
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		struct mfa_why why = { "" };
		struct file_dir dir;
		enum mfa_err r;

		l.dir = dirs[i];
		if (!(r = file_dir(l.dir, &root_only, &dir, &why))) {
			r = file_each(&dir, load, &l, &why);
			close(dir.fd);
		}
		if (r && (r != MFA_ENOENT || i == 0))
			check_find(f, CHECK_ERROR, l.dir, "", "%s", *why.text ?
			    why.text : mfa_strerror(r));
	}
	return ret->n > 0;
}

void
check_read_defs(struct buf *ret, struct findings *f)
{
	const struct file_dir root = { AT_FDCWD, "" };
	struct mfa_why why = { "" };
	enum mfa_err r = file_read(&root, "/etc/login.defs", &whatever, ret,
	    &why);

	if (r && r != MFA_ENOENT)
		check_find(f, CHECK_NOTE, "/etc/login.defs", "", "cannot be "
		    "looked at: %s", why.text);
}

/* Where libpam looks for a module without a directory. */
#define MODULE_DIRS \
	"{/lib,/lib64,/usr/lib,/usr/lib64,/lib/*,/usr/lib/*}/security"

/* The file of a module; to be freed; NULL: there is none. */
static char *
module_file(const char *path)
{
	char pattern[sizeof(MODULE_DIRS) + 160], *real = NULL;
	glob_t g;

	if (*path == '/')
		return realpath(path, NULL);
	snprintf(pattern, sizeof(pattern), MODULE_DIRS "/%s", path);
	if (!glob(pattern, GLOB_BRACE, NULL, &g) && g.gl_pathc > 0)
		real = realpath(g.gl_pathv[0], NULL);
	globfree(&g);
	return real;
}

void
check_module(const struct pam_rule *rule, struct findings *f)
{
	const struct file_rule root_module = { .owner = 0, .mode = 0755 };
	const struct file_dir root = { AT_FDCWD, "" };
	char *real = module_file(rule->path);
	struct mfa_why why = { "" };
	struct buf text = { 0 };

	if (real == NULL)
		check_find(f, CHECK_ERROR, rule->where, "correct the path, or "
		    "make install", "%s is not there: every login is refused",
		    rule->path);
	else if (file_read(&root, real, &root_module, &text, &why) == MFA_EPERM)
		check_find(f, CHECK_ERROR, rule->where, "", "%s", why.text);
	buf_wipe(&text);
	free(real);
}

/* All that comes out of fd, up to a bound in bytes and time. */
static bool
read_pipe(int fd, struct buf *ret)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char piece[1024];
	ssize_t n;

	do {
		if (ret->len > SSHD_TEXT_MAX || poll(&p, 1, SSHD_WAIT_MS) <= 0)
			return false;
		n = read(fd, piece, sizeof(piece));
		if (n > 0 && buf_put(ret, piece, (size_t)n))
			return false;
	} while (n > 0);
	return n == 0;
}

/* What it wrote is read to its end before it is waited for. */
static bool
finish(pid_t pid, int fd, struct buf *ret)
{
	bool whole = read_pipe(fd, ret);
	int status;

	if (!whole)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return whole && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int
spawn(char *const argv[], int out, pid_t *ret_pid)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char lang[] = "LANG=C";
	char *const envp[] = { path, lang, NULL };
	posix_spawn_file_actions_t acts;
	int err;

	if ((err = posix_spawn_file_actions_init(&acts)))
		return err;
	if (!(err = posix_spawn_file_actions_adddup2(&acts, out, 1)) &&
	    !(err = posix_spawn_file_actions_adddup2(&acts, out, 2)))
		err = posix_spawn(ret_pid, argv[0], &acts, NULL, argv, envp);
	posix_spawn_file_actions_destroy(&acts);
	return err;
}

/* "sshd -T [-C who]", both its outputs into ret. *ret_there: is there one? */
static bool
ask_sshd(char *who, struct buf *ret, bool *ret_there)
{
	static char here[] = "/usr/sbin/sshd", local[] = "/usr/local/sbin/sshd";
	char dump[] = "-T", connection[] = "-C";
	char *argv[] = { here, dump, who ? connection : NULL, who, NULL };
	bool good = false;
	int fds[2], err;
	pid_t pid;

	*ret_there = false;
	if (pipe2(fds, O_CLOEXEC))
		return false;
	if ((err = spawn(argv, fds[1], &pid)) == ENOENT) {
		argv[0] = local;
		err = spawn(argv, fds[1], &pid);
	}
	close(fds[1]);
	*ret_there = err != ENOENT;
	if (!err)
		good = finish(pid, fds[0], ret);
	close(fds[0]);
	return good;
}

/* What Match blocks are to be tried with: a name that fits in, or nothing. */
static char *
connection(const char *user, const char *rhost, char *dst, size_t cap)
{
	unsigned char addr[sizeof(struct in6_addr)];
	const char *from = rhost != NULL ? rhost : "0.0.0.0";
	bool numeric = inet_pton(AF_INET, from, addr) == 1 ||
	    inet_pton(AF_INET6, from, addr) == 1;

	if (user == NULL || strpbrk(user, ", =") || strpbrk(from, ", ="))
		return NULL;
	snprintf(dst, cap, "user=%s,host=%s,addr=%s,laddr=127.0.0.1,lport=22",
	    user, from, numeric ? from : "0.0.0.0");
	return dst;
}

bool
check_read_sshd(const char *user, const char *rhost,
    struct sshd_settings *ret, struct findings *f)
{
	char who[1024], first[256];
	struct buf text = { 0 };
	bool good, there;

	good = ask_sshd(connection(user, rhost, who, sizeof(who)), &text,
	    &there);
	if (good)
		sshd_parse(buf_str(&text), ret);
	else if (there) {
		snprintf(first, sizeof(first), "%.*s",
		    (int)strcspn(buf_str(&text), "\r\n"), buf_str(&text));
		check_find(f, CHECK_WARNING, "sshd", "make sshd -t succeed, "
		    "then check again", "its settings are not known: sshd -T "
		    "says: %s", first);
	}
	buf_wipe(&text);
	return good;
}
