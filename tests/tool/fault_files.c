/*
 * Something else in the place of each file we open: a pipe, a link, a
 * directory, a huge or foreign file, an open mode; a full and a read-only
 * disk. The answer is a quick refusal with the right PAM code; what a link
 * points to stays as it was; once the file is put back, a login works.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../fake/pamhost.h"
#include "../fake/tap.h"

#define OUTSIDE "outside"
#define OUTSIDE_WORDS "not ours to read, write, chown, chmod or unlink\n"

/* Puts it at path; what was there is at OLD. */
#define OLD "old"
typedef void place_fn(const char *path);

static void
place_fifo(const char *path)
{
	pamhost_must(mkfifo(path, 0600) == 0, path);
}

static void
place_socket(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	pamhost_must(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0, path);
	close(fd);
}

static void
place_device(const char *path)
{
	pamhost_must(mknod(path, S_IFCHR | 0600, 0x103) == 0, path);
}

static void
place_directory(const char *path)
{
	pamhost_must(mkdir(path, 0700) == 0, path);
}

static void
place_symlink(const char *path)
{
	char to[600], here[512];

	pamhost_must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	snprintf(to, sizeof(to), "%s/" OLD, here);
	pamhost_must(symlink(to, path) == 0, path);
}

static void
place_link_outside(const char *path)
{
	char to[600], here[512];

	pamhost_must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	snprintf(to, sizeof(to), "%s/" OUTSIDE, here);
	pamhost_must(symlink(to, path) == 0, path);
}

static void
place_hard_link(const char *path)
{
	pamhost_must(link(OLD, path) == 0, path);
}

static void
place_huge(const char *path)
{
	pamhost_must(rename(OLD, path) == 0, path);
	pamhost_must(truncate(path, 10LL << 30) == 0, path);
}

static void
place_foreign(const char *path)
{
	pamhost_must(rename(OLD, path) == 0, path);
	pamhost_must(chown(path, 1, 0) == 0, path);
}

static void
place_open_mode(const char *path)
{
	struct stat st;

	pamhost_must(rename(OLD, path) == 0, path);
	pamhost_must(stat(path, &st) == 0, path);
	pamhost_must(chmod(path, st.st_mode | 022) == 0, path);
}

static void
place_half(const char *path)
{
	struct stat st;

	pamhost_must(rename(OLD, path) == 0, path);
	pamhost_must(stat(path, &st) == 0, path);
	pamhost_must(truncate(path, st.st_size / 2 + 3) == 0, path);
}

static void
place_words(const char *path)
{
	pamhost_write(path, 0600, "%s", "these words = \001\n[nothing]\n");
}

static const struct place {
	const char *name;
	place_fn *put;
	int empty;	/* harmless in the place of an empty file */
} places[] = {
	{ "a FIFO", place_fifo, 0 },
	{ "a socket", place_socket, 0 },
	{ "a device", place_device, 0 },
	{ "a directory", place_directory, 0 },
	{ "a symbolic link to the file", place_symlink, 0 },
	{ "a symbolic link to another file", place_link_outside, 0 },
	{ "a second hard link", place_hard_link, 0 },
	{ "a sparse file of 10 GiB", place_huge, 1 },
	{ "a foreign owner", place_foreign, 0 },
	{ "an open mode", place_open_mode, 0 },
	{ "half of it", place_half, 1 },
	{ "other words", place_words, 1 },
};
#define PLACES (sizeof(places) / sizeof(*places))

static const struct target {
	const char *path;
	int code;	/* what PAM says */
	int is_dir;
	int is_empty;	/* what it says is never read */
	int may_pass;	/* it is replaced: getting in is right as well */
} targets[] = {
	{ "mfa.conf", PAM_SERVICE_ERR, 0, 0, 0 },
	{ "users/root", PAM_AUTHINFO_UNAVAIL, 0, 0, 0 },
	{ "host.key", PAM_AUTHINFO_UNAVAIL, 0, 0, 0 },
	{ "state/root", PAM_AUTHINFO_UNAVAIL, 0, 0, 0 },
	{ "state/.lock.root", PAM_AUTHINFO_UNAVAIL, 0, 1, 0 },
	{ "state/.tmp.root", PAM_AUTHINFO_UNAVAIL, 0, 1, 1 },
	{ "users", PAM_AUTHINFO_UNAVAIL, 1, 0, 0 },
	{ "state", PAM_AUTHINFO_UNAVAIL, 1, 0, 0 },
};
#define TARGETS (sizeof(targets) / sizeof(*targets))

/* Everything as it is after a first login. */
static void
fresh(void)
{
	char code[PAMHOST_CODE];

	pamhost_must(system("rm -rf users state mfa.conf host.key " OLD) == 0,
	    "rm");
	pamhost_must(mkdir("users", 0700) == 0, "users");
	pamhost_must(mkdir("state", 0700) == 0, "state");
	pamhost_conf("");
	pamhost_write(OUTSIDE, 0600, OUTSIDE_WORDS);
	pamhost_enrol("root", PAMHOST_OTP);
	pamhost_rekey();
	pamhost_hotp(0, code);
	pamhost_must(pamhost_login_apart("fault", "root", code) == PAM_SUCCESS,
	    "a login without faults");
	pamhost_write("state/.tmp.root", 0600, "left over");
}

