/*
 * What may go wrong can go wrong in each of these: something that root does,
 * over and over from the same files, and what must hold afterwards whatever
 * happened (logincase, smscase, enrolcase, toolcase).
 */
#ifndef MFA_FAULTCASE_H
#define MFA_FAULTCASE_H

/* 1: each is to fail. FAULT_EVERY=N of the environment: each Nth. */
long faultcase_every(void);

enum faultcase { FAULTCASE_RIGHT, FAULTCASE_WRONG, FAULTCASE_SMS,
    FAULTCASE_ENROL, FAULTCASE_ADD, FAULTCASE_RESET, FAULTCASES };

/* First of all in main: the program may have been started as mfa-send. */
void faultcase_main(int argc, char **argv);

/* "a login with a right code", ... */
const char *faultcase_name(enum faultcase);

/* Sets up the host's files; at a time there is one case. */
void faultcase_new(enum faultcase);

/* Puts everything back. */
void faultcase_begin(void);

/* In a child: does it, and ends the child if it is another program's. */
void faultcase_run(void);

/* Did it come to what was wanted: let in, added, reset? */
int faultcase_succeeded(void);

/* In the parent, with the child's status: what must not be, or NULL. */
const char *faultcase_judge(int status);

#endif
