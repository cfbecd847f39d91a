#include "hold.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "address.h"
#include "handover.h"

#define MOST_HANDOVERS 8
#define MOST_TAKERS    64
#define BACKLOG        4096
#define SOCKET_UMASK   0117

/* The first process of a container is not ended by a signal that it has no handler for. */
static void end(int number)
{
	(void)number;
	_exit(EXIT_SUCCESS);
}

static void end_on_signals(void)
{
	if (signal(SIGTERM, end) == SIG_ERR || signal(SIGINT, end) == SIG_ERR)
		err(EX_OSERR, "signal");
}

/* What a holder has left that was killed; nothing but a socket is removed. */
static void remove_socket(const char *path)
{
	struct stat file;

	if (lstat(path, &file) == 0 && S_ISSOCK(file.st_mode) && unlink(path) != 0)
		err(EX_OSERR, "%s", path);
}

/* Sockets for IPv6 are for nothing else, as nginx expects of those it makes. */
static int prepare(int descriptor, const union address *address)
{
	int on = 1;

	if (address->any.sa_family == AF_UNIX) {
		remove_socket(address->un.sun_path);
		return 0;
	}
	if (address->any.sa_family == AF_INET6 &&
		setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0)
		return -1;
	return setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
}

static int listen_on(const char *text)
{
	union address address;
	socklen_t length = address_parse(&address, text);

	if (length == 0)
		errx(EX_USAGE, "%s: expected unix:PATH, tcp:ADDRESS:PORT or tcp:[ADDRESS]:PORT",
			text);
	/* nginx takes an inherited socket as it is. A worker that is woken for a connection which
	 * another one has accepted would wait in accept(), with all its clients, for the next. */
	int descriptor =
		socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (descriptor < 0 || prepare(descriptor, &address) != 0 ||
		bind(descriptor, &address.any, length) != 0 || listen(descriptor, BACKLOG) != 0)
		err(EX_OSERR, "%s", text);
	return descriptor;
}

/* A second holder would take the addresses away from the first, whose takers would wait for ever.
 * The sockets themselves do not tell: takers of a holder that has ended have them still. */
static void refuse_if_held(const char *path)
{
	union address address;
	socklen_t length = address_parse_path(&address, path);
	int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (descriptor < 0)
		err(EX_OSERR, "socket");
	if (length != 0 && (connect(descriptor, &address.any, length) == 0 || errno == EAGAIN))
		errx(EX_TEMPFAIL, "%s: another holder is there", path);
	close(descriptor);
}

static int listen_for_takers(const char *path)
{
	char text[sizeof(struct sockaddr_un) + sizeof("unix:")];

	snprintf(text, sizeof(text), "unix:%s", path);
	return listen_on(text);
}

/* HANDOVER=ADDRESS[,ADDRESS]...; returns where takers ask for these sockets. */
static int open_handover(char *argument, struct sockets *sockets)
{
	char *addresses = strchr(argument, '=');
	char *address;

	if (addresses == NULL)
		errx(EX_USAGE, "%s: expected HANDOVER=ADDRESS[,ADDRESS]...", argument);
	*addresses++ = '\0';
	refuse_if_held(argument);
	sockets->count = 0;
	while ((address = strsep(&addresses, ",")) != NULL) {
		if (sockets->count == MOST_SOCKETS)
			errx(EX_USAGE, "%s: more than %d sockets", address, MOST_SOCKETS);
		sockets->at[sockets->count++] = listen_on(address);
		fprintf(stderr, "socket-holder: listens at %s\n", address);
	}
	/* Last: when it is there, all is. */
	int listener = listen_for_takers(argument);
	fprintf(stderr, "socket-holder: hands that over at %s\n", argument);
	return listener;
}

/* Whether there is a taker more. One that finds no place asks again. */
static bool serve_taker(int listener, const struct sockets *sockets, bool has_room, int *taker)
{
	*taker = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (*taker < 0)
		return false;
	if (has_room && handover_send(*taker, sockets))
		return true;
	close(*taker);
	return false;
}

/* A taker says nothing: what is heard of it is its end. */
static size_t forget_those_who_left(struct pollfd *takers, size_t count)
{
	for (size_t i = count; i-- > 0;) {
		if (takers[i].revents == 0)
			continue;
		close(takers[i].fd);
		takers[i] = takers[--count];
	}
	return count;
}

static _Noreturn void serve_takers(
	const int *listeners, const struct sockets *sockets, size_t handovers)
{
	struct pollfd watched[MOST_HANDOVERS + MOST_TAKERS];
	size_t takers = 0;
	int taker;

	for (size_t i = 0; i < handovers; i++)
		watched[i] = (struct pollfd){.fd = listeners[i], .events = POLLIN};
	for (;;) {
		if (poll(watched, handovers + takers, -1) < 0) {
			if (errno == EINTR)
				continue;
			err(EX_OSERR, "poll");
		}
		takers = forget_those_who_left(watched + handovers, takers);
		for (size_t i = 0; i < handovers; i++) {
			if (watched[i].revents == 0 || !serve_taker(listeners[i], &sockets[i],
							       takers < MOST_TAKERS, &taker))
				continue;
			watched[handovers + takers++] =
				(struct pollfd){.fd = taker, .events = POLLIN};
		}
	}
}

_Noreturn void hold(char **arguments, size_t count)
{
	int listeners[MOST_HANDOVERS];
	struct sockets sockets[MOST_HANDOVERS];

	if (count > MOST_HANDOVERS)
		errx(EX_USAGE, "more than %d hand-overs", MOST_HANDOVERS);
	end_on_signals();
	umask(SOCKET_UMASK);
	for (size_t i = 0; i < count; i++)
		listeners[i] = open_handover(arguments[i], &sockets[i]);
	serve_takers(listeners, sockets, count);
}
