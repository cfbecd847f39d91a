#ifndef ROLLCALL_PROBE_H
#define ROLLCALL_PROBE_H

#include "base/endpoint.h"
#include "base/result.h"

/* What an application answered. */
struct probe_answer {
	unsigned status; /* of HTTP */
	char text[256];  /* the first line of the body, as much as fits, printable ASCII only */
};

/* Room for a reason in words. */
#define PROBE_REASON_SIZE 256

/*
 * One GET of `path`, asked over FastCGI as a web server asks, on a connection of its own. Waits:
 * not for the loop thread. STATUS_SYSTEM: nobody listens there, or there was no whole answer within
 * so many milliseconds; STATUS_MALFORMED: what came is no answer of FastCGI. `reason` says more.
 */
enum status probe_get(const struct endpoint *endpoint, const char *path, int milliseconds,
	struct probe_answer *answer, char reason[static PROBE_REASON_SIZE]) MUST_CHECK;

#endif
