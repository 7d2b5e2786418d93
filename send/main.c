/*
 * mfa-send: a request in, one message out, an answer back. What is here makes
 * the process one that owes nothing to whoever started it, and ends it in
 * time; the work is in serve.c.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <unistd.h>

#include "clock.h"
#include "serve.h"

#define READ_MS 10000		/* for the request to arrive */

/* Nothing of whoever started us: descriptors 0 to 2 exist, 2 leads nowhere. */
static bool
settle(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < 2);
	if (fd < 0 || dup2(fd, 2) != 2)
		return false;
	if (fd > 2)
		close(fd);
	prctl(PR_SET_NAME, "mfa-send");
	return signal(SIGPIPE, SIG_IGN) != SIG_ERR && !clearenv() &&
	    !setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1) &&
	    !setenv("LANG", "C.UTF-8", 1);
}

/* The end, whatever hangs; the port's deadline comes a little later. */
static void
end_after(uint32_t ms)
{
	const struct itimerval t = { .it_value = { ms / 1000,
	    (suseconds_t)(ms % 1000 * 1000 + 1) } };

	setitimer(ITIMER_REAL, &t, NULL);
}

int
main(void)
{
	struct sending_answer ans = { 0 };
	struct sending_request req;
	struct buf frame = { 0 }, hold = { 0 };
	int64_t start = clock_ms();
	struct mfa_why why = { "" };
	pid_t parent = getppid();

	if (!settle())
		_exit(127);
	end_after(READ_MS);
	if (serve_read(0, &frame))
		_exit(1);
	if (sending_get_request(frame.data, frame.len, &req, &hold, &why))
		sending_refuse(&ans, SENDING_CONFIG, why.text);
	else {
		end_after(req.limit_ms);
		serve(&req, parent, start, &ans);
	}
	serve_write(1, &ans);
	buf_wipe(&ans.show);
	buf_wipe(&hold);
	buf_wipe(&frame);
	/* Not exit: a thread may wait for a name that never comes. */
	_exit(0);
}
