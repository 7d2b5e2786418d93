/* What a test calls in alloc_fail.so, which is preloaded. */
#ifndef MFA_ALLOC_FAIL_H
#define MFA_ALLOC_FAIL_H

/* Seconds until a process is taken to hang: far more than it needs. */
#define ALLOC_HANGS 120

/* From here on, the Nth allocation or reading of a clock fails; 0: none. */
void alloc_fail_at(long n);

/* Did it come to that? */
int alloc_failed(void);

/* What is allocated once in a process and is not to be counted. */
void alloc_fail_warm_up(void);

/* What the server tells of each N. */
struct alloc_outcome {
	int status;	/* as of waitpid */
	int failed;	/* the Nth came */
};

#endif
