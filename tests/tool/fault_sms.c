/*
 * Every system call of a login for which a code is sent, one run for each: it
 * fails, or it is the process's last. Whatever happens: what was handed over
 * is counted in the ledger, a code that the person was told of is kept, none
 * lets in twice, no factor is lost, nothing hangs or crashes, and the next
 * honest login works. The same where there is no sender. (The calls of the
 * sender and its keeper are failed in fault_send.)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../pam_mfa/core/sending.h"
#include "../fake/aftermath.h"
#include "../fake/pamhost.h"
#include "../fake/supervise.h"
#include "../fake/tap.h"

#define CODE_BYTES 16		/* of a code that was sent, NUL included */

static const int faults[] = { SUPERVISE_KILL, EIO };
#define FAULTS (sizeof(faults) / sizeof(*faults))

static const char *const person[] = { "users/root", "state/root", NULL };
static const char *const sent[] = { "state/%sent", NULL };

/* Shared with the child. */
struct smscase {
	const char *sent;	/* the code, in a file that the sender fills */
	char own[PAMHOST_CODE];	/* typed where none is sent */
	bool sender;		/* is there one? */
	int result;		/* a PAM code; -1: it did not come to it */
	struct talk talk;
	pam_handle_t *pamh;
	struct aftermath old, now, granted, ledger;
};

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

static int
run(struct supervised *s)
{
	struct smscase *c = s->ctx;

	supervise_begin(s);
	c->result = pam_authenticate(c->pamh, 0);
	return 0;
}

/* "s" for an SMS, then what came of it. */
static void
one_login(struct supervised *s, int at, int error)
{
	struct smscase *c = s->ctx;
	const char nothing[CODE_BYTES] = "";

	aftermath_restore();
	memcpy((char *)(uintptr_t)c->sent, nothing, sizeof(nothing));
	c->talk = (struct talk){ .answer = { "s", c->sender ? c->sent :
	    c->own } };
	c->result = -1;
	s->at = at;
	s->error = error;
	supervise(s);
	aftermath_take(person, &c->now);
	aftermath_take(sent, &c->ledger);
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

static const char *
judge(const struct smscase *c)
{
	bool granted = aftermath_same(&c->now, &c->granted);
	size_t factors = (size_t)(strstr(c->old.kept, "state/root:") -
	    c->old.kept);

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

static int
bad(const struct supervised *s, const char *what)
{
	const struct smscase *c = s->ctx;

	tap_note("call %d (nr %d), %s: %s; result %d, status %#x, sent %s",
	    s->at, s->at <= s->calls ? s->nr[s->at - 1] : -1,
	    s->error == SUPERVISE_KILL ? "killed" : strerror(s->error), what,
	    c->result, s->status, *c->sent ? "yes" : "no");
	return 1;
}

static int
one_fault(struct supervised *s, int at, int error)
{
	const char *what;

	one_login(s, at, error);
	if (s->hung)
		return bad(s, "hung");
	if (error != SUPERVISE_KILL && !WIFEXITED(s->status))
		return bad(s, "crashed");
	return (what = judge(s->ctx)) != NULL ? bad(s, what) : 0;
}

static void
every_call(struct supervised *s, bool sender)
{
	static int nr[SUPERVISE_CALLS];
	struct smscase *c = s->ctx;
	int calls, runs = 0, n = 0;

	c->sender = sender;
	configure(sender);
	one_login(s, 0, 0);
	c->granted = c->now;
	tap_ok(c->result == PAM_SUCCESS && sender == (*c->sent != '\0') &&
	    strstr(c->ledger.kept, sender ? "\nsent = " : "\nrefused = ") &&
	    !judge(c),
	    "a login, asking for a code, %s a sender", sender ? "with" :
	    "without");
	calls = supervise_before_audit(s);
	memcpy(nr, s->nr, sizeof(nr));
	for (int at = 1; at <= calls; at++)
		for (size_t i = 0; i < FAULTS; i++) {
			if (faults[i] != SUPERVISE_KILL &&
			    !supervise_can_fail(nr[at - 1]))
				continue;
			n += one_fault(s, at, faults[i]);
			runs++;
		}
	tap_ok(!n && runs > 100, "AT-45, AT-66: %d system calls of it, %d "
	    "faults", calls, runs);
}

static void
begin(struct smscase *c)
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

int
main(int argc, char **argv)
{
	struct supervised *s;

	if (argc == 1 && strcmp(argv[0], "mfa-send") == 0)
		return be_sender();
	s = supervise_new(sizeof(struct smscase));
	s->run = run;
	s->alone = true;
	pamhost_enter(0, 0);
	begin(s->ctx);
	every_call(s, true);
	every_call(s, false);
	return tap_done();
}
