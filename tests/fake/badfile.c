#include "badfile.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "pamhost.h"

#define HUGE (10LL << 30)	/* bytes, none of them written */

enum kind { FIFO, SYMLINK, DANGLING, LOOP, HARD_LINK, DIRECTORY, SOCKET,
    DEVICE, HUGE_FILE, FOREIGN, GROUP_WRITES, OTHERS_WRITE, SETUID, KINDS };

static const char *const names[KINDS] = { "a FIFO", "a symbolic link",
    "a dangling link", "a link to itself", "a hard link", "a directory",
    "a socket", "a device", "10 GiB", "of another owner",
    "writable by the group", "writable by others", "set-uid" };

const char *
badfile_name(size_t i)
{
	return i < KINDS ? names[i] : NULL;
}

void
badfile_clear(const char *path)
{
	char other[256];

	snprintf(other, sizeof(other), "%s.other", path);
	if (unlink(path))
		rmdir(path);
	unlink(other);
}

void
badfile_good(const char *path, const char *text, uid_t owner)
{
	badfile_clear(path);
	pamhost_write(path, 0600, "%s", text);
	pamhost_must(chown(path, owner, owner) == 0, path);
}

static int
make_socket(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r;

	strncpy(sun.sun_path, path, sizeof(sun.sun_path) - 1);
	r = bind(fd, (struct sockaddr *)&sun, sizeof(sun));
	close(fd);
	return r;
}

static int
make_link(enum kind kind, const char *path, const char *text, uid_t owner)
{
	char other[256];

	snprintf(other, sizeof(other), "%s.other", path);
	badfile_good(other, text, owner);
	return kind == SYMLINK ? symlink(other, path) : link(other, path);
}

static int
make_changed(enum kind kind, const char *path, const char *text, uid_t owner)
{
	badfile_good(path, text, owner);
	switch (kind) {
	case HUGE_FILE:
		return truncate(path, HUGE);
	case FOREIGN:
		return chown(path, owner + 1, owner);
	case GROUP_WRITES:
		return chmod(path, 0620);
	case OTHERS_WRITE:
		return chmod(path, 0602);
	default:
		return chmod(path, 04600);
	}
}

void
badfile_make(size_t i, const char *path, const char *text, uid_t owner)
{
	const char *base = strrchr(path, '/');
	int r;

	badfile_clear(path);
	switch ((enum kind)i) {
	case FIFO:
		r = mkfifo(path, 0600) || chown(path, owner, owner);
		break;
	case SYMLINK:
	case HARD_LINK:
		r = make_link((enum kind)i, path, text, owner);
		break;
	case DANGLING:
		r = symlink("nothing", path);
		break;
	case LOOP:
		r = symlink(base != NULL ? base + 1 : path, path);
		break;
	case DIRECTORY:
		r = mkdir(path, 0600) || chown(path, owner, owner);
		break;
	case SOCKET:
		r = make_socket(path) || chmod(path, 0600);
		break;
	case DEVICE:
		r = mknod(path, S_IFCHR | 0600, makedev(1, 5));
		break;
	default:
		r = make_changed((enum kind)i, path, text, owner);
		break;
	}
	pamhost_must(r == 0, names[i]);
}
