/*
 * People of a test host, with what a test knows of each without asking the
 * product: the key, which codes are used up, how many wrong ones are counted.
 * The clocks are those of clock.so, which is preloaded; codes are liboath's.
 */
#ifndef MFA_PEOPLE_H
#define MFA_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "pamhost.h"

#define PEOPLE_KEY 20			/* bytes */
#define PEOPLE_FREE 3			/* wrong codes that cost no wait */
#define PEOPLE_DELAY 30			/* seconds of the first wait */
#define PEOPLE_DELAY_MAX 60
#define PEOPLE_LOCK 6			/* wrong codes that lock */

struct one_of_people {
	char name[16];
	uint8_t key[PEOPLE_KEY];
	bool enrolled;
	int64_t next;			/* lowest step that was never let in */
	unsigned failures;
	int64_t failed;			/* boot time of the last, seconds */
};

/* What is on the disk of somebody. */
struct people_disk {
	bool broken;			/* a file is there, and not whole */
	bool enrolled;
	int64_t next;			/* of that factor */
	unsigned failures;
};

/* mfa.conf and the service "soak", for the numbers above. */
void people_conf(void);

/* The clocks of clock.so, seconds. */
int64_t people_real(void);
int64_t people_boot(void);

/* From a seed; the same each time. n > 0: 0 .. n - 1. */
void people_seed(uint64_t seed);
uint64_t people_random(uint64_t n);

/* The code of a step. */
void people_code(const struct one_of_people *, int64_t step,
    char ret[static PAMHOST_CODE]);

/* One that is right nowhere within four steps of now. */
void people_wrong(const struct one_of_people *,
    char ret[static PAMHOST_CODE]);

/* Starts mfactl VERB for somebody: a pid. add: with the key in p. */
enum people_verb { PEOPLE_ADD, PEOPLE_RESET, PEOPLE_UNLOCK };
pid_t people_mfactl(const struct one_of_people *, enum people_verb);

/* Waits for it: its exit status; -1: it was killed. */
int people_wait(pid_t);

/* A new key, and mfactl reset and add; ends the program if one fails. */
void people_enrol(struct one_of_people *);

void people_disk(const struct one_of_people *, struct people_disk *ret);

/* How many locks under state/ are held by anybody. */
unsigned people_locks(void);

#endif
