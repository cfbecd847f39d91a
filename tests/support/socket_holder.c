/*
 * socket_holder PATH COMMAND…
 *
 * Holds a listening unix socket at PATH as systemd does for a unit with a socket: COMMAND is
 * started with it (LISTEN_FDS, LISTEN_PID; see sd_listen_fds(3)), and started again whenever it
 * ends, while whoever connects waits in the socket's queue. SIGTERM stops it, and the socket goes.
 *
 * Says on standard output what it does: "started PID", "ended PID exit STATUS" or "ended PID signal
 * NUMBER".
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_DESCRIPTOR 3
#define BACKLOG          511

static _Noreturn void give_up(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static int hold(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		give_up(path);
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (listener < 0 ||
		bind(listener, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(listener, BACKLOG) != 0)
		give_up(path);
	return listener;
}

static int place(int listener)
{
	/* A descriptor that is duplicated onto itself would still be closed by exec. */
	if (listener == FIRST_DESCRIPTOR)
		listener = dup(listener);
	return listener < 0 ? -1 : dup2(listener, FIRST_DESCRIPTOR);
}

static _Noreturn void become(char **command, int listener, const sigset_t *signals)
{
	char pid[32];

	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	if (place(listener) < 0 || setenv("LISTEN_FDS", "1", 1) != 0 ||
		setenv("LISTEN_PID", pid, 1) != 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 ||
		sigprocmask(SIG_UNBLOCK, signals, NULL) != 0)
		give_up("socket_holder");
	execvp(command[0], command);
	give_up(command[0]);
}

static pid_t start(char **command, int listener, const sigset_t *signals)
{
	pid_t child = fork();

	if (child < 0)
		give_up("fork");
	if (child == 0)
		become(command, listener, signals);
	printf("started %ld\n", (long)child);
	return child;
}

/* Whether the child has ended. Signals come together, so there may be none. */
static bool reap(pid_t child, int *status)
{
	pid_t ended = waitpid(child, status, WNOHANG);

	if (ended < 0)
		give_up("waitpid");
	if (ended == 0)
		return false;
	if (WIFEXITED(*status))
		printf("ended %ld exit %d\n", (long)child, WEXITSTATUS(*status));
	else
		printf("ended %ld signal %d\n", (long)child, WTERMSIG(*status));
	return true;
}

/* Until SIGTERM; returns how the last child ended. */
static int keep_running(char **command, int listener, const sigset_t *signals)
{
	pid_t child = start(command, listener, signals);
	bool is_stopping = false;
	int status = 0;

	for (;;) {
		if (sigwaitinfo(signals, NULL) == SIGTERM) {
			is_stopping = true;
			kill(child, SIGTERM);
		}
		if (!reap(child, &status))
			continue;
		if (is_stopping)
			return status;
		child = start(command, listener, signals);
	}
}

int main(int argc, char **argv)
{
	sigset_t signals;

	if (argc < 3) {
		fputs("usage: socket_holder PATH COMMAND...\n", stderr);
		return EXIT_FAILURE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
		give_up("sigprocmask");
	int listener = hold(argv[1]);
	int status = keep_running(argv + 2, listener, &signals);
	unlink(argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
