/* A script that stands for another program, alone in a directory of its own. */
#ifndef MFA_STANDIN_H
#define MFA_STANDIN_H

/* cmocka's, for a group: the directory, of root's, and what is then in it. */
int standin_setup(void **state);
int standin_teardown(void **state);

/* Absolute: the program, and "seen", which it may write where it runs. */
extern const char *const standin_program, *const standin_seen;

/* The program becomes this script. */
void standin_is(const char *lines);

#endif
