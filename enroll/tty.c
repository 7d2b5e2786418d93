/* The conversation port over the terminal. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "../pam_mfa/sys/file.h"
#include "tty.h"

/*
 * While a person types unseen, signals are blocked and seen by poll(2) only:
 * the echo is turned on again before one of them may end or stop us.
 */
struct unseen {
	struct termios before;
	sigset_t mask;
	int fd;	/* readable: a signal is waiting; -1: echo was not touched */
};

static void
echo_off(const struct unseen *u)
{
	struct termios quiet = u->before;

	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHOCTL);
	quiet.c_lflag |= ECHONL;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
}

static void
unseen_begin(struct unseen *u)
{
	static const int stops[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM,
	    SIGTSTP, SIGALRM };
	sigset_t set;

	u->fd = -1;
	if (tcgetattr(STDIN_FILENO, &u->before))
		return;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
		sigaddset(&set, stops[i]);
	if ((u->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
		return;
	sigprocmask(SIG_BLOCK, &set, &u->mask);
	echo_off(u);
}

static void
unseen_end(struct unseen *u)
{
	if (u->fd < 0)
		return;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &u->before);
	close(u->fd);
	sigprocmask(SIG_SETMASK, &u->mask, NULL);
}

/* Lets the waiting signal have its way; we may be back after a stop. */
static void
unseen_signal(const struct unseen *u)
{
	sigset_t blocked;

	tcsetattr(STDIN_FILENO, TCSAFLUSH, &u->before);
	sigprocmask(SIG_SETMASK, &u->mask, &blocked);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	echo_off(u);
}

/* One byte from the person; 0: no more; -1: an error. */
static ssize_t
get(const struct unseen *u, char *ret)
{
	struct pollfd p[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
	    { .fd = u->fd, .events = POLLIN } };

	for (;;) {
		if (u->fd >= 0 && poll(p, 2, -1) > 0 && p[1].revents) {
			unseen_signal(u);
			continue;
		}
		ssize_t n = read(STDIN_FILENO, ret, 1);
		if (n >= 0 || errno != EINTR)
			return n;
	}
}

/*
 * A line without its end; the last one may lack it. What comes before an error
 * is none: half a key may be a key.
 */
static enum mfa_err
read_line(const struct unseen *u, struct buf *ret)
{
	enum mfa_err r = MFA_OK;
	bool any = false;
	ssize_t n = 0;
	char c = '\0';

	while (!r && (n = get(u, &c)) > 0) {
		any = true;
		if (c == '\n')
			break;
		r = ret->len < TTY_LINE_MAX ? buf_put(ret, &c, 1) : MFA_ECONV;
	}
	if (!r && (n < 0 || !any))
		r = MFA_ECONV;
	if (!r && ret->len > 0 && ret->data[ret->len - 1] == '\r')
		ret->data[--ret->len] = '\0';
	mfa_wipe(&c, 1);
	return r;
}

static enum mfa_err
ask(void *ctx, const char *prompt, bool echo, struct buf *ret)
{
	struct unseen u = { .fd = -1 };
	enum mfa_err r;

	(void)ctx;
	/* The echo first: who sees the prompt may type at once. */
	if (!echo)
		unseen_begin(&u);
	if (isatty(STDIN_FILENO))
		file_write_all(STDERR_FILENO, prompt, strlen(prompt));
	r = read_line(&u, ret);
	unseen_end(&u);
	if (!r && memchr(buf_str(ret), '\0', ret->len) != NULL)
		r = MFA_ECONV;
	return r;
}

static void
say(void *ctx, const char *text, bool is_error)
{
	int fd = is_error ? STDERR_FILENO : STDOUT_FILENO;
	bool *lost = ctx;

	if (!file_write_all(fd, text, strlen(text)) ||
	    !file_write_all(fd, "\n", 1))
		*lost = true;
}

struct mfa_conv
tty_conv(bool *lost)
{
	return (struct mfa_conv){ .ctx = lost, .ask = ask, .say = say };
}
