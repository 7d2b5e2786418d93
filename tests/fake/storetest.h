/*
 * For tests of the store over files: one person's, in dir/users and dir/state
 * of the current directory, or in /mnt/home.
 */
#ifndef MFA_STORETEST_H
#define MFA_STORETEST_H

#include "../../pam_mfa/sys/store_file.h"

#define ONE_UID 23456		/* uid and gid */
#define ONE_HOME "/mnt/home"	/* in a tmpfs of our own, for anyone to reach */

/* One person's store, and what it said last. */
struct one {
	struct mfa_conf conf;
	struct mfa_subject who;
	struct store_file *store;
	struct mfa_store port;
	struct buf text;
	struct mfa_why why;
};

/* cmocka's, around filetest's: the directories, and a home. */
int storetest_enter(void **state);
int storetest_setup(void **state);

/* A command of the shell that must work. */
void storetest_run(const char *cmd);

struct one *one_open(const char *user, enum conf_store store);
void one_close(struct one *);

/* The port's and store_file's functions; what was read is in text. */
enum mfa_err one_factors(struct one *);
enum mfa_err one_begin(struct one *);	/* waits 10 ms */
void one_end(struct one *);
enum mfa_err one_commit(struct one *, const char *text);
enum mfa_err one_save(struct one *, const char *text);
enum mfa_err one_remove(struct one *);

/* Fails unless a new store, with nothing open yet, says exactly this. */
void one_factors_are(const char *user, enum conf_store store, enum mfa_err want,
    const char *text);

#endif
