#include "take.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "address.h"
#include "handover.h"

#define FIRST_DESCRIPTOR 3
#define RETRY_MS         50
#define ANSWER_SECONDS   1
#define SIGNAL_AGAIN_MS  1000

/* Until the program has handlers of its own: the first process of a container is not ended by a
 * signal that it has no handler for. */
static void end(int number)
{
	_exit(128 + number);
}

static void end_on_signals(void)
{
	if (signal(SIGTERM, end) == SIG_ERR || signal(SIGINT, end) == SIG_ERR ||
		signal(SIGQUIT, end) == SIG_ERR)
		err(EX_OSERR, "signal");
}

static int connect_to(const char *path)
{
	union address address;
	socklen_t length = address_parse_path(&address, path);
	struct timeval timeout = {.tv_sec = ANSWER_SECONDS};

	if (length == 0)
		errx(EX_USAGE, "%s: not a path that a socket can have", path);
	int low = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (low < 0)
		err(EX_OSERR, "%s", path);
	/* Away from where the sockets go. */
	int connection = fcntl(low, F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR + MOST_SOCKETS);
	close(low);
	if (connection < 0 ||
		setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) != 0 ||
		setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) != 0)
		err(EX_OSERR, "%s", path);
	if (connect(connection, &address.any, length) == 0)
		return connection;
	int error = errno;
	close(connection);
	errno = error;
	return -1;
}

static void check_sockets(const char *path, const struct sockets *sockets)
{
	for (size_t i = 0; i < sockets->count; i++) {
		int listening = 0;
		socklen_t size = sizeof(listening);

		if (getsockopt(sockets->at[i], SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
			listening == 0)
			errx(EX_PROTOCOL, "%s: handed over what is not a listening socket", path);
	}
}

/* Returns the connection, or -1, with errno. */
static int ask(const char *path, struct sockets *sockets)
{
	int connection = connect_to(path);

	if (connection < 0)
		return -1;
	if (handover_receive(connection, sockets)) {
		check_sockets(path, sockets);
		return connection;
	}
	int error = errno;
	close(connection);
	errno = error;
	return -1;
}

static void sleep_ms(long milliseconds)
{
	struct timespec time = {
		.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};

	while (nanosleep(&time, &time) != 0 && errno == EINTR)
		;
}

static int64_t now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int ask_until_answered(const char *path, long seconds, struct sockets *sockets)
{
	int64_t until = now_ms() + seconds * 1000;
	int connection;

	while ((connection = ask(path, sockets)) < 0) {
		if (now_ms() >= until)
			err(EX_UNAVAILABLE, "%s: no sockets from there", path);
		sleep_ms(RETRY_MS);
	}
	return connection;
}

/* To FIRST_DESCRIPTOR and those after it, which may be among them now. */
static void place(struct sockets *sockets)
{
	for (size_t i = 0; i < sockets->count; i++) {
		int high = fcntl(sockets->at[i], F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR + MOST_SOCKETS);
		if (high < 0)
			err(EX_OSERR, "fcntl");
		close(sockets->at[i]);
		sockets->at[i] = high;
	}
	for (size_t i = 0; i < sockets->count; i++) {
		if (dup2(sockets->at[i], FIRST_DESCRIPTOR + (int)i) < 0)
			err(EX_OSERR, "dup2");
		close(sockets->at[i]);
		sockets->at[i] = FIRST_DESCRIPTOR + (int)i;
	}
}

/* Until the holder ends, and then until the program does: one that is only just being started, as
 * the first process of a container, doesn't notice the signal yet. */
static _Noreturn void watch(int connection, pid_t program)
{
	struct pollfd holder = {.fd = connection, .events = POLLIN};

	while (poll(&holder, 1, -1) < 0 && errno == EINTR)
		;
	fputs("socket-holder: the holder has ended; the program ends, to take new sockets\n",
		stderr);
	while (getppid() == program && kill(program, SIGTERM) == 0)
		sleep_ms(SIGNAL_AGAIN_MS);
	_exit(EXIT_SUCCESS);
}

/* The watcher ends with the program, and does not hold the sockets. */
static void start_watcher(int connection, const struct sockets *sockets)
{
	pid_t program = getpid();
	pid_t watcher = fork();

	if (watcher < 0)
		err(EX_OSERR, "fork");
	if (watcher > 0)
		return;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != program)
		_exit(EXIT_FAILURE);
	for (size_t i = 0; i < sockets->count; i++)
		close(sockets->at[i]);
	watch(connection, program);
}

static void tell_program(size_t count)
{
	char number[16], pid[16], list[MOST_SOCKETS * 4 + 1] = "";
	size_t length = 0;

	snprintf(number, sizeof(number), "%zu", count);
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	for (size_t i = 0; i < count; i++)
		length += (size_t)snprintf(
			list + length, sizeof(list) - length, "%d;", FIRST_DESCRIPTOR + (int)i);
	if (setenv("LISTEN_FDS", number, 1) != 0 || setenv("LISTEN_PID", pid, 1) != 0 ||
		setenv("NGINX", list, 1) != 0)
		err(EX_OSERR, "setenv");
}

_Noreturn void take(const char *path, long seconds, char **command)
{
	struct sockets sockets;

	end_on_signals();
	int connection = ask_until_answered(path, seconds, &sockets);
	place(&sockets);
	tell_program(sockets.count);
	start_watcher(connection, &sockets);
	execvp(command[0], command);
	err(EX_OSERR, "%s", command[0]);
}

int check(const char *path)
{
	struct sockets sockets;

	if (ask(path, &sockets) < 0)
		err(EX_UNAVAILABLE, "%s", path);
	return EXIT_SUCCESS;
}
