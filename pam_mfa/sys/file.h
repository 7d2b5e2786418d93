/*
 * The only one, with file_above.c, that opens files. What MUST hold here:
 *  - open, then judge the descriptor: O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC |
 *    O_NOCTTY, regular file (or directory), the exact owner, no mode bit
 *    outside the rule's, one link, at most the rule's size. A path is never
 *    checked. A FIFO, a symbolic link, a 10 GiB file is a quick refusal. Only
 *    rule->shared lets a link be one.
 *  - a replacement is a temporary file in the same directory, written, synced,
 *    renamed over the old one, and the directory synced: a reader finds the
 *    old bytes or the new ones, whatever fails or is killed.
 *  - nothing is left open.
 *
 * Errors say in why what is wrong with which path, and what to do.
 */
#ifndef MFA_FILE_H
#define MFA_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../core/buf.h"
#include "../core/err.h"

#define FILE_ANYONE ((uid_t)-1)	/* any owner: /proc in a container */

struct file_rule {
	uid_t owner;	/* exactly */
	mode_t mode;	/* permission bits that may be set; others refuse */
	size_t max;	/* bytes of a file that is read */
	/*
	 * Not one of ours, but one that every program of the host reads: links
	 * are followed and other names are no matter. Owner and mode still
	 * say that nobody but root can have written what is read. A directory
	 * may be everybody's if it is sticky.
	 */
	bool shared;
};

/* A directory to work in. */
struct file_dir {
	int fd;			/* AT_FDCWD: names are absolute paths */
	const char *path;	/* shown; outlives this; "" with AT_FDCWD */
	uint64_t inode;		/* of one that file_dir opened */
};

/*
 * Opens path, absolute, and its last part no link. MFA_ENOENT, MFA_EPERM
 * (not a directory, a link, owner, mode), MFA_EIO. The caller closes ret->fd.
 */
enum mfa_err file_dir(const char *path, const struct file_rule *,
    struct file_dir *ret, struct mfa_why *) MFA_MUST_CHECK;

/*
 * Is every directory above path root's, and writable by nobody else, so that
 * nobody could put something else of root's in the place of path? Links of
 * root's among them are followed, and what they lead through is judged as well.
 * Errors as file_dir.
 */
#define FILE_PATH_MAX 512	/* bytes, NUL included */
enum mfa_err file_above(const char *path, struct mfa_why *) MFA_MUST_CHECK;

/* Do owner and mode obey the rule? MFA_EPERM. path is shown. */
struct stat;
enum mfa_err file_judge_owner(const struct stat *, const struct file_rule *,
    const char *path, struct mfa_why *) MFA_MUST_CHECK;

/*
 * A descriptor to read from, or to execute (rule->max 0: of any size); close
 * it. Errors as file_read.
 */
enum mfa_err file_open(const struct file_dir *, const char *name,
    const struct file_rule *, int *ret_fd, struct mfa_why *) MFA_MUST_CHECK;

/*
 * Appends a whole file to ret. MFA_ENOENT, MFA_EPERM (kind, owner, mode,
 * links, size), MFA_EIO, MFA_ENOMEM.
 */
enum mfa_err file_read(const struct file_dir *, const char *name,
    const struct file_rule *, struct buf *ret, struct mfa_why *)
    MFA_MUST_CHECK;

/* All of it, to whatever is open there; a signal is no end. false: errno. */
bool file_write_all(int fd, const void *, size_t len);

/*
 * Makes name hold these bytes, mode 0600, by way of the name tmp (which nobody
 * else uses: the caller holds a lock or owns the directory; what a crash left
 * there is thrown away). MFA_EIO with the failing step in why: then name holds
 * the old bytes, or, if only the last sync failed, old or new.
 */
struct file_new { const char *name, *tmp; const void *bytes; size_t len; };
enum mfa_err file_replace(const struct file_dir *, const struct file_new *,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Locks name (made if missing, mode 0600, judged by rule; never unlinked) with
 * an open file description lock, trying for wait_ms. MFA_EBUSY, MFA_EPERM,
 * MFA_EIO. Closing ret_fd unlocks.
 */
enum mfa_err file_lock(const struct file_dir *, const char *name,
    const struct file_rule *, int wait_ms, int *ret_fd, struct mfa_why *)
    MFA_MUST_CHECK;

/* Unlinks and syncs the directory. MFA_ENOENT, MFA_EIO. */
enum mfa_err file_remove(const struct file_dir *, const char *name,
    struct mfa_why *) MFA_MUST_CHECK;

/* Makes a directory, mode 0700, if it is missing, and syncs. MFA_EIO. */
enum mfa_err file_mkdir(const struct file_dir *, const char *name,
    struct mfa_why *) MFA_MUST_CHECK;

/*
 * Calls each with every name that does not begin with '.', in byte order;
 * stops at the first that does not return MFA_OK and returns that. MFA_EIO.
 */
typedef enum mfa_err file_each_fn(void *ctx, const char *name);
enum mfa_err file_each(const struct file_dir *, file_each_fn *each, void *ctx,
    struct mfa_why *) MFA_MUST_CHECK;

#endif
