/*
 * AT-60, AT-64: what a core dump of the program would hold, at the prompt and
 * after a login, by the module as it is built, with its optimisations. What is
 * looked for lies nowhere in this program but hidden; children compute it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../pam_mfa/core/base32.h"
#include "../fake/pamhost.h"

#define HIDE 0x5a		/* each byte is kept with these bits turned */
#define KEY 40			/* bytes */
#define TEXT 64			/* of them in base 32 */
#define DIGITS 8
#define BLANKS 16
#define BLOCK 65536
#define REGION_MAX (64UL << 20)	/* more is a sanitizer's own */

/* The last half: malloc writes over the first bytes of what is freed. */
struct hidden {
	uint8_t bytes[TEXT];
	size_t len, from;
};

static struct hidden key, text, code;
static unsigned at_prompt[3];
static int right;

static unsigned
count(const struct hidden *h, const uint8_t *p, size_t n)
{
	unsigned found = 0;

	for (size_t at = 0; at + h->len <= n; at++) {
		size_t i = h->from;

		while (i < h->len && p[at + i] == (h->bytes[i] ^ HIDE))
			i++;
		found += i == h->len;
	}
	return found;
}

/* How many copies are in the writable memory of this process? */
static unsigned
copies(const struct hidden *h)
{
	uint8_t *block = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	char line[512], mode[5];
	unsigned found = 0;

	assert_true(block != MAP_FAILED && mem >= 0 && maps != NULL);
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%lx-%lx %4s", &from, &to, mode) != 3 ||
		    mode[1] != 'w' || to - from > REGION_MAX ||
		    (from <= (unsigned long)block && (unsigned long)block < to))
			continue;
		for (; from < to; from += BLOCK - TEXT) {
			ssize_t n = pread(mem, block, BLOCK, (off_t)from);

			if (n > 0)
				found += count(h, block, (size_t)n);
			memset(block, 0, BLOCK);
		}
	}
	fclose(maps);
	close(mem);
	munmap(block, BLOCK);
	return found;
}

/* Runs in a child, what it writes is hidden; nothing of it is left here. */
static void
from_child(void (*make)(int fd), struct hidden *ret, size_t len, size_t start)
{
	char c;
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		make(fds[1]);
		_exit(0);
	}
	close(fds[1]);
	for (size_t i = 0; i < len; i++) {
		assert_int_equal(read(fds[0], &c, 1), 1);
		ret->bytes[i] = (uint8_t)c ^ HIDE;
		c = 0;
	}
	ret->len = len;
	ret->from = start;
	close(fds[0]);
	waitpid(pid, NULL, 0);
}

static void
make_key(int fd)
{
	uint8_t bytes[KEY];

	if (getentropy(bytes, sizeof(bytes)) ||
	    write(fd, bytes, sizeof(bytes)) != sizeof(bytes))
		_exit(1);
}

static void
shown_key(uint8_t ret[static KEY])
{
	for (size_t i = 0; i < KEY; i++)
		ret[i] = key.bytes[i] ^ HIDE;
}

static void
make_text(int fd)
{
	uint8_t bytes[KEY];
	char shown[TEXT + 1];

	shown_key(bytes);
	base32_encode(shown, bytes, KEY);
	if (write(fd, shown, TEXT) != TEXT)
		_exit(1);
}

/* As pamhost_code, with digits enough not to be anywhere by chance. */
static void
make_code(int fd)
{
	char cmd[256], said[DIGITS + 1];
	uint8_t bytes[KEY];
	FILE *f;

	shown_key(bytes);
	strcpy(cmd, "oathtool --totp -d 8 ");
	for (size_t i = 0; i < KEY; i++)
		snprintf(cmd + strlen(cmd), 3, "%02x", bytes[i]);
	f = popen(cmd, "r");
	if (f == NULL || fread(said, 1, DIGITS, f) != DIGITS ||
	    write(fd, said, DIGITS) != DIGITS)
		_exit(1);
}

