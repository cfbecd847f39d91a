#ifndef ROLLCALL_FASTCGI_CLIENT_H
#define ROLLCALL_FASTCGI_CLIENT_H

#include "base/endpoint.h"
#include "base/reason.h"
#include "base/result.h"

/* What an application answered. */
struct client_answer {
	unsigned status; /* of HTTP */
	char text[256];  /* the first line of the body, as much as fits, printable ASCII only */
};

/*
 * One GET of `path`, asked over FastCGI as a web server asks, on a connection of its own. Waits:
 * not for the loop thread. RESULT_SYSTEM: nothing listens there, or there was no whole answer
 * within so many milliseconds; RESULT_MALFORMED: what came is no answer of FastCGI. `reason` says
 * more.
 */
enum result client_fetch(const struct endpoint *endpoint, const char *path, int milliseconds,
	struct client_answer *answer, struct reason *reason) MUST_CHECK;

#endif
