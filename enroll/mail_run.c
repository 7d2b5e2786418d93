/* Runs the host's sendmail. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mail.h"

union arg {
	const char *in;
	char *out;	/* execve only reads */
};

/* In a group of its own, so that it can be ended with all that it starts. */
static _Noreturn void
run(const char *program, const char *to, int in)
{
	const union arg name = { program }, recipient = { to };
	const union arg oi = { "-oi" }, end = { "--" };
	const union arg path = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin" };
	const union arg lang = { "LANG=C" };
	char *const argv[] = { name.out, oi.out, end.out, recipient.out,
	    NULL };
	char *const envp[] = { path.out, lang.out, NULL };

	if (!setpgid(0, 0) && dup2(in, STDIN_FILENO) >= 0)
		execve(program, argv, envp);
	_exit(127);
}

/* Ends it when its time is over. */
static bool
finish(pid_t pid, int limit_ms)
{
	struct pollfd done = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	int status = -1;

	if (done.fd < 0 || poll(&done, 1, limit_ms) != 1) {
		kill(pid, SIGKILL);
		kill(-pid, SIGKILL);
	}
	if (done.fd >= 0)
		close(done.fd);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0;
}

/*
 * All of the text has room in the pipe before anybody reads it, and our end
 * for reading keeps the pipe from breaking.
 */
bool
mail_run(const char *program, const char *to, const char *text, int limit_ms)
{
	size_t len = strlen(text);
	int fd[2];
	pid_t pid;
	bool whole;

	_Static_assert(MAIL_MAX <= 4096, "PIPE_BUF, and the smallest pipe");
	if (pipe2(fd, O_CLOEXEC))
		return false;
	if ((pid = fork()) == 0)
		run(program, to, fd[0]);
	whole = pid > 0 && len <= MAIL_MAX &&
	    write(fd[1], text, len) == (ssize_t)len;
	close(fd[0]);
	close(fd[1]);
	return pid > 0 && finish(pid, limit_ms) && whole;
}

bool
mail_send(const char *program, const char *to, const char *text)
{
	return mail_run(program, to, text, MAIL_TIME_MS);
}
