#ifndef ROLLCALL_FASTCGI_CLIENT_H
#define ROLLCALL_FASTCGI_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/endpoint.h"
#include "base/reason.h"
#include "base/result.h"

/* What an application answered. */
struct client_answer {
	unsigned status; /* of HTTP */
	char text[256];  /* the first line of the body, as much as fits, printable ASCII only */
	/* The whole request went out: the application may have done what it asks for, also where no
	 * answer has come. This is set in any case. */
	bool is_sent;
};

/* What is asked. Strings are borrowed; NULL: not there. */
struct client_request {
	const char *method;
	const char *path;
	const char *query;
	const char *content_type;
	const char *body;
	size_t body_length; /* 65,535 at most */
	const char *const
		*params; /* more of them, each a name and its value, NULL after the last */
};

/*
 * One request, asked over FastCGI as a web server asks, on a connection of its own; `body` gets
 * that of the answer, and is terminated; NULL: nobody wants it. Waits: not for the loop thread.
 * RESULT_SYSTEM: nothing listens there, or there was no whole answer within so many milliseconds;
 * RESULT_MALFORMED: what came is no answer of FastCGI. `reason` says more. The caller frees `body`.
 */
enum result client_ask(const struct endpoint *endpoint, const struct client_request *request,
	int milliseconds, struct client_answer *answer, struct buffer *body,
	struct reason *reason) MUST_CHECK;

/* The same, but the answer need not end: what there is of it with the first line of its body is
 * enough. Then `opened` gets the descriptor of the connection, for close(): as long as it is open,
 * the application goes on with the request. Else it is left as it is. */
enum result client_open(const struct endpoint *endpoint, const struct client_request *request,
	int milliseconds, struct client_answer *answer, struct buffer *body, int *opened,
	struct reason *reason) MUST_CHECK;

/* One GET of `path`, asked in the same way. */
enum result client_fetch(const struct endpoint *endpoint, const char *path, int milliseconds,
	struct client_answer *answer, struct reason *reason) MUST_CHECK;

#endif
