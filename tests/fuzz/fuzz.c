/* What the fuzz targets share; crypto_* by the linker's --wrap. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../pam_mfa/core/crypto.h"
#include "fuzz.h"

enum mfa_err __wrap_crypto_new(const char *, struct crypto **,
    struct mfa_why *);
enum mfa_err __real_crypto_new(const char *, struct crypto **,
    struct mfa_why *);
void __wrap_crypto_free(struct crypto *);
enum mfa_err __wrap_crypto_random(struct crypto *, uint8_t *, size_t);
enum mfa_err __wrap_crypto_pbkdf2(struct crypto *, const char *,
    const uint8_t *, size_t, unsigned, uint8_t *, size_t);
enum mfa_err __real_crypto_pbkdf2(struct crypto *, const char *,
    const uint8_t *, size_t, unsigned, uint8_t *, size_t);

static uint64_t random_state = 1;
static struct crypto *shared;

/* To make one takes longer than a login. */
enum mfa_err
__wrap_crypto_new(const char *openssl_config, struct crypto **ret,
    struct mfa_why *why)
{
	enum mfa_err r = shared != NULL ? MFA_OK :
	    __real_crypto_new("", &shared, why);

	(void)openssl_config;
	if (!r)
		*ret = shared;
	return r;
}

void
__wrap_crypto_free(struct crypto *c)
{
	(void)c;
}

void
fuzz_random(uint64_t seed)
{
	random_state = seed | 1;
}

enum mfa_err
__wrap_crypto_random(struct crypto *c, uint8_t *ret, size_t len)
{
	(void)c;
	for (size_t i = 0; i < len; i++) {
		random_state ^= random_state << 13;
		random_state ^= random_state >> 7;
		random_state ^= random_state << 17;
		ret[i] = (uint8_t)(random_state >> 32);
	}
	return MFA_OK;
}

enum mfa_err
__wrap_crypto_pbkdf2(struct crypto *c, const char *password,
    const uint8_t *salt, size_t saltlen, unsigned iterations, uint8_t *ret,
    size_t len)
{
	(void)iterations;
	return __real_crypto_pbkdf2(c, password, salt, saltlen, 1, ret, len);
}

_Noreturn void
fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

void
fuzz_why(const struct mfa_why *why)
{
	const char *end = memchr(why->text, '\0', sizeof(why->text));

	fuzz_must(end != NULL);
	for (const char *s = why->text; s < end; s++)
		fuzz_must((unsigned char)*s >= ' ' && *s != 0x7f);
}

void *
fuzz_bytes(const uint8_t *data, size_t len)
{
	void *copy = malloc(len > 0 ? len : 1);

	fuzz_must(copy != NULL);
	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

char *
fuzz_part(struct fuzz_input *in, const char *mark)
{
	size_t n = strlen(mark);
	const uint8_t *end = in->left > 0 ?
	    memmem(in->at, in->left, mark, n) : NULL;
	size_t len = end != NULL ? (size_t)(end - in->at) : in->left;
	char *copy = malloc(len + 1);

	fuzz_must(copy != NULL);
	if (len > 0)
		memcpy(copy, in->at, len);
	copy[len] = '\0';
	if (end != NULL)
		len += n;
	if (len > 0)
		in->at += len;
	in->left -= len;
	return copy;
}

bool
fuzz_slow_regex(const char *text)
{
	for (const char *s = text; (s = strchr(s, '~')) != NULL; s++) {
		size_t n = strcspn(s, "\n");

		if (n > 48 || memchr(s, '{', n) || memchr(s, '\\', n) ||
		    (memchr(s, '*', n) && memchr(s, '(', n)))
			return true;
	}
	return false;
}