static int
outside_changed(void)
{
	char now[128] = "";
	struct stat st;
	FILE *f = fopen(OUTSIDE, "re");

	pamhost_must(f != NULL && fstat(fileno(f), &st) == 0, OUTSIDE);
	now[fread(now, 1, sizeof(now) - 1, f)] = '\0';
	fclose(f);
	return strcmp(now, OUTSIDE_WORDS) != 0 || st.st_uid != 0 ||
	    (st.st_mode & 07777) != 0600 || st.st_nlink != 1;
}

/* Of the processor, for all logins so far: a busy machine adds nothing. */
static double
seconds(void)
{
	struct rusage u;

	pamhost_must(getrusage(RUSAGE_CHILDREN, &u) == 0, "getrusage");
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* A right code; 0 if it ends as it must. */
static int
refused(const char *what, const char *where, int code, int may_pass)
{
	char answer[PAMHOST_CODE];
	double start = seconds(), took;
	int r;

	pamhost_totp(0, answer);
	r = pamhost_login_apart("fault", "root", answer);
	took = seconds() - start;
	if ((r == code || (may_pass && r == PAM_SUCCESS)) && took < 1 &&
	    !outside_changed())
		return 0;
	tap_note("%s in the place of %s: %s (%d) after %.1f s%s", what, where,
	    r < 0 ? "crashed" : pam_strerror(NULL, r), r, took,
	    outside_changed() ? ", and the file outside changed" : "");
	return 1;
}

/* A later login, everything being as before. */
static int
works_again(const char *what, const char *where)
{
	char answer[PAMHOST_CODE];

	pamhost_hotp(1, answer);
	if (pamhost_login_apart("fault", "root", answer) == PAM_SUCCESS)
		return 0;
	tap_note("%s had been in the place of %s: the next login failed", what,
	    where);
	return 1;
}

static int
one_place(const struct target *t, const struct place *p)
{
	int bad;

	fresh();
	pamhost_must(rename(t->path, OLD) == 0, t->path);
	p->put(t->path);
	bad = refused(p->name, t->path, t->code,
	    t->may_pass || (t->is_empty && p->empty));
	if (access(OLD, F_OK) == 0) {
		char cmd[64];

		snprintf(cmd, sizeof(cmd), "rm -rf %s", t->path);
		pamhost_must(system(cmd) == 0, cmd);
		pamhost_must(rename(OLD, t->path) == 0, t->path);
		bad += works_again(p->name, t->path);
	}
	return bad;
}

/* Not all makes sense of a directory; half of mfa.conf may be a whole one. */
static int
applies(const struct target *t, const struct place *p)
{
	if (t->code == PAM_SERVICE_ERR && p->put == place_half)
		return 0;
	return !t->is_dir || (p->put != place_directory &&
	    p->put != place_hard_link && p->put != place_huge &&
	    p->put != place_half && p->put != place_words);
}

static void
every_place(void)
{
	for (size_t i = 0; i < TARGETS; i++) {
		int bad = 0, n = 0;

		for (size_t k = 0; k < PLACES; k++)
			if (applies(&targets[i], &places[k])) {
				bad += one_place(&targets[i], &places[k]);
				n++;
			}
		tap_ok(!bad, "AT-01, AT-06, AT-10, AT-11: %d things in the "
		    "place of %s", n, targets[i].path);
	}
}

/* state/ on a disk of its own, where nothing can be written. */
static void
no_room(const char *name, unsigned long flags, const char *options)
{
	int bad;

	fresh();
	pamhost_must(system("rm -f state/.tmp.root; cp -a state " OLD) == 0,
	    "cp");
	pamhost_must(mount("small", "state", "tmpfs", 0, options) == 0,
	    options);
	pamhost_must(system("cp -a " OLD "/. state/; "
	    "cat /dev/zero >state/full 2>/dev/null; :") == 0, "cp");
	pamhost_must(mount("", "state", NULL, MS_REMOUNT | flags, NULL) == 0,
	    "remount");
	bad = refused(name, "the state's", PAM_AUTHINFO_UNAVAIL, 0);
	pamhost_must(umount("state") == 0, "umount");
	bad += works_again(name, "the state's");
	tap_ok(!bad, "AT-17: %s in the place of the state's", name);
}

static void
no_factors_disk(void)
{
	fresh();
	pamhost_must(mount("users", "users", NULL, MS_BIND, NULL) == 0, "bind");
	pamhost_must(mount("", "users", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY,
	    NULL) == 0, "remount");
	tap_ok(!works_again("a read-only disk", "the factors'"),
	    "the factors' disk may be read-only");
	pamhost_must(umount("users") == 0, "umount");
}

int
main(void)
{
	alarm(600);	/* a login waits for ever */
	pamhost_enter(0, 0);
	pamhost_conf("");
	pamhost_write("pam.d/fault", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	every_place();
	no_room("a read-only disk", MS_RDONLY, "mode=700,size=64k");
	no_room("a full disk", 0, "mode=700,size=12k");
	no_room("a disk without inodes", 0, "mode=700,size=64k,nr_inodes=4");
	no_factors_disk();
	return tap_done();
}
