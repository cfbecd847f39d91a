#ifndef ROLLCALL_BASE_ENDPOINT_H
#define ROLLCALL_BASE_ENDPOINT_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/reason.h"
#include "base/result.h"

/* Any socket address, with its length: where to listen, or to connect. */
struct endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_un un;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} address;
	socklen_t length;
};

/* Where a unix socket is unless something else is said. */
#define ENDPOINT_DEFAULT "unix:/run/rollcall/rollcall.sock"

/* Reads PATH, unix:PATH, tcp:ADDRESS:PORT or tcp:[ADDRESS]:PORT with a numeric address; if it is
 * none of these, says why. */
enum result endpoint_parse(
	struct endpoint *endpoint, const char *text, struct reason *reason) MUST_CHECK;

#endif
