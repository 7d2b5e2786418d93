/*
 * What the fuzz targets share. A target is a file fuzz_NAME.c with
 * LLVMFuzzerTestOneInput: clang's libFuzzer feeds it what it makes up (make
 * fuzz), replay.c the files of corpus/NAME (make check). A property that does
 * not hold ends the process. Nothing may differ from run to run, and all be
 * quick: crypto_random counts on from a seed, crypto_pbkdf2 takes one
 * iteration, and there is one context of OpenSSL's for all.
 */
#ifndef MFA_FUZZ_H
#define MFA_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../pam_mfa/core/buf.h"
#include "../../pam_mfa/core/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define fuzz_must(x) ((x) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #x))
_Noreturn void fuzz_broken(const char *file, int line, const char *what);

/* Is the sentence one printable line that ends? */
void fuzz_why(const struct mfa_why *);

/* The input, taken from its front. */
struct fuzz_input {
	const uint8_t *at;
	size_t left;
};

/*
 * What stands before the next mark, or all: a copy that ends in NUL and has
 * not a byte more, so that a look behind it is seen. The caller frees.
 */
char *fuzz_part(struct fuzz_input *, const char *mark);
#define fuzz_line(in) fuzz_part(in, "\n")

/* The same bytes without a NUL behind them. The caller frees. */
void *fuzz_bytes(const uint8_t *, size_t);

/*
 * Has a profile's rules a regular expression that may take for ever? glibc's
 * have no bound; the profile is root's.
 */
bool fuzz_slow_regex(const char *profile);

/* Begins the randomness anew. */
void fuzz_random(uint64_t seed);

#endif
