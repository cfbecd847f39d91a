/*
 * The socket that the server listens on: made here, or inherited. libuv does not make it, since it
 * would unlink the path of a unix socket on closing, even when a successor has bound it.
 */
#include "event_loop/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/endpoint.h"
#include "base/reason.h"

#define SYSTEMD_FIRST 3
#define SOCKET_UMASK  0117
#define NUMBER_SIZE   64

enum result listener_check(const char *address, struct reason *reason)
{
	struct endpoint endpoint;

	return endpoint_parse(&endpoint, address, reason);
}

/* Fills in the address of the socket. */
static enum result describe_socket(struct listener *listener, int descriptor)
{
	struct endpoint endpoint = {.length = sizeof(endpoint.address)};
	char host[NUMBER_SIZE], port[8];

	if (getsockname(descriptor, &endpoint.address.any, &endpoint.length) != 0)
		return RESULT_SYSTEM;
	listener->descriptor = descriptor;
	if (endpoint.address.any.sa_family == AF_UNIX) {
		snprintf(listener->address, sizeof(listener->address), "unix:%.108s",
			endpoint.address.un.sun_path);
		return RESULT_OK;
	}
	listener->is_tcp = true;
	if (getnameinfo(&endpoint.address.any, endpoint.length, host, sizeof(host), port,
		    sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return RESULT_SYSTEM;
	bool is_v6 = endpoint.address.any.sa_family == AF_INET6;
	snprintf(listener->address, sizeof(listener->address), is_v6 ? "tcp:[%s]:%s" : "tcp:%s:%s",
		host, port);
	return RESULT_OK;
}

static bool is_listening_stream(int descriptor)
{
	int listening = 0, type = 0;
	socklen_t size = sizeof(int);

	if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
		listening == 0)
		return false;
	size = sizeof(int);
	return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_STREAM;
}

static bool systemd_gave_one(void)
{
	const char *for_whom = getenv("LISTEN_PID");
	const char *how_many = getenv("LISTEN_FDS");
	uint64_t pid, count;

	return for_whom != NULL && how_many != NULL && decimal_read(for_whom, &pid) &&
	       decimal_read(how_many, &count) && pid == (uint64_t)getpid() && count > 0;
}

enum result listener_inherit(struct listener *listener)
{
	*listener = (struct listener){.descriptor = -1};
	int descriptor = systemd_gave_one() ? SYSTEMD_FIRST : STDIN_FILENO;

	if (!is_listening_stream(descriptor))
		return RESULT_UNAVAILABLE;
	if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0)
		return RESULT_SYSTEM;
	return describe_socket(listener, descriptor);
}

static enum result cannot_listen(const char *address, struct reason *reason)
{
	return reason_fail_errno(reason, "cannot listen on %.160s", address);
}

/* Whether a process still listens on the path: then the path must not be replaced. */
static bool is_alive(const struct endpoint *endpoint)
{
	int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (probe < 0)
		return true;
	bool refused = connect(probe, &endpoint->address.any, endpoint->length) != 0 &&
		       errno == ECONNREFUSED;
	close(probe);
	return !refused;
}

static int bind_endpoint(int descriptor, const struct endpoint *endpoint)
{
	mode_t before = umask(SOCKET_UMASK);
	int result = bind(descriptor, &endpoint->address.any, endpoint->length);

	umask(before);
	return result;
}

static bool is_socket(const char *path)
{
	struct stat file;

	return lstat(path, &file) == 0 && S_ISSOCK(file.st_mode);
}

static enum result bind_unix(struct listener *listener, int descriptor,
	const struct endpoint *endpoint, struct reason *reason)
{
	const char *path = endpoint->address.un.sun_path;
	struct stat file;

	if (bind_endpoint(descriptor, endpoint) != 0) {
		if (errno != EADDRINUSE)
			return cannot_listen(path, reason);
		if (!is_socket(path)) {
			errno = EEXIST;
			return reason_fail(reason, RESULT_SYSTEM,
				"cannot listen on %.160s: it is there, and is not a socket", path);
		}
		if (is_alive(endpoint))
			return reason_fail(
				reason, RESULT_BUSY, "another process is listening on %s", path);

		if (unlink(path) != 0 || bind_endpoint(descriptor, endpoint) != 0)
			return cannot_listen(path, reason);
	}
	if (stat(path, &file) != 0)
		return cannot_listen(path, reason);
	snprintf(listener->path, sizeof(listener->path), "%s", path);
	listener->device = file.st_dev;
	listener->inode = file.st_ino;
	return RESULT_OK;
}

static enum result bind_tcp(
	int descriptor, const struct endpoint *endpoint, const char *address, struct reason *reason)
{
	int on = 1;

	if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
		bind_endpoint(descriptor, endpoint) != 0)
		return cannot_listen(address, reason);
	return RESULT_OK;
}

enum result listener_create(struct listener *listener, const char *address, struct reason *reason)
{
	struct endpoint endpoint;

	*listener = (struct listener){.descriptor = -1};
	if (endpoint_parse(&endpoint, address, reason) != RESULT_OK)
		return RESULT_MALFORMED;
	int descriptor = socket(endpoint.address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return cannot_listen(address, reason);

	enum result result = endpoint.address.any.sa_family == AF_UNIX
				     ? bind_unix(listener, descriptor, &endpoint, reason)
				     : bind_tcp(descriptor, &endpoint, address, reason);
	if (result == RESULT_OK && (listen(descriptor, LISTENER_BACKLOG) != 0 ||
					   describe_socket(listener, descriptor) != RESULT_OK))
		result = cannot_listen(address, reason);
	if (result != RESULT_OK) {
		int cause = errno;
		listener_unlink(listener);
		close(descriptor);
		errno = cause;
	}
	return result;
}

void listener_unlink(struct listener *listener)
{
	struct stat file;

	if (*listener->path == '\0')
		return;
	if (lstat(listener->path, &file) == 0 && file.st_dev == listener->device &&
		file.st_ino == listener->inode)
		unlink(listener->path);
	*listener->path = '\0';
}
