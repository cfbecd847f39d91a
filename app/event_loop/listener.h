#ifndef ROLLCALL_EVENT_LOOP_LISTENER_H
#define ROLLCALL_EVENT_LOOP_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/endpoint.h"
#include "base/reason.h"
#include "base/result.h"

/* The socket that web servers connect to: inherited, or made here. libuv does not bind it: closing
 * a pipe that libuv has bound unlinks its path even if a successor has bound it since. */
struct listener {
	int descriptor;
	bool is_tcp;
	char address[160]; /* unix:PATH or tcp:ADDRESS:PORT, with the port in use */
	char path[108];    /* of a unix socket made here, else "" */
	dev_t device;      /* the file of that path */
	ino_t inode;
};

/* How many connections may wait to be accepted, unless net.core.somaxconn is less: more than may be
 * open, so that there is room for those that wait because of the limit of connections. */
#define LISTENER_BACKLOG 4096

/* Whether the address is PATH, unix:PATH, tcp:ADDRESS:PORT or tcp:[ADDRESS]:PORT with a numeric
 * address; if not, `reason` says why. */
enum result listener_check(const char *address, struct reason *reason) MUST_CHECK;

/* Takes the listening socket that the process inherits: systemd's (LISTEN_FDS, LISTEN_PID), else
 * descriptor 0 (FastCGI specification, section 2.2). RESULT_UNAVAILABLE if there is none. */
enum result listener_inherit(struct listener *listener) MUST_CHECK;

/* Binds and listens. A unix socket gets mode 0660; one that no process listens on is replaced,
 * RESULT_BUSY if one does; RESULT_SYSTEM with errno. */
enum result listener_create(
	struct listener *listener, const char *address, struct reason *reason) MUST_CHECK;

/* Removes the path of a socket made here, unless another process has bound the path since. */
void listener_unlink(struct listener *listener);

#endif
