#include "people.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <liboath/oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../pam_mfa/core/base32.h"
#include "../../pam_mfa/core/state.h"

static uint64_t seed_now;

void
people_seed(uint64_t seed)
{
	seed_now = seed;
}

/* splitmix64 (Steele, Lea, Flood 2014). */
uint64_t
people_random(uint64_t n)
{
	uint64_t z = seed_now += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % n;
}

void
people_conf(void)
{
	char lines[256];

	snprintf(lines, sizeof(lines), "tries = 1\ndrift_max = 0\n"
	    "free_failures = %d\ndelay_first = %ds\ndelay_max = %ds\n"
	    "lock_after = %d\n", PEOPLE_FREE, PEOPLE_DELAY, PEOPLE_DELAY_MAX,
	    PEOPLE_LOCK);
	pamhost_conf(lines);
	pamhost_write("pam.d/soak", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
}

static int64_t
seconds(clockid_t id)
{
	struct timespec t;

	pamhost_must(clock_gettime(id, &t) == 0, "clock");
	return t.tv_sec;
}

int64_t
people_real(void)
{
	return seconds(CLOCK_REALTIME);
}

int64_t
people_boot(void)
{
	return seconds(CLOCK_BOOTTIME);
}

void
people_code(const struct one_of_people *p, int64_t step,
    char ret[static PAMHOST_CODE])
{
	pamhost_must(oath_hotp_generate((const char *)p->key, sizeof(p->key),
	    (uint64_t)step, 6, false, OATH_HOTP_DYNAMIC_TRUNCATION, ret) ==
	    OATH_OK, "oath");
}

void
people_wrong(const struct one_of_people *p, char ret[static PAMHOST_CODE])
{
	int64_t now = people_real() / 30;
	char code[PAMHOST_CODE];
	bool right;

	do {
		snprintf(ret, PAMHOST_CODE, "%06u",
		    (unsigned)people_random(1000000));
		right = false;
		for (int64_t i = now > 4 ? now - 4 : 0; i <= now + 4; i++) {
			people_code(p, i, code);
			right |= !strcmp(code, ret);
		}
	} while (right);
}

static _Noreturn void
be_mfactl(const struct one_of_people *p, enum people_verb verb, int in)
{
	int out = open("/dev/null", O_WRONLY);
	char tool[512];

	pamhost_build("mfactl", tool, sizeof(tool));
	if (dup2(in, 0) != 0 || dup2(out, 1) != 1 || dup2(out, 2) != 2)
		_exit(127);
	if (verb == PEOPLE_ADD)
		execl(tool, "mfactl", "--conf", "mfa.conf", "add", "totp",
		    "--secret-stdin", p->name, NULL);
	else
		execl(tool, "mfactl", "--conf", "mfa.conf", verb ==
		    PEOPLE_RESET ? "reset" : "unlock", p->name, NULL);
	_exit(127);
}

pid_t
people_mfactl(const struct one_of_people *p, enum people_verb verb)
{
	char text[BASE32_LEN(PEOPLE_KEY) + 1];
	int in[2];
	pid_t pid;

	base32_encode(text, p->key, sizeof(p->key));
	pamhost_must(pipe2(in, O_CLOEXEC) == 0 &&
	    dprintf(in[1], "%s\n", text) > 0, "pipe");
	close(in[1]);
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0)
		be_mfactl(p, verb, in[0]);
	close(in[0]);
	return pid;
}

int
people_wait(pid_t pid)
{
	int status;

	pamhost_must(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void
people_enrol(struct one_of_people *p)
{
	int r = people_wait(people_mfactl(p, PEOPLE_RESET));

	pamhost_must(r == 0 || r == 1, "mfactl reset");
	for (size_t i = 0; i < sizeof(p->key); i++)
		p->key[i] = (uint8_t)people_random(256);
	pamhost_must(people_wait(people_mfactl(p, PEOPLE_ADD)) == 0,
	    "mfactl add");
	p->enrolled = true;
	p->next = 0;
	p->failures = 0;
}

/* false: there is no such file. */
static bool
slurp(const char *dir, const char *name, char ret[static 8192])
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	pamhost_must(f != NULL || errno == ENOENT, path);
	if (f == NULL)
		return false;
	ret[fread(ret, 1, 8191, f)] = '\0';
	fclose(f);
	return true;
}

/* One app; its key may be sealed, and a login tells whether it is the one. */
static bool
is_whole(const char *text, char ret_id[static RECORD_ID_MAX])
{
	static const char *const has[] = { "\nkind = totp\n", "\nsecret = ",
	    "\nalgorithm = SHA1\n", "\ndigits = 6\n", "\nperiod = 30\n" };
	const char *factor = strstr(text, "[factor ");
	bool whole = strncmp(text, "version = 1\n", 12) == 0 &&
	    factor != NULL && strchr(factor + 1, '[') == NULL &&
	    sscanf(factor, "[factor %23[a-z0-9-]]\n", ret_id) == 1;

	for (size_t i = 0; i < sizeof(has) / sizeof(*has); i++)
		whole = whole && strstr(factor, has[i]) != NULL;
	return whole;
}

void
people_disk(const struct one_of_people *p, struct people_disk *ret)
{
	static struct state st;
	static char text[8192];
	char id[RECORD_ID_MAX] = "";

	*ret = (struct people_disk){ 0 };
	st = (struct state){ 0 };
	if (slurp("users", p->name, text)) {
		ret->enrolled = true;
		ret->broken = !is_whole(text, id);
	}
	if (slurp("state", p->name, text))
		ret->broken |= state_parse(text, strlen(text), &st, NULL) ||
		    st.n > 1;
	/* Of another factor, before a reset that was killed, it is nothing. */
	if (st.n > 0 && (!*id || !strcmp(id, st.factor[0].id)))
		ret->next = (int64_t)st.factor[0].next;
	ret->failures = st.failures;
}

static bool
is_held(int dir, const char *name)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = openat(dir, name, O_RDWR | O_CLOEXEC);

	pamhost_must(fd >= 0 && fcntl(fd, F_OFD_GETLK, &whole) == 0, name);
	close(fd);
	return whole.l_type != F_UNLCK;
}

unsigned
people_locks(void)
{
	DIR *d = opendir("state");
	struct dirent *e;
	unsigned held = 0;

	pamhost_must(d != NULL, "state");
	while ((e = readdir(d)) != NULL)
		if (!strncmp(e->d_name, ".lock.", 6))
			held += is_held(dirfd(d), e->d_name);
	closedir(d);
	return held;
}
