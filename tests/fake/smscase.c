#include "smscase.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../pam_mfa/core/sending.h"

#define CODE_BYTES 16		/* of a code that was sent, NUL included */
#define NEAR 20	/* steps either way; twice as many counters */

static const char *const person[] = { "users/root", "state/root", NULL };
static const char *const sent[] = { "state/%sent", NULL };

/* What the module starts as mfa-send: takes everything. */
static int
be_sender(void)
{
	struct sending_answer ans = { .handed_over = true, .provider = "fake" };
	struct sending_request req;
	struct buf in = { 0 }, out = { 0 };
	char byte, path[256], code[CODE_BYTES] = "";
	size_t whole;
	int fd;

	while (in.len == 0 || sending_frame_len(in.data, in.len, &whole) ||
	    in.len < whole)
		if (read(0, &byte, 1) != 1 || buf_put(&in, &byte, 1))
			return 1;
	if (sending_get_request(in.data, in.len, &req, &out, NULL))
		return 1;
	snprintf(path, sizeof(path), "%s/sent", req.dir);
	snprintf(code, sizeof(code), "%s", req.code);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, code, sizeof(code)) != sizeof(code))
		return 1;
	buf_wipe(&out);
	return sending_put_answer(&ans, &out) ||
	    write(1, out.data, out.len) != (ssize_t)out.len;
}

void
smscase_sender(int argc, char **argv)
{
	if (argc == 1 && strcmp(argv[0], "mfa-send") == 0)
		_exit(be_sender());
}

static void
configure(bool sender)
{
	char here[256], exe[256] = "", conf[1024];

	pamhost_must(getcwd(here, sizeof(here)) != NULL &&
	    readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0, "paths");
	(void)!snprintf(conf, sizeof(conf), "senders = fake\nnumbers = +81\n"
	    "senders_dir = %s\nsender_program = %s\n", here,
	    sender ? exe : "/nonexistent/mfa-send");
	pamhost_conf(conf);
}

static void
enrol(void)
{
	FILE *f;

	pamhost_enrol("root", PAMHOST_OTP);
	f = fopen("users/root", "ae");
	pamhost_must(f != NULL, "users/root");
	fprintf(f, "[factor phone-test]\nkind = phone\nlabel = Mobile\n"
	    "created = 1700000000\nnumber = +819000001234\nextension =\n"
	    "ways = sms\nkey = %064d\n", 7);
	pamhost_must(fclose(f) == 0, "users/root");
}

void
smscase_run(struct smscase *c)
{
	c->result = pam_authenticate(c->pamh, 0);
}

void
smscase_begin(struct smscase *c)
{
	const char nothing[CODE_BYTES] = "";

	aftermath_restore();
	memcpy((char *)(uintptr_t)c->sent, nothing, sizeof(nothing));
	c->talk = (struct talk){ .answer = { "s", c->sender ? c->sent :
	    c->own } };
	c->result = -1;
}

/* What is tried from here, by processes of their own. */
static const char *
follow_up(const struct smscase *c)
{
	char code[CODE_BYTES], next[PAMHOST_CODE];
	int in = c->result == PAM_SUCCESS;

	snprintf(code, sizeof(code), "%s", c->sender ? c->sent : c->own);
	in += pamhost_login_apart("fault", "root", code) == PAM_SUCCESS;
	in += pamhost_login_apart("fault", "root", code) == PAM_SUCCESS;
	if (in > 1)
		return "one code got in twice";
	pamhost_totp(0, next);
	if (pamhost_login_apart("fault", "root", next) != PAM_SUCCESS)
		return "the next honest login failed";
	return NULL;
}

/* One in some ten thousand codes is the app's or the token's as well. */
static bool
is_anothers(const char *it)
{
	char code[PAMHOST_CODE];

	for (int i = -NEAR; i <= NEAR; i++) {
		pamhost_totp(i, code);
		if (strcmp(code, it) == 0)
			return true;
		pamhost_hotp((uint64_t)(i + NEAR), code);
		if (strcmp(code, it) == 0)
			return true;
	}
	return false;
}

const char *
smscase_judge(struct smscase *c)
{
	size_t factors = (size_t)(strstr(c->old.kept, "state/root:") -
	    c->old.kept);
	bool granted;

	aftermath_take(person, &c->now);
	aftermath_take(sent, &c->ledger);
	/* It uses that one up, and so this run tells nothing. */
	if (*c->sent && is_anothers(c->sent))
		return NULL;
	granted = aftermath_same(&c->now, &c->granted);
	if (c->result == PAM_IGNORE || c->result == PAM_PERM_DENIED)
		return "PAM_IGNORE";
	if (strncmp(c->now.kept, c->old.kept, factors) != 0)
		return "the factors changed";
	if (*c->sent && !strstr(c->ledger.kept, "\nsent = "))
		return "a message was sent and is not counted";
	if (c->result == PAM_SUCCESS && !granted)
		return "success without its commit";
	if (strstr(c->talk.shown, "A code was sent") && !granted &&
	    !strstr(c->now.kept, "[code phone-test]"))
		return "a code was told of and is not kept";
	if (strstr(c->talk.shown, "Wrong"))
		return "a right code was called wrong";
	return aftermath_is_new(&c->now, c->result * 2 + (*c->sent != '\0')) ?
	    follow_up(c) : NULL;
}

bool
smscase_undisturbed(struct smscase *c, bool sender)
{
	int status;
	pid_t pid;

	c->sender = sender;
	configure(sender);
	smscase_begin(c);
	pid = fork();
	pamhost_must(pid >= 0, "fork");
	if (pid == 0) {
		smscase_run(c);
		_exit(0);
	}
	pamhost_must(waitpid(pid, &status, 0) == pid && status == 0,
	    "a login without faults");
	aftermath_take(person, &c->granted);
	return c->result == PAM_SUCCESS && sender == (*c->sent != '\0') &&
	    !smscase_judge(c) && strstr(c->ledger.kept, sender ?
	    "\nsent = " : "\nrefused = ");
}

void
smscase_new(struct smscase *c)
{
	int fd = open("sent", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	pamhost_must(fd >= 0 && ftruncate(fd, CODE_BYTES) == 0, "sent");
	c->sent = mmap(NULL, CODE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	pamhost_must(c->sent != MAP_FAILED, "sent");
	pamhost_write("pam.d/fault", 0644,
	    "auth [success=ok default=die] %s\n", pamhost_mfa());
	enrol();
	configure(true);
	pamhost_hotp(0, c->own);
	pamhost_must(pamhost_login_apart("fault", "root", c->own) ==
	    PAM_SUCCESS, "a first login");
	pamhost_hotp(1, c->own);
	aftermath_save();
	aftermath_take(person, &c->old);
	c->pamh = pamhost_start("fault", "root", &c->talk);
}