static void
enrol(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		char shown[TEXT + 1] = "";

		for (size_t i = 0; i < text.len; i++)
			shown[i] = (char)(text.bytes[i] ^ HIDE);
		pamhost_write("users/root", 0600, "version = 1\n"
		    "[factor totp-test]\nkind = totp\nlabel = Test\n"
		    "created = 1700000000\nsecret = %s\nalgorithm = SHA1\n"
		    "digits = 8\nperiod = 30\n", shown);
		unlink("state/root");
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/*
 * The right code, or a digit more; after blanks, which are no matter, so that
 * malloc does not write over it when it is freed.
 */
static int
converse(int n, const struct pam_message **msg, struct pam_response **ret,
    void *ctx)
{
	struct pam_response *r = calloc(1, sizeof(*r));

	(void)msg;
	(void)ctx;
	assert_int_equal(n, 1);
	r->resp = calloc(1, BLANKS + DIGITS + 1);
	memset(r->resp, ' ', BLANKS);
	at_prompt[0] += copies(&key);
	at_prompt[1] += copies(&text);
	at_prompt[2] += copies(&code);
	for (size_t i = 0; i < DIGITS; i++)
		r->resp[BLANKS + i] = (char)(code.bytes[i] ^ HIDE);
	if (!right)
		r->resp[0] = '5';
	*ret = r;
	return PAM_SUCCESS;
}

static void
logs_in(int want)
{
	struct pam_conv c = { converse, NULL };
	pam_handle_t *pamh = NULL;

	right = want == PAM_SUCCESS;
	memset(at_prompt, 0, sizeof(at_prompt));
	assert_int_equal(pam_start_confdir("one", "root", &c, "pam.d", &pamh),
	    PAM_SUCCESS);
	assert_int_equal(pam_authenticate(pamh, 0), want);
	pam_end(pamh, want);
}

static void
leaves_none(void)
{
	assert_int_equal(copies(&key), 0);
	assert_int_equal(copies(&text), 0);
	assert_int_equal(copies(&code), 0);
}

/* What is looked for would be found. */
static void
at60_would_be_found(void **unused)
{
	char *volatile mine = malloc(TEXT);

	(void)unused;
	leaves_none();
	for (size_t i = 0; i < DIGITS; i++)
		mine[i] = (char)(code.bytes[i] ^ HIDE);
	assert_int_equal(copies(&code), 1);
	explicit_bzero(mine, TEXT);
	for (size_t i = 0; i < KEY; i++)
		mine[i] = (char)(key.bytes[i] ^ HIDE);
	assert_int_equal(copies(&key), 1);
	explicit_bzero(mine, TEXT);
	assert_int_equal(copies(&key), 0);
	free(mine);
}

static void
at60_no_secret_at_the_prompt(void **unused)
{
	(void)unused;
	enrol();
	logs_in(PAM_SUCCESS);
	assert_int_equal(at_prompt[0], 0);
	assert_int_equal(at_prompt[1], 0);
	assert_int_equal(at_prompt[2], 0);
}

static void
at64_no_secret_after_a_login(void **unused)
{
	(void)unused;
	enrol();
	logs_in(PAM_AUTH_ERR);
	leaves_none();
	enrol();
	logs_in(PAM_SUCCESS);
	leaves_none();
	logs_in(PAM_AUTH_ERR);
	leaves_none();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at60_would_be_found),
		cmocka_unit_test(at60_no_secret_at_the_prompt),
		cmocka_unit_test(at64_no_secret_after_a_login),
	};

	pamhost_enter(0, 0);
	pamhost_conf("tries = 1\n");
	pamhost_write("pam.d/one", 0644, "auth required %s\n", pamhost_mfa());
	from_child(make_key, &key, KEY, KEY / 2);
	from_child(make_text, &text, TEXT, TEXT / 2);
	from_child(make_code, &code, DIGITS, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
